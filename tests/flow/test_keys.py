"""A new PIN, by the old one or by a code, and what a lock keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow import values as v
from tests.flow.explore import HERE, SHIFT
from tests.flow.walker import Walker
from tests.screens import gallery

OLD, NEW, CODE = "250914", "604173", "3123456789012"


def types(walker: Walker, digits: str) -> None:
    walker.does(*(ev.Digit(int(each)) for each in digits), ev.Confirm())


@pytest.fixture
def agent() -> Walker:
    """Signed in, on the menu."""
    walker = Walker()
    walker.signs_in()
    walker.does(ev.OpenMenu())
    return walker


def test_a_pin_is_changed_in_three_answers(agent: Walker) -> None:
    agent.does(ev.AskNewPin())
    for digits in (OLD, NEW, NEW):
        types(agent, digits)
    asked = agent.last(ef.ChangePin)
    assert (asked.old, asked.new) == (OLD, NEW)
    agent.does(ev.PinChanged(asked.operation))
    done = agent.on(sc.NewPin)
    assert (done.stage, done.proof, done.new, done.typed) == (sc.PinStage.DONE, "", "", "")
    agent.does(ev.Confirm())
    agent.on(sc.Route)


def test_two_different_new_pins_are_asked_again(agent: Walker) -> None:
    agent.does(ev.AskNewPin())
    for digits in (OLD, NEW, "604174"):
        types(agent, digits)
    again = agent.on(sc.NewPin)
    assert (again.stage, again.fault, again.proof) == (sc.PinStage.NEW, v.PinFault.DIFFERENT, OLD)
    assert not [each for each in agent.effects if isinstance(each, ef.ChangePin)]


def test_a_forgotten_pin_asks_for_a_code_after_a_wrong_one() -> None:
    walker = Walker(sc.EnterPin(gallery.frame(v.Language.VI), gallery.MAI, tries_left=0))
    walker.does(ev.AskNewPin())
    for digits in (CODE, NEW, NEW):
        types(walker, digits)
    asked = walker.last(ef.RedeemCode)
    assert (asked.operator, asked.code, asked.new) == (gallery.MAI.id, CODE, NEW)
    walker.does(ev.SignedIn(asked.operation, SHIFT))
    walker.on(sc.Route)


def test_a_spent_code_can_be_followed_by_another() -> None:
    walker = Walker(sc.NewPin(gallery.frame(v.Language.VI), gallery.MAI, None))
    for digits in (CODE, NEW, NEW):
        types(walker, digits)
    walker.does(ev.SignInRefused(walker.number(ef.RedeemCode), 0))
    spent = walker.on(sc.NewPin)
    assert (spent.stage, spent.fault) == (sc.PinStage.PROOF, v.PinFault.WRONG_PROOF)
    types(walker, CODE)
    assert walker.on(sc.NewPin).stage is sc.PinStage.NEW


def test_an_own_slot_that_locked_takes_no_more_digits(agent: Walker) -> None:
    agent.does(ev.AskNewPin())
    for digits in (OLD, NEW, NEW):
        types(agent, digits)
    agent.does(ev.SignInRefused(agent.number(ef.ChangePin), 0), ev.Digit(1))
    assert agent.on(sc.NewPin).typed == ""
    agent.does(ev.Back())
    agent.on(sc.Menu)


@pytest.mark.parametrize("lock", [ev.Lock(), ev.IdleOver()])
def test_a_lock_drops_what_was_typed(agent: Walker, lock: ev.Event) -> None:
    agent.does(ev.AskNewPin())
    types(agent, OLD)
    agent.does(lock)
    locked = agent.on(sc.EnterPin)
    assert isinstance(locked.under, sc.Route)
    assert agent.effects[-1] == ef.LockStore()


def test_a_wet_screen_is_wiped_and_the_work_is_where_it_was(agent: Walker) -> None:
    """One touch locks; the same operator's PIN brings back the same page of the route."""
    agent.does(ev.Back(), ev.Scrolled(1), ev.OpenMenu())
    before = agent.screen
    agent.does(ev.Lock())
    types(agent, OLD)
    asked = agent.last(ef.SignIn)
    assert asked.resumes
    agent.does(ev.SignedIn(asked.operation, SHIFT))
    assert replace(before, frame=agent.screen.frame).under.page == agent.on(sc.Menu).under.page  # type: ignore[union-attr]


def test_who_leaves_the_lock_and_comes_anew_does_not_resume(agent: Walker) -> None:
    agent.does(ev.Lock(), ev.Back())
    agent.signs_in()
    assert not agent.last(ef.SignIn).resumes


def test_the_warning_is_put_off_with_one_touch(agent: Walker) -> None:
    before = agent.screen
    agent.does(ev.IdleSoon(30))
    assert agent.on(sc.StillThere).seconds == 30
    agent.does(ev.Confirm())
    assert agent.screen == before


def test_several_notices_are_leafed_through_before_anybody_signs_in() -> None:
    passer_by = Walker(sc.Idle(replace(HERE, notices=("Chi trả sớm.", "Không thu phí."))))
    passer_by.does(ev.Scrolled(1))
    assert passer_by.on(sc.Idle).page == 1
    passer_by.does(ev.Scrolled(2))
    assert passer_by.on(sc.Idle).page == 1
