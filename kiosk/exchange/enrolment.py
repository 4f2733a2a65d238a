"""How a new device and the district come to know each other's keys, by one QR code.

The QR carries a 128-bit secret and the hash of the district's key. Both sides MAC both key sets
under that secret, so neither network nor courier can slip in a key; people compare fingerprints.
The secret serves once, for 15 minutes; production or practice is fixed here for good (M8).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.exchange.envelope import decode
from kiosk.exchange.errors import BadBytes, FaultKey, NotForUs, NotTrusted, OutOfOrder
from kiosk.exchange.keys import fingerprint
from kiosk.exchange.shapes import from_base64, is_digest, is_id, key_bytes, to_base64
from kiosk.payout import canonical
from kiosk.payout.names import AreaId, DeviceId, Digest, Epoch, Mode, UnixSeconds

PREFIX = "tannha1:"
LIFETIME_S = 15 * 60
MAX_QR = 1_500
MAX_MESSAGE = 32_768


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the enrolment QR says. ``secret`` is 32 hexadecimal digits and shown to nobody else."""

    urls: tuple[str, ...]
    area: AreaId
    mode: Mode
    secret: str
    district: Digest
    """SHA-256 of the district's Ed25519 public key."""
    expires: UnixSeconds

    @property
    def ticket(self) -> str:
        """Names the invitation to the district without giving the secret away: 32 hexadecimal digits."""
        return hashlib.sha256(b"tannha.ticket.v1\0" + bytes.fromhex(self.secret)).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """The device's keys (64 hexadecimal digits each), MACed under the invitation's secret."""

    ticket: str
    area: AreaId
    mode: Mode
    sign_key: str
    seal_key: str
    label: str
    """What staff call this device; at most 80 letters."""
    courier_csr: str = ""
    """PEM request for the courier's TLS client certificate."""
    mac: str = ""

    def fingerprint(self) -> str:
        """What the officer compares with the device's screen."""
        return fingerprint(key_bytes(self.sign_key), key_bytes(self.seal_key))


@dataclass(frozen=True, slots=True)
class EnrolmentGrant:
    """The district's keys and the device's name, MACed over both key sets."""

    area: AreaId
    device: DeviceId
    mode: Mode
    epoch: Epoch
    previous_epoch: Epoch
    previous_head: Digest
    """Head of the epoch that a re-enrolment closes; GENESIS for a new device."""
    incarnation: int
    sign_key: str
    """District Ed25519."""
    seal_key: str
    """District X25519 of this month."""
    escrow_keys: tuple[str, ...]
    """X25519 keys of the three escrow holders; empty in practice."""
    ca_pem: str
    client_cert_pem: str
    time: UnixSeconds
    mac: str = ""


def to_qr(invitation: Invitation) -> str:
    """The text of the QR code: ``tannha1:`` and base64url of canonical JSON."""
    return PREFIX + to_base64(canonical.to_bytes(canonical.encode(invitation)))


def from_qr(text: str, now: UnixSeconds | None = None) -> Invitation:
    """Read a scanned QR. Raises BadBytes, or OutOfOrder(EXPIRED) when ``now`` is given and past."""
    if len(text) > MAX_QR:
        raise BadBytes(FaultKey.TOO_LARGE)
    if not text.startswith(PREFIX):
        raise BadBytes(FaultKey.UNKNOWN_KIND)
    invitation = decode(Invitation, from_base64(text.removeprefix(PREFIX)))
    _check_invitation(invitation)
    if now is not None and now > invitation.expires:
        raise OutOfOrder(FaultKey.EXPIRED)
    return invitation


def request_enrolment(
    invitation: Invitation, sign_key: bytes, seal_key: bytes, label: str, courier_csr: str = ""
) -> bytes:
    """The request as canonical JSON. Keys are public, 32 bytes each."""
    request = EnrolmentRequest(
        invitation.ticket, invitation.area, invitation.mode, sign_key.hex(), seal_key.hex(), label[:80], courier_csr
    )
    mac = _mac(invitation.secret, b"request", _plain(request))
    return _plain(replace(request, mac=mac))


