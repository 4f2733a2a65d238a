"""The fold over whole days: sessions open and close, bundles get newer, epochs carry what was paid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from kiosk.payout import epochs
from kiosk.payout import journal as j
from kiosk.payout.cash import NO_NOTES, CashSession, Notes
from kiosk.payout.names import (
    CannotSign,
    DeviceId,
    EntitlementId,
    Epoch,
    LeaseId,
    Mode,
    PayoutId,
    Sequence,
    SessionId,
    UnixSeconds,
    VarianceReason,
    Vnd,
    VoidReason,
)
from kiosk.payout.standing import ImpossibleFact, Standing, stand
from tests.payout.days import HALF_MILLION, SIGNED, authorised, paid, refused, till
from tests.payout.world import AREA, DEVICE, FLOAT, NOON, OPERATOR, SESSION, Book, opened


@dataclass(frozen=True, slots=True)
class Unheard:
    """A fact of a later version."""

    TAG: ClassVar[str] = "unheard"


def test_a_fact_that_nobody_knows_is_not_passed_over() -> None:
    book = opened()
    with pytest.raises(AssertionError):
        stand([book.next_entry(Unheard())], book.standing)  # type: ignore[arg-type]


# -- sessions ------------------------------------------------------------------------------------------------------


def test_a_session_opens_once_with_notes_that_make_its_sum() -> None:
    book = Book()
    good = j.SessionOpened(SESSION, OPERATOR, FLOAT.amount, FLOAT.counts, "quỹ")
    assert "opening" in refused(book, replace(good, opening=Vnd(1)))
    book.write(good)
    assert till(book) == CashSession(SESSION, OPERATOR, NOON, FLOAT.amount, drawer=FLOAT)
    assert "open already" in refused(book, replace(good, session=SessionId("s2")))
    book.write(j.SessionClosed(SESSION, OPERATOR, FLOAT.amount, FLOAT.counts, Vnd(0), VarianceReason.NONE))
    assert book.standing.session is None
    assert "not opened again" in refused(book, good)
    book.write(replace(good, session=SessionId("s2")))
    book.write(j.SessionClosed(SessionId("s2"), OPERATOR, FLOAT.amount, FLOAT.counts, Vnd(0), VarianceReason.NONE))
    assert book.standing.closed_sessions == (SESSION, SessionId("s2"))


def test_a_session_closes_with_the_count_of_its_notes_and_a_reason_for_what_is_missing() -> None:
    book = opened()
    good = j.SessionClosed(SESSION, OPERATOR, FLOAT.amount, FLOAT.counts, Vnd(0), VarianceReason.NONE)
    counted = FLOAT - Notes.of({50_000: 1})
    short = replace(good, counted=counted.amount, notes=counted.counts, variance=Vnd(50_000))
    assert "no such" in refused(book, replace(good, session=SessionId("s9")))
    assert "counted notes" in refused(book, replace(good, counted=Vnd(FLOAT.amount - 50_000), variance=Vnd(50_000)))
    assert "variance is wrong" in refused(book, replace(short, variance=Vnd(-50_000), reason=VarianceReason.COUNTING))
    assert "variance is wrong" in refused(book, replace(good, variance=Vnd(1), reason=VarianceReason.COUNTING))
    assert "needs a reason" in refused(book, short)
    payout = authorised(book).payout
    assert "not settled" in refused(book, good)
    book.write(j.PayoutVoided(payout, VoidReason.OPERATOR_ERROR, FLOAT.amount))
    book.write(replace(short, reason=VarianceReason.COUNTING))
    assert book.standing.session is None


def test_without_a_session_no_cash_moves() -> None:
    added = j.CashAdded(SESSION, HALF_MILLION.amount, HALF_MILLION.counts, OPERATOR, "quỹ")
    closed = j.SessionClosed(SESSION, OPERATOR, Vnd(0), NO_NOTES.counts, Vnd(0), VarianceReason.NONE)
    for fact in (added, closed):
        assert "no such open session" in refused(Book(), fact)


def test_a_surplus_needs_a_reason_too() -> None:
    book = opened()
    counted = FLOAT + Notes.of({1_000: 1})
    over = j.SessionClosed(SESSION, OPERATOR, counted.amount, counted.counts, Vnd(-1_000), VarianceReason.NONE)
    assert "needs a reason" in refused(book, over)
    book.write(replace(over, reason=VarianceReason.UNEXPLAINED))


# -- bundles and epochs --------------------------------------------------------------------------------------------


def test_bundles_only_ever_get_newer() -> None:
    book = Book()
    book.write(j.BundleAccepted(2, 5, 7, SIGNED))
    held = (book.standing.incarnation, book.standing.bundle_version, book.standing.revocation_serial)
    assert held == (2, 5, 7)
    for older in ((2, 5, 7), (2, 4, 8), (1, 9, 9)):
        assert "older bundle" in refused(book, j.BundleAccepted(*older, SIGNED))
    assert "revocation" in refused(book, j.BundleAccepted(2, 6, 6, SIGNED))
    book.write(j.BundleAccepted(2, 6, 7, SIGNED))
    book.write(j.BundleAccepted(3, 1, 8, SIGNED))
    held = (book.standing.incarnation, book.standing.bundle_version, book.standing.revocation_serial)
    assert held == (3, 1, 8)


def closed_day() -> tuple[Book, j.EpochOpened]:
    """A day with a payout, a bundle and a release, closed; and the epoch that carries it."""
    book = opened()
    book.write(j.BundleAccepted(2, 5, 7, SIGNED))
    payout = paid(book)
    book.write(j.LeaseReleased(LeaseId("l-9"), DeviceId("KIOSK"), OPERATOR))
    left = FLOAT - HALF_MILLION
    book.write(j.SessionClosed(SESSION, OPERATOR, left.amount, left.counts, Vnd(0), VarianceReason.NONE))
    carried = (payout.lines[0].lease, LeaseId("l-9"), LeaseId("l-older"))
    older = EntitlementId("e0-1")
    head = book.standing.head
    return book, epochs.opening(book.standing, 3, (Epoch(1), head), (payout.lines[0].entitlement, older), carried)


def opening(fact: j.EpochOpened, **place: object) -> j.Entry:
    entry = j.Entry(DEVICE, Epoch(2), Sequence(0), UnixSeconds(NOON + 9), True, j.GENESIS, fact)
    return replace(entry, **place)  # type: ignore[arg-type]


def test_a_new_epoch_starts_from_what_the_old_one_left() -> None:
    book, fact = closed_day()
    entry = opening(fact)
    assert stand([entry], book.standing) == Standing(
        area=AREA,
        mode=Mode.PRACTICE,
        device=DEVICE,
        epoch=Epoch(2),
        next_sequence=Sequence(1),
        head=entry.hash,
        paid={each: PayoutId("") for each in fact.carried_paid},
        spent=set(fact.carried_spent),
        bundle_version=5,
        incarnation=2,
        revocation_serial=7,
        proven_until=UnixSeconds(NOON + 9),
        order_serial=3,
    )


@pytest.mark.parametrize(("at", "proven"), [(-5, True), (9, False)])
def test_a_new_epoch_does_not_lower_the_floor_of_time(at: int, proven: bool) -> None:
    book, fact = closed_day()
    entry = opening(fact, at=UnixSeconds(NOON + at), time_proven=proven)
    assert stand([entry], book.standing).proven_until == NOON
    assert stand([entry]) == stand([entry], book.standing), "an epoch stands on its own once the old one has left"


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ({"sequence": Sequence(1)}, "out of place"),
        ({"previous": SIGNED}, "out of place"),
        ({"epoch": Epoch(1)}, "newer"),
        ({"epoch": Epoch(0)}, "newer"),
    ],
)
def test_an_epoch_opens_at_the_start_of_a_newer_chain(place: dict[str, object], why: str) -> None:
    book, fact = closed_day()
    with pytest.raises(ImpossibleFact, match=why):
        stand([opening(fact, **place)], book.standing)


def test_no_epoch_opens_over_open_business() -> None:
    book = opened()
    fact = epochs.opening(book.standing, 1, (Epoch(1), book.standing.head), (), ())
    with pytest.raises(ImpossibleFact, match="open business"):
        stand([opening(fact)], book.standing)
    left_over = replace(book.standing, session=None, pending=(PayoutId("x"),))
    with pytest.raises(ImpossibleFact, match="open business"):
        stand([opening(fact)], left_over)


def test_an_ink_print_needs_a_witness_and_a_signature_none() -> None:
    book = opened()
    fact = authorised(book)
    done = j.PayoutCompleted(fact.payout, HALF_MILLION.counts, NO_NOTES.counts)
    assert "signed" in refused(book, done)
    assert "signed" in refused(book, replace(done, signature=SIGNED, cannot_sign=CannotSign.BLIND, witness=SIGNED))
    assert "witness" in refused(book, replace(done, cannot_sign=CannotSign.BLIND))
    assert "notes" in refused(book, replace(done, signature=SIGNED, back=HALF_MILLION.counts))
    book.write(replace(done, cannot_sign=CannotSign.BLIND, witness=SIGNED))
    assert book.standing.payouts[fact.payout].cannot_sign
