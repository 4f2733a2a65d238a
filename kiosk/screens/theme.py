"""One theme for every screen: colours with measured contrast, type in points, lengths in millimetres.

Nothing here knows pixels until a panel is named: the same page is laid out for a 7-inch kit and a 10-inch kiosk, and a
finger is as wide on both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import NewType

Millimetres = NewType("Millimetres", float)
Points = NewType("Points", float)
Pixels = NewType("Pixels", float)

MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Colour:
    """An opaque colour, 0 to 255 each."""

    red: int
    green: int
    blue: int

    @classmethod
    def of(cls, text: str) -> Colour:
        """From ``rrggbb``."""
        return cls(int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16))

    @property
    def luminance(self) -> float:
        """Relative luminance (WCAG 2.2)."""
        linear = [_linear(each / 255) for each in (self.red, self.green, self.blue)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def mixed(self, other: Colour, share: float) -> Colour:
        """This colour with ``share`` of another."""
        pairs = zip((self.red, self.green, self.blue), (other.red, other.green, other.blue), strict=True)
        return Colour(*(round(a + (b - a) * share) for a, b in pairs))

    @property
    def rgb(self) -> tuple[float, float, float]:
        """Three numbers from 0 to 1, as a canvas wants them."""
        return self.red / 255, self.green / 255, self.blue / 255


def _linear(part: float) -> float:
    return float(part / 12.92) if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, 1.4.6 wants 7)."""
    light, dark = sorted((one.luminance, other.luminance), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one look."""

    paper: Colour
    card: Colour
    ink: Colour
    soft_ink: Colour
    line: Colour
    yes: Colour
    on_yes: Colour
    no: Colour
    on_no: Colour
    key: Colour
    chosen: Colour
    practice: Colour
    on_practice: Colour
    bar: Colour
    on_bar: Colour
    wood: Colour
    gold: Colour


LIGHT = Palette(
    paper=Colour.of("fbf4e6"), card=Colour.of("fffdf8"), ink=Colour.of("2b1a10"), soft_ink=Colour.of("52402f"),
    line=Colour.of("cbb592"), yes=Colour.of("0b4f45"), on_yes=Colour.of("ffffff"), no=Colour.of("fffdf8"),
    on_no=Colour.of("7a2413"), key=Colour.of("f3e6cd"), chosen=Colour.of("ffe3a0"), practice=Colour.of("ffc12e"),
    on_practice=Colour.of("2b1a10"), bar=Colour.of("4a1f16"), on_bar=Colour.of("fff6e4"), wood=Colour.of("b98a55"),
    gold=Colour.of("e3a52c"),
)  # fmt: skip
HIGH = Palette(
    paper=Colour.of("000000"), card=Colour.of("000000"), ink=Colour.of("ffffff"), soft_ink=Colour.of("ffffff"),
    line=Colour.of("ffffff"), yes=Colour.of("ffe600"), on_yes=Colour.of("000000"), no=Colour.of("000000"),
    on_no=Colour.of("ffe600"), key=Colour.of("1a1a1a"), chosen=Colour.of("003c5c"), practice=Colour.of("ffe600"),
    on_practice=Colour.of("000000"), bar=Colour.of("1a1a1a"), on_bar=Colour.of("ffffff"), wood=Colour.of("8f6d45"),
    gold=Colour.of("ffe600"),
)  # fmt: skip


class Type(Enum):
    """The type scale in points: what is wished for, and the floor below which it is a fault."""

    AMOUNT = (64, 40)
    TITLE = (30, 24)
    ACTION = (27, 24)
    BODY = (22, 18)
    KEY = (32, 24)
    AGENT_AMOUNT = (30, 20)
    AGENT_TITLE = (24, 18)
    AGENT_ACTION = (20, 15)
    AGENT_BODY = (18, 14)
    AGENT_SMALL = (14, 12)
    BAR = (20, 12)
    PRINTED = (56, 6)
    """Figures that are part of a drawing, such as a banknote's."""

    @property
    def wished(self) -> Points:
        """The size that is tried first."""
        return Points(self.value[0])

    @property
    def floor(self) -> Points:
        """The smallest size that passes the audit."""
        return Points(self.value[1])


class Size(StrEnum):
    """The panels that are supported and audited."""

    SEVEN_INCH = "1024x600"
    TEN_INCH = "1280x800"
    PORTRAIT = "480x800"


@dataclass(frozen=True, slots=True)
class Panel:
    """A touch panel: pixels and how many of them make a millimetre."""

    size: Size
    width: int
    height: int
    px_per_mm: float

    def mm(self, length: float) -> Pixels:
        """Millimetres as pixels."""
        return Pixels(length * self.px_per_mm)

    def pt(self, points: float) -> Pixels:
        """Points of type as pixels."""
        return Pixels(points * MM_PER_POINT * self.px_per_mm)

    @property
    def roomy(self) -> float:
        """How much more than the 7-inch panel's height a landscape panel has for each line, at most 1.4."""
        return min(1.4, max(1.0, self.height / self.px_per_mm / 90.3)) if self.wide else 1.0

    @property
    def wide(self) -> bool:
        """True for landscape."""
        return self.width > self.height


PANELS = {
    Size.SEVEN_INCH: Panel(Size.SEVEN_INCH, 1024, 600, 6.65),
    Size.TEN_INCH: Panel(Size.TEN_INCH, 1280, 800, 5.9),
    Size.PORTRAIT: Panel(Size.PORTRAIT, 480, 800, 5.19),
}
"""7": 154 mm wide; 10.1": 217 mm; portrait: the 800x480 panel of 154 x 86 mm, turned."""

BAR = Millimetres(7)
RECIPIENT_BAR = Millimetres(8)
"""Capitals with tone marks above, and dots below, at the recipient's smallest size, whole."""
MARGIN = Millimetres(4)
RECIPIENT_TARGET = Millimetres(20)
RECIPIENT_ROW = Millimetres(21.2)
"""A row of the recipient's buttons: two lines of the smallest action type, and their tails inside the frame."""
AGENT_TARGET = Millimetres(16)
OPPOSING_GAP = Millimetres(6)
KEY_GAP = Millimetres(3)
CONTRAST = 7.0


def palette(*, high_contrast: bool) -> Palette:
    """The colours in use."""
    return HIGH if high_contrast else LIGHT
