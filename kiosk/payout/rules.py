"""The money rules: may this be paid, to this person, here, now?

Every rule is one small function that answers with a RefusalKey or None, and ``offer`` asks them
in a fixed order, so that the first reason is the one that helps. The rules run twice: once to
offer, and once more in the transaction that authorises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

from kiosk.payout import journal as j
from kiosk.payout.cash import SMALLEST, HandOver, Notes, propose, variance
from kiosk.payout.clock import TrustedTime
from kiosk.payout.evidence import IdentityEvidence, card_refusal, level
from kiosk.payout.names import (
    EntitlementId,
    Level,
    Method,
    Mode,
    OperatorId,
    Outcome,
    PayoutId,
    Period,
    RefusalKey,
    ReversalReason,
    Role,
    SessionId,
    UnixSeconds,
    VarianceReason,
    Vnd,
    VoidReason,
)
from kiosk.payout.paylist import Entitlement, Lease, Policy
from kiosk.payout.people import Payee, Recipient
from kiosk.payout.standing import Standing, Status

VIETNAM = timezone(timedelta(hours=7))
"""Vietnam keeps UTC+7 all year."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rules said no. ``about`` names what it is about (an entitlement, a person)."""

    key: RefusalKey
    about: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """Everything the rules need to know to answer one question."""

    recipient: Recipient
    payee: Payee
    entitlements: tuple[Entitlement, ...]
    leases: Mapping[EntitlementId, Lease]
    evidence: IdentityEvidence
    policy: Policy
    time: TrustedTime
    halted: RefusalKey | None = None
    """Set by the exchange when this device must not pay: rolled back, revoked, suppressed."""


@dataclass(frozen=True, slots=True)
class PayoutOffer:
    """The rules said yes: what would be paid, to whom, and with which notes."""

    recipient: Recipient
    payee: Payee
    lines: tuple[j.AuthorisedLine, ...]
    total: Vnd
    level: Level
    simulated: bool
    hand_over: HandOver
    nonces: tuple[str, ...] = field(default=())


def local_day(at: UnixSeconds) -> date:
    """The calendar day in Vietnam."""
    return datetime.fromtimestamp(at, UTC).astimezone(VIETNAM).date()


Rule = Callable[[Request, Standing], Refusal | None]


def session_is_open(request: Request, standing: Standing) -> Refusal | None:
    """M4: cash leaves only within a session that somebody answers for."""
    return Refusal(RefusalKey.NO_SESSION) if standing.session is None else None


def nothing_is_pending(request: Request, standing: Standing) -> Refusal | None:
    """M2: an uncertain payout comes before everything else, and only one may be open."""
    if standing.uncertain is not None:
        return Refusal(RefusalKey.UNCERTAIN_OPEN, standing.uncertain.id)
    if standing.open_payout is not None:
        return Refusal(RefusalKey.PAYOUT_OPEN, standing.open_payout.id)
    return None


def device_may_pay(request: Request, standing: Standing) -> Refusal | None:
    """M5, M6: a device that was rolled back, revoked or cut off does not pay."""
    return None if request.halted is None else Refusal(request.halted)


def time_is_trusted(request: Request, standing: Standing) -> Refusal | None:
    """Plan §5: no payout without proven time, none below the floor."""
    if not request.time.proven:
        return Refusal(RefusalKey.TIME_NOT_PROVEN)
    if request.time.now < max(request.time.floor, standing.proven_until):
        return Refusal(RefusalKey.BELOW_TIME_FLOOR)
    return None


def simulation_stays_in_practice(request: Request, standing: Standing) -> Refusal | None:
    """M8: what is simulated never pays in production."""
    if request.evidence.simulated and standing.mode is Mode.PRODUCTION:
        return Refusal(RefusalKey.SIMULATED_IN_PRODUCTION)
    return None


def entitlements_are_one_recipient(request: Request, standing: Standing) -> Refusal | None:
    """Plan §4: one payout is one recipient, each entitlement at most once."""
    if not request.entitlements:
        return Refusal(RefusalKey.NOTHING_DUE, request.recipient.person.id)
    for each in request.entitlements:
        if each.recipient != request.recipient.person.id:
            return Refusal(RefusalKey.MIXED_RECIPIENTS, each.id)
    keys = [each.key for each in request.entitlements]
    return _first(request, RefusalKey.REPEATED_ENTITLEMENT, lambda each: keys.count(each.key) > 1)


def paid_at_most_once(request: Request, standing: Standing) -> Refusal | None:
    """M1: completed − reversed <= 1 for each entitlement."""
    return _first(request, RefusalKey.ALREADY_PAID, lambda each: each.id in standing.paid)


def paid_in_cash(request: Request, standing: Standing) -> Refusal | None:
    """M1: an entitlement on its way to a bank or wallet is not handed out too."""
    if held := _first(request, RefusalKey.ENTITLEMENT_HELD, lambda each: each.held):
        return held
    return _first(request, RefusalKey.NOT_CASH, lambda each: each.method is not Method.CASH)


