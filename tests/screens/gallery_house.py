"""The screens around a household with people in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from kiosk.flow import screens as sc
from kiosk.flow.values import (
    Frame,
    HandOver,
    Level,
    Notes,
    Offer,
    PrintResult,
    Profile,
    Role,
    Shift,
    VisitStatus,
    Vnd,
    VoidReason,
)
from kiosk.flow.values_house import Number, PhoneOwner, ReceiptVerdict, SeenReceipt, Topic, Wording
from kiosk.payout.statements import StatementKind

NOTE = "CHOS DUWX, GOIJ COONGR SAU, BAF LAFNH NGHE KESM, CON TRAI LAFM OWR XAX BEEN CHIEEUF VEEF"
GIVE = HandOver(Notes.of({500_000: 2}))


def screens(here: Frame, shift: Shift, visit: sc.Visit) -> Iterator[tuple[str, sc.Screen]]:
    """Plan, numbers, words, questions."""
    house = sc.AtHouse(here, shift, visit)
    row = replace(visit.household.row, come_back_at="15:30", next_visit=date(2026, 12, 3),
                  status=VisitStatus.COME_BACK)  # fmt: skip
    planned = replace(visit, household=replace(visit.household, row=row))
    yield "house", replace(house, visit=planned)
    yield "house-empty", replace(house, visit=replace(visit, household=replace(
        visit.household, row=replace(visit.household.row, phone=None))))  # fmt: skip
    yield "door-later", sc.AtDoor(here, shift, planned)
    yield "find", sc.TypeWords(here, sc.Route(here, shift), Wording.FIND, "LANHF")
    yield "route-found", sc.Route(here, shift, 0, "LANH")
    yield "route-not-found", sc.Route(here, shift, 0, "XUAAN")
    yield "note", sc.TypeWords(here, house, Wording.NOTE, NOTE.replace(",", ""))
    for what in Number:
        yield f"number-{what}", sc.TypeNumber(here, house, what, "0912345678"[:4], owner=None)
        owner = PhoneOwner.HAMLET_HEAD if what is Number.PHONE else None
        yield f"number-{what}-wrong", sc.TypeNumber(here, house, what, wrong=True, owner=owner)
    point = replace(here, profile=Profile.PAY_POINT)
    yield "queue", sc.Queue(point, shift)
    yield "queue-unknown", sc.Queue(point, shift, unknown=True)
    true = SeenReceipt(ReceiptVerdict.GENUINE, "KIOSK-TANTHUAN-1-1048", Vnd(32_096_000), "22/11/2026")
    for verdict in ReceiptVerdict:
        yield f"queue-receipt-{verdict}", sc.Queue(point, shift, receipt=replace(true, verdict=verdict))
    yield "queue-several", sc.Route(point, shift, only=(shift.rows[0].household, shift.rows[1].household))
    offer = Offer(visit.household.recipients[0].person, visit.household.payees[0].person, Role.SELF,
                  visit.household.recipients[0].lines, Vnd(1_000_000), GIVE, Level.A)  # fmt: skip
    yield "disputed", sc.Disputed(here, shift, replace(visit, payee=visit.household.payees[0]), offer)
    for about, result in zip(StatementKind, (*PrintResult, *PrintResult), strict=False):
        yield f"slip-{about}", sc.SlipOut(here, shift, visit, about, "MAI07-1-1038", result, offer)
    voided = VoidReason.DISPUTED_SUM
    yield "slip-void", sc.SlipOut(here, shift, visit, voided, "MAI07-1-1040", PrintResult.PRINTED)
    yield "complaint", sc.TypeWords(here, house, Wording.COMPLAINT, "THANGS NAYF THIEEUS")
    yield "incident", sc.TypeWords(here, house, Wording.INCIDENT)
    for topic in Topic:
        death = topic in (Topic.WHO_DIED, Topic.DEATH)
        under = sc.UnpaidReasonScreen(here, shift, visit) if death else house
        whose = visit.household.recipients[0].person.id if death or topic is Topic.FORM else None
        yield f"pick-{topic}", sc.Pick(here, under, topic, whose)
