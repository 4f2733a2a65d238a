"""From the route to the right person and the right sum: household, payee, card, face, offer.

A card that leaves the reader takes its person with it: whatever was read is asked for again.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import events as ev
from kiosk.flow import way_override
from kiosk.flow.effects import Authorise, LoadHousehold, MakeOffer, ReadCard, RecordUnpaid, StopReading
from kiosk.flow.effects_house import FindPayee
from kiosk.flow.events_override import WithoutCard
from kiosk.flow.find import found
from kiosk.flow.screens import (
    AtDoor,
    AtHouse,
    ConfirmFace,
    Disputed,
    HandOverCash,
    LayCard,
    Menu,
    Pick,
    Queue,
    Reading,
    RefusedScreen,
    Route,
    Screen,
    ShowOffer,
    TakeCard,
    TypeWords,
    UnpaidReasonScreen,
    Visit,
    Wait,
    Waiting,
)
from kiosk.flow.screens_wish import ReviewData
from kiosk.flow.steps import Step, ask, fault, go, key_heard
from kiosk.flow.values import (
    CardTrouble,
    HouseholdId,
    OperationId,
    PersonId,
    RouteRow,
    Shift,
    Trouble,
    UnpaidReason,
    VisitStatus,
)
from kiosk.flow.values_house import Scan, Topic, Wording
from kiosk.flow.way_in import start_of_day

ROWS_ON_PAGE = 3
PAYEES_AT_ONCE = 3
"""So many stand on every panel; of more, some are a touch away."""
CLOSED_STATUS = frozenset({VisitStatus.PAID, VisitStatus.SENT_TO_BANK})


def route(screen: Route, event: ev.Event) -> Step:
    """Choose a household, or the menu."""
    match event:
        case ev.HouseholdChosen(household):
            return _visit(screen, household)
        case ev.Scrolled(page) if 0 <= page * ROWS_ON_PAGE < len(shown_rows(screen)):
            return go(replace(screen, page=page))
        case ev.AskWords(Wording.FIND):
            return go(TypeWords(screen.frame, screen, Wording.FIND, screen.search))
        case ev.Scanned(text):
            return look_for(screen, text)
        case ev.Back() if screen.search or screen.only:
            return go(replace(screen, search="", only=(), page=0, scan=None))
        case ev.Back():
            return go(start_of_day(screen.frame, screen.shift))
        case ev.OpenMenu():
            return go(Menu(screen.frame, screen))
        case _:
            return go(screen)


def look_for(under: Queue | Route, key: str) -> Step:
    """Whom does this key mean?"""
    return ask(under, Wait.HOUSE, lambda operation: FindPayee(operation, key))


def shown_rows(screen: Route) -> tuple[RouteRow, ...]:
    """The households that were looked for, or all of them."""
    rows = found(screen.shift.rows, screen.search)
    return tuple(row for row in rows if row.household in screen.only) if screen.only else rows


def _visit(screen: Route, household: HouseholdId) -> Step:
    rows = [row for row in screen.shift.rows if row.household == household]
    if not rows:
        return go(screen)
    return ask(screen, Wait.HOUSEHOLD, lambda operation: LoadHousehold(operation, household))


def at_door(screen: AtDoor, event: ev.Event) -> Step:
    """Who receives today?"""
    match event:
        case ev.PayeeChosen(person):
            return choose_payee(screen, person)
        case ev.Confirm() if len(screen.visit.household.payees) == 1:
            return choose_payee(screen, screen.visit.household.payees[0].person.id)
        case ev.Scrolled(page) if PAYEES_AT_ONCE < len(screen.visit.household.payees) > page >= 0:
            return go(replace(screen, page=page))
        case ev.AskUnpaid():
            return go(UnpaidReasonScreen(screen.frame, screen.shift, screen.visit))
        case ev.AskHouse():
            return go(AtHouse(screen.frame, screen.shift, screen.visit))
        case ev.Back():
            return go(to_route(screen))
        case _:
            return go(screen)


def choose_payee(screen: AtDoor, person: PersonId) -> Step:
    """Who receives: next comes this person's card."""
    household = screen.visit.household
    chosen = [each for each in household.payees if each.person.id == person]
    if not chosen:
        return go(screen)
    due = tuple(each for each in chosen[0].recipients if household.recipient(each).lines)
    waiting = due or chosen[0].recipients  # nothing due: ask all the same, so that the rules say why
    others = tuple(name for name in household.witnesses if name != chosen[0].person.full_name)
    household = replace(household, witnesses=others)  # nobody witnesses the own ink print
    visit = replace(screen.visit, household=household, payee=chosen[0], waiting=waiting)
    visit = replace(visit, reading=None, card_left=False, override=None)
    return lay(LayCard(screen.frame, screen.shift, visit))


