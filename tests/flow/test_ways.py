"""No dead end, no screen that nobody reaches, no payout that ends without the journal knowing."""

from __future__ import annotations

from collections import defaultdict
from typing import get_args

import pytest

from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow.machine import RESULTS, WAYS, step
from kiosk.flow.values import OperationId
from tests.flow.explore import Way, awaited, results

SCREENS: tuple[type, ...] = get_args(sc.Screen)
IN_PAYOUT: tuple[type, ...] = get_args(sc.InPayout)


def kinds(screen: sc.Screen) -> str:
    return type(screen).__name__


def test_every_screen_has_a_way_and_every_way_a_screen() -> None:
    assert set(WAYS) == set(SCREENS)


def test_every_screen_is_reached(explored: tuple[Way, ...]) -> None:
    assert {type(way.end) for way in explored} == set(SCREENS)


def test_every_effect_is_asked_for(explored: tuple[Way, ...]) -> None:
    asked = {type(effect) for way in explored for effect in way.effects}
    assert asked == set(get_args(ef.Effect))


def test_every_event_leads_somewhere(explored: tuple[Way, ...]) -> None:
    moved = {type(way.event) for way in explored if way.end != way.start or way.effects}
    assert moved == set(get_args(ev.Event))


def leavable(way: Way) -> bool:
    """A person's touch, or the desk's answer where the screen waits for it; time-outs do not count."""
    by_person = isinstance(way.event, get_args(ev.Intent)) and not isinstance(way.event, ev.Lock)
    answered = isinstance(way.event, RESULTS) and awaited(way.start) is not None
    return (by_person or answered) and type(way.end) is not type(way.start)


def test_every_screen_can_be_left(explored: tuple[Way, ...]) -> None:
    left = {kinds(way.start) for way in explored if leavable(way)}
    assert left == {screen.__name__ for screen in SCREENS}


def test_from_everywhere_there_is_a_way_home(explored: tuple[Way, ...]) -> None:
    """Home is the route or the idle screen: no part of the flow closes behind the agent."""
    back: dict[str, set[str]] = defaultdict(set)
    for way in explored:
        if leavable(way):
            back[kinds(way.end)].add(kinds(way.start))
    home, queue = {"Route", "Idle"}, ["Route", "Idle"]
    while queue:
        new = back[queue.pop()] - home
        home |= new
        queue += new
    assert home == {screen.__name__ for screen in SCREENS}


def test_a_payout_ends_only_in_the_journals_words(explored: tuple[Way, ...]) -> None:
    """Cash was authorised: only Completed or Voided lead out, a lock or a help page keeps it."""
    for way in explored:
        if isinstance(way.start, IN_PAYOUT) and not isinstance(way.start, sc.Paid):
            kept = isinstance(way.end, (*IN_PAYOUT, sc.Waiting, sc.TypeName, sc.HelpScreen, sc.StillThere, sc.EnterPin))
            assert kept, (kinds(way.start), way.event, kinds(way.end))


def test_paid_is_reached_by_the_stores_word_alone(explored: tuple[Way, ...]) -> None:
    arrivals = [way for way in explored if isinstance(way.end, sc.Paid) and isinstance(way.start, sc.Waiting)]
    assert {type(way.event) for way in arrivals} == {ev.Completed}


def test_cash_is_counted_out_only_after_authorisation(explored: tuple[Way, ...]) -> None:
    for way in explored:
        if isinstance(way.end, sc.HandOverCash) and isinstance(way.start, sc.Waiting):
            assert isinstance(way.event, ev.Authorised)


def test_a_void_carries_a_count_unless_no_cash_was_shown(explored: tuple[Way, ...]) -> None:
    voids = [(way, effect) for way in explored for effect in way.effects if isinstance(effect, ef.VoidPayout)]
    assert {type(way.start) for way, effect in voids if effect.counted is not None} == {sc.VoidCount}
    assert {(type(way.start), way.event) for way, effect in voids if effect.counted is None} == {
        (sc.VoidShown, ev.Decline())
    }


def test_leaving_a_signed_in_screen_for_idle_locks_the_store(explored: tuple[Way, ...]) -> None:
    for way in explored:
        signed_in = sc.shift_of(way.start) is not None and not isinstance(way.start, sc.EnterPin)
        if signed_in and isinstance(way.end, sc.Idle):
            assert ef.LockStore() in way.effects, (kinds(way.start), way.event)


def test_a_lock_keeps_the_work(explored: tuple[Way, ...]) -> None:
    locked = [way for way in explored if isinstance(way.event, ev.Lock) and isinstance(way.end, sc.EnterPin)]
    assert locked
    for way in locked:
        assert isinstance(way.end, sc.EnterPin)
        before = way.start.under if isinstance(way.start, sc.HelpScreen | sc.StillThere) else way.start
        if not isinstance(before, sc.EnterPin):  # there it is locked already
            assert way.end.under is not None
            assert ef.LockStore() in way.effects


def test_uncertain_payouts_come_ahead_of_everything(explored: tuple[Way, ...]) -> None:
    found = [way for way in explored if isinstance(way.event, ev.SignedIn) and way.event.shift.uncertain]
    fresh = [way for way in found if isinstance(way.start, sc.EnterPin) and way.start.under is None]
    assert fresh
    assert all(isinstance(way.end, sc.UncertainFound) for way in fresh)


def all_awaited(screen: sc.Screen) -> set[int]:
    under = getattr(screen, "under", None)
    below = set() if under is None else all_awaited(under)
    own = getattr(screen, "awaited", None)
    return below if own is None else below | {own}


@pytest.mark.parametrize("stale", [3, 1_000_000])
def test_a_stale_result_changes_nothing(explored: tuple[Way, ...], stale: int) -> None:
    for screen in {id(way.start): way.start for way in explored}.values():
        if stale in all_awaited(screen):
            continue
        for event in results(OperationId(stale)):
            assert step(screen, event) == (screen, ()), (kinds(screen), event)


def test_no_operation_number_is_given_twice(explored: tuple[Way, ...]) -> None:
    """A new request takes the frame's number, and the frame goes on."""
    for way in explored:
        for effect in way.effects:
            operation = getattr(effect, "operation", None)
            if operation is not None:
                assert operation == way.start.frame.next_operation
                assert way.end.frame.next_operation == operation + 1


def test_a_pin_never_shows(explored: tuple[Way, ...]) -> None:
    for way in explored:
        for effect in way.effects:
            if isinstance(effect, ef.SignIn):
                assert effect.pin not in repr(effect)
                assert isinstance(way.end, sc.EnterPin)
                assert way.end.typed == ""
        assert not isinstance(way.event, ev.Digit) or "1" not in repr(way.event)


def test_digits_beep_and_are_never_spoken(explored: tuple[Way, ...]) -> None:
    for way in explored:
        if isinstance(way.event, ev.Digit):
            assert not any(isinstance(effect, ef.Speak) for effect in way.effects)
