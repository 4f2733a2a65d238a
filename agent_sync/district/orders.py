"""What the district orders a kit to do, and whether it did: a new epoch, a lower floor of time, its end.

An order is kept by its meaning and sealed for the epoch that the kit is known to be in, so it is sealed
anew when the kit has moved on meanwhile. The kit's own journal says that it was taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from agent_sync.district import former_keys, ids, standing_data
from agent_sync.district.errors import BadInput, NotPermitted, Unknown
from agent_sync.district.home import Home
from agent_sync.district.schema import chain, device, device_order, entry, lease, payout, payout_line
from agent_sync.district.states import DeviceState, OrderKind, OrderState, PayoutPhase
from kiosk.exchange import orders as xo
from kiosk.exchange.bundle import Addressee
from kiosk.payout import canonical
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId, DeviceId, Digest, EntitlementId, Epoch, LeaseId, Period, UnixSeconds
from kiosk.payout.paylist import Policy
from kiosk.payout.rules import local_day

Row = dict[str, Any]
MAX_PENDING = 16
CARRIED_MONTHS = 6
"""A new epoch is told of these months, and of leases that can still be used: older ones the district pays no more
without a person's look, and ``claim`` holds whatever was ever paid (M1)."""
MOST_CARRIED = 15_000
"""A list on the wire holds 20,000; the rest is room for what the device has paid and not sent. A commune's kit of 1,000
recipients carries 6,000."""


@dataclass(frozen=True, slots=True)
class _Body:
    order: xo.Order


def reported_epoch(connection: Connection, area: AreaId, kit: DeviceId) -> Epoch:
    """The newest epoch of which the kit has sent anything; before that, the first of its keys. Raises Unknown."""
    mine = (chain.c.area == area) & (chain.c.device == kit) & (chain.c.next > 0)
    newest = connection.execute(select(func.max(chain.c.epoch)).where(mine)).scalar()
    if newest is None:
        return Epoch(int(_kit(connection, area, kit)["epoch"]))
    return Epoch(max(int(newest), *(each.epoch for each in former_keys.changes(connection, area, kit)), 0))


def end_of(connection: Connection, area: AreaId, kit: DeviceId) -> tuple[Epoch, Digest]:
    """The newest epoch of a kit and its head as they came here. Raises Unknown."""
    epoch = reported_epoch(connection, area, kit)
    return epoch, _head(connection, area, kit, epoch)


def forget_pending(connection: Connection, area: AreaId, kit: DeviceId) -> None:
    """Another kit takes this one's place: what was ordered was not meant for it. Raises NotPermitted for an end."""
    if OrderKind.DEVICE_REVOKED in (OrderKind(each["kind"]) for each in _pending(connection, area, kit)):
        raise NotPermitted(f"device {kit} has not taken the order that ends it: give the new one a name of its own")
    mine = (device_order.c.area == area) & (device_order.c.device == kit)
    pending = mine & (device_order.c.state == OrderState.PENDING.value)
    connection.execute(update(device_order).where(pending).values(state=OrderState.VOID.value))


def order_new_epoch(connection: Connection, home: Home, kit: DeviceId, by: str) -> int:
    """Order a kit to close its journal and begin another without leases; the order's serial.

    It is told what it has paid and spent on every branch that came here. Raises Unknown or NotPermitted.
    """
    row = _kit(connection, home.area, kit)
    if row["state"] != DeviceState.ACTIVE.value:
        raise NotPermitted(f"device {kit} is {row['state']}: it opens no new epoch")
    if OrderKind.NEW_EPOCH in (OrderKind(each["kind"]) for each in _pending(connection, home.area, kit)):
        raise NotPermitted(f"device {kit} has not taken its last order of a new epoch yet")
    previous = reported_epoch(connection, home.area, kit)
    head = _head(connection, home.area, kit, previous)
    if head == j.GENESIS:
        raise NotPermitted(f"device {kit} has sent nothing yet: there is no epoch to leave")
    epoch = Epoch(max(int(row["epoch"]), previous) + 1)
    paid, spent = _paid(connection, home.area, kit), _spent(connection, home.area, kit)
    if max(len(paid), len(spent)) > MOST_CARRIED:
        raise NotPermitted(f"device {kit} has paid more than {MOST_CARRIED} lately: revoke it and enrol it again")
    serial = _issue(connection, home, kit, xo.NewEpoch(epoch, previous, head, paid, spent), by)
    _set_device(connection, home.area, kit, {"epoch": epoch})
    return serial


