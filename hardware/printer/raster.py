"""A page as dots: the only thing that is ever sent to a printer.

Rows are packed eight dots a byte, most significant bit left, 1 = black. Because strips are whole
rows, a page is the concatenation of its strips.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from hardware.printer.errors import LayoutError
from hardware.printer.paper import Paper
from hardware.printer.text import TextFlag

MAX_ROWS = 40_000
"""Rows of one page: 5 m of paper. A bound, so that no list can run a roll empty by mistake."""


@dataclass(frozen=True, slots=True)
class RasterPage:
    """Dots of one paper; ``flags`` say what had to be taken out of its texts."""

    paper: Paper
    rows: int
    bits: bytes
    flags: frozenset[TextFlag] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if self.rows > MAX_ROWS:
            raise LayoutError(f"{self.rows} rows are more than a page may have")
        if len(self.bits) != self.rows * self.paper.row_bytes:
            raise LayoutError("the bits do not fill the rows")

    def row(self, index: int) -> bytes:
        """One packed row."""
        width = self.paper.row_bytes
        return self.bits[index * width : (index + 1) * width]


@dataclass(frozen=True, slots=True)
class Band:
    """``rows`` rows of ink cropped to ``row_bytes`` from the left, or blank rows (no ``bits``)."""

    rows: int
    row_bytes: int = 0
    bits: bytes = b""


def bands(page: RasterPage, most_rows: int, least_gap: int = 6) -> Iterable[Band]:
    """Cut a page into inked bands of at most ``most_rows`` and blank gaps of ``least_gap`` or more.

    White paper costs no bytes this way, and a printer whose feed step differs from its dot step
    only stretches the white between lines, never a letter.
    """
    for first, last, inked in _runs(page, least_gap):
        if not inked:
            yield Band(last - first)
            continue
        for start in range(first, last, most_rows):
            yield _inked(page, start, min(start + most_rows, last))


def _inked(page: RasterPage, first: int, last: int) -> Band:
    width = page.paper.row_bytes
    rows = [page.row(index) for index in range(first, last)]
    used = max(len(row.rstrip(b"\0")) for row in rows) or 1
    if used == width:
        return Band(last - first, width, page.bits[first * width : last * width])
    return Band(last - first, used, b"".join(row[:used] for row in rows))


def _runs(page: RasterPage, least_gap: int) -> Iterable[tuple[int, int, bool]]:
    """(first, last, inked) runs that cover the page; short blank runs count as ink."""
    blank = bytes(page.paper.row_bytes)
    marks = [page.row(index) != blank for index in range(page.rows)]
    ends = [index for index in range(1, page.rows) if marks[index] != marks[index - 1]]
    edges = [0, *ends, page.rows]
    pending: tuple[int, int, bool] | None = None
    for first, last in pairwise(edges):
        inked = bool(last > first and (marks[first] or last - first < least_gap))
        if pending is not None and pending[2] == inked:
            pending = (pending[0], last, inked)
            continue
        if pending is not None and pending[1] > pending[0]:
            yield pending
        pending = (first, last, inked)
    if pending is not None and pending[1] > pending[0]:
        yield pending
