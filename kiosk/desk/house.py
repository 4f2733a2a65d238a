"""Around a household: the agent's plan of the day, kept beside the journal, and whom a key at the pay point means."""

from __future__ import annotations

from dataclasses import replace

from hardware.scanner import card_code
from kiosk import text
from kiosk.desk import checking
from kiosk.desk.books import Books
from kiosk.desk.plan import MAX_NOTE, House
from kiosk.desk.statements import IssuerOf, PrintSlip, read_account, take
from kiosk.flow import events as ev
from kiosk.flow.effects_house import FindPayee, HouseEffect, PlanHouse, ReadAccount, TakeStatement
from kiosk.flow.values_house import CAN_DIGITS, Plan, Scan
from kiosk.payout.rules import local_day

NUMBER_DIGITS = 12


def plan(books: Books, effect: PlanHouse) -> ev.HousePlanned:
    """Keep the change, and answer with the household and the route as they stand now. Raises StoreError, KeyError."""
    now = books.plan
    if effect.plan in (Plan.UP, Plan.DOWN):
        walk = tuple(row.household for row in books.board().rows())
        changed = now.moved(walk, effect.household, -1 if effect.plan is Plan.UP else 1)
    elif effect.plan is Plan.FORM and effect.who is not None:
        changed = now.with_form(effect.who, text.AddressForm(effect.words))
    else:
        changed = now.with_house(_changed(books, now.house(effect.household), effect))
    books.keep_plan(changed)
    board = books.board()
    return ev.HousePlanned(effect.operation, board.household(effect.household), board.rows())


def _changed(books: Books, house: House, effect: PlanHouse) -> House:
    match effect.plan:
        case Plan.COME_BACK:
            today = local_day(books.hours.trusted().now).isoformat()
            return replace(house, come_back_on=today if effect.words else "", come_back_at=effect.words)
        case Plan.NEXT_VISIT:
            return replace(house, next_visit=effect.words)
        case Plan.PHONE:
            owner = "" if effect.owner is None else text.word(effect.owner, "vi")
            return replace(house, phone=effect.words, phone_owner=owner)
        case _:
            return replace(house, note=effect.words[:MAX_NOTE])


def find(books: Books, effect: FindPayee) -> ev.PeopleFound | ev.ReceiptChecked:
    """Whom six digits or a scanned card can mean today. The key says where to look, the chip says who it is.

    A receipt's code names nobody: it is checked on the spot.
    """
    if (receipt := checking.seen(books, effect.key)) is not None:
        return ev.ReceiptChecked(effect.operation, receipt)
    code = card_code(effect.key)
    meant = effect.key if code is None else code.number
    if not (meant.isascii() and meant.isdigit() and len(meant) in {CAN_DIGITS, NUMBER_DIGITS}):
        return ev.PeopleFound(effect.operation)
    found = dict.fromkeys(
        (recipient.household, payee.person.id)
        for recipient in books.pay_list.recipients
        for payee in books.pay_list.payees_of(recipient.person.id)
        if payee.person.number.endswith(meant)
    )
    homes = tuple(dict.fromkeys(home for home, _ in found))
    scan = None if code is None else Scan(effect.key, tuple(dict.fromkeys(payee_id for _, payee_id in found)))
    if len(found) != 1:
        return ev.PeopleFound(effect.operation, homes, scan=scan)
    ((home, payee_id),) = found
    return ev.PeopleFound(effect.operation, homes, books.board().household(home), payee_id, scan)


def perform(books: Books, effect: HouseEffect, issuer: IssuerOf, print_slip: PrintSlip) -> ev.Event:
    """Do one effect of these screens. Raises StoreError."""
    match effect:
        case PlanHouse():
            return plan(books, effect)
        case FindPayee():
            return find(books, effect)
        case TakeStatement():
            return take(books, effect, issuer, print_slip)
        case ReadAccount():
            return read_account(effect)