def order_floor(connection: Connection, home: Home, kit: DeviceId, floor: UnixSeconds, by: str) -> int:
    """Order a kit to lower its floor of time; the order's serial. Raises Unknown or BadInput."""
    if not 0 <= floor <= ids.now(connection):
        raise BadInput("a floor lies in the past: before it nothing is paid")
    return _issue(connection, home, kit, xo.FloorReset(floor), by)


def order_end(connection: Connection, home: Home, kit: DeviceId, reason: str, by: str, *, wipe: bool) -> int:
    """Revoke a kit for everybody and order it to stop, or to destroy keys and store; the order's serial."""
    _kit(connection, home.area, kit)
    standing_data.revoke(connection, home.area, f"device:{kit}", reason, by)
    return _issue(connection, home, kit, xo.DeviceRevoked(wipe), by)


def waiting(connection: Connection, home: Home, kit: DeviceId) -> dict[int, bytes]:
    """Sealed orders that the kit has not taken yet, by serial. Raises Unknown for one that is not enrolled.

    Call inside a write transaction: one that was sealed for an earlier epoch is sealed anew.
    """
    reported = reported_epoch(connection, home.area, kit)
    rows = _pending(connection, home.area, kit)
    return {int(row["serial"]): _sealed_for(connection, home, kit, row, reported) for row in rows}


def taken(connection: Connection, area: AreaId, kit: str, serial: int, at: int) -> None:
    """The kit's journal names an order: it is done, and whatever came before it never will be."""
    mine = (device_order.c.area == area) & (device_order.c.device == kit)
    open_ = mine & (device_order.c.state == OrderState.PENDING.value)
    done = {"state": OrderState.TAKEN.value, "taken_at": at}
    connection.execute(update(device_order).where(open_ & (device_order.c.serial == serial)).values(**done))
    earlier = open_ & (device_order.c.serial < serial)
    connection.execute(update(device_order).where(earlier).values(state=OrderState.VOID.value))


def orders_of(connection: Connection, area: AreaId) -> dict[str, list[Row]]:
    """For the page: orders that are on their way, by device, oldest first."""
    mine = (device_order.c.area == area) & (device_order.c.state == OrderState.PENDING.value)
    columns = (device_order.c.device, device_order.c.serial, device_order.c.kind, device_order.c.ordered_at)
    found: dict[str, list[Row]] = {}
    for row in connection.execute(select(*columns).where(mine).order_by(device_order.c.serial)).mappings():
        found.setdefault(row["device"], []).append(dict(row))
    return found


# -- making one ---------------------------------------------------------------------------------------------------


def _issue(connection: Connection, home: Home, kit: DeviceId, order: xo.Order, by: str) -> int:
    row = _kit(connection, home.area, kit)
    if len(_pending(connection, home.area, kit)) >= MAX_PENDING:
        raise NotPermitted(f"{MAX_PENDING} orders wait for device {kit} already")
    reported = reported_epoch(connection, home.area, kit)
    serial = _next_serial(connection, home.area, kit)
    values = {"area": home.area, "device": kit, "serial": serial, "kind": order.TAG, "epoch": reported}
    values |= {"body": canonical.to_bytes(canonical.encode(_Body(order))).decode(), "taken_at": None}
    values |= {
        "data": _seal(home, row, order, serial, reported, ids.now(connection)),
        "state": OrderState.PENDING.value,
    }
    connection.execute(insert(device_order).values(**values, ordered_at=ids.now(connection), ordered_by=by))
    return serial


def _next_serial(connection: Connection, area: AreaId, kit: DeviceId) -> int:
    """The hour in seconds, or one more than the last: it rises even over a restore that lost the last ones."""
    mine = (device_order.c.area == area) & (device_order.c.device == kit)
    last = connection.execute(select(func.max(device_order.c.serial)).where(mine)).scalar()
    return max(int(ids.now(connection)), int(last or 0) + 1)


def _seal(home: Home, kit: Row, order: xo.Order, serial: int, epoch: Epoch, at: UnixSeconds) -> bytes:
    to = Addressee(home.area, DeviceId(kit["id"]), epoch, bytes.fromhex(kit["sealing_key"]))
    return xo.seal_order(order, to, serial, at, home.keys.signing.sign)


