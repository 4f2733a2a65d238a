"""Leases that come back: rolled over when they end unpaid, or recalled from a device that then says so (plan §6, M1).

What was granted is granted again only once it is known what became of it. It is known when the holder's own journal
reaches an hour, or a bundle, from which on it cannot pay: entries follow one another without a gap, so a payout
before that point would be on record.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from agent_sync.district import ids
from agent_sync.district.database import chunks, insert_new
from agent_sync.district.errors import NotPermitted, Unknown
from agent_sync.district.schema import (
    bundle,
    chain,
    device,
    entitlement,
    entry,
    lease,
    lease_recall,
    payout,
    payout_line,
    person,
    recipient,
    stand_in,
)
from agent_sync.district.states import DeviceState, LeaseState, PayoutPhase
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId, DeviceId

LOOK_BACK = 64
"""Newest entries among which one with a proven hour is looked for."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a recall did, in leases."""

    back: int
    """Free at once: they never left the district."""
    asked: int
    """Free once the device's journal says that it holds a bundle without them."""
    handed_over: int
    """Given over by telephone: they stay where they are until they end."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """How far a device's journal has come: its newest proven hour, and the newest bundle it holds."""

    hour: int
    bundle: int


def give_back(connection: Connection, which: ColumnElement[bool]) -> int:
    """These leases pay nothing any more; how many."""
    return int(connection.execute(lease.update().where(which).values(state=LeaseState.RETURNED.value)).rowcount)


def known_unpaid(connection: Connection, area: AreaId) -> int:
    """Take back every lease that its holder did not pay and cannot pay any more; how many.

    Not those of a device that is revoked, forked or between two epochs, nor those under a payout that is not settled.
    """
    heard: dict[tuple[str, int], _Heard | None] = {}
    free: list[str] = []
    for row in connection.execute(_candidates(connection, area)).mappings():
        holder = (row["device"], row["epoch"])
        if holder not in heard:
            heard[holder] = _heard(connection, area, *holder, row["bundle_held"])
        if _is_over(row, heard[holder]):
            free.append(row["id"])
    return _give_back_by_id(connection, area, free)


def _is_over(row: Any, heard: _Heard | None) -> bool:
    if heard is None:
        return False
    return row["expires_at"] <= heard.hour or (row["after_version"] is not None and heard.bundle > row["after_version"])


def _candidates(connection: Connection, area: AreaId) -> Any:
    """Live leases that ended or were recalled, of devices that are where the district believes them to be."""
    now = ids.now(connection)
    at = (device.c.area == lease.c.area) & (device.c.id == lease.c.device) & (device.c.epoch == lease.c.epoch)
    asked = (lease_recall.c.area == lease.c.area) & (lease_recall.c.lease == lease.c.id)
    asked &= lease_recall.c.device == lease.c.device
    mine = (lease.c.area == area) & (lease.c.state == LeaseState.LIVE.value)
    mine &= (device.c.state == DeviceState.ACTIVE.value) & ~unsettled(area)
    mine &= (lease.c.expires_at <= now) | lease_recall.c.lease.is_not(None)
    columns = (lease.c.id, lease.c.device, lease.c.epoch, lease.c.expires_at, lease_recall.c.after_version)
    joined = lease.join(device, at).outerjoin(lease_recall, asked)
    return select(*columns, device.c.bundle_held).select_from(joined).where(mine)


def asked_back() -> ColumnElement[bool]:
    """Whether this lease was recalled from the device that holds it: no further bundle brings it there."""
    same = (lease_recall.c.area == lease.c.area) & (lease_recall.c.lease == lease.c.id)
    return select(lease_recall.c.lease).where(same & (lease_recall.c.device == lease.c.device)).exists()


def unsettled(area: AreaId) -> ColumnElement[bool]:
    """Whether a payout under this lease is open or uncertain: cash may have been handed over."""
    same = (payout.c.area == payout_line.c.area) & (payout.c.id == payout_line.c.payout)
    same &= (payout.c.hash == payout_line.c.hash) & (payout.c.month == payout_line.c.month)
    pending = payout.c.state.in_((PayoutPhase.OPEN.value, PayoutPhase.UNCERTAIN.value))
    mine = (payout_line.c.area == area) & (payout_line.c.entitlement == lease.c.entitlement)
    mine &= (payout_line.c.lease == lease.c.id) & pending
    return select(payout.c.id).select_from(payout_line.join(payout, same)).where(mine).exists()


