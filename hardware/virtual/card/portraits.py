"""Why: cards carry a face, and a demo must not show a real one: these people are drawn, friendly, and distinct."""

import hashlib
import io
import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

WIDTH: Final = 360
HEIGHT: Final = 480
SCALE: Final = 2
TARGET_BYTES: Final = 20_480
Colour = tuple[int, int, int]

SKINS: Final[tuple[Colour, ...]] = ((233, 196, 160), (222, 180, 142), (206, 160, 120), (184, 136, 98))
CLOTHES: Final[tuple[Colour, ...]] = ((92, 64, 84), (52, 74, 104), (110, 56, 50), (60, 92, 76), (120, 104, 70))
GREY: Final[tuple[Colour, ...]] = ((238, 238, 236), (205, 205, 206), (170, 170, 172), (120, 118, 118))


@dataclass(frozen=True, slots=True)
class Look:
    """What makes a drawn face somebody."""

    skin: int = 0
    hair: Colour = GREY[0]
    style: str = "short"
    beard: bool = False
    glasses: bool = False
    scarf: Colour | None = None
    cloth: int = 0
    wrinkles: int = 3
    medal: bool = False


def _shade(colour: Colour, factor: float) -> Colour:
    red, green, blue = (max(0, min(255, int(part * factor))) for part in colour)
    return red, green, blue


