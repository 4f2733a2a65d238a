"""M3, M5 and M8 hold against anybody with the key and a database client, our own code included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from kiosk.exchange.attachment import AttachmentKind, new_attachment
from kiosk.payout import journal as j
from kiosk.store import Broken, Refused, Store
from kiosk.store.engine import connect
from tests.store import scribe
from tests.store.scribe import EPOCH, KEY, NOON


@pytest.fixture
def bare(day: Store, path: Path) -> Iterator[Any]:
    """A bare connection to a store with one payout in it, as an intruder with the key has it."""
    scribe.pay(day, 1)
    day.add_attachment(new_attachment(AttachmentKind.FACE, b"face"))
    day.close()
    connection = connect(path, KEY)
    yield connection
    connection.close()


ROW = "INSERT INTO journal (epoch, sequence, at, fact, previous, hash, entry) VALUES (?,?,?,?,?,?,?)"


def row(entry: j.Entry, **changes: object) -> list[object]:
    columns: dict[str, object] = {
        "epoch": entry.epoch,
        "sequence": entry.sequence,
        "at": entry.at,
        "fact": entry.fact.TAG,
        "previous": entry.previous,
        "hash": entry.hash,
        "entry": j.encode(entry),
    }
    return list({**columns, **changes}.values())


def last(bare: Any) -> j.Entry:
    return j.decode(bare.execute("SELECT entry FROM journal ORDER BY sequence DESC LIMIT 1").fetchone()[0])


def following(bare: Any, fact: j.Fact | None = None) -> j.Entry:
    before = last(bare)
    place = j.Sequence(before.sequence + 1)
    return j.Entry(before.device, EPOCH, place, NOON, True, before.hash, fact or j.DeviceStarted("1", True))


def test_the_honest_next_row_is_taken(bare: Any) -> None:
    bare.execute(ROW, row(following(bare)))
    assert bare.execute("SELECT max(sequence) FROM journal").fetchone()[0] == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET at = at + 1",
        "UPDATE journal SET entry = x'00' WHERE sequence = 3",
        "UPDATE journal SET hash = hash",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE sequence = 3",
        "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE sequence = 3",
        "REPLACE INTO journal SELECT * FROM journal WHERE sequence = 3",
        "UPDATE meta SET mode = 'production'",
        "UPDATE meta SET area = 'A02'",
        "UPDATE meta SET device = 'KIT8'",
        "DELETE FROM meta",
        "INSERT INTO meta VALUES (2, 'A02', 'KIT8', 'production')",
        "INSERT OR REPLACE INTO meta VALUES (1, 'A02', 'KIT8', 'production')",
        "UPDATE attachment SET sealed = x'00'",
        "UPDATE attachment SET kind = 'chip'",
        "UPDATE attachment SET key = NULL",
        "DELETE FROM attachment",
        "UPDATE outbox SET sealed = 5",
        "UPDATE outbox SET backed_up = 1",
        "UPDATE outbox SET sealed = 3, acknowledged = 2, backed_up = 3",
        "DELETE FROM outbox",
        "INSERT INTO outbox VALUES (2, 1, 0, 0)",
    ],
)
def test_the_database_itself_refuses(bare: Any, statement: str) -> None:
    before = bare.execute("SELECT * FROM journal").fetchall(), bare.execute("SELECT * FROM meta").fetchall()
    with pytest.raises(dbapi2.IntegrityError):
        bare.execute(statement)
    assert before == (
        bare.execute("SELECT * FROM journal").fetchall(),
        bare.execute("SELECT * FROM meta").fetchall(),
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sequence": 5}, "not the next entry"),
        ({"sequence": 3}, "not the next entry"),
        ({"previous": "ab" * 32}, "does not follow"),
        ({"epoch": 0}, "not the next entry"),
        ({"epoch": 0, "sequence": 0, "previous": j.GENESIS}, "older epoch"),
        ({"at": 1}, "not what the entry says"),
        ({"fact": "session_closed"}, "not what the entry says"),
        ({"hash": "short"}, "CHECK"),
    ],
)
def test_a_row_that_does_not_follow_is_refused(bare: Any, changes: dict[str, object], words: str) -> None:
    with pytest.raises(dbapi2.IntegrityError, match=words):
        bare.execute(ROW, row(following(bare), **changes))


def test_a_row_with_the_hash_of_another_is_refused_even_as_a_replacement(bare: Any) -> None:
    stolen = row(following(bare), hash=last(bare).hash)
    with pytest.raises(dbapi2.IntegrityError, match="there already"):
        bare.execute(ROW.replace("INSERT", "INSERT OR REPLACE"), stolen)


def test_an_entry_of_another_device_is_refused(bare: Any) -> None:
    entry = following(bare)
    foreign = j.Entry(j.DeviceId("KIT8"), EPOCH, entry.sequence, NOON, True, entry.previous, entry.fact)
    with pytest.raises(dbapi2.IntegrityError, match="M8"):
        bare.execute(ROW, row(foreign))


def tamper(path: Path, statement: str, *arguments: object) -> None:
    """What somebody with the key and time can do: drop the guards, change, put them back."""
    connection = connect(path, KEY)
    names = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    guards = connection.execute(names).fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement, arguments)
    for _, sql in guards:
        connection.execute(sql)
    connection.close()


def test_a_changed_sum_is_found_at_sign_in(day: Store, path: Path) -> None:
    scribe.pay(day, 1)
    day.close()
    change = (
        "UPDATE journal SET entry = CAST(replace(CAST(entry AS TEXT), '500000', '900000') AS BLOB) WHERE sequence = 2"
    )
    tamper(path, change)
    with pytest.raises(Broken, match="1-2"):
        Store.open(path, KEY)


def test_a_well_made_forgery_breaks_the_chain(day: Store, path: Path) -> None:
    scribe.pay(day, 1)
    old = day.entries(EPOCH)[1]
    forged = j.Entry(old.device, EPOCH, old.sequence, NOON, False, old.previous, old.fact)
    day.close()
    tamper(path, "UPDATE journal SET entry = ?, hash = ? WHERE sequence = 1", j.encode(forged), forged.hash)
    with pytest.raises(Broken, match="does not follow"):
        Store.open(path, KEY)


def test_a_missing_entry_is_found(day: Store, path: Path) -> None:
    scribe.pay(day, 1)
    day.close()
    tamper(path, "DELETE FROM journal WHERE sequence = 2")
    with pytest.raises(Broken, match="expected sequence 2"):
        Store.open(path, KEY)


@pytest.mark.parametrize("blob", [b"", b"{}", b"\xff\xfe", b'{"a":1.5}', b"[" * 5000])
def test_an_unreadable_entry_is_found(day: Store, path: Path, blob: bytes) -> None:
    day.close()
    tamper(path, "UPDATE journal SET entry = ? WHERE sequence = 1", blob)
    with pytest.raises(Broken, match="1-1"):
        Store.open(path, KEY)


def test_a_damaged_page_is_found(day: Store, path: Path) -> None:
    for number in range(40):
        scribe.pay(day, number)
    day.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(Broken):
        Store.open(path, KEY).verify()


def test_a_trigger_that_speaks_is_heard(day: Store) -> None:
    with pytest.raises(Refused, match="M5: nobody has what was never written"):
        day.mark_sealed(EPOCH, 99)
