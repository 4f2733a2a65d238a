"""Names from lists and chips, made harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.printer.text import MAX_TEXT, TextFlag, clean


def test_vietnamese_in_either_form_becomes_the_same() -> None:
    composed = "Nguyễn Thị Ngọc Ẩn"
    apart = unicodedata.normalize("NFD", composed)
    assert apart != composed
    assert clean(apart).text == composed
    assert not clean(apart).flags


FOUND = [
    ("Nguyễn\x1b@Sáu", "Nguyễn@Sáu", TextFlag.CONTROL),
    ("Sáu\x00\x10\x04\x01", "Sáu", TextFlag.CONTROL),
    ("dòng 1\ndòng 2", "dòng 1 dòng 2", TextFlag.CONTROL),
    ("\u202e000.005", "000.005", TextFlag.BIDI),
    ("Tư\u2066\u2069", "Tư", TextFlag.BIDI),
    ("Lan\u200b\ufeff", "Lan", TextFlag.ZERO_WIDTH),
    ("La\u00adn", "Lan", TextFlag.ZERO_WIDTH),
    ("Hạnh\ue000", "Hạnh", TextFlag.UNPRINTABLE),
    ("Z" + "\u0300" * 30, "Z\u0300\u0300", TextFlag.MARKS),
]


@pytest.mark.parametrize(("dirty", "text", "flag"), FOUND, ids=[row[2] + str(i) for i, row in enumerate(FOUND)])
def test_what_must_not_be_on_paper_goes_and_is_flagged(dirty: str, text: str, flag: TextFlag) -> None:
    cleaned = clean(dirty)
    assert cleaned.text == text
    assert cleaned.flags == {flag}


def test_a_letter_cut_in_two_by_a_zero_width_sign_is_put_together() -> None:
    assert clean("e\u200b\u0302").text == "ê"


def test_too_long_ends_with_an_ellipsis() -> None:
    cleaned = clean("a" * 1000)
    assert len(cleaned.text) == MAX_TEXT
    assert cleaned.text.endswith("…")
    assert cleaned.flags == {TextFlag.TOO_LONG}


@given(st.text(max_size=900))
def test_cleaning_never_fails_and_never_needs_to_be_done_twice(text: str) -> None:
    once = clean(text)
    again = clean(once.text)
    assert again.text == once.text
    assert not again.flags
    assert len(once.text) <= MAX_TEXT
    assert all(unicodedata.category(char)[0] != "C" for char in once.text)


@given(st.text(alphabet=st.characters(categories=("Lu", "Ll", "Nd")), max_size=60))
def test_plain_letters_pass_unflagged(text: str) -> None:
    assert not clean(text).flags