def lease_is_live(request: Request, standing: Standing) -> Refusal | None:
    """M1, plan §6: no live lease of this device and epoch, no cash."""
    for each in request.entitlements:
        lease = request.leases.get(each.id)
        key = _lease_refusal(each.id, lease, request, standing)
        if key is not None:
            return Refusal(key, each.id)
    return None


def _lease_refusal(
    entitlement: EntitlementId, lease: Lease | None, request: Request, standing: Standing
) -> RefusalKey | None:
    if lease is None or lease.entitlement != entitlement:
        return RefusalKey.NO_LEASE
    if lease.id in standing.released:
        return RefusalKey.LEASE_RELEASED
    if lease.id in standing.spent:
        return RefusalKey.LEASE_SPENT
    if lease.device != standing.device:
        return RefusalKey.LEASE_OTHER_DEVICE
    if lease.epoch != standing.epoch:
        return RefusalKey.LEASE_OTHER_EPOCH
    if lease.expires_at <= max(request.time.now, request.time.floor, standing.proven_until):
        return RefusalKey.LEASE_EXPIRED
    return None


def sum_is_the_leased_one(request: Request, standing: Standing) -> Refusal | None:
    """M7: a lease fixes the sum; a change is a new grant or a linked difference."""
    return _first(
        request,
        RefusalKey.SUM_CHANGED,
        lambda each: each.amount <= 0 or request.leases[each.id].amount != each.amount,
    )


def within_the_window(request: Request, standing: Standing) -> Refusal | None:
    """The district's payment window, both days included."""
    day = local_day(request.time.now).day
    first, last = request.policy.window_first_day, request.policy.window_last_day
    return None if first <= day <= last else Refusal(RefusalKey.OUTSIDE_WINDOW)


def recipient_lives(request: Request, standing: Standing) -> Refusal | None:
    """After a death only a relative receives, and only up to the month of death."""
    died = request.recipient.deceased_on
    if died is None:
        wrong = request.payee.role is Role.RELATIVE_OF_DECEASED
        return Refusal(RefusalKey.PAYEE_OUT_OF_SCOPE) if wrong else None
    if request.payee.role is not Role.RELATIVE_OF_DECEASED:
        return Refusal(RefusalKey.RECIPIENT_DECEASED, request.recipient.person.id)
    last = Period.parse(died[:7])
    return _first(request, RefusalKey.RECIPIENT_DECEASED, lambda each: each.period > last)


def payee_may_receive(request: Request, standing: Standing) -> Refusal | None:
    """The payee is for this recipient, is the person of the card, and the paper is in term."""
    payee = request.payee
    if payee.recipient != request.recipient.person.id:
        return Refusal(RefusalKey.NOT_A_PAYEE, payee.person.id)
    if payee.role is Role.SELF and payee.person != request.recipient.person:
        return Refusal(RefusalKey.NOT_A_PAYEE, payee.person.id)
    if payee.person.number != request.evidence.number:
        return Refusal(RefusalKey.NOT_A_PAYEE, payee.person.id)
    programmes = frozenset(each.programme for each in request.entitlements)
    key = payee.refusal_on(local_day(request.time.now), programmes)
    return None if key is None else Refusal(key, payee.person.id)


def card_is_believed(request: Request, standing: Standing) -> Refusal | None:
    """Plan §7: a card that failed a check proves nothing."""
    key = card_refusal(request.evidence, local_day(request.time.now))
    return None if key is None else Refusal(key)


def face_is_confirmed(request: Request, standing: Standing) -> Refusal | None:
    """The chip proves the card; only the agent's eyes prove the person."""
    return None if request.evidence.face_confirmed else Refusal(RefusalKey.FACE_NOT_CONFIRMED)


def level_is_enough(request: Request, standing: Standing) -> Refusal | None:
    """Plan §7: A always pays, B where the programme's policy allows, C never by itself."""
    reached = level(request.evidence)
    if reached is Level.A:
        return None
    allowed = request.policy.level_b_programmes
    if reached is Level.B and all(each.programme in allowed for each in request.entitlements):
        return None
    return Refusal(RefusalKey.LEVEL_TOO_LOW)


def cash_is_there(request: Request, standing: Standing) -> Refusal | None:
    """M4: never short, never owed: the drawer must make the sum, with change at most once."""
    total = Vnd(sum(each.amount for each in request.entitlements))
    session = standing.session
    short = session is None or session.expected < total or _hand_over(total, standing) is None
    return Refusal(RefusalKey.NOT_ENOUGH_CASH) if short else None


RULES: tuple[Rule, ...] = (
    session_is_open,
    nothing_is_pending,
    device_may_pay,
    time_is_trusted,
    simulation_stays_in_practice,
    entitlements_are_one_recipient,
    paid_at_most_once,
    paid_in_cash,
    lease_is_live,
    sum_is_the_leased_one,
    within_the_window,
    recipient_lives,
    payee_may_receive,
    card_is_believed,
    face_is_confirmed,
    level_is_enough,
    cash_is_there,
)


def _first(request: Request, key: RefusalKey, wrong: Callable[[Entitlement], bool]) -> Refusal | None:
    found = next((each for each in request.entitlements if wrong(each)), None)
    return None if found is None else Refusal(key, found.id)


