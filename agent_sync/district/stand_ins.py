"""Who may take a lease over by telephone, and what became of it (plan §6).

One stand-in a lease. The holder's bundle carries the secret, the stand-in's what checks the code and nobody's data.
Once the holder gave a lease over, or the stand-in took it, the lease is the stand-in's: it stays live, keeps its
expiry, and is granted to nobody else.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from agent_sync.district.returned import asked_back
from agent_sync.district.schema import device, lease, stand_in
from agent_sync.district.states import LeaseState
from kiosk.exchange.bundle import LeaseSecret, StandIn
from kiosk.payout.names import AreaId, DeviceId, Digest, Epoch, LeaseId, UnixSeconds


def _still_held(area: AreaId) -> Any:
    """Named leases that lie with their holder yet."""
    same = (lease.c.area == stand_in.c.area) & (lease.c.id == stand_in.c.lease)
    held = (lease.c.device == stand_in.c.holder) & (lease.c.state == LeaseState.LIVE.value) & ~asked_back()
    return select(stand_in).select_from(stand_in.join(lease, same)).where(stand_in.c.area == area, held)


def secrets_of(connection: Connection, area: AreaId, holder: str) -> tuple[LeaseSecret, ...]:
    """What lets this holder say the codes of its leases."""
    found = _still_held(area).where(stand_in.c.holder == holder).order_by(stand_in.c.lease)
    rows = connection.execute(found).mappings()
    return tuple(LeaseSecret(LeaseId(row["lease"]), row["secret"], DeviceId(row["stand_in"])) for row in rows)


def offered_to(connection: Connection, area: AreaId, kit: str, now: UnixSeconds) -> tuple[StandIn, ...]:
    """What this device could take over, as long as it is not expired."""
    found = _still_held(area).where(stand_in.c.stand_in == kit, lease.c.expires_at > now).order_by(stand_in.c.lease)
    return tuple(
        StandIn(
            LeaseId(row["lease"]), DeviceId(row["holder"]), Digest(row["number_hash"]), row["code_hash"], row["record"]
        )
        for row in connection.execute(found).mappings()
    )


def named_for(connection: Connection, area: AreaId, lease_id: str) -> tuple[DeviceId, Epoch] | None:
    """The stand-in of a lease and the epoch it is in, or None when none was named."""
    same = (device.c.area == stand_in.c.area) & (device.c.id == stand_in.c.stand_in)
    mine = (stand_in.c.area == area) & (stand_in.c.lease == lease_id)
    found = select(stand_in.c.stand_in, device.c.epoch).select_from(stand_in.join(device, same)).where(mine)
    row = connection.execute(found).first()
    return None if row is None else (DeviceId(row[0]), Epoch(row[1]))


def hand_over(connection: Connection, area: AreaId, lease_id: str, to: tuple[DeviceId, Epoch]) -> None:
    """The lease is the stand-in's from here on. Nothing happens to one that is not live."""
    mine = (lease.c.area == area) & (lease.c.id == lease_id) & (lease.c.state == LeaseState.LIVE.value)
    connection.execute(update(lease).where(mine).values(device=to[0], epoch=to[1]))
