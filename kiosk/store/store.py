"""The store: what the desk writes survives, what it wrote is never changed.

Synchronous and single-threaded on purpose: the desk's worker thread owns it. A call that returned
is durable; a call that raised DiskFull or Refused changed nothing; after StoreLost nobody knows,
so the process ends and opens the store anew (after an fsync error a retry can lie).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from kiosk import durable
from kiosk.exchange.attachment import Attachment
from kiosk.payout import journal as j
from kiosk.payout import names
from kiosk.payout.names import AreaId, DeviceId, Digest, Epoch, Mode, UnixSeconds
from kiosk.payout.standing import Standing, stand
from kiosk.store import engine, history, rows, schema, tables
from kiosk.store.errors import Broken, Refused, StoreBusy, StoreError, StoreLost
from kiosk.store.values import (
    MAX_KEPT_BYTES,
    HeldBundle,
    Identity,
    Outbox,
)

_ENTRY = insert(tables.journal)
_ATTACHMENT = select(tables.attachment).where(tables.attachment.c.digest == bindparam("of"))
_SENT = update(tables.attachment).where(tables.attachment.c.digest == bindparam("of")).values(sent=1)
_OUTBOX = select(tables.outbox).where(tables.outbox.c.epoch == bindparam("of"))
_KEPT = select(tables.kept.c.body).where(tables.kept.c.name == bindparam("of"))
_KEEP = upsert(tables.kept)
_KEEP = _KEEP.on_conflict_do_update(index_elements=["name"], set_={"body": _KEEP.excluded.body})

Behind = tuple[Epoch, Digest]
FIRST_EVER: Behind = (Epoch(0), j.GENESIS)
SNAPSHOT_EVERY = 1_000
"""Entries between two snapshots: bounds what must be folded again at sign-in."""


class Store:
    """One open store. Use as a context manager, or call `close`."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._lost = False
        self._kept: dict[str, bytes | None] = {}
        self._engine = engine.engine(path, key)
        try:
            with engine.faults():
                self._connection = self._engine.connect()
            self._load()
            # SQLite ignores an error when it flushes the folder of a new write-ahead log: ours is heard.
            _sync_folder(path.parent)
        except StoreError:
            self._engine.dispose()
            raise

    @classmethod
    def create(
        cls, path: Path, key: bytes, identity: Identity, epoch: Epoch, at: UnixSeconds, after: Behind = FIRST_EVER
    ) -> Store:
        """Make the store of a newly enrolled device; its journal begins with `EpochOpened`.

        ``after``: end of the device's journal as the district has it, when this one takes its place. The file
        appears whole or not at all. Raises StoreBusy when there is one already.
        """
        if path.exists():
            raise StoreBusy("there is a store already")
        fresh = path.with_name(path.name + ".new")
        for old in (fresh, *(fresh.with_name(fresh.name + end) for end in ("-wal", "-shm", "-journal"))):
            old.unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _fill(fresh, key, identity, epoch, at, after)
        fresh.rename(path)
        _sync_folder(path.parent)
        return cls(path, key)

    @classmethod
    def open(cls, path: Path, key: bytes) -> Store:
        """Open, migrate, and check the journal from the last snapshot on.

        Raises WrongKey, NewerSchema, StoreBusy, Broken, DiskFull, StoreLost.
        """
        return cls(path, key)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. Nothing is pending: every call was durable when it returned."""
        self._connection.close()
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        if self._lost:
            raise StoreLost("the disk failed before: open the store anew")
        try:
            with engine.faults(), self._connection.begin():
                yield self._connection
        except StoreLost:
            self._lost = True
            raise

    def _load(self) -> None:
        with self._transaction() as connection:
            schema.upgrade(connection)
            row = connection.execute(select(tables.meta)).one_or_none()
            if row is None:
                raise Broken("the store does not know whose it is")
            self.identity = Identity(AreaId(row.area), DeviceId(row.device), Mode(row.mode))
            self._snapshot, self._standing = history.load(connection)

    # -- journal -------------------------------------------------------------------------------

    def standing(self) -> Standing:
        """Where everything stands after the last durable entry. Read-only."""
        return self._standing

    def append(
        self,
        entries: Sequence[j.Entry],
        attachments: Sequence[Attachment] = (),
        bundle: HeldBundle | None = None,
    ) -> Standing:
        """Entries, the evidence they name and the bundle they accept: one transaction, durable on return.

        Raises ImpossibleFact or BrokenChain (kiosk.payout) before anything is written, Refused,
        DiskFull or StoreLost after.
        """
        if not entries:
            raise ValueError("nothing to append")
        after = stand(entries, self._standing)
        with self._transaction() as connection:
            connection.execute(_ENTRY, [rows.entry_row(each) for each in entries])
            rows.open_outboxes(connection, entries)
            for each in attachments:
                rows.keep_attachment(connection, each)
            if bundle is not None:
                rows.put_bundle(connection, bundle)
            snapshot = self._snapshot
            if history.due(snapshot, after, SNAPSHOT_EVERY):
                snapshot = history.save(connection, snapshot, after)
        self._snapshot, self._standing = snapshot, after
        return after

    def entries(self, epoch: Epoch, first: int = 0, last: int | None = None) -> tuple[j.Entry, ...]:
        """Entries ``first`` to ``last`` of one epoch, both included."""
        with self._transaction() as connection:
            return history.read(connection, epoch, first, last)

    def hash_before(self, epoch: Epoch, next_: int) -> Digest | None:
        """Hash of the entry before ``next_``; GENESIS before the first; None when it is not here."""
        with self._transaction() as connection:
            return history.head_before(connection, epoch, next_)

    def verify(self) -> int:
        """Walk the whole journal: columns, hashes, chain, fold. The number of entries.

        Raises Broken with the place of the first fault.
        """
        with self._transaction() as connection:
            count, folded = history.walk(connection)
        if folded != self._standing:
            raise Broken("the standing is not what the journal says")
        return count

    # -- bundle --------------------------------------------------------------------------------

    def put_bundle(self, bundle: HeldBundle) -> None:
        """Put a bundle in force by itself. Raises Refused for an older one."""
        with self._transaction() as connection:
            rows.put_bundle(connection, bundle)

    def bundle(self) -> HeldBundle | None:
        """The bundle in force, or None before the first."""
        with self._transaction() as connection:
            row = connection.execute(select(tables.bundle)).one_or_none()
        if row is None:
            return None
        digest = Digest(row.digest)
        return HeldBundle(row.incarnation, row.version, row.revocation_serial, digest, row.body)

    # -- evidence ------------------------------------------------------------------------------

    def add_attachment(self, attachment: Attachment) -> None:
        """Keep a piece of evidence; keeping the same again changes nothing."""
        with self._transaction() as connection:
            rows.keep_attachment(connection, attachment)

    def attachment(self, digest: Digest) -> Attachment | None:
        """The evidence of this digest; None when it was shredded or never kept."""
        with self._transaction() as connection:
            row = connection.execute(_ATTACHMENT, {"of": digest}).one_or_none()
        return None if row is None else rows.attachment(row)

    def unsent_attachments(self, limit: int = 100) -> tuple[Digest, ...]:
        """Evidence that is whole and was not handed to the spool yet."""
        here = tables.attachment.c
        query = select(here.digest).where(here.sent == 0, here.key.is_not(None)).limit(limit)
        with self._transaction() as connection:
            return tuple(map(Digest, connection.execute(query).scalars()))

    def mark_attachment_sent(self, digest: Digest) -> None:
        """The sealed attachment lies in the spool."""
        with self._transaction() as connection:
            connection.execute(_SENT, {"of": digest})

    def shred(self, digests: Iterable[Digest], at: UnixSeconds) -> int:
        """Destroy attachments and their keys, in the file and in its log. How many there were.

        The journal keeps the salted hashes, which tell nothing without the salt.
        """
        here = tables.attachment
        whole = here.c.digest.in_(sorted(digests)) & here.c.key.is_not(None)
        gone = {"key": None, "sealed": None, "shredded_at": int(at)}
        with self._transaction() as connection:
            done = connection.execute(update(here).where(whole).values(gone)).rowcount
        if done:
            with engine.faults():
                engine.empty_log(self._connection)
        return int(done)

    # -- what the district has -------------------------------------------------------------------

    def outbox(self, epoch: Epoch) -> Outbox | None:
        """How far an epoch has travelled; None for one that is not here."""
        with self._transaction() as connection:
            row = connection.execute(_OUTBOX, {"of": epoch}).one_or_none()
        return None if row is None else rows.outbox(row)

    def outboxes(self) -> tuple[Outbox, ...]:
        """How far every epoch that is here has travelled, oldest first."""
        with self._transaction() as connection:
            return tuple(map(rows.outbox, connection.execute(select(tables.outbox).order_by("epoch"))))

    def unsent(self, limit: int = 1_000) -> tuple[j.Entry, ...]:
        """Entries that are not sealed yet, of the oldest epoch that has any."""
        with self._transaction() as connection:
            for box in map(rows.outbox, connection.execute(select(tables.outbox).order_by("epoch"))):
                last = box.sealed + limit - 1
                if found := history.read(connection, box.epoch, box.sealed, last):
                    return found
        return ()

    def mark_sealed(self, epoch: Epoch, next_: int) -> None:
        """Entries before ``next_`` lie sealed in the spool. Raises Refused beyond the journal."""
        self._move(epoch, sealed=next_)

    def acknowledge(self, epoch: Epoch, next_: int, head: Digest, backed_up: int) -> None:
        """A signed checkpoint: the district has all before ``next_`` and a copy of all before ``backed_up``.

        The caller verified the signature. An older checkpoint takes nothing back. Raises Refused
        when ``head`` is not our own entry's hash: a fork, or a device that was rolled back, is never
        counted as acknowledged (M5).
        """
        with self._transaction() as connection:
            if history.head_before(connection, epoch, next_) != head:
                raise Refused("M5: the district names a head that is not in this journal")
            row = connection.execute(_OUTBOX, {"of": epoch}).one()
            known = max(next_, row.acknowledged)
            values = {"acknowledged": known, "sealed": max(known, row.sealed)}
            rows.set_outbox(connection, epoch, {**values, "backed_up": max(backed_up, row.backed_up)})

    def resend_from(self, epoch: Epoch, next_: int) -> None:
        """The district lost what it had (it was restored): everything from ``next_`` goes again."""
        box = self.outbox(epoch)
        backed_up = 0 if box is None else min(box.backed_up, next_)
        self._move(epoch, sealed=next_, acknowledged=next_, backed_up=backed_up)

    def epochs_before(self, epoch: Epoch) -> tuple[Epoch, ...]:
        """Older epochs that are still here."""
        here = tables.outbox.c.epoch
        with self._transaction() as connection:
            found = connection.execute(select(here).where(here < epoch).order_by(here)).scalars()
            return tuple(map(Epoch, found))

    def backed_up_before(self, epoch: Epoch) -> None:
        """The district has a backup of every older epoch to its end, on whatever branch it stood.

        The caller holds the proof: a checkpoint of ``epoch`` whose first entry, which names the old
        epoch's last one, is backed up.
        """
        here = tables.outbox.c.epoch < epoch
        end = select(func.max(tables.journal.c.sequence) + 1).where(tables.journal.c.epoch == tables.outbox.c.epoch)
        whole = {name: end.scalar_subquery() for name in ("sealed", "acknowledged", "backed_up")}
        with self._transaction() as connection:
            connection.execute(update(tables.outbox).where(here).values(whole))

    def purge_epochs_before(self, epoch: Epoch) -> int:
        """Let old epochs go, each whole; how many entries went.

        Raises Refused unless every one of them is backed up at the district (M5).
        """
        here = tables.journal
        with self._transaction() as connection:
            gone = connection.execute(delete(here).where(here.c.epoch < epoch)).rowcount
            connection.execute(delete(tables.outbox).where(tables.outbox.c.epoch < epoch))
        return int(gone)

    def _move(self, epoch: Epoch, **values: int) -> None:
        with self._transaction() as connection:
            rows.set_outbox(connection, epoch, values)

    # -- small things that must outlive a power cut -------------------------------------------------

    def keep(self, name: str, body: bytes) -> None:
        """Keep a small value under a name (last checkpoint, floor of time); the newest wins."""
        if len(body) > MAX_KEPT_BYTES:
            raise ValueError("too large to be kept beside the journal")
        with self._transaction() as connection:
            connection.execute(_KEEP, {"name": name, "body": body})
        self._kept[name] = body

    def kept(self, name: str) -> bytes | None:
        """What was kept under this name. Read once: the rules ask before each payout, and nobody else writes."""
        if name not in self._kept:
            with self._transaction() as connection:
                self._kept[name] = connection.execute(_KEPT, {"of": name}).scalar()
        return self._kept[name]


def _fill(path: Path, key: bytes, identity: Identity, epoch: Epoch, at: UnixSeconds, after: Behind) -> None:
    """Tables, identity and the first entry of a new file, then a clean close."""
    opened = j.EpochOpened(identity.area, identity.mode, *after)
    first = j.Entry(identity.device, epoch, names.Sequence(0), at, True, j.GENESIS, opened)
    made = engine.engine(path, key)
    try:
        with engine.faults(), made.begin() as connection:
            schema.upgrade(connection)
            row = {"one": 1, "area": identity.area, "device": identity.device, "mode": identity.mode.value}
            connection.execute(insert(tables.meta), row)
            connection.execute(insert(tables.journal), rows.entry_row(first))
            rows.open_outboxes(connection, [first])
    finally:
        made.dispose()


def _sync_folder(folder: Path) -> None:
    """Make a new name in the folder durable. Raises StoreLost."""
    try:
        durable.sync_folder(folder)
    except OSError as error:
        raise StoreLost("the disk failed") from error
