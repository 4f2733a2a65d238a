"""A desk on a temporary folder, stopped at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.area import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An enrolled device with its bundle in the inbox."""
    opened = Office(tmp_path)
    yield opened
    opened.desk.stop()
