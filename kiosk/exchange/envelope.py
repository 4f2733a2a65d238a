"""The outer form that every signed file shares, so that there is one parser to attack.

    magic(4) ‖ u32 length of header ‖ header ‖ SHA-256 of body(32) ‖ signature(64) ‖ body

The Ed25519 signature covers tag ‖ header ‖ digest. The digest is checked after it, so a stranger's
file (foreign_signature) and a genuine header over other bytes (swapped_ciphertext) are told apart.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from kiosk.exchange.errors import BadBytes, FaultKey, NotTrusted
from kiosk.exchange.keys import SIGNATURE_LENGTH, Signer, Suite, seal_to, verify
from kiosk.payout import canonical

T = TypeVar("T")

MAX_HEADER = 16_384
MAX_FILE = 16 * 1024 * 1024
_DIGEST = 32
_FIXED = 4 + 4 + _DIGEST + SIGNATURE_LENGTH


class Kind(Enum):
    """Magic bytes of each kind of file; the tag that is signed is ``tannha.`` + name + ``.v1\\0``."""

    SEGMENT = b"TNS1"
    BUNDLE = b"TNB1"
    CHECKPOINT = b"TNC1"
    ORDER = b"TNO1"

    @property
    def tag(self) -> bytes:
        """What separates this kind's signatures from all others."""
        return f"tannha.{self.name.lower()}.v1\0".encode()


@dataclass(frozen=True, slots=True)
class Envelope:
    """A parsed file: nothing in it is believed before `checked`."""

    kind: Kind
    header: bytes
    digest: bytes
    signature: bytes
    body: bytes

    @property
    def info(self) -> bytes:
        """`info_of` the header as it arrived."""
        return self.kind.tag + self.header


def pack(kind: Kind, header: object, body: bytes, sign: Signer) -> bytes:
    """Sign and lay out a file. ``header`` is a dataclass in canonical form."""
    head = canonical.to_bytes(canonical.encode(header))
    digest = hashlib.sha256(body).digest()
    signature = sign(_signed(kind, head, digest))
    return kind.value + struct.pack(">I", len(head)) + head + digest + signature + body


def pack_sealed(kind: Kind, header: object, plain: bytes, recipient: bytes, sign: Signer) -> bytes:
    """Seal ``plain`` to the recipient's X25519 key with the header as `info`, then sign."""
    return pack(kind, header, seal_to(recipient, plain, info_of(kind, header)), sign)


def info_of(kind: Kind, header: object) -> bytes:
    """What binds a header into a seal: tag ‖ canonical header (HPKE `info`)."""
    return kind.tag + canonical.to_bytes(canonical.encode(header))


def unpack(kind: Kind, data: bytes, limit: int = MAX_FILE) -> Envelope:
    """Take a file apart. Raises BadBytes; checks no signature."""
    if len(data) > limit:
        raise BadBytes(FaultKey.TOO_LARGE)
    if len(data) < _FIXED:
        raise BadBytes(FaultKey.TRUNCATED)
    if data[:4] != kind.value:
        raise BadBytes(FaultKey.UNKNOWN_KIND)
    (length,) = struct.unpack(">I", data[4:8])
    if length > MAX_HEADER:
        raise BadBytes(FaultKey.TOO_LARGE, "header")
    if len(data) < _FIXED + length:
        raise BadBytes(FaultKey.TRUNCATED)
    digest_at, body_at = 8 + length, _FIXED + length
    return Envelope(
        kind,
        header=data[8:digest_at],
        digest=data[digest_at : digest_at + _DIGEST],
        signature=data[digest_at + _DIGEST : body_at],
        body=data[body_at:],
    )


def checked(envelope: Envelope, public: bytes) -> Envelope:
    """The same envelope once its signature and digest hold. Raises NotTrusted."""
    if not verify(public, envelope.signature, _signed(envelope.kind, envelope.header, envelope.digest)):
        raise NotTrusted(FaultKey.FOREIGN_SIGNATURE)
    if hashlib.sha256(envelope.body).digest() != envelope.digest:
        raise NotTrusted(FaultKey.SWAPPED_CIPHERTEXT)
    return envelope


def decode_header(cls: type[T], data: bytes) -> T:
    """A header as a value; a suite that is not pinned has a refusal of its own. Raises BadBytes."""
    value = _parse(data)
    if isinstance(value, dict) and value.get("suite", Suite.X25519_CHACHA20) not in tuple(Suite):
        raise BadBytes(FaultKey.UNKNOWN_SUITE)
    return _typed(cls, value)


def decode(cls: type[T], data: bytes) -> T:
    """Canonical bytes as a value of ``cls``. Raises BadBytes."""
    return _typed(cls, _parse(data))


def _parse(data: bytes) -> canonical.Json:
    try:
        return canonical.from_bytes(data)
    except canonical.EncodingFault as error:
        raise BadBytes(FaultKey.MALFORMED, str(error)[:80]) from error


def _typed(cls: type[T], value: canonical.Json) -> T:
    try:
        return canonical.decode(cls, value)
    except canonical.EncodingFault as error:
        raise BadBytes(FaultKey.MALFORMED, str(error)[:80]) from error


def _signed(kind: Kind, header: bytes, digest: bytes) -> bytes:
    return kind.tag + header + digest
