"""Banknotes: never short, never owed, and no better way with fewer notes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.payout.cash import (
    DENOMINATIONS,
    NO_NOTES,
    CashSession,
    HandOver,
    Notes,
    fewest_notes,
    from_drawer,
    plan_route,
    propose,
    variance,
)
from kiosk.payout.names import OperatorId, SessionId, Vnd

small_drawers = st.builds(
    Notes.of, st.fixed_dictionaries({note: st.integers(0, 2) for note in (50_000, 20_000, 10_000, 5_000, 2_000)})
)


def brute_force(amount: int, drawer: Notes) -> int | None:
    """Fewest pieces by trying every handful."""
    ranges = [range(count + 1) for count in drawer.counts]
    handfuls = (Notes(counts) for counts in itertools.product(*ranges))
    return min((each.pieces for each in handfuls if each.amount == amount), default=None)


@given(small_drawers, st.integers(0, 180).map(lambda n: n * 1_000))
def test_from_drawer_is_exact_possible_and_fewest(drawer: Notes, amount: int) -> None:
    found = from_drawer(Vnd(amount), drawer)
    best = brute_force(amount, drawer)
    assert (found is None) == (best is None)
    if found is not None:
        assert found.amount == amount
        assert drawer.covers(found)
        assert found.pieces == best


@given(small_drawers, st.integers(1, 90).map(lambda n: n * 1_000))
def test_a_proposal_always_makes_exactly_the_sum(drawer: Notes, amount: int) -> None:
    proposed = propose(Vnd(amount), drawer)
    if proposed is not None:
        assert proposed.amount == amount
        assert drawer.covers(proposed.give)
        assert proposed.back.pieces <= 1


def test_the_old_example_of_change() -> None:
    drawer = Notes.of({200_000: 1})
    assert propose(Vnd(150_000), drawer) == HandOver(Notes.of({200_000: 1}), Notes.of({50_000: 1}))
    has_none = propose(Vnd(150_000), drawer, change=NO_NOTES)
    assert has_none is None


def test_greedy_would_miss_three_twenties() -> None:
    assert from_drawer(Vnd(60_000), Notes.of({50_000: 1, 20_000: 3})) == Notes.of({20_000: 3})


@given(st.integers(0, 400).map(lambda n: n * 1_000))
def test_fewest_notes_is_optimal(amount: int) -> None:
    found = fewest_notes(Vnd(amount))
    assert found is not None
    assert found.amount == amount
    best = [0] + [10**9] * (amount // 1000)
    for unit in range(1, amount // 1000 + 1):
        best[unit] = 1 + min(best[unit - note // 1000] for note in DENOMINATIONS if note // 1000 <= unit)
    assert found.pieces == best[amount // 1000]


@pytest.mark.parametrize("amount", [-1_000, 500, 1_500])
def test_no_notes_make_odd_sums(amount: int) -> None:
    assert fewest_notes(Vnd(amount)) is None
    assert from_drawer(Vnd(amount), Notes.of({1_000: 9})) is None


def test_a_route_is_paid_in_any_order() -> None:
    amounts = [Vnd(each) for each in (500_000, 1_250_000, 750_000, 70_000)]
    plan = plan_route(amounts)
    assert plan.amount == sum(amounts)
    for order in itertools.permutations(amounts):
        drawer = plan
        for amount in order:
            notes = from_drawer(amount, drawer)
            assert notes is not None, order
            drawer = drawer - notes
    with pytest.raises(ValueError, match="no notes"):
        plan_route([Vnd(1_500)])


def test_variance_is_expected_minus_counted() -> None:
    session = CashSession(SessionId("s"), OperatorId("o"), 0, Vnd(10), Vnd(5), Vnd(1), Vnd(7), Vnd(2))
    assert session.expected == 9
    assert variance(session, Vnd(8)) == 1
    assert variance(session, Vnd(10)) == -1


@pytest.mark.parametrize("counts", [(1,), (0,) * 10, (-1, *(0,) * 8)])
def test_a_stack_has_one_count_for_each_note(counts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="one count"):
        Notes(counts)


def test_unknown_notes_are_refused() -> None:
    with pytest.raises(ValueError, match="no such note"):
        Notes.of({3_000: 1})


@pytest.mark.parametrize(
    ("amount", "drawer", "fewest"),
    [
        (60_000, {50_000: 1, 20_000: 3, 1_000: 10}, {20_000: 3}),
        (64_000, {50_000: 1, 20_000: 3, 5_000: 2, 2_000: 2}, {50_000: 1, 5_000: 2, 2_000: 2}),
    ],
    ids=["a later way with fewer notes", "of two ways with as many, the larger notes"],
)
def test_the_way_with_the_fewest_notes_is_taken(amount: int, drawer: dict[int, int], fewest: dict[int, int]) -> None:
    assert from_drawer(Vnd(amount), Notes.of(drawer)) == Notes.of(fewest)
