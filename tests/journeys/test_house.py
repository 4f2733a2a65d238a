"""Before a door and around it: looking for a household, changing the walk, a promised hour, whose telephone."""

from __future__ import annotations

from kiosk.flow import screens as sc
from kiosk.flow import screens_wish as sw
from kiosk.flow import values as v
from kiosk.payout.people import Phone
from kiosk.payout.statements import StatementKind
from tests.journeys.conftest import Road
from tests.journeys.test_visits import KHE, start


def at_house(road: Road) -> sc.AtHouse:
    """Phạm Thị Khế is looked for without a single diacritic."""
    start(road)
    road.player.touch("find")
    road.player.see(sc.TypeWords)
    road.player.spell("KHE")
    road.player.touch("done")
    assert road.player.see(sc.Route).search == "KHE"
    road.player.touch("household-h3")
    road.player.see(sc.AtDoor)
    road.player.touch("house")
    return road.player.see(sc.AtHouse)


def back_to_route(road: Road) -> sc.Route:
    road.player.touch("back")
    road.player.see(sc.AtDoor)
    road.player.touch("back")
    return road.player.see(sc.Route)


def test_a_household_is_found_and_comes_earlier_in_the_walk(road: Road) -> None:
    assert KHE in at_house(road).visit.household.row.names
    road.player.touch("move-up")
    road.player.until("one place up", lambda now: isinstance(now, sc.AtHouse) and now.shift.rows[1].household == "h3")
    assert [row.household for row in back_to_route(road).shift.rows] == ["h1", "h3", "h2", "h4"]


def test_come_back_at_half_past_three_stays_on_the_route(road: Road) -> None:
    at_house(road)
    road.player.touch("come-back")
    road.player.see(sc.TypeNumber)
    road.player.type("1530")
    road.player.touch("done")
    road.player.see(sc.AtHouse)
    row = back_to_route(road).shift.rows[2]
    assert (row.come_back_at, row.status, row.due) == ("15:30", v.VisitStatus.COME_BACK, 500_000)


def test_the_sons_telephone_is_noted_as_the_sons(road: Road) -> None:
    at_house(road)
    road.player.touch("phone")
    road.player.see(sc.Pick)
    road.player.touch("pick-son")
    road.player.see(sc.TypeNumber)
    road.player.type("0912345678")
    road.player.touch("done")
    row = road.player.see(sc.AtHouse).visit.household.row
    assert row.phone == Phone("0912345678", "con trai")


def test_a_complaint_in_her_own_words_gets_a_number_and_a_slip(road: Road) -> None:
    at_house(road)
    road.player.touch("request")
    road.player.see(sc.Pick)
    road.player.touch("pick-complaint")
    road.player.see(sc.TypeWords)
    road.player.spell("THIEEUS MOOTJ THANGS")
    road.player.touch("done")
    said = road.player.see(sc.SlipOut)
    assert (said.about, said.result) == (StatementKind.COMPLAINT, v.PrintResult.PRINTED)
    assert road.slips() == 1
    road.player.touch("go-on")
    road.player.see(sc.AtHouse)


def test_what_is_missing_comes_out_on_paper(road: Road) -> None:
    at_house(road)
    road.player.touch("request")
    road.player.touch("pick-papers")
    road.player.see(sw.MissingPapers)
    road.player.touch("paper-guardianship")
    road.player.touch("paper-citizen_card")
    road.player.touch("papers-done")
    assert road.player.see(sc.SlipOut).about is StatementKind.PAPERS
    assert road.slips() == 1
