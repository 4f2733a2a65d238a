"""The person with the kit: pays, counts, forgets, tries the forbidden. Every act is one effect of the real desk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from hardware.card.reading import Access, CardPerson, Chain, Checks, Chip, ChipReading, Integrity, Sex
from kiosk.desk import counter
from kiosk.desk.books import Books
from kiosk.desk.leases import Leases
from kiosk.desk.reading import Reading
from kiosk.flow import effects as ef
from kiosk.flow import effects_lease as el
from kiosk.flow import events as ev
from kiosk.flow import events_lease as evl
from kiosk.flow import values as v
from kiosk.payout import actions, rules
from kiosk.payout import journal as j
from kiosk.payout.cash import Notes, fewest_notes
from kiosk.payout.names import (
    Outcome,
    RefusalKey,
    ReversalReason,
    UnixSeconds,
    UnpaidReason,
    VarianceReason,
    Vnd,
    VoidReason,
)
from kiosk.payout.people import Payee, Person, Recipient
from kiosk.payout.standing import Status
from tests.simulation.kit import Kit

FLOAT = {500_000: 160, 200_000: 80, 100_000: 80, 50_000: 80, 20_000: 40, 10_000: 40, 5_000: 30, 2_000: 40, 1_000: 60}
STROKES = (((10, 10), (20, 30), (40, 20)),)
SECOND = "chị Hoa"
IDLE = "finds nobody on the list to pay"


@dataclass
class Hands:
    """What is really in the drawer and really went over the table, whatever any journal says."""

    drawer: Counter[int] = field(default_factory=Counter)

    def notes(self) -> Notes:
        """The drawer as counted."""
        return Notes.of(dict(self.drawer))

    def take(self, notes: Notes) -> None:
        """Out of the drawer; what was lost from it comes out of the agent's own purse."""
        self.drawer.subtract(dict(notes.items()))
        self.drawer = +self.drawer

    def put(self, notes: Notes) -> None:
        """Into the drawer."""
        self.drawer.update(dict(notes.items()))

    @property
    def amount(self) -> int:
        """In đồng."""
        return sum(note * count for note, count in self.drawer.items())


@dataclass(frozen=True)
class Said:
    """What one agent told another on the telephone, and whom it was for."""

    number: str
    code: str
    to: str


CARDS = (*("good",) * 26, "forged", "cloned", "foreign", "expired", "stranger", "simulated")
REFUSED_CARDS = frozenset({"forged", "cloned", "foreign", "expired", "stranger"})


def card(person: Person, kind: str, today: date, *, simulated: bool) -> ChipReading:
    """What the driver would say of this person's card, or of one that should not be believed."""
    checks = Checks(
        Integrity.FAILED if kind == "forged" else Integrity.PASSED,
        Chain.UNKNOWN_ISSUER if kind == "foreign" else Chain.PASSED,
        Chip.FAILED if kind == "cloned" else Chip.PASSED,
    )
    ended = date(today.year - 1, 1, 1) if kind == "expired" else None
    number = "099000000000" if kind == "stranger" else str(person.number)
    holder = CardPerson(number, person.full_name, date(1941, 3, 2), Sex.FEMALE, date_of_expiry=ended)
    return ChipReading(
        access=Access.PACE_CAN, files={}, person=holder, face=None, checks=checks, active=Chip.NOT_SUPPORTED,
        chip_authentication=checks.chip, signer_fingerprint=None, aa_key_fingerprint=None,
        simulated=simulated or kind == "simulated", reader_name="sim", apdus=0, sent_bytes=0, received_bytes=0,
        seconds=0.0,
    )  # fmt: skip


