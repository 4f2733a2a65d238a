"""When to lock by itself: a kit that is left on a table must not stay open."""

from __future__ import annotations

from collections.abc import Callable


class IdleLock:
    """Counts down from the last touch. ``clock`` gives monotonic seconds.

    While `hold` is on (a payout is under way: cash lies on the table) it waits, but never for
    longer than three times the limit.
    """

    def __init__(self, limit_s: float, clock: Callable[[], float]) -> None:
        self._limit_s, self._clock = limit_s, clock
        self._touched = clock()
        self.hold = False

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = self._clock()

    @property
    def left_s(self) -> float:
        """Seconds until it locks; zero once it must."""
        limit = self._limit_s * 3 if self.hold else self._limit_s
        return max(0.0, self._touched + limit - self._clock())

    @property
    def due(self) -> bool:
        """True once it is time to lock."""
        return self.left_s <= 0
