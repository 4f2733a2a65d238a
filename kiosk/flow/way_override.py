"""A payout without a card (chi đặc cách): the reason, a witness, and somebody else who agrees (plan §6).

The agent never agrees alone: a supervisor lays the own card, or the office says a code that is good for this person
and this sum once. Then the recipient sees the sum like anybody else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk.flow import events as ev
from kiosk.flow import events_override as eo
from kiosk.flow.effects import StopReading
from kiosk.flow.effects_override import AskOverride, GiveCode, ReadSupervisor
from kiosk.flow.screens import (
    AtDoor,
    LayCard,
    RefusedScreen,
    ShowOffer,
    TypeName,
    Wait,
    Waiting,
)
from kiosk.flow.screens_cash import Visit
from kiosk.flow.screens_override import (
    ChooseSupervisor,
    OverrideCode,
    OverrideConsent,
    OverrideSay,
    OverrideWhy,
    OverrideWitness,
    SupervisorCard,
    SupervisorFace,
)
from kiosk.flow.steps import Step, ask, fault, go, key_heard
from kiosk.flow.values import CardTrouble, OperationId, OperatorName
from kiosk.flow.values_money import CODE_DIGITS
from kiosk.flow.values_override import BY_OVERRIDE, Override
from kiosk.payout.names import ConsentWay

MOST_SUPERVISORS = 4
Agreeing = OverrideConsent | OverrideSay | OverrideCode | ChooseSupervisor | SupervisorCard | SupervisorFace


def offered(screen: LayCard | RefusedScreen) -> bool:
    """Whether the district lets this visit go on without a card."""
    if not screen.shift.override or screen.visit is None or screen.visit.payee is None or not screen.visit.waiting:
        return False
    if isinstance(screen, LayCard):  # while a card lies there it is tried again
        return screen.trouble is None or not screen.frame.card_present
    return screen.exact and screen.key in BY_OVERRIDE


def begin(screen: LayCard | RefusedScreen) -> Step:
    """There is no card that proves the person."""
    if screen.visit is None or not offered(screen):
        return go(screen)
    return go(OverrideWhy(screen.frame, screen.shift, replace(screen.visit, reading=None, card_left=False)))


def why(screen: OverrideWhy, event: ev.Event) -> Step:
    """What is wrong with the card."""
    match event:
        case eo.OverrideBecause(reason):
            return go(OverrideWitness(screen.frame, screen.shift, screen.visit, reason))
        case ev.Back():
            return go(_door(screen))
        case _:
            return go(screen)


def witness(screen: OverrideWitness, event: ev.Event) -> Step:
    """Somebody of the house, or a name that is typed."""
    names = screen.visit.household.witnesses
    match event:
        case ev.WitnessChosen(index) if 0 <= index < len(names):
            return with_witness(screen, names[index])
        case ev.AskName():
            return go(TypeName(screen.frame, screen))
        case ev.Back():
            return go(OverrideWhy(screen.frame, screen.shift, screen.visit))
        case _:
            return go(screen)


def with_witness(screen: OverrideWitness, name: str) -> Step:
    """Ask the rules what would be paid if somebody agreed."""
    visit, reason = screen.visit, screen.reason
    if visit.payee is None or not visit.waiting:
        return go(_door(screen))
    payee, recipient = visit.payee.person.id, visit.waiting[0]
    return ask(screen, Wait.ASKING, lambda operation: AskOverride(operation, payee, recipient, reason, name))


def consent(screen: OverrideConsent, event: ev.Event) -> Step:
    """How somebody agrees."""
    people = screen.asked.supervisors
    match event:
        case eo.ConsentChosen(ConsentWay.TELEPHONE):
            return go(OverrideSay(screen.frame, screen.shift, screen.visit, screen.asked))
        case eo.ConsentChosen(ConsentWay.CARD) if len(people) == 1:
            return go(_card(screen, people[0]))
        case eo.ConsentChosen(ConsentWay.CARD) if people:
            return go(ChooseSupervisor(screen.frame, screen.shift, screen.visit, screen.asked))
        case ev.Back():
            return go(_door(screen))
        case _:
            return go(screen)


def say(screen: OverrideSay, event: ev.Event) -> Step:
    """Read out; then hear."""
    match event:
        case ev.Confirm():
            return go(OverrideCode(screen.frame, screen.shift, screen.visit, screen.asked))
        case ev.Back():
            return go(_again(screen))
        case _:
            return go(screen)


def code(screen: OverrideCode, event: ev.Event) -> Step:
    """Twelve digits from the office."""
    match event:
        case ev.Digit(digit) if 0 <= digit <= 9 and len(screen.typed) < CODE_DIGITS:
            return key_heard(replace(screen, typed=f"{screen.typed}{digit}", wrong=None))
        case ev.Erase():
            return key_heard(replace(screen, typed=screen.typed[:-1], wrong=None))
        case ev.Confirm() if len(screen.typed) == CODE_DIGITS:
            typed = screen.typed
            return ask(screen, Wait.AGREEING, lambda operation: GiveCode(operation, typed))
        case ev.Back():
            return go(OverrideSay(screen.frame, screen.shift, screen.visit, screen.asked))
        case _:
            return go(screen)


def choose_supervisor(screen: ChooseSupervisor, event: ev.Event) -> Step:
    """Whose card."""
    match event:
        case eo.SupervisorChosen(supervisor):
            found = [each for each in screen.asked.supervisors if each.id == supervisor]
            return go(_card(screen, found[0]) if found else screen)
        case ev.Back():
            return go(_again(screen))
        case _:
            return go(screen)


def supervisor_card(screen: SupervisorCard, event: ev.Event) -> Step:
    """The card is laid and read; a reading that was given up is nobody's."""
    match event:
        case ev.CardLaid() if screen.awaited is None:
            return _read(screen)
        case ev.Confirm() if screen.awaited is None and screen.frame.card_present:
            return _read(screen)
        case ev.CardTaken() if screen.awaited is not None:
            return go(replace(screen, awaited=None, trouble=CardTrouble.REMOVED), StopReading(screen.awaited))
        case ev.Back():
            stop = () if screen.awaited is None else (StopReading(screen.awaited),)
            return go(_again(screen), *stop)
        case _:
            return _card_said(screen, event)


