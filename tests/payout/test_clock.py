"""Time: a wrong clock does not pay, and does not spoil the right one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.payout.clock import (
    CONFIRM_S,
    JUMP_S,
    RTC_SLACK_S,
    ClockReading,
    StatedDate,
    TimeSource,
    TimeVerdict,
    TrustedTime,
    best_reading,
    chip_kept_running,
    judge_time,
    raised_floor,
)
from kiosk.payout.names import UnixSeconds

FLOOR = UnixSeconds(1_795_000_000)
DAYS = 86_400
IN_2036 = UnixSeconds(2_090_000_000)
PROVING = [each for each in TimeSource if each is not TimeSource.SYSTEM]


def test_the_bounds_are_two_days_one_day_and_two_seconds() -> None:
    assert (JUMP_S, CONFIRM_S, RTC_SLACK_S) == (172_800, 86_400, 2)


def at(seconds: int) -> UnixSeconds:
    return UnixSeconds(FLOOR + seconds)


@pytest.mark.parametrize("source", PROVING)
def test_a_proven_hour_near_the_floor_pays_and_raises_it(source: TimeSource) -> None:
    found = judge_time(ClockReading(source, at(3_600)), FLOOR)
    assert (found.verdict, found.time.proven, found.raises_floor) == (TimeVerdict.SOUND, True, True)
    assert raised_floor(FLOOR, found) == at(3_600)


def test_the_systems_clock_proves_nothing() -> None:
    found = judge_time(ClockReading(TimeSource.SYSTEM, at(3_600)), FLOOR)
    assert (found.verdict, found.time.proven) == (TimeVerdict.NEEDS_DATE, False)
    assert raised_floor(FLOOR, found) == FLOOR
    assert judge_time(ClockReading(TimeSource.SYSTEM, at(-1)), FLOOR).verdict is TimeVerdict.NEEDS_DATE


@pytest.mark.parametrize("later", [0, 5, JUMP_S, 10 * DAYS])
def test_the_operators_date_raises_no_floor_however_near(later: int) -> None:
    found = judge_time(ClockReading(TimeSource.SYSTEM, at(5)), FLOOR, StatedDate(at(later)))
    assert (found.verdict, found.time) == (TimeVerdict.SOUND, TrustedTime(at(later), True, FLOOR))
    assert raised_floor(FLOOR, found) == FLOOR


def test_nobody_states_a_date_below_the_floor() -> None:
    found = judge_time(ClockReading(TimeSource.SYSTEM, at(5)), FLOOR, StatedDate(at(-1)))
    assert found.verdict is TimeVerdict.BELOW_FLOOR
    assert found.time.now < found.time.floor


@pytest.mark.parametrize("source", PROVING)
def test_the_floor_itself_is_not_below_it(source: TimeSource) -> None:
    assert judge_time(ClockReading(source, FLOOR), FLOOR).verdict is TimeVerdict.SOUND
    below = judge_time(ClockReading(source, at(-1)), FLOOR)
    assert (below.verdict, below.raises_floor) == (TimeVerdict.BELOW_FLOOR, False)
    assert below.time == TrustedTime(at(-1), True, FLOOR), "believed, so that the rules refuse for the floor and say so"


def test_a_floor_that_has_risen_since_stays() -> None:
    assert raised_floor(at(100), judge_time(ClockReading(TimeSource.RTC, at(50)), FLOOR)) == at(100)


@pytest.mark.parametrize("source", [TimeSource.RTC, TimeSource.GNSS, TimeSource.MODEM])
def test_a_jump_of_over_48_hours_needs_confirmation_and_raises_no_floor(source: TimeSource) -> None:
    edge = judge_time(ClockReading(source, at(JUMP_S)), FLOOR)
    assert edge.raises_floor
    beyond = judge_time(ClockReading(source, at(JUMP_S + 1)), FLOOR)
    assert (beyond.verdict, beyond.time.proven) == (TimeVerdict.NEEDS_CONFIRMATION, False)
    confirmed = judge_time(ClockReading(source, at(JUMP_S + 1)), FLOOR, StatedDate(at(JUMP_S + 1 + CONFIRM_S)))
    assert (confirmed.verdict, confirmed.raises_floor) == (TimeVerdict.SOUND, False)
    other = judge_time(ClockReading(source, at(JUMP_S + 1)), FLOOR, StatedDate(at(JUMP_S + 2 + CONFIRM_S)))
    assert other.verdict is TimeVerdict.NEEDS_CONFIRMATION


def test_the_districts_own_word_may_jump() -> None:
    found = judge_time(ClockReading(TimeSource.DISTRICT, at(40 * DAYS)), FLOOR)
    assert (found.verdict, found.raises_floor) == (TimeVerdict.SOUND, True)


# -- must hold -----------------------------------------------------------------------------------------------------


def test_a_frozen_clock_after_21_days_off_does_not_pay() -> None:
    """The chip stopped when its battery died: it still shows the hour of the last session."""
    assert not chip_kept_running(voltage_low=True, first=FLOOR, later=at(5), elapsed_s=5)
    assert not chip_kept_running(voltage_low=False, first=FLOOR, later=FLOOR, elapsed_s=5)
    stopped = judge_time(ClockReading(TimeSource.SYSTEM, FLOOR), FLOOR)
    assert (stopped.verdict, stopped.time.proven) == (TimeVerdict.NEEDS_DATE, False)
    stated = judge_time(ClockReading(TimeSource.SYSTEM, FLOOR), FLOOR, StatedDate(at(21 * DAYS)))
    assert (stated.time.now, stated.raises_floor) == (at(21 * DAYS), False)


def test_a_running_clock_after_21_days_off_needs_a_persons_word() -> None:
    assert chip_kept_running(voltage_low=False, first=at(21 * DAYS), later=at(21 * DAYS + 5), elapsed_s=5)
    found = judge_time(ClockReading(TimeSource.RTC, at(21 * DAYS)), FLOOR)
    assert found.verdict is TimeVerdict.NEEDS_CONFIRMATION


@pytest.mark.parametrize("source", [TimeSource.RTC, TimeSource.GNSS, TimeSource.MODEM])
def test_a_clock_at_2036_and_back_leaves_the_floor_where_it_was(source: TimeSource) -> None:
    ahead = judge_time(ClockReading(source, IN_2036), FLOOR)
    believed = judge_time(ClockReading(source, IN_2036), FLOOR, StatedDate(IN_2036))
    for found in (ahead, believed):
        assert raised_floor(FLOOR, found) == FLOOR
    back = judge_time(ClockReading(source, at(7_200)), raised_floor(FLOOR, believed))
    assert back.verdict is TimeVerdict.SOUND


def test_a_chip_must_move_with_real_seconds() -> None:
    assert chip_kept_running(voltage_low=False, first=FLOOR, later=at(6), elapsed_s=5)
    assert not chip_kept_running(voltage_low=False, first=FLOOR, later=at(60), elapsed_s=5)
    assert not chip_kept_running(voltage_low=False, first=at(9), later=at(4), elapsed_s=5)
    assert not chip_kept_running(voltage_low=False, first=FLOOR, later=at(2), elapsed_s=2)
    assert chip_kept_running(voltage_low=False, first=FLOOR, later=at(3), elapsed_s=3)
    assert chip_kept_running(voltage_low=False, first=FLOOR, later=at(7), elapsed_s=5)
    assert not chip_kept_running(voltage_low=False, first=FLOOR, later=at(8), elapsed_s=5)


def test_the_best_source_wins() -> None:
    readings = [ClockReading(source, FLOOR) for source in reversed(TimeSource)]
    found = best_reading(readings)
    assert found is not None
    assert found.source is TimeSource.DISTRICT
    assert best_reading([]) is None


hours = st.integers(0, 2**33).map(UnixSeconds)


@given(st.sampled_from(TimeSource), hours, hours, st.none() | hours.map(StatedDate))
def test_whatever_the_clocks_say(
    source: TimeSource, now: UnixSeconds, floor: UnixSeconds, stated: StatedDate | None
) -> None:
    found = judge_time(ClockReading(source, now), floor, stated)
    assert found.time.floor == floor
    assert found.time.proven == (found.verdict in {TimeVerdict.SOUND, TimeVerdict.BELOW_FLOOR})
    if found.time.now < floor:
        assert found.verdict is TimeVerdict.BELOW_FLOOR or not found.time.proven
    raised = raised_floor(floor, found)
    assert raised >= floor
    if source is not TimeSource.DISTRICT:
        assert raised <= floor + JUMP_S
    if stated is None and source is TimeSource.SYSTEM:
        assert found.verdict is TimeVerdict.NEEDS_DATE
