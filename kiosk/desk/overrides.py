"""Overrides (chi đặc cách, plan §6): somebody who is not the agent agrees, by a code that is said or by the own card.

Requests are kept in the store, so that a restart gives no code a second life. The agreement itself lives only as long
as this visit: whoever goes away asks again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from hardware.card.reading import ChipReading
from hardware.card.reading import Sex as CardSex
from kiosk.desk import counter
from kiosk.desk.books import Books
from kiosk.desk.cards import Cards
from kiosk.desk.reading import Reading
from kiosk.exchange import consent
from kiosk.exchange.attachment import Attachment, AttachmentKind, new_attachment
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import events_override as eo
from kiosk.flow import values as v
from kiosk.flow.effects_override import AskOverride, GiveCode, ReadSupervisor
from kiosk.payout import actions, canonical, rules
from kiosk.payout import journal as j
from kiosk.payout.evidence import NO_CHIP, IdentityEvidence, Override, card_refusal, level
from kiosk.payout.names import (
    CitizenNumber,
    CodeKind,
    ConsentWay,
    Digest,
    Level,
    OperatorId,
    PayoutId,
    PersonId,
    RefusalKey,
    Role,
    Sex,
    UnixSeconds,
)
from kiosk.payout.operators import OperatorRole
from kiosk.payout.people import BirthDate, Payee, Person
from kiosk.payout.rules import Refusal, local_day

KEPT = "override-requests"
MAX_KEPT = 40
"""Requests of an agent's long day; older ones are expired anyway."""
UNKNOWN_YEAR = 1900


