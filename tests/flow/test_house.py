"""Around a household: the agent's plan is asked of the desk, what cannot be is asked for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow import values as v
from kiosk.flow.effects_house import PlanHouse
from kiosk.flow.stick import StickLight, StickState
from kiosk.flow.values_house import Number, PhoneOwner, Plan, Topic, Wording
from kiosk.flow.way_house import day_of, hour_of
from tests.flow.explore import HERE, HOUSE, SHIFT
from tests.flow.walker import Walker
from tests.screens.gallery import ROWS

HOME = v.HouseholdId("h1")


@pytest.fixture
def there() -> Walker:
    return Walker(sc.AtHouse(HERE, SHIFT, sc.Visit(HOUSE)))


def types(walker: Walker, digits: str) -> None:
    walker.does(*(ev.Digit(int(digit)) for digit in digits), ev.Confirm())


def test_a_stick_shows_its_page_only_between_visits() -> None:
    moving = ev.StateSeen(stick=StickLight(StickState.MOVING, 0, 3))
    route = sc.Route(HERE, SHIFT)
    for agents in (route, sc.Menu(HERE, route), sc.SyncState(HERE, route)):
        agent = Walker(agents)
        agent.does(moving)
        assert agent.on(sc.UsbStick).under.shift == SHIFT
        agent.does(ev.Back(), moving)
        agent.on(sc.SyncState)  # looked at and left: it does not come again for the same stick
        agent.does(ev.StateSeen(stick=StickLight(StickState.DONE, 3, 3)), moving)
        agent.on(sc.UsbStick)
    at_work = (sc.AtDoor(HERE, SHIFT, sc.Visit(HOUSE)), sc.Queue(HERE, SHIFT), sc.Idle(HERE))
    for busy in at_work:
        walker = Walker(busy)
        walker.does(moving)
        assert type(walker.screen) is type(busy)


def test_one_place_up_is_asked_for_and_shown(there: Walker) -> None:
    there.does(ev.Planned(Plan.UP))
    asked = there.last(PlanHouse)
    assert (asked.household, asked.plan) == (HOME, Plan.UP)
    there.does(ev.HousePlanned(asked.operation, HOUSE, ROWS[::-1]))
    assert there.on(sc.AtHouse).shift.rows == ROWS[::-1]


def test_come_back_at_half_past_three(there: Walker) -> None:
    there.does(ev.AskNumber(Number.HOUR))
    types(there, "1530")
    assert there.last(PlanHouse).plan is Plan.COME_BACK
    assert there.last(PlanHouse).words == "15:30"


@pytest.mark.parametrize(
    ("digits", "hour"), [("", ""), ("15", "15:00"), ("0705", "07:05"), ("2460", None), ("2500", None), ("153", None)]
)
def test_hours(digits: str, hour: str | None) -> None:
    assert hour_of(digits) == hour


@pytest.mark.parametrize(
    ("digits", "day"),
    [("", ""), ("03122026", "2026-12-03"), ("22112026", "2026-11-22"), ("21112026", None), ("31022027", None),
     ("0312", None), ("00000000", None)],
)  # fmt: skip
def test_days_from_today_on(digits: str, day: str | None) -> None:
    assert day_of(digits, date(2026, 11, 22)) == day


def test_a_day_that_cannot_be_is_asked_for_again(there: Walker) -> None:
    there.does(ev.AskNumber(Number.DAY))
    types(there, "31022027")
    assert there.on(sc.TypeNumber).wrong
    assert there.effects[-1] != PlanHouse


def test_whose_telephone_comes_before_its_number(there: Walker) -> None:
    there.does(ev.AskTopic(Topic.PHONE_OWNER), ev.Picked(PhoneOwner.SON))
    types(there, "12345")
    assert there.on(sc.TypeNumber).wrong
    types(there, "0912345678")
    assert (there.last(PlanHouse).words, there.last(PlanHouse).owner) == ("0912345678", PhoneOwner.SON)


def test_of_two_in_a_house_who_died_is_asked_and_then_who_told_of_it() -> None:
    dead, other = HOUSE.recipients[0].person.id, HOUSE.recipients[1].person.id
    agent = Walker(sc.UnpaidReasonScreen(HERE, SHIFT, sc.Visit(HOUSE)))
    agent.does(ev.UnpaidChosen(v.UnpaidReason.DECEASED))
    assert agent.on(sc.Pick).topic is Topic.WHO_DIED
    agent.does(ev.PayeeChosen(v.PersonId("somebody else")), ev.Picked(v.DeathTeller.FAMILY))
    assert agent.on(sc.Pick).topic is Topic.WHO_DIED, "nobody else, and not before it is known who"
    agent.does(ev.PayeeChosen(dead))
    assert agent.on(sc.Pick).topic is Topic.DEATH
    agent.does(ev.Picked(PhoneOwner.SON), ev.Picked(v.DeathTeller.NEIGHBOUR))
    asked = agent.last(ef.RecordUnpaid)
    assert (asked.household, asked.reason, asked.who, asked.told_by) == (
        HOME,
        v.UnpaidReason.DECEASED,
        dead,
        v.DeathTeller.NEIGHBOUR,
    )
    assert other != dead


def test_of_one_alone_only_who_told_of_it() -> None:
    alone = replace(HOUSE, recipients=HOUSE.recipients[:1])
    agent = Walker(sc.UnpaidReasonScreen(HERE, SHIFT, sc.Visit(alone)))
    agent.does(ev.UnpaidChosen(v.UnpaidReason.DECEASED))
    assert agent.on(sc.Pick).who == alone.recipients[0].person.id
    agent.does(ev.Back())
    agent.on(sc.UnpaidReasonScreen)


def test_a_note_is_a_sentence(there: Walker) -> None:
    there.does(ev.AskWords(Wording.NOTE), *(ev.Letter(key) for key in "CHOS DUWX"), ev.Confirm())
    assert there.last(PlanHouse).words == "Chó dữ"


def test_looking_for_a_name_narrows_the_route_and_back_widens_it() -> None:
    walker = Walker(sc.Route(HERE, SHIFT, 1))
    walker.does(ev.AskWords(Wording.FIND), *(ev.Letter(key) for key in "NAM"), ev.Confirm())
    assert walker.on(sc.Route).search == "NAM"
    assert walker.on(sc.Route).page == 0
    walker.does(ev.Back())
    assert walker.on(sc.Route) == sc.Route(walker.screen.frame, SHIFT)


def test_a_household_that_is_promised_an_hour_still_waits_on_the_route() -> None:
    rows = tuple(replace(row, status=v.VisitStatus.COME_BACK, come_back_at="15:30") for row in ROWS)
    walker = Walker(sc.Route(HERE, replace(SHIFT, rows=rows)))
    walker.does(ev.HouseholdChosen(HOME))
    assert isinstance(walker.screen, sc.Waiting)
