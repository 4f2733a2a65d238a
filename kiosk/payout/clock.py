"""Which hour it is, and whether that is proven: a wrong clock must not pay (plan §5, time).

The rules never read a clock. They are handed a `TrustedTime`, so that a clock that stopped, was
set back or jumped ahead is a value like any other and can be tested like one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kiosk.payout.names import UnixSeconds


@dataclass(frozen=True, slots=True)
class TrustedTime:
    """The hour as the rules may use it, in Unix seconds.

    ``proven``: a clock chip that kept running, GNSS, a modem, fresh district time, or the date the
    operator entered (`ClockSet`). ``floor``: the last hour that is certain to have passed.
    """

    now: UnixSeconds
    proven: bool
    floor: UnixSeconds


JUMP_S = 48 * 3600
"""A clock that is further past the floor than this needs a person's confirmation."""
CONFIRM_S = 24 * 3600
"""The date an operator states confirms a clock that is at most this far from it."""
RTC_SLACK_S = 2


class TimeSource(StrEnum):
    """Where an hour comes from."""

    RTC = "rtc"
    """A clock chip that kept running (see `chip_kept_running`)."""
    GNSS = "gnss"
    MODEM = "modem"
    DISTRICT = "district"
    """A checkpoint that covers an entry of this boot, plus monotonic seconds since."""
    SYSTEM = "system"
    """The system's clock, of which nothing is known: it proves nothing."""


class TimeVerdict(StrEnum):
    """What may be done at this hour, and otherwise what is missing."""

    SOUND = "sound"
    NEEDS_DATE = "needs_date"
    """No source proves the hour: the operator enters the date (`ClockSet`)."""
    NEEDS_CONFIRMATION = "needs_confirmation"
    """The source is over 48 hours past the floor: the operator confirms by entering the date."""
    BELOW_FLOOR = "below_floor"
    """Earlier than an hour that has certainly passed."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One source's hour, in Unix seconds."""

    source: TimeSource
    now: UnixSeconds


@dataclass(frozen=True, slots=True)
class StatedDate:
    """What the operator entered in this boot: the hour stated, carried on to now by monotonic seconds."""

    now: UnixSeconds


@dataclass(frozen=True, slots=True)
class TimeJudgement:
    """The hour for the rules, the verdict for the screen, and whether entries made now raise the floor."""

    time: TrustedTime
    verdict: TimeVerdict
    raises_floor: bool
    """Use as an entry's ``time_proven``: never true for an operator's date or a jump over 48 hours."""


def judge_time(reading: ClockReading, floor: UnixSeconds, stated: StatedDate | None = None) -> TimeJudgement:
    """What this reading is worth above this floor (plan §5).

    District time is the area's own word and may jump; a chip, GNSS or a modem can be set wrong or
    spoofed, so a jump of over 48 hours past the floor needs the operator's date and moves no floor.
    """
    now, proves = _hour(reading, stated)
    if now < floor and (proves or stated is not None):
        return _judged(now, floor, TimeVerdict.BELOW_FLOOR)
    if reading.source is TimeSource.DISTRICT or (proves and now - floor <= JUMP_S):
        return _judged(now, floor, TimeVerdict.SOUND, raises_floor=True)
    if stated is not None and abs(now - stated.now) <= CONFIRM_S:
        return _judged(now, floor, TimeVerdict.SOUND)
    return _judged(now, floor, TimeVerdict.NEEDS_CONFIRMATION if proves else TimeVerdict.NEEDS_DATE)


def best_reading(readings: Iterable[ClockReading]) -> ClockReading | None:
    """The reading whose source is worth most: district, then chip, GNSS, modem, system."""
    order = (TimeSource.DISTRICT, TimeSource.RTC, TimeSource.GNSS, TimeSource.MODEM, TimeSource.SYSTEM)
    return min(readings, key=lambda each: order.index(each.source), default=None)


def chip_kept_running(*, voltage_low: bool, first: UnixSeconds, later: UnixSeconds, elapsed_s: int) -> bool:
    """Whether a clock chip may prove the hour: no power loss flagged, and it moves with real seconds.

    ``first`` and ``later`` are two readings ``elapsed_s`` monotonic seconds apart (at least 3).
    """
    return not voltage_low and elapsed_s > RTC_SLACK_S and abs((later - first) - elapsed_s) <= RTC_SLACK_S


def raised_floor(floor: UnixSeconds, judgement: TimeJudgement) -> UnixSeconds:
    """The floor after an entry made under this judgement: it rises under proven time only."""
    return max(floor, judgement.time.now) if judgement.raises_floor else floor


def _hour(reading: ClockReading, stated: StatedDate | None) -> tuple[UnixSeconds, bool]:
    """The hour to go by, and whether its source proves it. An unproven source yields to the operator."""
    proves = reading.source is not TimeSource.SYSTEM
    if not proves and stated is not None:
        return stated.now, False
    return reading.now, proves


def _judged(now: UnixSeconds, floor: UnixSeconds, verdict: TimeVerdict, *, raises_floor: bool = False) -> TimeJudgement:
    # Below the floor the source is believed, so that the rules refuse for the floor and say so.
    usable = verdict in (TimeVerdict.SOUND, TimeVerdict.BELOW_FLOOR)
    return TimeJudgement(TrustedTime(now, usable, floor), verdict, raises_floor)
