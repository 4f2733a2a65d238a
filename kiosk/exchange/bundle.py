"""What the district sends one device: a public part for everyone who holds it, a sealed part for one.

    body = u32 length of public part ‖ zstd(public JSON) ‖ HPKE(zstd(sealed JSON))

The signed header names area, device, the device's own sealing key, epoch, incarnation and version,
so a bundle for A is nothing at B, and an older one is refused even when it is genuine.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from kiosk.exchange.envelope import Envelope, Kind, checked, decode, decode_header, info_of, pack, unpack
from kiosk.exchange.errors import BadBytes, FaultKey, NotForUs, OutOfOrder
from kiosk.exchange.keys import KeyId, Opener, Signer, Suite, key_id, seal_to, unseal
from kiosk.exchange.shapes import Held, from_base64, to_base64
from kiosk.exchange.transport import compress, decompress
from kiosk.payout import canonical
from kiosk.payout.names import (
    AreaId,
    CitizenNumber,
    DeviceId,
    Digest,
    Epoch,
    LeaseId,
    Mode,
    OperatorId,
    PersonId,
    UnixSeconds,
)
from kiosk.payout.operators import OperatorCard
from kiosk.payout.paylist import PayList

MAX_BUNDLE = 8 * 1024 * 1024
MAX_PUBLIC = 2 * 1024 * 1024
MAX_SEALED = 32 * 1024 * 1024
_CHUNK = 3_000


@dataclass(frozen=True, slots=True)
class Notice:
    """A short message of the district on the idle screen, where everybody reads it. ``until`` ends it."""

    id: str
    text: str
    until: UnixSeconds


@dataclass(frozen=True, slots=True)
class Revocation:
    """A device, operator or card key that counts no longer, from an hour on."""

    subject: str
    """``device:<id>``, ``operator:<id>`` or ``chip:<digest of the AA key>``."""
    since: UnixSeconds


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """A key of a device of the area, so that its QR hand-overs and receipts can be verified."""

    device: DeviceId
    public_key: str
    """Ed25519, 64 hexadecimal digits; empty for an earlier key that is told no longer."""
    before_epoch: int | None = None
    """Of a device that was enrolled again: this earlier key counts for epochs below, and for none from here on."""


@dataclass(frozen=True, slots=True)
class PublicPart:
    """Readable while the kiosk is locked, and by the courier."""

    mode: Mode
    district_seal_key: str
    """X25519 of this month for segments and attachments, 64 hexadecimal digits."""
    notices: tuple[Notice, ...] = ()
    revocations: tuple[Revocation, ...] = ()
    devices: tuple[DeviceCard, ...] = ()
    trust_certs: tuple[tuple[str, ...], ...] = ()
    """CSCA certificates: DER in base64url, in pieces of 3,000 bytes; see `certificates`."""
    crls: tuple[tuple[str, ...], ...] = ()

    def certificates(self) -> tuple[bytes, ...]:
        """The trust store as DER. Raises BadBytes."""
        return tuple(from_pieces(each) for each in self.trust_certs)


@dataclass(frozen=True, slots=True)
class PinnedKey:
    """An AA key that was seen with this person before (identity level B)."""

    person: PersonId
    key: Digest


@dataclass(frozen=True, slots=True)
class LeaseSecret:
    """What lets the holder of a lease compute the telephone code (plan §6). 32 hexadecimal digits."""

    lease: LeaseId
    secret: str
    stand_in: DeviceId


@dataclass(frozen=True, slots=True)
class StandIn:
    """What a stand-in holds of another's lease: enough to check a code, nobody's data."""

    lease: LeaseId
    holder: DeviceId
    number_hash: Digest
    """SHA-256(lease ‖ citizen number), salted by the lease's random id."""
    code_hash: str
    record: str
    """The lease's records encrypted under the code, base64url."""


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Whose citizen card can agree to an override on this device."""

    operator: OperatorId
    number: CitizenNumber


@dataclass(frozen=True, slots=True)
class SealedPart:
    """Only the device it is for can read this: people, sums, leases, staff."""

    pay_list: PayList
    operators: tuple[OperatorCard, ...]
    observed_signers: tuple[Digest, ...] = ()
    """SHA-256 of document signer certificates the district has observed (level B)."""
    pinned_keys: tuple[PinnedKey, ...] = ()
    lease_secrets: tuple[LeaseSecret, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    supervisors: tuple[Supervisor, ...] = ()
    override_key: str = ""
    """What this device and the district make and check override codes with; 64 hexadecimal digits, or none yet."""
    escrow_keys: tuple[str, ...] = ()
    """X25519 keys of the three escrow holders; empty while the district has named none."""


@dataclass(frozen=True, slots=True)
class BundleHeader:
    """The signed face of a bundle."""

    area: AreaId
    device: DeviceId
    device_key: KeyId
    epoch: Epoch
    held: Held
    """Incarnation, version and revocation serial that this bundle brings."""
    time: UnixSeconds
    suite: Suite


@dataclass(frozen=True, slots=True)
class Bundle:
    """An opened bundle."""

    header: BundleHeader
    public: PublicPart
    sealed: SealedPart


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a bundle must be for: this device's place and sealing key (32 bytes, public)."""

    area: AreaId
    device: DeviceId
    epoch: Epoch
    seal_key: bytes


