"""Every reason to say no, one field away from a request that is paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.payout import actions, rules
from kiosk.payout import journal as j
from kiosk.payout.cash import NO_NOTES, Notes
from kiosk.payout.clock import TrustedTime
from kiosk.payout.evidence import NO_CHIP, CardDoubt, Chain, Chip, ChipChecks, Integrity
from kiosk.payout.names import (
    CitizenNumber,
    DeviceId,
    Epoch,
    Level,
    Method,
    Mode,
    OperatorId,
    Outcome,
    PayoutId,
    Programme,
    RefusalKey,
    ReversalReason,
    Role,
    SessionId,
    UnixSeconds,
    VarianceReason,
    Vnd,
    VoidReason,
)
from kiosk.payout.paylist import Policy
from kiosk.payout.people import Payee
from kiosk.payout.standing import Standing
from tests.payout.days import HALF_MILLION
from tests.payout.world import (
    DAY,
    FLOAT,
    NOON,
    OPERATOR,
    SESSION,
    TAM,
    Book,
    entitlement,
    lease,
    opened,
    person,
    recipient,
    request,
    spoil,
)


def refused(asked: rules.Request, standing: Standing) -> RefusalKey | None:
    """The key of the refusal, or None when an offer was made."""
    answer = rules.offer(asked, standing)
    return answer.key if isinstance(answer, rules.Refusal) else None


def completed(book: Book, number: int = 1, months: tuple[int, ...] = (11,)) -> PayoutId:
    """Pay one request from offer to signature."""
    fact = rules.authorise(request(number, months), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    offer = rules.offer(request(number, months), book.standing)
    assert isinstance(offer, rules.PayoutOffer)
    book.write(fact)
    give, back = offer.hand_over.give.counts, offer.hand_over.back.counts
    book.write(j.PayoutCompleted(fact.payout, give, back, signature=j.GENESIS))
    return fact.payout


def test_a_good_request_is_offered_in_full() -> None:
    answer = rules.offer(request(months=(10, 11)), opened().standing)
    assert isinstance(answer, rules.PayoutOffer)
    assert answer.total == 1_000_000
    assert [line.period for line in answer.lines] == ["2026-10", "2026-11"]
    assert answer.level is Level.A
    assert answer.hand_over.amount == 1_000_000
    assert list(answer.nonces) == sorted(answer.nonces)
    assert len(answer.nonces) == 2


def _payee(role: Role, **terms: object) -> Payee:
    return Payee(role, person(2, "Trần Thị Lan"), recipient().person.id, **terms)  # type: ignore[arg-type]


LATER = UnixSeconds(NOON + 21 * DAY)
SPOILED: list[tuple[str, dict[str, object], RefusalKey]] = [
    ("halted", {"halted": RefusalKey.ROLLED_BACK}, RefusalKey.ROLLED_BACK),
    ("unproven", {"time": TrustedTime(NOON, False, UnixSeconds(0))}, RefusalKey.TIME_NOT_PROVEN),
    ("floor", {"time": TrustedTime(NOON, True, UnixSeconds(NOON + 1))}, RefusalKey.BELOW_TIME_FLOOR),
    ("nothing", {"entitlements": ()}, RefusalKey.NOTHING_DUE),
    ("other person's line", {"entitlements": (entitlement(2),)}, RefusalKey.MIXED_RECIPIENTS),
    ("twice", {"entitlements": (entitlement(), entitlement())}, RefusalKey.REPEATED_ENTITLEMENT),
    ("held", {"entitlements": (replace(entitlement(), held=True),)}, RefusalKey.ENTITLEMENT_HELD),
    ("bank", {"entitlements": (replace(entitlement(), method=Method.BANK),)}, RefusalKey.NOT_CASH),
    ("no lease", {"leases": {}}, RefusalKey.NO_LEASE),
    ("sum edited", {"entitlements": (entitlement(amount=600_000),)}, RefusalKey.SUM_CHANGED),
    ("window", {"policy": Policy(window_last_day=8)}, RefusalKey.OUTSIDE_WINDOW),
    ("before window", {"policy": Policy(window_first_day=10)}, RefusalKey.OUTSIDE_WINDOW),
    ("stranger's card", {"evidence__number": CitizenNumber("099000000077")}, RefusalKey.NOT_A_PAYEE),
    (
        "altered",
        {"evidence__checks": ChipChecks(Integrity.FAILED, Chain.PASSED, Chip.PASSED)},
        RefusalKey.CARD_ALTERED,
    ),
    (
        "cloned",
        {"evidence__checks": ChipChecks(Integrity.PASSED, Chain.PASSED, Chip.FAILED)},
        RefusalKey.CARD_NOT_GENUINE,
    ),
    (
        "false issuer",
        {"evidence__checks": ChipChecks(Integrity.PASSED, Chain.FAILED, Chip.PASSED)},
        RefusalKey.CARD_NOT_GENUINE,
    ),
    (
        "revoked",
        {"evidence__checks": ChipChecks(Integrity.PASSED, Chain.REVOKED, Chip.PASSED)},
        RefusalKey.CARD_REVOKED,
    ),
    ("revoked chip", {"evidence__key_revoked": True}, RefusalKey.CHIP_REVOKED),
    ("expired card", {"evidence__card_expires": date(2026, 11, 8)}, RefusalKey.CARD_EXPIRED),
    ("two numbers", {"evidence__doubts": (CardDoubt.CARD_NUMBER,)}, RefusalKey.ANOTHER_PERSON),
    (
        "another person's number",
        {"evidence__doubts": (CardDoubt.LIST_NAME, CardDoubt.LIST_BIRTH)},
        RefusalKey.ANOTHER_PERSON,
    ),
    ("no face", {"evidence__face_confirmed": False}, RefusalKey.FACE_NOT_CONFIRMED),
    ("card left", {"evidence__card_left": True}, RefusalKey.CARD_LEFT),
    (
        "card of an observed signer left",
        {
            "evidence__checks": ChipChecks(Integrity.PASSED, Chain.UNKNOWN_ISSUER, Chip.PASSED),
            "evidence__active_authentication": True,
            "evidence__signer_observed": True,
            "evidence__card_left": True,
        },
        RefusalKey.CARD_LEFT,
    ),
    ("no chip", {"evidence__checks": NO_CHIP}, RefusalKey.LEVEL_TOO_LOW),
    (
        "unknown issuer",
        {"evidence__checks": ChipChecks(Integrity.PASSED, Chain.UNKNOWN_ISSUER, Chip.PASSED)},
        RefusalKey.LEVEL_TOO_LOW,
    ),
    ("dead", {"recipient": replace(recipient(), deceased_on="2026-11-01")}, RefusalKey.RECIPIENT_DECEASED),
]


@pytest.mark.parametrize(("name", "changes", "key"), SPOILED, ids=[each[0] for each in SPOILED])
def test_one_wrong_thing_is_refused_by_its_name(name: str, changes: dict[str, object], key: RefusalKey) -> None:
    assert refused(spoil(request(), **changes), opened().standing) is key


def test_one_doubt_alone_is_written_down_and_pays() -> None:
    for doubt in set(CardDoubt) - {CardDoubt.CARD_NUMBER}:
        asked = spoil(request(), evidence__doubts=(doubt,))
        fact = rules.authorise(asked, opened().standing)
        assert isinstance(fact, j.PayoutAuthorised), fact
        assert (fact.doubts, fact.level) == ((doubt,), Level.A)


def test_the_last_day_of_card_and_window_still_count() -> None:
    fine = spoil(request(), policy=Policy(window_first_day=9, window_last_day=9))
    assert refused(fine, opened().standing) is None
    assert refused(spoil(request(), evidence__card_expires=date(2026, 11, 9)), opened().standing) is None


def test_without_a_session_nothing_is_paid() -> None:
    assert refused(request(), Book().standing) is RefusalKey.NO_SESSION


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"device": DeviceId("OTHER")}, RefusalKey.LEASE_OTHER_DEVICE),
        ({"epoch": Epoch(9)}, RefusalKey.LEASE_OTHER_EPOCH),
        ({"expires_at": NOON}, RefusalKey.LEASE_EXPIRED),
        ({"amount": Vnd(499_000)}, RefusalKey.SUM_CHANGED),
    ],
)
def test_a_lease_must_be_live_and_exact(change: dict[str, object], key: RefusalKey) -> None:
    owed = entitlement()
    spoiled = replace(lease(owed), **change)  # type: ignore[arg-type]
    assert refused(spoil(request(), leases={owed.id: spoiled}), opened().standing) is key


def test_a_lease_is_expired_when_only_the_floor_says_so() -> None:
    book = opened()
    book.now = LATER
    book.write(j.DeviceStarted("1", True))
    late = spoil(request(), time=TrustedTime(LATER, True, UnixSeconds(0)))
    assert refused(late, book.standing) is RefusalKey.LEASE_EXPIRED


def test_a_clock_behind_the_journal_is_below_the_floor() -> None:
    book = opened()
    book.now = UnixSeconds(NOON + 60)
    book.write(j.DeviceStarted("1", True))
    assert refused(request(), book.standing) is RefusalKey.BELOW_TIME_FLOOR


def test_a_released_lease_pays_nothing() -> None:
    book = opened()
    book.write(j.LeaseReleased(lease(entitlement()).id, DeviceId("KIOSK"), OPERATOR))
    assert refused(request(), book.standing) is RefusalKey.LEASE_RELEASED


def test_the_second_payment_of_an_entitlement_is_refused() -> None:
    book = opened()
    completed(book)
    assert refused(request(), book.standing) is RefusalKey.ALREADY_PAID
    assert refused(request(months=(10, 11)), book.standing) is RefusalKey.ALREADY_PAID
    assert refused(request(months=(10,)), book.standing) is None


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"held": True}, RefusalKey.ENTITLEMENT_HELD),
        ({"method": Method.BANK}, RefusalKey.NOT_CASH),
        ({"method": Method.WALLET}, RefusalKey.NOT_CASH),
        ({"method": Method.BANK, "held": True}, RefusalKey.ENTITLEMENT_HELD),
    ],
)
def test_what_goes_another_way_is_not_handed_out_too(change: dict[str, object], key: RefusalKey) -> None:
    sent = spoil(request(), entitlements=(replace(entitlement(), **change),))  # type: ignore[arg-type]
    assert refused(sent, opened().standing) is key
    book = opened()
    completed(book)
    assert refused(sent, book.standing) is RefusalKey.ALREADY_PAID, "and the other way round: cash was first"


def test_a_reversed_payout_needs_a_new_lease() -> None:
    book = opened()
    paid = completed(book)
    fact = actions.reverse(book.standing, paid, ReversalReason.WRONG_PERSON, HALF_MILLION, TAM, "bưu cục")
    assert isinstance(fact, j.PayoutReversed)
    book.write(fact)
    assert refused(request(), book.standing) is RefusalKey.LEASE_SPENT


def test_one_payout_at_a_time_and_the_uncertain_one_first() -> None:
    book = opened()
    fact = rules.authorise(request(), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    book.write(fact)
    assert refused(request(2), book.standing) is RefusalKey.PAYOUT_OPEN
    book.write(j.DeviceStarted("1", True))
    assert refused(request(2), book.standing) is RefusalKey.UNCERTAIN_OPEN
    resolved = actions.resolve(book.standing, fact.payout, Outcome.NOT_PAID, FLOAT.amount, OPERATOR)
    assert isinstance(resolved, j.UncertainResolved)
    book.write(resolved)
    assert refused(request(), book.standing) is None


def test_simulated_evidence_pays_only_in_practice() -> None:
    asked = spoil(request(), evidence__simulated=True)
    assert refused(asked, opened(Mode.PRODUCTION).standing) is RefusalKey.SIMULATED_IN_PRODUCTION
    answer = rules.offer(asked, opened().standing)
    assert isinstance(answer, rules.PayoutOffer)
    assert answer.simulated


@pytest.mark.parametrize(
    ("terms", "key"),
    [
        ({}, None),
        ({"valid_until": "2026-11-09"}, None),
        ({"valid_until": "2026-11-08"}, RefusalKey.PAYEE_TERM_ENDED),
        ({"valid_from": "2026-11-09"}, None),
        ({"valid_from": "2026-11-10"}, RefusalKey.PAYEE_NOT_YET),
        ({"programmes": (Programme.SOCIAL_PENSION,)}, None),
        ({"programmes": (Programme.MERIT,)}, RefusalKey.PAYEE_OUT_OF_SCOPE),
    ],
)
@pytest.mark.parametrize("role", [Role.ALTERNATE, Role.GUARDIAN])
def test_an_alternate_receives_within_term_and_scope(
    role: Role, terms: dict[str, object], key: RefusalKey | None
) -> None:
    asked = spoil(request(), payee=_payee(role, **terms), evidence__number=person(2).number)
    assert refused(asked, opened().standing) is key


def test_a_payee_of_somebody_else_is_no_payee() -> None:
    other = Payee(Role.ALTERNATE, person(2), recipient(3).person.id)
    asked = spoil(request(), payee=other, evidence__number=person(2).number)
    assert refused(asked, opened().standing) is RefusalKey.NOT_A_PAYEE


@pytest.mark.parametrize(
    ("died", "month", "role", "key"),
    [
        ("2026-10-20", 10, Role.RELATIVE_OF_DECEASED, None),
        ("2026-10-20", 11, Role.RELATIVE_OF_DECEASED, RefusalKey.RECIPIENT_DECEASED),
        ("2026-10-20", 10, Role.ALTERNATE, RefusalKey.RECIPIENT_DECEASED),
        (None, 10, Role.RELATIVE_OF_DECEASED, RefusalKey.PAYEE_OUT_OF_SCOPE),
    ],
)
def test_after_a_death_a_relative_receives_up_to_its_month(
    died: str | None, month: int, role: Role, key: RefusalKey | None
) -> None:
    asked = spoil(
        request(months=(month,)),
        recipient=replace(recipient(), deceased_on=died),
        payee=_payee(role),
        evidence__number=person(2).number,
    )
    assert refused(asked, opened().standing) is key


@pytest.mark.parametrize("how", ["evidence__signer_observed", "evidence__key_pinned"])
def test_level_b_pays_where_the_programme_allows(how: str) -> None:
    unknown = ChipChecks(Integrity.PASSED, Chain.UNKNOWN_ISSUER, Chip.PASSED)
    asked = spoil(request(), evidence__checks=unknown, **{how: True})
    assert refused(asked, opened().standing) is RefusalKey.LEVEL_TOO_LOW
    allowed = spoil(asked, policy=Policy(level_b_programmes=(Programme.SOCIAL_PENSION,)))
    answer = rules.offer(allowed, opened().standing)
    assert isinstance(answer, rules.PayoutOffer)
    assert answer.level is Level.B
    without_aa = spoil(allowed, evidence__active_authentication=False)
    assert refused(without_aa, opened().standing) is RefusalKey.LEVEL_TOO_LOW


@pytest.mark.parametrize("notes", [NO_NOTES, Notes.of({500_000: 0, 200_000: 2})])
def test_never_short(notes: Notes) -> None:
    book = Book()
    book.open_session(notes)
    assert refused(request(), book.standing) is RefusalKey.NOT_ENOUGH_CASH


def test_enough_money_but_no_notes_that_make_the_sum() -> None:
    book = Book()
    book.open_session(Notes.of({200_000: 10}))
    answer = rules.offer(request(), book.standing)
    assert isinstance(answer, rules.PayoutOffer), "600.000 and 100.000 back"
    assert answer.hand_over.back == Notes.of({100_000: 1})
    odd = entitlement(amount=503_000)
    asked = spoil(request(), entitlements=(odd,), leases={odd.id: lease(odd)})
    assert refused(asked, book.standing) is RefusalKey.NOT_ENOUGH_CASH


def test_authorise_runs_the_rules_again() -> None:
    book = opened()
    completed(book)
    again = rules.authorise(request(), book.standing)
    assert isinstance(again, rules.Refusal)
    assert again.key is RefusalKey.ALREADY_PAID


def test_only_what_is_open_can_be_voided_and_only_what_was_paid_reversed() -> None:
    book = opened()
    fact = rules.authorise(request(), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    book.write(fact)
    assert actions.reverse(
        book.standing, fact.payout, ReversalReason.WRONG_SUM, HALF_MILLION, TAM, "x"
    ) == rules.Refusal(RefusalKey.PAYOUT_OPEN, fact.payout)
    voided = actions.void(book.standing, fact.payout, VoidReason.RECIPIENT_DECLINED, FLOAT.amount)
    assert isinstance(voided, j.PayoutVoided)
    book.write(voided)
    assert isinstance(actions.void(book.standing, fact.payout, VoidReason.OPERATOR_ERROR, FLOAT.amount), rules.Refusal)
    nobody = actions.resolve(book.standing, fact.payout, Outcome.PAID, Vnd(0), OPERATOR)
    assert isinstance(nobody, rules.Refusal)


def test_sessions_open_once_and_close_with_a_reason() -> None:
    book = opened()
    again = actions.open_session(book.standing, SessionId("s2"), OperatorId("ba"), FLOAT, "quỹ")
    assert isinstance(again, rules.Refusal)
    completed(book)
    left = book.standing.session
    assert left is not None
    short = actions.close_session(book.standing, OPERATOR, NO_NOTES, VarianceReason.NONE, "")
    assert short == rules.Refusal(RefusalKey.VARIANCE_UNEXPLAINED, SESSION)
    fact = actions.close_session(book.standing, OPERATOR, left.drawer, VarianceReason.NONE, "")
    assert isinstance(fact, j.SessionClosed)
    assert fact.variance == 0
    book.write(fact)
    assert book.standing.session is None
    closed_twice = actions.close_session(book.standing, OPERATOR, NO_NOTES, VarianceReason.NONE, "")
    assert closed_twice == rules.Refusal(RefusalKey.NO_SESSION)


def test_no_session_closes_over_an_open_payout() -> None:
    book = opened()
    fact = rules.authorise(request(), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    book.write(fact)
    answer = actions.close_session(book.standing, OPERATOR, FLOAT, VarianceReason.COUNTING, "")
    assert answer == rules.Refusal(RefusalKey.UNCERTAIN_OPEN, fact.payout)