def _sealed_for(connection: Connection, home: Home, kit: DeviceId, row: Row, epoch: Epoch) -> bytes:
    if row["epoch"] == epoch:
        return bytes(row["data"])
    order = canonical.decode(_Body, canonical.from_bytes(row["body"].encode())).order
    data = _seal(home, _kit(connection, home.area, kit), order, row["serial"], epoch, ids.now(connection))
    mine = (device_order.c.area == home.area) & (device_order.c.device == kit)
    place = mine & (device_order.c.serial == row["serial"])
    connection.execute(update(device_order).where(place).values(epoch=epoch, data=data))
    return data


# -- what is known of the kit ---------------------------------------------------------------------------------------


def _kit(connection: Connection, area: AreaId, kit: DeviceId) -> Row:
    row = connection.execute(select(device).where(device.c.area == area, device.c.id == kit)).mappings().first()
    if row is None or row["state"] == DeviceState.AWAITED.value:
        raise Unknown(f"no enrolled device {kit}")
    return dict(row)


def _set_device(connection: Connection, area: AreaId, kit: DeviceId, values: Row) -> None:
    connection.execute(update(device).where(device.c.area == area, device.c.id == kit).values(**values))


def _pending(connection: Connection, area: AreaId, kit: DeviceId) -> list[Row]:
    mine = (device_order.c.area == area) & (device_order.c.device == kit)
    found = select(device_order).where(mine, device_order.c.state == OrderState.PENDING.value)
    return [dict(row) for row in connection.execute(found.order_by(device_order.c.serial)).mappings()]


def _head(connection: Connection, area: AreaId, kit: DeviceId, epoch: Epoch) -> Digest:
    mine = (chain.c.area == area) & (chain.c.device == kit) & (chain.c.epoch == epoch)
    row = connection.execute(select(chain.c.head).where(mine)).first()
    return j.GENESIS if row is None else Digest(row[0])


def _months_ago(now: int, months: int) -> Period:
    """The month that lies so many months before this one, in Vietnam."""
    day = local_day(UnixSeconds(now))
    count = day.year * 12 + day.month - 1 - months
    return Period(count // 12, count % 12 + 1)


def _lines(
    connection: Connection, area: AreaId, kit: DeviceId, column: Any, states: tuple[PayoutPhase, ...], only: Any
) -> Any:
    same = (payout.c.area == payout_line.c.area) & (payout.c.month == payout_line.c.month)
    same &= (payout.c.id == payout_line.c.payout) & (payout.c.hash == payout_line.c.hash)
    mine = (payout.c.area == area) & (payout.c.device == kit) & payout.c.state.in_([each.value for each in states])
    return connection.execute(select(column).select_from(payout_line.join(payout, same)).where(mine & only)).scalars()


def _paid(connection: Connection, area: AreaId, kit: DeviceId) -> tuple[EntitlementId, ...]:
    """Completed and not reversed, on every branch and in every epoch, of months that are not over."""
    recent = payout_line.c.period >= str(_months_ago(ids.now(connection), CARRIED_MONTHS))
    found = _lines(connection, area, kit, payout_line.c.entitlement, (PayoutPhase.COMPLETED,), recent)
    return tuple(sorted({EntitlementId(each) for each in found}))


def _spent(connection: Connection, area: AreaId, kit: DeviceId) -> tuple[LeaseId, ...]:
    """Leases that can never pay again, completed, reversed or given up, and that have not ended by themselves."""
    over = (PayoutPhase.COMPLETED, PayoutPhase.REVERSED)
    ended = ids.now(connection) - Policy().lease_grace_seconds
    alive = select(lease.c.id).where(lease.c.area == area, lease.c.expires_at >= ended)
    used = _lines(connection, area, kit, payout_line.c.lease, over, payout_line.c.lease.in_(alive))
    spent = {LeaseId(each) for each in used}
    mine = (entry.c.area == area) & (entry.c.device == kit) & (entry.c.kind == j.LeaseReleased.TAG)
    facts = (j.decode(body).fact for body in connection.execute(select(entry.c.body).where(mine)).scalars())
    return tuple(sorted(spent | {each.lease for each in facts if isinstance(each, j.LeaseReleased)}))
