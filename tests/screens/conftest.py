"""One window for all tests of this room: Kivy opens it once in a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.screens.environment import prepare_environment

prepare_environment(headless=True, size="1024x600")

from tests.screens.stage import Stage  # noqa: E402  # Kivy is imported here


@pytest.fixture(scope="session")
def window() -> Stage:
    """The host, opened once."""
    return Stage()


@pytest.fixture
def stage(window: Stage) -> Iterator[Stage]:
    """The host with nothing remembered of the test before."""
    window.reset()
    yield window
    window.let_go()
