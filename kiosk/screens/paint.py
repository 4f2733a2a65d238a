"""Paints a page onto a Kivy canvas: the only place that knows textures and fonts.

Measured text and rendered textures are kept in bounded caches: a day of three thousand screens must not grow.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import Any, assert_never

from kivy.core.image import Image as CoreImage
from kivy.core.text import Label as CoreLabel
from kivy.graphics import ClearBuffers, ClearColor, Color, Line, Rectangle, RoundedRectangle

from kiosk.flow.values import STROKE_SIDE
from kiosk.screens.area import Area
from kiosk.screens.fit import PITCH, REFERENCE, SIGN, Fitted, fit, runs
from kiosk.screens.icons import CORNER, Pen
from kiosk.screens.icons import SIGNS as FIRST_SIGNS
from kiosk.screens.icons_house import SIGNS_HOUSE
from kiosk.screens.page import Align, Bar, Element, Fill, Icon, Ink, Page, Photo, Pulse, Stripes, Text
from kiosk.screens.theme import Panel

FONT_FOLDERS = (Path("/usr/share/fonts/truetype/noto"), Path("/usr/share/fonts/noto"))
SIGNS = {**FIRST_SIGNS, **SIGNS_HOUSE}
KHMER_PAD = 0.4
"""Kivy cuts shaped Khmer short at the right: this much room, in units of the font size, is drawn on both sides."""
PLAIN = {True: "ក", False: "n"}
"""A letter without anything above or below, by whether it is Khmer."""
KHMER_HANG = 0.4
"""And cuts off what hangs below a shaped letter, a vowel even: this much is drawn above and below."""
MAX_TEXTURE_BYTES, MAX_WIDTHS, MAX_FITTED = 24 << 20, 6_000, 2_000


class FontMissing(FileNotFoundError):
    """Noto Sans or Noto Sans Khmer is not installed (Debian: fonts-noto-core)."""


@cache
def font_path(*, khmer: bool, bold: bool) -> str:
    """The font file for a script. Raises FontMissing."""
    name = f"{'NotoSansKhmer' if khmer else 'NotoSans'}-{'Bold' if bold else 'Regular'}.ttf"
    for folder in FONT_FOLDERS:
        if (folder / name).is_file():
            return str(folder / name)
    raise FontMissing(name)


def _label(size: float, *, khmer: bool, bold: bool, text: str = "") -> Any:
    shaped = {"font_script_name": "Khmr", "text_language": "km"} if khmer else {}
    font = font_path(khmer=khmer, bold=bold)
    pad = (size * KHMER_PAD, size * KHMER_HANG) if khmer else (0, 0)
    return CoreLabel(text=text, font_name=font, font_size=size, color=(1, 1, 1, 1), padding=pad, **shaped)


def _bytes(texture: Any) -> int:
    return int(texture.width) * int(texture.height) * 4


class Painter:
    """Draws pages for one panel."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self._widths: OrderedDict[tuple[str, bool], float] = OrderedDict()
        self._fitted: OrderedDict[tuple[Any, ...], Fitted] = OrderedDict()
        self._textures: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._texture_bytes = 0
        self._photo: tuple[bytes, Any] = (b"", None)

    def paint(self, page: Page, canvas: Any) -> None:
        """Draw the page onto a canvas.

        Directly, without a group: instructions in a group hold each other, and would wait for the collector.
        """
        elements = page.elements
        with canvas:
            if elements and isinstance(elements[0], Fill) and elements[0].area == page.whole:
                # A page's ground is cleared rather than drawn: without a graphics chip that is half of a frame.
                ClearColor(*elements[0].colour.rgb, 1)
                ClearBuffers()
                elements = elements[1:]
            for element in elements:
                self._draw(element)

    def fitted(self, text: Text) -> Fitted:
        """How a text is set: what the painter draws and the audit judges."""
        key = (text.words, text.type, text.bold, bool(text.icon), text.area.width, text.area.height)
        known = self._fitted.get(key)
        if known is None:
            known = self._fitted[key] = fit(text, self.panel, self._width)
            if len(self._fitted) > MAX_FITTED:
                self._fitted.popitem(last=False)
        return known

    def _draw(self, element: Element) -> None:
        match element:
            case Fill():
                _fill(element)
            case Text():
                self._text(element)
            case Icon():
                SIGNS[element.name](Pen(element.area, element.colour, element.on))
            case Photo():
                self._picture(element)
            case Bar():
                _bar(element)
            case Pulse():
                for dot in element.dots:
                    _fill(Fill(dot, element.on.mixed(element.colour, 0.3), dot.width / 2))
            case Ink():
                _ink(element)
            case Stripes():
                _stripes(element)
            case _:
                assert_never(element)

    def _width(self, line: str, bold: bool) -> float:  # the shape of fit.Measure
        known = self._widths.get((line, bold))
        if known is None:
            known = sum(self._extent(piece, khmer=khmer, bold=bold) for piece, khmer in runs(line))
            self._widths[(line, bold)] = known
            if len(self._widths) > MAX_WIDTHS:
                self._widths.popitem(last=False)
        return known

    def _extent(self, piece: str, *, khmer: bool, bold: bool) -> float:
        label = _label(REFERENCE, khmer=khmer, bold=bold, text=piece)
        if khmer:
            # SDL shapes only after a real rendering has told the font its script: before, widths are too large.
            label.refresh()
            label.render(real=True)
        return float(label.get_extents(piece)[0])

    def _texture(self, piece: str, size: float, *, khmer: bool, bold: bool) -> Any:
        key = (piece, size, khmer, bold)
        texture = self._textures.pop(key, None)
        if texture is None:
            label = _label(size, khmer=khmer, bold=bold, text=piece)
            label.refresh()
            texture = label.texture
            self._texture_bytes += _bytes(texture)
        self._textures[key] = texture
        while self._texture_bytes > MAX_TEXTURE_BYTES:
            _, oldest = self._textures.popitem(last=False)
            self._texture_bytes -= _bytes(oldest)
        return texture

    def _text(self, text: Text) -> None:
        fitted = self.fitted(text)
        pitch = fitted.size * PITCH
        block = pitch * len(fitted.lines)
        top = text.area.top if text.top else text.area.middle[1] + block / 2
        left, width = text.area.x, text.area.width
        if text.icon:
            sign = fitted.size * SIGN
            left = text.area.middle[0] - (fitted.widest + sign) / 2 + sign
            square = Area(left - sign, text.area.middle[1] - sign * 0.42, sign * 0.84, sign * 0.84)
            SIGNS[text.icon](Pen(square, text.colour, text.on))
            width = fitted.widest
        Color(*text.colour.rgb, 1)
        for place, line in enumerate(fitted.lines):
            if line:
                spot = Area(left, top - pitch * (place + 1), width, pitch)
                self._line(spot, text, line, fitted.size)

    def _line(self, spot: Area, text: Text, line: str, size: float) -> None:
        width = self._width(line, text.bold) * size / REFERENCE
        share = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}[text.align]
        x = spot.x + (spot.width - width) * share
        for piece, khmer in runs(line):
            texture = self._texture(piece, size, khmer=khmer, bold=text.bold)
            side, over = (size * KHMER_PAD, size * KHMER_HANG) if khmer else (0.0, 0.0)
            plain = self._texture(PLAIN[khmer], size, khmer=khmer, bold=text.bold).height - 2 * over
            # Aligned at the top, whatever hangs below: all pieces of a line stand on one base line.
            top = spot.middle[1] + plain / 2 + over
            Rectangle(texture=texture, pos=(round(x - side), round(top - texture.height)), size=texture.size)
            x += self._width(piece, text.bold) * size / REFERENCE

    def _picture(self, photo: Photo) -> None:
        if self._photo[0] != photo.data:
            kind = "png" if photo.data.startswith(b"\x89PNG") else "jpg"
            self._photo = (photo.data, CoreImage(io.BytesIO(photo.data), ext=kind).texture)
        texture = self._photo[1]
        area = photo.area.fitted(texture.width / texture.height)
        Color(1, 1, 1, 1)
        Rectangle(texture=texture, pos=(area.x, area.y), size=(area.width, area.height))

    def forget(self) -> None:
        """Drop the picture of the last card holder."""
        self._photo = (b"", None)


