"""A desk on a temporary folder, stopped at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.area import Office


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A device that was enrolled once, for all tests of this room to copy."""
    made = Office(tmp_path_factory.mktemp("pattern"))
    made.desk.stop()
    return made


@pytest.fixture
def office(tmp_path: Path, pattern: Office) -> Iterator[Office]:
    """An enrolled device with its bundle in the inbox."""
    opened = Office(tmp_path, like=pattern)
    yield opened
    opened.desk.stop()