def seal_bundle(public: PublicPart, sealed: SealedPart, header: BundleHeader, device_key: bytes, sign: Signer) -> bytes:
    """A signed bundle. ``device_key`` is the device's X25519 public key, ``sign`` the district's."""
    face = compress(canonical.to_bytes(canonical.encode(public)))
    plain = compress(canonical.to_bytes(canonical.encode(sealed)))
    secret = seal_to(device_key, plain, info_of(Kind.BUNDLE, header))
    return pack(Kind.BUNDLE, header, struct.pack(">I", len(face)) + face + secret, sign)


def bundle_header(to: Addressee, held: Held, time: UnixSeconds) -> BundleHeader:
    """The header for one addressee."""
    return BundleHeader(to.area, to.device, key_id(to.seal_key), to.epoch, held, time, Suite.X25519_CHACHA20)


def read_public(data: bytes, district_key: bytes) -> tuple[BundleHeader, PublicPart]:
    """What may be read while locked, once the district's signature holds. Raises BadBytes, NotTrusted."""
    envelope = checked(unpack(Kind.BUNDLE, data, MAX_BUNDLE), district_key)
    face, _ = _parts(envelope)
    return _header(envelope), decode(PublicPart, decompress(face, MAX_PUBLIC))


def open_bundle(data: bytes, district_key: bytes, to: Addressee, newest: Held, open_: Opener) -> Bundle:
    """The whole bundle, if it is genuine, for this device, and newer than what is held.

    Raises BadBytes, NotTrusted, NotForUs or OutOfOrder; nothing has taken effect then.
    """
    envelope = checked(unpack(Kind.BUNDLE, data, MAX_BUNDLE), district_key)
    header = _header(envelope)
    _check_addressee(header, to)
    check_newer(header.held, newest)
    face, secret = _parts(envelope)
    plain = decompress(unseal(open_, secret, envelope.info), MAX_SEALED)
    sealed = decode(SealedPart, plain)
    if sealed.pay_list.area != header.area:
        raise NotForUs(FaultKey.WRONG_AREA, "pay list")
    return Bundle(header, decode(PublicPart, decompress(face, MAX_PUBLIC)), sealed)


def check_newer(offered: Held, newest: Held) -> None:
    """Raises OutOfOrder unless ``offered`` may replace ``newest``.

    A higher incarnation (a restored district) may bring a lower version, never fewer revocations.
    """
    if offered.incarnation < newest.incarnation:
        raise OutOfOrder(FaultKey.OLDER_INCARNATION)
    if offered == newest:
        raise OutOfOrder(FaultKey.REPLAYED)
    if offered.incarnation == newest.incarnation and offered.version <= newest.version:
        raise OutOfOrder(FaultKey.OLDER_VERSION)
    if offered.incarnation == newest.incarnation and offered.revocation_serial < newest.revocation_serial:
        raise OutOfOrder(FaultKey.OLDER_REVOCATION)


def to_pieces(der: bytes) -> tuple[str, ...]:
    """A certificate or CRL as base64url texts that each fit the canonical encoding."""
    return tuple(to_base64(der[at : at + _CHUNK]) for at in range(0, len(der), _CHUNK))


def from_pieces(pieces: tuple[str, ...]) -> bytes:
    """The bytes again. Raises BadBytes."""
    return b"".join(from_base64(piece) for piece in pieces)


def _check_addressee(header: BundleHeader, to: Addressee) -> None:
    if header.area != to.area:
        raise NotForUs(FaultKey.WRONG_AREA)
    if header.device != to.device or header.device_key != key_id(to.seal_key):
        raise NotForUs(FaultKey.WRONG_DEVICE)
    if header.epoch != to.epoch:
        raise NotForUs(FaultKey.WRONG_EPOCH)


def _header(envelope: Envelope) -> BundleHeader:
    header = decode_header(BundleHeader, envelope.header)
    if min(header.held.incarnation, header.held.version, header.held.revocation_serial) < 0:
        raise BadBytes(FaultKey.MALFORMED, "versions")
    return header


def _parts(envelope: Envelope) -> tuple[bytes, bytes]:
    body = envelope.body
    if len(body) < 4:
        raise BadBytes(FaultKey.TRUNCATED)
    (length,) = struct.unpack(">I", body[:4])
    if length > len(body) - 4:
        raise BadBytes(FaultKey.TRUNCATED)
    return body[4 : 4 + length], body[4 + length :]
