"""Reading ESC/POS as a printer does: in-order commands, and real-time ones wherever they stand.

A real-time command is obeyed even inside raster data. That is how printers behave, so a picture
that happens to hold DLE EOT gets an answer here as it would on the road.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

_DLE = 0x10
_MAX_RASTER = 1 << 20
_MAX_SCALE = 3
_WIDE = tuple(sum((byte >> bit & 1) * 3 << 2 * bit for bit in range(8)).to_bytes(2, "big") for byte in range(256))
"""A byte with every dot twice."""


@dataclass(frozen=True, slots=True)
class Initialise:
    """ESC @."""


@dataclass(frozen=True, slots=True)
class Raster:
    """GS v 0: ``rows`` rows of ``row_bytes`` packed bytes, as they come to stand on paper."""

    row_bytes: int
    rows: int
    bits: bytes


@dataclass(frozen=True, slots=True)
class Feed:
    """ESC J n, in motion units."""

    units: int


@dataclass(frozen=True, slots=True)
class Cut:
    """GS V m."""


@dataclass(frozen=True, slots=True)
class AskInOrder:
    """GS r n: a status that waits for its turn."""

    number: int


@dataclass(frozen=True, slots=True)
class AskFinished:
    """GS ( H fn 48: report this id once all before it is printed."""

    ident: bytes


@dataclass(frozen=True, slots=True)
class Junk:
    """A byte that is no command we know: a real printer would print or obey it."""

    byte: int


Command = Initialise | Raster | Feed | Cut | AskInOrder | AskFinished | Junk


@dataclass(slots=True)
class RealTime:
    """Finds DLE EOT n (1 to 4) and the other DLE commands in the raw stream."""

    _tail: bytes = b""
    others: int = 0
    """DLE ENQ and DLE DC4 seen: commands that our driver never sends."""

    def queries(self, data: bytes) -> list[int]:
        """The status numbers asked for in ``data``, across chunk borders."""
        seen = self._tail + data
        found: list[int] = []
        index = 0
        while index + 2 < len(seen):
            if seen[index] == _DLE and seen[index + 1] == 0x04 and 1 <= seen[index + 2] <= 4:
                found.append(seen[index + 2])
                index += 3
                continue
            self.others += seen[index] == _DLE and seen[index + 1] in (0x05, 0x14)
            index += 1
        self._tail = seen[index:]
        return found


@dataclass(slots=True)
class Parser:
    """Cuts the stream into commands; what is not complete yet waits."""

    waiting: bytearray = field(default_factory=bytearray)

    def commands(self, data: bytes) -> Iterator[Command]:
        """Commands that are complete after ``data``."""
        self.waiting += data
        while (taken := self._next()) is not None:
            command, length = taken
            del self.waiting[:length]
            if command is not None:
                yield command

    def _next(self) -> tuple[Command | None, int] | None:
        """(command, bytes it took), a command of None to pass over, or None to wait for more."""
        head = bytes(self.waiting[:11])
        if not head:
            return None
        match head[0]:
            case 0x10:
                return _real_time(head)
            case 0x1B:
                return _escape(head)
            case 0x1D:
                return self._group(head)
            case byte:
                return Junk(byte), 1

    def _group(self, head: bytes) -> tuple[Command | None, int] | None:
        if head[1:3] == b"v0" and head[3:4] and head[3] <= _MAX_SCALE:
            return self._raster(head)
        if len(head) < 3:
            return None
        if b"\0" in head[1:3] and head[1] in (0, 0x76):
            return None, 2  # a command cut short by NULs is passed over
        if head[1] == 0x56 and head[2] in (0, 1, 0x30, 0x31):
            return Cut(), 3
        if head[1] == 0x72:
            return AskInOrder(head[2]), 3
        if head[1:3] == b"(H":
            return _finished(head)
        return _wait_or_junk(head, b"\x1dv0")

    def _raster(self, head: bytes) -> tuple[Command | None, int] | None:
        if len(head) < 8:
            return None
        row_bytes, rows = head[4] | head[5] << 8, head[6] | head[7] << 8
        size = row_bytes * rows
        if size == 0:
            return None, 8
        if size > _MAX_RASTER:
            return Junk(head[0]), 1
        if len(self.waiting) < 8 + size:
            return None
        return _scaled(head[3], row_bytes, bytes(self.waiting[8 : 8 + size])), 8 + size


def _scaled(scale: int, row_bytes: int, bits: bytes) -> Raster:
    """m = 1 doubles a raster's width, 2 its height, 3 both."""
    rows = [bits[at : at + row_bytes] for at in range(0, len(bits), row_bytes)]
    if scale & 1:
        rows = [b"".join(_WIDE[byte] for byte in row) for row in rows]
    rows = [row for row in rows for _ in range(1 + (scale >> 1))]
    return Raster(len(rows[0]), len(rows), b"".join(rows))


def _real_time(head: bytes) -> tuple[Command | None, int] | None:
    """Already answered; here it is only passed over."""
    if len(head) < 3:
        return None
    return (None, 3) if head[1] == 0x04 else (Junk(head[0]), 1)


def _escape(head: bytes) -> tuple[Command | None, int] | None:
    if len(head) < 2:
        return None
    if head[1] == 0x40:
        return Initialise(), 2
    if head[1] == 0x4A:
        return None if len(head) < 3 else (Feed(head[2]), 3)
    if head[1] == 0:
        return None, 2
    return Junk(head[0]), 1


def _finished(head: bytes) -> tuple[Command | None, int] | None:
    if len(head) < 11:
        return None
    return (AskFinished(head[7:11]), 11) if head[3:7] == b"\x06\x00\x30\x30" else (Junk(head[0]), 1)


def _wait_or_junk(head: bytes, start: bytes) -> tuple[Command | None, int] | None:
    return None if start.startswith(head) else (Junk(head[0]), 1)
