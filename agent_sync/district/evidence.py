"""Attachments (chip files, faces, strokes): taken in, kept under a key each, shredded by that key.

An attachment is not signed; the journal's salted digest vouches for it. What does not open or does
not hash to its name is refused and changes nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from agent_sync.api import FileAnswer, FileOutcome
from agent_sync.district import ids
from agent_sync.district.cases import CaseState
from agent_sync.district.database import Database, insert_new
from agent_sync.district.home import Home
from agent_sync.district.schema import attachment, case_table
from kiosk.exchange import attachment as attachments
from kiosk.exchange.errors import ExchangeError, FaultKey
from kiosk.exchange.keys import Opener, key_id, opener, seal_public
from kiosk.payout.names import AreaId, DeviceId, Digest

EVIDENCE = tuple(
    kind.value
    for kind in attachments.AttachmentKind
    if kind not in (attachments.AttachmentKind.CODES, attachments.AttachmentKind.ESCROW)
)
"""What shows a person, and ends on a date."""


class EvidenceIntake:
    """Takes batches of attachments of one device. Holds no state between batches."""

    def __init__(self, home: Home, database: Database) -> None:
        self._home = home
        self._database = database
        raw = [key.private_bytes_raw() for key in home.keys.intake]
        self._openers: dict[str, Opener] = {key_id(seal_public(each)): opener(each) for each in raw}

    def receive(self, device_id: DeviceId, files: Sequence[bytes]) -> tuple[FileAnswer, ...]:
        """Keep a batch in one transaction; an answer for each file, in order."""
        opened = [self._open(device_id, each) for each in files]
        with self._database.write() as connection:
            return tuple(
                self._keep(connection, device_id, data, item) for data, item in zip(files, opened, strict=True)
            )

    def _open(self, device_id: DeviceId, data: bytes) -> attachments.Attachment | FaultKey:
        try:
            header = attachments.peek_attachment(data)
            if header.area != self._home.area or header.device != device_id:
                return FaultKey.WRONG_DEVICE
            open_ = self._openers.get(header.recipient)
            return FaultKey.NOT_OPENED if open_ is None else attachments.open_attachment(data, open_)
        except ExchangeError as error:
            return error.key

    def _keep(
        self, connection: Connection, device_id: DeviceId, data: bytes, item: attachments.Attachment | FaultKey
    ) -> FileAnswer:
        digest = hashlib.sha256(data).hexdigest()
        if isinstance(item, FaultKey):
            return FileAnswer(digest, FileOutcome.REFUSED, item.value)
        key = secrets.token_bytes(32)
        row: dict[str, Any] = {"area": self._home.area, "digest": item.digest, "kind": item.kind.value}
        row |= {"device": device_id, "received_at": ids.now(connection), "data": attachments.lock(item, key)}
        row |= {"key": key.hex(), "shredded_at": None}
        new = insert_new(connection, attachment, [row])
        return FileAnswer(digest, FileOutcome.ACCEPTED if new else FileOutcome.DUPLICATE)


def find(connection: Connection, area: AreaId, digest: str) -> attachments.Attachment | None:
    """An attachment in the clear; None when it never came or was shredded."""
    found = select(attachment).where(attachment.c.area == area, attachment.c.digest == digest)
    row = connection.execute(found).mappings().first()
    if row is None or row["key"] is None:
        return None
    kind = attachments.AttachmentKind(row["kind"])
    return attachments.unlock(row["data"], bytes.fromhex(row["key"]), kind, Digest(row["digest"]))


def was_shredded(connection: Connection, area: AreaId, digest: str) -> bool:
    """True when an attachment was here and its time is over."""
    found = select(attachment.c.shredded_at).where(attachment.c.area == area, attachment.c.digest == digest)
    return connection.execute(found).scalar() is not None


def shred_before(connection: Connection, area: AreaId, before: int) -> int:
    """Destroy keys and contents of evidence that came before an hour; digests stay in the journal. How many.

    Evidence of a device with an open case waits until a person has settled it; codes and escrow are no evidence.
    """
    asked = select(case_table.c.device).where(case_table.c.area == area, case_table.c.state == CaseState.OPEN.value)
    here = attachment.c
    due = (here.area == area) & (here.received_at < before) & here.key.is_not(None) & here.kind.in_(EVIDENCE)
    values = {"key": None, "data": None, "shredded_at": ids.now(connection)}
    return int(connection.execute(update(attachment).where(due & here.device.not_in(asked)).values(**values)).rowcount)
