"""What is written down for one recipient: the papers that are missing, how they wish to be paid, a card handed over.

The recipient chooses the way freely and hears the account read back before signing. None of it changes what is owed:
it is a proposal, and the office answers it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, assert_never

from kiosk.flow import events as ev
from kiosk.flow.effects import Beep
from kiosk.flow.effects_house import ReadAccount, TakeStatement
from kiosk.flow.screens import AtHouse, ConfirmFace, LayCard, Pick, Screen, TypeNumber, TypeWords, Wait
from kiosk.flow.screens_wish import (
    ChooseBank,
    ChooseWay,
    ChooseWhom,
    GiveAccount,
    InWish,
    MissingPapers,
    ReadBack,
    ReviewData,
    SignStatement,
)
from kiosk.flow.steps import Step, ask, go
from kiosk.flow.values import MAX_STROKES, CardTrouble, Named
from kiosk.flow.values_house import PAPERS, PEOPLE_ON_PAGE, Number, Request, Statement, Topic, Wording
from kiosk.flow.values_wish import BANKS, BANKS_ON_PAGE, NO_BANK, PayWay, Wish, names_another
from kiosk.flow.way_cash import is_stroke
from kiosk.payout.receipt import MissingPaper
from kiosk.payout.statements import Right, StatementKind


def begin(under: AtHouse, request: Request) -> Step:
    """Whose it is comes first, where several recipients live."""
    people = under.visit.household.recipients
    if len(people) == 1:
        return go(_asked(under, request, people[0].person))
    return go(ChooseWhom(under.frame, under.shift, under.visit, request))


def _asked(under: AtHouse | ChooseWhom, request: Request, whom: Named) -> Screen:
    """The first question of what is to be written down."""
    here = (under.frame, under.shift, under.visit)
    match request:
        case Request.COMPLAINT | Request.INCIDENT:
            return TypeWords(under.frame, AtHouse(*here), Wording(request.value), whom=whom.id)
        case Request.FORM:
            return Pick(under.frame, AtHouse(*here), Topic.FORM, whom.id)
        case Request.PAPERS:
            return MissingPapers(*here, whom)
        case Request.METHOD:
            return ChooseWay(*here, whom)
        case Request.CARD_HANDED:
            return TypeNumber(under.frame, ChooseWay(*here, whom), Number.CARD_TAIL)
        case _:
            assert_never(request)


def choose_whom(screen: ChooseWhom, event: ev.Event) -> Step:
    """One of the household."""
    people = screen.visit.household.recipients
    match event:
        case ev.PayeeChosen(person):
            found = [each.person for each in people if each.person.id == person]
            return go(_asked(screen, screen.request, found[0]) if found else screen)
        case ev.Scrolled(page) if 0 <= page * PEOPLE_ON_PAGE < len(people):
            return go(replace(screen, page=page))
        case ev.Back():
            return go(home(screen))
        case _:
            return go(screen)


def home(screen: InWish) -> AtHouse:
    """Back to everything about this household."""
    return AtHouse(screen.frame, screen.shift, screen.visit)


def choose_way(screen: ChooseWay, event: ev.Event) -> Step:
    """Cash as before, or else an account or a telephone's wallet: two questions, none of them pressed."""
    here = (screen.frame, screen.shift, screen.visit, screen.whom)
    match event:
        case ev.Picked(PayWay.CASH) if not screen.no_cash:
            return go(ReadBack(*here, Wish(PayWay.CASH)))
        case ev.Decline() if not screen.no_cash:
            return go(replace(screen, no_cash=True))
        case ev.Picked(PayWay.BANK) if screen.no_cash:
            return go(GiveAccount(*here))
        case ev.Picked(PayWay.WALLET) if screen.no_cash:
            return go(TypeNumber(screen.frame, screen, Number.WALLET))
        case ev.Back() if screen.no_cash:
            return go(replace(screen, no_cash=False))
        case ev.Back():
            return go(home(screen))
        case _:
            return go(screen)


def give_account(screen: GiveAccount, event: ev.Event) -> Step:
    """A scan fills bank and account; by hand the bank comes first; who has none may wish for one."""
    match event:
        case ev.Scanned(text):
            return ask(screen, Wait.HOUSE, lambda operation: ReadAccount(operation, text))
        case ev.AskNumber(Number.ACCOUNT):
            return go(ChooseBank(screen.frame, screen.shift, screen.visit, screen.whom))
        case ev.AskNumber(Number.CALL):
            return go(TypeNumber(screen.frame, screen, Number.CALL))
        case ev.Back():
            return go(ChooseWay(screen.frame, screen.shift, screen.visit, screen.whom, no_cash=True))
        case _:
            return go(screen)


def choose_bank(screen: ChooseBank, event: ev.Event) -> Step:
    """The bank's name; its number comes next."""
    account = GiveAccount(screen.frame, screen.shift, screen.visit, screen.whom)
    match event:
        case ev.BankChosen(bank) if bank in BANKS or bank == NO_BANK:
            return go(TypeNumber(screen.frame, replace(account, bank=bank), Number.ACCOUNT))
        case ev.Scrolled(page) if 0 <= page * BANKS_ON_PAGE < len(BANKS):
            return go(replace(screen, page=page))
        case ev.Back():
            return go(account)
        case _:
            return go(screen)


