"""The agent's plan: it outlives the night, touches no sum, and yesterday's hour is no appointment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.desk.plan import DayPlan, House
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.flow.effects_house import PlanHouse
from kiosk.flow.values_house import PhoneOwner, Plan
from kiosk.payout import journal as j
from kiosk.payout.names import HouseholdId, UnixSeconds
from kiosk.payout.people import Phone
from tests.desk.area import NOW, Office

HOMES = tuple(HouseholdId(f"h{n}") for n in range(1, 6))


def walk(office: Office) -> list[str]:
    return [row.household for row in office.ask(ef.LoadRoute, ev.RouteLoaded).rows]


def plan(office: Office, home: str, what: Plan, words: str = "", owner: PhoneOwner | None = None) -> v.RouteRow:
    asked = office.ask(lambda o: PlanHouse(o, HouseholdId(home), what, words, owner), ev.HousePlanned)
    return asked.household.row


@given(st.sampled_from(HOMES), st.sampled_from([-1, 1]))
def test_a_move_changes_two_neighbours_and_loses_nobody(home: HouseholdId, by: int) -> None:
    order = DayPlan().moved(HOMES, home, by).order or HOMES
    assert sorted(order) == sorted(HOMES)
    assert sum(a != b for a, b in zip(order, HOMES, strict=True)) in {0, 2}


def test_the_newest_word_on_a_household_wins() -> None:
    first, second = House(HOMES[0], note="một"), House(HOMES[0], note="hai")
    assert DayPlan().with_house(first).with_house(second).house(HOMES[0]).note == "hai"


def test_the_walk_changed_by_hand_outlives_the_night(office: Office) -> None:
    office.work()
    assert walk(office) == ["h1", "h2", "h3", "h4"]
    plan(office, "h3", Plan.UP)
    plan(office, "h1", Plan.DOWN)
    assert walk(office) == ["h3", "h1", "h2", "h4"]
    office.cut_power()
    office.start()
    office.sign_in()
    assert walk(office) == ["h3", "h1", "h2", "h4"]


def test_at_the_end_of_the_walk_nothing_moves(office: Office) -> None:
    office.work()
    plan(office, "h1", Plan.UP)
    plan(office, "h4", Plan.DOWN)
    assert walk(office) == ["h1", "h2", "h3", "h4"]


def test_a_promised_hour_stays_on_the_route_with_its_sum(office: Office) -> None:
    office.work()
    row = plan(office, "h1", Plan.COME_BACK, "15:30")
    assert (row.status, row.come_back_at, row.due) == (v.VisitStatus.COME_BACK, "15:30", 1_000_000)
    assert plan(office, "h1", Plan.COME_BACK).status is v.VisitStatus.WAITING


def test_after_a_visit_in_vain_the_promise_is_what_counts(office: Office) -> None:
    office.work()
    office.ask(lambda o: ef.RecordUnpaid(o, HouseholdId("h1"), v.UnpaidReason.ABSENT), ev.UnpaidNoted)
    assert plan(office, "h1", Plan.NEXT_VISIT, "2026-11-20").status is v.VisitStatus.COME_BACK


def test_a_death_is_written_down_for_one_person_with_who_told_of_it(office: Office) -> None:
    office.work()
    home, told = HouseholdId("h1"), v.DeathTeller.COMMUNE
    for who in ("nobody-here", "ba-sau"):
        office.ask(
            lambda o, who=who: ef.RecordUnpaid(o, home, v.UnpaidReason.DECEASED, v.PersonId(who), told),  # type: ignore[misc]
            ev.UnpaidNoted,
        )
    office.sync()
    kept = [each.fact for each in office.district.entries(office.settings)]
    (fact,) = [each for each in kept if isinstance(each, j.VisitUnpaid)]
    assert (fact.recipient, fact.reason, fact.note) == ("ba-sau", v.UnpaidReason.DECEASED, "commune")


def test_yesterdays_hour_is_no_appointment(office: Office) -> None:
    office.work()
    plan(office, "h1", Plan.COME_BACK, "15:30")
    office.cut_power()
    office.clock = lambda: UnixSeconds(NOW + 86_400)
    office.start()
    office.sign_in()
    rows = office.ask(ef.LoadRoute, ev.RouteLoaded).rows
    assert rows[0].come_back_at == ""
    assert rows[0].status is v.VisitStatus.WAITING


def test_a_telephone_is_kept_with_whose_it_is_and_a_note_beside_the_lists(office: Office) -> None:
    office.work()
    row = plan(office, "h1", Plan.PHONE, "0912345678", PhoneOwner.SON)
    assert row.phone == Phone("0912345678", "con trai")
    assert plan(office, "h1", Plan.NOTE, "Gọi cổng sau").note == "Gọi cổng sau"


def test_how_somebody_wishes_to_be_addressed_goes_before_age_and_outlives_a_power_cut(office: Office) -> None:
    office.work()
    home = v.HouseholdId("h1")
    said = office.ask(
        lambda o: PlanHouse(o, home, Plan.FORM, v.AddressForm.CHI.value, who=v.PersonId("ba-sau")), ev.HousePlanned
    )
    assert said.household.recipients[0].person.form is v.AddressForm.CHI
    office.cut_power()
    office.start()
    office.sign_in()
    loaded = office.ask(lambda o: ef.LoadHousehold(o, home), ev.HouseholdLoaded)
    assert loaded.household.payees[0].person.form is v.AddressForm.CHI
