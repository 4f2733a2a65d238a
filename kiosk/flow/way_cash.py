"""From an authorised payout to its end: hand over, sign or witness, paper; or void with a count.

From here on there is no way back to the route without an end that the journal knows (M2).
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import events as ev
from kiosk.flow import way_override
from kiosk.flow.effects import Complete, NotePaper, Print, VoidPayout
from kiosk.flow.screens import (
    AtDoor,
    CannotSignReason,
    ChooseWitness,
    HandOverCash,
    Paid,
    Sign,
    SlipOut,
    TakeCard,
    TypeName,
    VoidCount,
    VoidReasonScreen,
    VoidShown,
    Wait,
    Waiting,
)
from kiosk.flow.steps import Step, ask, counted, fault, go, key_heard
from kiosk.flow.values import (
    MAX_POINTS,
    MAX_STROKES,
    STROKE_SIDE,
    CannotSign,
    Count,
    PrintResult,
    Stroke,
    Vnd,
    VoidReason,
)
from kiosk.flow.way_card import next_offer, rows_now, to_route


def hand_over(screen: HandOverCash, event: ev.Event) -> Step:
    """The recipient says "I have it all", or something is wrong."""
    match event:
        case ev.Confirm():
            return go(Sign(screen.frame, screen.shift, screen.visit, screen.offer, screen.payout))
        case ev.Decline():
            return go(
                VoidReasonScreen(screen.frame, screen.shift, screen.visit, screen.offer, screen.payout, screen.handed)
            )
        case _:
            return go(screen)


def sign(screen: Sign, event: ev.Event) -> Step:
    """Strokes on the pad; a stroke out of bounds is not taken."""
    match event:
        case ev.StrokeDrawn(stroke) if len(screen.strokes) < MAX_STROKES and is_stroke(stroke):
            return go(replace(screen, strokes=(*screen.strokes, stroke)))
        case ev.StrokesCleared():
            return go(replace(screen, strokes=()))
        case ev.AskCannotSign():
            return go(CannotSignReason(screen.frame, screen.shift, screen.visit, screen.offer, screen.payout))
        case ev.Confirm() if screen.strokes:
            payout, notes, strokes = screen.payout, screen.offer.hand_over, screen.strokes
            return ask(screen, Wait.COMPLETING, lambda operation: Complete(operation, payout, notes, strokes))
        case ev.Back():
            return go(HandOverCash(screen.frame, screen.shift, screen.visit, screen.offer, screen.payout, handed=True))
        case _:
            return go(screen)


def is_stroke(stroke: Stroke) -> bool:
    """True for a line of 1 to MAX_POINTS points on the pad."""
    inside = all(0 <= x <= STROKE_SIDE and 0 <= y <= STROKE_SIDE for x, y in stroke)
    return 1 <= len(stroke) <= MAX_POINTS and inside


def cannot_sign(screen: CannotSignReason, event: ev.Event) -> Step:
    """Why there is no signature."""
    match event:
        case ev.CannotSignChosen(reason):
            return go(_witness(screen, reason))
        case ev.Back():
            return go(Sign(screen.frame, screen.shift, screen.visit, screen.offer, screen.payout))
        case _:
            return go(screen)


def _witness(screen: CannotSignReason, reason: CannotSign) -> ChooseWitness:
    return ChooseWitness(screen.frame, screen.shift, screen.visit, screen.offer, screen.payout, reason)


def choose_witness(screen: ChooseWitness, event: ev.Event) -> Step:
    """Who saw it."""
    witnesses = screen.visit.household.witnesses
    match event:
        case ev.WitnessChosen(index) if 0 <= index < len(witnesses):
            payout, notes, reason, name = screen.payout, screen.offer.hand_over, screen.reason, witnesses[index]
            return ask(
                screen,
                Wait.COMPLETING,
                lambda operation: Complete(operation, payout, notes, cannot_sign=reason, witness=name),
            )
        case ev.AskName():
            return go(TypeName(screen.frame, screen))
        case ev.Back():
            return go(CannotSignReason(screen.frame, screen.shift, screen.visit, screen.offer, screen.payout))
        case _:
            return go(screen)


def paid(screen: Paid, event: ev.Event) -> Step:
    """The slip, and on to the next one."""
    match event:
        case ev.Printed(operation, result) if operation == screen.awaited:
            return go(replace(screen, awaited=None, result=result))
        case ev.PaperSeen(printed) if screen.result is PrintResult.UNKNOWN and not screen.asked:
            result = PrintResult.PRINTED if printed else PrintResult.FAILED
            seen = replace(screen, result=result, asked=True)
            return go(seen, NotePaper(screen.payout, screen.copy, printed))
        case ev.AskReprint() if screen.awaited is None:
            return _print(screen, screen.copy + 1)
        case ev.Confirm() if screen.awaited is None and screen.result is not PrintResult.UNKNOWN:
            return _onward(screen)
        case _:
            return go(screen)


def _print(screen: Paid, copy: int) -> Step:
    operation = screen.frame.next_operation
    printing = replace(screen, frame=screen.frame.issued(), awaited=operation, copy=copy, result=None, asked=False)
    return go(printing, Print(operation, screen.payout, copy))


def _onward(screen: Paid) -> Step:
    """The payee's next recipient, else the card back, else the route."""
    visit = way_override.after(replace(screen.visit, waiting=screen.visit.waiting[1:]))
    door = AtDoor(screen.frame, screen.shift, visit)
    if visit.waiting:
        return next_offer(door, visit, confirmed=True)
    if screen.frame.card_present:
        return go(TakeCard(screen.frame, screen.shift, visit))
    return go(to_route(door))


