"""The window of the monkey."""

from __future__ import annotations

import os

import pytest

from kiosk.screens.environment import prepare_environment

prepare_environment(headless=True, size="1024x600")
# Kivy would wait out each sixtieth of a second; a monkey has no time.
os.environ["KCFG_GRAPHICS_MAXFPS"] = "0"

from tests.screens.stage import Stage  # noqa: E402  # Kivy is imported here


@pytest.fixture(scope="session")
def stage() -> Stage:
    """The host, opened once."""
    return Stage()
