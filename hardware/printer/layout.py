"""From blocks to dots: one engine for every paper.

Each block becomes a strip of whole rows; a page is the strips in order. Nothing here knows what a
receipt is, and nothing in a text can become more than dots.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from PIL import Image, ImageDraw

from hardware.printer import pictures, words
from hardware.printer.blocks import (
    Align,
    Amount,
    Banner,
    Block,
    Line,
    Picture,
    Qr,
    Row,
    Rule,
    SignBox,
    Size,
    Space,
    Strokes,
    Text,
    heading,
)
from hardware.printer.errors import LayoutError
from hardware.printer.paper import Paper
from hardware.printer.raster import MAX_ROWS, RasterPage
from hardware.printer.text import TextFlag

__all__ = [
    "Align",
    "Amount",
    "Banner",
    "Block",
    "Line",
    "Picture",
    "Qr",
    "Row",
    "Rule",
    "SignBox",
    "Size",
    "Space",
    "Strokes",
    "Text",
    "heading",
    "render",
    "warm",
]

MAX_BLOCKS = 4000


@dataclass(slots=True)
class _Page:
    """The paper while it is being written on."""

    paper: Paper
    parts: list[bytes] = field(default_factory=list)
    rows: int = 0
    flags: set[TextFlag] = field(default_factory=set)
    coarse: bool = False

    def add(self, strip: Image.Image) -> None:
        """Append a strip as wide as the paper."""
        if strip.width != self.paper.width:
            strip = _at_left(strip, self.paper)
        self.rows += strip.height
        if self.rows > MAX_ROWS:
            raise LayoutError(f"more than {MAX_ROWS} rows on one paper")
        self.parts.append(strip.tobytes())

    def blank(self, height: int) -> None:
        """White rows."""
        self.add(Image.new("1", (self.paper.width, height)))


def render(blocks: Iterable[Block], paper: Paper, *, coarse: bool = False) -> RasterPage:
    """Lay ``blocks`` out on ``paper``: 1-bit rows of the paper's width (384, 512 or 576 dots).

    ``coarse``: large letters and sums in squares of two by two dots, where a paper would be too long for its printer.
    ``flags`` of the page name what was removed from texts. Raises LayoutError beyond the bounds:
    4000 blocks, 100,000 rows, or a picture or QR that cannot be drawn.
    """
    page = _Page(paper, coarse=coarse)
    for count, block in enumerate(blocks):
        if count >= MAX_BLOCKS:
            raise LayoutError(f"more than {MAX_BLOCKS} blocks on one paper")
        _place(page, block)
    return RasterPage(paper, page.rows, b"".join(page.parts), frozenset(page.flags))


def _place(page: _Page, block: Block) -> None:
    match block:
        case Text() | Row() | Amount() | Banner():
            page.add(_written(block, page))
        case Rule():
            page.add(_rule(block, page.paper))
        case Space():
            page.blank(page.paper.dots(_bounded(block.tenths_mm) / 10))
        case Qr():
            page.add(_qr(block, page.paper, page.flags))
        case Picture() | Strokes():
            page.add(_drawn(block, page.paper))
        case SignBox():
            _sign_box(page, block)
        case _:
            assert_never(block)


def _written(block: Text | Row | Amount | Banner, page: _Page) -> Image.Image:
    paper, flags = page.paper, page.flags
    match block:
        case Text(size=Size.LARGE | Size.HUGE):
            draw = words.coarse if page.coarse else words.paragraph
            return draw(block, paper, words.measure(paper), flags)
        case Text():
            return words.paragraph(block, paper, paper.width, flags)
        case Row():
            return words.row(block, paper, flags)
        case Amount():
            return words.amount(block, paper, flags, 2 if page.coarse else 1)
        case Banner():
            return words.banner(block, paper, flags)
        case _:
            assert_never(block)


def _drawn(block: Picture | Strokes, paper: Paper) -> Image.Image:
    if isinstance(block, Picture):
        return _at_left(pictures.picture(block, paper), paper)
    return _at_left(pictures.strokes(block, paper), paper)


def _bounded(tenths_mm: int) -> int:
    if not 1 <= tenths_mm <= 1000:
        raise LayoutError(f"{tenths_mm} tenths of a millimetre is out of range")
    return tenths_mm


def _rule(block: Rule, paper: Paper) -> Image.Image:
    thick = paper.dots(0.5) if block.line is Line.THICK else paper.dots(0.13)
    margin = paper.dots(0.9)
    strip = Image.new("1", (paper.width, thick + 2 * margin))
    reach = words.measure(paper)
    step, ink = (12, 6) if block.line is Line.DASHED else (reach, reach)
    draw = ImageDraw.Draw(strip)
    for start in range(0, reach, step):
        draw.rectangle((start, margin, start + ink - 1, margin + thick - 1), fill=1)
    return strip


def _at_left(image: Image.Image, paper: Paper) -> Image.Image:
    strip = Image.new("1", (paper.width, image.height))
    strip.paste(image, (0, 0))
    return strip


def _qr(block: Qr, paper: Paper, flags: set[TextFlag]) -> Image.Image:
    """The code at the very left: the roll's own margin is its quiet zone, and the white at its
    right stays unsent. Text beside it."""
    code = pictures.qr(block, paper)
    quiet = paper.dots(2.0)
    room = paper.width - code.width - 2 * quiet
    texts = [words.paragraph(text, paper, room, flags) for text in block.beside if room > 0]
    height = max(code.height + 2 * quiet, sum(text.height for text in texts))
    strip = Image.new("1", (paper.width, height))
    strip.paste(code, (0, (height - code.height) // 2))
    top = (height - sum(text.height for text in texts)) // 2
    for text in texts:
        strip.paste(text, (code.width + 2 * quiet, top))
        top += text.height
    return strip


_BOX_MM = 40


def _sign_box(page: _Page, block: SignBox) -> None:
    """A closed frame for a pen or a finger, with its label above and a name below.

    All its lines are two dots wide on even places, so that it is doubled by the printer: every row of a frame reaches
    to its right side, at a quarter of the bytes.
    """
    page.add(words.paragraph(Text(block.label), page.paper, page.paper.width, page.flags))
    page.blank(page.paper.dots(0.8))
    height = page.paper.dots(_bounded(block.height_tenths_mm) / 10) // 2 * 2
    width = min(words.measure(page.paper), page.paper.dots(_BOX_MM)) // 16 * 16
    strip = Image.new("1", (width, height), 1)
    strip.paste(0, (2, 2, width - 2, height - 2))
    page.add(strip)
    if block.name:
        under = Text(block.name, bold=True)
        page.add(words.paragraph(under, page.paper, page.paper.width, page.flags))


def warm(paper: Paper) -> None:
    """Draw the letters ahead (a second, once), so that the first receipt is as quick as the next.

    Raises LayoutError when a font is not installed: better at start than with cash on the table.
    """
    words.warm(paper)
