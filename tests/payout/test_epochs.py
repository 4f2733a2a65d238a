"""From one epoch to the next after a rollback: two pasts, one future, nobody paid twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.payout import epochs
from kiosk.payout import journal as j
from kiosk.payout.cash import Notes
from kiosk.payout.names import Epoch, Sequence, UnixSeconds, VarianceReason, Vnd
from kiosk.payout.standing import ImpossibleFact, Standing, stand
from tests.payout.days import paid, refused
from tests.payout.world import DEVICE, FLOAT, NOON, OPERATOR, SESSION, Book, opened


def closed(book: Book, left: Notes) -> Standing:
    """The session counted and balanced."""
    book.write(j.SessionClosed(SESSION, OPERATOR, left.amount, left.counts, Vnd(0), VarianceReason.NONE))
    return book.standing


def entry(fact: j.EpochOpened) -> j.Entry:
    return j.Entry(DEVICE, Epoch(2), Sequence(0), UnixSeconds(NOON + 9), True, j.GENESIS, fact)


def two_pasts() -> tuple[Standing, Standing]:
    """What the district has (a payout, the session still open), and what a restored device has (a day without it)."""
    district, device = opened(), opened()
    paid(district)
    return district.standing, closed(device, FLOAT)


def order(district: Standing, device: Standing) -> j.EpochOpened:
    return epochs.opening(device, 1, (district.epoch, district.head), district.paid.keys(), district.spent)


def test_after_a_rollback_the_new_epoch_follows_both_pasts_and_both_give_the_same_standing() -> None:
    district, device = two_pasts()
    assert district.head != device.head
    opening = entry(order(district, device))
    assert stand([opening], device) == stand([opening], district) == stand([opening])
    assert set(stand([opening]).paid) == set(district.paid), "what the device had lost is paid all the same (M1)"


def test_a_third_past_is_no_past() -> None:
    district, device = two_pasts()
    with pytest.raises(ImpossibleFact, match="old head"):
        stand([entry(order(district, device))], opened().standing)


def test_the_devices_own_business_is_settled_first_and_the_lost_one_cannot_be() -> None:
    district, device = two_pasts()
    assert district.session is not None
    stand([entry(order(district, device))], district)
    still_open = opened().standing
    with pytest.raises(ImpossibleFact, match="open business"):
        stand([entry(order(district, still_open))], still_open)


def test_what_the_district_knows_is_never_left_out() -> None:
    district, device = two_pasts()
    fact = order(district, device)
    for wrong in (replace(fact, carried_paid=()), replace(fact, carried_spent=())):
        with pytest.raises(ImpossibleFact, match="forgets"):
            stand([entry(wrong)], district)


def test_what_is_over_is_left_behind_and_what_this_epoch_did_never() -> None:
    """The lists of a new epoch do not grow with the years: the district names what still matters of older ones."""
    district, device = two_pasts()
    after = stand([entry(order(district, device))], device)
    assert set(after.paid) == set(district.paid)
    later = epochs.opening(after, 2, (Epoch(2), after.head), (), ())
    assert (later.carried_paid, later.carried_spent) == ((), ())
    stand([replace(entry(later), epoch=Epoch(3))], after)
    own = epochs.opening(district, 1, (district.epoch, district.head), (), ())
    assert set(own.carried_paid) == set(district.paid) != set()
    assert set(own.carried_spent) == set(district.spent) != set()


def test_an_order_serves_once_over_all_epochs() -> None:
    district, device = two_pasts()
    after = stand([entry(order(district, device))], device)
    again = epochs.opening(after, 1, (Epoch(2), after.head), (), ())
    with pytest.raises(ImpossibleFact, match="once"):
        stand([replace(entry(again), epoch=Epoch(3))], after)


def test_only_an_order_lowers_the_floor_and_never_raises_it() -> None:
    book = opened()
    assert book.standing.proven_until == NOON
    book.write(j.FloorLowered(1, UnixSeconds(NOON + 5)))
    assert book.standing.proven_until == NOON
    book.write(j.FloorLowered(2, UnixSeconds(NOON - 500)))
    assert book.standing.proven_until == NOON - 500
    assert "once" in refused(book, j.FloorLowered(2, UnixSeconds(0)))


def test_an_ended_device_authorises_nothing() -> None:
    book = opened()
    book.write(j.DeviceStopped(1, wipe=False))
    with pytest.raises(ImpossibleFact, match="ended this device"):
        paid(book)
    assert closed(book, FLOAT).session is None, "the cash is still counted"
