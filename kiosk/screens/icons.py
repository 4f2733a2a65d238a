"""Signs drawn by strokes and shapes: one hand, one line width, no picture files.

Each function draws into a square of side 1; the painter scales it. ``Pen`` hides the canvas, so a sign is a few lines.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from kivy.graphics import Color, Ellipse, Line, Mesh, RoundedRectangle

from kiosk.screens.area import Area
from kiosk.screens.theme import Colour

Dot = tuple[float, float]
ROUND, CORNER = 48, 24
"""Sides of a circle, and of a rectangle's four round corners together: off by a sixth of a pixel at most. Kivy takes
180 and 45, and a third of a frame's time to place them."""


class Pen:
    """Draws in units of its area: (0, 0) is bottom left, (1, 1) top right."""

    def __init__(self, area: Area, ink: Colour, back: Colour) -> None:
        self.area, self.ink, self.back = area, ink, back
        self.width = max(1.2, min(area.width, area.height) * 0.045)

    def at(self, dot: Dot) -> Dot:
        """A point in pixels."""
        return self.area.x + dot[0] * self.area.width, self.area.y + dot[1] * self.area.height

    def colour(self, colour: Colour) -> None:
        """What comes next is drawn in this colour."""
        Color(*colour.rgb, 1)

    def line(self, *dots: Dot, close: bool = False, thick: float = 1) -> None:
        """A line through points, round at its ends."""
        self.colour(self.ink)
        flat = [part for dot in dots for part in self.at(dot)]
        Line(points=flat, width=self.width * thick, cap="round", joint="round", close=close)

    def circle(self, middle: Dot, radius: float, *, full: bool = False, colour: Colour | None = None) -> None:
        """A circle, filled or drawn; its radius is a share of the width."""
        self.colour(colour or self.ink)
        x, y = self.at(middle)
        side = radius * min(self.area.width, self.area.height)
        if full:
            Ellipse(pos=(x - side, y - side), size=(2 * side, 2 * side), segments=ROUND)
        else:
            Line(circle=(x, y, side, 0, 360, ROUND), width=self.width)

    def arc(self, middle: Dot, radius: float, start: float, end: float) -> None:
        """A part of a circle; degrees clockwise from the top."""
        self.colour(self.ink)
        x, y = self.at(middle)
        side = radius * min(self.area.width, self.area.height)
        Line(circle=(x, y, side, start, end, ROUND), width=self.width, cap="round")

    def box(
        self, low: Dot, high: Dot, *, full: bool = False, colour: Colour | None = None, radius: float = 0.05
    ) -> None:
        """A rounded rectangle."""
        self.colour(colour or self.ink)
        (x, y), (right, top) = self.at(low), self.at(high)
        round_by = radius * min(self.area.width, self.area.height)
        if full:
            RoundedRectangle(pos=(x, y), size=(right - x, top - y), radius=[round_by])
        else:
            Line(rounded_rectangle=(x, y, right - x, top - y, round_by, CORNER), width=self.width)

    def shape(self, *dots: Dot, colour: Colour | None = None) -> None:
        """A filled convex shape."""
        self.colour(colour or self.ink)
        vertices = [part for dot in dots for part in (*self.at(dot), 0, 0)]
        Mesh(vertices=vertices, indices=list(range(len(dots))), mode="triangle_fan")


def _yes(pen: Pen) -> None:
    pen.line((0.12, 0.52), (0.4, 0.24), (0.88, 0.8), thick=1.7)


def _no(pen: Pen) -> None:
    pen.line((0.2, 0.2), (0.8, 0.8), thick=1.6)
    pen.line((0.2, 0.8), (0.8, 0.2), thick=1.6)


def _back(pen: Pen) -> None:
    pen.line((0.55, 0.2), (0.24, 0.5), (0.55, 0.8), thick=1.6)
    pen.line((0.26, 0.5), (0.86, 0.5), thick=1.6)


def _next(pen: Pen) -> None:
    pen.line((0.45, 0.2), (0.76, 0.5), (0.45, 0.8), thick=1.6)
    pen.line((0.14, 0.5), (0.74, 0.5), thick=1.6)


def _up(pen: Pen) -> None:
    pen.line((0.2, 0.36), (0.5, 0.68), (0.8, 0.36), thick=1.6)


def _down(pen: Pen) -> None:
    pen.line((0.2, 0.66), (0.5, 0.34), (0.8, 0.66), thick=1.6)


def _hear(pen: Pen) -> None:
    pen.shape((0.1, 0.38), (0.28, 0.38), (0.28, 0.62), (0.1, 0.62))
    pen.shape((0.26, 0.38), (0.5, 0.18), (0.5, 0.82), (0.26, 0.62))
    pen.arc((0.5, 0.5), 0.2, 45, 135)
    pen.arc((0.5, 0.5), 0.36, 45, 135)


