"""An agent finds a household by what is remembered of it, without diacritics."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow.find import folded, found, found_paid
from tests.screens.gallery import HOA, LANH, ROWS
from tests.screens.gallery_money import paid_row


def homes(keys: str) -> list[str]:
    return [row.household for row in found(ROWS, keys)]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", ["h1", "h2", "h3", "h4"]),
        ("LANH", ["h1"]),
        ("LANHF", ["h1"]),
        ("THUAN DANG", ["h1"]),
        ("THI", ["h1", "h2", "h4"]),
        ("SOC RUONG", ["h3", "h4"]),
        ("SOCS RUOONGJ", ["h3", "h4"]),
        ("NAM", ["h4"]),
        ("BES NAWM", ["h4"]),
        ("XUAN", []),
    ],
)
def test_what_is_typed_begins_a_word_of_the_household(keys: str, expected: list[str]) -> None:
    assert homes(keys) == expected


def test_a_name_in_pieces_is_the_same_name() -> None:
    assert folded(unicodedata.normalize("NFD", "Đặng Hữu Thuận")) == folded("Đặng Hữu Thuận") == "dang huu thuan"


@given(st.data())
def test_every_household_is_found_by_any_word_of_its_names(data: st.DataObject) -> None:
    known = data.draw(st.sampled_from(ROWS))
    word = data.draw(st.sampled_from(" ".join(known.names).split()))
    assert known in found(ROWS, folded(word).upper())


@given(st.text(max_size=60))
def test_nothing_that_is_typed_can_break_it(keys: str) -> None:
    assert set(found(ROWS, keys)) <= set(ROWS)


@pytest.mark.parametrize(("keys", "expected"), [("", 2), ("LANH", 1), ("HOA", 2), ("NAM", 0)])
def test_a_payout_is_found_by_who_was_paid_and_who_took_it(keys: str, expected: int) -> None:
    rows = (paid_row(LANH), paid_row(HOA))
    assert len(found_paid(rows, keys)) == expected
