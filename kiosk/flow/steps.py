"""The few moves that all ways are made of: stay, go, ask the desk and wait, type a count.

They keep the numbering of operations in one place: whoever asks goes through ``ask`` and cannot reuse a number.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.flow import events as ev
from kiosk.flow.effects import Beep, Effect, LockStore
from kiosk.flow.screens import FaultScreen, Idle, Screen, Stable, Wait, Waiting, with_frame
from kiosk.flow.values import Count, Frame, OperationId

Step = tuple[Screen, tuple[Effect, ...]]
Request = Callable[[OperationId], Effect]


def go(screen: Screen, *effects: Effect) -> Step:
    """The next screen, and what is to be done on the way."""
    return screen, effects


def leave(frame: Frame) -> Step:
    """Sign out: the idle screen, and the key out of memory."""
    return go(Idle(frame), LockStore())


def ask(under: Stable, wait: Wait, request: Request) -> Step:
    """Send a request and wait for its one answer; ``under`` keeps what the answer will need."""
    operation = under.frame.next_operation
    frame = under.frame.issued()
    return go(Waiting(frame, wait, operation, with_frame(under, frame)), request(operation))


def fault(waiting: Waiting, failed: ev.Failed) -> Step:
    """The device could not do it: say so, and offer the screen it was asked from."""
    return go(FaultScreen(waiting.frame, failed.trouble, waiting.under))


def counted(count: Count, event: ev.Event) -> Count | None:
    """The count after a key of its pad; None when the event is none of its keys."""
    match event:
        case ev.Digit(digit):
            return count.digit(digit)
        case ev.Erase():
            return count.erase()
        case ev.NoteChosen(index):
            return count.choose(index)
        case ev.NextNote():
            return count.next()
        case _:
            return None


def key_heard(screen: Screen) -> Step:
    """A key of a pad was taken: one short beep, never a spoken digit."""
    return go(screen, Beep())
