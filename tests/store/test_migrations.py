"""An older file is brought forward whole, a newer one is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from kiosk.payout import journal as j
from kiosk.store import NewerSchema, Store, engine, rows, schema, tables
from tests.store import scribe
from tests.store.scribe import KEY


def older(path: Path, revision: str) -> None:
    """A file as an earlier version of the program left it, with one entry in it."""
    path.touch()
    made = engine.engine(path, KEY)
    opened = j.EpochOpened(scribe.AREA, scribe.IDENTITY.mode, j.Epoch(0), j.GENESIS)
    first = j.Entry(scribe.DEVICE, scribe.EPOCH, j.Sequence(0), scribe.NOON, True, j.GENESIS, opened)
    with made.begin() as connection:
        schema.upgrade(connection, revision)
        me = {"one": 1, "area": scribe.AREA, "device": scribe.DEVICE, "mode": "practice"}
        connection.execute(insert(tables.meta), me)
        connection.execute(insert(tables.journal), rows.entry_row(first))
        rows.open_outboxes(connection, [first])
    made.dispose()


REVISIONS = ("0001", "0002")


def test_the_newest_step_is_the_head_that_the_program_names() -> None:
    assert REVISIONS[-1] == schema.HEAD


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_older_file_opens_and_keeps_its_journal(path: Path, revision: str) -> None:
    older(path, revision)
    with Store.open(path, KEY) as store:
        assert store.verify() == 1
        scribe.write(store, scribe.session_opened())
        scribe.pay(store, 1)
    with Store.open(path, KEY) as store:
        assert store.verify() == 4


def test_the_steps_lead_to_the_tables_that_the_queries_know(path: Path, store: Store) -> None:
    store.close()
    made = engine.engine(path, KEY)
    with made.begin() as connection:
        for name, table in tables.metadata.tables.items():
            found = connection.exec_driver_sql(f"PRAGMA table_info({name})").all()
            assert {row.name for row in found} == set(table.columns.keys())
            assert {row.name for row in found if row.pk} == set(table.primary_key.columns.keys())
        made_by_us = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
        assert set(made_by_us) == {*tables.metadata.tables, "alembic_version"}
    made.dispose()


def test_a_newer_file_is_refused_and_not_touched(path: Path, store: Store) -> None:
    store.close()
    made = engine.engine(path, KEY)
    with made.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    made.dispose()
    before = path.read_bytes()
    with pytest.raises(NewerSchema, match="0099"):
        Store.open(path, KEY)
    assert path.read_bytes() == before


def test_a_step_that_fails_leaves_the_old_schema(path: Path) -> None:
    older(path, "0001")
    made = engine.engine(path, KEY)
    with made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE snapshot_payout (in_the_way INTEGER)")
    made.dispose()
    with pytest.raises(Exception, match="database failed"):
        Store.open(path, KEY)
    made = engine.engine(path, KEY)
    with made.begin() as connection:
        assert schema.revision(connection) == "0001"
        connection.exec_driver_sql("DROP TABLE snapshot_payout")
    made.dispose()
    with Store.open(path, KEY) as store:
        assert store.verify() == 1