def lay(screen: LayCard) -> Step:
    """Ask for the card, or read it at once when it lies there already."""
    return _read(screen) if screen.frame.card_present else go(screen)


def _read(screen: LayCard) -> Step:
    payee, operation = screen.visit.payee, screen.frame.next_operation
    if payee is None:
        return go(_door_again(screen))
    visit = replace(screen.visit, reading=operation)
    scan = visit.scan if visit.scan is not None and payee.person.id in visit.scan.whom else None
    request = ReadCard(operation, visit.household.row.household, payee.person.id, "" if scan is None else scan.text)
    return go(Reading(screen.frame.issued(), screen.shift, visit, operation), request)


def lay_card(screen: LayCard, event: ev.Event) -> Step:
    """The card comes, or the agent tries again with the one that lies there."""
    match event:
        case ev.CardLaid():
            return _read(screen)
        case ev.CardTaken() if screen.trouble is not CardTrouble.REMOVED:  # that one is still news: lay it again
            return go(replace(screen, trouble=None))
        case ev.Confirm() if screen.frame.card_present:
            return _read(screen)
        case ev.Scanned(text):
            return key_heard(replace(screen, visit=_with_scan(screen.visit, text)))
        case WithoutCard():
            return way_override.begin(screen)
        case ev.AskUnpaid():
            return go(UnpaidReasonScreen(screen.frame, screen.shift, screen.visit))
        case ev.Back():
            return go(_door_again(screen))
        case _:
            return go(screen)


def _with_scan(visit: Visit, text: str) -> Visit:
    """What was scanned while this payee's card is asked for counts for this payee's card."""
    return visit if visit.payee is None else replace(visit, scan=Scan(text, (visit.payee.person.id,)))


def reading(screen: Reading, event: ev.Event) -> Step:
    """Progress, then a face, a refusal, or a card that has to be laid again."""
    match event:
        case ev.ReadProgress(operation, phase, done, of) if operation == screen.awaited:
            return go(replace(screen, phase=phase, done=max(0, min(done, of)), of=max(of, 1)))
        case ev.CardRead(operation, face) if operation == screen.awaited:
            return go(ConfirmFace(screen.frame, screen.shift, screen.visit, face))
        case ev.CardFailed(operation, trouble) if operation == screen.awaited:
            return go(_again(screen, trouble))
        case ev.Refused(operation, key) if operation == screen.awaited:
            return go(RefusedScreen(screen.frame, screen.shift, screen.visit, key))
        case ev.Failed(operation) if operation == screen.awaited:
            return go(_again(screen, CardTrouble.UNREADABLE))
        case ev.CardTaken():
            return go(_again(screen, CardTrouble.REMOVED), StopReading(screen.awaited))
        case ev.Back():
            return go(_door_again(screen), StopReading(screen.awaited))
        case _:
            return go(screen)


