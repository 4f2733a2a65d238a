"""The district's signed word on how far it has a kit's journal, and how far a backup has it (M5).

``backed_up`` is only ever what a finished backup covered; a kit may purge below it and nowhere else.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from agent_sync.district import ids, standing_data
from agent_sync.district.errors import Unknown
from agent_sync.district.home import Home
from agent_sync.district.schema import chain, device
from agent_sync.district.states import DeviceState
from kiosk.exchange.checkpoint import Checkpoint, sign_checkpoint
from kiosk.payout.journal import GENESIS
from kiosk.payout.names import DeviceId, Digest, Epoch, Sequence


def current(connection: Connection, home: Home, device_id: DeviceId, epoch: Epoch) -> bytes:
    """The signed checkpoint of one epoch of one kit. Raises Unknown for a kit that is not enrolled."""
    kit = (device.c.area == home.area) & (device.c.id == device_id) & (device.c.state != DeviceState.AWAITED.value)
    row = connection.execute(select(device.c.bundle_version).where(kit)).first()
    if row is None:
        raise Unknown(f"no enrolled device {device_id}")
    mine = (chain.c.area == home.area) & (chain.c.device == device_id) & (chain.c.epoch == epoch)
    at = connection.execute(select(chain.c.next, chain.c.head, chain.c.backed_up).where(mine)).first()
    reached, head, backed_up = (0, GENESIS, 0) if at is None else at
    checkpoint = Checkpoint(
        area=home.area, device=device_id, epoch=epoch,
        incarnation=standing_data.incarnation(connection, home.area), next=Sequence(reached), head=Digest(head),
        backed_up=Sequence(backed_up), time=ids.now(connection), bundle_version=row[0],
        revocation_serial=standing_data.revocation_serial(connection, home.area),
    )  # fmt: skip
    return sign_checkpoint(checkpoint, home.keys.signing.sign)
