"""Which hour the desk believes, and since when it is proven: the clocks of this boot, put before `judge_time`.

Holds the three things that a judgement needs and that only a running device has: a clock, monotonic seconds, and
what the district or the operator said since the device came up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.payout import journal as j
from kiosk.payout.clock import (
    ClockReading,
    StatedDate,
    TimeJudgement,
    TimeSource,
    TrustedTime,
    best_reading,
    judge_time,
    raised_floor,
)
from kiosk.payout.names import UnixSeconds

SystemClock = Callable[[], UnixSeconds]
Monotonic = Callable[[], float]


@dataclass(slots=True)
class Hours:
    """``source`` is what the system clock is worth: RTC when a clock chip was seen to have kept running."""

    clock: SystemClock
    monotonic: Monotonic
    source: TimeSource = TimeSource.SYSTEM
    floor: UnixSeconds = field(default=UnixSeconds(0))
    _district: tuple[UnixSeconds, float] | None = None
    _stated: tuple[UnixSeconds, float] | None = None

    def judged(self) -> TimeJudgement:
        """The hour now, with its verdict."""
        readings = [ClockReading(self.source, self.clock())]
        if self._district is not None:
            readings.append(ClockReading(TimeSource.DISTRICT, self._carried(self._district)))
        best = best_reading(readings)
        stated = None if self._stated is None else StatedDate(self._carried(self._stated))
        return judge_time(best or readings[0], self.floor, stated)

    def trusted(self) -> TrustedTime:
        """The hour as the rules may use it."""
        return self.judged().time

    def _carried(self, anchor: tuple[UnixSeconds, float]) -> UnixSeconds:
        """An hour that was true then, carried on to now."""
        at, then = anchor
        return UnixSeconds(at + int(self.monotonic() - then))

    def district_said(self, at: UnixSeconds, *, fresh: bool) -> None:
        """An hour that the district signed. ``fresh``: it answers to something this boot has sent."""
        self.floor = UnixSeconds(max(self.floor, at))
        if fresh:
            self._district = (at, self.monotonic())

    def lower_floor(self, floor: UnixSeconds) -> None:
        """The district's order: the floor comes down, and no hour that was believed before counts any more."""
        self.floor = UnixSeconds(min(self.floor, floor))
        self._district = self._stated = None

    def operator_said(self, at: UnixSeconds) -> bool:
        """The operator's date for this boot. False when it lies before the floor: then nothing changes."""
        if at < self.floor:
            return False
        self._stated = (at, self.monotonic())
        return True

    def written(self, entry: j.Entry, judgement: TimeJudgement) -> None:
        """An entry that was made under this judgement."""
        if entry.time_proven:
            self.floor = raised_floor(self.floor, judgement)
