"""Granting the right to pay: each cash entitlement to exactly one device, once (plan §6, M1).

The partial unique index of `schema.lease` is the gate: a second live lease cannot be written, by
whatever process. Sums are copied from the entitlement and never edited (M7).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from agent_sync.district import ids, standing_data
from agent_sync.district.database import insert_new
from agent_sync.district.errors import NotPermitted, Unknown
from agent_sync.district.schema import claim, device, entitlement, lease, recipient
from agent_sync.district.states import DeviceState, LeaseState
from kiosk.payout.names import AreaId, DeviceId, Method, Period, UnixSeconds, Vnd

NONCE_BYTES = 16
DEFAULT_DAYS = 31


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entitlements are to be granted: everything open up to ``period``, of some hamlets."""

    period: Period
    hamlets: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    only_period: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """How many leases were written, and how many entitlements had one already."""

    granted: int
    already: int
    total: Vnd


def grant(
    connection: Connection, area: AreaId, to: DeviceId, wanted: Wanted, expires_at: UnixSeconds, by: str
) -> Granted:
    """Lease what is wanted to one active device. Raises Unknown or NotPermitted."""
    kit = _active(connection, area, to)
    _only_if_all_reported(connection, area)
    owed = _open_entitlements(area, wanted)
    if standing_data.incarnation(connection, area) > 1:
        # The restore may have lost the very lease under which a kit has paid: its claim stands instead.
        paid = (claim.c.area == area) & (claim.c.entitlement == entitlement.c.id)
        owed = owed.where(~select(claim.c.entitlement).where(paid).exists())
    rows = list(connection.execute(owed).mappings())
    leases = [_lease_row(area, kit, dict(row), expires_at, by) for row in rows]
    written = [each for each in leases if insert_new(connection, lease, [each])]
    total = Vnd(sum(each["amount"] for each in written))
    return Granted(len(written), len(leases) - len(written), total)


def recall(connection: Connection, area: AreaId, lease_id: str) -> None:
    """Take back a lease whose outcome is known to be unpaid. Raises Unknown.

    Only for leases of a device that has reported since; reassigning a silent holder's lease is a
    decision of two officers and not this function.
    """
    mine = (lease.c.area == area) & (lease.c.id == lease_id) & (lease.c.state == LeaseState.LIVE.value)
    if connection.execute(lease.update().where(mine).values(state=LeaseState.RETURNED.value)).rowcount != 1:
        raise Unknown(f"no live lease {lease_id}")


def unreported(connection: Connection, area: AreaId) -> list[str]:
    """Active devices that have not spoken since the district was restored (plan §5).

    All of them: a device without a lease on record may hold one that was granted after the backup. It
    has reported once its journal accepts a bundle of this life, which ends every lease of an earlier one.
    """
    current = standing_data.incarnation(connection, area)
    mine = (device.c.area == area) & (device.c.state == DeviceState.ACTIVE.value)
    found = select(device.c.id).where(mine, device.c.reported_incarnation < current).order_by(device.c.id)
    return [str(row[0]) for row in connection.execute(found)]


def _only_if_all_reported(connection: Connection, area: AreaId) -> None:
    if standing_data.incarnation(connection, area) == 1:
        return
    silent = unreported(connection, area)
    if silent:
        raise NotPermitted(f"restored from a backup: these devices must report first: {', '.join(silent[:5])}")


def _active(connection: Connection, area: AreaId, to: DeviceId) -> dict[str, Any]:
    found = select(device).where(device.c.area == area, device.c.id == to)
    row = connection.execute(found).mappings().first()
    if row is None:
        raise Unknown(f"no device {to} in area {area}")
    if row["state"] != DeviceState.ACTIVE.value:
        raise NotPermitted(f"device {to} is {row['state']}: it cannot hold leases")
    return dict(row)


def _open_entitlements(area: AreaId, wanted: Wanted) -> Any:
    """Cash, not held, recipient alive; whether a lease exists is for the index to say."""
    at = (recipient.c.area == entitlement.c.area) & (recipient.c.person == entitlement.c.recipient)
    mine = (entitlement.c.area == area) & (entitlement.c.method == Method.CASH.value) & entitlement.c.held.is_(False)
    until = str(wanted.period)
    due = entitlement.c.period == until if wanted.only_period else entitlement.c.period <= until
    chosen = mine & due & recipient.c.deceased_on.is_(None)
    if wanted.hamlets:
        chosen &= recipient.c.hamlet.in_(wanted.hamlets)
    if wanted.communes:
        chosen &= recipient.c.commune.in_(wanted.communes)
    return select(entitlement.c.id, entitlement.c.amount).select_from(entitlement.join(recipient, at)).where(chosen)


def _lease_row(area: AreaId, kit: dict[str, Any], owed: dict[str, Any], expires_at: int, by: str) -> dict[str, Any]:
    return {
        "area": area, "id": ids.new_lease(), "entitlement": owed["id"], "device": kit["id"], "epoch": kit["epoch"],
        "amount": owed["amount"], "nonce": secrets.token_hex(NONCE_BYTES), "expires_at": expires_at,
        "granted_at": ids.now(), "granted_by": by, "state": LeaseState.LIVE.value,
    }  # fmt: skip
