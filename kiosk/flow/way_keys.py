"""A new PIN in three answers: what proves you, the new one, the new one again.

The desk is asked once, at the end: a code is spent only together with the PIN that it brings.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import events as ev
from kiosk.flow.effects import Beep, ChangePin, LockStore, RedeemCode
from kiosk.flow.screens import EnterPin, Idle, Menu, NewPin, Route, Screen
from kiosk.flow.screens_keys import CODE_DIGITS, PinStage
from kiosk.flow.steps import Step, go, key_heard
from kiosk.flow.values import PIN_MIN, PinFault
from kiosk.flow.way_in import start_of_day


def new_pin(screen: NewPin, event: ev.Event) -> Step:
    """Digits, one stage after the other, and back to where it was asked."""
    if screen.awaited is not None:
        return _asked(screen, event)
    match event:
        case ev.Back() | ev.Confirm() if screen.stage is PinStage.DONE:
            return go(_home(screen))
        case _ if screen.stage is PinStage.DONE:
            return go(screen)
        case ev.Digit(digit) if 0 <= digit <= 9 and len(screen.typed) < screen.most and not _shut(screen):
            return key_heard(replace(screen, typed=f"{screen.typed}{digit}", fault=None))
        case ev.Erase():
            return key_heard(replace(screen, typed=screen.typed[:-1]))
        case ev.Confirm() if len(screen.typed) >= _least(screen):
            return _next(screen)
        case ev.Back():
            return go(_home(screen))
        case _:
            return go(screen)


def locked(screen: NewPin) -> Step:
    """A lock drops what was typed; a desk that was asked is awaited first."""
    if screen.awaited is not None:
        return go(screen)
    if screen.shift is None:
        return go(Idle(screen.frame))
    return go(EnterPin(screen.frame, screen.operator, under=Route(screen.frame, screen.shift)), LockStore())


def _shut(screen: NewPin) -> bool:
    """The own slot is locked; another code may still be typed."""
    return screen.tries_left == 0 and not screen.by_code


def _least(screen: NewPin) -> int:
    return CODE_DIGITS if screen.most == CODE_DIGITS else PIN_MIN


def _home(screen: NewPin) -> Screen:
    if screen.shift is None:
        return EnterPin(screen.frame, screen.operator)
    route = Route(screen.frame, screen.shift)
    return route if screen.stage is PinStage.DONE else Menu(screen.frame, route)


def _next(screen: NewPin) -> Step:
    match screen.stage:
        case PinStage.PROOF:
            return go(replace(screen, stage=PinStage.NEW, proof=screen.typed, typed="", tries_left=None))
        case PinStage.NEW:
            return go(replace(screen, stage=PinStage.AGAIN, new=screen.typed, typed=""))
        case _ if screen.typed != screen.new:
            return go(_again(screen, PinFault.DIFFERENT), Beep())
        case _:
            return _ask(screen)


def _again(screen: NewPin, fault: PinFault) -> NewPin:
    return replace(screen, stage=PinStage.NEW, typed="", new="", awaited=None, fault=fault)


def _ask(screen: NewPin) -> Step:
    operation = screen.frame.next_operation
    waiting = replace(screen, frame=screen.frame.issued(), typed="", awaited=operation)
    if screen.by_code:
        return go(waiting, RedeemCode(operation, screen.operator.id, screen.proof, screen.new))
    return go(waiting, ChangePin(operation, screen.proof, screen.new))


def _asked(screen: NewPin, event: ev.Event) -> Step:
    if getattr(event, "operation", None) != screen.awaited:
        return go(screen)
    match event:
        case ev.PinChanged():
            return go(replace(screen, stage=PinStage.DONE, proof="", new="", awaited=None))
        case ev.SignedIn(_, shift):
            return go(start_of_day(screen.frame, shift))
        case ev.PinRejected(_, why):
            return go(_again(screen, why), Beep())
        case ev.SignInRefused(_, left):
            return go(_proof_again(screen, PinFault.WRONG_PROOF, left), Beep())
        case ev.Failed():
            return go(_proof_again(screen, PinFault.NOT_DONE, None), Beep())
        case _:
            return go(screen)


def _proof_again(screen: NewPin, fault: PinFault, left: int | None) -> NewPin:
    first = replace(screen, stage=PinStage.PROOF, typed="", proof="", new="", awaited=None)
    return replace(first, fault=fault, tries_left=left)
