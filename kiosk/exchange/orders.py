"""What the district may order a device to do, one signed and sealed message at a time.

A new epoch after a rollback, fork or re-enrolment; a lower time floor after a wrong clock; the end
of a device. Each order has a serial that only rises, so none works twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.exchange.bundle import Addressee
from kiosk.exchange.envelope import Kind, checked, decode, decode_header, pack_sealed, unpack
from kiosk.exchange.errors import BadBytes, FaultKey, NotForUs, OutOfOrder
from kiosk.exchange.keys import KeyId, Opener, Signer, Suite, key_id, unseal
from kiosk.exchange.shapes import is_digest
from kiosk.exchange.transport import compress, decompress
from kiosk.payout import canonical
from kiosk.payout.names import AreaId, DeviceId, Digest, EntitlementId, Epoch, LeaseId, UnixSeconds

MAX_ORDER = 2 * 1024 * 1024
MAX_PLAIN = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FloorReset:
    """Lower the time floor: a clock had run ahead and its hours were believed."""

    TAG: ClassVar[str] = "floor_reset"
    floor: UnixSeconds


@dataclass(frozen=True, slots=True)
class NewEpoch:
    """Close the epoch and begin another, with what the district knows and without leases (M1)."""

    TAG: ClassVar[str] = "new_epoch"
    epoch: Epoch
    previous_epoch: Epoch
    previous_head: Digest
    """Head of the old epoch as the district has it."""
    paid: tuple[EntitlementId, ...]
    spent: tuple[LeaseId, ...]


@dataclass(frozen=True, slots=True)
class DeviceRevoked:
    """Stop paying; with ``wipe`` also destroy keys and store, keeping what is not acknowledged."""

    TAG: ClassVar[str] = "device_revoked"
    wipe: bool


Order = FloorReset | NewEpoch | DeviceRevoked


@dataclass(frozen=True, slots=True)
class OrderHeader:
    """The signed face of an order."""

    area: AreaId
    device: DeviceId
    device_key: KeyId
    epoch: Epoch
    """The newest epoch of the device that the district knows. A device in an older one was rolled back:
    it takes a new epoch or its end all the same, and no other order."""
    serial: int
    time: UnixSeconds
    suite: Suite


@dataclass(frozen=True, slots=True)
class _Body:
    order: Order


def seal_order(order: Order, to: Addressee, serial: int, time: UnixSeconds, sign: Signer) -> bytes:
    """A signed order for one device. ``serial`` is above every earlier one of this device."""
    header = OrderHeader(to.area, to.device, key_id(to.seal_key), to.epoch, serial, time, Suite.X25519_CHACHA20)
    plain = compress(canonical.to_bytes(canonical.encode(_Body(order))))
    return pack_sealed(Kind.ORDER, header, plain, to.seal_key, sign)


def claimed_serial(data: bytes) -> int:
    """The serial as the sender claims it, unverified: only to take orders in their turn. Raises BadBytes."""
    return decode_header(OrderHeader, unpack(Kind.ORDER, data, MAX_ORDER).header).serial


def open_order(
    data: bytes, district_key: bytes, to: Addressee, newest_serial: int, open_: Opener
) -> tuple[OrderHeader, Order]:
    """The order, if it is genuine, for this device in this epoch, and new.

    Raises BadBytes, NotTrusted, NotForUs or OutOfOrder(REPLAYED).
    """
    envelope = checked(unpack(Kind.ORDER, data, MAX_ORDER), district_key)
    header = decode_header(OrderHeader, envelope.header)
    _check_addressee(header, to)
    if header.serial <= newest_serial:
        raise OutOfOrder(FaultKey.REPLAYED)
    plain = decompress(unseal(open_, envelope.body, envelope.info), MAX_PLAIN)
    order = _sound(decode(_Body, plain).order, header)
    if header.epoch != to.epoch and isinstance(order, FloorReset):
        raise NotForUs(FaultKey.WRONG_EPOCH)
    return header, order


def _check_addressee(header: OrderHeader, to: Addressee) -> None:
    if header.area != to.area:
        raise NotForUs(FaultKey.WRONG_AREA)
    if header.device != to.device or header.device_key != key_id(to.seal_key):
        raise NotForUs(FaultKey.WRONG_DEVICE)
    if header.epoch < to.epoch:
        raise NotForUs(FaultKey.WRONG_EPOCH)


def _sound(order: Order, header: OrderHeader) -> Order:
    if isinstance(order, NewEpoch):
        grows = order.epoch > header.epoch and order.previous_epoch <= header.epoch
        if not (grows and is_digest(order.previous_head)):
            raise BadBytes(FaultKey.MALFORMED, "epoch")
    if isinstance(order, FloorReset) and order.floor < 0:
        raise BadBytes(FaultKey.MALFORMED, "floor")
    return order
