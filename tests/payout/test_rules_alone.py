"""Each money rule asked by itself: one that hides behind an earlier rule would be missed when that one moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.payout import actions, rules
from kiosk.payout import journal as j
from kiosk.payout.cash import NO_NOTES, Notes
from kiosk.payout.clock import TrustedTime
from kiosk.payout.evidence import Chain, Chip, ChipChecks, Integrity
from kiosk.payout.names import (
    Digest,
    EntitlementId,
    LeaseId,
    Level,
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
from kiosk.payout.rules import Refusal
from kiosk.payout.standing import Standing, Status
from tests.payout.days import HALF_MILLION
from tests.payout.world import (
    DEVICE,
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

EVER = UnixSeconds(NOON + 99 * 86_400)
UNKNOWN = ChipChecks(Integrity.PASSED, Chain.UNKNOWN_ISSUER, Chip.PASSED)


def no_session(standing: Standing) -> Standing:
    return replace(standing, session=None)


def authorised(book: Book, number: int = 1) -> j.PayoutAuthorised:
    fact = rules.authorise(request(number), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    book.write(fact)
    return fact


def test_the_rules_and_their_order() -> None:
    """The order is what the operator is told first; a rule that is not in the list is not asked."""
    assert [rule.__name__ for rule in rules.RULES] == [
        "session_is_open",
        "session_is_ones_own",
        "nothing_is_pending",
        "device_may_pay",
        "time_is_trusted",
        "simulation_stays_in_practice",
        "entitlements_are_one_recipient",
        "paid_at_most_once",
        "paid_in_cash",
        "sum_is_in_notes",
        "lease_is_live",
        "sum_is_the_leased_one",
        "within_the_window",
        "recipient_lives",
        "payee_may_receive",
        "card_is_believed",
        "one_person_is_meant",
        "face_is_confirmed",
        "level_is_enough",
        "cash_is_there",
    ]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_no_rule_minds_a_good_request(rule: rules.Rule) -> None:
    assert rule(request(months=(10, 11)), opened().standing) is None
    assert rule(request(), opened(Mode.PRODUCTION).standing) is None


def test_a_refusal_names_what_it_is_about() -> None:
    assert Refusal(RefusalKey.NO_SESSION).about == ""
    e10, e11 = entitlement(1, 10), entitlement(1, 11)
    standing = opened().standing
    for asked, refusal in (
        ({"entitlements": (e10, e11, e11)}, Refusal(RefusalKey.REPEATED_ENTITLEMENT, e11.id)),
        ({"entitlements": (e10, entitlement(2))}, Refusal(RefusalKey.MIXED_RECIPIENTS, entitlement(2).id)),
        ({"entitlements": ()}, Refusal(RefusalKey.NOTHING_DUE, recipient().person.id)),
        ({"entitlements": (e10, replace(e11, held=True))}, Refusal(RefusalKey.ENTITLEMENT_HELD, e11.id)),
        ({"leases": {e10.id: lease(e10)}}, Refusal(RefusalKey.NO_LEASE, e11.id)),
        ({"halted": RefusalKey.REVOKED}, Refusal(RefusalKey.REVOKED)),
    ):
        assert rules.offer(spoil(request(months=(10, 11)), **asked), standing) == refusal


def test_the_same_entitlement_under_two_ids_is_one() -> None:
    twin = replace(entitlement(), id=EntitlementId("other"))
    asked = spoil(request(), entitlements=(entitlement(), twin))
    assert rules.entitlements_are_one_recipient(asked, opened().standing) == Refusal(
        RefusalKey.REPEATED_ENTITLEMENT, entitlement().id
    )


@pytest.mark.parametrize(
    ("at", "day"), [("2026-11-08T16:59:59", date(2026, 11, 8)), ("2026-11-08T17:00:00", date(2026, 11, 9))]
)
def test_the_day_changes_at_midnight_in_vietnam(at: str, day: date) -> None:
    seconds = UnixSeconds(int(rules.datetime.fromisoformat(f"{at}+00:00").timestamp()))
    assert rules.local_day(seconds) == day


def test_the_hour_of_the_floor_itself_is_trusted() -> None:
    book = opened()
    at_floor = spoil(request(), time=TrustedTime(NOON, True, NOON))
    assert book.standing.proven_until == NOON
    assert rules.time_is_trusted(at_floor, book.standing) is None
    for floor, proven in ((NOON + 1, 0), (0, NOON + 1)):
        late = replace(book.standing, proven_until=UnixSeconds(proven))
        asked = spoil(request(), time=TrustedTime(NOON, True, UnixSeconds(floor)))
        assert rules.time_is_trusted(asked, late) == Refusal(RefusalKey.BELOW_TIME_FLOOR)


@pytest.mark.parametrize(
    ("now", "floor", "proven"), [(EVER, 0, 0), (NOON, EVER, 0), (NOON, 0, EVER)], ids=["now", "floor", "proven"]
)
def test_a_lease_expires_by_whichever_clock_is_latest(now: UnixSeconds, floor: int, proven: int) -> None:
    standing = replace(opened().standing, proven_until=UnixSeconds(proven))
    asked = spoil(request(), time=TrustedTime(now, True, UnixSeconds(floor)))
    assert rules.lease_is_live(asked, standing) == Refusal(RefusalKey.LEASE_EXPIRED, entitlement().id)


def test_a_lease_lives_until_the_second_before_it_expires() -> None:
    last = UnixSeconds(lease(entitlement()).expires_at - 1)
    assert rules.lease_is_live(spoil(request(), time=TrustedTime(last, True, last)), opened().standing) is None


def test_one_lease_does_not_pay_two_entitlements() -> None:
    """A table that gives one lease for both must not make one right into two payments."""
    first, second = request(months=(10, 11)).entitlements
    asked = spoil(request(months=(10, 11)), leases={first.id: lease(first), second.id: lease(first)})
    assert rules.offer(asked, opened().standing) == Refusal(RefusalKey.NO_LEASE, second.id)


@pytest.mark.parametrize(("amount", "leased", "ok"), [(0, 0, False), (-1, -1, False), (1, 1, True), (2, 1, False)])
def test_the_sum_is_the_leased_one_and_more_than_nothing(amount: int, leased: int, ok: bool) -> None:
    owed = entitlement(amount=amount)
    asked = spoil(request(), entitlements=(owed,), leases={owed.id: replace(lease(owed), amount=Vnd(leased))})
    said = rules.sum_is_the_leased_one(asked, opened().standing)
    assert said == (None if ok else Refusal(RefusalKey.SUM_CHANGED, owed.id))


def test_every_programme_must_allow_level_b() -> None:
    merit = replace(entitlement(1, 10), programme=Programme.MERIT)
    asked = spoil(
        request(),
        entitlements=(entitlement(), merit),
        policy=Policy(level_b_programmes=(Programme.SOCIAL_PENSION,)),
        evidence__checks=UNKNOWN,
        evidence__key_pinned=True,
    )
    assert rules.level_is_enough(asked, opened().standing) == Refusal(RefusalKey.LEVEL_TOO_LOW)
    both = spoil(asked, policy=Policy(level_b_programmes=(Programme.SOCIAL_PENSION, Programme.MERIT)))
    assert rules.level_is_enough(both, opened().standing) is None


def test_level_c_never_pays_by_itself() -> None:
    asked = spoil(request(), policy=Policy(level_b_programmes=tuple(Programme)), evidence__checks=UNKNOWN)
    assert rules.level(asked.evidence) is Level.C
    assert rules.level_is_enough(asked, opened().standing) == Refusal(RefusalKey.LEVEL_TOO_LOW)


def test_somebody_else_is_not_the_recipients_own_self() -> None:
    """Only a paper lets another person receive: the role alone must not."""
    asked = spoil(
        request(),
        payee=Payee(Role.SELF, person(2), recipient().person.id),
        evidence__number=person(2).number,
    )
    assert rules.offer(asked, opened().standing) == Refusal(RefusalKey.NOT_A_PAYEE, person(2).id)


def test_the_month_of_death_is_still_paid_and_the_next_is_not() -> None:
    dead = replace(recipient(), deceased_on="2026-10-01")
    relative = Payee(Role.RELATIVE_OF_DECEASED, person(2), recipient().person.id)
    both = spoil(request(months=(10, 11)), recipient=dead, payee=relative)
    dead_since = RefusalKey.RECIPIENT_DECEASED
    assert rules.recipient_lives(both, opened().standing) == Refusal(dead_since, EntitlementId("e1-11"))
    own = spoil(request(months=(10,)), recipient=dead)
    assert rules.recipient_lives(own, opened().standing) == Refusal(dead_since, recipient().person.id)


# -- M4: cash ------------------------------------------------------------------------------------------------------


def test_cash_must_be_there_in_sum_and_in_notes() -> None:
    short = Refusal(RefusalKey.NOT_ENOUGH_CASH)
    standing = opened().standing
    session = standing.session
    assert session is not None
    assert rules.cash_is_there(request(), no_session(standing)) == short
    exactly = replace(standing, session=replace(session, opening=Vnd(500_000), drawer=Notes.of({500_000: 1})))
    assert rules.cash_is_there(request(), exactly) is None
    wrong_notes = replace(standing, session=replace(session, drawer=Notes.of({50_000: 1})))
    assert rules.cash_is_there(request(), wrong_notes) == short
    assert rules.offer(request(), wrong_notes) == short


def test_the_balance_counts_even_when_the_drawer_seems_full() -> None:
    """After an uncertain payout the notes are a guess; the sum is not."""
    standing = opened().standing
    session = standing.session
    assert session is not None
    spent = replace(standing, session=replace(session, paid=Vnd(session.opening - 499_000)))
    assert rules.offer(request(), spent) == Refusal(RefusalKey.NOT_ENOUGH_CASH)


# -- what may be written afterwards --------------------------------------------------------------------------------


def test_the_fact_that_the_chip_signs_is_complete() -> None:
    book = opened()
    shown = Digest("cd" * 32)
    fact = rules.authorise(spoil(request(months=(10, 11)), evidence__attachment=shown), book.standing)
    e10, e11 = request(months=(10, 11)).entitlements
    pension, monthly = e10.programme, e10.kind
    assert fact == j.PayoutAuthorised(
        payout=PayoutId("KIT7-1-2"),
        device=DEVICE,
        epoch=book.standing.epoch,
        previous_head=book.standing.head,
        session=SESSION,
        operator=OPERATOR,
        recipient=person(1).id,
        payee=person(1).id,
        role=Role.SELF,
        lines=(
            j.AuthorisedLine(e10.id, LeaseId("l-e1-10"), pension, monthly, "2026-10", Vnd(500_000)),
            j.AuthorisedLine(e11.id, LeaseId("l-e1-11"), pension, monthly, "2026-11", Vnd(500_000)),
        ),
        total=Vnd(1_000_000),
        level=Level.A,
        checks=request().evidence.checks,
        simulated=False,
        evidence=shown,
    )


def test_the_offer_names_everybody_and_sorts_the_nonces() -> None:
    asked = request(months=(11, 10, 9))
    offer = rules.offer(asked, opened().standing)
    assert isinstance(offer, rules.PayoutOffer)
    assert (offer.recipient, offer.payee) == (asked.recipient, asked.payee)
    nonces = [each.nonce for each in asked.leases.values()]
    assert nonces != sorted(nonces), "these three leases must show whether the offer sorts"
    assert list(offer.nonces) == sorted(nonces)
    assert offer.simulated is False
    bare = rules.PayoutOffer(offer.recipient, offer.payee, (), Vnd(0), Level.A, False, offer.hand_over)
    assert bare.nonces == ()


@pytest.mark.parametrize("payout", [PayoutId("nobody"), None])
def test_what_is_not_in_the_right_state_is_left_as_it_is(payout: PayoutId | None) -> None:
    """An unknown payout and a voided one: neither is voided, resolved or reversed."""
    book = opened()
    fact = authorised(book)
    book.write(j.PayoutVoided(fact.payout, VoidReason.OPERATOR_ERROR, FLOAT.amount))
    asked, now = payout or fact.payout, book.standing
    no = Refusal(RefusalKey.NOT_IN_THIS_STATE, asked)
    assert actions.void(now, asked, VoidReason.OPERATOR_ERROR, Vnd(0)) == no
    assert actions.resolve(now, asked, Outcome.PAID, Vnd(0), OPERATOR) == no
    assert actions.reverse(now, asked, ReversalReason.WRONG_SUM, HALF_MILLION, TAM, "quỹ") == no


def test_void_resolve_and_reverse_say_what_was_counted_and_by_whom() -> None:
    book = opened()
    first = authorised(book).payout
    unseen = actions.void(book.standing, first, VoidReason.OPERATOR_ERROR, None)
    assert unseen == j.PayoutVoided(first, VoidReason.OPERATOR_ERROR, None)
    voided = actions.void(book.standing, first, VoidReason.DISPUTED_SUM, Vnd(7_000))
    assert voided == j.PayoutVoided(first, VoidReason.DISPUTED_SUM, Vnd(7_000))
    book.write(j.DeviceStarted("1", True))
    resolved = actions.resolve(book.standing, first, Outcome.PAID, Vnd(8_000), OperatorId("ba"))
    assert resolved == j.UncertainResolved(first, Outcome.PAID, Vnd(8_000), OperatorId("ba"))
    assert isinstance(resolved, j.UncertainResolved)
    book.write(resolved)
    back = actions.reverse(book.standing, first, ReversalReason.WRONG_PERSON, HALF_MILLION, TAM, "quỹ")
    assert back == j.PayoutReversed(first, SESSION, ReversalReason.WRONG_PERSON, HALF_MILLION.counts, OPERATOR, "quỹ")


def test_without_a_session_nothing_is_settled() -> None:
    book = opened()
    first = authorised(book).payout
    book.write(j.DeviceStarted("1", True))
    no = Refusal(RefusalKey.NO_SESSION, first)
    assert actions.resolve(no_session(book.standing), first, Outcome.PAID, Vnd(0), OPERATOR) == no
    back = actions.reverse(no_session(book.standing), first, ReversalReason.WRONG_SUM, HALF_MILLION, TAM, "quỹ")
    assert back == Refusal(RefusalKey.NO_SESSION)


def test_a_session_opens_with_its_cash_and_closes_with_its_count() -> None:
    book = Book()
    notes = Notes.of({100_000: 3, 1_000: 2})
    fact = actions.open_session(book.standing, SESSION, OPERATOR, notes, "quỹ")
    assert fact == j.SessionOpened(SESSION, OPERATOR, Vnd(302_000), notes.counts, "quỹ")
    assert isinstance(fact, j.SessionOpened)
    book.write(fact)
    again = actions.open_session(book.standing, SessionId("s2"), OperatorId("ba"), NO_NOTES, "quỹ")
    assert again == Refusal(RefusalKey.SESSION_OPEN, SESSION)
    counted = Notes.of({100_000: 3})
    closed = actions.close_session(book.standing, OPERATOR, counted, VarianceReason.COUNTING, "hai tờ")
    assert closed == j.SessionClosed(
        SESSION, OPERATOR, Vnd(300_000), counted.counts, Vnd(2_000), VarianceReason.COUNTING, "hai tờ"
    )


def test_the_oldest_unsettled_payout_is_named_at_closing() -> None:
    standing = replace(opened().standing, pending=(PayoutId("old"), PayoutId("new")))
    closing = actions.close_session(standing, OPERATOR, FLOAT, VarianceReason.NONE, "")
    assert closing == Refusal(RefusalKey.UNCERTAIN_OPEN, PayoutId("old"))


def test_pending_payouts_are_named() -> None:
    book = opened()
    fact = authorised(book)
    assert rules.nothing_is_pending(request(2), book.standing) == Refusal(RefusalKey.PAYOUT_OPEN, fact.payout)
    book.write(j.DeviceStarted("1", True))
    assert rules.nothing_is_pending(request(2), book.standing) == Refusal(RefusalKey.UNCERTAIN_OPEN, fact.payout)
    assert book.standing.payouts[fact.payout].status is Status.UNCERTAIN
