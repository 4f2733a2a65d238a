"""The fold, one fact at a time: what each fact changes in the standing, and that it changes nothing else."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest

from kiosk.payout import journal as j
from kiosk.payout import rules
from kiosk.payout.cash import NO_NOTES, CashSession, Notes
from kiosk.payout.clock import TrustedTime
from kiosk.payout.names import (
    CodeKind,
    DeviceId,
    Epoch,
    LeaseId,
    Level,
    Mode,
    Outcome,
    PayoutId,
    PersonId,
    PrintResult,
    RefusalKey,
    ReversalReason,
    Role,
    Sequence,
    SessionId,
    UnixSeconds,
    UnpaidReason,
    Vnd,
    VoidReason,
    WitnessKind,
)
from kiosk.payout.standing import ImpossibleFact, PayoutState, Standing, Status, stand
from tests.payout.days import HALF_MILLION, SIGNED, authorised, paid, refused, till
from tests.payout.world import AREA, DEVICE, FLOAT, NOON, OPERATOR, SESSION, Book, opened, person, request

CHIP = j.Witness("00" * 8, "ff", j.GENESIS)


def test_a_journal_starts_with_nothing_paid_and_nobody_at_the_till() -> None:
    book = Book()
    first = book.entries[0]
    assert book.standing == Standing(
        area=AREA,
        mode=Mode.PRACTICE,
        device=DEVICE,
        epoch=Epoch(1),
        next_sequence=Sequence(1),
        head=first.hash,
        paid={},
        spent=set(),
        released=set(),
        payouts={},
        pending=(),
        unpaid={},
        session=None,
        closed_sessions=(),
        bundle_version=0,
        incarnation=0,
        revocation_serial=0,
        proven_until=NOON,
    )
    blank = Standing(AREA, Mode.PRACTICE, DEVICE, Epoch(1), Sequence(1), first.hash)
    assert blank == replace(book.standing, proven_until=UnixSeconds(0))


def test_a_payout_is_held_as_the_fact_and_the_entry_say() -> None:
    book = opened()
    fact = authorised(book, witness=CHIP)
    entry = book.entries[-1]
    state = PayoutState(
        id=PayoutId("KIT7-1-2"),
        session=SESSION,
        recipient=person(1).id,
        payee=person(1).id,
        role=Role.SELF,
        lines=fact.lines,
        total=Vnd(500_000),
        level=Level.A,
        witness=WitnessKind.CHIP,
        simulated=False,
        status=Status.OPEN,
        authorised_at=NOON,
        authorised_hash=entry.hash,
        settled_at=None,
        cannot_sign=False,
        prints=0,
        operator=OPERATOR,
        overridden=False,
    )
    assert book.standing.payouts == {fact.payout: state}
    assert (book.standing.open_payout, book.standing.uncertain) == (state, None)
    assert book.standing.pending == (fact.payout,)
    book.now = UnixSeconds(NOON + 60)
    book.write(j.PayoutCompleted(fact.payout, HALF_MILLION.counts, NO_NOTES.counts, signature=SIGNED))
    done = replace(state, status=Status.COMPLETED, settled_at=UnixSeconds(NOON + 60))
    assert book.standing.payouts == {fact.payout: done}
    assert (book.standing.open_payout, book.standing.uncertain, book.standing.pending) == (None, None, ())
    assert book.standing.spent == {fact.lines[0].lease}
    later = rules.authorise(replace(request(2), time=TrustedTime(book.now, True, NOON)), book.standing)
    assert isinstance(later, j.PayoutAuthorised)
    book.write(later)
    assert book.standing.payouts[PayoutId("KIT7-1-4")].witness is WitnessKind.DEVICE_WORD


def test_the_drawer_gives_the_notes_and_takes_the_change() -> None:
    book = opened()
    fact = authorised(book)
    given, back = Notes.of({200_000: 3}), Notes.of({100_000: 1})
    book.write(j.PayoutCompleted(fact.payout, given.counts, back.counts, signature=SIGNED))
    assert till(book) == CashSession(
        SESSION, OPERATOR, NOON, FLOAT.amount, paid=Vnd(500_000), drawer=FLOAT - given + back
    )


def test_a_note_that_was_guessed_wrong_ends_at_zero() -> None:
    book = opened()
    fact = authorised(book)
    book.write(j.PayoutCompleted(fact.payout, Notes.of({20_000: 25}).counts, NO_NOTES.counts, signature=SIGNED))
    assert till(book).drawer == FLOAT, "there was no 20.000 to take"


def test_cash_in_and_cash_out_move_sum_and_notes() -> None:
    book = opened()
    more, less = Notes.of({100_000: 2}), Notes.of({200_000: 5})
    for _ in range(2):
        book.write(j.CashAdded(SESSION, more.amount, more.counts, OPERATOR, "quỹ"))
    book.write(j.CashReturned(SESSION, less.amount, less.counts, OPERATOR, "quỹ"))
    book.write(j.CashReturned(SESSION, more.amount, more.counts, OPERATOR, "quỹ"))
    assert till(book) == CashSession(
        SESSION,
        OPERATOR,
        NOON,
        FLOAT.amount,
        added=Vnd(400_000),
        returned=Vnd(1_200_000),
        drawer=FLOAT + more - less,
    )


def test_the_whole_drawer_may_go_back_and_not_a_note_more() -> None:
    book = opened()
    more = FLOAT + Notes.of({1_000: 1})
    assert "more returned" in refused(book, j.CashReturned(SESSION, more.amount, more.counts, OPERATOR, "quỹ"))
    book.write(j.CashReturned(SESSION, FLOAT.amount, FLOAT.counts, OPERATOR, "quỹ"))
    assert (till(book).expected, till(book).drawer) == (0, NO_NOTES)


@pytest.mark.parametrize("second", ["", OPERATOR])
@pytest.mark.parametrize("kind", [j.CashAdded, j.CashReturned])
def test_cash_moves_between_two_people(kind: type[j.CashAdded | j.CashReturned], second: str) -> None:
    book = opened()
    assert "two people" in refused(book, kind(SESSION, Vnd(500_000), HALF_MILLION.counts, OPERATOR, second))
    assert "no such" in refused(book, kind(SessionId("s9"), Vnd(500_000), HALF_MILLION.counts, OPERATOR, "quỹ"))
    assert "notes" in refused(book, kind(SESSION, Vnd(400_000), HALF_MILLION.counts, OPERATOR, "quỹ"))


@pytest.mark.parametrize("second", ["", OPERATOR])
def test_a_payout_is_taken_back_between_two_people(second: str) -> None:
    book = opened()
    fact = paid(book)
    wrong = j.PayoutReversed(fact.payout, SESSION, ReversalReason.WRONG_PERSON, HALF_MILLION.counts, OPERATOR, second)
    assert "two people" in refused(book, wrong)


def test_a_reversal_brings_the_cash_back_and_keeps_the_lease_spent() -> None:
    book = opened()
    first, second = paid(book), paid(book, 2)
    for fact in (first, second):
        book.write(
            j.PayoutReversed(fact.payout, SESSION, ReversalReason.WRONG_PERSON, HALF_MILLION.counts, OPERATOR, "quỹ")
        )
    assert (till(book).paid, till(book).reversed, till(book).expected) == (1_000_000, 1_000_000, FLOAT.amount)
    assert book.standing.paid == {}
    assert book.standing.spent == {first.lines[0].lease, second.lines[0].lease}
    assert book.standing.payouts[first.payout].status is Status.REVERSED
    again = j.PayoutReversed(first.payout, SESSION, ReversalReason.WRONG_PERSON, HALF_MILLION.counts, OPERATOR, "quỹ")
    assert "completed" in refused(book, again)
    assert "no such open session" in refused(book, replace(again, payout=paid(book, 3).payout, session=SessionId("s9")))


def test_a_void_moves_no_cash_and_leaves_the_lease() -> None:
    book = opened()
    fact = authorised(book)
    book.write(j.PayoutVoided(fact.payout, VoidReason.RECIPIENT_DECLINED, FLOAT.amount))
    assert book.standing.payouts[fact.payout].status is Status.VOIDED
    assert (till(book).expected, book.standing.paid, book.standing.spent) == (FLOAT.amount, {}, set())
    assert "open" in refused(book, j.PayoutVoided(fact.payout, VoidReason.RECIPIENT_DECLINED, FLOAT.amount))


@pytest.mark.parametrize(
    ("outcome", "status", "left"),
    [(Outcome.PAID, Status.COMPLETED, FLOAT.amount - 500_000), (Outcome.NOT_PAID, Status.VOIDED, FLOAT.amount)],
)
def test_an_uncertain_payout_ends_as_the_count_says(outcome: Outcome, status: Status, left: int) -> None:
    book = opened()
    fact = authorised(book)
    before = j.UncertainResolved(fact.payout, outcome, Vnd(left), OPERATOR)
    assert "uncertain" in refused(book, before), "only after a power cut"
    book.write(j.DeviceStarted("1", True))
    assert (book.standing.open_payout, book.standing.pending) == (None, (fact.payout,))
    assert "open" in refused(book, j.PayoutVoided(fact.payout, VoidReason.OPERATOR_ERROR, Vnd(left)))
    book.write(before)
    assert book.standing.payouts[fact.payout].status is status
    assert (till(book).expected, till(book).drawer) == (left, FLOAT)
    assert book.standing.pending == ()
    assert bool(book.standing.paid) is (outcome is Outcome.PAID)


def test_nothing_is_authorised_over_an_unsettled_payout() -> None:
    book = opened()
    other = rules.authorise(request(2), book.standing)
    assert isinstance(other, j.PayoutAuthorised)
    authorised(book)
    now = replace(other, payout=PayoutId("KIT7-1-3"), previous_head=book.standing.head)
    assert "not settled" in refused(book, now)
    book.write(j.DeviceStarted("1", True))
    now = replace(other, payout=PayoutId("KIT7-1-4"), previous_head=book.standing.head)
    assert "not settled" in refused(book, now)


@pytest.mark.parametrize("change", [{"device": DeviceId("KIT8")}, {"epoch": Epoch(2)}])
def test_a_payout_belongs_to_this_device_and_epoch(change: dict[str, object]) -> None:
    book = opened()
    fact = rules.authorise(request(), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    assert "another device" in refused(book, replace(fact, **change))  # type: ignore[arg-type]
    strange = replace(book.next_entry(j.ClockSet(OPERATOR, NOON)), **change)  # type: ignore[arg-type]
    with pytest.raises(ImpossibleFact, match="another device"):
        stand([strange], book.standing)


def test_every_line_is_more_than_nothing() -> None:
    book = opened()
    fact = rules.authorise(request(months=(10, 11)), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    first, second = fact.lines
    for amount in (0, -1):
        lines = (first, replace(second, amount=Vnd(amount)))
        assert "nothing" in refused(book, replace(fact, lines=lines, total=Vnd(500_000 + amount)))
    one = (first, replace(second, amount=Vnd(1)))
    book.write(replace(fact, lines=one, total=Vnd(500_001)))


def test_a_lease_pays_one_entitlement_and_once() -> None:
    book = opened()
    fact = rules.authorise(request(months=(10, 11)), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    first, second = fact.lines
    assert "lease" in refused(book, replace(fact, lines=(first, replace(second, lease=first.lease))))
    assert "each entitlement once" in refused(
        book, replace(fact, lines=(first, replace(second, entitlement=first.entitlement)))
    )
    book.write(j.LeaseReleased(second.lease, DeviceId("KIOSK"), OPERATOR))
    after = replace(fact, payout=PayoutId("KIT7-1-3"), previous_head=book.standing.head)
    assert "lease" in refused(book, after)


def test_a_paid_entitlement_is_not_authorised_again_under_a_new_lease() -> None:
    book = opened()
    fact = paid(book)
    line = replace(fact.lines[0], lease=LeaseId("new"))
    both = rules.authorise(request(months=(10,)), book.standing)
    assert isinstance(both, j.PayoutAuthorised)
    both = replace(both, lines=(*both.lines, line), total=Vnd(1_000_000))
    assert "paid before" in refused(book, both), "one line of two is enough"
    again = replace(fact, payout=PayoutId("KIT7-1-4"), previous_head=book.standing.head, lines=(line,))
    assert "paid before" in refused(book, again)


# -- leases, paper, visits -----------------------------------------------------------------------------------------


def test_a_released_lease_is_gone_and_is_not_released_twice() -> None:
    book = opened()
    release = j.LeaseReleased(LeaseId("l-1"), DeviceId("KIOSK"), OPERATOR)
    book.write(release)
    assert (book.standing.released, book.standing.spent) == ({LeaseId("l-1")}, {LeaseId("l-1")})
    assert "gone" in refused(book, release)
    authorised(book)
    assert "not settled" in refused(book, replace(release, lease=LeaseId("l-2")))


def test_a_lease_is_taken_by_this_device_only() -> None:
    book = opened()
    before = book.standing
    after = book.write(j.LeaseTaken(LeaseId("l-9"), DEVICE, OPERATOR))
    assert (after.spent, after.released, after.paid) == (before.spent, before.released, before.paid)
    assert (before.taken, after.taken) == (set(), {"l-9"}), "the standing before is left as it was"
    assert "another device" in refused(book, j.LeaseTaken(LeaseId("l-9"), DeviceId("KIT8"), OPERATOR))


def test_copies_of_a_receipt_are_counted_in_turn() -> None:
    book = opened()
    payout = paid(book).payout
    assert "never printed" in refused(book, j.PaperSeen(payout, 0, True))
    for copy in range(2):
        book.write(j.ReceiptPrinted(payout, copy, PrintResult.UNKNOWN))
        assert book.standing.payouts[payout].prints == copy + 1
    assert "out of turn" in refused(book, j.ReceiptPrinted(payout, 1, PrintResult.PRINTED))
    assert "out of turn" in refused(book, j.ReceiptPrinted(PayoutId("x"), 0, PrintResult.PRINTED))
    book.write(j.PaperSeen(payout, 1, True))
    assert "never printed" in refused(book, j.PaperSeen(payout, 2, True))
    assert "never printed" in refused(book, j.PaperSeen(PayoutId("x"), 0, True))


def test_facts_that_only_tell_change_nothing_but_the_place() -> None:
    book = opened()
    before = book.standing
    for fact in (j.ClockSet(OPERATOR, UnixSeconds(NOON + 5)), j.DeviceStarted("2", False)):
        after = book.write(fact)
        assert replace(after, head=before.head, next_sequence=before.next_sequence) == before
    assert after.next_sequence == before.next_sequence + 2


def test_the_head_is_the_last_entry() -> None:
    book = Book()
    for fact in (j.ClockSet(OPERATOR, NOON), j.DeviceStarted("2", False)):
        book.write(fact)
        assert book.standing.head == book.entries[-1].hash
    assert j.check_chain(book.entries, j.GENESIS, Sequence(0)) == book.standing.head


def test_the_fold_leaves_its_start_alone() -> None:
    book = opened()
    first = paid(book)
    book.write(j.VisitUnpaid(SESSION, OPERATOR, PersonId("p2"), UnpaidReason.HOSPITAL, ()))
    start, kept, place = book.standing, deepcopy(book.standing), len(book.entries)
    paid(book, 2)
    book.write(j.PayoutReversed(first.payout, SESSION, ReversalReason.WRONG_SUM, HALF_MILLION.counts, OPERATOR, "quỹ"))
    book.write(j.LeaseReleased(LeaseId("l-1"), DeviceId("KIOSK"), OPERATOR))
    book.write(j.VisitUnpaid(SESSION, OPERATOR, PersonId("p3"), UnpaidReason.HOSPITAL, ()))
    book.write(j.CodeRefused(CodeKind.LEASE, RefusalKey.RELEASE_CODE_WRONG, OPERATOR, 1))
    again = stand(book.entries[place:], start)
    assert again == book.standing
    assert start == kept


def test_entries_in_the_wrong_place_are_refused() -> None:
    book = opened()
    with pytest.raises(ImpossibleFact, match="begins with"):
        stand([book.entries[1]])
    with pytest.raises(j.BrokenChain):
        stand([book.entries[1]], book.standing)
    assert stand([], book.standing) == book.standing


def test_the_floor_of_time_rises_with_proven_entries_only() -> None:
    book = opened()
    standing = book.standing
    for at, proven, floor in ((90, True, 90), (200, False, 90), (30, True, 90), (91, True, 91)):
        place = {"at": UnixSeconds(NOON + at), "time_proven": proven}
        told = j.Entry(DEVICE, Epoch(1), standing.next_sequence, NOON, True, standing.head, j.ClockSet(OPERATOR, NOON))
        standing = stand([replace(told, **place)], standing)  # type: ignore[arg-type]
        assert standing.proven_until == NOON + floor
