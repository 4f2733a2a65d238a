"""Where everything stands: the fold of the journal's facts.

Nothing else is state. The standing after a power cut is what the facts say, no more; a fact that
cannot follow from the ones before is a fault, never silently skipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from kiosk.payout import epochs
from kiosk.payout import journal as j
from kiosk.payout.cash import SMALLEST, CashSession, Notes, variance
from kiosk.payout.code_facts import Tries
from kiosk.payout.key_facts import KeysChanged
from kiosk.payout.names import (
    CodeKind,
    ConsentWay,
    Level,
    Outcome,
    PayoutId,
    Sequence,
    SessionId,
    UnixSeconds,
    Vnd,
)
from kiosk.payout.overrides import vietnam_day
from kiosk.payout.states import ImpossibleFact, PayoutState, Standing, Status

__all__ = ["ImpossibleFact", "PayoutState", "Standing", "Status", "stand"]


def stand(entries: Iterable[j.Entry], start: Standing | None = None) -> Standing:
    """Fold entries into the standing. The first ever must be EpochOpened.

    Raises ImpossibleFact for a fact that breaks a rule and BrokenChain for one out of place.
    ``start`` is not changed.
    """
    now = None if start is None else _copy(start)
    for entry in entries:
        now = _apply(now, entry)
    if now is None:
        raise ImpossibleFact("a journal begins with epoch_opened")
    return now


def _copy(start: Standing) -> Standing:
    return replace(
        start,
        paid=dict(start.paid),
        spent=set(start.spent),
        released=set(start.released),
        taken=set(start.taken),
        tries=dict(start.tries),
        payouts=dict(start.payouts),
        unpaid=dict(start.unpaid),
    )


def _need(condition: bool, why: str) -> None:
    if not condition:
        raise ImpossibleFact(why)


def _apply(now: Standing | None, entry: j.Entry) -> Standing:
    if isinstance(entry.fact, j.EpochOpened):
        return _open_epoch(now, entry, entry.fact)
    if now is None:
        raise ImpossibleFact("a journal begins with epoch_opened")
    head = j.check_chain([entry], now.head, now.next_sequence)
    _need((entry.device, entry.epoch) == (now.device, now.epoch), "entry of another device")
    if vietnam_day(_proven(now.proven_until, entry)) > vietnam_day(now.proven_until):
        now = replace(now, unpaid={})  # another day: whoever was not paid yesterday is waited for again
    after = _fact(now, entry)
    floor = _proven(after.proven_until, entry)
    return replace(after, head=head, next_sequence=Sequence(entry.sequence + 1), proven_until=floor)


def _proven(before: UnixSeconds, entry: j.Entry) -> UnixSeconds:
    """The latest hour of an entry under proven time; only the district's order lowers it (plan §5)."""
    return max(before, entry.at) if entry.time_proven and not isinstance(entry.fact, j.FloorLowered) else before


def _open_epoch(now: Standing | None, entry: j.Entry, fact: j.EpochOpened) -> Standing:
    _need(entry.sequence == 0 and entry.previous == j.GENESIS, "epoch_opened out of place")
    fault = None if now is None else epochs.fault(now, entry, fact)
    _need(fault is None, fault or "")
    return Standing(
        area=fact.area, mode=fact.mode, device=entry.device, epoch=entry.epoch, next_sequence=Sequence(1),
        head=entry.hash, paid={each: PayoutId("") for each in fact.carried_paid}, spent=set(fact.carried_spent),
        incarnation=fact.incarnation, bundle_version=fact.bundle_version, revocation_serial=fact.revocation_serial,
        proven_until=_proven(fact.floor, entry), order_serial=fact.order,
    )  # fmt: skip


