"""From one epoch to the next after a rollback: two pasts, one future, nobody paid twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.payout import epochs
from kiosk.payout import journal as j
from kiosk.payout.cash import Notes
from kiosk.payout.names import (
    AreaId,
    DeviceId,
    EntitlementId,
    Epoch,
    LeaseId,
    Mode,
    ReversalReason,
    Sequence,
    UnixSeconds,
    VarianceReason,
    Vnd,
    VoidReason,
)
from kiosk.payout.standing import ImpossibleFact, Standing, stand
from tests.payout.days import HALF_MILLION, authorised, paid, refused
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
    with pytest.raises(ImpossibleFact, match=r"open business$"):
        stand([entry(order(district, still_open))], still_open)


def test_what_the_district_knows_is_never_left_out() -> None:
    district, device = two_pasts()
    fact = order(district, device)
    for what, wrong in (
        ("payouts", replace(fact, carried_paid=())),
        ("leases that are gone", replace(fact, carried_spent=())),
    ):
        with pytest.raises(ImpossibleFact, match=rf"the new epoch forgets {what}$"):
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


ORDERED = opened().standing
OWN = closed(opened(), FLOAT)
PLAIN = epochs.opening(OWN, 1, (OWN.epoch, OWN.head), (), ())
WRONG: list[tuple[str, dict[str, object], dict[str, object]]] = [
    ("the new epoch does not name the old head", {}, {"own_head": j.GENESIS, "previous_head": j.GENESIS}),
    ("the new epoch does not name the old head", {}, {"own_epoch": Epoch(5), "previous_epoch": Epoch(5)}),
    ("an epoch of another device", {"device": DeviceId("KIT8")}, {}),
    ("an epoch must be newer than the one before", {"epoch": Epoch(1)}, {}),
    ("area and mode never change (M8)", {}, {"area": AreaId("A02")}),
    ("area and mode never change (M8)", {}, {"mode": Mode.PRODUCTION}),
    ("the new epoch changes what was in force", {}, {"incarnation": 1}),
    ("the new epoch changes what was in force", {}, {"bundle_version": 1}),
    ("the new epoch changes what was in force", {}, {"revocation_serial": 1}),
    ("the new epoch changes what was in force", {}, {"floor": UnixSeconds(NOON + 1)}),
    ("an order works once", {}, {"order": 0}),
]


@pytest.mark.parametrize(("why", "of_entry", "of_fact"), WRONG)
def test_an_epoch_that_cannot_follow_is_told_why(
    why: str, of_entry: dict[str, object], of_fact: dict[str, object]
) -> None:
    fact: j.EpochOpened = replace(PLAIN, **of_fact)  # type: ignore[arg-type]
    assert epochs.fault(OWN, replace(entry(PLAIN), **of_entry), fact) == why  # type: ignore[arg-type]
    assert epochs.fault(OWN, entry(PLAIN), PLAIN) is None


def test_what_the_device_holds_is_not_asked_of_the_past_that_the_district_has() -> None:
    """Its bundle and its orders may be newer than those which the district saw in the journal."""
    fact = epochs.opening(OWN, 1, (ORDERED.epoch, ORDERED.head), (), ())
    behind = replace(ORDERED, bundle_version=7, order_serial=3)
    assert epochs.fault(behind, entry(fact), fact) is None


def test_what_is_carried_is_in_one_order_whoever_writes_it() -> None:
    names = [f"n{each}" for each in range(40)]
    paid_before, spent_before = map(EntitlementId, names), map(LeaseId, names)
    fact = epochs.opening(OWN, 1, (OWN.epoch, OWN.head), set(paid_before), set(spent_before))
    assert fact.carried_paid == fact.carried_spent == tuple(sorted(names))


def test_a_lease_is_spent_by_a_payout_that_was_even_if_taken_back_and_by_no_other() -> None:
    book = opened()
    book.write(j.PayoutVoided(authorised(book, 1).payout, VoidReason.RECIPIENT_DECLINED))
    back = paid(book, 2)
    book.write(j.PayoutReversed(back.payout, SESSION, ReversalReason.WRONG_SUM, HALF_MILLION.counts, OPERATOR, "quỹ"))
    kept = paid(book, 3)
    authorised(book, 4)
    assert epochs.own_spent(book.standing) == {fact.lines[0].lease for fact in (back, kept)}
    assert epochs.own_paid(book.standing) == {kept.lines[0].entitlement}


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
