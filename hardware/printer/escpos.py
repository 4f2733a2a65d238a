"""The few ESC/POS commands that we send, and nothing else.

Everything on paper is raster (GS v 0): clones lose Vietnamese in text mode without a word, and a
name must never be able to carry a command. Two bytes of a *picture* can still look like a real-time
command (DLE EOT, DLE ENQ, DLE DC4), which a printer obeys even inside raster data; such a pair gets
one more black dot, beside a dot that is black already.

Command names and layouts: Epson ESC/POS Application Programming Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hardware.printer.profiles import Confirmation, Profile
from hardware.printer.raster import Band, RasterPage, bands

INITIALISE = b"\x1b@"
CUT_PARTIAL = b"\x1dV\x01"
PROCESS_ID_HEADER = b"\x37\x22"
PROCESS_ID_LENGTH = 7
_DLE = 0x10
_REAL_TIME_PAIR = re.compile(rb"\x10(?=[\x04\x05\x14])")
_MAX_FEED = 255


def status_query(number: int) -> bytes:
    """DLE EOT n: transmit real-time status 1 (printer), 2 (off line), 3 (error) or 4 (paper)."""
    if not 1 <= number <= 4:
        raise ValueError(f"DLE EOT has no status {number}")
    return bytes((_DLE, 0x04, number))


def process_id_request(ident: bytes) -> bytes:
    """GS ( H fn 48: ask for ``ident`` (4 printable bytes) back once all before it is printed."""
    if len(ident) != 4 or not all(0x20 <= byte <= 0x7E for byte in ident):
        raise ValueError("a process id is four printable ASCII bytes")
    return b"\x1d(H\x06\x00\x30\x30" + ident


def process_id_reply(ident: bytes) -> bytes:
    """What the printer answers to ``process_id_request``."""
    return PROCESS_ID_HEADER + ident + b"\0"


@dataclass(frozen=True, slots=True)
class Job:
    """Bytes of one paper, in pieces between which a status may be asked."""

    pieces: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Bytes of the whole job."""
        return sum(map(len, self.pieces))

    @property
    def stream(self) -> bytes:
        """The job as one run of bytes."""
        return b"".join(self.pieces)


def job_for(page: RasterPage, profile: Profile, ident: bytes | None = None) -> Job:
    """A page as commands for ``profile``: initialise, bands and feeds, feed out, cut, process id."""
    pieces = [INITIALISE]
    pieces += [_raster(band) if band.bits else _feed(band.rows, profile) for band in _bands(page, profile)]
    pieces.append(_feed(page.paper.dots(profile.feed_out_mm), profile))
    if profile.cutter:
        pieces.append(CUT_PARTIAL)
    if ident is not None and profile.confirmation is Confirmation.PROCESS_ID:
        pieces.append(process_id_request(ident))
    return Job(tuple(pieces))


def _bands(page: RasterPage, profile: Profile) -> Iterator[Band]:
    return bands(page, profile.band_rows, doubles=profile.doubles)


def _raster(band: Band) -> bytes:
    """GS v 0 m, m = 0 normal or 3 doubled both ways: xL xH bytes across, yL yH rows down."""
    head = (
        b"\x1dv0"
        + bytes((3 if band.doubled else 0,))
        + band.row_bytes.to_bytes(2, "little")
        + band.rows.to_bytes(2, "little")
    )
    return head + without_real_time(band.bits)


def without_real_time(bits: bytes) -> bytes:
    """The same picture without any byte pair that a printer takes for a real-time command.

    0x10 before 04, 05 or 14, and as the very last byte, where a status query may follow, becomes
    0x18: one dot more, next to the one that is there.
    """
    calm = _REAL_TIME_PAIR.sub(b"\x18", bits)
    return calm[:-1] + b"\x18" if calm.endswith(b"\x10") else calm


def _feed(rows: int, profile: Profile) -> bytes:
    """ESC J n as often as needed; n counts the profile's motion units."""
    whole, rest = divmod(max(1, rows * profile.feed_units_per_dot), _MAX_FEED)
    steps = [_MAX_FEED] * whole + _unlike_dle(rest)
    return b"".join(bytes((0x1B, 0x4A, step)) for step in steps)


def _unlike_dle(rest: int) -> list[int]:
    """A feed of 16 units would end in DLE, and a status query after it would be misread."""
    if rest == _DLE:
        return [rest - 1, 1]
    return [rest] if rest else []
