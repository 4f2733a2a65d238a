"""Reading the journal back: entries, the standing at sign-in, and the whole chain on demand.

At sign-in the snapshot spares most of the folding; what follows it is decoded, its chain checked
and folded. Whatever does not fit is Broken: the kiosk does not pay from a journal it cannot explain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from kiosk.payout import journal as j
from kiosk.payout.canonical import EncodingFault
from kiosk.payout.names import Digest, Epoch, PayoutId
from kiosk.payout.standing import ImpossibleFact, PayoutState, Standing, stand
from kiosk.store import codec, tables
from kiosk.store.errors import Broken

_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the snapshot tables hold now, to know what the next one must write."""

    epoch: Epoch | None = None
    next: int = 0
    payouts: dict[PayoutId, PayoutState] = field(default_factory=dict)


_ALL = tables.journal.c
_SPAN = (
    select(tables.journal)
    .where(_ALL.epoch == bindparam("of"), _ALL.sequence.between(bindparam("low"), bindparam("high")))
    .order_by(_ALL.sequence)
)
_LAST = 2**63 - 1
"""SQLite's largest integer: no sequence reaches it."""


def read(connection: Connection, epoch: Epoch, first: int, last: int | None) -> tuple[j.Entry, ...]:
    """Decoded entries of one epoch, in order. Raises Broken."""
    span = {"of": epoch, "low": first, "high": _LAST if last is None else last}
    return tuple(map(_entry, connection.execute(_SPAN, span)))


def head_before(connection: Connection, epoch: Epoch, next_: int) -> Digest | None:
    """Hash of the entry before ``next_``; GENESIS before the first; None when it is not here."""
    if next_ == 0:
        return j.GENESIS
    here = tables.journal.c
    query = select(here.hash).where(here.epoch == epoch, here.sequence == next_ - 1)
    found = connection.execute(query).scalar()
    return None if found is None else Digest(found)


def _entry(row: Row[Any]) -> j.Entry:
    """Decode a row and compare it with its own columns."""
    where = f"{row.epoch}-{row.sequence}"
    try:
        entry = j.decode(row.entry)
    except EncodingFault as error:
        raise Broken(f"entry {where} cannot be read: {error}") from error
    columns = (entry.epoch, entry.sequence, entry.at, entry.previous, j.hash_of(row.entry), entry.fact.TAG)
    if columns != (row.epoch, row.sequence, row.at, row.previous, row.hash, row.fact):
        raise Broken(f"entry {where} is not what its row says")
    return entry


def walk(connection: Connection) -> tuple[int, Standing]:
    """Check and fold the whole journal. The number of entries and the standing. Raises Broken."""
    here = tables.journal.c
    query = select(tables.journal).order_by(here.epoch, here.sequence)
    result = connection.execute(query.execution_options(yield_per=_CHUNK))
    return _fold((map(_entry, rows) for rows in result.partitions(_CHUNK)), None)


def _fold(chunks: Iterable[Iterable[j.Entry]], start: Standing | None) -> tuple[int, Standing]:
    count, standing = 0, start
    try:
        for chunk in chunks:
            entries = tuple(chunk)
            standing, count = stand(entries, standing), count + len(entries)
    except (ImpossibleFact, j.BrokenChain) as error:
        raise Broken(f"the journal does not follow: {error}") from error
    if standing is None:
        raise Broken("the journal is empty")
    return count, standing


def load(connection: Connection) -> tuple[Snapshot, Standing]:
    """The standing at the end of the journal, from the snapshot where there is a fitting one."""
    known = _restore(connection)
    if known is None:
        return Snapshot(), walk(connection)[1]
    here = tables.journal.c
    later = (here.epoch > known.epoch) | ((here.epoch == known.epoch) & (here.sequence >= known.next_sequence))
    query = select(tables.journal).where(later).order_by(here.epoch, here.sequence)
    rows = connection.execute(query.execution_options(yield_per=_CHUNK))
    held = Snapshot(known.epoch, known.next_sequence, known.payouts)
    return held, _fold(_chunks(rows.partitions(_CHUNK)), known)[1]


def _chunks(partitions: Iterator[Sequence[Row[Any]]]) -> Iterator[Iterable[j.Entry]]:
    return (map(_entry, rows) for rows in partitions)


def _restore(connection: Connection) -> Standing | None:
    """The snapshot, if this very code made it and its head is the entry that lies below it."""
    row = connection.execute(select(tables.snapshot)).one_or_none()
    if row is None or row.fold != codec.fold():
        return None
    below = read(connection, row.epoch, row.next - 1, row.next - 1)
    if not below or below[0].hash != row.head:
        raise Broken("the snapshot does not stand on this journal")
    bodies = select(tables.snapshot_payout.c.state).order_by("position")
    standing = codec.restore(row.rest, codec.payouts(connection.execute(bodies).scalars()))
    if (standing.epoch, standing.next_sequence, standing.head) != (row.epoch, row.next, row.head):
        raise Broken("the snapshot is not what its row says")
    return standing


def due(held: Snapshot, standing: Standing, every: int) -> bool:
    """True when so many entries would have to be folded again at the next sign-in."""
    behind = held.next if held.epoch == standing.epoch else 0
    return standing.next_sequence - behind >= every


def save(connection: Connection, held: Snapshot, standing: Standing) -> Snapshot:
    """Write what changed since ``held``, within the caller's transaction."""
    if held.epoch != standing.epoch or not standing.payouts.keys() >= held.payouts.keys():
        connection.execute(delete(tables.snapshot_payout))
        held = Snapshot()
    changed = [
        {"position": position, "payout": state.id, "state": codec.payout_row(state)}
        for position, state in enumerate(standing.payouts.values())
        if held.payouts.get(state.id) is not state
    ]
    if changed:
        row = upsert(tables.snapshot_payout)
        same = row.on_conflict_do_update(index_elements=["position"], set_={"state": row.excluded.state})
        connection.execute(same, changed)
    _save_rest(connection, standing)
    return Snapshot(standing.epoch, standing.next_sequence, standing.payouts)


def _save_rest(connection: Connection, standing: Standing) -> None:
    values = {
        "epoch": int(standing.epoch),
        "next": int(standing.next_sequence),
        "head": standing.head,
        "fold": codec.fold(),
        "rest": codec.rest(standing),
    }
    row = upsert(tables.snapshot).values(one=1, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["one"], set_=values))
