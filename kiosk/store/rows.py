"""Values of the domain as rows, and the small writes that several calls share."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, insert, update
from sqlalchemy.dialects.sqlite import insert as upsert

from kiosk.exchange.attachment import Attachment, AttachmentKind, lock, unlock
from kiosk.exchange.errors import ExchangeError
from kiosk.payout import journal as j
from kiosk.payout.names import Digest, Epoch, Sequence
from kiosk.store import tables
from kiosk.store.errors import Broken, Refused
from kiosk.store.values import HeldBundle, Outbox


def entry_row(entry: j.Entry) -> dict[str, object]:
    """A journal row: the canonical bytes, and the columns that the triggers look at."""
    encoded = j.encode(entry)
    return {
        "epoch": int(entry.epoch),
        "sequence": int(entry.sequence),
        "at": int(entry.at),
        "fact": entry.fact.TAG,
        "previous": entry.previous,
        "hash": j.hash_of(encoded),
        "entry": encoded,
    }


_KEEP_ATTACHMENT = upsert(tables.attachment).on_conflict_do_nothing()


def keep_attachment(connection: Connection, attachment: Attachment) -> None:
    """An attachment that nobody has sent yet, under a key of its own; the same again changes nothing."""
    key = secrets.token_bytes(32)
    row = {
        "digest": attachment.digest,
        "kind": attachment.kind.value,
        "key": key,
        "sealed": lock(attachment, key),
        "sent": 0,
        "shredded_at": None,
    }
    connection.execute(_KEEP_ATTACHMENT, row)


def attachment(row: Row[Any]) -> Attachment | None:
    """The attachment of a row; None once it was shredded. Raises Broken."""
    if row.key is None:
        return None
    try:
        return unlock(row.sealed, row.key, AttachmentKind(row.kind), Digest(row.digest))
    except (ExchangeError, ValueError) as error:
        raise Broken("an attachment is not what its row says") from error


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