def peek_request(data: bytes) -> EnrolmentRequest:
    """The request as claimed, to find the invitation by its ticket. Raises BadBytes."""
    _bounded(data)
    request = decode(EnrolmentRequest, data)
    key_bytes(request.sign_key)
    key_bytes(request.seal_key)
    if len(request.label) > 80:
        raise BadBytes(FaultKey.MALFORMED, "label")
    return request


def check_request(data: bytes, invitation: Invitation, now: UnixSeconds) -> EnrolmentRequest:
    """The request, once it is for this invitation and in time. Single use is the caller's to keep.

    Raises BadBytes, NotTrusted(MAC_MISMATCH), NotForUs, OutOfOrder(EXPIRED).
    """
    request = peek_request(data)
    expected = _mac(invitation.secret, b"request", _plain(replace(request, mac="")))
    if not hmac.compare_digest(expected.encode(), request.mac.encode()):
        raise NotTrusted(FaultKey.MAC_MISMATCH)
    if now > invitation.expires:
        raise OutOfOrder(FaultKey.EXPIRED)
    _check_same(request.area, request.mode, invitation)
    return request


def grant_enrolment(grant: EnrolmentGrant, request: bytes, invitation: Invitation) -> bytes:
    """The grant as canonical JSON, bound by its MAC to exactly this request."""
    mac = _mac(invitation.secret, b"grant", _bound(replace(grant, mac=""), request))
    return _plain(replace(grant, mac=mac))


def check_grant(data: bytes, request: bytes, invitation: Invitation) -> EnrolmentGrant:
    """The grant, once MAC, district key hash, area and mode agree with the QR that was scanned.

    Raises BadBytes, NotTrusted(MAC_MISMATCH), NotForUs(WRONG_DISTRICT | WRONG_AREA | WRONG_MODE).
    """
    _bounded(data)
    grant = decode(EnrolmentGrant, data)
    expected = _mac(invitation.secret, b"grant", _bound(replace(grant, mac=""), request))
    if not hmac.compare_digest(expected.encode(), grant.mac.encode()):
        raise NotTrusted(FaultKey.MAC_MISMATCH)
    if hashlib.sha256(key_bytes(grant.sign_key)).hexdigest() != invitation.district:
        raise NotForUs(FaultKey.WRONG_DISTRICT)
    _check_same(grant.area, grant.mode, invitation)
    key_bytes(grant.seal_key)
    if len(grant.escrow_keys) not in (0, 3) or not all(is_digest(each) for each in grant.escrow_keys):
        raise BadBytes(FaultKey.MALFORMED, "escrow")
    if not is_id(grant.device) or not is_digest(grant.previous_head):
        raise BadBytes(FaultKey.MALFORMED, "grant")
    return grant


def _check_invitation(invitation: Invitation) -> None:
    short = all(0 < len(url) <= 200 and url.isascii() for url in invitation.urls)
    secret_fits = is_digest(invitation.secret * 2) and len(invitation.secret) == 32
    if not (short and 0 < len(invitation.urls) <= 4 and secret_fits and is_id(invitation.area)):
        raise BadBytes(FaultKey.MALFORMED, "invitation")
    if not is_digest(invitation.district):
        raise BadBytes(FaultKey.MALFORMED, "district")


def _check_same(area: AreaId, mode: Mode, invitation: Invitation) -> None:
    if area != invitation.area:
        raise NotForUs(FaultKey.WRONG_AREA)
    if mode is not invitation.mode:
        raise NotForUs(FaultKey.WRONG_MODE)


def _bound(grant: EnrolmentGrant, request: bytes) -> bytes:
    return hashlib.sha256(request).digest() + _plain(grant)


def _bounded(data: bytes) -> None:
    if len(data) > MAX_MESSAGE:
        raise BadBytes(FaultKey.TOO_LARGE)


def _plain(value: object) -> bytes:
    return canonical.to_bytes(canonical.encode(value))


def _mac(secret: str, purpose: bytes, data: bytes) -> str:
    key = HKDF(SHA256(), 32, salt=None, info=b"tannha.enrolment.v1\0" + purpose).derive(bytes.fromhex(secret))
    return hmac.new(key, data, hashlib.sha256).hexdigest()
