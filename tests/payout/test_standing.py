"""The fold: what facts may follow what, and what must hold after any sequence of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.payout import actions, epochs, rules
from kiosk.payout import journal as j
from kiosk.payout.cash import NO_NOTES, Notes, fewest_notes
from kiosk.payout.names import (
    AreaId,
    CannotSign,
    Digest,
    EntitlementId,
    Epoch,
    LeaseId,
    Mode,
    OperatorId,
    Outcome,
    PayoutId,
    PersonId,
    PrintResult,
    RefusalKey,
    ReversalReason,
    Sequence,
    SessionId,
    UnixSeconds,
    UnpaidReason,
    VarianceReason,
    Vnd,
    VoidReason,
)
from kiosk.payout.overrides import DAY_SECONDS, VIETNAM_SECONDS, vietnam_day
from kiosk.payout.standing import ImpossibleFact, Status, stand
from tests.payout.days import HALF_MILLION
from tests.payout.world import DEVICE, FLOAT, NOON, OPERATOR, SESSION, Book, opened, request

SIGNED = Digest("ab" * 32)


def authorised(book: Book, number: int = 1, months: tuple[int, ...] = (11,)) -> j.PayoutAuthorised:
    """Write an authorisation and return it."""
    fact = rules.authorise(request(number, months), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    book.write(fact)
    return fact


def paid(book: Book, number: int = 1, months: tuple[int, ...] = (11,)) -> PayoutId:
    """Authorise and complete with the fewest notes."""
    fact = authorised(book, number, months)
    notes = fewest_notes(fact.total)
    assert notes is not None
    book.write(j.PayoutCompleted(fact.payout, notes.counts, NO_NOTES.counts, signature=SIGNED))
    return fact.payout


def test_the_journal_begins_with_an_epoch() -> None:
    with pytest.raises(ImpossibleFact):
        stand([])
    started = j.Entry(DEVICE, Epoch(1), Sequence(0), NOON, True, j.GENESIS, j.DeviceStarted("1", True))
    with pytest.raises(ImpossibleFact):
        stand([started])


def test_cash_balances_through_a_day() -> None:
    book = opened()
    book.write(j.CashAdded(SESSION, Vnd(1_000_000), Notes.of({500_000: 2}).counts, OPERATOR, "quỹ"))
    first = paid(book)
    paid(book, 2, (10, 11))
    book.write(j.CashReturned(SESSION, Vnd(500_000), Notes.of({500_000: 1}).counts, OPERATOR, "quỹ"))
    book.write(j.PayoutReversed(first, SESSION, ReversalReason.WRONG_PERSON, HALF_MILLION.counts, OPERATOR, "quỹ"))
    session = book.standing.session
    assert session is not None
    assert session.expected == FLOAT.amount + 1_000_000 - 500_000 - 500_000 - 1_000_000 + 500_000
    counted = fewest_notes(Vnd(session.expected - 50_000))
    assert counted is not None
    fact = actions.close_session(book.standing, OPERATOR, counted, VarianceReason.UNEXPLAINED, "thiếu một tờ")
    assert isinstance(fact, j.SessionClosed)
    assert fact.variance == 50_000
    book.write(fact)
    assert book.standing.closed_sessions == (SESSION,)


def test_a_power_cut_makes_the_open_payout_uncertain_and_it_blocks_the_close() -> None:
    book = opened()
    fact = authorised(book)
    book.write(j.DeviceStarted("1", True))
    state = book.standing.uncertain
    assert state is not None
    assert (state.id, state.status) == (fact.payout, Status.UNCERTAIN)
    with pytest.raises(ImpossibleFact, match="open"):
        book.write(j.PayoutCompleted(fact.payout, FLOAT.counts, FLOAT.counts, signature=SIGNED))
    session = book.standing.session
    assert session is not None
    with pytest.raises(ImpossibleFact, match="not settled"):
        book.write(j.SessionClosed(SESSION, OPERATOR, FLOAT.amount, FLOAT.counts, Vnd(0), VarianceReason.NONE))
    book.write(j.UncertainResolved(fact.payout, Outcome.PAID, Vnd(0), OPERATOR))
    assert book.standing.paid == {fact.lines[0].entitlement: fact.payout}
    assert book.standing.uncertain is None


def _wrong_facts(book: Book, payout: PayoutId) -> list[j.Fact]:
    """Facts that cannot follow after one completed payout of entitlement e1-11."""
    line = book.standing.payouts[payout].lines[0]
    again = rules.authorise(request(2), book.standing)
    assert isinstance(again, j.PayoutAuthorised)
    notes = FLOAT.counts
    return [
        j.SessionOpened(SessionId("s2"), OPERATOR, FLOAT.amount, notes),
        j.CashAdded(SESSION, Vnd(1), notes, OPERATOR, "quỹ"),
        j.CashAdded(SESSION, FLOAT.amount, notes, OPERATOR, OPERATOR),
        j.CashAdded(SESSION, FLOAT.amount, notes, OPERATOR, ""),
        j.CashAdded(SessionId("s9"), FLOAT.amount, notes, OPERATOR, "quỹ"),
        j.CashReturned(SESSION, FLOAT.amount, notes, OPERATOR, "quỹ"),
        j.CashReturned(SESSION, Vnd(1), notes, OPERATOR, "quỹ"),
        replace(again, lines=(line,), total=line.amount),
        replace(again, lines=(replace(again.lines[0], lease=line.lease),)),
        replace(
            again,
            lines=(again.lines[0], replace(again.lines[0], entitlement=EntitlementId("e2-10"))),
            total=Vnd(2 * again.total),
        ),
        replace(again, lines=(*again.lines, *again.lines), total=Vnd(2 * again.total)),
        replace(again, lines=(), total=Vnd(0)),
        replace(again, lines=(replace(again.lines[0], amount=Vnd(0)),), total=Vnd(0)),
        replace(again, total=Vnd(again.total + 1)),
        replace(again, payout=PayoutId("KIT7-1-99")),
        replace(again, previous_head=j.GENESIS),
        replace(again, epoch=Epoch(2)),
        replace(again, session=SessionId("s9")),
        j.PayoutCompleted(payout, notes, notes, signature=SIGNED),
        j.PayoutVoided(payout, VoidReason.OPERATOR_ERROR, Vnd(0)),
        j.UncertainResolved(payout, Outcome.PAID, Vnd(0), OPERATOR),
        j.PayoutReversed(payout, SESSION, ReversalReason.WRONG_SUM, HALF_MILLION.counts, OPERATOR, OPERATOR),
        j.PayoutReversed(PayoutId("x"), SESSION, ReversalReason.WRONG_SUM, HALF_MILLION.counts, OPERATOR, "quỹ"),
        j.LeaseReleased(line.lease, DEVICE, OPERATOR),
        j.LeaseTaken(LeaseId("x"), DEVICE.__class__("OTHER"), OPERATOR),
        j.ReceiptPrinted(payout, 1, PrintResult.PRINTED),
        j.ReceiptPrinted(PayoutId("x"), 0, PrintResult.PRINTED),
        j.SessionClosed(SESSION, OPERATOR, Vnd(0), NO_NOTES.counts, Vnd(0), VarianceReason.NONE),
        j.SessionClosed(SESSION, OPERATOR, Vnd(1), NO_NOTES.counts, Vnd(0), VarianceReason.NONE),
        j.BundleAccepted(0, 0, 0, SIGNED),
        epochs.opening(book.standing, 1, (Epoch(1), book.standing.head), (), ()),
        j.FloorLowered(0, NOON),
        j.DeviceStopped(0, wipe=False),
    ]


@pytest.mark.parametrize("which", range(33))
def test_an_impossible_fact_is_a_fault(which: int) -> None:
    book = opened()
    payout = paid(book)
    before = book.standing
    wrong = _wrong_facts(book, payout)
    assert len(wrong) == 33
    with pytest.raises((ImpossibleFact, j.BrokenChain)):
        book.write(wrong[which])
    assert book.standing == before


def test_completing_needs_the_sum_and_a_signature_or_a_witnessed_reason() -> None:
    book = opened()
    payout = authorised(book).payout
    exact, zero = Notes.of({500_000: 1}).counts, NO_NOTES.counts
    for wrong in (
        j.PayoutCompleted(payout, zero, zero, signature=SIGNED),
        j.PayoutCompleted(payout, exact, zero),
        j.PayoutCompleted(payout, exact, zero, signature=SIGNED, cannot_sign=CannotSign.BLIND),
        j.PayoutCompleted(payout, exact, zero, cannot_sign=CannotSign.BLIND),
    ):
        with pytest.raises(ImpossibleFact):
            book.write(wrong)
    book.write(j.PayoutCompleted(payout, exact, zero, cannot_sign=CannotSign.BLIND, witness=SIGNED))
    assert book.standing.payouts[payout].cannot_sign


def test_a_new_epoch_names_the_old_head_and_forgets_nothing() -> None:
    book = opened()
    payout = paid(book)
    entitlement = book.standing.payouts[payout].lines[0].entitlement
    session = book.standing.session
    assert session is not None
    fact = actions.close_session(book.standing, OPERATOR, session.drawer, VarianceReason.NONE, "")
    assert isinstance(fact, j.SessionClosed)
    book.write(fact)

    def opening(**change: object) -> j.Entry:
        spent = tuple(book.standing.spent)
        good = epochs.opening(book.standing, 1, (Epoch(1), book.standing.head), (entitlement,), spent)
        changed = replace(good, **change)  # type: ignore[arg-type]
        return j.Entry(DEVICE, Epoch(2), Sequence(0), NOON, True, j.GENESIS, changed)

    after = stand([opening()], book.standing)
    assert (after.epoch, after.next_sequence) == (2, 1)
    assert entitlement in after.paid
    for wrong in (
        {"previous_head": j.GENESIS, "own_head": j.GENESIS},
        {"previous_epoch": Epoch(0), "own_epoch": Epoch(0)},
        {"order": 0},
        {"floor": 0},
        {"carried_paid": ()},
        {"carried_spent": ()},
        {"mode": Mode.PRODUCTION},
        {"area": AreaId("B")},
    ):
        with pytest.raises(ImpossibleFact):
            stand([opening(**wrong)], book.standing)
    with pytest.raises(ImpossibleFact, match="newer"):
        stand([replace(opening(), epoch=Epoch(1))], book.standing)


def test_refusals_and_unpaid_visits_are_kept_and_move_no_money() -> None:
    book = opened()
    book.write(j.PayoutRefused(SESSION, OPERATOR, PersonId("p1"), RefusalKey.CARD_NOT_GENUINE, True))
    book.write(j.VisitUnpaid(SESSION, OPERATOR, PersonId("p2"), UnpaidReason.HOSPITAL, (EntitlementId("e2-11"),)))
    assert book.standing.unpaid == {PersonId("p2"): UnpaidReason.HOSPITAL}
    assert book.standing.session is not None
    assert book.standing.session.expected == FLOAT.amount


def test_an_unpaid_visit_is_marked_until_it_is_paid_or_the_day_is_over() -> None:
    """Another month finds them waiting again, with the months that wait and not with an old mark."""
    book = opened()
    who, other = PersonId("p1"), PersonId("p2")
    for each in (who, other):
        book.write(j.VisitUnpaid(SESSION, OPERATOR, each, UnpaidReason.ABSENT, ()))
    paid(book)
    assert book.standing.unpaid == {other: UnpaidReason.ABSENT}, "a revisit on the same day"
    book.now = UnixSeconds((vietnam_day(book.now) + 1) * DAY_SECONDS - VIETNAM_SECONDS - 1)
    book.write(j.DeviceStarted("test", True))
    assert book.standing.unpaid, "the last second of the day"
    book.now = UnixSeconds(book.now + 1)
    before = book.standing
    book.write(j.VisitUnpaid(SESSION, OPERATOR, who, UnpaidReason.HOSPITAL, ()))
    assert book.standing.unpaid == {who: UnpaidReason.HOSPITAL}, "today's own stands"
    assert before.unpaid == {other: UnpaidReason.ABSENT}, "a fold changes nothing that was folded before"


ACTIONS = ("authorise", "complete", "void", "start", "paid", "not_paid", "reverse", "print", "close", "open")


def _act(book: Book, action: str, number: int) -> None:  # noqa: C901, PLR0912 - one arm an action
    """One step of a day; whatever the rules refuse does not happen."""
    now = book.standing
    pending = now.payouts[now.pending[0]] if now.pending else None
    match action:
        case "authorise":
            fact = rules.authorise(request(number, (10, 11)[: 1 + number % 2]), now)
            if isinstance(fact, j.PayoutAuthorised):
                book.write(fact)
        case "complete" if pending and pending.status is Status.OPEN:
            offer = Notes.of({500_000: int(pending.total) // 500_000})
            book.write(j.PayoutCompleted(pending.id, offer.counts, NO_NOTES.counts, signature=SIGNED))
        case "void" if pending and pending.status is Status.OPEN:
            book.write(j.PayoutVoided(pending.id, VoidReason.DISPUTED_SUM, Vnd(0)))
        case "start":
            book.write(j.DeviceStarted("1", True))
        case "paid" | "not_paid" if pending and pending.status is Status.UNCERTAIN and now.session:
            book.write(j.UncertainResolved(pending.id, Outcome(action), Vnd(0), OPERATOR))
        case "reverse" if now.paid and now.session and not pending:
            state = now.payouts[next(iter(now.paid.values()))]
            back = Notes.of({500_000: int(state.total) // 500_000})
            reason = ReversalReason.WRONG_SUM
            book.write(j.PayoutReversed(state.id, now.session.session, reason, back.counts, OPERATOR, "quỹ"))
        case "print" if now.payouts:
            last = list(now.payouts.values())[-1]
            book.write(j.ReceiptPrinted(last.id, last.prints, PrintResult.UNKNOWN))
        case "close" if now.session:
            closing = actions.close_session(now, OPERATOR, now.session.drawer, VarianceReason.COUNTING, "")
            if isinstance(closing, j.SessionClosed):
                book.write(closing)
        case "open":
            session = SessionId(f"s{len(now.closed_sessions) + 1}")
            fact_or_no = actions.open_session(now, session, OperatorId("tam"), FLOAT, "quỹ")
            if isinstance(fact_or_no, j.SessionOpened):
                book.write(fact_or_no)
        case _:
            pass


@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(1, 4)), max_size=40))
def test_whatever_happens_the_money_rules_hold(day: list[tuple[str, int]]) -> None:
    book = Book()
    book.open_session()
    for action, number in day:
        _act(book, action, number)
        _money_holds(book)
    assert stand(book.entries) == book.standing, "one fold, or many small ones: the same standing"
    decoded = [j.decode(j.encode(entry)) for entry in book.entries]
    assert decoded == book.entries
    assert j.check_chain(decoded, j.GENESIS, Sequence(0)) == book.standing.head


def _money_holds(book: Book) -> None:
    """M1, M2 and M4, counted from the facts alone and not from the fold."""
    facts = [entry.fact for entry in book.entries]
    by_id = {fact.payout: fact for fact in facts if isinstance(fact, j.PayoutAuthorised)}
    done = [f.payout for f in facts if isinstance(f, j.PayoutCompleted)]
    done += [f.payout for f in facts if isinstance(f, j.UncertainResolved) and f.outcome is Outcome.PAID]
    undone = [f.payout for f in facts if isinstance(f, j.PayoutReversed)]
    net: dict[EntitlementId, int] = {}
    for sign, payouts in ((1, done), (-1, undone)):
        for payout in payouts:
            for line in by_id[payout].lines:
                net[line.entitlement] = net.get(line.entitlement, 0) + sign
    assert all(0 <= count <= 1 for count in net.values())
    assert {each for each, count in net.items() if count} == book.standing.paid.keys()
    assert len(book.standing.pending) <= 1