def confirm_face(screen: ConfirmFace, event: ev.Event) -> Step:
    """The agent looks at the person and at the picture from the chip."""
    match event:
        case ev.Confirm():
            return next_offer(screen, screen.visit, confirmed=True)
        case ev.Decline():
            return next_offer(screen, screen.visit, confirmed=False)
        case ev.Scanned(text):  # the printed card is to be held against the chip: it is read once more
            return lay(LayCard(screen.frame, screen.shift, replace(_with_scan(screen.visit, text), reading=None)))
        case ev.AskReview() if screen.face.compared:
            return go(ReviewData(screen.frame, screen.shift, screen.visit, screen.face))
        case ev.CardTaken():
            return go(_again(screen, CardTrouble.REMOVED))
        case ev.Back():
            return go(_door_again(screen))
        case _:
            return go(screen)


def next_offer(under: ConfirmFace | AtDoor, visit: Visit, *, confirmed: bool) -> Step:
    """Ask the rules what the next recipient of this payee gets."""
    if visit.reading is None or not visit.waiting:
        return go(to_route(under))
    reading, recipient = visit.reading, visit.waiting[0]
    return ask(under, Wait.OFFER, lambda operation: MakeOffer(operation, reading, recipient, confirmed))


def show_offer(screen: ShowOffer, event: ev.Event) -> Step:
    """The recipient says whether the sum is right; only then the chip signs."""
    match event:
        case ev.Confirm() if screen.visit.reading is not None:
            return _authorise(screen, screen.visit.reading)
        case ev.Decline():
            return go(Disputed(screen.frame, screen.shift, screen.visit, screen.offer))
        case ev.CardTaken() if screen.visit.needs_card:
            return go(_once_more(screen))
        case ev.Back():
            return go(_door_again(screen))
        case _:
            return go(screen)


def _authorise(screen: ShowOffer, reading: OperationId) -> Step:
    offer, left = screen.offer, screen.visit.card_left

    def request(operation: OperationId) -> Authorise:
        return Authorise(operation, reading, offer.recipient.id, offer.total, offer.hand_over, left)

    return ask(screen, Wait.SEALING, request)


def unpaid_reason(screen: UnpaidReasonScreen, event: ev.Event) -> Step:
    """Why nothing is paid here today."""
    match event:
        case ev.UnpaidChosen(UnpaidReason.DECEASED):
            return go(_of_a_death(screen))
        case ev.UnpaidChosen(reason):
            household = screen.visit.household.row.household
            return ask(screen, Wait.NOTING, lambda operation: RecordUnpaid(operation, household, reason))
        case ev.Back():
            return go(_door_again(screen))
        case _:
            return go(screen)


def _of_a_death(screen: UnpaidReasonScreen) -> Pick:
    """Of several in a house one has died: who? Then, who told of it."""
    people = screen.visit.household.recipients
    if len(people) > 1:
        return Pick(screen.frame, screen, Topic.WHO_DIED)
    return Pick(screen.frame, screen, Topic.DEATH, people[0].person.id)


def refused(screen: RefusedScreen, event: ev.Event) -> Step:
    """What the agent can do after a no: try otherwise, note it as unpaid, or go on."""
    match event:
        case ev.AskExact():
            return go(replace(screen, exact=True))
        case WithoutCard():
            return way_override.begin(screen)
        case ev.Back() if screen.exact:
            return go(replace(screen, exact=False))
        case ev.Confirm() if screen.visit is not None:
            return go(_door_again(screen))
        case ev.AskUnpaid() if screen.visit is not None:
            return go(UnpaidReasonScreen(screen.frame, screen.shift, screen.visit))
        case ev.Confirm() | ev.Back():
            return after_visit(screen.frame.card_present, screen)
        case _:
            return go(screen)


def take_card(screen: TakeCard, event: ev.Event) -> Step:
    """Gone with the card, or when the agent says so."""
    match event:
        case ev.CardTaken() | ev.Confirm() | ev.Back():
            return go(to_route(screen))
        case _:
            return go(screen)