def _help(pen: Pen) -> None:
    pen.arc((0.5, 0.64), 0.2, -90, 130)
    pen.line((0.5, 0.46), (0.5, 0.34), thick=1.1)
    pen.line((0.65, 0.51), (0.5, 0.44))
    pen.circle((0.5, 0.17), 0.06, full=True)


def _erase(pen: Pen) -> None:
    pen.line((0.1, 0.5), (0.32, 0.76), (0.9, 0.76), (0.9, 0.24), (0.32, 0.24), close=True)
    pen.line((0.46, 0.38), (0.72, 0.62))
    pen.line((0.46, 0.62), (0.72, 0.38))


def _space(pen: Pen) -> None:
    pen.line((0.14, 0.5), (0.14, 0.3), (0.86, 0.3), (0.86, 0.5), thick=1.3)


def _person(pen: Pen) -> None:
    pen.circle((0.5, 0.7), 0.17, full=True)
    pen.box((0.2, 0.1), (0.8, 0.44), full=True, radius=0.18)


def _menu(pen: Pen) -> None:
    for height in (0.26, 0.5, 0.74):
        pen.line((0.18, height), (0.82, height), thick=1.4)


def _note(pen: Pen) -> None:
    pen.box((0.06, 0.28), (0.94, 0.74))
    pen.circle((0.5, 0.51), 0.12)


def _lock(pen: Pen) -> None:
    pen.box((0.2, 0.12), (0.8, 0.54), full=True)
    pen.arc((0.5, 0.54), 0.2, -90, 90)


def _key(pen: Pen) -> None:
    pen.circle((0.28, 0.5), 0.16)
    pen.line((0.44, 0.5), (0.88, 0.5), thick=1.3)
    for x in (0.7, 0.86):
        pen.line((x, 0.5), (x, 0.34), thick=1.3)


def _power(pen: Pen) -> None:
    pen.arc((0.5, 0.48), 0.32, 35, 325)
    pen.line((0.5, 0.5), (0.5, 0.88), thick=1.3)


def _minus(pen: Pen) -> None:
    pen.shape((0.1, 0.38), (0.28, 0.38), (0.28, 0.62), (0.1, 0.62))
    pen.shape((0.26, 0.38), (0.5, 0.18), (0.5, 0.82), (0.26, 0.62))
    pen.line((0.64, 0.5), (0.9, 0.5), thick=1.3)


def _contrast(pen: Pen) -> None:
    pen.circle((0.5, 0.5), 0.36)
    dots = [(0.5 - 0.36 * sin(turn / 12 * pi), 0.5 + 0.36 * cos(turn / 12 * pi)) for turn in range(13)]
    pen.shape(*dots)


def _language(pen: Pen) -> None:
    pen.circle((0.5, 0.5), 0.38)
    pen.line((0.12, 0.5), (0.88, 0.5))
    pen.line((0.5, 0.12), (0.34, 0.5), (0.5, 0.88))
    pen.line((0.5, 0.12), (0.66, 0.5), (0.5, 0.88))


def _waiting(pen: Pen) -> None:
    pen.circle((0.5, 0.5), 0.38)
    pen.line((0.5, 0.74), (0.5, 0.5), (0.68, 0.4), thick=1.2)


def _later(pen: Pen) -> None:
    pen.arc((0.5, 0.5), 0.36, 50, 350)
    pen.shape((0.68, 0.88), (0.9, 0.72), (0.62, 0.64))
    pen.line((0.5, 0.7), (0.5, 0.5), (0.64, 0.44))


def _unpaid(pen: Pen) -> None:
    pen.circle((0.5, 0.5), 0.38)
    pen.line((0.3, 0.5), (0.7, 0.5), thick=1.4)


def _bank(pen: Pen) -> None:
    pen.shape((0.08, 0.62), (0.92, 0.62), (0.5, 0.92))
    for left in (0.2, 0.44, 0.68):
        pen.box((left, 0.24), (left + 0.12, 0.56), full=True, radius=0)
    pen.box((0.1, 0.1), (0.9, 0.2), full=True, radius=0)


def _sync_ok(pen: Pen) -> None:
    pen.circle((0.5, 0.5), 0.4)
    pen.line((0.32, 0.5), (0.46, 0.36), (0.7, 0.64))


def _sync_waiting(pen: Pen) -> None:
    pen.arc((0.5, 0.5), 0.36, 20, 160)
    pen.arc((0.5, 0.5), 0.36, 200, 340)
    pen.shape((0.5, 0.04), (0.72, 0.18), (0.52, 0.3))
    pen.shape((0.5, 0.96), (0.28, 0.82), (0.48, 0.7))


