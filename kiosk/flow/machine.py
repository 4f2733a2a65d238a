"""``step``: the whole way of the kiosk as one pure function.

Whatever is the same on every screen (help, lock, language, the lights on top) is done here once; the rest is handed to
the way that the screen belongs to. A result that nobody waits for any more changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

from kiosk.flow import events as ev
from kiosk.flow import (
    way_card,
    way_cash,
    way_close,
    way_house,
    way_in,
    way_keys,
    way_lease,
    way_money,
    way_name,
    way_override,
    way_said,
    way_wish,
)
from kiosk.flow.effects import Effect, LockStore, StopReading
from kiosk.flow.screens import (
    AtDoor,
    AtHouse,
    CannotSignReason,
    ChooseOperator,
    ChooseSource,
    ChooseWitness,
    Closed,
    CloseVariance,
    ConfirmFace,
    ConfirmShutDown,
    CountClose,
    CountFloat,
    Disputed,
    EnterPin,
    FaultScreen,
    Halted,
    HandOverCash,
    Helped,
    HelpScreen,
    Idle,
    LayCard,
    Menu,
    NewPin,
    Paid,
    Pick,
    Queue,
    Reading,
    RefusedScreen,
    Resumable,
    Route,
    Screen,
    SetDate,
    ShowOffer,
    Sign,
    SlipOut,
    StillThere,
    SyncState,
    TakeCard,
    TypeName,
    TypeNumber,
    TypeWords,
    UncertainCount,
    UncertainDecide,
    UncertainFound,
    UnpaidReasonScreen,
    UsbStick,
    VoidCount,
    VoidReasonScreen,
    VoidShown,
    Wait,
    Waiting,
    shift_of,
    with_frame,
)
from kiosk.flow.screens_override import SupervisorCard
from kiosk.flow.screens_wish import ChooseWay, ReadBack, SignStatement
from kiosk.flow.speech import speech
from kiosk.flow.steps import Step, go
from kiosk.flow.values import Frame, Language

RESULTS: tuple[type, ...] = get_args(ev.Result)
BELOW = (*RESULTS, ev.CardTaken, ev.CardLaid)
"""What an overlay hands to the screen under it."""


def step(screen: Screen, event: ev.Event) -> Step:
    """The next screen and what is to be done. Total: an event that means nothing here changes nothing."""
    after, effects = _step(screen, event)
    after = way_in.halt_seen(after)
    return after, effects + _spoken(screen, after, event)


def _spoken(before: Screen, after: Screen, event: ev.Event) -> tuple[Effect, ...]:
    if isinstance(event, ev.HearAgain):
        again = speech(after, on_request=True)
        return () if again is None else (again,)
    now = speech(after)
    return () if now is None or now == speech(before) else (now,)


def _step(screen: Screen, event: ev.Event) -> Step:
    match event:
        case ev.StateSeen():
            return go(
                way_close.stick_put_in(with_frame(screen, _lights(screen.frame, event)), screen.frame.stick.state)
            )
        case ev.CardLaid() | ev.CardTaken():
            frame = replace(screen.frame, card_present=isinstance(event, ev.CardLaid))
            return _through(with_frame(screen, frame), event)
        case ev.LanguageChosen(language):
            return go(_in_language(screen, language))
        case ev.Help() if isinstance(screen, Helped) and getattr(screen, "awaited", None) is None:
            return go(HelpScreen(screen.frame, screen))
        case ev.IdleSoon(seconds) if isinstance(screen, Resumable):
            return go(StillThere(screen.frame, seconds, screen))
        case ev.Lock() | ev.IdleOver():
            return _lock(screen, event)
        case _:
            return _through(screen, event)


def _lights(frame: Frame, seen: ev.StateSeen) -> Frame:
    """The frame with every light that was seen; None leaves one as it is."""
    return replace(
        frame,
        sync=frame.sync if seen.sync is None else seen.sync,
        printer=frame.printer if seen.printer is None else seen.printer,
        battery=frame.battery if seen.battery is None else seen.battery,
        today=frame.today if seen.today is None else seen.today,
        time_proven=frame.time_proven if seen.time_proven is None else seen.time_proven,
        notices=frame.notices if seen.notices is None else seen.notices,
        halt=frame.halt if seen.halt is None else seen.halt,
        stick=frame.stick if seen.stick is None else seen.stick,
    )


def _in_language(screen: Screen, language: Language) -> Screen:
    """Another language: of the recipient where they look, else of the agent."""
    match screen:
        case HelpScreen():
            under = _in_language(screen.under, language)
            return replace(screen, under=under) if isinstance(under, Helped) else screen
        case (
            AtDoor()
            | AtHouse()
            | Disputed()
            | SlipOut()
            | LayCard()
            | Reading()
            | TakeCard()
            | ShowOffer()
            | HandOverCash()
            | Sign()
            | Paid()
            | ChooseWay()
            | ReadBack()
            | SignStatement()
        ):
            return replace(screen, visit=replace(screen.visit, language=language))
        case _:
            return with_frame(screen, replace(screen.frame, language=language))


def _lock(screen: Screen, event: ev.Lock | ev.IdleOver) -> Step:
    """Lock and keep the work; a reading is given up, an effect under way is awaited first."""
    match screen:
        case StillThere() | HelpScreen(under=ChooseOperator() | EnterPin() | NewPin()):
            return _lock(screen.under, event)
        case ChooseOperator():
            return go(Idle(screen.frame))
        case NewPin():
            return way_keys.locked(screen)
        case EnterPin(under=None, awaited=None):
            return go(Idle(screen.frame))
        case Reading():
            again = LayCard(screen.frame, screen.shift, replace(screen.visit, reading=None))
            return _locked(again, StopReading(screen.awaited))
        case SupervisorCard() if screen.awaited is not None:
            return _locked(replace(screen, awaited=None), StopReading(screen.awaited))
        case Idle() | EnterPin() | Waiting() | ConfirmShutDown():
            return go(screen)
        case _:
            return _locked(screen)


def _locked(under: Resumable, *effects: Effect) -> Step:
    shift = shift_of(under)
    if shift is None:
        return go(Idle(under.frame), *effects, LockStore())
    return go(EnterPin(under.frame, shift.operator, under=under), *effects, LockStore())


def _through(screen: Screen, event: ev.Event) -> Step:
    """To whoever takes the events of this screen."""
    return WAYS[type(screen)](screen, event)


def _fault(screen: FaultScreen, event: ev.Event) -> Step:
    """Nothing was changed: back to where it was asked."""
    return go(screen.under if isinstance(event, ev.Confirm | ev.Back) else screen)


def _below(screen: EnterPin | StillThere | HelpScreen, under: Resumable | Helped, event: ev.Event) -> Step:
    """What the devices and the desk say goes to the screen below; the one above stays while that is possible."""
    below, effects = _through(under, event)
    if below == under:
        return go(screen, *effects)
    kept: Screen
    if isinstance(screen, HelpScreen):
        kept = replace(screen, frame=below.frame, under=below) if isinstance(below, Helped) else below
    else:
        kept = replace(screen, frame=below.frame, under=below) if isinstance(below, Resumable) else below
    return go(kept, *effects)


def _enter_pin(screen: EnterPin, event: ev.Event) -> Step:
    """The PIN's own answers first; a slip that was printing when the lock fell reports to the screen below."""
    mine = screen.awaited is not None and getattr(event, "operation", None) == screen.awaited
    if screen.under is not None and isinstance(event, BELOW) and not mine:
        if isinstance(screen.under, LayCard):
            return go(screen)
        return _below(screen, screen.under, event)
    after, effects = way_in.enter_pin(screen, event)
    if isinstance(after, LayCard):
        reading, more = way_card.lay(after)
        return go(reading, *effects, *more)
    return go(after, *effects)


