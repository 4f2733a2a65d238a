"""Around a household: where it stands in the walk, when to come back, whose telephone, what to remember.

All of it is the agent's own plan of the day. Nothing here changes what is owed or who may receive it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import assert_never

from kiosk.flow import events as ev
from kiosk.flow import way_wish
from kiosk.flow.effects import Beep, RecordUnpaid
from kiosk.flow.effects_house import PlanHouse
from kiosk.flow.find import found, found_paid
from kiosk.flow.screens import (
    AtDoor,
    AtHouse,
    Pick,
    Queue,
    Route,
    TypeNumber,
    TypeWords,
    UnpaidReasonScreen,
    Visit,
    Wait,
    Waiting,
)
from kiosk.flow.screens_money import ChoosePayout
from kiosk.flow.screens_wish import GiveAccount
from kiosk.flow.steps import Step, ask, fault, go, key_heard
from kiosk.flow.telex import composed, fits
from kiosk.flow.values import AddressForm, OperationId
from kiosk.flow.values_house import (
    ANSWERS,
    CAN_DIGITS,
    DAY_DIGITS,
    LONGEST,
    MAX_LETTERS,
    PHONE_MIN,
    TAIL_DIGITS,
    Number,
    PhoneOwner,
    Plan,
    Request,
    Statement,
    Topic,
    Wording,
)
from kiosk.flow.values_wish import is_account
from kiosk.flow.way_card import choose_payee, look_for
from kiosk.flow.way_said import kept, state
from kiosk.payout.names import DeathTeller, UnpaidReason
from kiosk.payout.statements import StatementKind

PLANS = {Number.HOUR: Plan.COME_BACK, Number.DAY: Plan.NEXT_VISIT, Number.PHONE: Plan.PHONE}


def at_house(screen: AtHouse, event: ev.Event) -> Step:
    """What is planned here, and back to who receives."""
    match event:
        case ev.Planned(Plan.UP | Plan.DOWN as plan):
            return _plan(screen, plan, "")
        case ev.AskNumber(Number.HOUR | Number.DAY as what):
            return go(TypeNumber(screen.frame, screen, what))
        case ev.AskTopic(topic) if topic not in (Topic.WHO_DIED, Topic.DEATH, Topic.FORM):
            return go(Pick(screen.frame, screen, topic))
        case ev.AskWords(Wording.NOTE):
            return go(TypeWords(screen.frame, screen, Wording.NOTE))
        case ev.Back():
            return go(AtDoor(screen.frame, screen.shift, screen.visit))
        case _:
            return go(screen)


def _plan(under: AtHouse, plan: Plan, words: str, owner: PhoneOwner | None = None) -> Step:
    household = under.visit.household.row.household
    return ask(under, Wait.HOUSE, lambda operation: PlanHouse(operation, household, plan, words, owner))


def pick(screen: Pick, event: ev.Event) -> Step:
    """One answer of the list."""
    if isinstance(event, ev.Back):
        return go(screen.under)
    if isinstance(screen.under, AtHouse):
        return _picked(screen, screen.under, event)
    return _of_a_death(screen, screen.under, event)


def _picked(screen: Pick, under: AtHouse, event: ev.Event) -> Step:
    match event:
        case ev.Picked(Request() as asked) if screen.topic is Topic.REQUEST:
            return way_wish.begin(under, asked)
        case ev.Picked(PhoneOwner() as owner) if owner in ANSWERS[screen.topic]:
            return go(TypeNumber(screen.frame, under, Number.PHONE, owner=owner))
        case ev.Picked(AddressForm() as form) if screen.topic is Topic.FORM and screen.who:
            home, who = under.visit.household.row.household, screen.who
            return ask(under, Wait.HOUSE, lambda operation: PlanHouse(operation, home, Plan.FORM, form.value, who=who))
        case _:
            return go(screen)


def _of_a_death(screen: Pick, under: UnpaidReasonScreen, event: ev.Event) -> Step:
    """Who has died, then who told of it; only with both is it written down."""
    household = under.visit.household
    match event:
        case ev.PayeeChosen(who) if screen.topic is Topic.WHO_DIED and who in {
            each.person.id for each in household.recipients
        }:
            return go(Pick(screen.frame, under, Topic.DEATH, who))
        case ev.Picked(DeathTeller() as told) if screen.topic is Topic.DEATH:
            home, dead = household.row.household, screen.who

            def note(operation: OperationId) -> RecordUnpaid:
                return RecordUnpaid(operation, home, UnpaidReason.DECEASED, dead, told)

            return ask(under, Wait.NOTING, note)
        case _:
            return go(screen)


def type_number(screen: TypeNumber, event: ev.Event) -> Step:
    """Digits up to the longest; the tick takes them when they mean something."""
    match event:
        case ev.Digit(digit) if 0 <= digit <= 9 and len(screen.typed) < LONGEST[screen.what]:
            return key_heard(replace(screen, typed=f"{screen.typed}{digit}", wrong=False))
        case ev.Erase():
            return key_heard(replace(screen, typed=screen.typed[:-1], wrong=False))
        case ev.Confirm():
            return _typed(screen)
        case ev.Back():
            return go(way_wish.number_given_up(screen))
        case _:
            return go(screen)


def _typed(screen: TypeNumber) -> Step:
    """Nothing typed takes an hour or a day off the plan again."""
    words = _meaning(screen)
    if words is None:
        return go(replace(screen, typed="", wrong=True))
    match screen.under:
        case Queue() as queue:
            return look_for(queue, words)
        case AtHouse() as house:
            return _plan(house, PLANS[screen.what], words, screen.owner)
        case under:
            return way_wish.numbered(under, screen.what, words)


def _meaning(screen: TypeNumber) -> str | None:
    match screen.what:
        case Number.HOUR:
            return hour_of(screen.typed)
        case Number.DAY:
            return day_of(screen.typed, screen.frame.today)
        case Number.CAN:
            return screen.typed if len(screen.typed) == CAN_DIGITS else None
        case Number.ACCOUNT:
            return screen.typed if is_account(screen.typed) else None
        case Number.CARD_TAIL:
            return screen.typed if len(screen.typed) == TAIL_DIGITS else None
        case Number.PHONE | Number.WALLET | Number.CALL:
            fine = len(screen.typed) >= PHONE_MIN and screen.typed.startswith("0")
            return screen.typed if fine else None
        case _:
            assert_never(screen.what)


def hour_of(digits: str) -> str | None:
    """``1530`` as ``15:30``, nothing as nothing; None for no hour of a day."""
    if not digits:
        return ""
    hour, minute = int(digits[:2]), int(digits[2:] or 0)
    return f"{hour:02d}:{minute:02d}" if len(digits) in {2, 4} and hour <= 23 and minute <= 59 else None


def day_of(digits: str, today: date) -> str | None:
    """``ddmmyyyy`` as an ISO date from today on, nothing as nothing; None for no such day."""
    if not digits:
        return ""
    try:
        day = date(int(digits[4:] or 0), int(digits[2:4] or 0), int(digits[:2]))
    except ValueError:
        return None
    return day.isoformat() if len(digits) == DAY_DIGITS and day >= today else None


def type_words(screen: TypeWords, event: ev.Event) -> Step:
    """Letters, a space, back one key, and done."""
    match event:
        case ev.Letter(key) if len(screen.keys) < MAX_LETTERS[screen.what] and fits(screen.keys, key):
            return key_heard(replace(screen, keys=screen.keys + key))
        case ev.Erase():
            return key_heard(replace(screen, keys=screen.keys[:-1]))
        case ev.OtherLetters():
            return go(replace(screen, second=not screen.second))
        case ev.Confirm():
            return _worded(screen)
        case ev.Back():
            return go(screen.under)
        case _:
            return go(screen)


def _worded(screen: TypeWords) -> Step:
    under = screen.under
    if isinstance(under, Route | ChoosePayout):
        keys = screen.keys.strip()
        return go(replace(under, search=keys, page=0))
    words = composed(screen.keys)
    if screen.what is Wording.NOTE:
        return _plan(under, Plan.NOTE, words)
    if not words or screen.whom is None:
        return go(screen)
    return state(under, Statement(StatementKind(screen.what.value), screen.whom, words=words))


def queue(screen: Queue, event: ev.Event) -> Step:
    """A scan or six digits name the person; only then a card is read."""
    match event:
        case ev.Scanned(text):
            return look_for(replace(screen, unknown=False, receipt=None), text)
        case ev.AskNumber(Number.CAN):
            return go(TypeNumber(screen.frame, replace(screen, unknown=False, receipt=None), Number.CAN))
        case ev.AskList():
            return go(Route(screen.frame, screen.shift))
        case _:
            return go(screen)


def _people(under: Queue | Route, found_: ev.PeopleFound) -> Step:
    """One: on to the card. Several: choose. Nobody: say so kindly, and stay."""
    shift, household = under.shift, found_.household
    if household is not None and found_.payee is not None:
        language = household.recipients[0].language
        door = AtDoor(under.frame, shift, Visit(household, language=language, scan=found_.scan))
        return choose_payee(door, found_.payee)
    if found_.homes:
        return go(Route(under.frame, shift, only=found_.homes, scan=found_.scan))
    return go(replace(under, unknown=True), Beep()) if isinstance(under, Queue) else go(under, Beep())


def count_found(screen: TypeWords) -> int:
    """How many households, or payouts, the keys mean so far."""
    under = screen.under
    if isinstance(under, ChoosePayout):
        return len(found_paid(under.rows, screen.keys))
    return len(found(under.shift.rows, screen.keys))


def answered(waiting: Waiting, event: ev.Event) -> Step:
    """Answers to requests of this way."""
    match event, waiting.under:
        case ev.HousePlanned(_, household, rows), AtHouse() as under:
            shift, visit = replace(under.shift, rows=rows), replace(under.visit, household=household)
            return go(replace(under, shift=shift, visit=visit))
        case ev.StatementKept(), _:
            return kept(waiting, event)
        case ev.AccountRead(), GiveAccount() as under:
            return way_wish.account_read(under, event)
        case ev.PeopleFound(), Queue() | Route() as under:
            return _people(under, event)
        case ev.ReceiptChecked(_, receipt), Queue() | Route() as under:  # from a route too: one page says it
            return go(Queue(under.frame, under.shift, receipt=receipt))
        case ev.Failed(), _:
            return fault(waiting, event)
        case _:
            return go(waiting)
