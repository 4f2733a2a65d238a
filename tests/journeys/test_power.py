"""What the device itself must say no to before anybody is paid: a panel that nobody sees."""

from __future__ import annotations

import pytest

from kiosk.screens.display import NoDisplay
from tests.journeys.conftest import Road


def test_a_kiosk_that_nobody_sees_does_not_run(road: Road) -> None:
    with pytest.raises(NoDisplay):
        road.kiosk.run()
