"""Journal entries in as few bytes as the chain allows: what it restores is not sent.

Left out: an entry's device, epoch, sequence and previous hash; a payout's own id, device, epoch
and previous head where they equal the derived ones. Digests leave the JSON for a binary column,
because 64 hexadecimal digits compress to 32 bytes at best and to 37 in practice.

    zstd( u32 length of JSON ‖ JSON ‖ binary column )
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import zstandard

from kiosk.exchange.errors import BadBytes, ExchangeError, FaultKey, OutOfOrder
from kiosk.payout import canonical
from kiosk.payout.journal import ENTRY_TAG, Entry
from kiosk.payout.names import DeviceId, Digest, Epoch
from kiosk.payout.names import Sequence as Place

MAX_PLAIN = 8 * 1024 * 1024
MAX_ENTRIES = 5_000
ZSTD_LEVEL = 3

_HEX = re.compile(rb'(?<=[\[{,:])"(?:#|((?:[0-9a-f]{2}){8,})")')
_MARK = re.compile(rb'(?<=[\[{,:])"#(?:#|([1-9][0-9]{0,4})")')
_PLACED = ("device", "epoch", "sequence", "previous")


def squeeze(entries: Sequence[Entry]) -> bytes:
    """Entries that follow one another as compressed bytes. The caller checked the chain."""
    rows: list[Any] = []
    before = 0
    for entry in entries:
        row = _row(entry)
        row["at"], before = row["at"] - before, row["at"]
        rows.append(row)
    text, column = _pack_hex(canonical.to_bytes(rows))
    return compress(struct.pack(">I", len(text)) + text + column)


def expand(data: bytes, device: DeviceId, epoch: Epoch, first: Place, previous: Digest) -> tuple[Entry, ...]:
    """The entries again, rebuilt upon ``previous``. Raises BadBytes, OutOfOrder(BROKEN_CHAIN)."""
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
        plain = zstandard.ZstdDecompressor(max_window_size=2**23).decompress(data, max_output_size=limit)
    except zstandard.ZstdError as error:
        raise BadBytes(FaultKey.MALFORMED, "zstd") from error
    return plain


def _row(entry: Entry) -> dict[str, Any]:
    row: Any = canonical.encode(entry)
    fact = row["fact"]
    if fact["type"] == "payout_authorised":
        for name, value in (("device", entry.device), ("epoch", entry.epoch), ("previous_head", entry.previous)):
            if fact[name] == value:
                del fact[name]
    if "payout" in fact:
        fact["payout"] = _relative(fact["payout"], entry)
    for name in _PLACED:
        del row[name]
    if entry.time_proven:
        del row["time_proven"]
    return dict(row)


def _relative(payout: str, entry: Entry) -> str | int:
    """How many entries back the payout was authorised, when it is named by its place here."""
    head, _, place = payout.rpartition("-")
    if head == f"{entry.device}-{entry.epoch}" and re.fullmatch(r"0|[1-9][0-9]{0,14}", place):
        back = entry.sequence - int(place)
        return back if back >= 0 else payout
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


def _rebuild(rows: list[Any], device: DeviceId, epoch: Epoch, first: Place, previous: Digest) -> Iterator[Entry]:
    at = 0
    for sequence, row in enumerate(rows, first):
        at += row["at"]
        fact = row["fact"]
        if fact["type"] == "payout_authorised":
            fact.setdefault("device", device)
            fact.setdefault("epoch", epoch)
            fact.setdefault("previous_head", previous)
        back = fact.get("payout")
        if isinstance(back, int):
            fact["payout"] = f"{device}-{epoch}-{sequence - back}"
        row.setdefault("time_proven", True)
        row.update(at=at, device=device, epoch=epoch, sequence=sequence, previous=previous)
        entry = canonical.decode(Entry, row)
        previous = Digest(hashlib.sha256(ENTRY_TAG + canonical.to_bytes(row)).hexdigest())
        if entry.hash != previous:
            raise OutOfOrder(FaultKey.BROKEN_CHAIN, "an entry is not in canonical form")
        yield entry


def _pack_hex(text: bytes) -> tuple[bytes, bytes]:
    column: list[bytes] = []

    def swap(match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return b'"##'
        column.append(bytes.fromhex(match[1].decode()))
        return b'"#%d"' % len(column[-1])

    return _HEX.sub(swap, text), b"".join(column)


def _unpack_hex(text: bytes, column: bytes) -> bytes:
    used = 0

    def swap(match: re.Match[bytes]) -> bytes:
        nonlocal used
        if match[1] is None:
            return b'"#'
        start, used = used, used + int(match[1])
        if used > len(column):
            raise BadBytes(FaultKey.TRUNCATED, "binary column")
        return b'"' + column[start:used].hex().encode() + b'"'

    restored = _MARK.sub(swap, text)
    if used != len(column):
        raise BadBytes(FaultKey.MALFORMED, "binary column")
    return restored
