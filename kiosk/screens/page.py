"""A page as a list of things to draw and places to touch: what the painter paints and what the audit measures.

Both walk the same list, so what passes the audit is what a person sees.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.flow.events import Event
from kiosk.flow.values import Language, Stroke
from kiosk.screens.area import Area
from kiosk.screens.theme import Colour, Palette, Panel, Type


class Audience(StrEnum):
    """Who reads and touches a page."""

    AGENT = "agent"
    RECIPIENT = "recipient"


class Role(StrEnum):
    """What kind of target this is: gaps and sizes differ."""

    ACTION = "action"
    OPPOSING = "opposing"
    KEY = "key"
    ROW = "row"
    EDGE = "edge"
    """A strip along a whole edge of the panel: as wide as it, so it may be lower than a button."""


class Align(StrEnum):
    """How text stands in its area."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Fill:
    """A rounded rectangle, with an outline if one is named."""

    area: Area
    colour: Colour
    radius: float = 0
    outline: Colour | None = None
    width: float = 1.5


@dataclass(frozen=True, slots=True)
class Text:
    """Words in an area: sized between its type's wish and floor, wrapped, never cut."""

    area: Area
    words: str
    type: Type
    colour: Colour
    on: Colour
    language: Language
    align: Align = Align.LEFT
    bold: bool = False
    top: bool = False
    """Stands at the top of its area instead of the middle."""
    icon: str = ""
    """A sign before the words, as tall as they are."""


@dataclass(frozen=True, slots=True)
class Icon:
    """A drawn sign, by name."""

    area: Area
    name: str
    colour: Colour
    on: Colour


@dataclass(frozen=True, slots=True)
class Photo:
    """The picture from the chip."""

    area: Area
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bar:
    """How far something is, 0 to 1."""

    area: Area
    share: float
    colour: Colour
    on: Colour


@dataclass(frozen=True, slots=True)
class Pulse:
    """Something is under way and nobody knows how long: dots that take turns."""

    area: Area
    colour: Colour
    on: Colour

    @property
    def dots(self) -> list[Area]:
        """Five dots in a row, in the middle of the area and never beyond it."""
        side = min(self.area.height, self.area.width / 9)
        left, low = self.area.middle[0] - side * 4.5, self.area.middle[1] - side / 2
        return [Area(left + place * side * 2, low, side, side) for place in range(5)]


@dataclass(frozen=True, slots=True)
class Ink:
    """Strokes of a signature, in pad units."""

    area: Area
    strokes: tuple[Stroke, ...] = field(repr=False)
    colour: Colour


@dataclass(frozen=True, slots=True)
class Stripes:
    """Slanted stripes along the edge of the page: practice."""

    area: Area
    width: float
    colour: Colour
    other: Colour


Element = Fill | Text | Icon | Photo | Bar | Pulse | Ink | Stripes


@dataclass(frozen=True, slots=True)
class Target:
    """A place to touch: its stable id, and the event that a touch means. A pad takes strokes instead."""

    test_id: str
    area: Area
    role: Role
    event: Event | None


@dataclass(slots=True)
class Page:
    """One screen, laid out."""

    panel: Panel
    palette: Palette
    language: Language
    audience: Audience
    elements: list[Element] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    pad: Target | None = None

    @property
    def whole(self) -> Area:
        """The panel."""
        return Area(0, 0, self.panel.width, self.panel.height)

    def add(self, *elements: Element) -> None:
        """Draw these next, over what is there."""
        self.elements.extend(elements)
