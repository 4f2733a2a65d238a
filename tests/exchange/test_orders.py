"""Orders: one device, one epoch, once."""

from __future__ import annotations

import dataclasses

import pytest

from kiosk.exchange import orders
from kiosk.exchange.envelope import Kind, unpack
from kiosk.exchange.errors import ExchangeError, FaultKey
from kiosk.payout import names as n
from kiosk.payout.journal import GENESIS
from tests.exchange.parties import NOW, District, Kit

RESET = orders.FloorReset(n.UnixSeconds(NOW - 3_600))
EPOCH = orders.NewEpoch(n.Epoch(4), n.Epoch(3), GENESIS, (n.EntitlementId("e1"),), (n.LeaseId("l1"),))
REVOKED = orders.DeviceRevoked(wipe=True)


def seal(district: District, kit: Kit, order: orders.Order = RESET, serial: int = 5) -> bytes:
    return orders.seal_order(order, kit.addressee, serial, NOW, district.sign)


def refused(data: bytes, district: District, kit: Kit, newest: int = 4) -> FaultKey:
    with pytest.raises(ExchangeError) as caught:
        orders.open_order(data, district.sign_key, kit.addressee, newest, kit.open)
    return caught.value.key


@pytest.mark.parametrize("order", [RESET, EPOCH, REVOKED, orders.FloorReset(n.UnixSeconds(0))])
def test_every_order_arrives(order: orders.Order, district: District, kit: Kit) -> None:
    header, opened = orders.open_order(seal(district, kit, order), district.sign_key, kit.addressee, 4, kit.open)
    assert opened == order
    assert (header.serial, header.time) == (5, NOW)


def test_an_order_works_once(district: District, kit: Kit) -> None:
    assert refused(seal(district, kit), district, kit, newest=5) is FaultKey.REPLAYED
    assert refused(seal(district, kit), district, kit, newest=6) is FaultKey.REPLAYED


def test_only_the_district_orders(district: District, kit: Kit) -> None:
    assert refused(seal(District("stranger"), kit), district, kit) is FaultKey.FOREIGN_SIGNATURE


def test_an_order_for_another_device_area_or_epoch_is_refused(district: District, kit: Kit, other_kit: Kit) -> None:
    assert refused(seal(district, other_kit), district, kit) is FaultKey.WRONG_DEVICE
    older_key = dataclasses.replace(kit.addressee, seal_key=other_kit.seal_key)
    assert refused(orders.seal_order(RESET, older_key, 5, NOW, district.sign), district, kit) is FaultKey.WRONG_DEVICE
    later = dataclasses.replace(kit.addressee, epoch=n.Epoch(9))
    elsewhere = dataclasses.replace(kit.addressee, area=n.AreaId("elsewhere"))
    for to, key in ((later, FaultKey.WRONG_EPOCH), (elsewhere, FaultKey.WRONG_AREA)):
        assert refused(orders.seal_order(RESET, to, 5, NOW, district.sign), district, kit) is key


def test_touched_orders_are_refused(district: District, kit: Kit) -> None:
    data = seal(district, kit)
    assert refused(data[:-1], district, kit) is FaultKey.SWAPPED_CIPHERTEXT
    assert refused(data.replace(b'"serial":5', b'"serial":6'), district, kit) is FaultKey.FOREIGN_SIGNATURE
    other = seal(district, kit, REVOKED)
    swapped = data[: -len(unpack(Kind.ORDER, data).body)] + unpack(Kind.ORDER, other).body
    assert refused(swapped, district, kit) is FaultKey.SWAPPED_CIPHERTEXT


@pytest.mark.parametrize(
    "order",
    [
        dataclasses.replace(EPOCH, epoch=n.Epoch(3)),
        dataclasses.replace(EPOCH, previous_epoch=n.Epoch(4)),
        dataclasses.replace(EPOCH, previous_head=n.Digest("x")),
        orders.FloorReset(n.UnixSeconds(-1)),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(order: orders.Order, district: District, kit: Kit) -> None:
    assert refused(seal(district, kit, order), district, kit) is FaultKey.MALFORMED


@pytest.mark.parametrize("order", [EPOCH, REVOKED])
def test_a_device_rolled_back_over_an_epoch_is_reached_all_the_same(
    order: orders.Order, district: District, kit: Kit
) -> None:
    """The district knows it in epoch 3; last month's image is put back and stands in epoch 2."""
    earlier = dataclasses.replace(kit.addressee, epoch=n.Epoch(2))
    data = seal(district, kit, order)
    assert orders.open_order(data, district.sign_key, earlier, 0, kit.open)[1] == order
    with pytest.raises(ExchangeError) as caught:
        orders.open_order(seal(district, kit, RESET), district.sign_key, earlier, 0, kit.open)
    assert caught.value.key is FaultKey.WRONG_EPOCH, "a floor is of one journal"
