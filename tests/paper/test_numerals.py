"""Sums in words, checked against examples and read back by a reader of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.numerals import LIMIT, Language, grouped, in_figures, in_words
from kiosk.payout.names import Vnd

VIETNAMESE = [
    (0, "Không đồng"),
    (5, "Năm đồng"),
    (10, "Mười đồng"),
    (15, "Mười lăm đồng"),
    (21, "Hai mươi mốt đồng"),
    (24, "Hai mươi tư đồng"),
    (105, "Một trăm linh năm đồng"),
    (115, "Một trăm mười lăm đồng"),
    (1_000, "Một nghìn đồng"),
    (1_005, "Một nghìn không trăm linh năm đồng"),
    (10_014, "Mười nghìn không trăm mười bốn đồng"),
    (500_000, "Năm trăm nghìn đồng"),
    (625_000, "Sáu trăm hai mươi lăm nghìn đồng"),
    (1_250_000, "Một triệu hai trăm năm mươi nghìn đồng"),
    (1_005_000, "Một triệu không trăm linh năm nghìn đồng"),
    (2_789_000, "Hai triệu bảy trăm tám mươi chín nghìn đồng"),
    (3_000_001, "Ba triệu không trăm linh một đồng"),
    (12_350_000, "Mười hai triệu ba trăm năm mươi nghìn đồng"),
    (1_000_000_000, "Một tỷ đồng"),
    (21_015_000_000, "Hai mươi mốt tỷ không trăm mười lăm triệu đồng"),
]
ENGLISH = [
    (0, "Zero đồng"),
    (21, "Twenty-one đồng"),
    (105, "One hundred and five đồng"),
    (1_005, "One thousand and five đồng"),
    (500_000, "Five hundred thousand đồng"),
    (1_250_000, "One million two hundred and fifty thousand đồng"),
    (1_250_300, "One million two hundred and fifty thousand three hundred đồng"),
]
KHMER = [
    (0, "សូន្យ ដុង"),
    (15, "ដប់ប្រាំ ដុង"),
    (20, "ម្ភៃ ដុង"),
    (500_000, "ប្រាំសែន ដុង"),
    (1_250_000, "មួយលាន ពីរសែន ប្រាំម៉ឺន ដុង"),
    (10_000, "មួយម៉ឺន ដុង"),
]


@pytest.mark.parametrize(("amount", "words"), VIETNAMESE)
def test_vietnamese(amount: int, words: str) -> None:
    assert in_words(Vnd(amount)) == words


@pytest.mark.parametrize(("amount", "words"), ENGLISH)
def test_english(amount: int, words: str) -> None:
    assert in_words(Vnd(amount), Language.ENGLISH) == words


@pytest.mark.parametrize(("amount", "words"), KHMER)
def test_khmer(amount: int, words: str) -> None:
    assert in_words(Vnd(amount), Language.KHMER) == words


ONES = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4,
    "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "không": 0,
}  # fmt: skip


def read_back(words: str) -> int:
    """A reader that knows how sums are said, and nothing of how they were made."""
    total = group = last = 0
    for word in words.lower().removesuffix(" đồng").split():
        match word:
            case "trăm":
                group, last = group + last * 100, 0
            case "mươi":
                group, last = group + last * 10, 0
            case "mười":
                group, last = group + 10, 0
            case "linh":
                last = 0
            case "nghìn" | "triệu" | "tỷ":
                power = {"nghìn": 1000, "triệu": 10**6, "tỷ": 10**9}[word]
                total, group, last = total + (group + last) * power, 0, 0
            case _:
                last = ONES[word]
    return total + group + last


@given(st.integers(0, LIMIT - 1))
def test_a_reader_hears_the_same_sum(amount: int) -> None:
    assert read_back(in_words(Vnd(amount))) == amount


@given(st.integers(0, LIMIT - 1), st.integers(0, LIMIT - 1), st.sampled_from(Language))
def test_two_sums_never_sound_the_same(first: int, second: int, language: Language) -> None:
    same = in_words(Vnd(first), language) == in_words(Vnd(second), language)
    assert same == (first == second)


@given(st.integers(0, 999), st.sampled_from([1, 1000, 10**6, 10**9]), st.sampled_from(Language))
def test_neighbours_sound_different(amount: int, power: int, language: Language) -> None:
    said = {in_words(Vnd(n), language) for n in (amount * power, amount * power + 1)}
    assert len(said) == 2


@pytest.mark.parametrize("amount", [-1, LIMIT])
def test_what_no_paper_may_say(amount: int) -> None:
    with pytest.raises(ValueError, match="no words"):
        in_words(Vnd(amount))


def test_figures_are_grouped_as_banknotes_are() -> None:
    assert in_figures(Vnd(1_250_000)) == "1.250.000 đ"
    assert in_figures(Vnd(-50_000)) == "-50.000 đ"
    assert grouped(0) == "0"
    assert grouped(999) == "999"
