"""A lease that is given over by telephone: twelve digits, checked offline, invented by nobody (plan §6).

The holder has a secret and can compute the code. The stand-in has a slow hash of the code and the
record sealed under it: it can check what it is told, cannot make it up, and reads nobody's data
before it was told. The district makes both parts; each grant has new secrets.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kiosk.exchange.bundle import LeaseSecret, StandIn
from kiosk.exchange.envelope import decode
from kiosk.exchange.errors import BadBytes, FaultKey, NotTrusted
from kiosk.exchange.shapes import from_base64, to_base64
from kiosk.exchange.transport import compress, decompress
from kiosk.payout import canonical
from kiosk.payout.names import CitizenNumber, DeviceId, Digest, LeaseId
from kiosk.payout.paylist import Entitlement, Lease
from kiosk.payout.people import Payee, Recipient

DIGITS = 12
MEMORY_KIB = 19 * 1024
ITERATIONS = 2
MAX_RECORD = 65_536
MAX_SEALED = 2_900
_CODE = re.compile(r"[0-9]{12}")
_NONCE = bytes(12)
"""Each key seals one record, once: it comes from a code that belongs to one grant."""


@dataclass(frozen=True, slots=True)
class LeaseRecord:
    """All a stand-in must know to pay this one lease."""

    recipient: Recipient
    payees: tuple[Payee, ...]
    entitlement: Entitlement
    lease: Lease


def new_secret(lease: LeaseId, stand_in: DeviceId) -> LeaseSecret:
    """What the holder's bundle carries for one grant: 16 random bytes, never used again."""
    return LeaseSecret(lease, secrets.token_hex(16), stand_in)


def release_code(secret: LeaseSecret) -> str:
    """The twelve digits that the holder reads out. Show them only once `LeaseReleased` is durable.

    HMAC-SHA256(secret, tag ‖ lease ‖ 0 ‖ stand-in) mod 10^12. Raises BadBytes for a secret that is none.
    """
    if not re.fullmatch(r"[0-9a-f]{32}", secret.secret):
        raise BadBytes(FaultKey.MALFORMED, "lease secret")
    message = b"tannha.release.v1\0" + _place(secret.lease, secret.stand_in)
    number = int.from_bytes(hmac.digest(bytes.fromhex(secret.secret), message, "sha256"), "big")
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def number_hash(lease: LeaseId, number: CitizenNumber) -> Digest:
    """How a stand-in finds the lease of somebody whose number it was told. Salted by the lease's random id."""
    return Digest(hashlib.sha256(f"{lease}{number}".encode()).hexdigest())


def make_stand_in(secret: LeaseSecret, holder: DeviceId, record: LeaseRecord) -> StandIn:
    """District's side: what the stand-in's bundle carries. Takes as long as one check (about 30 ms).

    Raises BadBytes(TOO_LARGE) for a record that does not fit a bundle's text.
    """
    check, key = _stretch(release_code(secret), secret.lease, secret.stand_in)
    plain = compress(canonical.to_bytes(canonical.encode(record)))
    if len(plain) > MAX_SEALED:
        raise BadBytes(FaultKey.TOO_LARGE, "stand-in record")
    sealed = ChaCha20Poly1305(key).encrypt(_NONCE, plain, _place(secret.lease, secret.stand_in))
    found = number_hash(secret.lease, record.recipient.person.number)
    return StandIn(secret.lease, holder, found, check, to_base64(sealed))


def candidates(stand_ins: Iterable[StandIn], number: CitizenNumber) -> tuple[StandIn, ...]:
    """The leases that this device may take over for a citizen number."""
    return tuple(each for each in stand_ins if each.number_hash == number_hash(each.lease, number))


def take(stand_in: StandIn, me: DeviceId, code: str) -> LeaseRecord | None:
    """The record, if the code is right for this lease and this device; None for a wrong code.

    Raises BadBytes or NotTrusted when the record itself is damaged. About 20 to 40 ms: call it off the screen's thread.
    """
    if not _CODE.fullmatch(code):
        return None
    check, key = _stretch(code, stand_in.lease, me)
    if not hmac.compare_digest(check.encode(), stand_in.code_hash.encode("utf-8", "replace")):
        return None
    return _open_record(stand_in, key, me)


def _open_record(stand_in: StandIn, key: bytes, me: DeviceId) -> LeaseRecord:
    try:
        sealed = from_base64(stand_in.record)
        plain = ChaCha20Poly1305(key).decrypt(_NONCE, sealed, _place(stand_in.lease, me))
    except InvalidTag as error:
        raise NotTrusted(FaultKey.NOT_OPENED, "stand-in record") from error
    record = decode(LeaseRecord, decompress(plain, MAX_RECORD))
    if record.lease.id != stand_in.lease or record.entitlement.id != record.lease.entitlement:
        raise BadBytes(FaultKey.MALFORMED, "stand-in record")
    return record


def _stretch(code: str, lease: LeaseId, stand_in: DeviceId) -> tuple[str, bytes]:
    """(what to compare, key of the record): two halves of Argon2id(code), so one never gives the other."""
    salt = hashlib.sha256(b"tannha.release-salt.v1\0" + _place(lease, stand_in)).digest()[:16]
    kdf = Argon2id(salt=salt, length=64, iterations=ITERATIONS, lanes=1, memory_cost=MEMORY_KIB)
    both = kdf.derive(code.encode())
    return both[:32].hex(), both[32:]


def _place(lease: LeaseId, stand_in: DeviceId) -> bytes:
    return lease.encode() + b"\0" + stand_in.encode()