def void_reason(screen: VoidReasonScreen, event: ev.Event) -> Step:
    """Why the cash goes back."""
    match event:
        case ev.VoidChosen(reason) if screen.handed:
            return go(_count_back(screen, reason))
        case ev.VoidChosen(reason):
            return go(VoidShown(screen.frame, screen.shift, screen.visit, screen.offer, screen.payout, reason))
        case ev.Back():
            return go(
                HandOverCash(screen.frame, screen.shift, screen.visit, screen.offer, screen.payout, screen.handed)
            )
        case _:
            return go(screen)


def void_shown(screen: VoidShown, event: ev.Event) -> Step:
    """Only what was never shown is voided without a count (M2)."""
    match event:
        case ev.Confirm():
            return go(_count_back(screen, screen.reason))
        case ev.Decline():
            payout, reason = screen.payout, screen.reason
            return ask(screen, Wait.VOIDING, lambda operation: VoidPayout(operation, payout, reason, None))
        case ev.Back():
            return go(VoidReasonScreen(screen.frame, screen.shift, screen.visit, screen.offer, screen.payout))
        case _:
            return go(screen)


def _count_back(screen: VoidReasonScreen | VoidShown, reason: VoidReason) -> VoidCount:
    return VoidCount(screen.frame, screen.shift, screen.visit, screen.offer, screen.payout, reason, Count())


def void_count(screen: VoidCount, event: ev.Event) -> Step:
    """Count the drawer: a void after cash was shown needs it, and there is no way back to saying it was not (M2)."""
    if (count := counted(screen.count, event)) is not None:
        return key_heard(replace(screen, count=count))
    match event:
        case ev.Confirm():
            payout, reason, notes = screen.payout, screen.reason, screen.count.notes
            return ask(screen, Wait.VOIDING, lambda operation: VoidPayout(operation, payout, reason, notes))
        case ev.Back():
            return go(
                VoidReasonScreen(screen.frame, screen.shift, screen.visit, screen.offer, screen.payout, handed=True)
            )
        case _:
            return go(screen)


def answered(waiting: Waiting, event: ev.Event) -> Step:
    """Answers to requests of this way."""
    under = waiting.under
    match event, under:
        case ev.Completed() as done, Sign() | ChooseWitness():
            return _completed(under, done)
        case ev.Voided(), VoidShown() | VoidCount():
            shift = rows_now(under.shift, event.rows)
            return go(SlipOut(under.frame, shift, under.visit, event.reason, event.number, event.result))
        case ev.Failed(), _:
            return fault(waiting, event)
        case _:
            return go(waiting)


def _completed(under: Sign | ChooseWitness, done: ev.Completed) -> Step:
    shift = replace(rows_now(under.shift, done.rows), in_drawer=Vnd(done.in_drawer))
    return _print(Paid(under.frame, shift, under.visit, under.offer, under.payout, None, code=done.code), 0)
