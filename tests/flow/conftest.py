"""The explored flow, once for all tests of this room."""

from __future__ import annotations

import pytest

from tests.flow.explore import Way, ways


@pytest.fixture(scope="session")
def explored() -> tuple[Way, ...]:
    """Every step of every screen that can be reached."""
    return tuple(ways())
