"""What a screen says aloud: one sentence for each screen that a recipient looks at.

The flow speaks when the sentence changes, and again when asked. At a pay point others listen: there name and sum are
spoken only on request.
"""

from __future__ import annotations

from kiosk.flow.effects import Say, Speak
from kiosk.flow.screens import (
    CannotSignReason,
    ChooseWitness,
    ConfirmFace,
    Disputed,
    HandOverCash,
    HelpScreen,
    Idle,
    LayCard,
    Paid,
    Queue,
    Reading,
    RefusedScreen,
    Screen,
    ShowOffer,
    Sign,
    SlipOut,
    StillThere,
    TakeCard,
)
from kiosk.flow.screens_override import OverrideConsent
from kiosk.flow.screens_wish import ChooseWay, ReadBack, SignStatement
from kiosk.flow.values import CardTrouble, Language, Offer, Profile

_Card = LayCard | Reading | ConfirmFace | TakeCard | RefusedScreen | Disputed | SlipOut | OverrideConsent
"""Screens with a sentence for whoever stands there with the card, or without one."""


def speech(screen: Screen, *, on_request: bool = False) -> Speak | None:
    """The sentence of a screen, or None where it is silent."""
    match screen:
        case Idle():
            return Speak(Say.WELCOME, screen.frame.language) if on_request else None
        case Queue():
            return Speak(Say.SHOW_QR, screen.frame.language) if on_request or screen.unknown else None
        case _ if isinstance(screen, _Card) and not (isinstance(screen, RefusedScreen) and screen.exact):
            return _of_card(screen)
        case ShowOffer() | HandOverCash() | Sign() | CannotSignReason() | ChooseWitness() | Paid():
            aloud = on_request or screen.frame.profile is Profile.HOME_VISIT
            return _of_payout(screen, aloud=aloud)
        case ChooseWay() | ReadBack() | SignStatement():
            aloud = on_request or screen.frame.profile is Profile.HOME_VISIT
            return _of_wish(screen) if aloud else None
        case HelpScreen():
            return speech(screen.under, on_request=True)
        case StillThere():
            return Speak(Say.STILL_THERE, language_of(screen))
        case _:
            return None


def language_of(screen: Screen) -> Language:
    """The language of whoever looks at this screen: the recipient's own, else the agent's."""
    match screen:
        case StillThere() | HelpScreen():
            return language_of(screen.under)
        case (
            LayCard() | Reading() | TakeCard() | Disputed() | SlipOut() | ShowOffer() | HandOverCash() | Sign() | Paid()
        ):
            return screen.visit.language
        case ChooseWay() | ReadBack() | SignStatement():
            return screen.visit.language
        case RefusedScreen(exact=False) if screen.visit is not None:
            return screen.visit.language
        case _:
            return screen.frame.language


def _of_card(screen: _Card) -> Speak:
    language = screen.frame.language if screen.visit is None else screen.visit.language
    person = None if screen.visit is None or screen.visit.payee is None else screen.visit.payee.person
    return Speak(_say(screen), language, None if person is None else person.form)


def _say(screen: _Card) -> Say:
    match screen:
        case LayCard():
            return Say.CARD_REMOVED if screen.trouble is CardTrouble.REMOVED else Say.LAY_CARD
        case Reading():
            return Say.READING
        case ConfirmFace():
            return Say.LOOK_HERE
        case TakeCard():
            return Say.TAKE_CARD
        case Disputed():
            return Say.DISPUTED
        case SlipOut():
            return Say.TAKE_SLIP
        case RefusedScreen():
            return Say.NOT_TODAY
        case OverrideConsent():
            return Say.ASKING_OFFICE


def _of_payout(
    screen: ShowOffer | HandOverCash | Sign | CannotSignReason | ChooseWitness | Paid, *, aloud: bool
) -> Speak | None:
    offer, language = screen.offer, screen.visit.language
    form = offer.payee.form
    match screen:
        case ShowOffer():
            return _sum(offer, language) if aloud else Speak(Say.LOOK_HERE, language, form)
        case HandOverCash():
            change = offer.hand_over.back.amount
            say = Say.COUNT_CHANGE if change else Say.COUNT_WITH_US
            return Speak(say, language, form, change=change or None) if aloud else None
        case Sign():
            return Speak(Say.SIGN_HERE, language, form)
        case CannotSignReason():
            return None
        case ChooseWitness():
            return Speak(Say.PRINT_FINGER, language, form)
        case Paid():
            return Speak(Say.DONE, language, form)


def _sum(offer: Offer, language: Language) -> Speak:
    return Speak(Say.SUM, language, offer.payee.form, offer.recipient.full_name, offer.total)


def _of_wish(screen: ChooseWay | ReadBack | SignStatement) -> Speak:
    """The way is asked, the number read back digit by digit, then comes the pen."""
    language, form = screen.visit.language, screen.whom.form
    match screen:
        case ChooseWay():
            return Speak(Say.CHOOSE_WHERE if screen.no_cash else Say.CHOOSE_WAY, language, form)
        case ReadBack():
            number = screen.wish.number
            return Speak(Say.READ_NUMBER if number else Say.KEEP_CASH, language, form, digits=number)
        case SignStatement():
            return Speak(Say.SIGN_HERE, language, form)
