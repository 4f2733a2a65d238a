"""Values of the domain as rows, and the small writes that several calls share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, insert, update
from sqlalchemy.dialects.sqlite import insert as upsert

from kiosk.payout import journal as j
from kiosk.payout.names import Epoch, Sequence
from kiosk.store import tables
from kiosk.store.errors import Refused
from kiosk.store.values import Attachment, HeldBundle, Outbox


def entry_row(entry: j.Entry) -> dict[str, object]:
    """A journal row: the canonical bytes, and the columns that the triggers look at."""
    return {
        "epoch": int(entry.epoch),
        "sequence": int(entry.sequence),
        "at": int(entry.at),
        "fact": entry.fact.TAG,
        "previous": entry.previous,
        "hash": entry.hash,
        "entry": j.encode(entry),
    }


def attachment_row(attachment: Attachment) -> dict[str, object]:
    """An attachment that nobody has sent yet."""
    return {
        "digest": attachment.digest,
        "kind": attachment.kind.value,
        "salt": attachment.salt,
        "content": attachment.content,
        "sent": 0,
        "shredded_at": None,
    }


def put_bundle(connection: Connection, bundle: HeldBundle) -> None:
    """The one bundle in force; a trigger refuses an older one."""
    values = {
        "incarnation": bundle.incarnation,
        "version": bundle.version,
        "revocation_serial": bundle.revocation_serial,
        "digest": bundle.digest,
        "body": bundle.body,
    }
    row = upsert(tables.bundle).values(one=1, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["one"], set_=values))


def open_outboxes(connection: Connection, entries: Iterable[j.Entry]) -> None:
    """A new epoch starts with nothing sent."""
    for each in entries:
        if isinstance(each.fact, j.EpochOpened):
            row = {"epoch": int(each.epoch), "sealed": 0, "acknowledged": 0, "backed_up": 0}
            connection.execute(insert(tables.outbox), row)


def set_outbox(connection: Connection, epoch: Epoch, values: Mapping[str, int]) -> None:
    """Move the marks of an epoch. Raises Refused for an epoch that is not here."""
    here = tables.outbox
    done = connection.execute(update(here).where(here.c.epoch == epoch).values(dict(values)))
    if done.rowcount != 1:
        raise Refused("no such epoch in this store")


def outbox(row: Row[Any]) -> Outbox:
    """A row of the table as a value."""
    marks = (Sequence(row.sealed), Sequence(row.acknowledged), Sequence(row.backed_up))
    return Outbox(Epoch(row.epoch), *marks)
