"""Signs of the screens around a household, drawn like all the others."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.screens.icons import Pen
from kiosk.screens.theme import Colour

WHITE, BLACK = Colour(255, 255, 255), Colour(30, 24, 20)
CARD, LIGHT = Colour(214, 236, 240), Colour(250, 212, 128)


def _house(pen: Pen) -> None:
    pen.line((0.08, 0.5), (0.5, 0.88), (0.92, 0.5), thick=1.4)
    pen.line((0.2, 0.44), (0.2, 0.12), (0.8, 0.12), (0.8, 0.44), thick=1.4)
    pen.line((0.42, 0.14), (0.42, 0.38), (0.58, 0.38), (0.58, 0.14), thick=1.2)


def _find(pen: Pen) -> None:
    pen.circle((0.42, 0.58), 0.26)
    pen.circle((0.42, 0.58), 0.28)
    pen.line((0.62, 0.38), (0.86, 0.14), thick=2)


def _phone(pen: Pen) -> None:
    pen.box((0.3, 0.06), (0.7, 0.94), radius=0.1)
    pen.line((0.42, 0.82), (0.58, 0.82))
    pen.circle((0.5, 0.17), 0.035, full=True)


def _pen(pen: Pen) -> None:
    pen.line((0.2, 0.1), (0.16, 0.34), (0.68, 0.86), (0.86, 0.68), (0.34, 0.16), (0.2, 0.1), thick=1.3)
    pen.line((0.58, 0.76), (0.76, 0.58), thick=1.2)


def _day(pen: Pen) -> None:
    pen.box((0.12, 0.12), (0.88, 0.82), radius=0.06)
    pen.line((0.12, 0.62), (0.88, 0.62), thick=1.2)
    for x in (0.32, 0.68):
        pen.line((x, 0.74), (x, 0.94), thick=1.4)
    for x, y in ((0.32, 0.46), (0.5, 0.46), (0.68, 0.46), (0.32, 0.28), (0.5, 0.28)):
        pen.circle((x, y), 0.045, full=True)


def _code(pen: Pen, low: tuple[float, float], side: float) -> None:
    """A QR code as one knows it from afar: three eyes and a handful of dots, on white."""
    unit = side / 9
    pen.box((low[0] - unit, low[1] - unit), (low[0] + side + unit, low[1] + side + unit), full=True, colour=WHITE)

    def block(x: float, y: float, wide: float, colour: Colour) -> None:
        left, below = low[0] + x * unit, low[1] + y * unit
        pen.box((left, below), (left + wide * unit, below + wide * unit), full=True, colour=colour, radius=0)

    for x, y in ((0.0, 0.0), (0, 5), (5, 5)):
        for inset, colour in ((0.0, BLACK), (0.8, WHITE), (1.4, BLACK)):
            block(x + inset, y + inset, 4 - 2 * inset, colour)
    for x, y in ((5.0, 0.0), (7, 0), (6, 1), (8, 1), (5, 2), (7, 2.6), (8, 3.6), (5.4, 3.6)):
        block(x, y, 1, BLACK)


def _qr(pen: Pen) -> None:
    """A card held above the scanner's window, its code in the light."""
    pen.width *= 0.4
    pen.shape((0.56, 0.16), (0.42, 0.6), (0.88, 0.6), (0.74, 0.16), colour=LIGHT)
    pen.box((0.06, 0.46), (0.94, 0.97), full=True, colour=CARD, radius=0.05)
    pen.box((0.06, 0.46), (0.94, 0.97), radius=0.05)
    for y, end in ((0.84, 0.46), (0.72, 0.46), (0.6, 0.36)):
        pen.line((0.14, y), (end, y), thick=1.2)
    _code(pen, (0.57, 0.56), 0.3)
    pen.box((0.3, 0.02), (1, 0.2), full=True, colour=pen.ink.mixed(pen.back, 0.2), radius=0.06)
    pen.box((0.48, 0.11), (0.82, 0.2), full=True, colour=LIGHT, radius=0.02)


def _cash(pen: Pen) -> None:
    """A banknote, seen from the front."""
    pen.box((0.04, 0.24), (0.96, 0.76), radius=0.05)
    pen.circle((0.5, 0.5), 0.14)
    for x in (0.2, 0.8):
        pen.circle((x, 0.5), 0.04, full=True)


def _paper(pen: Pen) -> None:
    """A sheet with lines on it."""
    pen.box((0.2, 0.06), (0.8, 0.94), radius=0.06)
    for y, end in ((0.72, 0.66), (0.54, 0.66), (0.36, 0.5)):
        pen.line((0.34, y), (end, y), thick=1.3)


def _usb(pen: Pen) -> None:
    """A stick with its plug, seen from the side."""
    pen.width *= 0.5
    pen.box((0.06, 0.32), (0.66, 0.68), full=True, colour=pen.ink.mixed(pen.back, 0.8), radius=0.08)
    pen.box((0.06, 0.32), (0.66, 0.68), radius=0.08)
    pen.box((0.66, 0.39), (0.92, 0.61), radius=0.02)
    for y in (0.43, 0.52):
        pen.box((0.76, y), (0.81, y + 0.05), full=True, radius=0)
    pen.circle((0.2, 0.5), 0.05, full=True)


SIGNS_HOUSE: dict[str, Callable[[Pen], None]] = {
    "house": _house, "find": _find, "phone": _phone, "pen": _pen, "day": _day, "qr": _qr,
    "cash": _cash, "usb": _usb, "paper": _paper,
}  # fmt: skip