def _card_said(screen: SupervisorCard, event: ev.Event) -> Step:
    """What the reading that is awaited brought."""
    match event:
        case ev.CardRead(operation, face) if operation == screen.awaited:
            place = (screen.frame, screen.shift, screen.visit, screen.asked, screen.supervisor)
            return go(SupervisorFace(*place, face, operation))
        case ev.CardFailed(operation, trouble) if operation == screen.awaited:
            return go(replace(screen, awaited=None, trouble=trouble))
        case ev.Refused(operation, key) if operation == screen.awaited:
            return go(RefusedScreen(screen.frame, screen.shift, screen.visit, key, exact=True))
        case ev.Failed(operation) if operation == screen.awaited:
            return go(replace(screen, awaited=None, trouble=CardTrouble.UNREADABLE))
        case _:
            return go(screen)


def supervisor_face(screen: SupervisorFace, event: ev.Event) -> Step:
    """The agent looks: yes, and the recipient sees the sum."""
    match event:
        case ev.Confirm():
            asked = replace(screen.asked, supervisor=screen.supervisor)
            return go(_shown(replace(screen, asked=asked), screen.reading))
        case ev.CardTaken():
            return go(
                replace(_card(screen, screen.supervisor), trouble=CardTrouble.REMOVED), StopReading(screen.reading)
            )
        case ev.Decline() | ev.Back():
            return go(_again(screen), StopReading(screen.reading))
        case _:
            return go(screen)


def _read(screen: SupervisorCard) -> Step:
    operation, who = screen.frame.next_operation, screen.supervisor.id
    reading = replace(screen, frame=screen.frame.issued(), awaited=operation, trouble=None)
    return go(reading, ReadSupervisor(operation, who))


def _card(screen: Agreeing, who: OperatorName) -> SupervisorCard:
    return SupervisorCard(screen.frame, screen.shift, screen.visit, screen.asked, who)


def _again(screen: Agreeing) -> OverrideConsent:
    return OverrideConsent(screen.frame, screen.shift, screen.visit, screen.asked)


def _shown(screen: Agreeing, agreed: OperationId) -> ShowOffer:
    visit = replace(screen.visit, reading=agreed, override=screen.asked)
    return ShowOffer(screen.frame, screen.shift, visit, screen.asked.offer)


def _door(screen: OverrideWhy | OverrideWitness | OverrideConsent) -> AtDoor:
    visit = replace(screen.visit, payee=None, reading=None, waiting=(), card_left=False, override=None)
    return AtDoor(screen.frame, screen.shift, visit)


def card_gone(screen: ShowOffer, asked: Override) -> Step:
    """The card that agreed is gone before it signed: lay it again, or choose again how somebody agrees."""
    visit = replace(screen.visit, reading=None, override=None)
    again = OverrideConsent(screen.frame, screen.shift, visit, replace(asked, supervisor=None))
    if asked.supervisor is None:
        return go(again)
    return go(replace(_card(again, asked.supervisor), trouble=CardTrouble.REMOVED))


def after(visit: Visit) -> Visit:
    """A payout that somebody agreed to is over: the next one is another person's business."""
    return visit if visit.override is None else replace(visit, reading=None, override=None, waiting=())


def answered(waiting: Waiting, event: ev.Event) -> Step:
    """Answers to requests of this way."""
    under = waiting.under
    match event, under:
        case eo.OverrideReady(_, offer, device, request, supervisors), OverrideWitness():
            asked = Override(under.reason, offer, device, request, supervisors[:MOST_SUPERVISORS])
            return go(OverrideConsent(under.frame, under.shift, under.visit, asked))
        case eo.OverrideAgreed(operation), OverrideCode():
            return go(_shown(under, operation))
        case ev.Refused(_, key), OverrideCode():
            return go(replace(under, typed="", wrong=key))
        case ev.Refused(_, key), OverrideWitness():
            return go(RefusedScreen(under.frame, under.shift, under.visit, key, exact=True))
        case ev.Failed(), _:
            return fault(waiting, event)
        case _:
            return go(waiting)


WAYS: dict[type, Callable[[Any, ev.Event], Step]] = {
    OverrideWhy: why,
    OverrideWitness: witness,
    OverrideConsent: consent,
    OverrideSay: say,
    OverrideCode: code,
    ChooseSupervisor: choose_supervisor,
    SupervisorCard: supervisor_card,
    SupervisorFace: supervisor_face,
}
