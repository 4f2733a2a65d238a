"""Levels: the whole table of verdicts, so that nothing passes by default."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest

from kiosk.payout.evidence import CardDoubt, Chain, Chip, ChipChecks, Integrity, level, match
from kiosk.payout.names import Level, Role
from kiosk.payout.paylist import PayList, Policy
from kiosk.payout.people import BirthDate, Payee, self_payee
from tests.payout.world import AREA, entitlement, evidence, lease, person, recipient

TABLE = list(itertools.product(Integrity, Chain, Chip, (True, False), (True, False), (True, False)))


@pytest.mark.parametrize("face", [True, False])
def test_the_whole_table_of_levels(face: bool) -> None:
    reached = {Level.A: 0, Level.B: 0, Level.C: 0}
    for integrity, chain, chip, active, observed, pinned in TABLE:
        shown = replace(
            evidence(),
            checks=ChipChecks(integrity, chain, chip),
            face_confirmed=face,
            active_authentication=active,
            signer_observed=observed,
            key_pinned=pinned,
        )
        got = level(shown)
        reached[got] += 1
        if got is not Level.C:
            assert face
            assert (integrity, chip) == (Integrity.PASSED, Chip.PASSED)
        if got is Level.A:
            assert chain is Chain.PASSED
        if got is Level.B:
            assert chain is Chain.UNKNOWN_ISSUER
            assert active
            assert observed or pinned
    above = {Level.A: 8, Level.B: 3} if face else {Level.A: 0, Level.B: 0}
    assert reached == {**above, Level.C: len(TABLE) - sum(above.values())}


def test_a_card_that_left_before_it_signed_leaves_the_devices_word_one_level_lower() -> None:
    left = replace(evidence(), card_left=True)
    assert (level(evidence()), level(left)) == (Level.A, Level.B)
    checks = ChipChecks(Integrity.PASSED, Chain.UNKNOWN_ISSUER, Chip.PASSED)
    observed = replace(evidence(), checks=checks, active_authentication=True, signer_observed=True)
    assert (level(observed), level(replace(observed, card_left=True))) == (Level.B, Level.C)


ALL_DOUBTS = [
    frozenset(some) for count in (0, 1, 2, 3, len(CardDoubt)) for some in itertools.combinations(CardDoubt, count)
]


def test_doubts_lower_the_level_only_where_nobody_can_say_who_is_meant() -> None:
    for doubts in ALL_DOUBTS:
        shown = replace(evidence(), doubts=tuple(doubts))
        doubted = CardDoubt.CARD_NUMBER in doubts or {CardDoubt.LIST_NAME, CardDoubt.LIST_BIRTH} <= doubts
        assert level(shown) is (Level.C if doubted else Level.A)


def test_the_card_finds_its_payee() -> None:
    me, lan = self_payee(recipient(1)), Payee(Role.ALTERNATE, person(2), person(1).id)
    assert match(evidence(1), (me, lan)) == me
    assert match(evidence(2), (me, lan)) == lan
    assert match(evidence(3), (me, lan)) is None


@pytest.mark.parametrize(
    ("birth", "agrees"),
    [
        (BirthDate(1941), True),
        (BirthDate(1941, 3), True),
        (BirthDate(1941, 3, 2), True),
        (BirthDate(1941, 3, 3), False),
        (BirthDate(1942), False),
    ],
)
def test_a_year_only_birth_agrees_with_what_it_knows(birth: BirthDate, agrees: bool) -> None:
    assert birth.agrees_with(date(1941, 3, 2)) is agrees


def test_the_pay_list_answers_by_person() -> None:
    alternate = Payee(Role.ALTERNATE, person(9), person(1).id)
    owed = (entitlement(1, 11), entitlement(1, 10), entitlement(2))
    listed = PayList(AREA, 1, (recipient(1), recipient(2)), (alternate,), owed, tuple(map(lease, owed)), Policy())
    assert [str(each.period) for each in listed.entitlements_of(person(1).id)] == ["2026-10", "2026-11"]
    assert [payee.role for payee in listed.payees_of(person(1).id)] == [Role.SELF, Role.ALTERNATE]
    assert listed.leases_by_entitlement()[owed[0].id] == lease(owed[0])
    with pytest.raises(KeyError):
        listed.recipient(person(7).id)


def test_a_doubt_keeps_its_name_in_the_journal_for_ever() -> None:
    assert [str(each) for each in CardDoubt] == [
        "card_number", "qr_number", "list_name", "list_birth", "list_sex", "qr_name", "qr_birth", "qr_sex", "qr_issued",
        "list_spelling", "card_name", "card_birth", "card_sex", "card_expiry", "card_zone", "card_file",
    ]  # fmt: skip