class _Painter:
    def __init__(self, look: Look, seed: int) -> None:
        self.look = look
        self.random = random.Random(seed)  # noqa: S311 - a drawing, not a key
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), (224, 232, 240))
        self.draw = ImageDraw.Draw(self.image)
        self.skin = SKINS[look.skin]
        self.wide = 104 + self.random.randint(-10, 10)
        self.high = 138 + self.random.randint(-8, 10)
        self.cx, self.cy = WIDTH // 2, 215

    def box(self, x: float, y: float, rx: float, ry: float) -> tuple[float, float, float, float]:
        return ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        self.draw.ellipse(self.box(x, y, rx, ry), fill=colour)

    def arc(self, oval: tuple[float, float, float, float], span: tuple[int, int], colour: Colour, width: int) -> None:
        self.draw.arc(self.box(*oval), *span, fill=colour, width=width * SCALE)

    def paint(self) -> Image.Image:
        self._body()
        self._hair_behind()
        self._head()
        self._eyes()
        self._mouth()
        self._lines()
        self._hair_before()
        self._extras()
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    def _body(self) -> None:
        cloth = CLOTHES[self.look.cloth]
        self.oval(self.cx, 520, 165, 165, cloth)
        self.oval(self.cx, 365, 48, 60, _shade(self.skin, 0.9))
        collar = [(self.cx - 60, 372), (self.cx, 440), (self.cx + 60, 372), (self.cx + 30, 480), (self.cx - 30, 480)]
        points = [(x * SCALE, y * SCALE) for x, y in collar]
        self.draw.polygon(points, fill=_shade(cloth, 1.25))

    def _hair_behind(self) -> None:
        if self.look.style in ("bun", "long"):
            self.oval(self.cx, self.cy - 20, self.wide + 22, self.high + 12, self.look.hair)
        if self.look.style == "bun":
            self.oval(self.cx, self.cy - self.high - 18, 46, 34, _shade(self.look.hair, 0.93))
        if self.look.style == "long":
            self.draw.rectangle(
                [(self.cx - self.wide - 20) * SCALE, 210 * SCALE, (self.cx + self.wide + 20) * SCALE, 400 * SCALE],
                fill=self.look.hair,
            )

    def _head(self) -> None:
        for side in (-1, 1):
            self.oval(self.cx + side * self.wide, self.cy + 8, 17, 30, _shade(self.skin, 0.92))
        self.oval(self.cx, self.cy, self.wide, self.high, self.skin)
        for side in (-1, 1):
            self.oval(self.cx + side * 58, self.cy + 45, 24, 17, _blend(self.skin, (226, 130, 110), 0.28))

    def _eyes(self) -> None:
        for side in (-1, 1):
            x = self.cx + side * 42
            self.oval(x, self.cy - 14, 19, 10, (250, 248, 244))
            self.oval(x + 1, self.cy - 13, 8, 8, (58, 40, 30))
            self.oval(x + 3, self.cy - 16, 3, 3, (255, 255, 255))
            self.arc((x, self.cy - 10, 22, 15), (195, 345), _shade(self.skin, 0.6), 3)
            brow = _shade(self.look.hair, 0.8)
            self.arc((x, self.cy - 30, 28, 15), (200, 340), brow, 6)
        self.arc((self.cx - 2, self.cy + 28, 17, 13), (20, 160), _shade(self.skin, 0.68), 4)

    def _mouth(self) -> None:
        curve = self.random.randint(16, 24)
        self.arc((self.cx, self.cy + 62, 38, curve), (15, 165), (168, 78, 70), 7)
        self.arc((self.cx, self.cy + 66, 24, curve - 4), (30, 150), _shade(self.skin, 0.78), 2)

    def _lines(self) -> None:
        line = _shade(self.skin, 0.82)
        for index in range(self.look.wrinkles):
            self.arc((self.cx, self.cy - 62 - 15 * index, 62 - 8 * index, 11), (205, 335), line, 2)
            for side in (-1, 1):
                span = (150, 215) if side < 0 else (325, 390)
                self.arc((self.cx + side * 62, self.cy - 12, 22 + 6 * index, 16 + 5 * index), span, line, 2)
        if self.look.wrinkles:
            for side in (-1, 1):
                span = (100, 170) if side < 0 else (10, 80)
                self.arc((self.cx + side * 22, self.cy + 48, 40, 40), span, line, 3)

    def _hair_before(self) -> None:
        """Hair on the skull above a curved hairline; strands stay inside it."""
        if self.look.style == "bald":
            for side in (-1, 1):
                self.oval(self.cx + side * (self.wide - 2), self.cy - 36, 14, 42, self.look.hair)
            return
        mask = Image.new("L", self.image.size, 0)
        pen = ImageDraw.Draw(mask)
        pen.ellipse(self.box(self.cx, self.cy - 8, self.wide + 10, self.high + 12), fill=255)
        pen.rectangle([0, (self.cy - 28) * SCALE, WIDTH * SCALE, HEIGHT * SCALE], fill=0)
        part = {"short": 0, "bun": -12, "long": 22}[self.look.style]
        pen.ellipse(self.box(self.cx + part, self.cy + 14, self.wide - 9, self.high - 34), fill=0)
        hair = Image.new("RGB", self.image.size, self.look.hair)
        strands = ImageDraw.Draw(hair)
        for _ in range(40):
            x = self.cx + self.random.randint(-self.wide - 20, self.wide - 10)
            y = self.cy - self.high + self.random.randint(30, 70)
            tint = _shade(self.look.hair, self.random.uniform(0.84, 1.12))
            strands.arc(self.box(x, y, 40, 62), 200, 310, fill=tint, width=2 * SCALE)
        self.image.paste(hair, mask=mask)

    def _extras(self) -> None:
        if self.look.beard:
            self.draw.chord(self.box(self.cx, self.cy + 108, 52, 62), 0, 180, fill=self.look.hair)
            self.arc((self.cx, self.cy + 56, 34, 14), (190, 350), self.look.hair, 8)
        if self.look.glasses:
            for side in (-1, 1):
                self.arc((self.cx + side * 42, self.cy - 12, 31, 27), (0, 360), (60, 52, 48), 4)
            self.arc((self.cx, self.cy - 14, 12, 8), (200, 340), (60, 52, 48), 4)
        if self.look.scarf is not None:
            self._scarf(self.look.scarf)
        if self.look.medal:
            self.oval(self.cx + 84, 438, 15, 15, (226, 178, 60))
            self.draw.rectangle(
                [(self.cx + 74) * SCALE, 402 * SCALE, (self.cx + 94) * SCALE, 424 * SCALE], fill=(200, 40, 40)
            )

    def _scarf(self, colour: Colour) -> None:
        """A krama or neckerchief: stripes tell it from a collar."""
        mask = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(mask).ellipse(self.box(self.cx, 392, 92, 36), fill=255)
        cloth = Image.new("RGB", self.image.size, colour)
        pen = ImageDraw.Draw(cloth)
        for index in range(-6, 7):
            x = self.cx + index * 16
            pen.rectangle([(x - 3) * SCALE, 350 * SCALE, (x + 3) * SCALE, 430 * SCALE], fill=_shade(colour, 1.5))
        self.image.paste(cloth, mask=mask)


def _blend(left: Colour, right: Colour, share: float) -> Colour:
    red, green, blue = (int(a * (1 - share) + b * share) for a, b in zip(left, right, strict=True))
    return red, green, blue


def _paper(image: Image.Image, seed: int, strength: float) -> Image.Image:
    """Grain like a scanned photo, so that the file has a real one's size."""
    noise = Image.frombytes("L", image.size, random.Random(seed).randbytes(WIDTH * HEIGHT))  # noqa: S311
    grain = Image.merge("RGB", (noise.filter(ImageFilter.GaussianBlur(0.8)),) * 3)
    return Image.blend(image, grain, strength)


@lru_cache(maxsize=64)
def portrait(name: str, look: Look) -> bytes:
    """A JPEG of 360 x 480 dots, at most 20 KB and close to it; the same bytes for the same name and look."""
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
    image = _paper(_Painter(look, seed).paint(), seed, 0.06)
    best = b""
    for quality in range(30, 96, 1):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        if buffer.tell() > TARGET_BYTES:
            break
        best = buffer.getvalue()
    return best
