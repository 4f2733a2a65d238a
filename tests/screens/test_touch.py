"""Touches as they come: one finger, a second one, a trembling one, one that slides off."""

from __future__ import annotations

import pytest
from kivy.base import EventLoop
from kivy.core.window import Window

from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow.values import MAX_POINTS, Language
from kiosk.screens.hands import NothingThere
from kiosk.screens.renderer import NEW_SCREEN_S, SAME_KEY_S, find
from tests.screens.gallery import SIGNATURE
from tests.screens.stage import Stage


def test_a_touch_means_what_the_target_says(stage: Stage) -> None:
    stage.shows("pin")
    stage.hands.touch("digit-7")
    assert stage.events == [ev.Digit(7)]


def test_every_target_of_a_page_can_be_pressed(stage: Stage) -> None:
    for name in ("route", "offer", "hand-over", "menu", "float", "face", "unpaid"):
        stage.shows(name)
        page = stage.host.renderer.show(stage.shows(name))
        for target in page.targets:
            stage.events.clear()
            stage.waits(1)
            stage.hands.touch(target.test_id)
            assert stage.events == [target.event], (name, target.test_id)


def test_what_is_not_there_cannot_be_touched(stage: Stage) -> None:
    stage.shows("pin")
    assert find(stage.host.renderer, "paid") is None
    with pytest.raises(NothingThere):
        stage.hands.touch("paid")


def test_a_fast_double_tap_counts_once(stage: Stage) -> None:
    stage.shows("pin")
    stage.hands.touch("digit-5")
    stage.waits(SAME_KEY_S / 2)
    stage.hands.touch("digit-5")
    assert stage.events == [ev.Digit(5)]
    stage.waits(SAME_KEY_S + 0.01)
    stage.hands.touch("digit-5")
    assert stage.events == [ev.Digit(5)] * 2


def test_two_quick_different_keys_both_count(stage: Stage) -> None:
    stage.shows("pin")
    stage.hands.touch("digit-1")
    stage.waits(0.1)
    stage.hands.touch("digit-2")
    assert stage.events == [ev.Digit(1), ev.Digit(2)]


def test_a_second_finger_is_ignored(stage: Stage) -> None:
    stage.shows("pin")
    nine, one = (find(stage.host.renderer, name) for name in ("digit-9", "digit-1"))
    assert nine is not None
    assert one is not None
    first = stage.hands._down(*nine.middle)
    second = stage.hands._down(*one.middle)
    stage.hands._up(second)
    stage.hands._up(first)
    assert stage.events == [ev.Digit(9)]


def test_a_finger_that_slides_off_means_nothing(stage: Stage) -> None:
    stage.shows("offer")
    yes = find(stage.host.renderer, "right-sum")
    assert yes is not None
    finger = stage.hands._down(*yes.middle)
    finger.move(stage.hands._share(yes.x - 200, yes.middle[1]))
    EventLoop.post_dispatch_input("update", finger)
    stage.hands._up(finger)
    assert stage.events == []


def test_a_tap_meant_for_the_screen_before_presses_nothing(stage: Stage) -> None:
    stage.shows("hand-over", settled=False)
    stage.hands.touch("got-all")
    assert stage.events == []
    stage.waits(NEW_SCREEN_S + 0.01)
    stage.hands.touch("got-all")
    assert stage.events == [ev.Confirm()]


def test_a_finger_on_the_glass_does_not_reach_the_next_screen(stage: Stage) -> None:
    stage.shows("offer")
    yes = find(stage.host.renderer, "right-sum")
    assert yes is not None
    finger = stage.hands._down(*yes.middle)
    stage.shows("hand-over")
    stage.hands._up(finger)
    assert stage.events == []


def test_beside_every_target_nothing_happens(stage: Stage) -> None:
    stage.shows("offer")
    stage.hands.press(500, 300)
    assert stage.events == []


def test_a_signature_comes_in_pad_units(stage: Stage) -> None:
    stage.shows("sign")
    stage.hands.draw("sign-pad", SIGNATURE)
    assert [type(event) for event in stage.events] == [ev.StrokeDrawn] * 2
    drawn = stage.events[0]
    assert isinstance(drawn, ev.StrokeDrawn)
    for (x, y), (wanted_x, wanted_y) in zip(drawn.stroke, SIGNATURE[0], strict=True):
        assert abs(x - wanted_x) <= 3
        assert abs(y - wanted_y) <= 3


def test_a_signature_stays_on_the_pad_and_within_bounds(stage: Stage) -> None:
    stage.shows("sign")
    wild = tuple((x % 1400 - 200, (x * 7) % 1300 - 150) for x in range(300, 300 + 3 * MAX_POINTS))
    stage.hands.draw("sign-pad", (((500, 500), *wild),))
    drawn = stage.events[0]
    assert isinstance(drawn, ev.StrokeDrawn)
    assert len(drawn.stroke) <= MAX_POINTS
    assert all(0 <= x <= 1000 and 0 <= y <= 1000 for x, y in drawn.stroke)


def test_keys_and_closing_are_refused(stage: Stage) -> None:
    stage.shows("route")
    for key in (27, 282, 13):  # Escape, F1, Enter
        Window.dispatch("on_keyboard", key, 0, None, [])
    assert Window.dispatch("on_request_close") is True
    assert stage.host.open_settings() is False
    assert stage.events == []


def test_each_screen_of_a_payout_is_pressed_through(stage: Stage) -> None:
    """The recipient's and the agent's main answers, one screen after the other, in Khmer."""
    for name, touched, meant in (
        ("door", "payee-p1", ev.PayeeChosen), ("face", "them", ev.Confirm), ("offer", "right-sum", ev.Confirm),
        ("hand-over", "got-all", ev.Confirm), ("sign-done", "signed", ev.Confirm), ("paid-printed", "next", ev.Confirm),
    ):  # fmt: skip
        stage.events.clear()
        assert isinstance(stage.shows(name, Language.KM), sc.Screen)
        stage.hands.touch(touched)
        assert [type(event) for event in stage.events] == [meant], name