def _fill(fill: Fill) -> None:
    """On whole pixels: an edge between two would be drawn now on the one, now on the other."""
    x, y = round(fill.area.x), round(fill.area.y)
    width, height = round(fill.area.right) - x, round(fill.area.top) - y
    Color(*fill.colour.rgb, 1)
    if fill.radius:
        RoundedRectangle(pos=(x, y), size=(width, height), radius=[min(fill.radius, width / 2, height / 2)])
    else:
        Rectangle(pos=(x, y), size=(width, height))
    if fill.outline is not None:
        thick = max(2, round(fill.width))
        half = thick % 2 / 2
        Color(*fill.outline.rgb, 1)
        Line(
            rounded_rectangle=(x + half, y + half, width - 2 * half, height - 2 * half, max(fill.radius, 0.1), CORNER),
            width=thick / 2,
        )


def _bar(bar: Bar) -> None:
    radius = bar.area.height / 2
    _fill(Fill(bar.area, bar.on, radius, bar.colour, 2))
    share = max(0.0, min(1.0, bar.share))
    width = max(bar.area.height, bar.area.width * share)
    _fill(Fill(Area(bar.area.x, bar.area.y, width, bar.area.height), bar.colour, radius))


def _ink(ink: Ink) -> None:
    Color(*ink.colour.rgb, 1)
    for stroke in ink.strokes:
        points = [
            part
            for x, y in stroke
            for part in (ink.area.x + x * ink.area.width / STROKE_SIDE, ink.area.y + y * ink.area.height / STROKE_SIDE)
        ]
        Line(points=points if len(points) > 2 else points * 2, width=2.6, cap="round", joint="round")


def _stripes(stripes: Stripes) -> None:
    """A band of slanted stripes along both sides and the bottom."""
    area, wide = stripes.area, stripes.width
    edges = (
        Area(area.x, area.y, area.width, wide), Area(area.x, area.y, wide, area.height),
        Area(area.right - wide, area.y, wide, area.height),
    )  # fmt: skip
    for edge in edges:
        _fill(Fill(edge, stripes.colour))
        Color(*stripes.other.rgb, 1)
        step = wide * 2.4
        along = max(edge.width, edge.height)
        for place in range(int(along / step)):
            at = place * step
            if edge.width > edge.height:
                points = [edge.x + at, edge.y, edge.x + at + wide, edge.top]
            else:
                points = [edge.x, edge.y + at, edge.right, edge.y + at + wide]
            Line(points=points, width=wide * 0.32)
