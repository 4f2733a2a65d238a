"""Journal entries in as few bytes as the chain allows: what it restores is not sent.

Left out: an entry's device, epoch, sequence and previous hash; a payout's own id, device, epoch
and previous head where they equal the derived ones. Digests leave the JSON for a binary column,
because 64 hexadecimal digits compress to 32 bytes at best and to 37 in practice.

    zstd( u32 length of JSON ‖ JSON ‖ binary column )
"""

from __future__ import annotations

import json
import re
import struct
import typing
from binascii import hexlify, unhexlify
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import zstandard

from kiosk.exchange.errors import BadBytes, ExchangeError, FaultKey, OutOfOrder
from kiosk.payout import canonical
from kiosk.payout.journal import Entry, PayoutAuthorised, hash_of
from kiosk.payout.names import DeviceId, Digest, Epoch
from kiosk.payout.names import Sequence as Place

MAX_PLAIN = 8 * 1024 * 1024
MAX_ENTRIES = 5_000
ZSTD_LEVEL = 3

_HEX = re.compile(rb'"(?<=[\[{,:]")(?:#|([0-9a-f]{16,})")')
_MARK = re.compile(rb'"(?<=[\[{,:]")#(?:#|([1-9][0-9]{0,4})")')
_PLACED = ("device", "epoch", "sequence", "previous")


def squeeze(entries: Sequence[Entry]) -> tuple[bytes, Digest]:
    """Entries as compressed bytes, and the hash of the last one.

    They must be of one device and epoch and follow one another, or OutOfOrder is raised.
    """
    rows: list[Any] = []
    at, expected, previous = 0, entries[0].sequence, entries[0].previous
    for entry in entries:
        _check_place(entry, entries[0], expected, previous)
        row: Any = canonical.encode(entry)
        previous, expected = _hash(row), Place(expected + 1)
        rows.append(_slim(row, entry))
        row["at"], at = entry.at - at, entry.at
    text, column = _pack_hex(canonical.to_bytes(rows))
    return compress(struct.pack(">I", len(text)) + text + column), previous


@dataclass(frozen=True, slots=True)
class Whole:
    """An entry, its canonical bytes and its hash."""

    entry: Entry
    body: bytes
    hash: Digest


def expand(data: bytes, device: DeviceId, epoch: Epoch, first: Place, previous: Digest) -> tuple[Entry, ...]:
    """The entries again, rebuilt upon ``previous``. Raises BadBytes, OutOfOrder(BROKEN_CHAIN)."""
    return tuple(each.entry for each in expand_whole(data, device, epoch, first, previous))


def expand_whole(data: bytes, device: DeviceId, epoch: Epoch, first: Place, previous: Digest) -> tuple[Whole, ...]:
    """The entries with the bytes and hashes that rebuilding them made anyway. Raises as `expand`."""
    try:
        return tuple(_rebuild(_rows(decompress(data, MAX_PLAIN)), device, epoch, first, previous))
    except ExchangeError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadBytes(FaultKey.MALFORMED, type(error).__name__) from error


def compress(plain: bytes) -> bytes:
    """One zstd frame (RFC 8878) that states its content size."""
    return zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_content_size=True).compress(plain)


def decompress(data: bytes, limit: int) -> bytes:
    """The content of one zstd frame of at most ``limit`` bytes. Raises BadBytes."""
    try:
        size = zstandard.get_frame_parameters(data).content_size
        if size > limit:
            raise BadBytes(FaultKey.TOO_LARGE, "content")
        plain = zstandard.ZstdDecompressor(max_window_size=2**23).decompress(
            data, max_output_size=limit, allow_extra_data=False
        )
    except zstandard.ZstdError as error:
        raise BadBytes(FaultKey.MALFORMED, "zstd") from error
    return plain


def _check_place(entry: Entry, first: Entry, expected: Place, previous: Digest) -> None:
    if entry.device != first.device or entry.epoch != first.epoch:
        raise OutOfOrder(FaultKey.WRONG_EPOCH, "one segment, one device and epoch")
    if entry.sequence != expected:
        raise OutOfOrder(FaultKey.GAP, f"expected sequence {expected}")
    if entry.previous != previous:
        raise OutOfOrder(FaultKey.BROKEN_CHAIN, f"at sequence {expected}")


def _hash(row: Any) -> Digest:
    return hash_of(canonical.to_bytes(row))