def answered(waiting: Waiting, event: ev.Event) -> Step:
    """Answers to requests of this way."""
    under = waiting.under
    match event, under:
        case ev.HouseholdLoaded(_, household), Route(frame=frame, shift=shift, scan=scan):
            language = household.recipients[0].language if household.recipients else frame.language
            return go(AtDoor(frame, shift, Visit(household, language=language, scan=scan)))
        case ev.OfferMade(_, offer), AtDoor() | ConfirmFace():
            return go(ShowOffer(under.frame, under.shift, under.visit, offer))
        case ev.Authorised(_, payout), ShowOffer():
            return go(HandOverCash(under.frame, under.shift, under.visit, under.offer, payout))
        case ev.UnpaidNoted(_, rows), UnpaidReasonScreen():
            return after_visit(under.frame.card_present, replace(under, shift=replace(under.shift, rows=rows)))
        case ev.Refused(_, key), AtDoor() | ConfirmFace() | ShowOffer() | UnpaidReasonScreen():
            return go(RefusedScreen(under.frame, under.shift, under.visit, key))
        case ev.Failed(_, Trouble.CARD_GONE), AtDoor() | ConfirmFace() | ShowOffer():
            return _card_gone(under)
        case ev.Failed(), _:
            return fault(waiting, event)
        case _:
            return go(waiting)


def _card_gone(under: AtDoor | ConfirmFace | ShowOffer) -> Step:
    """It left before it signed, or before the rules were asked."""
    if not isinstance(under, ShowOffer):
        return go(_again(under, CardTrouble.REMOVED))
    asked = under.visit.override
    return go(_once_more(under)) if asked is None else way_override.card_gone(under, asked)


Left = AtDoor | LayCard | Reading | ConfirmFace | ShowOffer | UnpaidReasonScreen | RefusedScreen | TakeCard


def to_route(screen: Left) -> Screen:
    """Back to what comes first now: as a rule the route, on the page of this household."""
    first = start_of_day(screen.frame, screen.shift)
    if isinstance(first, Route) and screen.visit is not None:
        return replace(first, page=page_of(screen.shift.rows, screen.visit.household.row.household))
    return first


def page_of(rows: tuple[RouteRow, ...], household: HouseholdId) -> int:
    """The page that shows the first household from here on that still waits."""
    places = {row.household: place for place, row in enumerate(rows)}
    here = places.get(household, 0)
    waits = {status: [place for place, row in enumerate(rows) if row.status is status] for status in VisitStatus}
    open_rows = waits[VisitStatus.WAITING] or waits[VisitStatus.COME_BACK]
    ahead = [place for place in open_rows if place >= here] or open_rows or [here]
    return ahead[0] // ROWS_ON_PAGE


def after_visit(card_present: bool, screen: UnpaidReasonScreen | RefusedScreen) -> Step:
    """The route; before it the card, when it still lies there."""
    if card_present and screen.visit is not None:
        return go(TakeCard(screen.frame, screen.shift, screen.visit))
    return go(to_route(screen))


def _again(screen: Reading | AtDoor | ConfirmFace | ShowOffer, trouble: CardTrouble) -> LayCard:
    return LayCard(screen.frame, screen.shift, replace(screen.visit, reading=None), trouble)


def _once_more(screen: ShowOffer) -> LayCard:
    """The card left before it signed: it is asked for this once; after that the device's word has to do (§4.4)."""
    return _again(replace(screen, visit=replace(screen.visit, card_left=True)), CardTrouble.REMOVED)


def _door_again(screen: Left) -> Screen:
    if screen.visit is None:
        return to_route(screen)
    visit = replace(screen.visit, payee=None, reading=None, waiting=(), card_left=False, override=None)
    return AtDoor(screen.frame, screen.shift, visit)


def rows_now(shift: Shift, rows: tuple[RouteRow, ...]) -> Shift:
    """The shift with the route as it stands after an effect."""
    return replace(shift, rows=rows)
