"""Suppression: withholding the district's word must not win time."""

from __future__ import annotations

from kiosk.exchange.contact import DAY_S, WITHHELD_S, Contact, Suppression, after_bundle, after_checkpoint, suppression
from kiosk.exchange.shapes import Held
from kiosk.payout import names as n
from tests.exchange import samples
from tests.exchange.parties import HELD, NOW, Kit, checkpoint_of

DAY = samples.day(2)
OLD, NEWER = Held(1, 3, 2), Held(1, 5, 2)
START = Contact(NOW)


def at(seconds: int) -> n.UnixSeconds:
    return n.UnixSeconds(NOW + seconds)


def test_a_bundle_known_from_a_checkpoint_and_missing_for_a_day_stops_payouts(kit: Kit) -> None:
    contact = after_checkpoint(START, checkpoint_of(kit, DAY, time=at(60)), OLD)
    assert suppression(contact, at(60 + WITHHELD_S), 14) is None
    assert suppression(contact, at(61 + WITHHELD_S), 14) is Suppression.BUNDLE_WITHHELD


def test_more_checkpoints_do_not_restart_the_day(kit: Kit) -> None:
    contact = after_checkpoint(START, checkpoint_of(kit, DAY, time=at(60)), OLD)
    contact = after_checkpoint(contact, checkpoint_of(kit, DAY, time=at(80_000)), OLD)
    assert contact.missing_since == at(60)


def test_the_bundle_ends_it(kit: Kit) -> None:
    contact = after_checkpoint(START, checkpoint_of(kit, DAY, time=at(60)), OLD)
    assert after_bundle(contact, OLD) == contact
    contact = after_bundle(contact, HELD)
    assert contact.missing_since is None
    assert suppression(contact, at(2 * WITHHELD_S), 14) is None


def test_a_held_bundle_is_not_missing(kit: Kit) -> None:
    contact = after_checkpoint(START, checkpoint_of(kit, DAY, time=at(60)), NEWER)
    assert contact.missing_since is None


def test_no_checkpoint_for_n_days_stops_payouts() -> None:
    assert suppression(START, at(14 * DAY_S), 14) is None
    assert suppression(START, at(14 * DAY_S + 1), 14) is Suppression.NO_CHECKPOINT


def test_a_replayed_checkpoint_is_no_contact(kit: Kit) -> None:
    fresh = after_checkpoint(START, checkpoint_of(kit, DAY, time=at(500)), HELD)
    again = after_checkpoint(fresh, checkpoint_of(kit, DAY, time=at(400), bundle_version=9), HELD)
    assert again == fresh


def test_two_checkpoints_of_one_second_both_count(kit: Kit) -> None:
    one = after_checkpoint(START, checkpoint_of(kit, DAY, time=at(60)), HELD)
    two = after_checkpoint(one, checkpoint_of(kit, DAY, time=at(60), bundle_version=9), HELD)
    assert two.missing_since == at(60)


def test_revocations_alone_make_a_bundle_missing(kit: Kit) -> None:
    contact = after_checkpoint(START, checkpoint_of(kit, DAY, time=at(60), revocation_serial=3), HELD)
    assert contact.missing_since == at(60)