def _fact(now: Standing, entry: j.Entry) -> Standing:  # noqa: C901, PLR0911, PLR0912 - one arm a fact
    match entry.fact:
        case j.EpochOpened():
            raise ImpossibleFact("epoch_opened is applied before")
        case j.DeviceStarted():
            return _all_uncertain(now)
        case j.BundleAccepted() as fact:
            return _bundle(now, fact)
        case j.SessionOpened() as fact:
            return _open_session(now, entry, fact)
        case j.CashAdded() as fact:
            return _cash_moved(now, entry, fact)
        case j.CashReturned() as fact:
            return _cash_moved(now, entry, fact)
        case j.PayoutAuthorised() as fact:
            return _authorised(now, entry, fact)
        case j.PayoutCompleted() as fact:
            return _completed(now, entry, fact)
        case j.PayoutVoided() as fact:
            return _settle(now, _expect(now, fact.payout, Status.OPEN), Status.VOIDED, entry)
        case j.UncertainResolved() as fact:
            return _resolved(now, entry, fact)
        case j.PayoutReversed() as fact:
            return _reversed(now, entry, fact)
        case j.ClockSet() | KeysChanged():
            return now
        case j.FloorLowered() as fact:
            return replace(_ordered(now, fact.order), proven_until=min(now.proven_until, fact.floor))
        case j.DeviceStopped() as fact:
            return replace(_ordered(now, fact.order), stopped=True)
        case (j.PayoutRefused() | j.StatementTaken()) as fact:
            _own_session(now, fact)
            return now
        case j.VisitUnpaid() as fact:
            _own_session(now, fact)
            now.unpaid[fact.recipient] = fact.reason
            return now
        case j.LeaseReleased() as fact:
            return _lease_released(now, fact)
        case j.LeaseTaken() as fact:
            return _lease_taken(now, fact)
        case j.CodeRefused() as fact:
            before = now.tries.get(fact.kind, Tries(0, entry.at))
            _need(fact.tries == before.count + 1, "wrong codes are counted one by one")
            now.tries[fact.kind] = Tries(fact.tries, max(before.last, entry.at))
            return now
        case j.ReceiptPrinted() as fact:
            return _printed(now, fact)
        case j.PaperSeen() as fact:
            known = now.payouts.get(fact.payout)
            _need(known is not None and fact.copy < known.prints, "a slip that was never printed")
            return now
        case j.SessionClosed() as fact:
            return _close_session(now, fact)
        case _ as unknown:
            assert_never(unknown)


def _ordered(now: Standing, order: int) -> Standing:
    _need(order > now.order_serial, "an order works once")
    return replace(now, order_serial=order)


def _all_uncertain(now: Standing) -> Standing:
    for each in now.pending:
        now.payouts[each] = replace(now.payouts[each], status=Status.UNCERTAIN)
    return now


def _bundle(now: Standing, fact: j.BundleAccepted) -> Standing:
    _need((fact.incarnation, fact.version) > (now.incarnation, now.bundle_version), "an older bundle")
    _need(fact.revocation_serial >= now.revocation_serial, "an older revocation list")
    return replace(
        now, incarnation=fact.incarnation, bundle_version=fact.version, revocation_serial=fact.revocation_serial
    )


def _session(now: Standing, session: SessionId) -> CashSession:
    if now.session is None or now.session.session != session:
        raise ImpossibleFact("no such open session")
    return now.session


_Own = (
    j.CashAdded | j.CashReturned | j.PayoutAuthorised | j.PayoutReversed | j.PayoutRefused | j.VisitUnpaid
    | j.StatementTaken
)  # fmt: skip
"""Facts of whoever answers for the cash. Counting may be another's: a colleague closes for one who fell ill."""


def _own_session(now: Standing, fact: _Own) -> CashSession:
    session = _session(now, fact.session)
    _need(fact.operator == session.operator, "another operator's session (M4)")
    return session


def _open_session(now: Standing, entry: j.Entry, fact: j.SessionOpened) -> Standing:
    _need(now.session is None, "a session is open already")
    _need(fact.session not in now.closed_sessions, "a closed session is not opened again")
    notes = Notes(fact.notes)
    _need(notes.amount == fact.opening, "the opening notes do not make the opening sum")
    session = CashSession(fact.session, fact.operator, entry.at, fact.opening, drawer=notes)
    since = now.cash_since or (entry.at if notes.amount else UnixSeconds(0))
    return replace(now, session=session, cash_since=since)


