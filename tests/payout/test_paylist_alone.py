"""The pay list by example: whose paper counts for whom, in which order months are told, a policy untold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.payout.names import EntitlementId, Kind, LeaseId, Period, PersonId, Programme, Role, Vnd
from kiosk.payout.paylist import Lease, PayList, Policy
from kiosk.payout.people import Payee, self_payee
from tests.payout.world import AREA, DEVICE, EPOCH, NOON, entitlement, person, recipient

OWN = Payee(Role.ALTERNATE, person(3), person(1).id)
NEIGHBOURS = Payee(Role.ALTERNATE, person(4), person(2).id)


def listed(**change: object) -> PayList:
    """Two recipients, each with an alternate of their own."""
    whole = PayList(AREA, 1, (recipient(1), recipient(2)), (NEIGHBOURS, OWN), (entitlement(1),), (), Policy())
    return replace(whole, **change)  # type: ignore[arg-type]


def test_a_paper_for_the_neighbour_is_no_paper_for_me() -> None:
    assert listed().payees_of(person(1).id) == (self_payee(recipient(1)), OWN)
    assert listed().payees_of(person(2).id) == (self_payee(recipient(2)), NEIGHBOURS)


def test_nobody_is_found_who_is_not_listed() -> None:
    with pytest.raises(KeyError):
        listed().payees_of(PersonId("p9"))


def test_months_are_told_oldest_first_then_by_programme_and_line() -> None:
    old = entitlement(1, month=9)
    other = replace(entitlement(1), id=EntitlementId("x"), programme=Programme.MERIT)
    later = replace(entitlement(1), id=EntitlementId("y"), line="Sheet1!9")
    foreign = entitlement(2)
    whole = listed(entitlements=(later, foreign, entitlement(1), other, old))
    told = whole.entitlements_of(person(1).id)
    same_month = sorted((entitlement(1), other, later), key=lambda each: (each.programme, each.line))
    assert told == (old, *same_month)


def test_an_entitlement_is_known_by_recipient_programme_period_kind_and_line() -> None:
    one = entitlement(1)
    others = (
        replace(one, recipient=PersonId("p2")),
        replace(one, programme=Programme.MERIT),
        replace(one, period=Period(2026, 10)),
        replace(one, kind=Kind.ARREARS),
        replace(one, line="Sheet1!2"),
    )
    assert len({each.key for each in (one, *others)}) == 6
    assert replace(one, id=EntitlementId("again"), amount=Vnd(1)).key == one.key


def test_the_newest_lease_of_an_entitlement_counts() -> None:
    first, second = (
        Lease(LeaseId(name), entitlement(1).id, DEVICE, EPOCH, Vnd(500_000), "0" * 32, NOON) for name in ("l1", "l2")
    )
    assert listed(leases=(first, second)).leases_by_entitlement() == {entitlement(1).id: second}


def test_a_policy_allows_nothing_that_the_district_did_not_say() -> None:
    policy = Policy()
    assert policy.level_b_programmes == ()
    assert (policy.override_cap, policy.override_day_cap, policy.override_times) == (0, 0, 0), "none without a word"
    assert policy.rounding == ()
    assert (policy.window_first_day, policy.window_last_day) == (1, 31)
    assert policy.address_cu_from_age == 80
    assert policy.max_days_without_checkpoint == 14
    assert policy.lease_grace_seconds == 2 * 86_400
    assert policy.override_cap == 0
    assert (policy.complaint_phone, policy.place, policy.receipt_page) == ("", "", "")
