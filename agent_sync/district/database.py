"""The engine and its two kinds of transaction, the same for SQLite and PostgreSQL.

A write takes its lock when it begins (SQLite) or on the device's row (PostgreSQL), so that two
processes that receive the same segment do the work once. A read never waits for a write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Engine,
    String,
    Table,
    any_,
    create_engine,
    event,
    literal,
    text,
)
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from agent_sync.district.errors import BadInput
from agent_sync.district.ids import Clock, server_clock

BUSY_SECONDS = 30
MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0009"
"""The schema this code is written for; a test holds it against the migrations."""
CHUNK = 2_000
PARTITIONED = ("entry", "payout", "payout_line")


class Database:
    """One database of one district. Safe to share between threads."""

    def __init__(self, url: str, clock: Clock = server_clock) -> None:
        """Connects lazily. Raises BadInput for a URL that is neither SQLite nor PostgreSQL.

        ``clock`` is what `ids.now` reads in every transaction of this database.
        """
        self.url = url
        self.clock = clock
        self._engine = _engine(url).execution_options(tannha_clock=clock)
        self._writer = self._engine.execution_options(tannha_write=True)
        self._months: set[int] = set()

    @property
    def is_postgresql(self) -> bool:
        """True on PostgreSQL, where months are partitions."""
        return self._engine.dialect.name == "postgresql"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits at the end, or leaves nothing."""
        with self._writer.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the schema up to date. Raises BadInput when the database cannot be opened."""
        if self._is_current():
            return
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        try:
            with self._writer.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except OperationalError as error:
            raise BadInput(f"the database cannot be opened: {_first_line(error)}") from error

    def _is_current(self) -> bool:
        """A look instead of a migration: every process of a district asks at every start."""
        try:
            with self.read() as connection:
                return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == NEWEST
        except (OperationalError, ProgrammingError):
            return False

    def prepare_months(self, months: set[int]) -> None:
        """The same before a transaction that writes rows, each table in one of its own.

        A new partition wants its table to itself for a moment. Within a batch, which reads the table before, two
        processes that bring the first rows of a month would wait for one another.
        """
        if not self.is_postgresql:
            return
        for month in sorted(months - self._months):
            for table in PARTITIONED:
                with self.write() as connection:
                    make_partition(connection, table, month)
            self._months.add(month)

    def ensure_months(self, connection: Connection, months: set[int]) -> None:
        """Make the partitions that rows of these months (YYYYMM) need; nothing on SQLite."""
        if not self.is_postgresql or months <= self._months:
            return
        for month in sorted(months - self._months):
            for table in PARTITIONED:
                make_partition(connection, table, month)
        self._months |= months

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()


def make_partition(connection: Connection, table: str, month: int) -> None:
    """``table`` for one month; safe when two processes try at once."""
    name = f"{table}_{month:06d}"
    if connection.execute(text("SELECT to_regclass(:name)"), {"name": name}).scalar() is not None:
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(7201, :month)"), {"month": month})
    connection.execute(text(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} FOR VALUES IN ({month:d})"))


def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> int:
    """Insert the rows that are not there yet; how many were new."""
    if not rows:
        return 0
    if connection.dialect.name == "postgresql":
        return _insert_new_arrays(connection, table, rows)
    names = list(rows[0])
    places = ", ".join("?" * len(names))
    source = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608
    return int(connection.exec_driver_sql(source, [tuple(map(row.__getitem__, names)) for row in rows]).rowcount)


def _insert_new_arrays(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> int:
    """All rows as one array a column: one statement and one answer, however many rows."""
    columns = [column for column in table.columns if column.name in rows[0]]
    names = ", ".join(column.name for column in columns)
    types = (f"%s::{column.type.compile(connection.dialect)}[]" for column in columns)
    source = f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({', '.join(types)}) ON CONFLICT DO NOTHING"  # noqa: S608
    arrays = tuple([row[column.name] for row in rows] for column in columns)
    return int(connection.exec_driver_sql(source, arrays).rowcount)


def among(connection: Connection, column: Column[str], values: Sequence[str]) -> ColumnElement[bool]:
    """``column`` is one of ``values``: one array on PostgreSQL, where many parameters cost more than the search."""
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(values), ARRAY(String)))
    return column.in_(values)


def chunks(items: Sequence[str], size: int = CHUNK) -> Iterator[Sequence[str]]:
    """Lists short enough for one IN clause."""
    return (items[i : i + size] for i in range(0, len(items), size))


def bulk_insert(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows that are known to be new, in the table's column order, as fast as the database can.

    COPY on PostgreSQL, one prepared statement on SQLite. A row that is there already is a fault here.
    """
    if not rows:
        return
    names = ", ".join(column.name for column in table.columns)
    if connection.dialect.name != "postgresql":
        places = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({places})", list(rows))  # noqa: S608
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _engine(url: str) -> Engine:
    try:
        if url.startswith("sqlite:"):
            return _sqlite(url)
        if url.startswith("postgresql"):
            return create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1), pool_pre_ping=True, pool_size=4)
    except ArgumentError as error:
        raise BadInput("the database URL cannot be read") from error
    raise BadInput("the database must be sqlite: or postgresql:")


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("tannha_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _first_line(error: OperationalError) -> str:
    return str(error.orig).splitlines()[0][:160]
