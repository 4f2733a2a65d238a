"""A page as dots: the only thing that is ever sent to a printer.

Rows are packed eight dots a byte, most significant bit left, 1 = black. Because strips are whole
rows, a page is the concatenation of its strips.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from hardware.printer.errors import LayoutError
from hardware.printer.paper import Paper
from hardware.printer.text import TextFlag

MAX_ROWS = 100_000
"""Rows of one page: 12 m of paper, a day of 400 payouts. A bound, so that no list can run a roll empty by mistake."""
_WORTH_A_COMMAND = 16
"""Bytes of white that are cheaper than another command: its head is 8, and a clone stops for it."""

_HALF = bytes(sum((byte >> 2 * bit + 1 & 1) << bit for bit in range(4)) for byte in range(256))
_OTHER_HALF = bytes(sum((byte >> 2 * bit & 1) << bit for bit in range(4)) for byte in range(256))
"""A byte's four left dots of each pair, and its four right ones."""


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


def bytes_of(page: RasterPage) -> int:
    """What the ink of a page costs on a printer that doubles, but for the heads of its commands."""
    return sum(len(band.bits) for band in bands(page, page.rows or 1, doubles=True))


@dataclass(frozen=True, slots=True)
class Band:
    """``rows`` rows of ink cropped to ``row_bytes`` from the left, or blank rows (no ``bits``).

    ``doubled``: the printer makes every dot two wide and two high, so a band of ``rows`` takes twice as many on paper.
    """

    rows: int
    row_bytes: int = 0
    bits: bytes = b""
    doubled: bool = False


def bands(page: RasterPage, most_rows: int, least_gap: int = 8, *, doubles: bool = False) -> Iterator[Band]:
    """Cut a page into inked bands of at most ``most_rows``, each only as wide as its ink, and
    blank gaps of ``least_gap`` rows or more.

    White paper costs no bytes this way. A gap is fed, not drawn, so a printer whose feed step
    differs from its dot step only stretches the white between lines, never a letter. Where the
    printer ``doubles``, ink that consists of squares of two by two dots (a QR code) costs a quarter.
    """
    for rows, used, first in _segments(page, least_gap):
        if used == 0:
            yield Band(rows)
            continue
        whole = _inked(page, first, first + rows, used)
        yield from _cut((doubles and _halved(whole)) or whole, most_rows)


def _inked(page: RasterPage, first: int, last: int, used: int) -> Band:
    width = page.paper.row_bytes
    if used == width:
        return Band(last - first, width, page.bits[first * width : last * width])
    bits = b"".join(page.bits[at * width : at * width + used] for at in range(first, last))
    return Band(last - first, used, bits)


def _cut(band: Band, most_rows: int) -> Iterator[Band]:
    for start in range(0, band.rows, most_rows):
        rows = min(most_rows, band.rows - start)
        bits = band.bits[start * band.row_bytes : (start + rows) * band.row_bytes]
        yield Band(rows, band.row_bytes, bits, band.doubled)


def _halved(band: Band) -> Band | None:
    """The same ink at half the size, where every square of two by two dots is of one colour."""
    width, bits = band.row_bytes, band.bits
    pairs = range(0, len(bits), 2 * width)
    if band.rows % 2 or any(bits[at : at + width] != bits[at + width : at + 2 * width] for at in pairs):
        return None
    rows = [bits[at : at + width] for at in pairs]
    if any(row.translate(_HALF) != row.translate(_OTHER_HALF) for row in set(rows)):
        return None
    return Band(len(rows), (width + 1) // 2, b"".join(map(_half, rows)), doubled=True)


def _half(row: bytes) -> bytes:
    """Every second dot of a row, packed."""
    four = row.ljust(len(row) + len(row) % 2, b"\0").translate(_HALF)
    return bytes(left << 4 | right for left, right in zip(four[::2], four[1::2], strict=True))


def _segments(page: RasterPage, least_gap: int) -> Iterator[tuple[int, int, int]]:
    """(rows, bytes used, first row): neighbours are joined while that wastes less than it saves."""
    stack: list[tuple[int, int, int]] = []
    for rows, used, first in _runs(page):
        joined = (rows, used or (rows < least_gap), first)
        while stack and (merged := _merged(stack[-1], joined)) is not None:
            stack.pop()
            joined = merged
        stack.append(joined)
    yield from stack


def _merged(above: tuple[int, int, int], below: tuple[int, int, int]) -> tuple[int, int, int] | None:
    """One segment of two, where the white it adds costs less than a command of its own."""
    if above[1] == 0 or below[1] == 0:
        return None
    narrow = above if above[1] < below[1] else below
    if abs(above[1] - below[1]) * narrow[0] > _WORTH_A_COMMAND:
        return None
    return above[0] + below[0], max(above[1], below[1]), above[2]


def _runs(page: RasterPage) -> Iterator[tuple[int, int, int]]:
    """(rows, bytes used, first row) of neighbouring rows that reach equally far."""
    width, first = page.paper.row_bytes, 0
    reach = [len(page.bits[at : at + width].rstrip(b"\0")) for at in range(0, len(page.bits), width)]
    for used, same in groupby(reach):
        rows = len(list(same))
        yield rows, used, first
        first += rows
