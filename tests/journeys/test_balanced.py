"""A month in which everything happens, balanced at a real district: an heir, a reversal, rounding, a variance."""

from __future__ import annotations

from sqlalchemy import select, update

from agent_sync.district import cash, leases, reports
from agent_sync.district.cases import CaseKind
from agent_sync.district.schema import entitlement, lease, payout, person
from hardware.virtual.card.field import Field
from hardware.virtual.card.personas import PERSONAS
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow.effects_money import ListPayouts, MoveCash, Reverse
from kiosk.flow.events_money import MoneyMoved, PayoutsListed
from kiosk.payout.cash import Notes, fewest_notes
from kiosk.payout.names import CashWay, Kind, ReversalReason, VarianceReason, Vnd
from tests.agent_sync.field_kit import MONTH
from tests.desk.area import FLOAT
from tests.journeys.conftest import SECOND_READER_PORT
from tests.journeys.real_area import KIT, SOON, Area

TU, LAN = PERSONAS["ong-tu"], PERSONAS["con-lan"]
SMALL = Notes.of({20_000: 1, 2_000: 1})
FUNERAL = 1_000_000


def grant(area: Area) -> int:
    """Everything that is open; how many."""
    with area.seat.database.write() as connection:
        return leases.grant(connection, area.seat.home.area, KIT, leases.Wanted(MONTH), SOON, "an").granted


def bereaved(area: Area) -> None:
    """Ông Tư died; the list brings a funeral sum; his daughter is entered as relative and as organiser."""
    with area.seat.database.write() as connection:
        who = select(person.c.id).where(person.c.number == TU.id_number).scalar_subquery()
        owed = dict(connection.execute(select(entitlement).where(entitlement.c.recipient == who)).mappings().one())
        funeral = {"id": "E-funeral", "kind": Kind.FUNERAL.value, "amount": FUNERAL}
        connection.execute(entitlement.insert().values(**(owed | funeral)))
    told = ("--on", "2026-11-03", "--reported-by", "Trưởng ấp Bến Đò", "--paper", "TLKT 7/2026")
    assert area.officer("person", "death", TU.id_number, *told) == 0
    heir = ("--number", LAN.id_number, "--name", LAN.full_name, "--paper", "TLKT 7/2026")
    for role in ("relative_of_deceased", "funeral_organiser"):
        assert area.officer("person", "payee", TU.id_number, *heir, "--role", role) == 0


def odd_sum(area: Area) -> None:
    """Bà Sáu is owed a sum that no notes make; from today on the district rounds down."""
    with area.seat.database.write() as connection:
        who = select(person.c.id).where(person.c.number == PERSONAS["ba-sau"].id_number).scalar_subquery()
        owed = select(entitlement.c.id).where(entitlement.c.recipient == who)
        connection.execute(update(lease).where(lease.c.entitlement.in_(owed)).values(amount=372_650))
        connection.execute(update(entitlement).where(entitlement.c.recipient == who).values(amount=372_650))
    assert area.officer("rounding", "--since", "2026-11-09", "--way", "down") == 0


def out_at_the_district(area: Area) -> tuple[int, bool]:
    """The cash that the district says is out, and whether in an open session."""
    with area.seat.database.read() as connection:
        (row,) = cash.held(connection, area.seat.home.area)
    return row.amount, row.open


def taken_back(area: Area, name: str, notes: Notes) -> None:
    """The newest payout of a person is reversed whole."""
    rows = area.ask(ListPayouts, PayoutsListed).rows
    which = next(row.payout for row in rows if row.recipient.full_name == name)
    area.ask(lambda o: Reverse(o, which, ReversalReason.WRONG_PERSON, notes, "Quỹ bưu cục"), MoneyMoved)


def test_an_heir_a_reversal_a_rounded_sum_and_a_variance_are_balanced_at_the_district(area: Area) -> None:
    bereaved(area)
    odd_sum(area)
    assert grant(area) == 1, "the funeral sum; all the rest was granted before"
    area.sign_in()
    area.meet()
    area.work()
    area.ask(lambda o: MoveCash(o, CashWay.ADDED, SMALL, "Quỹ bưu cục"), MoneyMoved)
    with Field(SECOND_READER_PORT) as reader:
        for _month_then_funeral in range(2):
            assert isinstance(area.pay(reader, "ong-tu", by="con-lan"), ev.Completed)
        assert isinstance(area.pay(reader, "ba-sau"), ev.Completed)
        assert isinstance(area.pay(reader, "ba-khe"), ev.Completed)
        taken_back(area, PERSONAS["ba-khe"].full_name, Notes.of({500_000: 2}))
        area.meet()
        assert grant(area) == 2, "her month and her arrears, under new leases"
        area.meet()
        assert isinstance(area.pay(reader, "ba-khe"), ev.Completed)
    area.meet()
    paid = 500_000 + FUNERAL + 372_000 + 1_000_000
    assert out_at_the_district(area) == (FLOAT.amount + SMALL.amount - paid, True)
    counted = fewest_notes(Vnd(FLOAT.amount + SMALL.amount - paid - 20_000))
    assert counted is not None
    area.ask(lambda o: ef.CloseSession(o, counted, VarianceReason.UNEXPLAINED), ev.SessionClosed)
    area.meet()
    assert out_at_the_district(area) == (counted.amount, False)

    report = area.verified()
    assert report.problems == []
    assert (report.completed, report.completed_vnd, report.reversed) == (4, paid, 1)
    assert (report.cash_variance_vnd, report.chip_witness_verified) == (20_000, 5)
    assert area.kinds() == {CaseKind.REVERSAL.value, CaseKind.CASH_VARIANCE.value}
    with area.seat.database.read() as connection:
        month = reports.month(connection, area.seat.home.area, MONTH)
        roles = {tuple(row) for row in connection.execute(select(payout.c.role, payout.c.total))}
    assert month["rounding_vnd"] == 650
    assert month["due_vnd"] == month["paid_vnd"] + 650 + month["unpaid_vnd"]
    assert {("relative_of_deceased", 500_000), ("funeral_organiser", FUNERAL)} <= roles
