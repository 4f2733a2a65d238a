"""People by example: what an old paper knows of a birth, and from when to when a paper lets someone receive."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.payout.names import HouseholdId, Programme, RefusalKey, Role
from kiosk.payout.people import BirthDate, Payee, Phone, Recipient, self_payee
from tests.payout.world import person, recipient

DAY = date(2026, 11, 9)
PENSION = frozenset({Programme.SOCIAL_PENSION})
PAPER = Payee(Role.ALTERNATE, person(2), person(1).id)


@pytest.mark.parametrize(
    ("birth", "text"),
    [(BirthDate(1941), "1941"), (BirthDate(1941, 3), "1941-03"), (BirthDate(1941, 3, 2), "1941-03-02")],
)
def test_a_birth_is_written_as_far_as_it_is_known(birth: BirthDate, text: str) -> None:
    assert str(birth) == text


@pytest.mark.parametrize(
    ("birth", "agrees"),
    [
        (BirthDate(1941, 4), False),
        (BirthDate(1941, 4, 2), False),
        (BirthDate(1941, None, 2), True),
        (BirthDate(1941, None, 3), False),
        (BirthDate(1940, 3, 2), False),
    ],
)
def test_every_known_part_of_a_birth_must_agree(birth: BirthDate, agrees: bool) -> None:
    assert birth.agrees_with(date(1941, 3, 2)) is agrees


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({}, None),
        ({"valid_from": "2026-11-09", "valid_until": "2026-11-09"}, None),
        ({"valid_from": "2026-11-10"}, RefusalKey.PAYEE_NOT_YET),
        ({"valid_until": "2026-11-08"}, RefusalKey.PAYEE_TERM_ENDED),
        ({"programmes": (Programme.MERIT,)}, RefusalKey.PAYEE_OUT_OF_SCOPE),
        ({"programmes": (Programme.MERIT, Programme.SOCIAL_PENSION)}, None),
    ],
)
def test_a_paper_has_a_term_and_a_scope(change: dict[str, object], key: RefusalKey | None) -> None:
    assert replace(PAPER, **change).refusal_on(DAY, PENSION) is key  # type: ignore[arg-type]


def test_a_paper_must_cover_every_programme_of_the_payout() -> None:
    both = PENSION | {Programme.MERIT}
    assert PAPER.refusal_on(DAY, both) is None, "a paper that names none covers all"
    narrow = replace(PAPER, programmes=(Programme.SOCIAL_PENSION,))
    assert narrow.refusal_on(DAY, PENSION) is None
    assert narrow.refusal_on(DAY, both) is RefusalKey.PAYEE_OUT_OF_SCOPE


def test_the_recipient_is_the_own_first_payee() -> None:
    own = self_payee(recipient(4))
    assert own == Payee(Role.SELF, person(4), person(4).id, valid_from=None, valid_until=None, paper="", programmes=())


def test_a_recipient_is_alive_and_speaks_vietnamese_until_told_otherwise() -> None:
    bare = Recipient(person(1), HouseholdId("h1"), "Ấp 3", "Số 12", 1)
    assert bare == Recipient(
        person(1), HouseholdId("h1"), "Ấp 3", "Số 12", 1, phone=None, language="vi", note="", deceased_on=None
    )
    assert person(1).heroic_mother is False
    assert Phone("0900000000", "con trai").owner == "con trai"


@pytest.mark.parametrize("parts", [(1941, 13, None), (1941, 2, 30), (1941, None, 32), (0, 1, 1)])
def test_a_birth_that_no_calendar_knows_is_none(parts: tuple[int, int | None, int | None]) -> None:
    with pytest.raises(ValueError, match=r"out of range|must be in|day"):
        BirthDate(*parts)


def test_a_year_alone_or_with_its_month_is_a_birth() -> None:
    assert [str(BirthDate(*parts)) for parts in ((1941,), (1941, 12), (1941, None, 31))] == [
        "1941",
        "1941-12",
        "1941-31",
    ]