@dataclass(frozen=True, slots=True)
class _Requests:
    """The newest requests, oldest first."""

    asked: tuple[consent.Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class _Task:
    """The override that is being asked for."""

    payee: Payee
    asked: consent.Asked
    override: Override
    witness: Attachment


class Overrides:
    """One override at a time; nothing of it survives the visit but its request."""

    def __init__(self) -> None:
        self._task: _Task | None = None
        self._agreed: v.OperationId | None = None
        self._card: Reading | None = None

    def agreed(self, operation: v.OperationId) -> bool:
        """Whether this operation is the one that somebody agreed in."""
        return self._task is not None and self._agreed == operation

    def perform(self, books: Books, effect: AskOverride | GiveCode, halted: RefusalKey | None) -> ev.Event:
        """Do one effect; the event that answers it. Raises StoreError."""
        return self._ask(books, effect, halted) if isinstance(effect, AskOverride) else self._code(books, effect)

    def lock(self) -> None:
        """A card that was read is forgotten like any other; a request, and a code that was right, wait for the PIN."""
        if self._card is not None:
            self._agreed = self._card = None

    # -- asking ---------------------------------------------------------------------------------------------------

    def _ask(self, books: Books, effect: AskOverride, halted: RefusalKey | None) -> ev.Event:
        self._task = self._agreed = self._card = None
        witness = new_attachment(AttachmentKind.WITNESS, effect.witness.encode("utf-8"))
        wanted = Override(effect.reason, witness.digest, j.GENESIS)
        payee = _payee(books, effect.payee, effect.recipient)
        if payee is None:
            return ev.Refused(effect.operation, RefusalKey.NOT_A_PAYEE)
        people = (effect.payee, effect.recipient)
        request = counter.request_for(books, people, _unproven(payee), halted, wanted)
        answer = request if isinstance(request, Refusal) else rules.offer(request, books.standing)
        if isinstance(answer, Refusal):
            counter.note_refusal(books, effect.recipient, answer.key, simulated=False)
            return ev.Refused(effect.operation, answer.key)
        asked = _asked(books, consent.Consent(books.standing.device, effect.recipient, answer.total, ""))
        self._task = _Task(payee, asked, wanted, witness)
        said = consent.request_digits(_key(books), asked.consent)
        device, offer = books.standing.device, books.board().offer(answer)
        return eo.OverrideReady(effect.operation, offer, device, said, supervisors(books))

    # -- by telephone ---------------------------------------------------------------------------------------------

    def _code(self, books: Books, effect: GiveCode) -> ev.Event:
        task, time = self._task, books.hours.trusted()
        if task is None:
            return ev.Failed(effect.operation, v.Trouble.DEVICE)
        if locked := actions.try_code(books.standing, CodeKind.OVERRIDE, time):
            return ev.Refused(effect.operation, locked.key)
        kept = _kept(books)
        now = next((each for each in kept if each.consent == task.asked.consent), task.asked)
        others = [each for each in kept if each.consent != task.asked.consent]
        wrong = consent.judge(_key(books), now, others, effect.code, time.now)
        if wrong is not None:
            books.write(actions.code_refused(books.standing, CodeKind.OVERRIDE, wrong, books.operator.id))
            return ev.Refused(effect.operation, wrong)
        said = consent.request_digits(_key(books), task.asked.consent)
        proof = consent.proof(task.asked.consent, effect.code)
        self._task = replace(task, override=replace(task.override, consent=proof, request=said))
        self._agreed, self._card = effect.operation, None
        return eo.OverrideAgreed(effect.operation)

    # -- by card --------------------------------------------------------------------------------------------------

    def read(self, books: Books, effect: ReadSupervisor, cards: Cards, post: Callable[[ev.Event], None]) -> None:
        """The card of somebody who may agree; whose, the bundle says."""
        number = self._number_of(books, effect.supervisor)
        if number is None:
            post(ev.Refused(effect.operation, RefusalKey.OVERRIDE_NOT_SUPERVISOR))
        else:
            cards.read(books, effect.operation, number, lambda chip: post(self._card_read(books, effect, chip)))

    def _number_of(self, books: Books, supervisor: OperatorId) -> CitizenNumber | None:
        """Whose card to open; None for anybody who may not agree here."""
        may = {each.id for each in supervisors(books)}
        listed = () if books.sealed is None else books.sealed.supervisors
        return next((each.number for each in listed if each.operator == supervisor and supervisor in may), None)

    def _card_read(self, books: Books, effect: ReadSupervisor, chip: ChipReading) -> ev.Event:
        """The supervisor's own card, proven like any other: anything below level A agrees to nothing."""
        number, day = self._number_of(books, effect.supervisor), local_day(books.hours.trusted().now)
        if self._task is None or number is None or chip.person.id_number != number:
            return ev.CardFailed(effect.operation, v.CardTrouble.OTHER_CARD)
        reading = Reading(_as_payee(books, effect.supervisor, chip), chip)
        evidence = reading.evidence(books.known(), face_confirmed=True, attachment=None)
        if card_refusal(evidence, day) is not None or level(evidence) is not Level.A:
            return ev.Refused(effect.operation, RefusalKey.OVERRIDE_NOT_SUPERVISOR)
        agreed = replace(self._task.override, way=ConsentWay.CARD, given_by=effect.supervisor, request="")
        self._task = replace(self._task, override=agreed)
        self._agreed, self._card = effect.operation, reading
        face = reading.face(books.board().named(reading.payee.person))
        return ev.CardRead(effect.operation, replace(face, compared=()))  # there is no list to hold it against

    # -- paying ---------------------------------------------------------------------------------------------------

    def authorise(
        self, books: Books, wanted: ef.Authorise, halted: RefusalKey | None, sign: counter.Sign
    ) -> PayoutId | Refusal:
        """Rules once more, the supervisor's chip signs if it was a card, one durable transaction. Raises CardError."""
        task, card = self._task, self._card
        if task is None or wanted.recipient != task.asked.consent.recipient:
            return Refusal(RefusalKey.OVERRIDE_OTHER_RECIPIENT)
        kept = None if card is None else card.attachment(books.store)
        override = task.override if kept is None else replace(task.override, consent=_digest(kept))
        evidence = replace(_unproven(task.payee), simulated=card is not None and card.chip.simulated)
        people = (task.payee.person.id, wanted.recipient)
        request = counter.request_for(books, people, evidence, halted, override)
        fact = request if isinstance(request, Refusal) else rules.authorise(request, books.standing)
        if isinstance(fact, Refusal) or isinstance(request, Refusal):
            return fact if isinstance(fact, Refusal) else Refusal(RefusalKey.NOT_A_PAYEE)
        if not fact.total == wanted.total == task.asked.consent.total:
            return Refusal(RefusalKey.OVERRIDE_OTHER_SUM, wanted.recipient)
        witness = None if card is None else counter.witness(fact, request, card, sign)
        if isinstance(witness, Refusal):
            return witness
        _use(books, task.asked)
        fresh = (kept,) if isinstance(kept, Attachment) else ()
        books.write(fact, witness, (task.witness, *fresh))
        if card is not None and isinstance(kept, Attachment):
            card.remember(books.store, kept)
        self._task = self._agreed = self._card = None
        return fact.payout


def supervisors(books: Books) -> tuple[v.OperatorName, ...]:
    """Who may agree with a card here: named by the bundle, in office, and somebody else than the agent."""
    if books.sealed is None:
        return ()
    names = {each.id: each.name for each in books.sealed.operators if each.role is OperatorRole.SUPERVISOR}
    may = (each.operator for each in books.sealed.supervisors if not books.revoked(each.operator))
    return tuple(v.OperatorName(each, names[each]) for each in may if each in names and each != books.operator.id)


def _payee(books: Books, person: PersonId, recipient: PersonId) -> Payee | None:
    return next((each for each in books.pay_list.payees_of(recipient) if each.person.id == person), None)


def _unproven(payee: Payee) -> IdentityEvidence:
    """Whom agent and witness know, and no chip proves."""
    return IdentityEvidence(payee.person.number, payee.person.full_name, None, NO_CHIP, face_confirmed=True)


def _as_payee(books: Books, supervisor: OperatorId, chip: ChipReading) -> Payee:
    """The supervisor as the office lists them, to hold the card against."""
    listed = next(each.name for each in supervisors(books) if each.id == supervisor)
    born, sex = chip.person.date_of_birth, Sex.MALE if chip.person.sex is CardSex.MALE else Sex.FEMALE
    birth = BirthDate(UNKNOWN_YEAR) if born is None else BirthDate(born.year, born.month, born.day)
    person = Person(PersonId(f"operator:{supervisor}"), CitizenNumber(chip.person.id_number), listed, birth, sex)
    return Payee(Role.SELF, person, person.id)


def _digest(kept: Attachment | Digest) -> Digest:
    return kept.digest if isinstance(kept, Attachment) else kept


def _key(books: Books) -> bytes:
    """This device's key; of none when the district gave none, and then its caps allow nothing either."""
    return b"" if books.sealed is None else bytes.fromhex(books.sealed.override_key)


# -- requests, kept over restarts ----------------------------------------------------------------------------------


def _kept(books: Books) -> tuple[consent.Asked, ...]:
    body = books.store.kept(KEPT)
    return () if body is None else canonical.decode(_Requests, canonical.from_bytes(body)).asked


def _keep(books: Books, asked: tuple[consent.Asked, ...]) -> None:
    books.store.keep(KEPT, canonical.to_bytes(canonical.encode(_Requests(asked[-MAX_KEPT:]))))


def _asked(books: Books, wanted: consent.Consent) -> consent.Asked:
    """The request for this person and sum that still holds, or a new one, kept before it is shown."""
    now, kept = books.hours.trusted().now, _kept(books)
    for each in kept:
        same = replace(each.consent, nonce="") == wanted
        if same and consent.fresh(each, UnixSeconds(now + consent.LIFE_SECONDS // 2)):
            return each
    fresh = consent.Asked(replace(wanted, nonce=consent.new_nonce()), now)
    _keep(books, (*kept, fresh))
    return fresh


def _use(books: Books, used: consent.Asked) -> None:
    """Used before the payout is written: a power cut in between costs a code, never a second payout."""
    _keep(books, tuple(replace(each, used=True) if each.consent == used.consent else each for each in _kept(books)))
