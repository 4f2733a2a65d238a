"""Checkpoints: what the district has, and what this device must conclude."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.exchange import checkpoint as cp
from kiosk.exchange.envelope import Kind, pack
from kiosk.exchange.errors import ExchangeError, FaultKey
from kiosk.exchange.shapes import Held
from kiosk.payout import names as n
from kiosk.payout.journal import GENESIS
from tests.exchange import samples
from tests.exchange.parties import District, Kit, checkpoint_of

DAY = samples.day(4)
SAME = cp.CheckpointVerdict


def here(at: cp.Checkpoint, length: int = len(DAY), incarnation: int = 1, epoch: int = samples.EPOCH) -> cp.Position:
    """This device's place, with ``length`` entries of DAY."""
    below = GENESIS if at.next == 0 else DAY[at.next - 1].hash if at.next <= length else None
    return cp.Position(n.Epoch(epoch), n.Sequence(length), below, incarnation)


def test_a_checkpoint_is_read_by_the_device_it_is_for(kit: Kit, district: District) -> None:
    read = cp.read_checkpoint(district.checkpoint(kit, DAY), district.sign_key, kit.addressee)
    assert read == checkpoint_of(kit, DAY)
    assert read.held == Held(1, 4, 2)


def test_all_of_it_may_be_backed_up_but_nothing_may_hang_on_it(kit: Kit, district: District) -> None:
    everything = district.checkpoint(kit, DAY, backed_up=n.Sequence(len(DAY)))
    assert cp.read_checkpoint(everything, district.sign_key, kit.addressee).backed_up == len(DAY)
    loaded = pack(Kind.CHECKPOINT, checkpoint_of(kit, DAY), b"more", district.sign)
    assert refused(kit, district, loaded) is FaultKey.MALFORMED


def test_in_step(kit: Kit) -> None:
    at = checkpoint_of(kit, DAY)
    assert cp.judge(at, here(at)) is SAME.IN_STEP


def test_device_ahead_sends_again_from_next(kit: Kit) -> None:
    at = checkpoint_of(kit, DAY[:5])
    assert cp.judge(at, here(at)) is SAME.DEVICE_AHEAD
    nothing = checkpoint_of(kit, DAY, next=n.Sequence(0), head=GENESIS)
    assert cp.judge(nothing, here(nothing)) is SAME.DEVICE_AHEAD


def test_a_device_that_lost_entries_was_rolled_back(kit: Kit) -> None:
    at = checkpoint_of(kit, DAY)
    assert cp.judge(at, here(at, length=6)) is SAME.DEVICE_ROLLED_BACK


def test_a_device_in_an_epoch_before_the_districts_was_rolled_back(kit: Kit) -> None:
    at = checkpoint_of(kit, DAY)
    assert cp.judge(at, here(at, epoch=2)) is SAME.DEVICE_ROLLED_BACK


def test_same_sequence_other_hash_is_a_fork(kit: Kit) -> None:
    at = checkpoint_of(kit, DAY[:5], head=n.Digest("5" * 64))
    assert cp.judge(at, here(at)) is SAME.FORK


def test_checkpoint_from_an_older_incarnation_is_refused(kit: Kit) -> None:
    """Even where it would say rolled back or fork: a voice from before the restore says nothing."""
    at = checkpoint_of(kit, DAY, head=n.Digest("5" * 64))
    assert cp.judge(at, here(at, incarnation=2)) is SAME.OLDER_INCARNATION
    with pytest.raises(ExchangeError) as caught:
        cp.refuse_older_incarnation(at, 2)
    assert caught.value.key is FaultKey.OLDER_INCARNATION
    cp.refuse_older_incarnation(at, 1)


def test_a_restored_district_is_recognised_by_its_incarnation(kit: Kit) -> None:
    at = checkpoint_of(kit, DAY[:5], incarnation=2)
    assert cp.judge(at, here(at)) is SAME.DISTRICT_RESTORED


def test_a_fork_outranks_a_restore(kit: Kit) -> None:
    at = checkpoint_of(kit, DAY[:5], incarnation=2, head=n.Digest("5" * 64))
    assert cp.judge(at, here(at)) is SAME.FORK


def test_only_a_checkpoint_that_covers_this_boot_proves_the_hour(kit: Kit) -> None:
    """A courier that kept yesterday's checkpoint back cannot make it today's hour."""
    at = checkpoint_of(kit, DAY[:5])
    assert cp.proves_time(at, samples.EPOCH, n.Sequence(4))
    assert not cp.proves_time(at, samples.EPOCH, n.Sequence(5))
    assert not cp.proves_time(at, n.Epoch(4), n.Sequence(0))


def test_a_checkpoint_of_a_closed_epoch_serves_for_purging_only(kit: Kit) -> None:
    at = checkpoint_of(kit, DAY)
    assert cp.judge(at, here(at, epoch=4)) is SAME.EARLIER_EPOCH


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"area": "elsewhere"}, FaultKey.WRONG_AREA),
        ({"device": "k08"}, FaultKey.WRONG_DEVICE),
        ({"head": "x"}, FaultKey.MALFORMED),
        ({"backed_up": 99}, FaultKey.MALFORMED),
        ({"next": -1}, FaultKey.MALFORMED),
    ],
)
def test_a_checkpoint_that_is_not_ours_or_not_sound_is_refused(
    kit: Kit, district: District, changes: dict[str, object], key: FaultKey
) -> None:
    assert refused(kit, district, district.checkpoint(kit, DAY, **changes)) is key


def test_foreign_signed_or_touched_checkpoint_is_refused(kit: Kit, district: District) -> None:
    good = district.checkpoint(kit, DAY)
    assert refused(kit, district, District("a stranger").checkpoint(kit, DAY)) is FaultKey.FOREIGN_SIGNATURE
    assert refused(kit, district, good.replace(b'"incarnation":1', b'"incarnation":2')) is FaultKey.FOREIGN_SIGNATURE
    assert refused(kit, district, good + b"x") is FaultKey.SWAPPED_CIPHERTEXT
    assert refused(kit, district, good[:90]) is FaultKey.TRUNCATED
    assert refused(kit, district, bytes(5_000)) is FaultKey.TOO_LARGE


def refused(kit: Kit, district: District, data: bytes) -> FaultKey:
    with pytest.raises(ExchangeError) as caught:
        cp.read_checkpoint(data, district.sign_key, kit.addressee)
    return caught.value.key


def test_every_verdict_is_reached() -> None:
    """The tests above name each one; a new verdict must come with a test."""
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(f"SAME.{verdict.name}" in text for verdict in SAME)