def numbered(under: ChooseWay | GiveAccount, what: Number, digits: str) -> Step:
    """A number was typed: read it back, or let the card's receiver sign."""
    here = (under.frame, under.shift, under.visit, under.whom)
    match what:
        case Number.WALLET:
            return go(ReadBack(*here, Wish(PayWay.WALLET, number=digits)))
        case Number.CALL:
            return go(ReadBack(*here, Wish(PayWay.OPEN_ACCOUNT, number=digits)))
        case Number.CARD_TAIL:
            return go(SignStatement(*here, Statement(StatementKind.CARD_HANDED, under.whom.id, words=digits)))
        case _:
            bank = NO_BANK if isinstance(under, ChooseWay) else under.bank or NO_BANK
            return go(ReadBack(*here, Wish(PayWay.BANK, bank, digits)))


def number_given_up(screen: TypeNumber) -> Screen:
    """Back from the pad: where nothing was asked before it, to the household."""
    if isinstance(screen.under, ChooseWay) and screen.what is Number.CARD_TAIL:
        return home(screen.under)
    return screen.under


def read_back(screen: ReadBack, event: ev.Event) -> Step:
    """Right, and on to the signature; or wrong, and asked again from the beginning."""
    here = (screen.frame, screen.shift, screen.visit, screen.whom)
    match event:
        case ev.Confirm():
            said = Statement(StatementKind.METHOD, screen.whom.id, screen.wish.way.value, wish=screen.wish)
            return go(SignStatement(*here, said))
        case ev.Decline() | ev.Back():
            return go(ChooseWay(*here))
        case _:
            return go(screen)


def sign_statement(screen: SignStatement, event: ev.Event) -> Step:
    """Strokes here, or a signature and an ink print on the slip."""
    match event:
        case ev.StrokeDrawn(stroke) if len(screen.strokes) < MAX_STROKES and is_stroke(stroke):
            return go(replace(screen, strokes=(*screen.strokes, stroke)))
        case ev.StrokesCleared():
            return go(replace(screen, strokes=()))
        case ev.Confirm() if screen.strokes:
            return _take(screen, replace(screen.statement, strokes=screen.strokes))
        case ev.AskCannotSign():
            return _take(replace(screen, strokes=()), screen.statement)
        case ev.Back() if screen.statement.wish is not None:
            return go(ReadBack(screen.frame, screen.shift, screen.visit, screen.whom, screen.statement.wish))
        case ev.Back():
            return go(home(screen))
        case _:
            return go(screen)


def _take(under: SignStatement | MissingPapers | ReviewData, said: Statement) -> Step:
    return ask(under, Wait.HOUSE, lambda operation: TakeStatement(operation, said))


def missing_papers(screen: MissingPapers, event: ev.Event) -> Step:
    """Each paper is marked, and unmarked, by a touch; one slip names them all."""
    match event:
        case ev.Picked(MissingPaper() as paper) if paper in PAPERS:
            marked = set(screen.chosen) ^ {paper}
            return go(replace(screen, chosen=tuple(each for each in PAPERS if each in marked)))
        case ev.Confirm() if screen.chosen:
            choice = ",".join(each.value for each in screen.chosen)
            return _take(screen, Statement(StatementKind.PAPERS, screen.whom.id, choice))
        case ev.Back():
            return go(home(screen))
        case _:
            return go(screen)


def review_data(screen: ReviewData, event: ev.Event) -> Step:
    """Which is right? It is proposed; the list stays as it is."""
    match event:
        case ev.Picked(Right() as right):
            face = screen.face
            return _take(screen, Statement(StatementKind.DATA, face.payee.id, right.value, compared=face.compared))
        case ev.CardTaken():
            return go(LayCard(screen.frame, screen.shift, replace(screen.visit, reading=None), CardTrouble.REMOVED))
        case ev.Back():
            return go(ConfirmFace(screen.frame, screen.shift, screen.visit, screen.face))
        case _:
            return go(screen)


def account_read(under: GiveAccount, event: ev.AccountRead) -> Step:
    """What the scanner saw is an account, or is asked for again."""
    if event.wish is None:
        return go(replace(under, wrong=True), Beep())
    wish = replace(event.wish, other_name=names_another(event.wish.holder, under.whom.full_name))
    return go(ReadBack(under.frame, under.shift, under.visit, under.whom, wish))


WAYS: dict[type, Callable[[Any, ev.Event], Step]] = {
    ChooseWhom: choose_whom,
    ChooseWay: choose_way,
    GiveAccount: give_account,
    ChooseBank: choose_bank,
    ReadBack: read_back,
    SignStatement: sign_statement,
    MissingPapers: missing_papers,
    ReviewData: review_data,
}
"""Who takes an event of these screens."""