def _printer(pen: Pen) -> None:
    pen.box((0.28, 0.66), (0.72, 0.92))
    pen.box((0.1, 0.3), (0.9, 0.66), full=True)
    pen.box((0.28, 0.08), (0.72, 0.42), full=True, colour=pen.back, radius=0)
    pen.box((0.28, 0.08), (0.72, 0.42), radius=0)


def _printer_bad(pen: Pen) -> None:
    _printer(pen)
    pen.line((0.06, 0.04), (0.94, 0.96), thick=1.4)


def _battery(level: int) -> Callable[[Pen], None]:
    def draw(pen: Pen) -> None:
        pen.box((0.06, 0.3), (0.86, 0.7))
        pen.box((0.88, 0.42), (0.96, 0.58), full=True, radius=0)
        pen.box((0.12, 0.36), (0.12 + 0.68 * max(level, 0.3) / 4, 0.64), full=True, radius=0)

    return draw


def _hand(pen: Pen) -> None:
    pen.box((0.3, 0.08), (0.8, 0.5), full=True, radius=0.16)
    for left, top in ((0.3, 0.86), (0.44, 0.94), (0.58, 0.9), (0.71, 0.78)):
        pen.box((left, 0.4), (left + 0.1, top), full=True, radius=0.05)
    pen.line((0.34, 0.24), (0.14, 0.5), thick=2.4)


def _done(pen: Pen) -> None:
    pen.circle((0.5, 0.5), 0.46, full=True)
    ink, pen.ink = pen.ink, pen.back
    pen.line((0.26, 0.5), (0.44, 0.32), (0.76, 0.68), thick=1.8)
    pen.ink = ink


def _card_face(pen: Pen, low: Dot, high: Dot) -> None:
    pen.box(low, high, full=True, colour=Colour(214, 236, 240), radius=0.04)
    pen.box(low, high, radius=0.04)
    wide, tall = high[0] - low[0], high[1] - low[1]
    x, y = low
    pen.box((x + wide * 0.07, y + tall * 0.18), (x + wide * 0.3, y + tall * 0.62), full=True,
            colour=Colour(120, 140, 150), radius=0.02)  # fmt: skip
    pen.box((x + wide * 0.78, y + tall * 0.68), (x + wide * 0.92, y + tall * 0.88), full=True,
            colour=Colour(227, 165, 44), radius=0.02)  # fmt: skip
    for share in (0.56, 0.42, 0.28):
        pen.line(
            (x + wide * 0.38, y + tall * share), (x + wide * (0.9 if share > 0.3 else 0.7), y + tall * share), thick=0.8
        )


def _reader_body(pen: Pen) -> None:
    pen.width *= 0.4
    pen.box((0.08, 0.05), (0.92, 0.42), full=True, colour=pen.ink.mixed(pen.back, 0.2), radius=0.08)
    pen.box((0.18, 0.14), (0.82, 0.33), full=True, colour=pen.back.mixed(pen.ink, 0.12), radius=0.05)


def _reader(pen: Pen) -> None:
    _reader_body(pen)
    _card_face(pen, (0.22, 0.58), (0.78, 0.97))
    pen.line((0.5, 0.54), (0.5, 0.2), thick=3)
    pen.line((0.42, 0.28), (0.5, 0.2), (0.58, 0.28), thick=3)


def _reader_card(pen: Pen) -> None:
    _reader_body(pen)
    _card_face(pen, (0.2, 0.2), (0.8, 0.6))
    for radius in (0.12, 0.2, 0.28):
        pen.arc((0.5, 0.66), radius, -45, 45)


def _reader_take(pen: Pen) -> None:
    _reader_body(pen)
    _card_face(pen, (0.22, 0.48), (0.78, 0.87))
    pen.line((0.9, 0.52), (0.9, 0.92), thick=3)
    pen.line((0.83, 0.84), (0.9, 0.93), (0.97, 0.84), thick=3)


SIGNS: dict[str, Callable[[Pen], None]] = {
    "yes": _yes, "no": _no, "back": _back, "next": _next, "up": _up, "down": _down, "hear": _hear, "help": _help,
    "erase": _erase, "space": _space,
    "person": _person, "menu": _menu, "note": _note, "lock": _lock, "key": _key, "power": _power, "minus": _minus,
    "contrast": _contrast, "language": _language, "waiting": _waiting, "later": _later, "unpaid": _unpaid,
    "bank": _bank, "sync_ok": _sync_ok, "sync_waiting": _sync_waiting, "printer_ok": _printer,
    "printer_bad": _printer_bad, "hand": _hand, "done": _done, "reader": _reader,
    "reader_card": _reader_card, "reader_take": _reader_take,
    **{f"battery_{level}": _battery(level) for level in range(5)},
}  # fmt: skip
