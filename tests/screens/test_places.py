"""Same places always: whoever knows one page finds the signs of every other, and nobody of a full house is lost."""

from __future__ import annotations

from collections import defaultdict

import pytest

from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow.machine import step
from kiosk.flow.values import Language
from kiosk.screens.compose import compose
from kiosk.screens.page import Audience
from kiosk.screens.theme import PANELS, Panel, Size
from tests.screens.gallery import screens

SIGNS = ("hear", "help", "back")


@pytest.mark.parametrize("panel", PANELS.values(), ids=lambda panel: panel.size)
def test_hear_again_help_and_back_stand_where_they_always_stand(panel: Panel) -> None:
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for name, screen in screens(Language.VI):
        page = compose(screen, panel)
        if page.audience is Audience.RECIPIENT and not name.endswith("practice") and name != "reading":
            for target in page.targets:
                if target.test_id in SIGNS:
                    found[target.test_id].add((round(target.area.x), round(target.area.y)))
    assert {sign: len(places) for sign, places in found.items()} == dict.fromkeys(SIGNS, 1)


@pytest.mark.parametrize("panel", PANELS.values(), ids=lambda panel: panel.size)
def test_every_payee_of_a_full_house_is_reached(panel: Panel) -> None:
    screen: sc.Screen = dict(screens(Language.VI))["door-many"]
    assert isinstance(screen, sc.AtDoor)
    wanted, seen = {each.person.id for each in screen.visit.household.payees}, set()
    for _ in range(len(wanted)):
        targets = compose(screen, panel).targets
        seen |= {each.event.person for each in targets if isinstance(each.event, ev.PayeeChosen)}
        onward = next(each.event for each in targets if each.test_id == "more")
        assert onward is not None
        screen, _ = step(screen, onward)
    assert seen == wanted


def test_one_touch_locks_wherever_somebody_is_signed_in() -> None:
    """Before a wet screen is wiped (and the work lies under the lock, as it was)."""
    for name, screen in screens(Language.VI):
        strips = [each for each in compose(screen, PANELS[Size.SEVEN_INCH]).targets if each.test_id == "bar-lock"]
        signed_in = isinstance(screen, sc.Resumable) and sc.shift_of(screen) is not None
        assert len(strips) == (signed_in and not isinstance(screen, sc.HelpScreen)), name
        for strip in strips:
            assert strip.event is not None
            locked, _ = step(screen, strip.event)
            assert isinstance(locked, sc.EnterPin), name
            assert locked.under is not None
