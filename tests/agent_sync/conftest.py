"""A practice district in a temporary folder, with the sample list loaded and one kit that holds its leases.

Both are made once and copied for each test: a folder and a database file cost less than keys and an import.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent_sync.district import home as homes
from agent_sync.district import trusts
from agent_sync.district.database import Database
from tests.agent_sync import databases
from tests.agent_sync.field_kit import FieldKit, Seat, new_district


@pytest.fixture(scope="session")
def bare_district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district that has a list and nobody enrolled."""
    folder = tmp_path_factory.mktemp("bare")
    made = new_district(folder / "district")
    made.load_sample(folder)
    made.database.close()
    return folder / "district"


@pytest.fixture(scope="session")
def equipped(bare_district: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FieldKit]:
    """A district with a kit that holds every lease, and the kit."""
    folder = tmp_path_factory.mktemp("equipped")
    seat = copied(bare_district, folder / "district")
    kit = seat.enrol("kit-01")
    certificate = folder / "csca.der"
    certificate.write_bytes(kit.issuer.csca_certificate)
    with seat.database.write() as connection:
        trusts.add(connection, seat.home, certificate)
    seat.lease(kit)
    seat.bundle(kit)
    kit.begin()
    seat.database.close()
    return folder / "district", kit


def copied(source: Path, to: Path) -> Seat:
    """The same district in another folder. Its database was closed, so its file is whole."""
    shutil.copytree(source, to)
    before = homes.load(source).settings
    settings = replace(before, database=databases.copy_of(before.database, to))
    homes.save_settings(to, settings)
    return Seat(homes.load(to), Database(settings.database))


@pytest.fixture
def seat(request: pytest.FixtureRequest, bare_district: Path, tmp_path: Path) -> Iterator[Seat]:
    wants_kit = "kit" in request.fixturenames
    source = request.getfixturevalue("equipped")[0] if wants_kit else bare_district
    made = copied(source, tmp_path / "district")
    yield made
    made.database.close()


@pytest.fixture
def kit(seat: Seat, equipped: tuple[Path, FieldKit]) -> FieldKit:
    return equipped[1].twin()