def _still_there(screen: StillThere, event: ev.Event) -> Step:
    match event:
        case ev.IdleSoon(seconds):
            return go(replace(screen, seconds=seconds))
        case ev.Confirm() | ev.Back():
            return go(screen.under)
        case _ if isinstance(event, BELOW):
            return _below(screen, screen.under, event)
        case _:
            return go(screen)


def _help(screen: HelpScreen, event: ev.Event) -> Step:
    match event:
        case ev.Confirm() | ev.Back():
            return go(screen.under)
        case _ if isinstance(event, BELOW):
            return _below(screen, screen.under, event)
        case _:
            return go(screen)


def _answered(screen: Waiting, event: ev.Event) -> Step:
    """An answer for the operation that is awaited goes to the way that asked."""
    if not isinstance(event, RESULTS) or getattr(event, "operation", None) != screen.awaited:
        return go(screen)
    return ANSWERED[screen.wait](screen, event)


ANSWERED: dict[Wait, Callable[[Waiting, ev.Event], Step]] = {
    **dict.fromkeys((Wait.OPENING, Wait.SETTLING), way_in.answered),
    **dict.fromkeys((Wait.HOUSEHOLD, Wait.OFFER, Wait.SEALING, Wait.NOTING), way_card.answered),
    **dict.fromkeys((Wait.COMPLETING, Wait.VOIDING), way_cash.answered),
    **dict.fromkeys((Wait.MOVING, Wait.LISTING, Wait.REVERSING), way_money.answered),
    **dict.fromkeys((Wait.LISTING_LEASES, Wait.RELEASING, Wait.TAKING), way_lease.answered),
    **dict.fromkeys((Wait.ASKING, Wait.AGREEING), way_override.answered),
    **dict.fromkeys((Wait.ROUTE, Wait.COMPARING, Wait.CLOSING), way_close.answered),
    Wait.HOUSE: way_house.answered,
}
"""Which way asked. A test holds it against the enum: no answer is lost."""
WAYS: dict[type, Callable[[Any, ev.Event], Step]] = {
    Idle: way_in.idle,
    ChooseOperator: way_in.choose_operator,
    EnterPin: _enter_pin,
    NewPin: way_keys.new_pin,
    SetDate: way_in.set_date,
    Halted: way_in.halted,
    UncertainFound: way_in.uncertain_found,
    UncertainCount: way_in.uncertain_count,
    UncertainDecide: way_in.uncertain_decide,
    CountFloat: way_in.count_float,
    ChooseSource: way_in.choose_source,
    Route: way_card.route,
    AtDoor: way_card.at_door,
    AtHouse: way_house.at_house,
    Pick: way_house.pick,
    Disputed: way_said.disputed,
    SlipOut: way_said.slip_out,
    Queue: way_house.queue,
    TypeNumber: way_house.type_number,
    TypeWords: way_house.type_words,
    LayCard: way_card.lay_card,
    Reading: way_card.reading,
    ConfirmFace: way_card.confirm_face,
    ShowOffer: way_card.show_offer,
    UnpaidReasonScreen: way_card.unpaid_reason,
    RefusedScreen: way_card.refused,
    TakeCard: way_card.take_card,
    HandOverCash: way_cash.hand_over,
    Sign: way_cash.sign,
    CannotSignReason: way_cash.cannot_sign,
    ChooseWitness: way_cash.choose_witness,
    Paid: way_cash.paid,
    VoidReasonScreen: way_cash.void_reason,
    VoidShown: way_cash.void_shown,
    VoidCount: way_cash.void_count,
    CountClose: way_close.count_close,
    CloseVariance: way_close.close_variance,
    Closed: way_close.closed,
    TypeName: way_name.type_name,
    Menu: way_close.menu,
    SyncState: way_close.sync_state,
    UsbStick: way_close.usb_stick,
    ConfirmShutDown: way_close.confirm_shut_down,
    StillThere: _still_there,
    HelpScreen: _help,
    FaultScreen: _fault,
    Waiting: _answered,
    **way_money.WAYS,
    **way_lease.WAYS,
    **way_wish.WAYS,
    **way_override.WAYS,
}
"""Who takes an event of a screen. A test holds it against the union: no screen is forgotten."""
