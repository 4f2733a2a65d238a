"""Banknotes by example: whole drawers against counting every handful, and the edges of each sum."""

from __future__ import annotations

import random

import pytest

from kiosk.payout.cash import (
    BUNDLE,
    DENOMINATIONS,
    NO_NOTES,
    SMALLEST,
    CashSession,
    HandOver,
    Notes,
    fewest_notes,
    from_drawer,
    plan_route,
    propose,
)
from kiosk.payout.names import OperatorId, SessionId, Vnd


def fewest_by_counting(drawer: Notes) -> dict[int, int]:
    """Every sum that the drawer can make, with the fewest pieces for it: note after note, no cleverness."""
    best = {0: 0}
    for note, count in drawer.items():
        for _ in range(count):
            taken = {amount + note: pieces + 1 for amount, pieces in best.items()}
            best |= {amount: min(pieces, best.get(amount, pieces)) for amount, pieces in taken.items()}
    return best


def drawers() -> list[Notes]:
    """Thirty seeded drawers: few large notes, many small ones, whole kinds missing."""
    dice = random.Random(20261109)
    kinds = (200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000)
    return [Notes.of({note: dice.choice((0, 0, 1, 2, 3, 7)) for note in dice.sample(kinds, 5)}) for _ in range(30)]


@pytest.mark.parametrize("drawer", drawers(), ids=lambda drawer: "-".join(map(str, drawer.counts)))
def test_every_sum_of_a_drawer_is_made_with_the_fewest_notes(drawer: Notes) -> None:
    best = fewest_by_counting(drawer)
    for amount in range(0, drawer.amount + 3_000, 1_000):
        found = from_drawer(Vnd(amount), drawer)
        assert (found is None) == (amount not in best), amount
        if found is not None:
            assert (found.amount, found.pieces) == (amount, best[amount])
            assert drawer.covers(found)


def test_twelve_small_notes_make_the_end_of_a_sum() -> None:
    drawer = Notes.of({10_000: 1, 1_000: 12})
    assert from_drawer(Vnd(22_000), drawer) == drawer
    assert from_drawer(Vnd(19_000), drawer) == Notes.of({10_000: 1, 1_000: 9})
    assert from_drawer(Vnd(23_000), drawer) is None


def test_the_notes_of_vietnam() -> None:
    assert DENOMINATIONS == (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000)
    assert (SMALLEST, BUNDLE) == (1_000, 100)
    assert Notes() == NO_NOTES == Notes((0,) * 9)
    stack = Notes.of({500_000: 2, 1_000: 3})
    assert stack.items() == ((500_000, 2), (1_000, 3))
    assert (stack.amount, stack.pieces) == (1_003_000, 5)


def test_stacks_are_added_taken_and_compared() -> None:
    two, one = Notes.of({500_000: 2, 1_000: 1}), Notes.of({500_000: 1, 1_000: 1})
    assert two + one == Notes.of({500_000: 3, 1_000: 2})
    assert two - one == Notes.of({500_000: 1})
    assert two.covers(one)
    assert two.covers(two)
    assert not one.covers(two)
    assert not Notes.of({500_000: 9}).covers(Notes.of({1_000: 1}))
    with pytest.raises(ValueError, match="zero or more"):
        _ = one - two


def test_a_hand_over_is_what_is_given_less_what_comes_back() -> None:
    given = HandOver(Notes.of({200_000: 1}), Notes.of({50_000: 1}))
    assert given.amount == 150_000
    assert HandOver(Notes.of({200_000: 1})) == HandOver(Notes.of({200_000: 1}), NO_NOTES)


def test_nothing_is_made_with_no_notes_and_less_than_nothing_not_at_all() -> None:
    assert fewest_notes(Vnd(0)) == from_drawer(Vnd(0), NO_NOTES) == NO_NOTES
    assert fewest_notes(Vnd(888_000)) == Notes((1, 1, 1, 1, 1, 1, 1, 1, 1))
    for amount in (-1_000, -500_000, -10_000, 1, 999):
        assert fewest_notes(Vnd(amount)) is None
        assert from_drawer(Vnd(amount), Notes.of({1_000: 1, 500_000: 1})) is None
    assert plan_route([]) == NO_NOTES
    assert plan_route([Vnd(500_000), Vnd(520_000)]) == Notes.of({500_000: 2, 20_000: 1})


def test_change_is_asked_for_only_when_needed_and_in_the_smallest_note() -> None:
    exact = Notes.of({100_000: 1, 50_000: 1, 200_000: 1})
    assert propose(Vnd(150_000), exact) == HandOver(Notes.of({100_000: 1, 50_000: 1}))
    both = Notes.of({200_000: 1, 20_000: 10})
    assert propose(Vnd(190_000), both) == HandOver(Notes.of({200_000: 1}), Notes.of({10_000: 1}))
    assert propose(Vnd(199_000), both) == HandOver(Notes.of({200_000: 1}), Notes.of({1_000: 1}))
    assert propose(Vnd(50_000), Notes.of({500_000: 1})) is None, "nobody is asked for several notes"
    assert propose(Vnd(500_000), Notes.of({200_000: 5})) == HandOver(Notes.of({200_000: 3}), Notes.of({100_000: 1}))


def test_change_comes_only_from_what_the_recipient_has() -> None:
    drawer = Notes.of({200_000: 1})
    asked = HandOver(drawer, Notes.of({50_000: 1}))
    assert propose(Vnd(150_000), drawer, change=Notes.of({50_000: 1})) == asked
    assert propose(Vnd(150_000), drawer, change=Notes.of({20_000: 9})) is None
    assert propose(Vnd(200_000), drawer, change=NO_NOTES) == HandOver(drawer)


def test_nobody_gives_back_a_note_that_was_just_given() -> None:
    """Giving 50.000 and taking 50.000 back is no change."""
    assert propose(Vnd(10_000), Notes.of({50_000: 1, 10_000: 0})) is None
    assert propose(Vnd(150_000), Notes.of({100_000: 1, 50_000: 0, 20_000: 4})) == HandOver(
        Notes.of({100_000: 1, 20_000: 3}), Notes.of({10_000: 1})
    )


def test_a_session_expects_what_came_in_less_what_went_out() -> None:
    fresh = CashSession(SessionId("s"), OperatorId("o"), 7, Vnd(1_000_000))
    sums = (fresh.added, fresh.returned, fresh.paid, fresh.reversed)
    assert (sums, fresh.drawer, fresh.expected) == ((0, 0, 0, 0), NO_NOTES, 1_000_000)
