"""A run of journal entries on its way to the district: sealed, and signed once for all of them.

The chain lets one Ed25519 signature over the head cover every entry. The header travels in the
clear (the district must know whose it is before it opens anything) and is bound into the seal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.exchange import transport
from kiosk.exchange.envelope import Envelope, Kind, checked, decode_header, pack_sealed, unpack
from kiosk.exchange.errors import BadBytes, FaultKey, NotForUs, OutOfOrder
from kiosk.exchange.keys import KeyId, Opener, Signer, Suite, key_id, unseal
from kiosk.exchange.shapes import Held, is_digest
from kiosk.payout.journal import Entry
from kiosk.payout.names import AreaId, DeviceId, Digest, Epoch, UnixSeconds
from kiosk.payout.names import Sequence as Place

MAX_SEGMENT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SegmentHeader:
    """What the courier and the district may read without opening the segment."""

    area: AreaId
    device: DeviceId
    epoch: Epoch
    first: Place
    last: Place
    previous_hash: Digest
    """Hash of the entry before ``first``; GENESIS when there is none."""
    head_hash: Digest
    """Hash of entry ``last``."""
    suite: Suite
    recipient: KeyId
    """Which of the district's monthly keys opens it."""
    held: Held
    """Newest bundle and revocation serial that the device holds."""
    time: UnixSeconds


def seal(
    entries: Sequence[Entry], *, area: AreaId, held: Held, time: UnixSeconds, district_key: bytes, sign: Signer
) -> bytes:
    """A signed segment of 1 to 5,000 entries that follow one another in one epoch.

    ``district_key`` is the district's X25519 public key (32 bytes), ``sign`` the device's Ed25519.
    Raises OutOfOrder when the entries do not follow one another.
    """
    if not 0 < len(entries) <= transport.MAX_ENTRIES:
        raise OutOfOrder(FaultKey.GAP, "a segment carries 1 to 5,000 entries")
    first = entries[0]
    plain, head = transport.squeeze(entries)
    header = SegmentHeader(
        area=area,
        device=first.device,
        epoch=first.epoch,
        first=first.sequence,
        last=entries[-1].sequence,
        previous_hash=first.previous,
        head_hash=head,
        suite=Suite.X25519_CHACHA20,
        recipient=key_id(district_key),
        held=held,
        time=time,
    )
    return pack_sealed(Kind.SEGMENT, header, plain, district_key, sign)


def peek(data: bytes) -> SegmentHeader:
    """The header as the sender claims it, unverified: only to find the right key. Raises BadBytes."""
    return _header(unpack(Kind.SEGMENT, data, MAX_SEGMENT))


def verify_segment(data: bytes, device_key: bytes, area: AreaId | None = None) -> SegmentHeader:
    """The header, once the device's signature and the ciphertext's digest hold.

    Needs no opening key. Raises BadBytes, NotTrusted(FOREIGN_SIGNATURE | SWAPPED_CIPHERTEXT), and
    NotForUs(WRONG_AREA) when ``area`` is given and the segment speaks of another.
    """
    header = _header(checked(unpack(Kind.SEGMENT, data, MAX_SEGMENT), device_key))
    if area is not None and header.area != area:
        raise NotForUs(FaultKey.WRONG_AREA)
    return header


def open_segment(data: bytes, device_key: bytes, open_: Opener) -> tuple[Entry, ...]:
    """The entries, with the chain rebuilt from the header's previous hash up to its head.

    Raises BadBytes, NotTrusted, or OutOfOrder(GAP | BROKEN_CHAIN). Nothing is returned in part.
    """
    return tuple(each.entry for each in open_whole(data, device_key, open_))


def open_whole(data: bytes, device_key: bytes, open_: Opener) -> tuple[transport.Whole, ...]:
    """As `open_segment`, with each entry's canonical bytes and hash: intake stores them as they are."""
    envelope = checked(unpack(Kind.SEGMENT, data, MAX_SEGMENT), device_key)
    header = _header(envelope)
    plain = unseal(open_, envelope.body, envelope.info)
    entries = transport.expand_whole(plain, header.device, header.epoch, header.first, header.previous_hash)
    if len(entries) != header.last - header.first + 1:
        raise OutOfOrder(FaultKey.GAP, "header and content differ in length")
    if entries[-1].hash != header.head_hash:
        raise OutOfOrder(FaultKey.BROKEN_CHAIN, "the content does not lead to the signed head")
    return entries


def _header(envelope: Envelope) -> SegmentHeader:
    header = decode_header(SegmentHeader, envelope.header)
    if not 0 <= header.first <= header.last < header.first + transport.MAX_ENTRIES:
        raise BadBytes(FaultKey.MALFORMED, "sequence")
    if not (is_digest(header.previous_hash) and is_digest(header.head_hash)):
        raise BadBytes(FaultKey.MALFORMED, "digest")
    return header
