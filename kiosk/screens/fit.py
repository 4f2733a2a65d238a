"""Words measured and wrapped: the largest size between a type's wish and its floor at which all of them fit.

Kivy wraps by spaces only and breaks long words anywhere; Khmer has no spaces at all. So lines are broken here, and a
text that does not fit at its floor is a finding of the audit, never a silent cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kiosk.screens.breaks import balanced, cuts_word
from kiosk.screens.page import Text
from kiosk.screens.theme import Panel

PITCH = 1.2
"""Distance of two base lines in units of the font size: capital tone marks need the room."""
SIGN = 1.3
"""Room for a sign before the words, in units of the font size."""
LARGER = 1.2
"""How much larger than wished a text may be where the panel is roomy: more would break a button's words."""
WORTH_A_WORD = 3
"""Points of type that may be given up to keep a word of two syllables on one line."""
ONE_LINE = 0.8
"""How much smaller bold words may become if they then stand in one line instead of two."""
REFERENCE = 64
"""Pixels at which widths are measured; they grow in proportion."""

Measure = Callable[[str, bool], float]
"""Width in pixels of one line, bold or not, at REFERENCE size."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text ready to draw."""

    lines: tuple[str, ...]
    size: float
    """Font size in pixels."""
    points: float
    fits: bool
    widest: float
    """Pixels of the longest line."""
    broken: bool = False
    """A Khmer word had to be cut: never done while a smaller size keeps it whole."""


def fit(text: Text, panel: Panel, measure: Measure) -> Fitted:
    """The largest size that fits, wished larger where the panel has room; at the floor, whatever it gives."""
    words = unicodedata.normalize("NFC", text.words)
    points = text.type.wished * min(panel.roomy, LARGER)
    while True:
        fitted = _at(words, text, panel, measure, points)
        if fitted.fits or points <= text.type.floor:
            return _in_one(_whole(fitted, words, text, panel, measure), words, text, panel, measure)
        points = max(points - 1, float(text.type.floor))


def _in_one(fitted: Fitted, words: str, text: Text, panel: Panel, measure: Measure) -> Fitted:
    """A label that would be broken once is better a little smaller and whole."""
    points, least = fitted.points, max(fitted.points * ONE_LINE, float(text.type.floor))
    while text.bold and fitted.fits and len(fitted.lines) == 2 and points > least:
        points = max(points - 1, least)
        whole = _at(words, text, panel, measure, points)
        if len(whole.lines) == 1:
            return whole
    return fitted


def _whole(fitted: Fitted, words: str, text: Text, panel: Panel, measure: Measure) -> Fitted:
    """A little smaller, where that keeps a word whole that a line's end would tear."""
    if not fitted.fits or not cuts_word(fitted.lines):
        return fitted
    for less in range(1, WORTH_A_WORD + 1):
        smaller = _at(words, text, panel, measure, max(fitted.points - less, float(text.type.floor)))
        if not cuts_word(smaller.lines):
            return smaller
    return fitted


def _at(words: str, text: Text, panel: Panel, measure: Measure, points: float) -> Fitted:
    size = float(panel.pt(points))
    scale = size / REFERENCE

    def width(line: str) -> float:
        return measure(line, text.bold) * scale

    room = text.area.width - (size * SIGN if text.icon else 0)
    lines = wrap(words, room, width)
    widest = max((width(line) for line in lines), default=0.0)
    high = len(lines) * size * PITCH
    broken = any(width(word.rstrip()) > room and len(_clusters(word)) > 1 for word in _words(words))
    # Half a pixel of tolerance: areas are cut from fractions.
    fits = widest <= room + 0.5 and high <= text.area.height + size * 0.12 and not broken
    if fits and len(lines) > 1:
        lines = [line for paragraph in words.split("\n") for line in _set(paragraph, room, width)]
        widest = max(width(line) for line in lines)
    return Fitted(tuple(lines), size, points, fits, widest, broken)


def _set(paragraph: str, room: float, width: Callable[[str], float]) -> list[str]:
    return balanced(wrap(paragraph, room, width), _words(paragraph), room, width)


def wrap(words: str, room: float, width: Callable[[str], float]) -> list[str]:
    """Lines no wider than ``room`` where words allow it."""
    lines: list[str] = []
    for paragraph in words.split("\n"):
        line = ""
        for word in _words(paragraph):
            for piece in _clusters(word) if width(word.rstrip()) > room else (word,):
                if line.strip() and width((line + piece).rstrip()) > room:
                    lines.append(line.rstrip())
                    line = piece.lstrip()
                else:
                    line += piece
        lines.append(line.rstrip())
    return [line.replace("\u200b", "") for line in lines]


@lru_cache(maxsize=2048)
def _words(paragraph: str) -> tuple[str, ...]:
    """Words with the space after them; in Khmer a zero-width space (U+200B) ends a word too."""
    return tuple(re.findall(r"[^ \n\u200b]*[ \n\u200b]|[^ \n\u200b]+", paragraph))


@lru_cache(maxsize=512)
def _clusters(word: str) -> tuple[str, ...]:
    """A Khmer word that is wider than its line, cut before base letters that no coeng (U+17D2) joins.

    Not where a Khmer reader would break first, but never inside a cluster. U+1780-17B3 are the bases.
    """
    breaks = [
        place
        for place in range(2, len(word) - 1)
        if "\u1780" <= word[place] <= "\u17b3" and word[place - 1] != "\u17d2"
    ]
    return tuple(word[start:end] for start, end in pairwise([0, *breaks, len(word)]))


@lru_cache(maxsize=4096)
def runs(line: str) -> tuple[tuple[str, bool], ...]:
    """A line cut where its script changes: (piece, whether it is Khmer). No font holds both scripts whole.

    A Khmer page carries Vietnamese names. A space is Latin: that of the Khmer font is three times as wide.
    """
    pieces: list[tuple[str, bool]] = []
    for letter in line:
        khmer = "\u1780" <= letter <= "\u17ff"
        if pieces and pieces[-1][1] == khmer:
            pieces[-1] = (pieces[-1][0] + letter, pieces[-1][1])
        else:
            pieces.append((letter, khmer))
    return tuple(pieces)
