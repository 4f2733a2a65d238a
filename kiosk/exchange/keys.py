"""The few cryptographic steps of the exchange, each in one place.

Private keys stay with their owners: whoever seals or opens here is handed a `Signer` or an
`Opener`, so the courier can move files without holding anything that reads or forges them.
Ed25519 is RFC 8032, HPKE is RFC 9180 in base mode; its `info` binds the header, it has no aad.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from enum import StrEnum
from typing import NewType

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM
from cryptography.hazmat.primitives.hpke import Suite as HpkeSuite

from kiosk.exchange.errors import BadBytes, FaultKey, NotTrusted

Signer = Callable[[bytes], bytes]
"""Ed25519: message -> 64-byte signature."""
Opener = Callable[[bytes, bytes], bytes]
"""HPKE: (enc ‖ ciphertext, info) -> plaintext. Raises InvalidTag when it does not open."""
KeyId = NewType("KeyId", str)
"""The first 8 bytes of SHA-256(public key) as 16 hexadecimal digits."""

KEY_LENGTH = 32
SIGNATURE_LENGTH = 64
SEAL_OVERHEAD = 48
"""Bytes that HPKE adds: 32 of encapsulated key, 16 of tag."""


class Suite(StrEnum):
    """The pinned list of sealing suites. The name is part of the signed header."""

    X25519_CHACHA20 = "x25519-hkdfsha256-chacha20poly1305"


_HPKE = {Suite.X25519_CHACHA20: HpkeSuite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)}


def verify(public: bytes, signature: bytes, data: bytes) -> bool:
    """True when ``signature`` is Ed25519 by ``public`` (32 bytes) over ``data``."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def signer(private: bytes) -> Signer:
    """A signer from a 32-byte Ed25519 seed."""
    return Ed25519PrivateKey.from_private_bytes(private).sign


def opener(private: bytes, suite: Suite = Suite.X25519_CHACHA20) -> Opener:
    """An opener from a 32-byte X25519 private key."""
    key = X25519PrivateKey.from_private_bytes(private)
    return lambda sealed, info: _HPKE[suite].decrypt(sealed, key, info)


def sign_public(private: bytes) -> bytes:
    """The 32-byte Ed25519 public key of a seed."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_public(private: bytes) -> bytes:
    """The 32-byte X25519 public key of a private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def new_private() -> bytes:
    """32 random bytes, a private key for either algorithm."""
    return secrets.token_bytes(KEY_LENGTH)


def seal_to(public: bytes, plaintext: bytes, info: bytes, suite: Suite = Suite.X25519_CHACHA20) -> bytes:
    """HPKE-seal to an X25519 public key: enc ‖ ciphertext. Raises BadBytes for an unusable key."""
    try:
        return _HPKE[suite].encrypt(plaintext, X25519PublicKey.from_public_bytes(public), info)
    except ValueError as error:
        raise BadBytes(FaultKey.MALFORMED, "not a public key") from error


def unseal(open_: Opener, sealed: bytes, info: bytes) -> bytes:
    """Open with the holder's key. Raises NotTrusted(NOT_OPENED)."""
    try:
        return open_(sealed, info)
    except (InvalidTag, ValueError) as error:
        raise NotTrusted(FaultKey.NOT_OPENED) from error


def key_id(public: bytes) -> KeyId:
    """A short name for a public key in headers; never a proof by itself."""
    return KeyId(hashlib.sha256(public).hexdigest()[:16])


def fingerprint(*publics: bytes) -> str:
    """Six groups of four digits (79 bits) that two people compare by eye or telephone."""
    number = int.from_bytes(hashlib.sha256(b"tannha.fingerprint.v1\0" + b"".join(publics)).digest(), "big")
    digits = f"{number % 10**24:024d}"
    return " ".join(digits[i : i + 4] for i in range(0, 24, 4))
