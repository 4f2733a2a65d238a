"""Leases that change hands: the holder says the code or shows its QR, the stand-in types or scans it (plan §6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk.flow import events as ev
from kiosk.flow import events_lease as el
from kiosk.flow.effects_lease import ListLeases, PrintCodes, ReleaseLeases, ScanLease, TakeLease
from kiosk.flow.screens import RefusedScreen, Wait, Waiting
from kiosk.flow.screens_lease import ChooseRelease, ConfirmRelease, LeaseTaken, ReleaseCodes, TypeCitizen, TypeCode
from kiosk.flow.screens_money import MoneyMenu
from kiosk.flow.steps import Step, ask, fault, go, key_heard
from kiosk.flow.values_money import CODE_DIGITS
from kiosk.flow.way_in import start_of_day

ROWS_ON_PAGE = 3
CODES_ON_PAGE = 1


def opened(screen: MoneyMenu, event: ev.Event) -> Step:
    """What the cash menu leads to on this way."""
    match event:
        case el.AskRelease():
            return ask(screen, Wait.LISTING_LEASES, ListLeases)
        case el.AskAccept():
            return go(TypeCitizen(screen.frame, screen.shift))
        case _:
            return go(screen)


def choose_release(screen: ChooseRelease, event: ev.Event) -> Step:
    """Whose."""
    match event:
        case el.ReleaseChosen(recipient):
            found = [row for row in screen.rows if row.recipient.id == recipient]
            return go(ConfirmRelease(screen.frame, screen.shift, found[0]) if found else screen)
        case ev.Scrolled(page) if 0 <= page * ROWS_ON_PAGE < len(screen.rows):
            return go(replace(screen, page=page))
        case ev.Back():
            return go(MoneyMenu(screen.frame, screen.shift))
        case _:
            return go(screen)


def confirm_release(screen: ConfirmRelease, event: ev.Event) -> Step:
    """From here on the other device pays."""
    match event:
        case ev.Confirm():
            recipient = screen.row.recipient.id
            return ask(screen, Wait.RELEASING, lambda operation: ReleaseLeases(operation, recipient))
        case ev.Back():
            return ask(MoneyMenu(screen.frame, screen.shift), Wait.LISTING_LEASES, ListLeases)
        case _:
            return go(screen)


def release_codes(screen: ReleaseCodes, event: ev.Event) -> Step:
    """Say them, print them if wanted, done."""
    match event:
        case ev.Printed(operation, result) if operation == screen.awaited:
            return go(replace(screen, awaited=None, result=result))
        case ev.AskReprint() if screen.awaited is None:
            number = screen.frame.next_operation
            return go(replace(screen, frame=screen.frame.issued(), awaited=number, result=None), PrintCodes(number))
        case ev.Scrolled(page) if screen.awaited is None and 0 <= page * CODES_ON_PAGE < len(screen.codes):
            return go(replace(screen, page=page))
        case ev.Confirm() if screen.awaited is None:
            return go(start_of_day(screen.frame, screen.shift))
        case _:
            return go(screen)


def typed(screen: TypeCitizen | TypeCode, event: ev.Event) -> TypeCitizen | TypeCode | None:
    """The digits after a key of the pad; None when the event is none of its keys."""
    match event:
        case ev.Digit(digit) if 0 <= digit <= 9 and len(screen.typed) < CODE_DIGITS:
            return replace(screen, typed=f"{screen.typed}{digit}")
        case ev.Erase():
            return replace(screen, typed=screen.typed[:-1])
        case _:
            return None


def scanned(screen: TypeCitizen | TypeCode, text: str) -> Step:
    """The other device's QR says the lease and the code: nothing is left to type."""
    return ask(screen, Wait.TAKING, lambda operation: ScanLease(operation, text))


def type_number(screen: TypeCitizen, event: ev.Event) -> Step:
    """Twelve digits of the citizen number."""
    if (after := typed(screen, event)) is not None:
        return key_heard(after)
    match event:
        case ev.Scanned(text):
            return scanned(screen, text)
        case ev.Confirm() if len(screen.typed) == CODE_DIGITS:
            return go(TypeCode(screen.frame, screen.shift, screen.typed))
        case ev.Back():
            return go(MoneyMenu(screen.frame, screen.shift))
        case _:
            return go(screen)


def type_code(screen: TypeCode, event: ev.Event) -> Step:
    """Twelve digits from the telephone."""
    if (after := typed(screen, event)) is not None:
        return key_heard(after)
    match event:
        case ev.Scanned(text):
            return scanned(screen, text)
        case ev.Confirm() if len(screen.typed) == CODE_DIGITS:
            number, code = screen.number, screen.typed
            return ask(screen, Wait.TAKING, lambda operation: TakeLease(operation, number, code))
        case ev.Back():
            return go(TypeCitizen(screen.frame, screen.shift, screen.number))
        case _:
            return go(screen)


def lease_taken(screen: LeaseTaken, event: ev.Event) -> Step:
    """Another month's code, or on to the route."""
    match event:
        case ev.Confirm():
            return go(start_of_day(screen.frame, screen.shift))
        case el.AskAccept() if screen.number:
            return go(TypeCode(screen.frame, screen.shift, screen.number))
        case el.AskAccept():
            return go(TypeCitizen(screen.frame, screen.shift))
        case _:
            return go(screen)


def answered(waiting: Waiting, event: ev.Event) -> Step:
    """Answers to requests of this way."""
    under = waiting.under
    match event, under:
        case el.LeasesListed(_, rows), MoneyMenu():
            return go(ChooseRelease(under.frame, under.shift, rows))
        case el.LeasesReleased(_, shift, row, codes), ConfirmRelease():
            return go(ReleaseCodes(under.frame, shift, row, codes))
        case el.LeaseGot(_, shift, row), TypeCode():
            return go(LeaseTaken(under.frame, shift, row, under.number))
        case el.LeaseGot(_, shift, row), TypeCitizen():
            return go(LeaseTaken(under.frame, shift, row))
        case ev.Refused(_, key), ConfirmRelease() | TypeCitizen() | TypeCode():
            return go(RefusedScreen(under.frame, under.shift, None, key, exact=True))
        case ev.Failed(), _:
            return fault(waiting, event)
        case _:
            return go(waiting)


WAYS: dict[type, Callable[[Any, ev.Event], Step]] = {
    ChooseRelease: choose_release,
    ConfirmRelease: confirm_release,
    ReleaseCodes: release_codes,
    TypeCitizen: type_number,
    TypeCode: type_code,
    LeaseTaken: lease_taken,
}
