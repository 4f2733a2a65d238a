"""One district, two devices, and the files that pass between them."""

from __future__ import annotations

import pytest

from tests.exchange.parties import District, Kit


@pytest.fixture(scope="session")
def district() -> District:
    return District()


@pytest.fixture(scope="session")
def kit() -> Kit:
    return Kit("k07", 1)


@pytest.fixture(scope="session")
def other_kit() -> Kit:
    return Kit("k08", 2)
