"""The district's dated rounding rule: the newest one that has begun, and nothing without one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.payout import journal as j
from kiosk.payout import rules
from kiosk.payout.cash import Notes
from kiosk.payout.names import EntitlementId, Kind, LeaseId, RefusalKey, Vnd
from kiosk.payout.paylist import Policy
from kiosk.payout.rounding import RoundingRule, RoundingWay, payable
from kiosk.payout.rules import Refusal
from tests.payout.days import refused
from tests.payout.world import Book, entitlement, lease, opened, request

DAY = date(2026, 11, 9)


def on(owed: int, *rules: tuple[str, str]) -> int | None:
    return payable(Vnd(owed), tuple(RoundingRule(since, RoundingWay(way)) for since, way in rules), DAY)


@pytest.mark.parametrize(
    ("owed", "way", "paid"),
    [
        (1_499, "nearest", 1_000),
        (1_500, "nearest", 2_000),
        (1_501, "nearest", 2_000),
        (1_999, "down", 1_000),
        (1_001, "up", 2_000),
        (500, "nearest", 1_000),
    ],
)
def test_each_way_goes_to_a_whole_note(owed: int, way: str, paid: int) -> None:
    assert on(owed, ("2026-11-09", way)) == paid


@pytest.mark.parametrize("owed", [1_000, 500_000])
def test_what_notes_make_is_paid_as_it_is(owed: int) -> None:
    assert on(owed) == owed
    assert on(owed, ("2026-11-09", "up")) == owed


@pytest.mark.parametrize("owed", [0, -1_000, -500])
def test_nothing_and_less_is_never_paid(owed: int) -> None:
    assert on(owed) is None
    assert on(owed, ("2026-01-01", "up")) is None


def test_a_rule_holds_from_its_day_until_the_next() -> None:
    assert on(1_500) is None
    assert on(1_500, ("2026-11-10", "down")) is None, "tomorrow's"
    assert on(1_500, ("2026-11-09", "down")) == 1_000, "today's"
    two = (("2026-10-01", "up"), ("2026-11-01", "down"))
    assert on(1_500, *two) == on(1_500, *reversed(two)) == 1_000
    assert on(1_500, ("2026-10-01", "up"), ("2026-11-10", "down")) == 2_000


def test_what_rounds_to_nothing_waits() -> None:
    assert on(400, ("2026-11-01", "down")) is None


@pytest.mark.parametrize("since", ["2026-1-09", "20261109", "soon"])
def test_a_rule_begins_on_a_day(since: str) -> None:
    with pytest.raises(ValueError, match=r"day|isoformat"):
        RoundingRule(since, RoundingWay.DOWN)


def test_a_sum_below_the_smallest_note_waits_for_the_rounding_rule() -> None:
    odd = entitlement(amount=372_650)
    asked = replace(request(), entitlements=(odd,), leases={odd.id: lease(odd)})
    assert rules.offer(asked, opened().standing) == Refusal(RefusalKey.AWAITS_ROUNDING, odd.id)


def small_notes() -> Book:
    book = Book()
    book.open_session(Notes.of({100_000: 5, 50_000: 2, 20_000: 5, 2_000: 2, 1_000: 2}))
    return book


def rounded(way: RoundingWay, owed: int = 372_650, since: str = "2026-11-09") -> rules.Request:
    odd = entitlement(amount=owed)
    policy = Policy(rounding=(RoundingRule(since, way),))
    return replace(request(), entitlements=(odd,), leases={odd.id: lease(odd)}, policy=policy)


@pytest.mark.parametrize(("way", "paid", "rest"), [("down", 372_000, 650), ("nearest", 373_000, -350)])
def test_from_the_day_of_the_rule_the_sum_is_paid_in_notes_and_the_rest_is_written_down(
    way: str, paid: int, rest: int
) -> None:
    fact = rules.authorise(rounded(RoundingWay(way)), small_notes().standing)
    assert isinstance(fact, j.PayoutAuthorised)
    assert (fact.total, [(each.amount, each.rounding) for each in fact.lines]) == (paid, [(paid, rest)])
    assert j.decode(j.encode(small_notes().next_entry(fact))).fact == fact
    early = rules.offer(rounded(RoundingWay(way), since="2026-11-10"), small_notes().standing)
    assert early == Refusal(RefusalKey.AWAITS_ROUNDING, entitlement().id), "not before its day"


def test_a_rule_changes_no_sum_that_notes_make() -> None:
    fact = rules.authorise(rounded(RoundingWay.UP, 500_000), small_notes().standing)
    assert isinstance(fact, j.PayoutAuthorised)
    assert (fact.total, fact.lines[0].rounding) == (500_000, None)


def test_the_fold_takes_no_rounding_of_a_note_or_more() -> None:
    book = small_notes()
    fact = rules.authorise(rounded(RoundingWay.DOWN), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    for amount, rest in ((372_000, 1_000), (372_000, -1_000), (372_000, 0), (372_650, 350)):
        line = replace(fact.lines[0], amount=Vnd(amount), rounding=Vnd(rest))
        assert "rounded" in refused(book, replace(fact, total=Vnd(amount), lines=(line,)))
        other = replace(line, amount=Vnd(1_000), rounding=None, entitlement=EntitlementId("o"), lease=LeaseId("o"))
        assert "rounded" in refused(book, replace(fact, total=Vnd(amount + 1_000), lines=(other, line)))
    for rest in (999, 1, -999):
        again = small_notes()
        again.write(replace(fact, lines=(replace(fact.lines[0], rounding=Vnd(rest)),)))


def test_rests_that_made_a_note_are_paid_beside_the_month_to_the_last_note() -> None:
    """The district owes them as a difference (``agent_sync.district.rests``); no rule is needed to pay it."""
    asked = request()
    rest = replace(entitlement(amount=1_000), id=EntitlementId("e1-rest"), kind=Kind.DIFFERENCE, line="rest-1")
    owed = (*asked.entitlements, rest)
    both = replace(asked, entitlements=owed, leases={each.id: lease(each) for each in owed})
    book = Book()
    book.open_session(Notes.of({500_000: 1, 1_000: 1}))
    offered = rules.offer(both, book.standing)
    assert isinstance(offered, rules.PayoutOffer)
    assert [(each.kind, each.amount, each.rounding) for each in offered.lines] == [
        (Kind.MONTHLY, 500_000, None), (Kind.DIFFERENCE, 1_000, None)
    ]  # fmt: skip
    assert (offered.total, offered.hand_over.give.pieces) == (501_000, 2)
