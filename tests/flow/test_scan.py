"""A QR that was scanned off a card goes along to the reading, for the card of whom it names and nobody else's."""

from __future__ import annotations

from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow import values as v
from kiosk.flow.effects import Beep, ReadCard
from kiosk.flow.effects_house import FindPayee
from kiosk.flow.values_house import Scan
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
