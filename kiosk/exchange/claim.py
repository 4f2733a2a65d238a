"""The signed claim in a receipt's QR: proof of a payout that needs no network and names nobody.

Any kit that holds the area's device keys can check it beside the road; the district checks it on
its page against the journal. It carries number, sum, periods, day, device and a truncated hash of
the journal entry, and no name or citizen number. Byte for byte in ``docs/protocol.md`` §16.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from kiosk.exchange.shapes import from_base32, is_device_id
from kiosk.payout.names import DeviceId, Digest, Epoch, LeaseId, Period, Sequence, Vnd

MARK = "TN1"
DOMAIN = b"tannha/receipt-claim/v1\x00"
"""Put before the payload when signing, so that no other signed thing can pass for a claim."""
ENTRY_BYTES = 12
TAG_BYTES = 8
SIGNATURE_BYTES = 64
MAX_TEXT = 900
MAX_PERIODS = 60
MAX_LEASES = 20
MAX_SUM = Vnd(10**12 - 1)
_VERSION = 1
_FIRST_DAY = date(2020, 1, 1)
_PAGE = re.compile(r"(https?://[A-Za-z0-9.-]{1,100}(?::[0-9]{1,5})?)((?:/[A-Za-z0-9._~-]{1,40})*)/?", re.IGNORECASE)
MAX_PREFIX = 120
_TEXT = re.compile(r"(?:[!-~]{0,200}/)?TN1([A-Z2-7]{1,800})")

Sign = Callable[[bytes], bytes]
"""Message to 64-byte Ed25519 signature (RFC 8032)."""
Verify = Callable[[bytes, bytes], bool]
"""(signature, message) to whether it holds."""


class ClaimRefusal(StrEnum):
    """Why a scanned text is no proof."""

    NOT_A_CLAIM = "not_a_claim"
    MALFORMED = "malformed"
    UNKNOWN_DEVICE = "unknown_device"
    BAD_SIGNATURE = "bad_signature"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the QR states. ``entry`` is the first 12 bytes of the entry's SHA-256; ``leases`` holds
    8-byte tags (``lease_tag``), only on end-of-day lists. Periods ascend, each once.
    """

    device: DeviceId
    epoch: Epoch
    sequence: Sequence
    total: Vnd
    day: date
    periods: tuple[Period, ...]
    entry: bytes
    practice: bool = False
    simulated: bool = False
    leases: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not is_device_id(self.device):
            raise ValueError("a device id is 1 to 64 letters, digits, dashes or underscores")
        if not (0 <= self.epoch < 2**32 and 0 <= self.sequence < 2**48):
            raise ValueError("epoch or sequence out of range")
        if not (0 < self.total <= MAX_SUM and 0 <= (self.day - _FIRST_DAY).days < 2**16):
            raise ValueError("sum or day out of range")
        if not 1 <= len(self.periods) <= MAX_PERIODS or not _ascending(self.periods):
            raise ValueError("periods must ascend, each once")
        if len(self.entry) != ENTRY_BYTES or len(self.leases) > MAX_LEASES:
            raise ValueError("entry hash or lease tags out of range")
        if any(len(tag) != TAG_BYTES for tag in self.leases):
            raise ValueError("a lease tag has 8 bytes")


def _ascending(periods: tuple[Period, ...]) -> bool:
    return all(earlier < later for earlier, later in pairwise(periods))


def entry_prefix(digest: Digest) -> bytes:
    """The truncated entry hash: 12 bytes of 32."""
    return bytes.fromhex(digest)[:ENTRY_BYTES]


def lease_tag(lease: LeaseId) -> bytes:
    """First 8 bytes of SHA-256 of the lease id: enough for the district to find its own lease."""
    return hashlib.sha256(lease.encode("utf-8")).digest()[:TAG_BYTES]


def encode_claim(claim: Claim, sign: Sign, prefix: str = "") -> bytes:
    """The QR's content: ASCII, upper case, so that a QR packs it in alphanumeric mode.

    ``prefix``: see ``page_prefix``.
    """
    payload = _payload(claim)
    signature = sign(DOMAIN + payload)
    if len(signature) != SIGNATURE_BYTES:
        raise ValueError("an Ed25519 signature has 64 bytes")
    body = base64.b32encode(payload + signature).rstrip(b"=")
    return prefix.encode("ascii") + MARK.encode() + body


