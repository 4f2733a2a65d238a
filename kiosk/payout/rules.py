"""The money rules: may this be paid, to this person, here, now?

Every rule is one small function that answers with a RefusalKey or None, and ``offer`` asks them
in a fixed order, so that the first reason is the one that helps. The rules run twice: once to
offer, and once more in the transaction that authorises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

from kiosk.payout import journal as j
from kiosk.payout.cash import HandOver, propose
from kiosk.payout.clock import TrustedTime
from kiosk.payout.evidence import IdentityEvidence, Override, card_refusal, level, names_another
from kiosk.payout.names import (
    EntitlementId,
    Kind,
    Level,
    Method,
    Mode,
    OperatorId,
    Period,
    RefusalKey,
    Role,
    UnixSeconds,
    Vnd,
)
from kiosk.payout.overrides import Wanted, override_refusal
from kiosk.payout.paylist import Entitlement, Lease, Policy
from kiosk.payout.people import Payee, Recipient
from kiosk.payout.rounding import payable
from kiosk.payout.states import Standing

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
    operator: OperatorId
    """Who is signed in."""
    halted: RefusalKey | None = None
    """Set by the desk when this device must not pay: rolled back, forked, revoked, suppressed, battery low."""
    override: Override | None = None
    """Reason, witness and consent where no chip proves the person (chi đặc cách)."""


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


def session_is_ones_own(request: Request, standing: Standing) -> Refusal | None:
    """M4: nobody pays out of a drawer that another operator answers for."""
    session = standing.session
    other = session is not None and session.operator != request.operator
    return Refusal(RefusalKey.SESSION_OF_OTHER) if other else None


def nothing_is_pending(request: Request, standing: Standing) -> Refusal | None:
    """M2: an uncertain payout comes before everything else, and only one may be open."""
    if standing.uncertain is not None:
        return Refusal(RefusalKey.UNCERTAIN_OPEN, standing.uncertain.id)
    if standing.open_payout is not None:
        return Refusal(RefusalKey.PAYOUT_OPEN, standing.open_payout.id)
    return None


def device_may_pay(request: Request, standing: Standing) -> Refusal | None:
    """Plan §5: a device that was rolled back, forked, revoked, cut off or is nearly out of power does not pay."""
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


def sum_is_in_notes(request: Request, standing: Standing) -> Refusal | None:
    """M7: a sum that no notes can make waits until a rounding rule of the district is in force."""
    return _first(request, RefusalKey.AWAITS_ROUNDING, lambda each: _in_notes(each, request) is None)


def _in_notes(owed: Entitlement, request: Request) -> Vnd | None:
    return payable(owed.amount, request.policy.rounding, local_day(request.time.now))


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
    return held_here(lease, standing) or expired(lease, standing, request.time)


def held_here(lease: Lease, standing: Standing) -> RefusalKey | None:
    """Why this device does not hold the lease, or None. A lease taken over by code counts as its own."""
    if lease.id in standing.released:
        return RefusalKey.LEASE_RELEASED
    if lease.id in standing.spent:
        return RefusalKey.LEASE_SPENT
    if lease.id in standing.taken:
        return None
    if lease.device != standing.device:
        return RefusalKey.LEASE_OTHER_DEVICE
    return None if lease.epoch == standing.epoch else RefusalKey.LEASE_OTHER_EPOCH


def expired(lease: Lease, standing: Standing, time: TrustedTime) -> RefusalKey | None:
    """A lease is over when any hour that has certainly passed says so (plan §5)."""
    over = lease.expires_at <= max(time.now, time.floor, standing.proven_until)
    return RefusalKey.LEASE_EXPIRED if over else None


def sum_is_the_leased_one(request: Request, standing: Standing) -> Refusal | None:
    """M7: a lease fixes the sum; a change is a new grant or a linked difference."""
    return _first(
        request,
        RefusalKey.SUM_CHANGED,
        lambda each: each.amount <= 0 or request.leases[each.id].amount != each.amount,
    )


def within_the_window(request: Request, standing: Standing) -> Refusal | None:
    """The district's payment window, both days included."""
    first, last = request.policy.window_first_day, request.policy.window_last_day
    return None if first <= local_day(request.time.now).day <= last else Refusal(RefusalKey.OUTSIDE_WINDOW)


def recipient_lives(request: Request, standing: Standing) -> Refusal | None:
    """After a death relatives receive up to the month of death, and the funeral sum goes to the organiser."""
    role, died = request.payee.role, request.recipient.deceased_on
    if (died is None) == (role in AFTER_DEATH):
        key = RefusalKey.PAYEE_OUT_OF_SCOPE if died is None else RefusalKey.RECIPIENT_DECEASED
        return Refusal(key, request.recipient.person.id)
    if other := _first(request, RefusalKey.PAYEE_OUT_OF_SCOPE, lambda each: not concerns(role, each.kind)):
        return other
    if died is None or role is Role.FUNERAL_ORGANISER:
        return None
    last = Period.parse(died[:7])
    return _first(request, RefusalKey.RECIPIENT_DECEASED, lambda each: each.period > last)


