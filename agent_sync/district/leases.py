"""Granting the right to pay: each cash entitlement to exactly one device, once (plan §6, M1).

The partial unique index of `schema.lease` is the gate: a second live lease cannot be written, by
whatever process. Sums are copied from the entitlement and never edited (M7).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, func, select

from agent_sync.district import ids, orders, rests, returned, standing_data
from agent_sync.district.cases import Case, CaseKind, open_cases
from agent_sync.district.database import insert_new
from agent_sync.district.errors import BadInput, NotPermitted, Unknown
from agent_sync.district.schema import chain, claim, device, entitlement, lease, payee, person, recipient
from agent_sync.district.states import DeviceState, LeaseState
from kiosk.payout import journal as j
from kiosk.payout.names import (
    MAX_AMOUNT,
    AreaId,
    CitizenNumber,
    DeviceId,
    Kind,
    Method,
    Period,
    Programme,
    Role,
    UnixSeconds,
    Vnd,
)
from kiosk.payout.paylist import Policy

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
    rolled_over: int = 0
    """Leases that ended unpaid, or were recalled, and came back before."""
    locked: int = 0
    """Leases that ended, of devices that have not been heard since: what became of them is not known."""


def grant(
    connection: Connection, area: AreaId, to: DeviceId, wanted: Wanted, expires_at: UnixSeconds, by: str
) -> Granted:
    """Lease what is wanted to one active device, after taking back what is known to be unpaid (a roll-over).

    Raises Unknown or NotPermitted.
    """
    kit = active(connection, area, to)
    _only_if_all_reported(connection, area)
    rolled_over = returned.known_unpaid(connection, area)
    rests.make_due(connection, area)
    owed = _open_entitlements(area, wanted)
    if standing_data.incarnation(connection, area) > 1:
        # The restore may have lost the very lease under which a kit has paid: its claim stands instead.
        owed = owed.where(~_claimed(area, entitlement.c.id))
    rows = list(connection.execute(owed).mappings())
    given = {"expires_at": expires_at, "granted_at": ids.now(connection), "granted_by": by}
    leases = [_lease_row(area, kit, dict(row), given) for row in rows]
    written = [each for each in leases if insert_new(connection, lease, [each])]
    total = Vnd(sum(each["amount"] for each in written))
    return Granted(len(written), len(leases) - len(written), total, rolled_over, _locked(connection, area))


def _locked(connection: Connection, area: AreaId) -> int:
    mine = (lease.c.area == area) & (lease.c.state == LeaseState.LIVE.value)
    ended = select(func.count()).select_from(lease).where(mine & (lease.c.expires_at <= ids.now(connection)))
    return int(connection.execute(ended).scalar_one())


@dataclass(frozen=True, slots=True)
class Owed:
    """One entitlement, as an officer names it."""

    number: CitizenNumber
    programme: Programme
    period: Period
    kind: Kind


def correct_sum(connection: Connection, area: AreaId, owed: Owed, amount: Vnd) -> None:
    """Put a wrong sum right while no device holds it (M7: recall, then grant again). Raises the three of `errors`."""
    if not 0 < amount <= MAX_AMOUNT:
        raise BadInput(f"a sum is 1 to {MAX_AMOUNT} đ")
    who = select(person.c.id).where(person.c.area == area, person.c.number == owed.number).scalar_subquery()
    mine = (entitlement.c.area == area) & (entitlement.c.recipient == who) & (entitlement.c.kind == owed.kind.value)
    mine &= (entitlement.c.programme == owed.programme.value) & (entitlement.c.period == str(owed.period))
    found = connection.execute(select(entitlement.c.id).where(mine)).scalar()
    if found is None:
        raise Unknown("no such entitlement is on record")
    returned.known_unpaid(connection, area)
    states = (LeaseState.LIVE.value, LeaseState.SPENT.value)
    bound = (lease.c.area == area) & (lease.c.entitlement == found) & lease.c.state.in_(states)
    paid = (claim.c.area == area) & (claim.c.entitlement == found)
    if connection.execute(select(lease.c.id).where(bound).union(select(claim.c.payout).where(paid))).first():
        raise NotPermitted("this sum is leased or paid: recall it first, or enter a difference")
    connection.execute(entitlement.update().where(mine).values(amount=amount))


def after_epoch(connection: Connection, area: AreaId, opened: j.Entry, fact: j.EpochOpened) -> None:
    """What becomes of the leases of the epochs before: free when all that the device did is known, locked otherwise.

    All is known when it follows the very head that the district has, and nothing else was ever sent under its
    name. After a rollback or a fork what the lost branch paid is not known: its leases stay locked.
    """
    here = (chain.c.area == area) & (chain.c.device == opened.device) & (chain.c.epoch < opened.epoch)
    branches = connection.execute(select(func.sum(chain.c.branches)).where(here)).scalar()
    at = here & (chain.c.epoch == fact.own_epoch)
    head = connection.execute(select(chain.c.head).where(at)).scalar()
    if head is not None and head == fact.own_head == fact.previous_head and not branches:
        returned.give_back(connection, _old_leases(area, opened.device, opened.epoch))


def reissue(
    connection: Connection, area: AreaId, to: DeviceId, expires_at: UnixSeconds, by: str, second: str | None
) -> Granted:
    """Grant again, in the device's new epoch, what it left unpaid in older ones. Raises Unknown or NotPermitted.

    Leases that expired longer ago than the grace come back by themselves. The others only when ``second``,
    another officer, shares the decision: what was lost with the old epoch may have paid them already.
    """
    kit = active(connection, area, to)
    if orders.reported_epoch(connection, area, to) != kit["epoch"]:
        raise NotPermitted(f"device {to} has not opened its new epoch yet: what it did before is not all here")
    chosen = _old_leases(area, to, kit["epoch"]) & ~_claimed(area, lease.c.entitlement)
    if second is None:
        chosen &= lease.c.expires_at + Policy().lease_grace_seconds < ids.now(connection)
    owed = select(lease.c.entitlement.label("id"), lease.c.amount).where(chosen)
    given = {"expires_at": expires_at, "granted_at": ids.now(connection), "granted_by": by}
    rows = [_lease_row(area, kit, dict(row), given) for row in connection.execute(owed).mappings()]
    returned.give_back(connection, chosen)
    written = [each for each in rows if insert_new(connection, lease, [each])]
    if second is not None and written:
        open_cases(connection, area, [_accepted_risk(kit, written, by, second)])
    return Granted(len(written), len(rows) - len(written), Vnd(sum(each["amount"] for each in written)))


def free(connection: Connection, area: AreaId, lost: DeviceId, by: str, second: str) -> Granted:
    """Let others pay what a device left that nobody hears of: two officers share the risk, and it is on record.

    Only leases that ended longer ago than the grace: before, the device itself could still pay them. ``granted`` is
    how many came free, ``already`` how many are locked still. Raises Unknown.
    """
    kit = _known(connection, area, lost)
    mine = (lease.c.area == area) & (lease.c.device == lost) & (lease.c.state == LeaseState.LIVE.value)
    ended = lease.c.expires_at + Policy().lease_grace_seconds < ids.now(connection)
    chosen = mine & ended & ~_claimed(area, lease.c.entitlement) & ~returned.unsettled(area)
    rows = [dict(row) for row in connection.execute(select(lease).where(chosen).order_by(lease.c.id)).mappings()]
    returned.give_back(connection, chosen)
    if rows:
        open_cases(connection, area, [_accepted_risk(kit, rows, by, second)])
    locked = connection.execute(select(func.count()).select_from(lease).where(mine)).scalar_one()
    return Granted(len(rows), int(locked), Vnd(sum(row["amount"] for row in rows)))


def _accepted_risk(kit: dict[str, Any], written: list[dict[str, Any]], by: str, second: str) -> Case:
    about = f"{kit['id']}/{kit['epoch']}/{written[0]['id']}"
    detail = {"leases": len(written), "amount_vnd": sum(each["amount"] for each in written), "officers": [by, second]}
    return Case(CaseKind.ACCEPTED_RISK, about, kit["id"], detail=detail)


def _old_leases(area: AreaId, kit: str, epoch: int) -> ColumnElement[bool]:
    mine = (lease.c.area == area) & (lease.c.device == kit) & (lease.c.epoch < epoch)
    return mine & (lease.c.state == LeaseState.LIVE.value)


def _claimed(area: AreaId, owed: Column[str]) -> ColumnElement[bool]:
    return select(claim.c.entitlement).where((claim.c.area == area) & (claim.c.entitlement == owed)).exists()


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


def _known(connection: Connection, area: AreaId, which: DeviceId) -> dict[str, Any]:
    found = select(device).where(device.c.area == area, device.c.id == which)
    row = connection.execute(found).mappings().first()
    if row is None:
        raise Unknown(f"no device {which} in area {area}")
    return dict(row)


def active(connection: Connection, area: AreaId, to: DeviceId) -> dict[str, Any]:
    """The row of a device that may hold leases. Raises Unknown or NotPermitted."""
    row = _known(connection, area, to)
    if row["state"] != DeviceState.ACTIVE.value:
        raise NotPermitted(f"device {to} is {row['state']}: it cannot hold leases")
    return row


def _open_entitlements(area: AreaId, wanted: Wanted) -> Any:
    """Cash, not held, recipient alive; whether a lease exists is for the index to say."""
    at = (recipient.c.area == entitlement.c.area) & (recipient.c.person == entitlement.c.recipient)
    mine = (entitlement.c.area == area) & (entitlement.c.method == Method.CASH.value) & entitlement.c.held.is_(False)
    until = str(wanted.period)
    due = entitlement.c.period == until if wanted.only_period else entitlement.c.period <= until
    chosen = mine & due & (recipient.c.deceased_on.is_(None) | _of_the_dead())
    if wanted.hamlets:
        chosen &= recipient.c.hamlet.in_(wanted.hamlets)
    if wanted.communes:
        chosen &= recipient.c.commune.in_(wanted.communes)
    return select(entitlement.c.id, entitlement.c.amount).select_from(entitlement.join(recipient, at)).where(chosen)


def _of_the_dead() -> Any:
    """After a death: the months up to it for relatives, the funeral sum for the organiser, each once they are known."""
    theirs = (payee.c.area == entitlement.c.area) & (payee.c.recipient == entitlement.c.recipient)
    by_role = {
        role: select(payee.c.person).where(theirs, payee.c.role == role.value).exists()
        for role in (Role.RELATIVE_OF_DECEASED, Role.FUNERAL_ORGANISER)
    }
    funeral = entitlement.c.kind == Kind.FUNERAL.value
    last = func.substr(recipient.c.deceased_on, 1, 7)
    months = (~funeral) & (entitlement.c.period <= last) & by_role[Role.RELATIVE_OF_DECEASED]
    return months | (funeral & by_role[Role.FUNERAL_ORGANISER])


def _lease_row(area: AreaId, kit: dict[str, Any], owed: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    return given | {
        "area": area, "id": ids.new_lease(), "entitlement": owed["id"], "device": kit["id"], "epoch": kit["epoch"],
        "amount": owed["amount"], "nonce": secrets.token_hex(NONCE_BYTES), "state": LeaseState.LIVE.value,
    }  # fmt: skip
