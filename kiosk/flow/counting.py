"""Banknotes being counted on the pad, as a value that each key changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.payout.cash import DENOMINATIONS, Notes

MAX_COUNT = 9_999
"""No drawer holds more notes of one kind: a bound on typing."""


@dataclass(frozen=True, slots=True)
class Count:
    """Banknotes being counted on the pad: one number for each denomination, one of them being typed."""

    counts: tuple[int, ...] = (0,) * len(DENOMINATIONS)
    at: int = 0
    fresh: bool = True
    """The next digit replaces the number instead of growing it."""

    @property
    def notes(self) -> Notes:
        """The counted stack."""
        return Notes(self.counts)

    def choose(self, index: int) -> Count:
        """Type another denomination; an index that does not exist changes nothing."""
        return replace(self, at=index, fresh=True) if 0 <= index < len(self.counts) else self

    def digit(self, digit: int) -> Count:
        """One more digit, up to MAX_COUNT."""
        if not 0 <= digit <= 9:
            return self
        grown = digit if self.fresh else self.counts[self.at] * 10 + digit
        return self if grown > MAX_COUNT else self._with(grown, fresh=False)

    def erase(self) -> Count:
        """Take the last digit away."""
        return self._with(self.counts[self.at] // 10, fresh=False)

    def next(self) -> Count:
        """Go on to the next denomination, round and round."""
        return self.choose((self.at + 1) % len(self.counts))

    def _with(self, value: int, *, fresh: bool) -> Count:
        counts = (*self.counts[: self.at], value, *self.counts[self.at + 1 :])
        return Count(counts, self.at, fresh)
