"""What somebody says that moves no money: written down first, on a numbered slip, and then the way goes on.

A sum that is disputed is never edited here. The recipient takes it with a complaint, or leaves it; either way there is
paper in hand.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import events as ev
from kiosk.flow.effects import RecordUnpaid
from kiosk.flow.effects_house import TakeStatement
from kiosk.flow.effects_money import PrintNotice
from kiosk.flow.screens import (
    AtDoor,
    AtHouse,
    ConfirmFace,
    Disputed,
    LayCard,
    Screen,
    ShowOffer,
    SlipOut,
    UnpaidReasonScreen,
    Wait,
    Waiting,
)
from kiosk.flow.screens_wish import MissingPapers, ReviewData, SignStatement
from kiosk.flow.steps import Step, ask, go
from kiosk.flow.values import CardTrouble, Face, UnpaidReason, VoidReason
from kiosk.flow.values_house import Statement
from kiosk.flow.way_card import show_offer
from kiosk.payout.statements import StatementKind


def disputed(screen: Disputed, event: ev.Event) -> Step:
    """Take it with a complaint, leave it, or look at the sum again."""
    offer = ShowOffer(screen.frame, screen.shift, screen.visit, screen.offer)
    match event:
        case ev.Confirm():
            return _about_sum(screen, StatementKind.SUM_ACCEPTED)
        case ev.Decline():
            return _about_sum(screen, StatementKind.SUM_DECLINED)
        case ev.Back():
            return go(offer)
        case ev.CardTaken() if screen.visit.needs_card:
            return show_offer(offer, event)
        case _:
            return go(screen)


def _about_sum(screen: Disputed, about: StatementKind) -> Step:
    said = Statement(about, screen.offer.recipient.id, total=screen.offer.total)
    return ask(screen, Wait.HOUSE, lambda operation: TakeStatement(operation, said))


def state(under: AtHouse, said: Statement) -> Step:
    """Write down what is said at this household."""
    return ask(under, Wait.HOUSE, lambda operation: TakeStatement(operation, said))


def kept(waiting: Waiting, event: ev.StatementKept) -> Step:
    """It has its number now."""
    match waiting.under:
        case Disputed(frame, shift, visit, offer):
            return go(SlipOut(frame, shift, visit, event.about, event.number, event.result, offer))
        case ReviewData(frame, shift, visit, face):
            return go(SlipOut(frame, shift, visit, event.about, event.number, event.result, face=face))
        case AtHouse() | SignStatement() | MissingPapers() as under:
            frame, shift, visit = under.frame, under.shift, under.visit
            return go(SlipOut(frame, shift, visit, event.about, event.number, event.result))
        case _:
            return go(waiting)


def slip_out(screen: SlipOut, event: ev.Event) -> Step:
    """On with what was begun: the payout, the visit that ends unpaid, the door, or the household."""
    match event:
        case ev.Printed(operation, result) if operation == screen.awaited:
            return go(replace(screen, awaited=None, result=result))
        case ev.AskReprint() if screen.awaited is None:
            operation = screen.frame.next_operation
            return go(replace(screen, frame=screen.frame.issued(), awaited=operation), PrintNotice(operation))
        case ev.CardTaken() if screen.face is not None:
            return go(replace(screen, visit=replace(screen.visit, reading=None)))
        case ev.Confirm() if screen.awaited is None:
            return _onward(screen)
        case _:
            return go(screen)


def _onward(screen: SlipOut) -> Step:
    if screen.face is not None:
        return go(_with_the_card(screen, screen.face))
    household = screen.visit.household.row.household
    if isinstance(screen.about, VoidReason):
        return go(AtDoor(screen.frame, screen.shift, replace(screen.visit, payee=None, reading=None, waiting=())))
    if screen.offer is None:
        return go(AtHouse(screen.frame, screen.shift, screen.visit))
    if screen.about is StatementKind.SUM_ACCEPTED:
        return show_offer(ShowOffer(screen.frame, screen.shift, screen.visit, screen.offer), ev.Confirm())
    ended = UnpaidReasonScreen(screen.frame, screen.shift, screen.visit)
    return ask(ended, Wait.NOTING, lambda operation: RecordUnpaid(operation, household, UnpaidReason.REFUSED))


def _with_the_card(screen: SlipOut, face: Face) -> Screen:
    """The face is still to be confirmed; a card that left meanwhile is asked for again."""
    if screen.visit.reading is None:
        return LayCard(screen.frame, screen.shift, screen.visit, CardTrouble.REMOVED)
    return ConfirmFace(screen.frame, screen.shift, screen.visit, face)
