"""A kiosk that nobody can see says so and ends: it must not report ready behind a dark panel."""

from __future__ import annotations

import pytest

from kiosk.screens.display import NoDisplay, driver, require_display
from tests.screens.stage import Stage


def test_the_driver_of_this_window_is_told(window: Stage) -> None:
    assert window.host.panel
    assert driver() == "offscreen"


@pytest.mark.parametrize("unseen", ["offscreen", "dummy", ""])
def test_a_window_in_memory_is_no_display(unseen: str) -> None:
    with pytest.raises(NoDisplay, match="nobody sees it"):
        require_display(unseen)


@pytest.mark.parametrize("seen", ["x11", "wayland", "KMSDRM"])
def test_a_window_on_a_panel_is_one(seen: str) -> None:
    require_display(seen)
