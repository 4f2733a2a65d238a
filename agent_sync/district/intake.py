"""Taking in what kits send: idempotent, in order, nothing refused that says where cash went (M6).

Opening and checking happen before the transaction; inside it the device's row is the lock, so any
number of processes may receive the same segment. One signature stands for a whole segment; both
branches of a fork are kept; what comes behind a gap waits; what cannot be read is set aside.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from agent_sync.api import FileAnswer, FileOutcome
from agent_sync.district import former_keys, ids
from agent_sync.district.cases import Case, CaseKind, open_cases
from agent_sync.district.database import Database, insert_new
from agent_sync.district.home import Home
from agent_sync.district.ids import short
from agent_sync.district.projection import Placed, Projection, month
from agent_sync.district.schema import case_table, chain, device, entry, poison, segment
from agent_sync.district.states import DeviceState, SegmentState
from kiosk.exchange import segment as segments
from kiosk.exchange.errors import BadBytes, ExchangeError, FaultKey, NotTrusted
from kiosk.exchange.keys import Opener, key_id, opener, seal_public
from kiosk.exchange.transport import Whole
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId, DeviceId

HOUR = 3_600
_WITH_SESSION = (j.SessionOpened, j.PayoutAuthorised, j.PayoutRefused, j.VisitUnpaid, j.StatementTaken)


@dataclass(frozen=True, slots=True)
class Opened:
    """A segment that was checked: its header, and its entries unless they could not be read."""

    data: bytes
    digest: str
    header: segments.SegmentHeader
    entries: tuple[Whole, ...]
    fault: str = ""


log = logging.getLogger("tannha.intake")


@dataclass(frozen=True, slots=True)
class Kit:
    """What intake must know of a device before it opens anything."""

    id: DeviceId
    signing_key: str
    epoch: int
    state: DeviceState
    past: tuple[former_keys.Change, ...]

    def key_of(self, epoch: int) -> bytes:
        """What signs this epoch: a kit that was enrolled again has other keys now."""
        return former_keys.key_at(self.signing_key, self.past, epoch)


class Intake:
    """Takes batches of segments of one device. Holds no state between batches."""

    def __init__(self, home: Home, database: Database) -> None:
        self._home = home
        self._database = database
        raw = [key.private_bytes_raw() for key in home.keys.intake]
        self._openers: dict[str, Opener] = {key_id(seal_public(each)): opener(each) for each in raw}

    def receive(self, device_id: DeviceId, files: Sequence[bytes]) -> tuple[FileAnswer, ...]:
        """Take a batch in one transaction; an answer for each file, in order."""
        kit = self.kit(device_id)
        if kit is None:
            return tuple(_answer(each, FileOutcome.REFUSED, "unknown_device") for each in files)
        checked = [self._check(kit, each) for each in files]
        good = [each for each in checked if isinstance(each, Opened)]
        outcomes = self._commit(kit, good) if good else {}
        return tuple(
            each if isinstance(each, FileAnswer) else FileAnswer(each.digest, *outcomes[each.digest])
            for each in checked
        )

    def kit(self, device_id: DeviceId) -> Kit | None:
        """An enrolled device of this area, or None. Revoked ones may still report (M6)."""
        with self._database.read() as connection:
            mine = (device.c.area == self._home.area) & (device.c.id == device_id)
            row = connection.execute(select(device).where(mine)).mappings().first()
            past = former_keys.changes(connection, self._home.area, device_id)
        if row is None or row["state"] == DeviceState.AWAITED.value:
            return None
        return Kit(device_id, row["signing_key"], row["epoch"], DeviceState(row["state"]), past)

    def _check(self, kit: Kit, data: bytes) -> Opened | FileAnswer:
        """Nothing is parsed beyond the header before the signature holds."""
        try:
            claimed = segments.peek(data)
            if claimed.area != self._home.area or claimed.device != kit.id:
                return _answer(data, FileOutcome.REFUSED, FaultKey.WRONG_DEVICE.value)
            header = segments.verify_segment(data, kit.key_of(claimed.epoch))
        except (BadBytes, NotTrusted) as error:
            return _answer(data, FileOutcome.REFUSED, error.key.value)
        digest = _digest(data)
        open_ = self._openers.get(header.recipient)
        if open_ is None:
            return Opened(data, digest, header, (), "unknown_intake_key")
        try:
            return Opened(data, digest, header, segments.open_whole(data, kit.key_of(header.epoch), open_))
        except ExchangeError as error:
            return Opened(data, digest, header, (), error.key.value)

    def _commit(self, kit: Kit, opened: list[Opened]) -> dict[str, tuple[FileOutcome, str]]:
        self._database.prepare_months(_months(opened))
        with self._database.write() as connection:
            batch = _Batch(self._home, self._database, connection, kit)
            outcomes: dict[str, tuple[FileOutcome, str]] = {}
            for each in opened:
                outcomes.setdefault(each.digest, batch.take(each))
            batch.finish(self._openers)
        return outcomes


class _Batch:
    """One transaction: the device is locked, its chains are advanced, facts are projected."""

    def __init__(self, home: Home, database: Database, connection: Connection, kit: Kit) -> None:
        self._area: AreaId = home.area
        self._connection = connection
        self._kit = kit
        self._projection = Projection(database, connection, home.area, home.settings.mode)
        self._chains: dict[int, _Chain] = {}
        mine = (device.c.area == self._area) & (device.c.id == kit.id)
        # The row lock of PostgreSQL; SQLite locked the file when the transaction began.
        connection.execute(update(device).where(mine).values(last_seen=ids.now(connection)))

    def take(self, opened: Opened) -> tuple[FileOutcome, str]:
        """One checked segment."""
        if opened.fault:
            return self._set_aside(opened)
        at = self._chain(opened.header.epoch)
        if self._seen(opened):
            return FileOutcome.DUPLICATE, ""
        if not self._joins(at, opened.header):
            self._keep(opened, SegmentState.WAITING)
            return FileOutcome.WAITING, f"gap before {opened.header.first}, next is {at.next}"
        if not self._past_is_here(opened.entries[0].entry.fact):
            self._keep(opened, SegmentState.WAITING)
            return FileOutcome.WAITING, "the epoch before is not here to its end"
        self._keep(opened, SegmentState.OPENED)
        return (FileOutcome.ACCEPTED, "") if self._advance(at, opened) else (FileOutcome.DUPLICATE, "")

    def finish(self, openers: dict[str, Opener]) -> None:
        """Segments that were waiting for these, then everything to the database."""
        for epoch in self._epochs_in_waiting():
            self._chain(epoch)
        for _, at in sorted(self._chains.items()):
            self._release_waiting(at, openers)
        for at in self._chains.values():
            at.save(self._connection, self._area, self._kit.id)
        self._projection.flush()

    # -- one chain -----------------------------------------------------------------------------

    def _advance(self, at: _Chain, opened: Opened) -> bool:
        """Append what is new; False when every entry was known."""
        first = opened.header.first
        known = self._known(at, first, opened.header.last + 1)
        split = _first_difference(opened.entries, first, known)
        if split is None:
            return False
        before = opened.entries[split - 1].hash if split else opened.header.previous_hash
        branch = self._branch(at, first + split, before)
        if branch == 0:
            self._both_alive(at)
            at.next, at.head = opened.header.last + 1, opened.header.head_hash
        elif branch > at.branches:
            at.branches = branch
            self._fork(at, opened, first + split)
        at.tips[opened.header.last, opened.header.head_hash] = branch
        fresh = [Placed(each.entry, each.hash, branch, each.body) for each in opened.entries[split:]]
        at.fresh.update((int(each.entry.sequence), each.hash) for each in fresh)
        self._projection.apply(fresh)
        return True

    def _branch(self, at: _Chain, sequence: int, before: str) -> int:
        """0 for the trunk's next entry, the branch whose tip this follows, or a new number."""
        if sequence == at.next and before == at.head:
            return 0
        found = at.tips.pop((sequence - 1, before), None)
        if found is None:
            found = self._stored_tip(at, sequence, before)
        return found or at.branches + 1

    def _stored_tip(self, at: _Chain, sequence: int, before: str) -> int | None:
        """The branch that ends with ``before``, if that entry is on record and nothing follows it."""
        mine = (entry.c.area == self._area) & (entry.c.device == self._kit.id) & (entry.c.epoch == at.epoch)
        place = mine & (entry.c.sequence == sequence - 1) & (entry.c.hash == before)
        row = self._connection.execute(select(entry.c.branch).where(place)).first()
        if row is None or row[0] == 0:
            return None
        after = mine & (entry.c.sequence == sequence) & (entry.c.branch == row[0])
        return None if self._connection.execute(select(entry.c.hash).where(after)).first() else int(row[0])

    def _joins(self, at: _Chain, header: segments.SegmentHeader) -> bool:
        """True when what comes before the segment is on record, or it starts inside the trunk."""
        before = int(header.first) - 1
        return header.first <= at.next or (before, str(header.previous_hash)) in self._known(at, before, header.first)

    def _past_is_here(self, first: j.Fact) -> bool:
        """A new epoch waits until the entry that it says it follows is on record, whatever branch that stands on.

        So its checkpoints speak for the old epoch too, even for a branch that no checkpoint names (M5).
        """
        if not isinstance(first, j.EpochOpened) or first.own_head == j.GENESIS:
            return True
        before = self._chains.get(first.own_epoch)
        if before is not None and any(digest == first.own_head for _, digest in before.fresh):
            return True
        mine = (entry.c.area == self._area) & (entry.c.device == self._kit.id) & (entry.c.epoch == first.own_epoch)
        found = select(entry.c.hash).where(mine & (entry.c.hash == first.own_head))
        return self._connection.execute(found).first() is not None

    def _epochs_in_waiting(self) -> list[int]:
        """Later epochs whose first segment waits, perhaps for what this batch brought."""
        mine = (segment.c.area == self._area) & (segment.c.device == self._kit.id)
        waits = mine & (segment.c.state == SegmentState.WAITING.value) & (segment.c.first == 0)
        return [int(row[0]) for row in self._connection.execute(select(segment.c.epoch).where(waits).distinct())]

    def _both_alive(self, at: _Chain) -> None:
        """The trunk grows although a branch was taken for a device put back: there are two of them."""
        mine = (case_table.c.area == self._area) & (case_table.c.device == self._kit.id)
        back = mine & (case_table.c.kind == CaseKind.ROLLED_BACK.value)
        if at.branches and self._connection.execute(select(case_table.c.id).where(back)).first() is not None:
            about, detail = f"{self._kit.id}/{at.epoch}/both", {"epoch": at.epoch, "sequence": at.next}
            self._projection.case(Case(CaseKind.FORK, about, self._kit.id, detail=detail))

    def _fork(self, at: _Chain, opened: Opened, sequence: int) -> None:
        at.fork_head = opened.header.head_hash
        facts = (each.entry.fact for each in opened.entries)
        opening = next((each for each in facts if isinstance(each, _WITH_SESSION)), None)
        session, operator = (opening.session, opening.operator) if opening else ("", "")
        detail = {"epoch": at.epoch, "sequence": sequence, "trunk": at.head, "branch": opened.header.head_hash}
        about = f"{self._kit.id}/{at.epoch}/{sequence}/{opened.header.head_hash}"
        started = isinstance(opened.entries[sequence - opened.header.first].entry.fact, j.DeviceStarted)
        kind = CaseKind.ROLLED_BACK if started else CaseKind.FORK
        self._projection.case(Case(kind, about, self._kit.id, short(session), short(operator, 40), detail=detail))

    def _release_waiting(self, at: _Chain, openers: dict[str, Opener]) -> None:
        mine = (segment.c.area == self._area) & (segment.c.device == self._kit.id) & (segment.c.epoch == at.epoch)
        waiting = mine & (segment.c.state == SegmentState.WAITING.value)
        while (ready := self._next_ready(at, waiting)) is not None:
            row = self._connection.execute(select(segment).where(waiting & ready)).mappings().one()
            state = self._release(at, dict(row), openers)
            if state is SegmentState.WAITING:
                return
            self._connection.execute(update(segment).where(waiting & ready).values(state=state.value))

    def _next_ready(self, at: _Chain, waiting: ColumnElement[bool]) -> ColumnElement[bool] | None:
        """A waiting segment that follows the trunk, or anything at all that this batch put on a branch."""
        places = select(segment.c.first, segment.c.previous, segment.c.digest).where(waiting).order_by(segment.c.first)
        found = self._connection.execute(places.where(segment.c.first <= at.next).limit(1)).first()
        if found is None and at.branches:
            rows = self._connection.execute(places)
            found = next((row for row in rows if (row.first - 1, row.previous) in at.fresh), None)
        return None if found is None else (segment.c.first == found[0]) & (segment.c.digest == found[2])

    def _release(self, at: _Chain, row: dict[str, Any], openers: dict[str, Opener]) -> SegmentState:
        header = segments.peek(row["data"])
        open_ = openers.get(header.recipient)
        if open_ is None:
            self._set_aside(Opened(row["data"], row["digest"], header, (), "unknown_intake_key"))
            return SegmentState.POISON
        entries = segments.open_whole(row["data"], self._kit.key_of(header.epoch), open_)
        if not self._past_is_here(entries[0].entry.fact):
            return SegmentState.WAITING
        self._advance(at, Opened(row["data"], row["digest"], header, entries))
        return SegmentState.OPENED

    def _chain(self, epoch: int) -> _Chain:
        if epoch not in self._chains:
            self._chains[epoch] = _Chain.load(self._connection, self._area, self._kit.id, epoch)
            if epoch > self._kit.epoch:
                about, detail = f"{self._kit.id}/{epoch}", {"epoch": epoch, "ordered": self._kit.epoch}
                self._projection.case(Case(CaseKind.UNKNOWN_EPOCH, about, self._kit.id, detail=detail))
        return self._chains[epoch]

    def _known(self, at: _Chain, first: int, end: int) -> set[tuple[int, str]]:
        """(sequence, hash) on record or in this batch within [first, end), every branch."""
        known = {each for each in at.fresh if first <= each[0] < end}
        mine = (entry.c.area == self._area) & (entry.c.device == self._kit.id) & (entry.c.epoch == at.epoch)
        span = (entry.c.sequence >= first) & (entry.c.sequence < end)
        rows = self._connection.execute(select(entry.c.sequence, entry.c.hash).where(mine & span))
        return known | {(row[0], row[1]) for row in rows}

    # -- the bytes -----------------------------------------------------------------------------

    def _seen(self, opened: Opened) -> bool:
        mine = (segment.c.area == self._area) & (segment.c.device == self._kit.id)
        same = mine & (segment.c.epoch == opened.header.epoch) & (segment.c.first == opened.header.first)
        found = select(segment.c.digest).where(same & (segment.c.digest == opened.digest))
        return self._connection.execute(found).first() is not None

    def _keep(self, opened: Opened, state: SegmentState) -> None:
        header = opened.header
        row = {
            "area": self._area, "device": self._kit.id, "epoch": header.epoch, "first": header.first,
            "last": header.last, "digest": opened.digest, "head": header.head_hash, "previous": header.previous_hash,
            "state": state.value, "received_at": ids.now(self._connection), "data": opened.data,
        }  # fmt: skip
        self._connection.execute(insert(segment).values(**row))

    def _set_aside(self, opened: Opened) -> tuple[FileOutcome, str]:
        row = {"area": self._area, "digest": opened.digest, "device": self._kit.id, "reason": opened.fault}
        insert_new(self._connection, poison, [row | {"received_at": ids.now(self._connection), "data": opened.data}])
        detail = {"first": opened.header.first, "last": opened.header.last, "reason": opened.fault}
        case = Case(CaseKind.POISON_SEGMENT, opened.digest, self._kit.id, detail=detail)
        open_cases(self._connection, self._area, [case])
        return FileOutcome.SET_ASIDE, opened.fault


