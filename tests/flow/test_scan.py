"""A QR that was scanned off a card goes along to the reading, for the card of whom it names and nobody else's."""

from __future__ import annotations

import pytest

from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow import values as v
from kiosk.flow.effects import Beep, ReadCard
from kiosk.flow.effects_house import FindPayee
from kiosk.flow.values_house import ReceiptVerdict, Scan, SeenReceipt
from tests.flow.explore import FACE, HERE, HOUSE, SHIFT
from tests.flow.walker import Walker
from tests.screens.gallery import LANH

QR = "079041000317||Nguyễn Thị Hương Lành|14021941|Nữ|Ấp Trung Hòa|01052021"
HOME = v.HouseholdId("h1")


def asked(walker: Walker) -> ReadCard:
    """The reading that follows when the card is laid."""
    walker.does(ev.CardLaid())
    return walker.last(ReadCard)


def found(walker: Walker, *whom: v.PersonId, homes: int = 1) -> None:
    """The desk knows whom the scan means."""
    walker.does(ev.Scanned(QR))
    search = walker.last(FindPayee)
    assert search.key == QR
    one = (HOUSE, whom[0]) if homes == 1 else (None, None)
    walker.does(ev.PeopleFound(search.operation, (HOME,) * homes, *one, Scan(QR, whom)))


def test_who_was_found_by_a_scan_is_compared_with_it() -> None:
    walker = Walker(sc.Queue(HERE, SHIFT))
    found(walker, LANH.id)
    assert walker.on(sc.LayCard).visit.payee is not None
    assert asked(walker).scanned == QR


def test_on_the_route_a_scan_finds_too_and_several_households_do_not_lose_it() -> None:
    walker = Walker(sc.Route(HERE, SHIFT))
    found(walker, LANH.id, homes=2)
    only = walker.on(sc.Route)
    assert only.only == (HOME, HOME)
    walker.does(ev.HouseholdChosen(HOME))
    walker.does(ev.HouseholdLoaded(only.frame.next_operation, HOUSE), ev.PayeeChosen(LANH.id))
    assert asked(walker).scanned == QR


@pytest.mark.parametrize("screen", [sc.Route(HERE, SHIFT, 0, "LANH"), sc.Queue(HERE, SHIFT, unknown=True)])
def test_a_receipt_is_checked_on_the_way_as_at_the_counter_and_answered_on_the_same_page(screen: sc.Screen) -> None:
    walker = Walker(screen)
    seen = SeenReceipt(ReceiptVerdict.GENUINE, "KIT7-1-9", v.Vnd(1_250_000), "22/11/2026")
    walker.does(ev.Scanned("TN1RECEIPT"))
    search = walker.last(FindPayee)
    assert search.key == "TN1RECEIPT"
    walker.does(ev.ReceiptChecked(search.operation, seen))
    assert walker.on(sc.Queue) == sc.Queue(walker.screen.frame, SHIFT, receipt=seen)
    found(walker, LANH.id, homes=2)  # whoever comes next is looked for from there
    assert walker.on(sc.Route).only == (HOME, HOME)


def test_from_the_answer_about_a_receipt_the_route_is_one_touch_away() -> None:
    walker = Walker(sc.Queue(HERE, SHIFT, receipt=SeenReceipt(ReceiptVerdict.NOT_GENUINE)))
    walker.does(ev.AskList())
    assert walker.on(sc.Route).search == ""


def test_another_payees_card_is_not_held_against_it() -> None:
    walker = Walker(sc.Queue(HERE, SHIFT))
    found(walker, LANH.id)
    walker.does(ev.Back())
    other = next(each.person.id for each in HOUSE.payees if each.person.id != LANH.id)
    walker.does(ev.PayeeChosen(other))
    assert asked(walker).scanned == ""
    walker.does(ev.Back(), ev.PayeeChosen(LANH.id))
    assert walker.last(ReadCard).scanned == QR


def test_a_scan_while_the_card_is_asked_for_is_heard_and_kept() -> None:
    walker = Walker(sc.LayCard(HERE, SHIFT, sc.Visit(HOUSE, HOUSE.payees[0])))
    walker.does(ev.Scanned(QR))
    assert walker.last(Beep) == Beep()
    assert asked(walker).scanned == QR


def test_a_scan_after_the_reading_reads_once_more_and_compares() -> None:
    visit = sc.Visit(HOUSE, HOUSE.payees[0], reading=v.OperationId(1))
    walker = Walker(sc.ConfirmFace(HERE, SHIFT, visit, FACE))
    walker.does(ev.Scanned(QR))
    assert walker.on(sc.LayCard).visit.reading is None
    assert asked(walker).scanned == QR
