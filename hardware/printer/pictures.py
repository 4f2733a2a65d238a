"""QR codes, pen strokes and grey pictures as dots.

A QR is drawn by us rather than by the printer: the native command differs between clones, and one
that fails prints nothing at all where the proof should stand.
"""

from __future__ import annotations

from functools import lru_cache

import qrcode
from PIL import Image, ImageDraw
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError

from hardware.printer.blocks import Picture, Qr, Strokes
from hardware.printer.errors import LayoutError
from hardware.printer.paper import Paper

MAX_QR = 700
MAX_SIDE = 1024
MAX_POINTS = 20_000
MAX_PAD = 10_000
_MASK = 3
"""One fixed mask: trying all eight costs 9 ms a receipt, and every reader takes any of them."""


def qr(block: Qr, paper: Paper) -> Image.Image:
    """The code without its quiet zone. Raises LayoutError if empty, too long or not ASCII."""
    if not 1 <= len(block.data) <= MAX_QR or not block.data.isascii():
        raise LayoutError(f"a QR takes 1 to {MAX_QR} ASCII bytes")
    module = paper.dots(max(2, min(20, block.module_tenths_mm)) / 10)
    rows = _matrix(block.data)
    if len(rows) * module > paper.width - 2 * paper.dots(2.0):
        raise LayoutError("the QR is wider than the paper")
    small = Image.new("1", (len(rows), len(rows)))
    small.putdata([int(dark) for row in rows for dark in row])
    return small.resize((len(rows) * module,) * 2, Image.Resampling.NEAREST)


@lru_cache(maxsize=4)
def _matrix(data: bytes) -> tuple[tuple[bool, ...], ...]:
    correction = ERROR_CORRECT_M if len(data) <= 250 else ERROR_CORRECT_L
    code = qrcode.QRCode(error_correction=correction, border=0, mask_pattern=_MASK)
    code.add_data(data.decode("ascii"), optimize=0)
    try:
        code.make(fit=True)
    except DataOverflowError as error:
        raise LayoutError("the QR holds too much") from error
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())


def strokes(block: Strokes, paper: Paper) -> Image.Image:
    """Pen strokes as large as the block's height and 30 mm allow, cut to their own box:
    who signs small in the corner of a pad still has a signature on paper."""
    if not (1 <= block.width <= MAX_PAD and 1 <= block.height <= MAX_PAD):
        raise LayoutError("the pad of the strokes is out of range")
    points = [point for stroke in block.strokes for point in stroke]
    if len(points) > MAX_POINTS:
        raise LayoutError(f"more than {MAX_POINTS} points")
    height = paper.dots(max(30, min(400, block.height_tenths_mm)) / 10)
    left, top, wide, high = _box(points, block)
    pen = 4
    scale = min((height - 2 * pen) / high, (paper.dots(30) - 2 * pen) / wide)
    image = Image.new("1", (round(wide * scale) + 2 * pen, height))
    draw = ImageDraw.Draw(image)
    for stroke in block.strokes:
        _stroke(draw, [((x - left) * scale + pen, (y - top) * scale + pen) for x, y in stroke])
    return image


def _box(points: list[tuple[int, int]], block: Strokes) -> tuple[int, int, int, int]:
    """Left, top, width, height of the ink on the pad; never blown up beyond a quarter of it."""
    inside = [(x, y) for x, y in points if 0 <= x <= block.width and 0 <= y <= block.height]
    xs, ys = [x for x, _ in inside] or [0], [y for _, y in inside] or [0]
    wide = max(max(xs) - min(xs), block.width // 4, 1)
    high = max(max(ys) - min(ys), block.height // 4, 1)
    return min(xs), min(ys), wide, high


def _stroke(draw: ImageDraw.ImageDraw, points: list[tuple[float, float]]) -> None:
    if len(points) == 1:
        (x, y) = points[0]
        draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=1)
    elif points:
        draw.line(points, fill=1, width=3, joint="curve")


def picture(block: Picture, paper: Paper) -> Image.Image:
    """A grey picture, scaled down to fit and dithered (Floyd-Steinberg)."""
    if not (1 <= block.width <= MAX_SIDE and 1 <= block.height <= MAX_SIDE):
        raise LayoutError(f"a picture has at most {MAX_SIDE} dots a side")
    if len(block.pixels) != block.width * block.height:
        raise LayoutError("the picture's bytes do not fill its rows")
    most = paper.dots(max(10, min(1000, block.max_height_tenths_mm)) / 10)
    grey = Image.frombytes("L", (block.width, block.height), block.pixels)
    grey.thumbnail((paper.width, most))
    return grey.point(lambda value: 255 - value).convert("1")
