"""Sums in figures and in words: Vietnamese, English, Khmer.

A sum in words is what a recipient can have read aloud and what nobody can turn into another sum by
adding a digit. Screens, voice and paper must say exactly the same, so there is one place for it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from kiosk.payout.names import Vnd

LIMIT = Vnd(10**12)
"""Sums below a thousand billion đồng: far above any list total."""


class Language(StrEnum):
    """Languages a sum can be said in."""

    VIETNAMESE = "vi"
    ENGLISH = "en"
    KHMER = "km"


def in_figures(amount: Vnd) -> str:
    """``1250000`` as ``1.250.000 đ``; a negative sum (a variance) keeps its sign in front."""
    return f"{grouped(amount)} đ"


def grouped(amount: int) -> str:
    """Digits in groups of three with dots, as Vietnamese banknotes count."""
    return f"{amount:,}".replace(",", ".")


def in_words(amount: Vnd, language: Language = Language.VIETNAMESE) -> str:
    """The sum in words, with its unit, first letter capital where the script has capitals.

    Takes 0 <= amount < 10**12; anything else is a ValueError, since no screen or paper may show it.
    """
    if not 0 <= amount < LIMIT:
        raise ValueError(f"no words for {amount} đồng")
    match language:
        case Language.VIETNAMESE:
            words = f"{_vietnamese(amount)} đồng"
        case Language.ENGLISH:
            words = f"{_english(amount)} đồng"
        case Language.KHMER:
            return f"{_khmer(amount)} ដុង"
        case _:
            assert_never(language)
    return words[0].upper() + words[1:]


def digits_in_words(number: str, language: Language) -> str:
    """A telephone or an account as it is read out, digit by digit; a letter in it stays a letter."""
    words = {Language.VIETNAMESE: _VI_DIGITS, Language.ENGLISH: _EN_SMALL, Language.KHMER: _KM_DIGITS}[language]
    return ", ".join(words[int(each)] if each.isascii() and each.isdigit() else each for each in number)


_VI_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_VI_GROUPS = ("", "nghìn", "triệu", "tỷ")


def _vietnamese(number: int) -> str:
    if number == 0:
        return _VI_DIGITS[0]
    words: list[str] = []
    for power in range(3, -1, -1):
        group = number // 1000**power % 1000
        if group:
            words += _vi_group(group, led=bool(words))
            words += [_VI_GROUPS[power]] if power else []
    return " ".join(words)


def _vi_group(group: int, *, led: bool) -> list[str]:
    """Three digits. After a larger group the hundreds are always said: "không trăm linh năm"."""
    hundreds, rest = divmod(group, 100)
    said = [_VI_DIGITS[hundreds], "trăm"] if hundreds or led else []
    return said + _vi_tens(rest, led=bool(said))


def _vi_tens(rest: int, *, led: bool) -> list[str]:
    tens, ones = divmod(rest, 10)
    if tens == 0:
        return ([] if ones == 0 else ["linh", _VI_DIGITS[ones]]) if led else [_VI_DIGITS[ones]]
    said = ["mười"] if tens == 1 else [_VI_DIGITS[tens], "mươi"]
    return said + _vi_ones(tens, ones)


def _vi_ones(tens: int, ones: int) -> list[str]:
    """After tens the ones change their sound: mươi mốt, mươi tư, lăm."""
    if ones == 0:
        return []
    if ones == 1 and tens > 1:
        return ["mốt"]
    if ones == 4 and tens > 1:
        return ["tư"]
    return ["lăm"] if ones == 5 else [_VI_DIGITS[ones]]


_EN_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_EN_GROUPS = ("", "thousand", "million", "billion")


def _english(number: int) -> str:
    if number == 0:
        return _EN_SMALL[0]
    parts: list[str] = []
    for power in range(3, -1, -1):
        group = number // 1000**power % 1000
        if group:
            joint = "and " if parts and power == 0 and group < 100 else ""
            parts.append(f"{joint}{_en_group(group)} {_EN_GROUPS[power]}".rstrip())
    return " ".join(parts)


def _en_group(group: int) -> str:
    hundreds, rest = divmod(group, 100)
    if not hundreds:
        return _en_tens(rest)
    said = f"{_EN_SMALL[hundreds]} hundred"
    return f"{said} and {_en_tens(rest)}" if rest else said


def _en_tens(rest: int) -> str:
    if rest < 20:
        return _EN_SMALL[rest]
    tens, ones = divmod(rest, 10)
    return f"{_EN_TENS[tens]}-{_EN_SMALL[ones]}" if ones else _EN_TENS[tens]


_KM_DIGITS = ["សូន្យ", "មួយ", "ពីរ", "បី", "បួន", "ប្រាំ", "ប្រាំមួយ", "ប្រាំពីរ", "ប្រាំបី", "ប្រាំបួន"]
_KM_TENS = ["_", "ដប់", "ម្ភៃ", "សាមសិប", "សែសិប", "ហាសិប", "ហុកសិប", "ចិតសិប", "ប៉ែតសិប", "កៅសិប"]
_KM_POWERS = ((100_000, "សែន"), (10_000, "ម៉ឺន"), (1000, "ពាន់"), (100, "រយ"))


def _khmer(number: int) -> str:
    """Khmer counts by ten thousand and hundred thousand too; a space stands between the powers."""
    if number == 0:
        return _KM_DIGITS[0]
    millions, rest = divmod(number, 1_000_000)
    parts = [f"{_khmer(millions)}លាន"] if millions else []
    for power, name in _KM_POWERS:
        count, rest = divmod(rest, power)
        if count:
            parts.append(f"{_KM_DIGITS[count]}{name}")
    if rest:
        parts.append(_km_tens(rest))
    return " ".join(parts)


def _km_tens(rest: int) -> str:
    tens, ones = divmod(rest, 10)
    return (_KM_TENS[tens] if tens else "") + (_KM_DIGITS[ones] if ones else "")