def _cash_moved(now: Standing, entry: j.Entry, fact: j.CashAdded | j.CashReturned) -> Standing:
    session, notes = _own_session(now, fact), Notes(fact.notes)
    _two_people(fact.operator, fact.second)
    _need(not now.pending, "cash moves while a payout is not settled (M2)")
    _need(notes.amount == fact.amount, "the notes do not make the sum")
    if isinstance(fact, j.CashAdded):
        after = replace(session, added=Vnd(session.added + fact.amount), drawer=session.drawer + notes)
    else:
        _need(fact.amount <= session.expected, "more returned than there is")
        returned = Vnd(session.returned + fact.amount)
        after = replace(session, returned=returned, drawer=_take(session.drawer, notes))
    return replace(now, session=after, cash_since=now.cash_since or entry.at)


def _two_people(operator: str, second: str) -> None:
    _need(bool(second) and second != operator, "cash moves between two people (M4)")


def _take(drawer: Notes, notes: Notes) -> Notes:
    """What is left; where the estimate of a denomination was wrong it ends at zero."""
    left = zip(drawer.counts, notes.counts, strict=True)
    return Notes(tuple(max(0, have - out) for have, out in left))


def _authorised(now: Standing, entry: j.Entry, fact: j.PayoutAuthorised) -> Standing:
    _own_session(now, fact)
    _need(not now.stopped, "the district ended this device")
    _need(fact.payout == j.payout_id(entry.device, entry.epoch, entry.sequence), "a payout is named by its place")
    _need((fact.device, fact.epoch) == (now.device, now.epoch), "a fact of another device")
    _need(fact.previous_head == now.head, "the fact does not name the head it follows")
    _need(not now.pending, "another payout is not settled (M2)")
    _check_override(now, fact)
    _check_lines(now, fact)
    state = PayoutState(
        id=fact.payout,
        session=fact.session,
        recipient=fact.recipient,
        payee=fact.payee,
        role=fact.role,
        lines=fact.lines,
        total=fact.total,
        level=fact.level,
        witness=j.witness_kind(entry.witness),
        simulated=fact.simulated,
        status=Status.OPEN,
        authorised_at=entry.at,
        authorised_hash=entry.hash,
        operator=fact.operator,
        overridden=fact.override is not None,
    )
    now.payouts[fact.payout] = state
    return replace(now, pending=(*now.pending, fact.payout))


def _check_override(now: Standing, fact: j.PayoutAuthorised) -> None:
    """Plan §6 and §7: no chip, no payout, unless somebody else agreed. A right code ends the counting."""
    _need((fact.level is Level.C) == (fact.override is not None), "level C pays by override only (plan §7)")
    if fact.override is None:
        return
    by_card = fact.override.way is ConsentWay.CARD
    _need(by_card == bool(fact.override.given_by), "a card names its supervisor, a code does not")
    _need(fact.override.given_by != fact.operator, "nobody agrees to the own override")
    if not by_card:
        now.tries.pop(CodeKind.OVERRIDE, None)


def _check_lines(now: Standing, fact: j.PayoutAuthorised) -> None:
    """M1 and M7 at the last gate before cash."""
    ids = [line.entitlement for line in fact.lines]
    _need(bool(ids) and len(set(ids)) == len(ids), "each entitlement once, at least one")
    _need(all(line.amount > 0 for line in fact.lines), "an amount of nothing")
    _need(all(_rounded_by_less_than_a_note(line) for line in fact.lines), "rounded by a whole note, or by nothing")
    _need(fact.total == sum(line.amount for line in fact.lines), "the sum is not the lines' sum")
    _need(not any(each in now.paid for each in ids), "an entitlement was paid before (M1)")
    _need(len({line.lease for line in fact.lines} - now.spent) == len(ids), "a lease pays one entitlement, once (M1)")


def _rounded_by_less_than_a_note(line: j.AuthorisedLine) -> bool:
    if line.rounding is None:
        return True
    return 0 < abs(line.rounding) < SMALLEST and line.amount % SMALLEST == 0


def _expect(now: Standing, payout: PayoutId, status: Status) -> PayoutState:
    state = now.payouts.get(payout)
    if state is None or state.status is not status:
        raise ImpossibleFact(f"no such payout that is {status.value}")
    return state


