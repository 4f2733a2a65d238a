"""The counter: from a read card to an authorised payout (plan §4.3 and §4.4).

The rules are asked twice, the chip signs in between, and fact, witness and evidence are committed in
one transaction. A refusal is written down too: refusals tell of fraud.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from hardware.card.authenticity import verify_active
from hardware.card.errors import CardRemoved
from kiosk.desk.books import Books
from kiosk.desk.mail import Mail
from kiosk.desk.reading import Reading
from kiosk.exchange.attachment import Attachment
from kiosk.flow import effects as ef
from kiosk.flow import values as v
from kiosk.payout import journal as j
from kiosk.payout import rules
from kiosk.payout.evidence import Chip, IdentityEvidence, Override
from kiosk.payout.names import Digest, Method, PayoutId, PersonId, RefusalKey, UnixSeconds
from kiosk.payout.people import Payee
from kiosk.payout.rules import local_day
from kiosk.settings import Settings

Sign = Callable[[bytes], bytes]
"""The card's INTERNAL AUTHENTICATE over 8 bytes. Raises CardError when the card is gone."""
MAX_STATUS = 4_096
HOUR = 3600


def asked_for(books: Books, wanted: ef.ReadCard) -> Payee | None:
    """The payee of this household whose card is to be read; None when the list does not know them."""
    for recipient in books.pay_list.recipients:
        if recipient.household == wanted.household:
            for payee in books.pay_list.payees_of(recipient.person.id):
                if payee.person.id == wanted.payee:
                    return payee
    return None


def offer(
    books: Books, reading: Reading, recipient: PersonId, halted: RefusalKey | None, *, face_confirmed: bool
) -> rules.PayoutOffer | rules.Refusal:
    """Ask the rules what this card's holder may receive for ``recipient`` now."""
    evidence = reading.evidence(books.known(), face_confirmed=face_confirmed, attachment=None)
    request = request_for(books, (reading.payee.person.id, recipient), evidence, halted)
    return request if isinstance(request, rules.Refusal) else rules.offer(request, books.standing)


def authorise(
    books: Books, reading: Reading, wanted: ef.Authorise, halted: RefusalKey | None, sign: Sign
) -> PayoutId | rules.Refusal:
    """Rules once more, the chip signs the fact, one durable transaction.

    A card that is gone raises CardRemoved the first time; when it was asked for once more and is gone again, the
    payout stands on the device's word, and its level says so. Raises CardError.
    """
    kept = reading.attachment(books.store)
    digest = kept.digest if isinstance(kept, Attachment) else kept
    evidence = reading.evidence(books.known(), face_confirmed=True, attachment=digest)
    try:
        signed = _signed(books, reading, wanted, evidence, halted, sign)
    except CardRemoved:
        if not wanted.card_left:
            raise
        signed = _signed(books, reading, wanted, replace(evidence, card_left=True), halted, sign)
    if isinstance(signed, rules.Refusal):
        return signed
    fresh = (kept,) if isinstance(kept, Attachment) else ()
    books.write(*signed, fresh)
    for each in fresh:
        reading.remember(books.store, each)
    return signed[0].payout


def _signed(
    books: Books,
    reading: Reading,
    wanted: ef.Authorise,
    evidence: IdentityEvidence,
    halted: RefusalKey | None,
    sign: Sign,
) -> tuple[j.PayoutAuthorised, j.Witness | None] | rules.Refusal:
    """The fact as the rules allow it now, and what the chip says to it. Raises CardError."""
    request = request_for(books, (reading.payee.person.id, wanted.recipient), evidence, halted)
    if isinstance(request, rules.Refusal):
        return request
    fact = rules.authorise(request, books.standing)
    if isinstance(fact, rules.Refusal):
        return fact
    if fact.total != wanted.total:
        return rules.Refusal(RefusalKey.SUM_CHANGED, wanted.recipient)
    signature = None if evidence.card_left else witness(fact, request, reading, sign)
    return signature if isinstance(signature, rules.Refusal) else (fact, signature)


def witness(
    fact: j.PayoutAuthorised, request: rules.Request, reading: Reading, sign: Sign
) -> j.Witness | rules.Refusal | None:
    """The chip's signature over the fact; None for a chip that cannot sign (device's word)."""
    key, dg15 = reading.chip.aa_key_fingerprint, reading.chip.files.get("DG15")
    if reading.chip.active.value != Chip.PASSED or key is None or dg15 is None:
        return None
    nonces = [request.leases[line.entitlement].nonce for line in fact.lines]
    challenge = j.challenge(fact, nonces)
    response = sign(challenge)
    if not verify_active(dg15, challenge, response, reading.chip.files.get("DG14")):
        return rules.Refusal(RefusalKey.CARD_NOT_GENUINE, request.payee.person.id)
    return j.Witness(challenge.hex(), response.hex(), Digest(key.hex()))


def request_for(
    books: Books,
    people: tuple[PersonId, PersonId],
    evidence: IdentityEvidence,
    halted: RefusalKey | None,
    override: Override | None = None,
) -> rules.Request | rules.Refusal:
    """What the rules are asked: may the first of these people receive for the second?"""
    board, (person, recipient) = books.board(), people
    payee = _payee(books, person, recipient)
    if payee is None:
        return rules.Refusal(RefusalKey.NOT_A_PAYEE, recipient)
    due = rules.receivable(payee, board.recipient(recipient), board.payable(recipient)) or board.payable(recipient)
    cash = tuple(each for each in board.listed(recipient) if each.method is Method.CASH)
    return rules.Request(
        recipient=board.recipient(recipient),
        payee=payee,
        entitlements=due or cash or board.listed(recipient),  # nothing due: let the rules name the reason
        leases=books.leases(),
        evidence=evidence,
        policy=books.pay_list.policy,
        time=books.hours.trusted(),
        operator=books.operator.id,
        halted=halted,
        override=override,
    )


def _payee(books: Books, person: PersonId, recipient: PersonId) -> Payee | None:
    """The person in the role in which something is due: a son may be relative and organiser, one after the other."""
    mine = [each for each in books.pay_list.payees_of(recipient) if each.person.id == person]
    if not mine:
        return None
    board = books.board()
    owed = board.payable(recipient)
    return next((each for each in mine if rules.receivable(each, board.recipient(recipient), owed)), mine[0])


def note_refusal(books: Books, recipient: PersonId, key: RefusalKey, *, simulated: bool) -> None:
    """Write the refusal down, where there is a session to write it under."""
    session = books.standing.session
    if session is not None:
        books.write(j.PayoutRefused(session.session, books.operator.id, recipient, key, simulated))


def sync_light(books: Books, mail: Mail, settings: Settings) -> v.SyncLight:
    """Sent, waiting, last contact: the numbers from our own store, "online" from the courier's hint."""
    waiting = mail.waiting()
    contact = mail.halts.contact().last_checkpoint
    now = books.hours.trusted().now
    return v.SyncLight(
        waiting=waiting,
        sent=books.standing.next_sequence - waiting,
        last_contact=local_day(contact) if contact else None,
        hours_ago=max(0, (now - contact) // HOUR) if contact else None,
        online=_online(settings, now),
    )


def _online(settings: Settings, now: UnixSeconds) -> bool:
    """The courier's unsigned word that it reached the district in the last ten minutes."""
    path = settings.courier_status
    try:
        with path.open("rb") as stream:
            said = json.loads(stream.read(MAX_STATUS))
    except (OSError, ValueError):
        return False
    at = said.get("last_contact") if isinstance(said, dict) else None
    return isinstance(at, int) and abs(now - at) <= 600
