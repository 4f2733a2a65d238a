"""From the idle screen to a working day: operator, PIN, date, uncertain payouts, cash float.

Uncertain payouts come ahead of everything else (M2): ``start_of_day`` is the one place that says what is first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kiosk.flow import events as ev
from kiosk.flow.effects import Beep, ListOperators, OpenSession, ResolveUncertain, SetClock, SignIn, SyncNow
from kiosk.flow.halt import Halt
from kiosk.flow.screens import (
    ChooseOperator,
    ChooseSource,
    CountClose,
    CountFloat,
    EnterPin,
    Halted,
    HelpScreen,
    Idle,
    NewPin,
    Queue,
    RefusedScreen,
    Route,
    Screen,
    SetDate,
    Stable,
    StillThere,
    TypeName,
    UncertainCount,
    UncertainDecide,
    UncertainFound,
    Wait,
    Waiting,
    shift_of,
    with_frame,
)
from kiosk.flow.screens_money import OtherSession
from kiosk.flow.steps import Step, ask, counted, fault, go, key_heard, leave
from kiosk.flow.values import PIN_MAX, PIN_MIN, Count, Frame, Profile, Shift

OPERATORS_ON_PAGE = 4


def start_of_day(frame: Frame, shift: Shift) -> Stable:
    """The first screen of a signed-in operator: uncertain payouts, why the device pays nothing, date, cash, route."""
    if shift.uncertain:
        return UncertainFound(frame, shift, shift.uncertain[0])
    if frame.halt is not Halt.NONE:
        return Halted(frame, shift)
    if not frame.time_proven:
        return SetDate(frame, shift)
    if shift.session_of is not None:
        return OtherSession(frame, shift)
    if not shift.session_open:
        return CountFloat(frame, shift, Count())
    return Queue(frame, shift) if frame.profile is Profile.PAY_POINT else Route(frame, shift)


def idle(screen: Idle, event: ev.Event) -> Step:
    """Wake up: ask who may sign in."""
    match event:
        case ev.Begin() if screen.frame.halt is Halt.WIPED:
            return go(Halted(screen.frame, None))
        case ev.Begin() if screen.awaited is None:
            operation = screen.frame.next_operation
            return go(Idle(screen.frame.issued(), operation), ListOperators(operation))
        case ev.OperatorsListed(operation, operators) if operation == screen.awaited:
            return go(ChooseOperator(screen.frame, operators))
        case ev.Scrolled(page) if 0 <= page < len(screen.frame.notices):
            return go(replace(screen, page=page))
        case ev.Failed(operation) if operation == screen.awaited:
            return go(Idle(screen.frame))
        case _:
            return go(screen)


def choose_operator(screen: ChooseOperator, event: ev.Event) -> Step:
    """Who works today."""
    match event:
        case ev.OperatorChosen(operator):
            chosen = [each for each in screen.operators if each.id == operator]
            return go(EnterPin(screen.frame, chosen[0]) if chosen else screen)
        case ev.Scrolled(page) if 0 <= page * OPERATORS_ON_PAGE < len(screen.operators):
            return go(replace(screen, page=page))
        case ev.Back():
            return go(Idle(screen.frame))
        case _:
            return go(screen)


def enter_pin(screen: EnterPin, event: ev.Event) -> Step:
    """Type, try, and come in or back to where the lock fell."""
    if screen.awaited is not None:
        return _tried(screen, event)
    match event:
        case ev.Digit(digit) if 0 <= digit <= 9 and len(screen.typed) < PIN_MAX and screen.tries_left != 0:
            return key_heard(replace(screen, typed=f"{screen.typed}{digit}"))
        case ev.Erase():
            return key_heard(replace(screen, typed=screen.typed[:-1]))
        case ev.Confirm() if len(screen.typed) >= PIN_MIN:
            operation = screen.frame.next_operation
            waiting = replace(screen, typed="", awaited=operation)
            sign_in = SignIn(operation, screen.operator.id, screen.typed, resumes=screen.under is not None)
            return go(with_frame(waiting, screen.frame.issued()), sign_in)
        case ev.AskNewPin() if screen.tries_left is not None:
            return go(NewPin(screen.frame, screen.operator, None))
        case ev.Back():
            return leave(screen.frame)
        case _:
            return go(screen)


def _tried(screen: EnterPin, event: ev.Event) -> Step:
    match event:
        case ev.SignedIn(operation, shift) if operation == screen.awaited:
            return go(_resumed(screen, shift))
        case ev.SignInRefused(operation, left) if operation == screen.awaited:
            return go(replace(screen, awaited=None, tries_left=left), Beep())
        case ev.Failed(operation) if operation == screen.awaited:
            return go(replace(screen, awaited=None))
        case _:
            return go(screen)


def _resumed(screen: EnterPin, shift: Shift) -> Screen:
    """Where the lock fell, if the same operator is back; otherwise the start of a day."""
    before = None if screen.under is None else shift_of(screen.under)
    if screen.under is None or before is None or before.operator.id != shift.operator.id:
        return start_of_day(screen.frame, shift)
    return screen.under


def halted(screen: Halted, event: ev.Event) -> Step:
    """Try the line, count the drawer, or sign out: nothing is paid, so nothing else leads on from here."""
    match event:
        case ev.AskSync():
            return go(screen, SyncNow())
        case ev.AskClose() if screen.shift is not None and closable(screen.shift):
            return go(CountClose(screen.frame, screen.shift, Count()))
        case ev.Back() if screen.shift is not None:
            return leave(screen.frame)
        case _:
            return go(screen)


def closable(shift: Shift) -> bool:
    """The operator's own session is open: only who answers for the cash counts it."""
    return shift.session_open and shift.session_of is None


