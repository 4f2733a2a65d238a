"""One encrypted connection, and one place where SQLite's error codes become our few faults.

SQLCipher 4, raw 256-bit key, WAL with synchronous=FULL: a commit that returned is on the disk.
The lock is exclusive: the desk's worker thread owns the store and nobody else looks in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from kiosk.store.errors import Broken, DiskFull, Refused, StoreBusy, StoreError, StoreLost, WrongKey

KEY_BYTES = 32
_BUSY_SECONDS = 1

# Primary result codes of SQLite (https://www.sqlite.org/rescode.html).
_FAULTS: dict[int, tuple[type[StoreError], str]] = {
    5: (StoreBusy, "the store is open in another process"),
    6: (StoreBusy, "the store is open in another process"),
    10: (StoreLost, "the disk failed"),
    11: (Broken, "a page of the store is damaged"),
    13: (DiskFull, "no room on the disk"),
    14: (Broken, "the store cannot be opened"),
    19: (Refused, "refused by the database"),
    23: (StoreBusy, "no permission to open the store"),
    26: (WrongKey, "this key does not open the store"),
}

_PRAGMAS = (
    "cipher_log_level = NONE",
    "locking_mode = EXCLUSIVE",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "trusted_schema = OFF",
)


def connect(path: Path, key: bytes) -> dbapi2.Connection:
    """A bare connection to an existing file. Raises sqlcipher3 errors as they come."""
    if len(key) != KEY_BYTES:
        raise WrongKey("a store key has 32 bytes")
    # mode=rw: a file that is not there is a fault here, never a new, empty journal.
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = dbapi2.connect(address, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        _prepare(connection, key)
    except dbapi2.Error:
        connection.close()
        raise
    return connection


def rekey(path: Path, old: bytes, new: bytes) -> None:
    """Put a closed store under another key; done before is fine. Raises StoreError.

    Through a rollback journal, not the write-ahead log: cut anywhere, the old key opens it until the new one does.
    """
    with faults():
        try:
            connection = connect(path, old)
        except dbapi2.DatabaseError as error:
            if not isinstance(_translate(error), WrongKey):
                raise
            connect(path, new).close()
            return
        try:
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
            connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"").fetchall()
        finally:
            connection.close()
        connect(path, new).close()


def _prepare(connection: dbapi2.Connection, key: bytes) -> None:
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def engine(path: Path, key: bytes) -> Engine:
    """An engine over exactly one connection, with real BEGIN IMMEDIATE transactions."""
    made = create_engine(
        "sqlite://",
        creator=lambda: connect(path, key),
        module=dbapi2,
        poolclass=StaticPool,
        hide_parameters=True,
    )
    event.listen(made, "begin", _begin)
    return made


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def empty_log(connection: Connection) -> None:
    """Move the write-ahead log into the file and cut it to nothing: what was shredded is gone from it."""
    bare = connection.connection.dbapi_connection
    if bare is None:
        raise StoreLost("the connection is gone")
    bare.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


@contextmanager
def faults() -> Iterator[None]:
    """Turn what SQLite reports into the errors of this room."""
    try:
        yield
    except DBAPIError as error:
        raise _translate(error.orig) from error
    except dbapi2.Error as error:
        raise _translate(error) from error


def _translate(error: BaseException | None) -> StoreError:
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(code, int):
        return Broken(f"the database library failed: {type(error).__name__}")
    kind, words = _FAULTS.get(code & 0xFF, (Broken, "the database failed"))
    if kind is Refused:
        return Refused(_reason(str(error)))
    name = getattr(error, "sqlite_errorname", code)
    return kind(f"{words} ({name})")


def _reason(message: str) -> str:
    """Our triggers speak for themselves; SQLite's own constraints name table and column."""
    return re.sub(r"[^\w :.,;'=<>()-]", "", message)[:200]
