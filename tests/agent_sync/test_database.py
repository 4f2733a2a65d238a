"""The schema, its one migration, and the constraint behind M1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint, insert, select
from sqlalchemy.exc import IntegrityError

from agent_sync.district import cli, ids, standing_data
from agent_sync.district.database import MIGRATIONS, NEWEST, Database
from agent_sync.district.errors import BadInput, NotPermitted, Unknown
from agent_sync.district.schema import lease, metadata
from kiosk.payout.names import DeviceId, Period
from tests.agent_sync.field_kit import FieldKit, Seat


def test_the_migrations_make_exactly_the_schema(seat: Seat) -> None:
    with seat.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_migration_is_the_one_the_code_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST


TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_area_leads_every_key_and_index(table: Table) -> None:
    """What Citus asks of a distributed table, and what keeps one area's rows together without it."""
    keys = [each.columns for each in table.constraints if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)]
    keys += [index.columns for index in table.indexes]
    assert {next(iter(columns)).name for columns in keys} == {"area"}
    for link in (each for each in table.constraints if isinstance(each, ForeignKeyConstraint)):
        first = link.elements[0]
        assert (first.parent.name, first.column.name) == ("area", "area"), "a foreign key stays within its area"


def test_every_table_is_sharded_after_those_it_points_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["citus"]) == 0
    lines = capsys.readouterr().out.splitlines()
    order = re.findall(r"create_distributed_table\('(\w+)', 'area'", "\n".join(lines))
    assert sorted(order) == [table.name for table in TABLES]
    assert order[0] == "device"
    for table in TABLES:
        for link in table.foreign_keys:
            assert order.index(link.column.table.name) < order.index(table.name)


def test_a_second_live_lease_cannot_be_written(seat: Seat, kit: FieldKit) -> None:
    with seat.database.read() as connection:
        row = dict(connection.execute(select(lease)).mappings().first() or {})
    with pytest.raises(IntegrityError), seat.database.write() as connection:
        connection.execute(insert(lease).values(row | {"id": ids.new_lease(), "nonce": "0" * 32, "device": "kit-77"}))


def test_two_devices_never_hold_one_entitlement(seat: Seat, kit: FieldKit) -> None:
    other = seat.enrol("kit-02")
    granted = seat.lease(other)
    assert (granted.granted, granted.already) == (0, 9)


def test_leases_go_to_enrolled_devices_only(seat: Seat, kit: FieldKit) -> None:
    stranger = FieldKit(kit.area, DeviceId("nobody"), kit.mode)
    with pytest.raises(Unknown):
        seat.lease(stranger)
    with seat.database.write() as connection:
        standing_data.revoke(connection, kit.area, "device:kit-01", "mất máy", "hoa")
    with pytest.raises(NotPermitted):
        seat.lease(kit)


def test_only_what_is_due_is_leased(seat: Seat) -> None:
    first = seat.enrol("kit-01")
    assert seat.lease(first, Period(2026, 10)).granted == 1
    assert seat.lease(first, Period(2026, 11)).granted == 8


@pytest.mark.parametrize("url", ["mysql://x", "nonsense", "sqlite:////no/such/folder/x.db"])
def test_a_database_that_cannot_be_had_is_bad_input(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        Database(url).migrate()
