"""A practice district in a temporary folder, with the sample list loaded and one kit that holds its leases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_sync.district import trusts
from tests.agent_sync.field_kit import FieldKit, Seat, new_district
from tests.postgres import fresh_database


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    made = new_district(tmp_path / "district", url=fresh_database())
    made.load_sample(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def kit(seat: Seat, tmp_path: Path) -> FieldKit:
    made = seat.enrol("kit-01")
    path = tmp_path / "csca.der"
    path.write_bytes(made.issuer.csca_certificate)
    with seat.database.write() as connection:
        trusts.add(connection, seat.home, path)
    seat.lease(made)
    seat.bundle(made)
    made.begin()
    return made
