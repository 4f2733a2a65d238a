"""Typing a name that is in no list: another witness, another person who hands out cash.

A list that lacks the neighbour who is standing there must not end a visit.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import events as ev
from kiosk.flow.effects import Complete, OpenSession
from kiosk.flow.screens import ChooseSource, TypeName, Wait
from kiosk.flow.screens_money import ChooseSecond
from kiosk.flow.screens_override import OverrideWitness
from kiosk.flow.steps import Step, ask, go, key_heard
from kiosk.flow.telex import MAX_KEYS, compose, fits
from kiosk.flow.way_money import with_second
from kiosk.flow.way_override import with_witness

MIN_NAME = 2


def name_of(screen: TypeName) -> str:
    """The name as it stands now."""
    return compose(screen.keys).strip()


def type_name(screen: TypeName, event: ev.Event) -> Step:
    """Letters, a space, back one key, and done when there is a name."""
    match event:
        case ev.Letter(key) if len(screen.keys) < MAX_KEYS and fits(screen.keys, key):
            return key_heard(replace(screen, keys=screen.keys + key))
        case ev.Erase():
            return key_heard(replace(screen, keys=screen.keys[:-1]))
        case ev.OtherLetters():
            return go(replace(screen, second=not screen.second))
        case ev.Confirm() if len(name_of(screen)) >= MIN_NAME:
            return _named(screen, name_of(screen))
        case ev.Back():
            return go(screen.under)
        case _:
            return go(screen)


def _named(screen: TypeName, name: str) -> Step:
    under = screen.under
    if isinstance(under, ChooseSource):
        notes = under.count.notes
        return ask(under, Wait.OPENING, lambda operation: OpenSession(operation, notes, name))
    if isinstance(under, ChooseSecond):
        return with_second(under, name)
    if isinstance(under, OverrideWitness):
        return with_witness(under, name)
    payout, hand_over, reason = under.payout, under.offer.hand_over, under.reason
    return ask(
        under,
        Wait.COMPLETING,
        lambda operation: Complete(operation, payout, hand_over, cannot_sign=reason, witness=name),
    )
