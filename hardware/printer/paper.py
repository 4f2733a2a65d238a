"""Paper widths. Heads differ in dots and in dots per inch, so sizes are kept in millimetres.

A 58 mm roll prints 384 dots and an 80 mm roll 576, both at 203 dpi; the Epson TM-T88 family
prints 512 dots at 180 dpi on the same 80 mm roll.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

Dots = NewType("Dots", int)
"""A length in printer dots."""

_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Paper:
    """One roll under one head: roll width in mm, printable width in dots, dots per inch."""

    name: str
    roll_mm: int
    width: Dots
    dpi: int

    def __post_init__(self) -> None:
        if self.width % 8 or not 64 <= self.width <= 1024 or not 100 <= self.dpi <= 400:
            raise ValueError(f"no such paper: {self.width} dots at {self.dpi} dpi")

    @property
    def row_bytes(self) -> int:
        """Bytes of one full row, eight dots a byte."""
        return self.width // 8

    def dots(self, millimetres: float) -> Dots:
        """Millimetres on the paper in whole dots, never less than one."""
        return Dots(max(1, round(millimetres * self.dpi / _MM_PER_INCH)))


PAPER_58 = Paper("58", 58, Dots(384), 203)
PAPER_80 = Paper("80", 80, Dots(576), 203)
PAPER_80_180DPI = Paper("80-180dpi", 80, Dots(512), 180)

PAPERS = {paper.name: paper for paper in (PAPER_58, PAPER_80, PAPER_80_180DPI)}
