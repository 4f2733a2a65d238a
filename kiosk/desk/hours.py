"""Which hour the desk believes, and since when it is proven (plan §5, time).

The floor only ever rises with what the district signed or what was written under proven time; an
operator's word makes an hour usable for this boot and raises nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.payout import journal as j
from kiosk.payout.clock import TrustedTime
from kiosk.payout.names import UnixSeconds

SystemClock = Callable[[], UnixSeconds]
JUMP_SECONDS = 48 * 3600
"""Further past the floor than this, an hour needs confirmation and never raises the floor."""
FRESH_SECONDS = 15 * 60
"""District time proves the clock when the two agree this closely."""


class Hours:
    """The system clock, corrected by what the operator stated, with its proof and its floor."""

    def __init__(self, clock: SystemClock, floor: UnixSeconds = UnixSeconds(0), *, kept_running: bool = False) -> None:
        self._clock = clock
        self._offset = 0
        self._proven = kept_running
        self.floor = floor

    def trusted(self) -> TrustedTime:
        """The hour as the rules may use it."""
        return TrustedTime(UnixSeconds(self._clock() + self._offset), self._proven, self.floor)

    def district_time(self, at: UnixSeconds) -> None:
        """A signed hour from the district: the floor, and the proof when our clock agrees with it."""
        self.floor = UnixSeconds(max(self.floor, at))
        if abs(self._clock() + self._offset - at) <= FRESH_SECONDS:
            self._proven = True

    def stated(self, at: UnixSeconds) -> bool:
        """The operator's date for this boot. False when it lies before the floor: then nothing changes."""
        if at < self.floor:
            return False
        self._offset = at - self._clock()
        self._proven = True
        return True

    def written(self, entry: j.Entry) -> None:
        """An entry made under proven time raises the floor, unless it leapt ahead."""
        if entry.time_proven and entry.at <= self.floor + JUMP_SECONDS:
            self.floor = UnixSeconds(max(self.floor, entry.at))
