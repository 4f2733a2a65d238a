"""Rollback, fork, restore: how both sides notice, and how they go on. Each test plays one whole story."""

from __future__ import annotations

import pytest

from kiosk.exchange import bundle, checkpoint, orders, segment
from kiosk.exchange.bundle import Addressee
from kiosk.exchange.checkpoint import CheckpointVerdict as Verdict
from kiosk.exchange.errors import ExchangeError, FaultKey
from kiosk.exchange.shapes import Held
from kiosk.payout import journal as j
from kiosk.payout import names as n
from kiosk.payout.journal import Entry
from tests.exchange import samples
from tests.exchange.parties import HELD, NOW, District, Kit, checkpoint_of

WEEK = samples.day(8)
LAST_WEEK = WEEK[:10]
FIRST = Held(1, 1, 1)


def verdict(at: checkpoint.Checkpoint, entries: list[Entry], incarnation: int = 1) -> Verdict:
    """What a device that holds ``entries`` concludes."""
    below = j.GENESIS if at.next == 0 else entries[at.next - 1].hash if at.next <= len(entries) else None
    return checkpoint.judge(at, checkpoint.Position(samples.EPOCH, n.Sequence(len(entries)), below, incarnation))


def test_a_rolled_back_device_stops_and_goes_on_in_a_new_epoch(kit: Kit, district: District) -> None:
    """Last week's image is put back. The district names its head; the device starts anew, without leases."""
    assert verdict(checkpoint_of(kit, WEEK), list(LAST_WEEK)) is Verdict.DEVICE_ROLLED_BACK
    paid = tuple(
        line.entitlement for each in WEEK if isinstance(each.fact, j.PayoutAuthorised) for line in each.fact.lines
    )
    order = orders.NewEpoch(n.Epoch(4), samples.EPOCH, WEEK[-1].hash, paid, ())
    data = orders.seal_order(order, kit.addressee, 1, NOW, district.sign)
    _, taken = orders.open_order(data, district.sign_key, kit.addressee, 0, kit.open)
    assert isinstance(taken, orders.NewEpoch)
    assert len(taken.paid) == 8
    moved = Kit("k07", 1, epoch=taken.epoch)
    writer = samples.Writer(epoch=taken.epoch)
    writer.add(
        j.EpochOpened(samples.AREA, n.Mode.PRACTICE, taken.previous_epoch, taken.previous_head, taken.paid, taken.spent)
    )
    sent = segment.open_segment(moved.segment(writer.entries, district), kit.sign_key, district.open)
    assert isinstance(sent[0].fact, j.EpochOpened)
    assert sent[0].fact.previous_head == WEEK[-1].hash
    with pytest.raises(ExchangeError) as caught:
        open_for(moved.addressee, district.bundle(kit.addressee), district, kit)
    assert caught.value.key is FaultKey.WRONG_EPOCH, "leases of the old epoch are gone"
    assert open_for(moved.addressee, district.bundle(moved.addressee), district, kit).header.epoch == 4


def test_the_order_of_a_new_epoch_cannot_be_used_again_after_it(kit: Kit, district: District) -> None:
    order = orders.NewEpoch(n.Epoch(4), samples.EPOCH, WEEK[-1].hash, (), ())
    data = orders.seal_order(order, kit.addressee, 1, NOW, district.sign)
    moved = Kit("k07", 1, epoch=4)
    with pytest.raises(ExchangeError) as caught:
        orders.open_order(data, district.sign_key, moved.addressee, 0, kit.open)
    assert caught.value.key is FaultKey.WRONG_EPOCH


def test_two_copies_of_one_device_are_found_at_the_first_contact(kit: Kit, district: District) -> None:
    """Both pay a day. The district has one branch; the other copy's own hash differs."""
    one, two = samples.day(4, seed=1), samples.day(4, seed=2)
    assert verdict(checkpoint_of(kit, one), two) is Verdict.FORK
    assert verdict(checkpoint_of(kit, one), one) is Verdict.IN_STEP
    first = segment.open_segment(kit.segment(one, district), kit.sign_key, district.open)
    second = segment.open_segment(kit.segment(two, district), kit.sign_key, district.open)
    assert first[-1].sequence == second[-1].sequence
    assert first[-1].hash != second[-1].hash, "both branches are genuine and both can be kept"


def test_a_restored_district_gets_everything_again(kit: Kit, district: District) -> None:
    """Back from yesterday's backup under a new incarnation: the device re-seals from there, for the new key."""
    restored = District("after the restore")
    at = checkpoint_of(kit, WEEK[:6], incarnation=2)
    assert verdict(at, list(WEEK)) is Verdict.DISTRICT_RESTORED
    again = kit.segment(WEEK[at.next :], restored)
    assert segment.open_segment(again, kit.sign_key, restored.open) == tuple(WEEK[at.next :])
    assert verdict(checkpoint_of(kit, WEEK, incarnation=2), list(WEEK), incarnation=2) is Verdict.IN_STEP
    assert verdict(checkpoint_of(kit, WEEK), list(WEEK), incarnation=2) is Verdict.OLDER_INCARNATION


def test_a_gap_is_closed_by_a_reseal_with_other_borders(kit: Kit, district: District) -> None:
    """A file was lost on the way: the checkpoint stops at the gap, and what is sealed from there joins."""
    at = checkpoint_of(kit, WEEK[:7])
    assert verdict(at, list(WEEK)) is Verdict.DEVICE_AHEAD
    filled = segment.open_segment(kit.segment(WEEK[7:12], district), kit.sign_key, district.open)
    assert filled[0].previous == at.head


def test_a_suppressed_revocation_cannot_be_undone_by_an_old_bundle(kit: Kit, district: District) -> None:
    newer = district.bundle(kit.addressee, Held(1, 5, 3))
    held = open_for(kit.addressee, newer, district, kit).header.held
    for old in (HELD, Held(1, 6, 2)):
        with pytest.raises(ExchangeError) as caught:
            open_for(kit.addressee, district.bundle(kit.addressee, old), district, kit, held)
        assert caught.value.key in {FaultKey.OLDER_VERSION, FaultKey.OLDER_REVOCATION}


def open_for(to: Addressee, data: bytes, district: District, kit: Kit, newest: Held = FIRST) -> bundle.Bundle:
    return bundle.open_bundle(data, district.sign_key, to, newest, kit.open)