def _heard(connection: Connection, area: AreaId, kit: str, epoch: int, held: int) -> _Heard | None:
    """None for a device that was ever seen on two branches: what it says proves nothing."""
    mine = (chain.c.area == area) & (chain.c.device == kit)
    if connection.execute(select(func.sum(chain.c.branches)).where(mine)).scalar():
        return None
    here = (entry.c.area == area) & (entry.c.device == kit) & (entry.c.epoch == epoch) & (entry.c.branch == 0)
    newest = select(entry.c.body).where(here).order_by(entry.c.sequence.desc()).limit(LOOK_BACK)
    said = (j.decode(body) for body in connection.execute(newest).scalars())
    hour = next((int(each.at) for each in said if each.time_proven), 0)
    # A clock that runs ahead of ours proves nothing: an order may set it back, and the lease with it.
    return _Heard(hour if hour <= ids.now(connection) else 0, held)


def recall(
    connection: Connection, area: AreaId, holder: DeviceId, numbers: Collection[str] = (), hamlets: Collection[str] = ()
) -> Recalled:
    """Ask an active device for its live leases back: all, or those of some people. Raises Unknown or NotPermitted.

    The next bundle is without them. They stay locked until the device says that it holds it (`known_unpaid`).
    """
    kit = _holder(connection, area, holder)
    rows = connection.execute(_held(area, holder, numbers, hamlets)).mappings().all()
    if not rows:
        raise Unknown(f"{holder} holds no such lease")
    mine = [row for row in rows if row["named"] != holder]
    built = _built_at(connection, area, holder)
    inside = [row["id"] for row in mine if built is None or row["granted_at"] > built]
    asked = [row["id"] for row in mine if row["id"] not in set(inside)]
    at = {"area": area, "device": holder, "after_version": kit["bundle_version"], "recalled_at": ids.now(connection)}
    insert_new(connection, lease_recall, [at | {"lease": each} for each in asked])
    return Recalled(_give_back_by_id(connection, area, inside), len(asked), len(rows) - len(mine))


def _holder(connection: Connection, area: AreaId, holder: DeviceId) -> Any:
    row = connection.execute(select(device).where(device.c.area == area, device.c.id == holder)).mappings().first()
    if row is None:
        raise Unknown(f"no device {holder} in area {area}")
    if row["state"] != DeviceState.ACTIVE.value:
        raise NotPermitted(f"device {holder} is {row['state']}: it gives nothing back (device leases-free)")
    return row


def _held(area: AreaId, holder: str, numbers: Collection[str], hamlets: Collection[str]) -> Any:
    owed = (entitlement.c.area == lease.c.area) & (entitlement.c.id == lease.c.entitlement)
    who = (person.c.area == entitlement.c.area) & (person.c.id == entitlement.c.recipient)
    where = (recipient.c.area == entitlement.c.area) & (recipient.c.person == entitlement.c.recipient)
    named = (stand_in.c.area == lease.c.area) & (stand_in.c.lease == lease.c.id)
    joined = lease.join(entitlement, owed).join(person, who).join(recipient, where).outerjoin(stand_in, named)
    mine = (lease.c.area == area) & (lease.c.device == holder) & (lease.c.state == LeaseState.LIVE.value)
    if numbers:
        mine &= person.c.number.in_(numbers)
    if hamlets:
        mine &= recipient.c.hamlet.in_(hamlets)
    columns = (lease.c.id, lease.c.granted_at, stand_in.c.stand_in.label("named"))
    return select(*columns).select_from(joined).where(mine).order_by(lease.c.id)


def _built_at(connection: Connection, area: AreaId, holder: str) -> int | None:
    found = select(bundle.c.built_at).where(bundle.c.area == area, bundle.c.device == holder)
    return connection.execute(found).scalar()


def _give_back_by_id(connection: Connection, area: AreaId, free: list[str]) -> int:
    return sum(give_back(connection, (lease.c.area == area) & lease.c.id.in_(chunk)) for chunk in chunks(sorted(free)))
