"""Signs of the screens around a household, drawn like all the others."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.screens.icons import Pen


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


def _qr(pen: Pen) -> None:
    """A card held before a beam, its code towards the glass."""
    pen.width *= 0.4
    pen.box((0.08, 0.42), (0.74, 0.9), full=True, colour=pen.ink.mixed(pen.back, 0.86), radius=0.04)
    pen.box((0.08, 0.42), (0.74, 0.9), radius=0.04)
    for x, y in ((0.5, 0.7), (0.62, 0.7), (0.5, 0.58), (0.56, 0.64), (0.62, 0.55)):
        pen.box((x, y), (x + 0.06, y + 0.06), full=True, radius=0)
    for share in (0.78, 0.68, 0.58):
        pen.line((0.15, share), (0.4, share), thick=1.2)
    pen.box((0.28, 0.04), (0.92, 0.2), full=True, colour=pen.ink.mixed(pen.back, 0.2), radius=0.05)
    for x in (0.42, 0.54, 0.66, 0.78):
        pen.line((x, 0.24), (x, 0.36), thick=2.2)


def _cash(pen: Pen) -> None:
    """A banknote, seen from the front."""
    pen.box((0.04, 0.24), (0.96, 0.76), radius=0.05)
    pen.circle((0.5, 0.5), 0.14)
    for x in (0.2, 0.8):
        pen.circle((x, 0.5), 0.04, full=True)


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
    "cash": _cash, "usb": _usb,
}  # fmt: skip
