"""A kit that was enrolled again under its old name: whose word counts up to which epoch.

The kit that comes has keys of its own and begins a new epoch. What the one before it had signed stays as it is;
in the new epoch its keys are worth nothing, and what it still sends of its own epochs is kept, asked about and
trusted with nothing, like the word of a revoked kit (M6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from agent_sync.district import ids
from agent_sync.district.schema import device, former_key, override_key
from agent_sync.district.states import DeviceState
from kiosk.exchange.bundle import DeviceCard
from kiosk.payout.names import AreaId, DeviceId, Digest, Epoch

TOLD_SECONDS = 183 * 86_400
"""How long a former key is told to the kits, so that receipts of half a year are checked on the road."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of keys: the new ones count from ``epoch`` on."""

    epoch: int
    at: int
    previous_epoch: int
    previous_head: str
    signing_key: str
    """Of the kit before, 64 hexadecimal digits."""


def changes(connection: Connection, area: AreaId, kit: str) -> tuple[Change, ...]:
    """Every change of a kit's keys, oldest first; none for one that was enrolled once."""
    here = former_key.c
    columns = (here.before_epoch, here.replaced_at, here.previous_epoch, here.previous_head, here.signing_key)
    mine = (here.area == area) & (here.device == kit)
    rows = connection.execute(select(*columns).where(mine).order_by(here.before_epoch))
    return tuple(Change(*row) for row in rows)


def newest(connection: Connection, area: AreaId) -> dict[str, tuple[int, int]]:
    """By kit that was enrolled again: the first epoch of its present keys, and when it got them."""
    found = select(former_key.c.device, func.max(former_key.c.before_epoch), func.max(former_key.c.replaced_at))
    rows = connection.execute(found.where(former_key.c.area == area).group_by(former_key.c.device))
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def cards(connection: Connection, area: AreaId) -> tuple[DeviceCard, ...]:
    """What kits are told of former keys: those replaced in the last half year, and that there were older ones."""
    here, home = former_key.c, (device.c.area == former_key.c.area) & (device.c.id == former_key.c.device)
    mine = (here.area == area) & (device.c.state == DeviceState.ACTIVE.value)
    found = select(here.device, here.before_epoch, here.signing_key, here.replaced_at).join(device, home).where(mine)
    since = ids.now(connection) - TOLD_SECONDS
    older: dict[str, DeviceCard] = {}
    newer: list[DeviceCard] = []
    for kit, before, key, at in connection.execute(found.order_by(here.device, here.before_epoch)):
        if at < since:
            older[kit] = DeviceCard(DeviceId(kit), "", before)
        else:
            newer.append(DeviceCard(DeviceId(kit), key, before))
    return (*older.values(), *newer)


def key_at(present: str, past: tuple[Change, ...], epoch: int) -> bytes:
    """The Ed25519 key that signs this epoch of a kit whose key of today is ``present``."""
    return bytes.fromhex(next((each.signing_key for each in past if epoch < each.epoch), present))


def signing_key(connection: Connection, area: AreaId, kit: DeviceId, epoch: int) -> bytes | None:
    """The key that signed an epoch; None for a kit that was never enrolled."""
    mine = (device.c.area == area) & (device.c.id == kit) & (device.c.state != DeviceState.AWAITED.value)
    present = connection.execute(select(device.c.signing_key).where(mine)).scalar()
    return None if present is None else key_at(present, changes(connection, area, kit), epoch)


def retire(connection: Connection, area: AreaId, row: dict[str, Any], epoch: Epoch, end: tuple[Epoch, Digest]) -> None:
    """Keep the keys of a device's row as former ones, before new ones take their place from ``epoch`` on."""
    kept = {"area": area, "device": row["id"], "before_epoch": epoch, "previous_epoch": end[0]}
    kept |= {"previous_head": end[1], "signing_key": row["signing_key"]}
    connection.execute(insert(former_key).values(**kept, replaced_at=ids.now(connection)))
    known = (override_key.c.area == area) & (override_key.c.device == row["id"])
    connection.execute(delete(override_key).where(known))