def halt_seen(screen: Screen) -> Screen:
    """Where a halt that came or went leads: nobody starts anything on a device that pays nothing."""
    frame, shift = screen.frame, shift_of(screen)
    match screen:
        case EnterPin(under=Halted()) if frame.halt is Halt.NONE:
            return replace(screen, under=None)
        case Halted() | HelpScreen(under=Halted()) | StillThere(under=Halted()) if frame.halt is Halt.NONE:
            return Idle(frame) if shift is None else start_of_day(frame, shift)
        case Route() | Queue() | SetDate() | CountFloat() | ChooseSource() if frame.halt is not Halt.NONE:
            return Halted(frame, shift)
        case _:
            return Halted(frame, None) if frame.halt is Halt.WIPED else screen


def set_date(screen: SetDate, event: ev.Event) -> Step:
    """Eight digits ddmmyyyy; a date that does not exist is said to be wrong."""
    match event:
        case ev.Digit(digit) if 0 <= digit <= 9 and len(screen.typed) < 8:
            return key_heard(replace(screen, typed=f"{screen.typed}{digit}", wrong=False))
        case ev.Erase():
            return key_heard(replace(screen, typed=screen.typed[:-1], wrong=False))
        case ev.Confirm():
            return _stated(screen)
        case ev.Back():
            return leave(screen.frame)
        case _:
            return go(screen)


def _stated(screen: SetDate) -> Step:
    digits = screen.typed
    try:
        stated = date(int(digits[4:8] or 0), int(digits[2:4] or 0), int(digits[:2] or 0))
    except ValueError:
        return go(replace(screen, wrong=True, typed=""))
    return ask(replace(screen, typed=""), Wait.SETTLING, lambda operation: SetClock(operation, stated))


def uncertain_found(screen: UncertainFound, event: ev.Event) -> Step:
    """Explain, then count. It can be put off only by locking: no payout passes it."""
    match event:
        case ev.Confirm():
            return go(UncertainCount(screen.frame, screen.shift, screen.case, Count()))
        case ev.Back():
            return leave(screen.frame)
        case _:
            return go(screen)


def uncertain_count(screen: UncertainCount, event: ev.Event) -> Step:
    """Count the drawer."""
    if (count := counted(screen.count, event)) is not None:
        return key_heard(replace(screen, count=count))
    match event:
        case ev.Confirm():
            return go(UncertainDecide(screen.frame, screen.shift, screen.case, screen.count))
        case ev.Back():
            return go(UncertainFound(screen.frame, screen.shift, screen.case))
        case _:
            return go(screen)


def uncertain_decide(screen: UncertainDecide, event: ev.Event) -> Step:
    """The operator decides; the device never does."""
    match event:
        case ev.OutcomeChosen(outcome):
            payout, notes = screen.case.payout, screen.count.notes
            return ask(screen, Wait.SETTLING, lambda operation: ResolveUncertain(operation, payout, outcome, notes))
        case ev.Back():
            return go(UncertainCount(screen.frame, screen.shift, screen.case, screen.count))
        case _:
            return go(screen)


def count_float(screen: CountFloat, event: ev.Event) -> Step:
    """What lies in the bag this morning."""
    if (count := counted(screen.count, event)) is not None:
        return key_heard(replace(screen, count=count))
    match event:
        case ev.Confirm():
            return go(ChooseSource(screen.frame, screen.shift, screen.count))
        case ev.Back():
            return leave(screen.frame)
        case _:
            return go(screen)


def choose_source(screen: ChooseSource, event: ev.Event) -> Step:
    """From whom: cash changes hands between two named people (M4)."""
    match event:
        case ev.SourceChosen(index) if 0 <= index < len(screen.shift.sources):
            source, notes = screen.shift.sources[index], screen.count.notes
            return ask(screen, Wait.OPENING, lambda operation: OpenSession(operation, notes, source))
        case ev.AskName():
            return go(TypeName(screen.frame, screen))
        case ev.Back():
            return go(CountFloat(screen.frame, screen.shift, screen.count))
        case _:
            return go(screen)


def answered(waiting: Waiting, event: ev.Event) -> Step:
    """Answers to requests of this way."""
    shift, frame = shift_of(waiting.under), waiting.frame
    match event:
        case ev.SessionOpened(_, now) | ev.UncertainSettled(_, now):
            return go(start_of_day(frame, now))
        case ev.ClockAccepted() if shift is not None:
            return go(start_of_day(replace(frame, time_proven=True), shift))
        case ev.Refused(_, key) if shift is not None:
            return go(RefusedScreen(frame, shift, None, key))
        case ev.Failed():
            return fault(waiting, event)
        case _:
            return go(waiting)