def page_prefix(page: str) -> str:
    """The district's receipt page as it stands before a claim: scheme and host in upper case, ending in ``/``.

    Empty for what is no address of at most 120 characters: a claim without one is still a proof.
    """
    match = _PAGE.fullmatch(page)
    prefix = f"{match[1].upper()}{match[2]}/" if match else ""
    return prefix if len(prefix) <= MAX_PREFIX else ""


def verify_claim(scanned: str | bytes, key_of: Callable[[DeviceId, Epoch], Verify | None]) -> Claim | ClaimRefusal:
    """A claim whose signature holds under the device's key, or why not. Never raises on input.

    ``practice`` and ``simulated`` are part of what is signed: a caller in production must not take
    such a claim for money.
    """
    raw = _unwrapped(scanned)
    if isinstance(raw, ClaimRefusal):
        return raw
    payload, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    claim = _parsed(payload)
    if claim is None:
        return ClaimRefusal.MALFORMED
    verify = key_of(claim.device, claim.epoch)
    if verify is None:
        return ClaimRefusal.UNKNOWN_DEVICE
    return claim if verify(signature, DOMAIN + payload) else ClaimRefusal.BAD_SIGNATURE


def _unwrapped(scanned: str | bytes) -> bytes | ClaimRefusal:
    if len(scanned) > MAX_TEXT:
        return ClaimRefusal.NOT_A_CLAIM
    text = scanned.decode("latin-1") if isinstance(scanned, bytes) else scanned
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        return ClaimRefusal.NOT_A_CLAIM
    raw = from_base32(match[1])
    return raw if raw is not None and len(raw) > SIGNATURE_BYTES else ClaimRefusal.MALFORMED


def _payload(claim: Claim) -> bytes:
    device = claim.device.encode("ascii")
    months = [_month(period) for period in claim.periods]
    steps = [months[0], *(later - earlier for earlier, later in pairwise(months))]
    return b"".join((
        bytes((_VERSION, claim.practice | claim.simulated << 1, len(device))),
        device,
        _varint(claim.epoch),
        _varint(claim.sequence),
        _varint(claim.total),
        (claim.day - _FIRST_DAY).days.to_bytes(2, "big"),
        bytes((len(steps),)),
        *map(_varint, steps),
        claim.entry,
        bytes((len(claim.leases),)),
        *claim.leases,
    ))  # fmt: skip


def _month(period: Period) -> int:
    return (period.year - 2000) * 12 + period.month - 1


def _varint(value: int) -> bytes:
    """LEB128, unsigned."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


class _Bad(Exception):
    """The payload is not one; stays inside this module."""


@dataclass(slots=True)
class _Bytes:
    """A payload being read."""

    data: bytes
    at: int = 0

    def take(self, count: int) -> bytes:
        """Exactly ``count`` bytes."""
        taken = self.data[self.at : self.at + count]
        if len(taken) != count:
            raise _Bad
        self.at += count
        return taken

    def byte(self) -> int:
        """One byte."""
        return self.take(1)[0]

    def varint(self) -> int:
        """LEB128 of at most 8 bytes, in its shortest form."""
        value = 0
        for shift in range(0, 56, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if byte == 0 and shift:
                    raise _Bad
                return value
        raise _Bad


def _parsed(payload: bytes) -> Claim | None:
    try:
        source = _Bytes(payload)
        claim = _claim(source)
    except (_Bad, ValueError, OverflowError):
        return None
    return claim if source.at == len(payload) else None


def _claim(source: _Bytes) -> Claim:
    version, flags = source.byte(), source.byte()
    if version != _VERSION or flags > 3:
        raise _Bad
    return Claim(
        device=DeviceId(source.take(source.byte()).decode("ascii")),
        epoch=Epoch(source.varint()),
        sequence=Sequence(source.varint()),
        total=Vnd(source.varint()),
        day=_FIRST_DAY + timedelta(days=int.from_bytes(source.take(2), "big")),
        periods=_periods(source),
        entry=source.take(ENTRY_BYTES),
        leases=tuple(source.take(TAG_BYTES) for _ in range(_bounded(source, MAX_LEASES))),
        practice=bool(flags & 1),
        simulated=bool(flags & 2),
    )


def _bounded(source: _Bytes, most: int) -> int:
    count = source.byte()
    if count > most:
        raise _Bad
    return count


def _periods(source: _Bytes) -> tuple[Period, ...]:
    months: list[int] = []
    for _ in range(_bounded(source, MAX_PERIODS)):
        months.append(source.varint() + (months[-1] if months else 0))
    return tuple(Period(2000 + month // 12, month % 12 + 1) for month in months)
