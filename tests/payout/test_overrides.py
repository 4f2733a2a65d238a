"""Overrides (chi đặc cách): who agreed, how much, how often, and codes that are guessed at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.payout import actions, rules
from kiosk.payout import journal as j
from kiosk.payout.clock import TrustedTime
from kiosk.payout.code_facts import FREE_TRIES, WAIT_SECONDS
from kiosk.payout.evidence import NO_CHIP, Chain, Chip, ChipChecks, Integrity, Override
from kiosk.payout.names import (
    CodeKind,
    ConsentWay,
    DeviceId,
    Epoch,
    LeaseId,
    Level,
    OperatorId,
    OverrideReason,
    Programme,
    RefusalKey,
    ReversalReason,
    SessionId,
    UnixSeconds,
    VarianceReason,
    Vnd,
    VoidReason,
)
from kiosk.payout.paylist import Policy
from kiosk.payout.rules import Refusal
from tests.payout.days import HALF_MILLION, SIGNED, refused
from tests.payout.world import DAY, FLOAT, NOON, OPERATOR, SESSION, TAM, Book, entitlement, lease, opened, request

SAID = Override(OverrideReason.CARD_LOST, SIGNED, SIGNED, request="123456789012")
SHOWN = Override(OverrideReason.CHIP_BROKEN, SIGNED, SIGNED, ConsentWay.CARD, OperatorId("lan"))
CAPS = Policy(override_cap=Vnd(500_000), override_day_cap=Vnd(1_000_000), override_times=2)
ISSUER_UNKNOWN = ChipChecks(Integrity.PASSED, Chain.UNKNOWN_ISSUER, Chip.PASSED)


def without_chip(
    number: int = 1, months: tuple[int, ...] = (11,), override: Override | None = SAID, at: int = NOON, **caps: int
) -> rules.Request:
    asked = request(number, months)
    seen = replace(asked.evidence, checks=NO_CHIP, active_authentication=False)
    leases = {owed: replace(each, expires_at=UnixSeconds(at + DAY)) for owed, each in asked.leases.items()}
    policy = replace(CAPS, **{name: Vnd(value) for name, value in caps.items()})
    time = TrustedTime(UnixSeconds(at), True, UnixSeconds(0))
    return replace(asked, evidence=seen, leases=leases, policy=policy, override=override, time=time)


def pay(book: Book, asked: rules.Request) -> j.PayoutAuthorised:
    book.now = asked.time.now
    fact = rules.authorise(asked, book.standing)
    assert isinstance(fact, j.PayoutAuthorised), fact
    book.write(fact)
    book.write(j.PayoutCompleted(fact.payout, HALF_MILLION.counts, (0,) * len(HALF_MILLION.counts), signature=SIGNED))
    return fact


def no(asked: rules.Request, book: Book) -> RefusalKey | None:
    answer = rules.offer(asked, book.standing)
    return answer.key if isinstance(answer, Refusal) else None


@pytest.mark.parametrize("agreed", [SAID, SHOWN])
def test_an_override_pays_at_level_c_and_says_who_agreed(agreed: Override) -> None:
    book = opened()
    fact = rules.authorise(without_chip(override=agreed), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    assert (fact.level, fact.override) == (Level.C, agreed)
    assert "override only" in refused(book, replace(fact, override=None))
    assert "override only" in refused(book, replace(fact, level=Level.A))
    book.write(fact)
    assert book.standing.payouts[fact.payout].overridden


@pytest.mark.parametrize(
    "agreed",
    [
        replace(SHOWN, given_by=OPERATOR),
        replace(SHOWN, given_by=OperatorId("")),
        replace(SAID, given_by=OperatorId("lan")),
    ],
)
def test_the_fold_takes_no_consent_of_nobody_or_of_oneself(agreed: Override) -> None:
    book = opened()
    fact = rules.authorise(without_chip(), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    said = refused(book, replace(fact, override=agreed))
    assert "own override" in said or "names its supervisor" in said


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (without_chip(override=None), RefusalKey.LEVEL_TOO_LOW),
        (without_chip(override_cap=0), RefusalKey.OVERRIDE_NOT_ALLOWED),
        (without_chip(override_cap=1), RefusalKey.OVERRIDE_OVER_CAP),
        (without_chip(override=replace(SHOWN, given_by=OPERATOR)), RefusalKey.OVERRIDE_NOT_SUPERVISOR),
        (without_chip(override_cap=499_999), RefusalKey.OVERRIDE_OVER_CAP),
        (without_chip(override_day_cap=499_999), RefusalKey.OVERRIDE_OVER_DAY_CAP),
        (without_chip(override_times=0), RefusalKey.OVERRIDE_TOO_OFTEN),
        (without_chip(override_cap=500_000, override_day_cap=500_000, override_times=1), None),
    ],
)
def test_an_override_needs_consent_and_stays_within_the_caps(asked: rules.Request, expected: RefusalKey | None) -> None:
    assert no(asked, opened()) is expected


def test_an_agents_day_has_a_cap_and_the_next_day_begins_anew() -> None:
    book = opened()
    pay(book, without_chip(1))
    pay(book, without_chip(2))
    assert no(without_chip(3), book) is RefusalKey.OVERRIDE_OVER_DAY_CAP
    assert no(without_chip(3, at=NOON + 12 * 3_600 - 1), book) is RefusalKey.OVERRIDE_OVER_DAY_CAP, "23:59:59"
    assert no(without_chip(3, at=NOON + 12 * 3_600), book) is None, "midnight in Vietnam"
    assert no(replace(request(3)), book) is None, "with a card she is paid at once"


def test_who_is_paid_so_again_and_again_has_to_have_the_card_put_right() -> None:
    book, month = opened(), 31 * DAY
    pay(book, without_chip(months=(9,)))
    pay(book, without_chip(months=(10,), at=NOON + month))
    last = NOON + 92 * DAY
    assert no(without_chip(at=last - 1), book) is RefusalKey.OVERRIDE_TOO_OFTEN
    assert no(without_chip(2, at=last - 1), book) is None, "somebody else"
    assert no(without_chip(at=last), book) is None, "the first is three months ago"


def test_what_was_taken_back_counts_no_more() -> None:
    book = opened()
    fact = pay(book, without_chip(override_times=1))
    assert no(without_chip(months=(10,), override_times=1), book) is RefusalKey.OVERRIDE_TOO_OFTEN
    back = actions.reverse(book.standing, fact.payout, ReversalReason.WRONG_PERSON, HALF_MILLION, TAM, "bưu cục")
    assert isinstance(back, j.PayoutReversed)
    book.write(back)
    assert no(without_chip(months=(10,), override_times=1), book) is None


def test_what_a_card_proved_counts_for_no_cap() -> None:
    book = opened()
    pay(book, request(months=(10,)))
    assert no(without_chip(override_day_cap=500_000, override_times=1), book) is None


def test_each_agent_has_a_day_of_the_own() -> None:
    book, left, minh = opened(), FLOAT - HALF_MILLION - HALF_MILLION, OperatorId("minh")
    pay(book, without_chip(1))
    pay(book, without_chip(2))
    book.write(j.SessionClosed(SESSION, OPERATOR, left.amount, left.counts, Vnd(0), VarianceReason.NONE))
    book.write(j.SessionOpened(SessionId("s2"), minh, left.amount, left.counts, "quỹ"))
    assert no(replace(without_chip(3), operator=minh), book) is None


def test_a_chip_that_proves_the_person_needs_no_override() -> None:
    fact = rules.authorise(replace(request(), override=SAID), opened().standing)
    assert isinstance(fact, j.PayoutAuthorised)
    assert (fact.level, fact.override) == (Level.A, None)


def test_level_b_that_the_programme_does_not_take_is_paid_by_override_as_c() -> None:
    asked = replace(without_chip(), evidence=replace(request().evidence, checks=ISSUER_UNKNOWN, key_pinned=True))
    fact = rules.authorise(asked, opened().standing)
    assert isinstance(fact, j.PayoutAuthorised)
    assert (fact.level, fact.override) == (Level.C, SAID)
    allowed = replace(asked, policy=replace(CAPS, level_b_programmes=(Programme.SOCIAL_PENSION,)))
    fact = rules.authorise(allowed, opened().standing)
    assert isinstance(fact, j.PayoutAuthorised)
    assert (fact.level, fact.override) == (Level.B, None)


# -- codes ------------------------------------------------------------------------------------------------------------


def wrong(book: Book, kind: CodeKind, times: int) -> None:
    for _ in range(times):
        book.write(actions.code_refused(book.standing, kind, RefusalKey.RELEASE_CODE_WRONG, OPERATOR))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(CodeKind.LEASE, RefusalKey.RELEASE_CODE_LOCKED), (CodeKind.OVERRIDE, RefusalKey.OVERRIDE_CODE_LOCKED)],
)
def test_five_wrong_codes_in_a_row_cost_an_hour_each_further_one(kind: CodeKind, expected: RefusalKey) -> None:
    book = opened()
    now = TrustedTime(NOON, True, UnixSeconds(0))
    wrong(book, kind, FREE_TRIES - 1)
    assert actions.try_code(book.standing, kind, now) is None
    wrong(book, kind, 1)
    assert actions.try_code(book.standing, kind, now) == Refusal(expected)
    other = CodeKind.OVERRIDE if kind is CodeKind.LEASE else CodeKind.LEASE
    assert actions.try_code(book.standing, other, now) is None
    assert actions.try_code(book.standing, kind, replace(now, now=UnixSeconds(NOON - DAY))) == Refusal(expected)
    assert actions.try_code(book.standing, kind, replace(now, now=UnixSeconds(NOON + WAIT_SECONDS - 1)))
    later = replace(now, now=UnixSeconds(NOON + WAIT_SECONDS))
    assert actions.try_code(book.standing, kind, later) is None
    book.now = later.now
    wrong(book, kind, 1)
    assert actions.try_code(book.standing, kind, later) == Refusal(expected)


def test_the_limit_of_codes_and_their_word_in_the_journal_stand() -> None:
    assert (FREE_TRIES, WAIT_SECONDS, j.CodeRefused.TAG) == (5, 3_600, "code_refused")


def test_a_clock_that_was_put_back_does_not_shorten_the_hour() -> None:
    book = opened()
    wrong(book, CodeKind.LEASE, FREE_TRIES - 1)
    book.now = UnixSeconds(NOON - DAY)
    wrong(book, CodeKind.LEASE, 1)
    said = actions.try_code(book.standing, CodeKind.LEASE, TrustedTime(NOON, True, UnixSeconds(0)))
    assert said == Refusal(RefusalKey.RELEASE_CODE_LOCKED)


def test_no_wrong_code_is_left_out_of_the_counting() -> None:
    book = opened()
    again = actions.code_refused(book.standing, CodeKind.LEASE, RefusalKey.RELEASE_CODE_WRONG, OPERATOR)
    book.write(again)
    assert "one by one" in refused(book, again)


def test_the_right_code_ends_the_counting() -> None:
    book = opened()
    wrong(book, CodeKind.LEASE, FREE_TRIES)
    wrong(book, CodeKind.OVERRIDE, FREE_TRIES)
    book.write(j.LeaseTaken(LeaseId("far"), lease(entitlement()).device, OPERATOR))
    assert set(book.standing.tries) == {CodeKind.OVERRIDE}
    fact = rules.authorise(without_chip(override=SHOWN), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    book.write(fact)
    assert set(book.standing.tries) == {CodeKind.OVERRIDE}, "a card says nothing about codes"
    book.write(j.PayoutVoided(fact.payout, VoidReason.OPERATOR_ERROR, Vnd(0)))
    fact = rules.authorise(without_chip(), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    book.write(fact)
    assert not book.standing.tries


def test_an_override_needs_a_live_lease_all_the_same() -> None:
    book = opened()
    asked = without_chip()
    foreign = {owed: replace(each, epoch=Epoch(9)) for owed, each in asked.leases.items()}
    assert no(replace(asked, leases=foreign), book) is RefusalKey.LEASE_OTHER_EPOCH
    other = {owed: replace(each, device=DeviceId("OTHER")) for owed, each in asked.leases.items()}
    assert no(replace(asked, leases=other), book) is RefusalKey.LEASE_OTHER_DEVICE
