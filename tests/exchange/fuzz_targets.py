"""Every decoder of exchange and vault as a function of bytes that either answers or refuses within its tree.

`tests/exchange/test_fuzz.py` feeds them from Hypothesis, `tests/deep/exchange` with coverage as its guide.
Behind the signature and the seal the bytes are signed and sealed anew, so the inner parsers are reached.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.exchange import attachment, bundle, checkpoint, enrolment, orders, segment, spool, transport
from kiosk.exchange.envelope import Kind, info_of, unpack
from kiosk.exchange.errors import ExchangeError
from kiosk.exchange.keys import seal_to
from kiosk.exchange.shapes import NOTHING_HELD
from kiosk.payout import journal as j
from kiosk.payout import names as n
from kiosk.vault import device_keys, escrow
from kiosk.vault.errors import VaultError
from tests.exchange import make_vectors, samples
from tests.exchange.parties import HELD, NOW, STAFF, District, Kit, pay_list

KIT, DISTRICT = Kit("k07", 1), District()
DAY = samples.day(3)
INVITATION = enrolment.from_qr(str(make_vectors.vectors()["enrolment"]["qr"]))


@dataclass(frozen=True, slots=True)
class Target:
    """A decoder and inputs that it accepts, to start from."""

    name: str
    decode: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def survives(target: Target, data: bytes) -> bool:
    """True when the decoder answered, False when it refused; anything else is a finding and raised."""
    try:
        target.decode(data)
    except (ExchangeError, VaultError):
        return False
    return True


def _resigned(kind: Kind, header: bytes, body: bytes) -> bytes:
    """Somebody with the real key signs whatever the fuzzer made of header and body."""
    digest = hashlib.sha256(body).digest()
    sign = KIT.sign if kind is Kind.SEGMENT else DISTRICT.sign
    return kind.value + struct.pack(">I", len(header)) + header + digest + sign(kind.tag + header + digest) + body


def _open_segment(data: bytes) -> object:
    segment.peek(data)
    return segment.open_segment(data, KIT.sign_key, DISTRICT.open)


def _open_bundle(data: bytes) -> object:
    bundle.read_public(data, DISTRICT.sign_key)
    return bundle.open_bundle(data, DISTRICT.sign_key, KIT.addressee, NOTHING_HELD, KIT.open)


def _checkpoint(data: bytes) -> object:
    return checkpoint.read_checkpoint(data, DISTRICT.sign_key, KIT.addressee)


def _order(data: bytes) -> object:
    return orders.open_order(data, DISTRICT.sign_key, KIT.addressee, 0, KIT.open)


def _headers(kind: Kind, opened: Callable[[bytes], object], body: bytes = b"body") -> Callable[[bytes], object]:
    return lambda header: opened(_resigned(kind, header, body))


def _rows(data: bytes) -> object:
    """The inside of a segment: u32 length, text, column."""
    return transport.expand(transport.compress(data), samples.DEVICE, samples.EPOCH, n.Sequence(0), j.GENESIS)


def _sealed_part(data: bytes) -> object:
    header = bundle.bundle_header(KIT.addressee, HELD, NOW)
    secret = seal_to(KIT.seal_key, transport.compress(data), info_of(Kind.BUNDLE, header))
    face = transport.compress(_plain(DISTRICT.public()))
    head = info_of(Kind.BUNDLE, header)[len(Kind.BUNDLE.tag) :]
    return _open_bundle(_resigned(Kind.BUNDLE, head, struct.pack(">I", len(face)) + face + secret))


def _public_part(data: bytes) -> object:
    header = bundle.bundle_header(KIT.addressee, HELD, NOW)
    head = info_of(Kind.BUNDLE, header)[len(Kind.BUNDLE.tag) :]
    face = transport.compress(data)
    return _open_bundle(_resigned(Kind.BUNDLE, head, struct.pack(">I", len(face)) + face))


def _grant(data: bytes) -> object:
    return enrolment.check_grant(data, b"request", INVITATION)


def _name(data: bytes) -> object:
    return spool.segment_place(data.decode("utf-8", "replace"))


def _plain(value: object) -> bytes:
    return enrolment.canonical.to_bytes(enrolment.canonical.encode(value))


def targets() -> tuple[Target, ...]:
    """Every decoder, with seeds."""
    whole = KIT.segment(DAY, DISTRICT)
    packed = transport.decompress(transport.squeeze(DAY)[0], transport.MAX_PLAIN)
    sealed = bundle.SealedPart(pay_list(samples.AREA, 4, KIT.device, KIT.epoch), STAFF)
    chip = attachment.new_attachment(attachment.AttachmentKind.CHIP, attachment.chip_content(make_vectors.FILES))
    evidence = attachment.seal_attachment(
        chip, area=samples.AREA, device=samples.DEVICE, district_key=DISTRICT.seal_key
    )
    order = orders.seal_order(orders.FloorReset(NOW), KIT.addressee, 1, NOW, DISTRICT.sign)
    enrolled = make_vectors.vectors()["enrolment"]
    request, grant = str(enrolled["request"]).encode(), str(enrolled["grant"]).encode()
    return (
        Target("segment", _open_segment, (whole,)),
        Target("segment header", _headers(Kind.SEGMENT, _open_segment), (unpack(Kind.SEGMENT, whole).header,)),
        Target("segment rows", _rows, (packed,)),
        Target("zstd", lambda data: transport.decompress(data, 65_536), (transport.compress(packed),)),
        Target("bundle", _open_bundle, (DISTRICT.bundle(KIT.addressee),)),
        Target("bundle public", _public_part, (_plain(DISTRICT.public()),)),
        Target("bundle sealed", _sealed_part, (_plain(sealed),)),
        Target("checkpoint", _checkpoint, (DISTRICT.checkpoint(KIT, DAY),)),
        Target(
            "checkpoint header",
            _headers(Kind.CHECKPOINT, _checkpoint, b""),
            (_plain(make_vectors.checkpoint_of(KIT, DAY)),),
        ),
        Target("order", _order, (order,)),
        Target("order header", _headers(Kind.ORDER, _order), (unpack(Kind.ORDER, order).header,)),
        Target("attachment", lambda data: attachment.open_attachment(data, DISTRICT.open), (evidence,)),
        Target("chip files", attachment.chip_files, (chip.content,)),
        Target("qr", lambda data: enrolment.from_qr(data.decode("utf-8", "replace")), (str(enrolled["qr"]).encode(),)),
        Target("request", lambda data: enrolment.check_request(data, INVITATION, NOW), (request,)),
        Target("grant", _grant, (grant,)),
        Target("spool name", _name, (spool.segment_name(segment.peek(whole)).encode(),)),
        Target("escrow", escrow.read_escrow, (b'{"holders":[],"pairs":[],"vault":"v"}',)),
        Target(
            "device keys",
            lambda data: device_keys.unwrap(data, bytes(32)),
            (device_keys.DeviceKeys.new().wrap(bytes(32)),),
        ),
    )
