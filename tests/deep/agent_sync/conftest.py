"""A PostgreSQL cluster for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import postgres


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    with postgres.cluster() as url:
        yield url


@pytest.fixture
def database(cluster: str) -> str:
    return postgres.fresh_database(cluster)