AFTER_DEATH = frozenset({Role.RELATIVE_OF_DECEASED, Role.FUNERAL_ORGANISER})


def receivable(payee: Payee, recipient: Recipient, owed: Iterable[Entitlement]) -> tuple[Entitlement, ...]:
    """What of this the payee may ask for, by role and day of death alone: who receives is not asked for the rest."""
    if (recipient.deceased_on is None) == (payee.role in AFTER_DEATH):
        return ()
    until = (recipient.deceased_on or "9999")[:7]
    mine = [each for each in owed if concerns(payee.role, each.kind)]
    return tuple(each for each in mine if each.kind is Kind.FUNERAL or str(each.period) <= until)


def concerns(role: Role, kind: Kind) -> bool:
    """The funeral sum is the organiser's, everything else is not."""
    return (kind is Kind.FUNERAL) == (role is Role.FUNERAL_ORGANISER)


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


def one_person_is_meant(request: Request, standing: Standing) -> Refusal | None:
    """A number alone names nobody: a chip with two of them, or a list with another name and birth, is settled first."""
    return Refusal(RefusalKey.ANOTHER_PERSON, request.payee.person.id) if names_another(request.evidence) else None


def face_is_confirmed(request: Request, standing: Standing) -> Refusal | None:
    """The chip proves the card; only the agent's eyes prove the person."""
    return None if request.evidence.face_confirmed else Refusal(RefusalKey.FACE_NOT_CONFIRMED)


def level_is_enough(request: Request, standing: Standing) -> Refusal | None:
    """Plan §7: A always pays, B where the programme's policy allows, else an override within the district's caps."""
    if _proven(request):
        return None
    if request.override is None:
        return Refusal(RefusalKey.CARD_LEFT if request.evidence.card_left else RefusalKey.LEVEL_TOO_LOW)
    total, recipient = _total(request), request.recipient.person.id
    wanted = Wanted(request.override, total, recipient, request.operator, request.time.now)
    key = override_refusal(wanted, request.policy, standing)
    return None if key is None else Refusal(key)


def _proven(request: Request) -> bool:
    """Whether the chip says enough by itself for what is asked."""
    reached, allowed = level(request.evidence), request.policy.level_b_programmes
    return reached is Level.A or (
        reached is Level.B and all(each.programme in allowed for each in request.entitlements)
    )


def cash_is_there(request: Request, standing: Standing) -> Refusal | None:
    """M4: never short, never owed: the drawer must make the sum, with change at most once."""
    total = _total(request)
    session = standing.session
    short = session is None or session.expected < total or _hand_over(total, standing) is None
    return Refusal(RefusalKey.NOT_ENOUGH_CASH) if short else None


RULES: tuple[Rule, ...] = (
    session_is_open,
    session_is_ones_own,
    nothing_is_pending,
    device_may_pay,
    time_is_trusted,
    simulation_stays_in_practice,
    entitlements_are_one_recipient,
    paid_at_most_once,
    paid_in_cash,
    sum_is_in_notes,
    lease_is_live,
    sum_is_the_leased_one,
    within_the_window,
    recipient_lives,
    payee_may_receive,
    card_is_believed,
    one_person_is_meant,
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
    total = _total(request)
    hand_over = _hand_over(total, standing)
    if hand_over is None:
        return Refusal(RefusalKey.NOT_ENOUGH_CASH)
    return PayoutOffer(
        recipient=request.recipient,
        payee=request.payee,
        lines=tuple(_line(each, request) for each in request.entitlements),
        total=total,
        level=level(request.evidence) if _proven(request) else Level.C,
        simulated=request.evidence.simulated,
        hand_over=hand_over,
        nonces=tuple(sorted(request.leases[each.id].nonce for each in request.entitlements)),
    )


def _total(request: Request) -> Vnd:
    return Vnd(sum(_in_notes(each, request) or 0 for each in request.entitlements))


def _line(owed: Entitlement, request: Request) -> j.AuthorisedLine:
    paid, lease = _in_notes(owed, request) or owed.amount, request.leases[owed.id].id
    rounding = Vnd(owed.amount - paid) or None
    return j.AuthorisedLine(owed.id, lease, owed.programme, owed.kind, str(owed.period), paid, rounding)


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
        override=request.override if offered.level is Level.C else None,
        doubts=request.evidence.doubts,
    )