class Agent:
    """Works one kit. Methods may raise PowerCut: then nobody knows how far they came."""

    def __init__(self, kit: Kit, rng: Random, reached: Counter[str], *, practice: bool) -> None:
        self.kit, self.rng, self.reached, self.practice = kit, rng, reached, practice
        self.hands = Hands()
        self.leases = Leases(kit.till)
        self.believed_cards: list[str] = []
        """Violations seen by the agent's own eyes: a bad card that was paid."""
        self.promises: list[tuple[str, str]] = []
        """Payouts that the screen has just confirmed, with their authorisations' hashes."""
        self.name = f"agent-{kit.who.name}"
        self.last = ""

    @property
    def books(self) -> Books:
        """The open books."""
        assert self.kit.books is not None
        return self.kit.books

    def _perform(self, effect: ef.Effect) -> ev.Event:
        (answer,) = self.kit.till.perform(self.books, effect, self._shift)
        return answer

    def _shift(self, books: Books) -> v.Shift:
        return books.board().shift(v.OperatorName(books.operator.id, books.operator.name), ())

    def _refused(self, key: RefusalKey) -> None:
        self.reached[f"refused_{key.value}"] += 1
        self.last = f"refused: {key.value}"

    # -- the session ---------------------------------------------------------------------------

    def open_session(self) -> None:
        """The cashier hands over the float."""
        self.hands.drawer = Counter()
        small = self.rng.random() < 0.1
        self.hands.drawer.update({500_000: 12, 200_000: 6} if small else FLOAT)
        answer = self._perform(ef.OpenSession(v.OperationId(1), self.hands.notes(), SECOND))
        self.last = f"opens a session with {self.hands.amount:,}"
        if isinstance(answer, ev.Refused):
            self._refused(answer.key)

    def close_session(self) -> None:
        """Count what is really there; name a reason where it does not agree."""
        session = self.books.standing.session
        off = session is not None and session.expected != self.hands.amount
        reason = VarianceReason.UNEXPLAINED if off and self.rng.random() < 0.8 else VarianceReason.NONE
        answer = self._perform(ef.CloseSession(v.OperationId(1), self.hands.notes(), reason))
        self.last = f"closes with {self.hands.amount:,}"
        if isinstance(answer, ev.Refused):
            self._refused(answer.key)

    def move_cash(self) -> None:
        """More cash, or some back, between two people."""
        session = self.books.standing.session
        assert session is not None
        notes = Notes.of({500_000: 4, 50_000: 20})
        if self.rng.random() < 0.5 or not self.hands.notes().covers(notes) or session.expected < notes.amount:
            fact: j.Fact = j.CashAdded(session.session, notes.amount, notes.counts, session.operator, SECOND)
            self.hands.put(notes)
        else:
            fact = j.CashReturned(session.session, notes.amount, notes.counts, session.operator, SECOND)
            self.hands.take(notes)
        self.last = f"moves cash: {fact.TAG}"
        self.books.write(fact)

    def pocket(self) -> None:
        """A silly or dishonest moment: a note leaves the drawer without a fact."""
        self.hands.take(Notes.of({50_000: 1}))
        self.reached["silly_note_lost"] += 1
        self.last = "loses a note"

    # -- a visit -------------------------------------------------------------------------------

    def visit(self) -> None:
        """Read a card, make an offer, authorise, hand over, confirm. Or something silly on the way."""
        recipient = self._whom()
        if recipient is None:
            self.last = IDLE
            return
        payee = self.rng.choice(self.books.pay_list.payees_of(recipient.person.id))
        kind = self.rng.choice(CARDS)
        today = rules.local_day(self.books.hours.trusted().now)
        chip = card(payee.person, kind, today, simulated=self.practice)
        self.last = f"visits {recipient.person.full_name}, {payee.role.value}, card {kind}"
        self._offer(Reading(payee, chip), recipient, payee, kind)

    def _whom(self) -> Recipient | None:
        """Mostly somebody with money waiting; sometimes anybody, paid already or not."""
        board, people = self.books.board(), self.books.pay_list.recipients
        if self.rng.random() < 0.9:
            people = tuple(each for each in people if board.payable(each.person.id))
        return self.rng.choice(people) if people else None

    def _offer(self, reading: Reading, recipient: Recipient, payee: Payee, kind: str) -> None:
        assert self.kit.mail is not None
        seen, who = self.rng.random() < 0.97, recipient.person.id
        answer = counter.offer(self.books, reading, who, self.kit.mail.halts.reason(), face_confirmed=seen)
        if isinstance(answer, rules.Refusal):
            self._refused(answer.key)
            counter.note_refusal(self.books, who, answer.key, simulated=reading.chip.simulated)
            return
        if kind in REFUSED_CARDS or not seen:
            self.believed_cards.append(f"{self.kit.who.name}: an offer on a {kind} card, face seen: {seen}")
        total = Vnd(answer.total + 50_000) if self.rng.random() < 0.02 else answer.total
        self._authorise(reading, recipient, payee, total, answer)

    def _authorise(
        self, reading: Reading, recipient: Recipient, payee: Payee, total: Vnd, offer: rules.PayoutOffer
    ) -> None:
        assert self.kit.mail is not None
        halted, who = self.kit.mail.halts.reason(), recipient.person.id
        wanted = ef.Authorise(v.OperationId(1), v.OperationId(1), who, total, offer.hand_over)
        done = counter.authorise(self.books, reading, wanted, halted, lambda challenge: challenge)
        if isinstance(done, rules.Refusal):
            self._refused(done.key)
            return
        self.reached[f"payee_{payee.role.value}"] += 1
        if self.rng.random() < 0.03:
            self.last += ", walks away before counting"
            return
        if self.rng.random() < 0.05:
            self._void(done)
            return
        self._hand_over(done, offer)

    def _hand_over(self, payout: v.PayoutId, offer: rules.PayoutOffer) -> None:
        """From here on the recipient has the money, whatever happens to the kit."""
        self.hands.take(offer.hand_over.give)
        self.hands.put(offer.hand_over.back)
        if offer.hand_over.back.pieces:
            self.reached["change_came_back"] += 1
        self.last += f", hands over {offer.total:,}"
        answer = self._perform(self._signed(payout, offer))
        assert isinstance(answer, ev.Completed)
        self.promises.append((payout, self.books.standing.payouts[payout].authorised_hash))
        if self.rng.random() < 0.3:
            self._perform(ef.Print(v.OperationId(1), payout, 0))

    def _signed(self, payout: v.PayoutId, offer: rules.PayoutOffer) -> ef.Complete:
        """A signature, or an ink print seen by somebody of the household."""
        household = self.books.board().household(offer.recipient.household)
        if household.witnesses and self.rng.random() < 0.8:
            self.reached["ink_print"] += 1
            return ef.Complete(
                v.OperationId(1),
                payout,
                offer.hand_over,
                cannot_sign=v.CannotSign.TREMOR,
                witness=household.witnesses[0],
            )
        return ef.Complete(v.OperationId(1), payout, offer.hand_over, strokes=STROKES)

    def _void(self, payout: v.PayoutId) -> None:
        self.last += ", but the recipient declines"
        effect = ef.VoidPayout(v.OperationId(1), payout, VoidReason.RECIPIENT_DECLINED, self.hands.notes())
        answer = self._perform(effect)
        assert isinstance(answer, ev.Voided)

    def finish_open(self) -> None:
        """An authorised payout that was left lying: no cash was shown, so it is voided with a count."""
        pending = self.books.standing.open_payout
        if pending is not None:
            self.last = f"comes back to {pending.id}"
            self._void(pending.id)

    def resolve(self) -> None:
        """After a cut: count the drawer; the cash says whether it went over. Sometimes counted wrongly."""
        pending, session = self.books.standing.uncertain, self.books.standing.session
        assert pending is not None
        assert session is not None
        paid = self.hands.amount < session.expected and self.hands.amount <= session.expected - pending.total
        if self.rng.random() < 0.2:
            paid = not paid
            self.reached["silly_wrong_resolution"] += 1
        outcome = Outcome.PAID if paid else Outcome.NOT_PAID
        self.last = f"resolves {pending.id}: {outcome.value}"
        answer = self._perform(ef.ResolveUncertain(v.OperationId(1), pending.id, outcome, self.hands.notes()))
        assert isinstance(answer, ev.UncertainSettled)

    def reverse(self) -> None:
        """The wrong person was paid: the money comes back."""
        standing = self.books.standing
        done = [each for each in standing.payouts.values() if each.status is Status.COMPLETED]
        if not done or standing.session is None:
            return
        state = self.rng.choice(done)
        notes = fewest_notes(state.total)
        assert notes is not None
        fact = actions.reverse(standing, state.id, ReversalReason.WRONG_PERSON, notes, self.books.operator, SECOND)
        assert isinstance(fact, j.PayoutReversed)
        self.last = f"takes {state.id} back"
        self.hands.put(notes)
        self.books.write(fact)

    def unpaid(self) -> None:
        """Nobody at home."""
        rows = self.books.board().rows()
        if rows:
            household = self.rng.choice(rows).household
            self.last = f"finds {household} absent"
            self._perform(ef.RecordUnpaid(v.OperationId(1), household, UnpaidReason.ABSENT))
            self.reached["unpaid_noted"] += 1

    def forbidden(self) -> None:
        """Silly things that must be refused or change nothing."""
        standing = self.books.standing
        match self.rng.randrange(3):
            case 0:
                self.last = "tries to close over whatever is open"
                if standing.pending:
                    self.close_session()
            case 1:
                self.last = "tries to open a second session"
                if standing.session is not None:
                    before = Counter(self.hands.drawer)
                    self.open_session()
                    self.hands.drawer = before
            case _:
                self._pay_again()

    def _pay_again(self) -> None:
        paid = [each for each in self.books.standing.payouts.values() if each.status is Status.COMPLETED]
        people = {each.person.id: each for each in self.books.pay_list.recipients}
        again = [people[each.recipient] for each in paid if each.recipient in people]
        if not again:
            return
        recipient = self.rng.choice(again)
        chip = card(recipient.person, "good", date(2026, 1, 1), simulated=self.practice)
        self.last = f"tries to pay {recipient.person.full_name} once more"
        payee = self.books.pay_list.payees_of(recipient.person.id)[0]
        self._offer(Reading(payee, chip), recipient, payee, "good")

    # -- leases and time -----------------------------------------------------------------------

    def give_over(self) -> tuple[Said, ...]:
        """Give what is owed to somebody to the stand-in: the codes to say, none before that is durable."""
        listed = self.leases.perform(self.books, el.ListLeases(v.OperationId(1)), self._shift)
        assert isinstance(listed, evl.LeasesListed)
        rows = [each for each in listed.rows if each.stand_in and (not each.given or self.rng.random() < 0.1)]
        if not rows:
            self.last = "has nothing to give over"
            return ()
        row = self.rng.choice(rows)
        number = self.books.board().recipient(row.recipient.id).person.number
        self.last = f"gives {row.recipient.full_name} over to {row.stand_in}"
        answer = self.leases.perform(self.books, el.ReleaseLeases(v.OperationId(1), row.recipient.id), self._shift)
        if isinstance(answer, ev.Refused):
            self._refused(answer.key)
            return ()
        assert isinstance(answer, evl.LeasesReleased)
        return tuple(Said(number, each.code, row.stand_in) for each in answer.codes)

    def take_over(self, said: Said) -> bool:
        """Type what was heard; whether something was taken over."""
        misheard = self.rng.random() < 0.1
        code = f"{(int(said.code) + misheard) % 10**12:012d}"
        self.last = f"types the code of {said.number}"
        answer = self.leases.perform(self.books, el.TakeLease(v.OperationId(1), said.number, code), self._shift)
        if isinstance(answer, ev.Refused):
            self._refused(answer.key)
            return False
        self.reached["code_misheard_and_taken"] += misheard
        return True

    def state_date(self, at: int) -> None:
        """Enter the date, as the desk does it: refused below the floor, written down otherwise."""
        books = self.books
        hour = UnixSeconds(at)
        self.last = f"states the date {datetime.fromtimestamp(at, rules.VIETNAM):%d/%m/%Y}"
        if not books.hours.operator_said(hour):
            self._refused(RefusalKey.BELOW_TIME_FLOOR)
            return
        books.write(j.ClockSet(books.operator.id, hour))
        self.reached["clock_set"] += 1
