"""What a page is made of, before it is dots.

Blocks say what a thing is and how important, never where it goes: the layout decides that for the
paper at hand. They carry words, because words were chosen before; they carry no commands.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Size(StrEnum):
    """Type sizes. In points on paper: 7.5, 9.5, 11.5 and 13."""

    SMALL = "small"
    BODY = "body"
    LARGE = "large"
    HUGE = "huge"


class Align(StrEnum):
    """Where a line stands across the paper."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Line(StrEnum):
    """Kinds of rules across the paper."""

    THIN = "thin"
    THICK = "thick"
    DASHED = "dashed"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph that wraps; with ``fit`` it first shrinks by up to a third to stay on one line."""

    text: str
    size: Size = Size.BODY
    bold: bool = False
    align: Align = Align.LEFT
    fit: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Two ends of a line: the left one wraps, the right one stays whole or takes a line of its own."""

    left: str
    right: str
    size: Size = Size.BODY
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum as large as the paper allows, on one line, in a frame."""

    figures: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""

    line: Line = Line.THIN


@dataclass(frozen=True, slots=True)
class Space:
    """White paper, in tenths of a millimetre (at most 1000)."""

    tenths_mm: int = 20


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code (ASCII, at most 700 bytes) with lines of text beside it."""

    data: bytes
    beside: tuple[Text, ...] = ()
    module_tenths_mm: int = 5


@dataclass(frozen=True, slots=True)
class Picture:
    """A grey picture: ``pixels`` are rows of one byte a dot, 0 = black; at most 1024 x 1024."""

    width: int
    height: int
    pixels: bytes
    max_height_tenths_mm: int = 200


@dataclass(frozen=True, slots=True)
class Strokes:
    """Pen strokes on a pad of ``width`` x ``height`` units: each stroke a run of (x, y) points."""

    width: int
    height: int
    strokes: tuple[tuple[tuple[int, int], ...], ...]
    height_tenths_mm: int = 80


@dataclass(frozen=True, slots=True)
class Banner:
    """White letters on a black bar across the paper, as large as fits in one or two lines."""

    text: str


@dataclass(frozen=True, slots=True)
class SignBox:
    """An empty frame to sign or to press a finger in, with its label above and a name below."""

    label: str
    name: str = ""
    height_tenths_mm: int = 180


Block = Text | Row | Amount | Rule | Space | Qr | Picture | Strokes | Banner | SignBox


def heading(text: str) -> Text:
    """The title of a paper."""
    return Text(text, Size.HUGE, bold=True, fit=True)