@dataclass(slots=True)
class _Chain:
    """How far one epoch of one device has come."""

    epoch: int
    next: int
    head: str
    fork_head: str | None
    branches: int = 0
    is_new: bool = False
    fresh: set[tuple[int, str]] = field(default_factory=set)
    """(sequence, hash) of entries that this batch adds."""
    tips: dict[tuple[int, str], int] = field(default_factory=dict)
    """Where the branches that this batch adds to end."""

    @classmethod
    def load(cls, connection: Connection, area: AreaId, kit: str, epoch: int) -> _Chain:
        mine = (chain.c.area == area) & (chain.c.device == kit) & (chain.c.epoch == epoch)
        row = connection.execute(select(chain).where(mine)).mappings().first()
        if row is None:
            return cls(epoch, 0, j.GENESIS, None, is_new=True)
        return cls(epoch, row["next"], row["head"], row["fork_head"], branches=row["branches"])

    def save(self, connection: Connection, area: AreaId, kit: str) -> None:
        values: dict[str, Any] = {"next": self.next, "head": self.head, "fork_head": self.fork_head}
        values["branches"] = self.branches
        key = {"area": area, "device": kit, "epoch": self.epoch}
        if self.is_new:
            connection.execute(insert(chain).values(**key, **values, backed_up=0, opened_at=ids.now(connection)))
            return
        mine = (chain.c.area == area) & (chain.c.device == kit) & (chain.c.epoch == self.epoch)
        connection.execute(update(chain).where(mine).values(**values))


def _first_difference(entries: Sequence[Whole], first: int, known: set[tuple[int, str]]) -> int | None:
    """Offset of the first entry that is not on record; None when all are."""
    for offset, each in enumerate(entries):
        if (first + offset, each.hash) not in known:
            return offset
    return None


def _months(opened: Sequence[Opened]) -> set[int]:
    """The partitions that these entries lie in; an hour is no less exact than a second and much rarer."""
    hours = {each.entry.at // HOUR for one in opened for each in one.entries}
    return {month(hour * HOUR) for hour in hours}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _answer(data: bytes, outcome: FileOutcome, reason: str) -> FileAnswer:
    log.warning("%s: %s", outcome.value, reason)
    return FileAnswer(_digest(data), outcome, reason)
