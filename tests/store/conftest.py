"""A fresh store in a folder of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.store import Store
from tests.store import scribe


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where this test's store lies."""
    return tmp_path / "kit.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A new store: its journal holds EpochOpened and nothing else."""
    with Store.create(path, scribe.KEY, scribe.IDENTITY, scribe.EPOCH, scribe.NOON) as made:
        yield made


@pytest.fixture
def day(store: Store) -> Store:
    """A store with an open session."""
    scribe.write(store, scribe.session_opened())
    return store
