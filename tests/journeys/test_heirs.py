"""After a death: the last months to the relative, the funeral sum to who organises it, by touches."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import screens as sc
from kiosk.payout import journal as j
from kiosk.payout.names import EntitlementId, Kind, LeaseId, PersonId, Role, Vnd
from kiosk.payout.people import Payee
from tests.desk.area import pay_list, person
from tests.journeys.conftest import Road
from tests.journeys.test_money import facts, start

TU, LAN = "Trần Văn Tư", "Trần Thị Lan"


def bereaved(road: Road) -> None:
    """Ông Tư died this month; his daughter is relative and organiser; the funeral sum is on the list."""
    listed = pay_list(2)
    month = next(each for each in listed.entitlements if each.recipient == "ong-tu")
    held = next(each for each in listed.leases if each.entitlement == month.id)
    funeral = replace(month, id=EntitlementId("ong-tu-f"), kind=Kind.FUNERAL, line="Sheet1!40", amount=Vnd(1_000_000))
    lease = replace(held, id=LeaseId("l1-ong-tu-f"), entitlement=funeral.id, amount=funeral.amount, nonce="ef" * 16)
    roles = (Role.RELATIVE_OF_DECEASED, Role.FUNERAL_ORGANISER)
    changed = replace(
        listed,
        recipients=tuple(
            replace(each, deceased_on="2026-11-03") if each.person.id == "ong-tu" else each
            for each in listed.recipients
        ),
        payees=tuple(Payee(role, person("con-lan"), PersonId("ong-tu")) for role in roles),
        entitlements=(*listed.entitlements, funeral),
        leases=(*listed.leases, lease),
    )
    road.office.district.send_bundle(road.office.settings, 2, changed)


def test_the_daughter_receives_the_last_month_and_then_the_funeral_sum(road: Road) -> None:
    bereaved(road)
    start(road)
    door = road.visit.to_door(TU)
    assert [each.person.full_name for each in door.visit.household.payees] == [LAN], "nobody asks for his card"
    road.player.touch("back")
    road.player.see(sc.Route)
    road.visit.pay(TU, "con-lan", payee=LAN)
    road.visit.pay(TU, "con-lan", payee=LAN)
    authorised = [each for each in facts(road) if isinstance(each, j.PayoutAuthorised)]
    assert [(each.role, each.total) for each in authorised] == [
        (Role.RELATIVE_OF_DECEASED, 500_000),
        (Role.FUNERAL_ORGANISER, 1_000_000),
    ]
