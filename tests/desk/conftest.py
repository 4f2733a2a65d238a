"""A desk on a temporary folder, stopped at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.settings import Settings
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


@pytest.fixture
def device(office: Office) -> Settings:
    """An enrolled device with its bundle in force, switched off."""
    office.sign_in()
    office.desk.stop()
    return office.settings


@pytest.fixture
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where copies of the device are made."""
    return tmp_path_factory.mktemp("cuts")