def _settle(now: Standing, state: PayoutState, status: Status, entry: j.Entry) -> Standing:
    now.payouts[state.id] = replace(state, status=status, settled_at=entry.at)
    return replace(now, pending=tuple(each for each in now.pending if each != state.id))


def _pay(now: Standing, state: PayoutState, entry: j.Entry, drawer: Notes | None) -> Standing:
    for line in state.lines:
        now.paid[line.entitlement] = state.id
        now.spent.add(line.lease)
    now.unpaid.pop(state.recipient, None)
    session = _session(now, state.session)
    paid = replace(session, paid=Vnd(session.paid + state.total), drawer=drawer or session.drawer)
    return _settle(replace(now, session=paid), state, Status.COMPLETED, entry)


def _completed(now: Standing, entry: j.Entry, fact: j.PayoutCompleted) -> Standing:
    state = _expect(now, fact.payout, Status.OPEN)
    given, back = Notes(fact.given), Notes(fact.back)
    _need(given.amount - back.amount == state.total, "the notes do not make the sum")
    _need((fact.signature is None) != (fact.cannot_sign is None), "signed, or a reason why not")
    _need(fact.cannot_sign is None or fact.witness is not None, "an ink print needs a witness")
    state = replace(state, cannot_sign=fact.cannot_sign is not None)
    drawer = _take(_session(now, state.session).drawer, given) + back
    return _pay(now, state, entry, drawer)


def _resolved(now: Standing, entry: j.Entry, fact: j.UncertainResolved) -> Standing:
    state = _expect(now, fact.payout, Status.UNCERTAIN)
    if fact.outcome is Outcome.PAID:
        return _pay(now, state, entry, None)
    return _settle(now, state, Status.VOIDED, entry)


def _reversed(now: Standing, entry: j.Entry, fact: j.PayoutReversed) -> Standing:
    state = _expect(now, fact.payout, Status.COMPLETED)
    _two_people(fact.operator, fact.second)
    _need(not now.pending, "cash moves while a payout is not settled (M2)")
    session, notes = _own_session(now, fact), Notes(fact.notes)
    _need(notes.amount == state.total, "the notes that came back do not make the sum")
    for line in state.lines:
        del now.paid[line.entitlement]
    back = Vnd(session.reversed + state.total)
    now = replace(now, session=replace(session, reversed=back, drawer=session.drawer + notes))
    return _settle(now, state, Status.REVERSED, entry)


def _lease_released(now: Standing, fact: j.LeaseReleased) -> Standing:
    _need(not now.pending, "a release while a payout is not settled")
    _need(fact.lease not in now.spent, "a lease that is gone cannot be released")
    now.spent.add(fact.lease)
    now.released.add(fact.lease)
    return now


def _lease_taken(now: Standing, fact: j.LeaseTaken) -> Standing:
    _need(fact.holder == now.device, "a lease taken by another device")
    _need(fact.lease not in now.taken | now.spent, "a lease is taken over once")
    now.taken.add(fact.lease)
    now.tries.pop(CodeKind.LEASE, None)
    return now


def _printed(now: Standing, fact: j.ReceiptPrinted) -> Standing:
    state = now.payouts.get(fact.payout)
    if state is None or fact.copy != state.prints:
        raise ImpossibleFact("a receipt copy out of turn")
    now.payouts[fact.payout] = replace(state, prints=state.prints + 1)
    return now


def _close_session(now: Standing, fact: j.SessionClosed) -> Standing:
    session = _session(now, fact.session)
    _need(not now.pending, "no session closes over a payout that is not settled (M2)")
    _need(Notes(fact.notes).amount == fact.counted, "the counted notes do not make the count")
    _need(fact.variance == variance(session, fact.counted), "the variance is wrong (M4)")
    _need(fact.variance == 0 or fact.reason.value != "none", "a variance needs a reason (M4)")
    since = now.cash_since if fact.counted else UnixSeconds(0)
    return replace(now, session=None, closed_sessions=(*now.closed_sessions, fact.session), cash_since=since)