def _hand_over(total: Vnd, standing: Standing) -> HandOver | None:
    return None if standing.session is None else propose(total, standing.session.drawer)


def offer(request: Request, standing: Standing) -> PayoutOffer | Refusal:
    """Ask every rule in order; the first refusal is the answer, otherwise the offer."""
    for rule in RULES:
        refusal = rule(request, standing)
        if refusal is not None:
            return refusal
    total = Vnd(sum(each.amount for each in request.entitlements))
    hand_over = _hand_over(total, standing)
    if hand_over is None:
        return Refusal(RefusalKey.NOT_ENOUGH_CASH)
    return PayoutOffer(
        recipient=request.recipient,
        payee=request.payee,
        lines=tuple(_line(each, request.leases[each.id]) for each in request.entitlements),
        total=total,
        level=level(request.evidence),
        simulated=request.evidence.simulated,
        hand_over=hand_over,
        nonces=tuple(sorted(request.leases[each.id].nonce for each in request.entitlements)),
    )


def _line(entitlement: Entitlement, lease: Lease) -> j.AuthorisedLine:
    return j.AuthorisedLine(
        entitlement=entitlement.id,
        lease=lease.id,
        programme=entitlement.programme,
        kind=entitlement.kind,
        period=str(entitlement.period),
        amount=entitlement.amount,
    )


def authorise(request: Request, standing: Standing) -> j.PayoutAuthorised | Refusal:
    """The rules once more, then the complete fact that the chip is asked to sign."""
    offered = offer(request, standing)
    if isinstance(offered, Refusal):
        return offered
    session = standing.session
    if session is None:
        return Refusal(RefusalKey.NO_SESSION)
    return j.PayoutAuthorised(
        payout=j.payout_id(standing.device, standing.epoch, standing.next_sequence),
        device=standing.device,
        epoch=standing.epoch,
        previous_head=standing.head,
        session=session.session,
        operator=session.operator,
        recipient=offered.recipient.person.id,
        payee=offered.payee.person.id,
        role=offered.payee.role,
        lines=offered.lines,
        total=offered.total,
        level=offered.level,
        checks=request.evidence.checks,
        simulated=offered.simulated,
        evidence=request.evidence.attachment,
    )


def void(standing: Standing, payout: PayoutId, reason: VoidReason, counted: Vnd) -> j.PayoutVoided | Refusal:
    """M2: only an open payout is voided, and only with a counted drawer: cash may have been shown."""
    state = standing.payouts.get(payout)
    if state is None or state.status is not Status.OPEN:
        return Refusal(RefusalKey.NOT_IN_THIS_STATE, payout)
    return j.PayoutVoided(payout, reason, counted)


def resolve(
    standing: Standing, payout: PayoutId, outcome: Outcome, counted: Vnd, operator: OperatorId
) -> j.UncertainResolved | Refusal:
    """M2: only an uncertain payout is resolved, and only with a counted drawer."""
    state = standing.payouts.get(payout)
    if state is None or state.status is not Status.UNCERTAIN:
        return Refusal(RefusalKey.NOT_IN_THIS_STATE, payout)
    if standing.session is None:
        return Refusal(RefusalKey.NO_SESSION, payout)
    return j.UncertainResolved(payout, outcome, counted, operator)


def reverse(standing: Standing, payout: PayoutId, reason: ReversalReason, second: str) -> j.PayoutReversed | Refusal:
    """M1, M4: a completed payout is taken back between two people; its lease stays spent."""
    state = standing.payouts.get(payout)
    session = standing.session
    if session is None:
        return Refusal(RefusalKey.NO_SESSION, payout)
    if state is None or state.status is not Status.COMPLETED:
        return Refusal(RefusalKey.NOT_IN_THIS_STATE, payout)
    return j.PayoutReversed(payout, session.session, reason, session.operator, second)


def open_session(
    standing: Standing, session: SessionId, operator: OperatorId, notes: Notes, received_from: str
) -> j.SessionOpened | Refusal:
    """M4: one session at a time: cash belongs to the one who answers for it."""
    if standing.session is not None:
        return Refusal(RefusalKey.SESSION_OPEN, standing.session.session)
    return j.SessionOpened(session, operator, notes.amount, notes.counts, received_from)


def close_session(standing: Standing, counted: Notes, reason: VarianceReason, note: str) -> j.SessionClosed | Refusal:
    """M2, M4: no session closes over a payout that is not settled; variance needs a reason."""
    session = standing.session
    if session is None:
        return Refusal(RefusalKey.NO_SESSION)
    if standing.pending:
        return Refusal(RefusalKey.UNCERTAIN_OPEN, standing.pending[0])
    off = variance(session, counted.amount)
    if off and reason is VarianceReason.NONE:
        return Refusal(RefusalKey.VARIANCE_UNEXPLAINED, session.session)
    return j.SessionClosed(session.session, session.operator, counted.amount, counted.counts, off, reason, note)


def payable_in_notes(amount: Vnd) -> bool:
    """M7: a sum below the smallest note waits for the district's dated rounding rule."""
    return amount > 0 and amount % SMALLEST == 0
