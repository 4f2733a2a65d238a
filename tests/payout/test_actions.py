"""Cash and leases that move outside a payout: who may, between whom, and what is refused with which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.payout import actions, rules
from kiosk.payout import journal as j
from kiosk.payout.cash import NO_NOTES, Notes
from kiosk.payout.clock import TrustedTime
from kiosk.payout.names import (
    CashWay,
    DeviceId,
    EntitlementId,
    Epoch,
    Kind,
    OperatorId,
    RefusalKey,
    ReversalReason,
    Role,
    UnixSeconds,
    VarianceReason,
    Vnd,
)
from kiosk.payout.operators import OperatorCard, OperatorRole
from kiosk.payout.paylist import Lease
from kiosk.payout.people import Payee
from kiosk.payout.rules import Refusal
from tests.payout.days import HALF_MILLION, authorised, paid, refused, till
from tests.payout.world import (
    DAY,
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

NOW = TrustedTime(NOON, True, UnixSeconds(NOON - DAY))
NAM = OperatorCard(OperatorId("nam"), "Võ Văn Nam", OperatorRole.AGENT)
KIOSK = DeviceId("KIOSK1")


def key(answer: object) -> RefusalKey | None:
    return answer.key if isinstance(answer, Refusal) else None


# -- cash between two people -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("second", ["", "  ", "tam", "TAM", "Lê Thị Tâm", " lê thị tâm "])
def test_cash_moves_between_two_different_people(second: str) -> None:
    book = opened()
    fact = paid(book)
    for answer in (
        actions.move_cash(book.standing, CashWay.ADDED, FLOAT, TAM, second),
        actions.move_cash(book.standing, CashWay.RETURNED, HALF_MILLION, TAM, second),
        actions.reverse(book.standing, fact.payout, ReversalReason.WRONG_SUM, HALF_MILLION, TAM, second),
    ):
        assert answer == Refusal(RefusalKey.SECOND_PERSON_NEEDED, SESSION)


def test_cash_that_comes_and_goes_says_who_and_which_notes() -> None:
    book = opened()
    added = actions.move_cash(book.standing, CashWay.ADDED, HALF_MILLION, TAM, "quỹ")
    assert added == j.CashAdded(SESSION, Vnd(500_000), HALF_MILLION.counts, OPERATOR, "quỹ")
    for way in (CashWay.RETURNED, CashWay.HANDED_OVER):
        back = actions.move_cash(book.standing, way, FLOAT, TAM, "quỹ")
        assert back == j.CashReturned(SESSION, FLOAT.amount, FLOAT.counts, OPERATOR, "quỹ")
    assert isinstance(back, j.CashReturned)
    book.write(back)
    assert till(book).expected == 0


def test_no_more_is_returned_than_the_books_have_and_nothing_is_no_sum() -> None:
    book = opened()
    more = FLOAT + Notes.of({1_000: 1})
    assert key(actions.move_cash(book.standing, CashWay.RETURNED, more, TAM, "quỹ")) is RefusalKey.MORE_THAN_THERE
    assert key(actions.move_cash(book.standing, CashWay.ADDED, NO_NOTES, TAM, "quỹ")) is RefusalKey.NOT_THE_SUM


def test_cash_rests_while_a_payout_is_open_or_uncertain() -> None:
    book = opened()
    first = authorised(book)
    for expected in (RefusalKey.PAYOUT_OPEN, RefusalKey.UNCERTAIN_OPEN):
        for way in CashWay:
            assert actions.move_cash(book.standing, way, HALF_MILLION, TAM, "quỹ") == Refusal(expected, first.payout)
        book.write(j.DeviceStarted("1", True))


def test_the_fold_takes_no_cash_that_moves_over_an_open_payout() -> None:
    book = opened()
    done = paid(book, 2)
    authorised(book)
    for fact in (
        j.CashAdded(SESSION, Vnd(500_000), HALF_MILLION.counts, OPERATOR, "quỹ"),
        j.CashReturned(SESSION, Vnd(500_000), HALF_MILLION.counts, OPERATOR, "quỹ"),
        j.PayoutReversed(done.payout, SESSION, ReversalReason.WRONG_SUM, HALF_MILLION.counts, OPERATOR, "quỹ"),
    ):
        assert "not settled" in refused(book, fact)


def test_another_operator_moves_none_of_this_sessions_cash() -> None:
    book = opened()
    fact = paid(book)
    assert key(actions.move_cash(book.standing, CashWay.ADDED, FLOAT, NAM, "quỹ")) is RefusalKey.SESSION_OF_OTHER
    back = actions.reverse(book.standing, fact.payout, ReversalReason.WRONG_SUM, HALF_MILLION, NAM, "quỹ")
    assert key(back) is RefusalKey.SESSION_OF_OTHER
    assert rules.offer(spoil(request(2), operator=NAM.id), book.standing) == Refusal(RefusalKey.SESSION_OF_OTHER)


def test_the_fold_holds_every_fact_of_a_session_to_its_operator() -> None:
    book = opened()
    done = paid(book)
    asked = rules.authorise(request(2), book.standing)
    assert isinstance(asked, j.PayoutAuthorised)
    for fact in (
        j.CashAdded(SESSION, Vnd(500_000), HALF_MILLION.counts, NAM.id, "quỹ"),
        j.CashReturned(SESSION, Vnd(500_000), HALF_MILLION.counts, NAM.id, "quỹ"),
        j.PayoutReversed(done.payout, SESSION, ReversalReason.WRONG_SUM, HALF_MILLION.counts, NAM.id, "quỹ"),
        replace(asked, operator=NAM.id),
        j.PayoutRefused(SESSION, NAM.id, person(1).id, RefusalKey.NO_LEASE, False),
        j.VisitUnpaid(SESSION, NAM.id, person(1).id, j.UnpaidReason.ABSENT, ()),
    ):
        assert "another operator" in refused(book, fact)


def test_a_colleague_may_count_and_close_and_is_named() -> None:
    book = opened()
    closing = actions.close_session(book.standing, NAM.id, FLOAT, VarianceReason.NONE, "")
    assert isinstance(closing, j.SessionClosed)
    assert (closing.session, closing.operator) == (SESSION, NAM.id)
    book.write(closing)


def test_a_reversal_brings_the_whole_sum_back_note_by_note() -> None:
    book = opened()
    fact = paid(book)
    short = Notes.of({200_000: 2})
    answer = actions.reverse(book.standing, fact.payout, ReversalReason.WRONG_SUM, short, TAM, "quỹ")
    assert answer == Refusal(RefusalKey.NOT_THE_SUM, fact.payout)
    wrong = j.PayoutReversed(fact.payout, SESSION, ReversalReason.WRONG_SUM, short.counts, OPERATOR, "quỹ")
    assert "make the sum" in refused(book, wrong)
    five = Notes.of({100_000: 5})
    back = actions.reverse(book.standing, fact.payout, ReversalReason.WRONG_SUM, five, TAM, "quỹ")
    assert isinstance(back, j.PayoutReversed)
    book.write(back)
    assert till(book).drawer == FLOAT - HALF_MILLION + five


def test_how_long_cash_has_been_out_is_kept_over_sessions() -> None:
    book = Book()
    assert book.standing.cash_since == 0
    book.open_session()
    book.now = UnixSeconds(NOON + DAY)
    book.write(j.SessionClosed(SESSION, OPERATOR, FLOAT.amount, FLOAT.counts, Vnd(0), VarianceReason.NONE))
    book.write(j.SessionOpened(j.SessionId("s2"), OPERATOR, FLOAT.amount, FLOAT.counts, "túi"))
    assert book.standing.cash_since == NOON, "the same money, another morning"
    book.write(j.CashAdded(j.SessionId("s2"), HALF_MILLION.amount, HALF_MILLION.counts, OPERATOR, "quỹ"))
    assert book.standing.cash_since == NOON, "more of it makes the old no younger"
    book.write(j.CashReturned(j.SessionId("s2"), HALF_MILLION.amount, HALF_MILLION.counts, OPERATOR, "quỹ"))
    book.write(j.CashReturned(j.SessionId("s2"), FLOAT.amount, FLOAT.counts, OPERATOR, "quỹ"))
    book.write(j.SessionClosed(j.SessionId("s2"), OPERATOR, Vnd(0), NO_NOTES.counts, Vnd(0), VarianceReason.NONE))
    assert book.standing.cash_since == 0
    book.write(j.SessionOpened(j.SessionId("s3"), OPERATOR, Vnd(0), NO_NOTES.counts, "quỹ"))
    assert book.standing.cash_since == 0
    book.write(j.CashAdded(j.SessionId("s3"), FLOAT.amount, FLOAT.counts, OPERATOR, "quỹ"))
    assert book.standing.cash_since == NOON + DAY


# -- leases ----------------------------------------------------------------------------------------------------------


def test_a_released_lease_is_gone_and_is_not_released_twice() -> None:
    book = opened()
    held = lease(entitlement())
    fact = actions.release(book.standing, held, KIOSK, OPERATOR, NOW)
    assert fact == j.LeaseReleased(held.id, KIOSK, OPERATOR)
    assert isinstance(fact, j.LeaseReleased)
    book.write(fact)
    assert actions.release(book.standing, held, KIOSK, OPERATOR, NOW) == Refusal(RefusalKey.LEASE_RELEASED, held.id)
    assert key(rules.offer(request(), book.standing)) is RefusalKey.LEASE_RELEASED


def test_nothing_is_released_while_a_payout_is_open() -> None:
    book = opened()
    first = authorised(book, 2)
    held = lease(entitlement())
    for expected in (RefusalKey.PAYOUT_OPEN, RefusalKey.UNCERTAIN_OPEN):
        assert actions.release(book.standing, held, KIOSK, OPERATOR, NOW) == Refusal(expected, first.payout)
        assert actions.take_over(book.standing, held, OPERATOR, NOW) == Refusal(expected, first.payout)
        book.write(j.DeviceStarted("1", True))


@pytest.mark.parametrize(
    ("change", "stand_in", "expected"),
    [
        ({"device": KIOSK}, KIOSK, RefusalKey.LEASE_OTHER_DEVICE),
        ({"epoch": Epoch(2)}, KIOSK, RefusalKey.LEASE_OTHER_EPOCH),
        ({"expires_at": NOON}, KIOSK, RefusalKey.LEASE_EXPIRED),
        ({}, None, RefusalKey.NO_STAND_IN),
        ({}, DEVICE, RefusalKey.NO_STAND_IN),
    ],
)
def test_only_a_live_lease_of_this_device_goes_to_a_named_stand_in(
    change: dict[str, object], stand_in: DeviceId | None, expected: RefusalKey
) -> None:
    held: Lease = replace(lease(entitlement()), **change)  # type: ignore[arg-type]
    assert actions.release(opened().standing, held, stand_in, OPERATOR, NOW) == Refusal(expected, held.id)


def test_a_spent_lease_is_not_released() -> None:
    book = opened()
    paid(book)
    held = lease(entitlement())
    assert key(actions.release(book.standing, held, KIOSK, OPERATOR, NOW)) is RefusalKey.LEASE_SPENT
    assert key(actions.take_over(book.standing, held, OPERATOR, NOW)) is RefusalKey.LEASE_TAKEN


def test_a_lease_that_was_taken_over_pays_here_once_and_stays_here() -> None:
    book = opened()
    held = replace(lease(entitlement()), device=KIOSK, epoch=Epoch(4))
    asked = replace(request(), leases={entitlement().id: held})
    assert key(rules.offer(asked, book.standing)) is RefusalKey.LEASE_OTHER_DEVICE
    fact = actions.take_over(book.standing, held, OPERATOR, NOW)
    assert fact == j.LeaseTaken(held.id, DEVICE, OPERATOR)
    assert isinstance(fact, j.LeaseTaken)
    book.write(fact)
    assert isinstance(rules.offer(asked, book.standing), rules.PayoutOffer)
    assert actions.take_over(book.standing, held, OPERATOR, NOW) == Refusal(RefusalKey.LEASE_TAKEN, held.id)
    assert actions.release(book.standing, held, KIOSK, OPERATOR, NOW) == Refusal(RefusalKey.LEASE_TAKEN, held.id)
    assert "taken over once" in refused(book, fact)
    assert "another device" in refused(book, replace(fact, holder=KIOSK, lease=j.LeaseId("l2")))
    late = replace(asked, time=TrustedTime(UnixSeconds(held.expires_at), True, NOON))
    assert key(rules.offer(late, book.standing)) is RefusalKey.LEASE_EXPIRED, "it keeps its expiry"


def test_an_expired_lease_is_not_taken_over() -> None:
    held = replace(lease(entitlement()), device=KIOSK, expires_at=NOON)
    assert key(actions.take_over(opened().standing, held, OPERATOR, NOW)) is RefusalKey.LEASE_EXPIRED


# -- after a death -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "kind", "month", "expected"),
    [
        (Role.FUNERAL_ORGANISER, Kind.FUNERAL, 12, None),
        (Role.FUNERAL_ORGANISER, Kind.MONTHLY, 10, RefusalKey.PAYEE_OUT_OF_SCOPE),
        (Role.RELATIVE_OF_DECEASED, Kind.FUNERAL, 10, RefusalKey.PAYEE_OUT_OF_SCOPE),
        (Role.RELATIVE_OF_DECEASED, Kind.ARREARS, 10, None),
        (Role.RELATIVE_OF_DECEASED, Kind.MONTHLY, 11, RefusalKey.RECIPIENT_DECEASED),
    ],
)
def test_after_a_death_each_sum_goes_to_the_right_one(
    role: Role, kind: Kind, month: int, expected: RefusalKey | None
) -> None:
    owed = replace(entitlement(month=month), kind=kind)
    someone = replace(recipient(), deceased_on="2026-10-20")
    payee = Payee(role, person(2), someone.person.id)
    asked = replace(
        request(),
        recipient=someone,
        payee=payee,
        entitlements=(owed,),
        leases={owed.id: lease(owed)},
        evidence=replace(request().evidence, number=person(2).number),
    )
    assert key(rules.offer(asked, opened().standing)) is expected


@pytest.mark.parametrize(
    ("role", "died", "wanted"),
    [
        (Role.RELATIVE_OF_DECEASED, "2026-10-20", ["m10"]),
        (Role.FUNERAL_ORGANISER, "2026-10-20", ["f11"]),
        (Role.SELF, "2026-10-20", []),
        (Role.SELF, None, ["m10", "m11"]),
        (Role.FUNERAL_ORGANISER, None, []),
    ],
)
def test_who_may_ask_for_what(role: Role, died: str | None, wanted: list[str]) -> None:
    someone = replace(recipient(), deceased_on=died)
    payee = Payee(role, person(2), someone.person.id)
    months = [replace(entitlement(month=month), id=EntitlementId(f"m{month}")) for month in (10, 11)]
    funeral = replace(entitlement(month=11), id=EntitlementId("f11"), kind=Kind.FUNERAL)
    assert [each.id for each in rules.receivable(payee, someone, (*months, funeral))] == wanted


def test_a_funeral_sum_is_nobodys_while_the_recipient_lives() -> None:
    owed = replace(entitlement(), kind=Kind.FUNERAL)
    asked = replace(request(), entitlements=(owed,), leases={owed.id: lease(owed)})
    assert key(rules.offer(asked, opened().standing)) is RefusalKey.PAYEE_OUT_OF_SCOPE


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "20260101", "2026-1-1", "hôm qua", "", "2026-W01-1"])
def test_a_day_that_is_none_is_never_a_date(day: str) -> None:
    for build in (
        lambda: Payee(Role.ALTERNATE, person(2), person(1).id, valid_from=day),
        lambda: Payee(Role.ALTERNATE, person(2), person(1).id, valid_until=day),
        lambda: replace(recipient(), deceased_on=day),
    ):
        with pytest.raises(ValueError, match=r".*"):
            build()
