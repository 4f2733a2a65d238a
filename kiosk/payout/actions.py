"""What else an operator does with cash and leases, each asked for as a fact or refused with a key.

Apart from the rules of an offer: nobody is paid here, but every đồng and every right to pay that moves does so by
one of these.
"""

from __future__ import annotations

from kiosk.payout import journal as j
from kiosk.payout.cash import CashSession, Notes, variance
from kiosk.payout.clock import TrustedTime
from kiosk.payout.names import (
    CashWay,
    CodeKind,
    DeviceId,
    OperatorId,
    Outcome,
    PayoutId,
    RefusalKey,
    ReversalReason,
    SessionId,
    VarianceReason,
    Vnd,
    VoidReason,
)
from kiosk.payout.operators import OperatorCard
from kiosk.payout.paylist import Lease
from kiosk.payout.rules import Refusal, expired, held_here
from kiosk.payout.states import Standing, Status


def void(standing: Standing, payout: PayoutId, reason: VoidReason, counted: Vnd | None) -> j.PayoutVoided | Refusal:
    """M2: only an open payout is voided; once cash was shown with a counted drawer, before that with None."""
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


def reverse(
    standing: Standing, payout: PayoutId, reason: ReversalReason, notes: Notes, by: OperatorCard, second: str
) -> j.PayoutReversed | Refusal:
    """M1, M4: a completed payout is taken back whole, between two people; its lease stays spent."""
    session = _drawer(standing, by, second)
    if isinstance(session, Refusal):
        return session
    state = standing.payouts.get(payout)
    if state is None or state.status is not Status.COMPLETED:
        return Refusal(RefusalKey.NOT_IN_THIS_STATE, payout)
    if notes.amount != state.total:
        return Refusal(RefusalKey.NOT_THE_SUM, payout)
    return j.PayoutReversed(payout, session.session, reason, notes.counts, by.id, second)


def move_cash(
    standing: Standing, way: CashWay, notes: Notes, by: OperatorCard, second: str
) -> j.CashAdded | j.CashReturned | Refusal:
    """M4: cash comes in or goes out between two people, never more than the books have, never over a payout."""
    session = _drawer(standing, by, second)
    if isinstance(session, Refusal):
        return session
    if not notes.amount:
        return Refusal(RefusalKey.NOT_THE_SUM, session.session)
    if way is CashWay.ADDED:
        return j.CashAdded(session.session, notes.amount, notes.counts, by.id, second)
    if notes.amount > session.expected:
        return Refusal(RefusalKey.MORE_THAN_THERE, session.session)
    return j.CashReturned(session.session, notes.amount, notes.counts, by.id, second)


def _drawer(standing: Standing, by: OperatorCard, second: str) -> CashSession | Refusal:
    """The session whose cash may move now, by its own operator and before a second person."""
    session = standing.session
    if session is None:
        return Refusal(RefusalKey.NO_SESSION)
    if session.operator != by.id:
        return Refusal(RefusalKey.SESSION_OF_OTHER, session.session)
    if pending := _pending(standing):
        return pending
    if not second.strip() or _same(second, by.id) or _same(second, by.name):
        return Refusal(RefusalKey.SECOND_PERSON_NEEDED, session.session)
    return session


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _pending(standing: Standing) -> Refusal | None:
    """M2: what is open or uncertain comes before anything that moves cash or leases."""
    if standing.uncertain is not None:
        return Refusal(RefusalKey.UNCERTAIN_OPEN, standing.uncertain.id)
    if standing.open_payout is not None:
        return Refusal(RefusalKey.PAYOUT_OPEN, standing.open_payout.id)
    return None


def open_session(
    standing: Standing, session: SessionId, operator: OperatorId, notes: Notes, received_from: str
) -> j.SessionOpened | Refusal:
    """M4: one session at a time: cash belongs to the one who answers for it."""
    if standing.session is not None:
        return Refusal(RefusalKey.SESSION_OPEN, standing.session.session)
    return j.SessionOpened(session, operator, notes.amount, notes.counts, received_from)


def close_session(
    standing: Standing, operator: OperatorId, counted: Notes, reason: VarianceReason, note: str
) -> j.SessionClosed | Refusal:
    """M2, M4: no session closes over a payout that is not settled; variance needs a reason.

    ``operator`` is who counted: a colleague may close for one who cannot, and is named as such.
    """
    session = standing.session
    if session is None:
        return Refusal(RefusalKey.NO_SESSION)
    if standing.pending:
        return Refusal(RefusalKey.UNCERTAIN_OPEN, standing.pending[0])
    off = variance(session, counted.amount)
    if off and reason is VarianceReason.NONE:
        return Refusal(RefusalKey.VARIANCE_UNEXPLAINED, session.session)
    return j.SessionClosed(session.session, operator, counted.amount, counted.counts, off, reason, note)


def release(
    standing: Standing, lease: Lease, stand_in: DeviceId | None, operator: OperatorId, time: TrustedTime
) -> j.LeaseReleased | Refusal:
    """M1, plan §6: a lease that is live here goes to its one stand-in, once, while no payout is open."""
    if pending := _pending(standing):
        return pending
    if lease.id in standing.taken:
        return Refusal(RefusalKey.LEASE_TAKEN, lease.id)
    key = held_here(lease, standing) or expired(lease, standing, time)
    if key is not None:
        return Refusal(key, lease.id)
    if stand_in is None or stand_in == standing.device:
        return Refusal(RefusalKey.NO_STAND_IN, lease.id)
    return j.LeaseReleased(lease.id, stand_in, operator)


def take_over(standing: Standing, lease: Lease, operator: OperatorId, time: TrustedTime) -> j.LeaseTaken | Refusal:
    """M1, plan §6: a lease is taken over once and keeps its expiry."""
    if pending := _pending(standing):
        return pending
    if lease.id in standing.taken | standing.spent:
        return Refusal(RefusalKey.LEASE_TAKEN, lease.id)
    if key := expired(lease, standing, time):
        return Refusal(key, lease.id)
    return j.LeaseTaken(lease.id, standing.device, operator)


def try_code(standing: Standing, kind: CodeKind, time: TrustedTime) -> Refusal | None:
    """Plan §6: after five wrong codes of a kind in a row each further one costs an hour, over restarts too."""
    tries = standing.tries.get(kind)
    if tries is None or not tries.wait(time.now):
        return None
    locked = {CodeKind.LEASE: RefusalKey.RELEASE_CODE_LOCKED, CodeKind.OVERRIDE: RefusalKey.OVERRIDE_CODE_LOCKED}
    return Refusal(locked[kind])


def code_refused(standing: Standing, kind: CodeKind, key: RefusalKey, operator: OperatorId) -> j.CodeRefused:
    """The fact of one more wrong code."""
    tries = standing.tries.get(kind)
    return j.CodeRefused(kind, key, operator, 1 if tries is None else tries.count + 1)
