"""HPKE (RFC 9180) as the vault needs it: the one suite of docs/protocol.md, keys as 32 bytes."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def seal(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """enc ‖ ciphertext, 48 bytes longer. Raises ValueError for an unusable key."""
    return _SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(public), info)


def unseal(private: bytes, sealed: bytes, info: bytes) -> bytes:
    """The plaintext. Raises InvalidTag."""
    return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), info)
