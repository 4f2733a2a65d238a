"""The paper: rows of dots on a roll that ends, and strips that are torn off as pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from hardware.printer.paper import Paper

_MAX_STRIP = 120_000


@dataclass(slots=True)
class Roll:
    """``left`` rows of white paper before the roll ends; ``strip`` holds what hangs out."""

    paper: Paper
    folder: Path
    left: int
    strip: list[bytes] = field(default_factory=list)
    torn: list[Path] = field(default_factory=list)
    keep: bool = False
    """Never tears: what is printed stays in ``strip``."""

    @property
    def empty(self) -> bool:
        """Whether the roll has ended."""
        return self.left <= 0

    @property
    def low(self) -> bool:
        """Whether the near-end sensor sees the core: less than 40 cm left."""
        return self.left < self.paper.dots(400)

    def put(self, row: bytes) -> None:
        """One row of dots, clipped to the head's width. The caller has looked at ``empty``."""
        width = self.paper.row_bytes
        self.left -= 1
        if len(self.strip) < _MAX_STRIP:
            self.strip.append(row[:width].ljust(width, b"\0"))

    def tear(self) -> Path | None:
        """Tear off what hangs out and keep it as ``receipt-0001.png``; None for blank paper."""
        if self.keep:
            return None
        strip, self.strip = self.strip, []
        if not any(any(row) for row in strip):
            return None
        path = self.folder / f"receipt-{len(self.torn) + 1:04d}.png"
        picture(self.paper, strip).save(path)
        self.torn.append(path)
        return path


def picture(paper: Paper, rows: list[bytes]) -> Image.Image:
    """Rows of packed dots as black on white, on paper as wide as the roll with its blank margins."""
    inverted = bytes(byte ^ 0xFF for byte in b"".join(rows))
    printed = Image.frombytes("1", (paper.width, len(rows)), inverted)
    margin = max(0, paper.dots(paper.roll_mm) - paper.width) // 2
    whole = Image.new("1", (paper.width + 2 * margin, len(rows) + 2 * margin), 1)
    whole.paste(printed, (margin, margin))
    return whole
