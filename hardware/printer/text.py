"""Text from outside, made safe to draw.

Names come from spreadsheets and chips. A bidi override can make 500 look like 005, a zero-width
character can make two people look like one, and a pile of combining marks can black out the line
above. All of that is taken out before anything is drawn, and the page says that it was.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MAX_TEXT = 400
"""Characters in one piece of text on paper."""
_MAX_MARKS = 2
_SPACES = {"\t", "\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"}
_BIDI = {*"\u200e\u200f\u061c", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
_ZERO_WIDTH = {*"\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\ufeff", *map(chr, range(0x2061, 0x2065))}


class TextFlag(StrEnum):
    """What had to be done to a text."""

    CONTROL = "control"
    BIDI = "bidi"
    ZERO_WIDTH = "zero_width"
    UNPRINTABLE = "unprintable"
    MARKS = "marks"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Text in NFC that holds only visible characters and single spaces, and what was taken out."""

    text: str
    flags: frozenset[TextFlag] = frozenset()


def clean(text: str, limit: int = MAX_TEXT) -> Cleaned:
    """Text ready to draw: NFC, one line, at most ``limit`` characters.

    Never fails; whatever is removed is named in ``flags``. Cleaning a cleaned text changes nothing.
    """
    flags: set[TextFlag] = set()
    bounded = _bounded(text, limit * 4, flags)
    kept = "".join(_keep(char, flags) for char in unicodedata.normalize("NFC", bounded))
    calm = _few_marks(unicodedata.normalize("NFC", kept), flags)
    return Cleaned(_bounded(" ".join(calm.split()), limit, flags).rstrip(), frozenset(flags))


def _bounded(text: str, limit: int, flags: set[TextFlag]) -> str:
    if len(text) <= limit:
        return text
    flags.add(TextFlag.TOO_LONG)
    return text[: limit - 1] + "…"


def _keep(char: str, flags: set[TextFlag]) -> str:
    flag = _fault(char)
    if flag is None:
        return " " if unicodedata.category(char) == "Zs" else char
    flags.add(flag)
    return " " if char in _SPACES else ""


def _fault(char: str) -> TextFlag | None:
    if char in _BIDI:
        return TextFlag.BIDI
    if char in _ZERO_WIDTH:
        return TextFlag.ZERO_WIDTH
    match unicodedata.category(char):
        case "Cc" | "Zl" | "Zp":
            return TextFlag.CONTROL
        case "Cf":
            return TextFlag.ZERO_WIDTH
        case "Cs" | "Co" | "Cn":
            return TextFlag.UNPRINTABLE
        case _:
            return None


def _few_marks(text: str, flags: set[TextFlag]) -> str:
    """Cut a pile of combining marks down to what a real letter can carry (not for Khmer vowels)."""
    out: list[str] = []
    pile = 0
    for char in text:
        pile = pile + 1 if unicodedata.category(char) == "Mn" and unicodedata.combining(char) else 0
        if pile <= _MAX_MARKS:
            out.append(char)
        else:
            flags.add(TextFlag.MARKS)
    return "".join(out)