def _slim(row: Any, entry: Entry) -> Any:
    """Drop from an encoded entry, in place, what `_restore` puts back."""
    fact = row["fact"]
    if fact["type"] == PayoutAuthorised.TAG:
        for name, value in (("device", entry.device), ("epoch", entry.epoch), ("previous_head", entry.previous)):
            if fact[name] == value:
                del fact[name]
    if "payout" in fact:
        fact["payout"] = _relative(fact["payout"], entry)
    for name in _PLACED:
        del row[name]
    if entry.time_proven:
        del row["time_proven"]
    return row


def _relative(payout: str, entry: Entry) -> str | int:
    """How many entries back the payout was authorised, when it is named by its place here."""
    place = payout.removeprefix(f"{entry.device}-{entry.epoch}-")
    if place != payout and place.isdecimal() and place.isascii() and len(place) < 16:
        back = entry.sequence - int(place)
        return back if back >= 0 and str(int(place)) == place else payout
    return payout


def _rows(plain: bytes) -> list[Any]:
    if len(plain) < 4:
        raise BadBytes(FaultKey.TRUNCATED)
    (length,) = struct.unpack(">I", plain[:4])
    if length > len(plain) - 4:
        raise BadBytes(FaultKey.TRUNCATED)
    rows = json.loads(_unpack_hex(plain[4 : 4 + length], plain[4 + length :]))
    if not isinstance(rows, list) or not 0 < len(rows) <= MAX_ENTRIES:
        raise BadBytes(FaultKey.MALFORMED, "rows")
    return rows


def _rebuild(rows: list[Any], device: DeviceId, epoch: Epoch, first: Place, previous: Digest) -> Iterator[Whole]:
    at = 0
    for sequence, row in enumerate(rows, first):
        at += row["at"]
        _restore(row["fact"], device, epoch, sequence, previous)
        row.setdefault("time_proven", True)
        row.update(at=at, device=device, epoch=epoch, sequence=sequence, previous=previous)
        entry = canonical.decode(Entry, row)
        _check_whole(row, entry)
        body = canonical.to_bytes(row)
        previous = hash_of(body)
        yield Whole(entry, body, previous)


def _restore(fact: Any, device: DeviceId, epoch: Epoch, sequence: int, previous: Digest) -> None:
    if fact["type"] == PayoutAuthorised.TAG:
        fact.setdefault("device", device)
        fact.setdefault("epoch", epoch)
        fact.setdefault("previous_head", previous)
    back = fact.get("payout")
    if isinstance(back, int):
        fact["payout"] = f"{device}-{epoch}-{sequence - back}"


def _check_whole(row: dict[str, Any], entry: Entry) -> None:
    """A row that decodes is canonical unless it spells out a null or leaves out a default.

    Then its bytes are those of the decoded entry, and need not be made a second time to be hashed.
    """
    fact, kind = row["fact"], typing.cast(Any, type(entry.fact))
    if not _always(kind) <= fact.keys() or None in fact.values() or None in row.values():
        raise BadBytes(FaultKey.MALFORMED, "an entry is not in canonical form")


@cache
def _always(cls: Any) -> frozenset[str]:
    """Fields that the canonical form always has: all whose default is not None."""
    return frozenset(field.name for field in fields(cls) if field.default is not None)


def _pack_hex(text: bytes) -> tuple[bytes, bytes]:
    column: list[bytes] = []

    def swap(match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return b'"##'
        if len(match[1]) % 2:
            return match[0]
        column.append(unhexlify(match[1]))
        return b'"#%d"' % len(column[-1])

    return _HEX.sub(swap, text), b"".join(column)


def _unpack_hex(text: bytes, column: bytes) -> bytes:
    """The digits back in their places. Split rather than substituted: one call, not one for each digest."""
    digits, used = hexlify(column), 0
    parts = _MARK.split(text)
    for place in range(1, len(parts), 2):
        if parts[place] is None:
            parts[place] = b'"#'
            continue
        start, used = used, used + 2 * int(parts[place])
        parts[place] = b'"%b"' % digits[start:used]
    if used > len(digits):
        raise BadBytes(FaultKey.TRUNCATED, "binary column")
    if used != len(digits):
        raise BadBytes(FaultKey.MALFORMED, "binary column")
    return b"".join(parts)
