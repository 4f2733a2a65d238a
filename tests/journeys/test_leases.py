"""A right to be paid that changes devices by telephone, by touches on both ends, and a real district that proves it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from agent_sync.district import cash
from agent_sync.district.schema import lease, person, recipient
from hardware.virtual.card.personas import PERSONAS
from hardware.virtual.printer.server import Server
from kiosk.flow import screens as sc
from kiosk.flow import screens_lease as sl
from kiosk.flow import values as v
from kiosk.payout.cash import Notes
from kiosk.payout.names import DeviceId
from tests.journeys.conftest import Road, sent_out
from tests.journeys.real_area import KIT, Area
from tests.journeys.test_money import to_money

SECOND = DeviceId("kit-02")
SAU, TU, LAN, KHE = "Nguyễn Thị Sáu", "Trần Văn Tư", "Trần Thị Lan", "Phạm Thị Khế"
HOUSE = "BD01"
TILL = Notes.of({500_000: 4})


@pytest.fixture
def second(area: Area, tmp_path: Path) -> Iterator[Area]:
    """Another device of the same district, on which nothing is leased; it stands in for the first."""
    (tmp_path / "second").mkdir()
    up = Area(tmp_path / "second", area.seat, SECOND)
    assert area.officer("stand-in", "--device", KIT, "--stand-in", SECOND) == 0
    yield up
    up.cut_power()


def under_one_roof(area: Area) -> None:
    """Ông Tư lives with bà Sáu."""
    who = select(person.c.id).where(person.c.number == PERSONAS["ong-tu"].id_number).scalar_subquery()
    with area.seat.database.write() as connection:
        connection.execute(update(recipient).where(recipient.c.person == who).values(household=HOUSE))


def household(road: Road) -> None:
    """Two are paid at one door: she by her own card, he through his daughter."""
    road.visit.sign_in()
    road.visit.take_cash()
    assert {SAU, TU} <= set(road.visit._row(SAU).names)
    road.visit.pay(SAU, "ba-sau")
    assert road.visit._row(TU).due == 500_000, "the household still waits for him"
    road.visit.pay(TU, "con-lan", payee=LAN)


def given_over(road: Road) -> tuple[str, ...]:
    """What the agent says on the telephone: the codes of her month and of her arrears."""
    to_money(road)
    road.player.touch("release")
    row = next(row for row in road.player.see(sl.ChooseRelease).rows if row.recipient.full_name == KHE)
    while not road.player.has(f"release-{row.recipient.id}"):
        road.player.touch("page-next")
    road.player.touch(f"release-{row.recipient.id}")
    road.player.see(sl.ConfirmRelease)
    road.player.touch("release")
    codes = road.player.see(sl.ReleaseCodes).codes
    road.player.touch("print")
    out = road.player.until("the slip", lambda now: isinstance(now, sl.ReleaseCodes) and now.result is not None)
    assert isinstance(out, sl.ReleaseCodes)
    assert out.result is v.PrintResult.PRINTED
    road.player.touch("done")
    route = road.player.see(sc.Route)
    assert next(row for row in route.shift.rows if KHE in row.names).due == 0, "this device pays her no more"
    return tuple(each.code for each in codes)


def till(road: Road) -> None:
    """Cash for whoever may come: nothing is leased here, so nothing is proposed."""
    road.player.see(sc.CountFloat)
    road.visit.drawer = TILL
    road.player.count(TILL.counts)
    road.player.touch("counted")
    road.player.see(sc.ChooseSource)
    road.player.touch("source-0")
    road.player.see(sc.Route)


def typed(road: Road, code: str) -> None:
    """The twelve digits of a code, and done."""
    road.player.see(sl.TypeCode)
    road.player.type(code)
    road.player.touch("done")


def number_typed(road: Road) -> None:
    """Whose right is taken over."""
    to_money(road)
    road.player.touch("accept")
    road.player.see(sl.TypeCitizen)
    road.player.type(PERSONAS["ba-khe"].id_number)
    road.player.touch("done")


def taken_over(road: Road, codes: tuple[str, ...]) -> None:
    """A slip of the tongue first; then both months, one code each."""
    number_typed(road)
    typed(road, "000000000000")
    assert road.player.see(sc.RefusedScreen).key is v.RefusalKey.RELEASE_CODE_WRONG
    road.player.touch("go-on")
    road.player.see(sc.Route)
    number_typed(road)
    typed(road, codes[0])
    road.player.see(sl.LeaseTaken)
    road.player.touch("more")
    typed(road, codes[1])
    assert road.player.see(sl.LeaseTaken).row.total == 1_000_000
    road.player.touch("next")
    road.player.see(sc.Route)


def proven(area: Area, notes: int) -> None:
    """Every payout is proved again, every note is accounted for, and no case is open."""
    report = area.verified()
    assert (report.problems, report.cases_by_kind, report.open_or_uncertain) == ([], {}, 0)
    assert (report.completed, report.completed_vnd, report.chip_witness_verified) == (3, 2_000_000, 3)
    assert (report.sessions_closed, report.cash_variance_vnd) == (2, 0)
    with area.seat.database.read() as connection:
        still_out = cash.held(connection, area.seat.home.area)
        spent = connection.execute(select(lease.c.id).where(lease.c.device == SECOND, lease.c.state == "spent")).all()
    assert sum(each.amount for each in still_out) == notes
    assert not any(each.open for each in still_out)
    assert len(spent) == 2, "her month and her arrears"


def test_a_household_is_paid_and_a_right_given_over_by_telephone_is_paid_elsewhere_and_all_is_balanced(
    area: Area, second: Area, printer: Server
) -> None:
    under_one_roof(area)
    for each in (area, second):
        each.sign_in()
        each.meet()
    with sent_out(area, printer) as road:
        household(road)
        codes = given_over(road)
        road.visit.close()
        left = road.visit.drawer.amount
    with sent_out(second, printer) as road:
        road.visit.sign_in()
        till(road)
        taken_over(road, codes)
        road.visit.pay(KHE, "ba-khe")
        road.visit.close()
    proven(area, left + TILL.amount - 1_000_000)
