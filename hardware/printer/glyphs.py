"""Letters drawn once and kept: a receipt is three hundred letters of some seventy shapes.

FreeType spends 0.13 ms on hinting one letter, which is 70 ms a receipt; pasting a kept one costs
2 microseconds. In NFC a Vietnamese letter is one shape, so a line is its letters side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from hardware.printer.fonts import Face, font

ALPHABET = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
    "AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬBCDĐEÈẺẼÉẸÊỀỂỄẾỆFGHIÌỈĨÍỊJKLMNOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢPQRSTUÙỦŨÚỤƯỪỬỮỨỰVWXYỲỶỸÝỴZ"
    "0123456789 .,:;-+/()…*"
)
"""What ``warm`` draws ahead."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One letter: its ink, where that stands from the pen and the line's top, and the advance."""

    ink: Image.Image | None
    left: int
    top: int
    advance: int


@lru_cache(maxsize=4096)
def glyph(char: str, face: Face, pixels: int) -> Glyph:
    """The letter in 1 bit, all measures in dots."""
    drawn = font(face, pixels)
    margin = pixels
    canvas = Image.new("1", (3 * pixels + 2 * margin, 3 * pixels))
    draw = ImageDraw.Draw(canvas)
    draw.fontmode = "1"
    draw.text((margin, margin // 2), char, font=drawn, fill=1)
    box = canvas.getbbox()
    advance = round(drawn.getlength(char))
    if box is None:
        return Glyph(None, 0, 0, advance)
    return Glyph(canvas.crop(box), box[0] - margin, box[1] - margin // 2, advance)


def write(strip: Image.Image, at: tuple[int, int], text: str, face: Face, pixels: int) -> None:
    """Paste ``text`` with the pen starting at ``at`` (left, top of the line).

    The pen starts one row down, since a hook on a circumflex may rise above the font's own ascent,
    and far enough right that a first letter which leans out to the left stays on the paper.
    """
    pen, top = at[0], at[1] + 1
    pen += max(0, -glyph(text[0], face, pixels).left) if text else 0
    for char in text:
        shape = glyph(char, face, pixels)
        if shape.ink is not None:
            strip.paste(1, (pen + shape.left, top + shape.top), shape.ink)
        pen += shape.advance


def width(text: str, face: Face, pixels: int) -> int:
    """Advance of ``text`` in dots."""
    return sum(glyph(char, face, pixels).advance for char in text)


def warm(faces_and_pixels: tuple[tuple[Face, int], ...]) -> None:
    """Draw the alphabet ahead, so that the first receipt of the day is as quick as the last."""
    for face, pixels in faces_and_pixels:
        for char in ALPHABET:
            glyph(char, face, pixels)
