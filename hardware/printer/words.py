"""Text blocks as strips of dots: wrapping, fitting, aligning.

Type sizes are kept in millimetres per em, so that a 180 dpi head prints letters as large as a
203 dpi one. Old eyes read this paper: what they need stands at 11 points and more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from PIL import Image, ImageDraw

from hardware.printer import glyphs
from hardware.printer.blocks import Align, Amount, Banner, Row, Size, Text
from hardware.printer.fonts import Face, font
from hardware.printer.paper import Paper
from hardware.printer.text import TextFlag, clean

EM_MM = {Size.SMALL: 2.6, Size.BODY: 3.4, Size.LARGE: 4.0, Size.HUGE: 4.6}
"""Height of an em on paper in millimetres: 7.5, 9.5, 11.5 and 13 points."""
_AMOUNT_EM_MM = 10.0
_MEASURE_MM = 60.0
_BANNER_EM_MM = 5.2
_MAX_LINES = 40


def coarse(block: Text, paper: Paper, width: int, flags: set[TextFlag]) -> Image.Image:
    """``paragraph`` drawn at half the size and doubled: as large on paper, coarser, a quarter of the bytes."""
    return _doubled(paragraph(block, paper, width // 2, flags, 2))


def paragraph(block: Text, paper: Paper, width: int, flags: set[TextFlag], part: int = 1) -> Image.Image:
    """A wrapped text as a strip ``width`` dots wide, in letters of the size's ``part``."""
    face, pixels = _type(block, paper)
    pixels //= part
    cleaned = clean(block.text)
    flags |= cleaned.flags
    if block.fit:
        pixels = max(pixels * 2 // 3, _fitting(cleaned.text, face, width, pixels))
    lines = list(_wrap(cleaned.text, face, pixels, width))
    if len(lines) > _MAX_LINES:
        flags.add(TextFlag.TOO_LONG)
    return _lines(tuple(lines[:_MAX_LINES]), face, pixels, width, block.align)


def row(block: Row, paper: Paper, flags: set[TextFlag]) -> Image.Image:
    """Left text wraps in what the right text leaves; the right text stands on the last line."""
    face, pixels = _type(Text("", block.size, block.bold), paper)
    left, right = clean(block.left), clean(block.right)
    flags |= left.flags | right.flags
    whole = measure(paper)
    edge = whole - width_of(right.text, face, pixels) - 2
    room = edge - paper.dots(2)
    if room < whole // 4:
        texts = (Text(block.left, block.size, block.bold), _at_right(block))
        return _stack([paragraph(text, paper, paper.width, flags) for text in texts])
    lines = tuple(_wrap(left.text, face, pixels, room))
    strip = _lines(lines, face, pixels, paper.width, Align.LEFT)
    glyphs.write(strip, (edge, strip.height - line_height(face, pixels)), right.text, face, pixels)
    return strip


def _at_right(block: Row) -> Text:
    return Text(block.right, block.size, block.bold, Align.RIGHT)


def amount(block: Amount, paper: Paper, flags: set[TextFlag], part: int = 1) -> Image.Image:
    """The sum, as large as fits on one line, between two thick rules; ``part`` 2: drawn at half size and doubled."""
    cleaned = clean(block.figures, 40)
    flags |= cleaned.flags
    width, bar, air = paper.width // part, paper.dots(0.5 / part), paper.dots(1.8 / part)
    pixels = _fitting(cleaned.text, Face.BOLD, width - 4 // part, paper.dots(_AMOUNT_EM_MM / part))
    body = _tight(cleaned.text, Face.BOLD, pixels)
    above = paper.dots(0.8 / part)
    strip = Image.new("1", (width, above + body.height + 2 * (bar + air)))
    strip.paste(body, (0, above + bar + air))
    draw = ImageDraw.Draw(strip)
    for top in (above, strip.height - bar):
        draw.rectangle((0, top, max(measure(paper) // part, body.width) - 1, top + bar - 1), fill=1)
    return strip if part == 1 else _doubled(strip)


def banner(block: Banner, paper: Paper, flags: set[TextFlag]) -> Image.Image:
    """White on black, edge to edge: as large as one line allows, or two where that would be small.

    Drawn at half the size and doubled: black rows are the dearest there are, and squares of two by two dots cost a
    quarter of the bytes.
    """
    cleaned = clean(block.text, 80)
    flags |= cleaned.flags
    half = paper.width // 2
    room, most = half - paper.dots(1) // 2, int(paper.dots(_BANNER_EM_MM)) // 2
    pixels = _fitting(cleaned.text, Face.BOLD, room, most)
    if pixels < most * 7 // 10:
        pixels = most
    while len(lines := tuple(_wrap(cleaned.text, Face.BOLD, pixels, room))) > 2 and pixels > 12:
        pixels -= 1
    ink = _lines(lines, Face.BOLD, pixels, half, Align.CENTRE)
    strip = Image.new("1", ink.size, 1)
    strip.paste(0, (0, 0), ink)
    return _doubled(strip)


def _doubled(strip: Image.Image) -> Image.Image:
    return strip.resize((2 * strip.width, 2 * strip.height), Image.Resampling.NEAREST)


def measure(paper: Paper) -> int:
    """How far a line with two ends reaches: an old eye loses the way across 72 mm of white."""
    return min(paper.width, paper.dots(_MEASURE_MM) // 8 * 8)


def line_height(face: Face, pixels: int) -> int:
    """Rows of one line: the font's own ascent and descent, so that no tone mark is ever cut."""
    ascent, descent = font(face, pixels).getmetrics()
    return ascent + descent


def _type(block: Text, paper: Paper) -> tuple[Face, int]:
    face = Face.BOLD if block.bold else Face.REGULAR
    return face, paper.dots(EM_MM[block.size])


def _wrap(text: str, face: Face, pixels: int, width: int) -> Iterator[str]:
    """Greedy lines; a word wider than the line is cut where it must be."""
    line = ""
    for word in (part for long in text.split(" ") for part in _pieces(long, face, pixels, width)):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, face, pixels) > width:
            yield line
            line = word
        else:
            line = longer
    yield line


def _pieces(word: str, face: Face, pixels: int, width: int) -> Iterator[str]:
    while len(word) > 1 and width_of(word, face, pixels) > width:
        cut = len(word) - 1
        while cut > 1 and width_of(word[:cut], face, pixels) > width:
            cut -= 1
        yield word[:cut]
        word = word[cut:]
    yield word


@lru_cache(maxsize=256)
def _fitting(text: str, face: Face, width: int, most: int) -> int:
    """The largest size in pixels up to ``most`` at which ``text`` fits, at least 12."""
    at_hundred = max(1, width_of(text, face, 100))
    return max(12, min(most, width * 100 // at_hundred - 1))


def _lines(lines: tuple[str, ...], face: Face, pixels: int, width: int, align: Align) -> Image.Image:
    height = line_height(face, pixels)
    strip = Image.new("1", (width, height * len(lines)))
    for index, line in enumerate(lines):
        spare = max(0, width - width_of(line, face, pixels))
        left = {Align.LEFT: 0, Align.CENTRE: spare // 2, Align.RIGHT: spare}[align]
        glyphs.write(strip, (left, index * height), line, face, pixels)
    return strip


@lru_cache(maxsize=2048)
def width_of(text: str, face: Face, pixels: int) -> int:
    """Advance width of ``text`` in dots."""
    return glyphs.width(text, face, pixels)


def warm(paper: Paper) -> None:
    """Draw the letters of every type size ahead; about a second of processor time, once."""
    sizes = {paper.dots(em) for em in EM_MM.values()}
    glyphs.warm(tuple((face, px) for face in (Face.REGULAR, Face.BOLD) for px in sorted(sizes)))


def _tight(text: str, face: Face, pixels: int) -> Image.Image:
    """One line without the white above and below it."""
    whole = Image.new("1", (width_of(text, face, pixels) + 2, line_height(face, pixels)))
    glyphs.write(whole, (0, 0), text, face, pixels)
    box = whole.getbbox()
    return whole.crop((0, box[1], whole.width, box[3])) if box else whole


def _stack(strips: list[Image.Image]) -> Image.Image:
    whole = Image.new("1", (strips[0].width, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height
    return whole
