"""What an agent does beside the payouts: menu, sync, switch off, and the close of the session (M4).

Counting is blind: the sum that should be there is shown only after the count.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import events as ev
from kiosk.flow import events_money as em
from kiosk.flow.effects import CloseSession, CompareCount, LoadRoute, PrintCashReport, SetVolume, ShutDown, SyncNow
from kiosk.flow.screens import (
    Closed,
    CloseVariance,
    ConfirmShutDown,
    CountClose,
    Menu,
    NewPin,
    RefusedScreen,
    Route,
    Screen,
    SyncState,
    UsbStick,
    Wait,
    Waiting,
)
from kiosk.flow.screens_money import MoneyMenu
from kiosk.flow.steps import Step, ask, counted, fault, go, key_heard, leave
from kiosk.flow.stick import StickState
from kiosk.flow.values import CashReport, Count, VarianceReason
from kiosk.flow.way_in import start_of_day


def menu(screen: Menu, event: ev.Event) -> Step:
    """Everything beside the way."""
    match event:
        case ev.ContrastChosen(high):
            return go(replace(screen, frame=replace(screen.frame, high_contrast=high)))
        case ev.VolumeChosen(percent) if 0 <= percent <= 100:
            return go(replace(screen, frame=replace(screen.frame, volume=percent)), SetVolume(percent))
        case ev.Back():
            return go(replace(screen.under, frame=screen.frame))
        case _:
            return _opened(screen, event)


def _opened(screen: Menu, event: ev.Event) -> Step:
    """What the menu leads to."""
    shift = screen.under.shift
    match event:
        case ev.AskClose():
            return go(CountClose(screen.frame, shift, Count()))
        case ev.AskNewPin():
            return go(NewPin(screen.frame, shift.operator, shift))
        case em.AskMoney():
            return go(MoneyMenu(screen.frame, shift))
        case ev.AskSync():
            return go(SyncState(screen.frame, screen.under), SyncNow())
        case ev.AskShutDown():
            return go(ConfirmShutDown(screen.frame, screen.under))
        case _:
            return go(screen)


def sync_state(screen: SyncState, event: ev.Event) -> Step:
    """Look, try now, and read the route anew: a bundle may have brought new lists."""
    match event:
        case ev.AskSync():
            return go(screen, SyncNow())
        case ev.AskStick():
            return go(UsbStick(screen.frame, screen.under), SyncNow())
        case ev.Back() | ev.Confirm():
            return ask(replace(screen.under, frame=screen.frame), Wait.ROUTE, LoadRoute)
        case _:
            return go(screen)


def usb_stick(screen: UsbStick, event: ev.Event) -> Step:
    """The courier does it all; when the stick is out, what it brought is looked at."""
    match event:
        case ev.Back():
            return go(SyncState(screen.frame, screen.under), SyncNow())
        case ev.Confirm() if screen.frame.stick.state is StickState.DONE:
            return go(SyncState(screen.frame, screen.under), SyncNow())
        case _:
            return go(screen)


def stick_put_in(screen: Screen, before: StickState) -> Screen:
    """A stick that begins to talk shows its page where an agent is between visits, and nowhere else.

    Never before a recipient, nor over anything that was begun: there it is copied all the same, without a word.
    """
    now = screen.frame.stick.state
    if now is StickState.NONE or (before is not StickState.NONE and (now is not StickState.MOVING or now is before)):
        return screen
    match screen:
        case Route():
            return UsbStick(screen.frame, screen)
        case Menu() | SyncState():
            return UsbStick(screen.frame, screen.under)
        case _:
            return screen


def confirm_shut_down(screen: ConfirmShutDown, event: ev.Event) -> Step:
    """Twice asked, once done."""
    match event:
        case ev.Confirm():
            return go(screen, ShutDown())
        case ev.Back() | ev.Decline():
            return go(screen.under)
        case _:
            return go(screen)


def count_close(screen: CountClose, event: ev.Event) -> Step:
    """Count the drawer without being told what should be there."""
    if (count := counted(screen.count, event)) is not None:
        return key_heard(replace(screen, count=count))
    match event:
        case ev.Confirm():
            notes = screen.count.notes
            return ask(screen, Wait.COMPARING, lambda operation: CompareCount(operation, notes))
        case ev.Back():
            return go(start_of_day(screen.frame, screen.shift))
        case _:
            return go(screen)


def close_variance(screen: CloseVariance, event: ev.Event) -> Step:
    """A difference wants a reason; none wants only a yes."""
    balanced = screen.report.variance == 0
    match event:
        case ev.VarianceChosen(reason) if not balanced and reason is not VarianceReason.NONE:
            return go(replace(screen, reason=reason))
        case ev.Confirm() if balanced or screen.reason is not None:
            notes, reason = screen.count.notes, screen.reason or VarianceReason.NONE
            return ask(screen, Wait.CLOSING, lambda operation: CloseSession(operation, notes, reason))
        case ev.Back():
            return go(CountClose(screen.frame, screen.shift, screen.count))
        case _:
            return go(screen)


def closed(screen: Closed, event: ev.Event) -> Step:
    """The report in hand, sign out."""
    match event:
        case ev.Printed(operation, result) if operation == screen.awaited:
            return go(replace(screen, awaited=None, result=result))
        case ev.AskReprint() if screen.awaited is None:
            return _print(screen)
        case ev.Confirm() | ev.Back():
            return leave(screen.frame)
        case _:
            return go(screen)


def _print(screen: Closed) -> Step:
    operation = screen.frame.next_operation
    printing = replace(screen, frame=screen.frame.issued(), awaited=operation, result=None)
    return go(printing, PrintCashReport(operation))


def answered(waiting: Waiting, event: ev.Event) -> Step:
    """Answers to requests of this way."""
    under = waiting.under
    match event, under:
        case ev.RouteLoaded(_, rows), Route():
            return go(Route(under.frame, replace(under.shift, rows=rows)))
        case ev.CountCompared(_, report), CountClose():
            return go(CloseVariance(under.frame, under.shift, under.count, report))
        case ev.SessionClosed(_, report), CloseVariance():
            return _closed(under, report)
        case ev.Refused(_, key), CountClose() | CloseVariance():
            return go(RefusedScreen(under.frame, under.shift, None, key))
        case ev.Failed(), _:
            return fault(waiting, event)
        case _:
            return go(waiting)


def _closed(under: CloseVariance, report: CashReport) -> Step:
    shift = replace(under.shift, session_open=False, session_of=None)
    return _print(Closed(under.frame, shift, report, None))
