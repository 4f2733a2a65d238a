"""The device's own keys: Ed25519 signs journal heads, X25519 opens bundles.

Made at enrolment, kept wrapped under the store key, so they are there only while someone is
signed in. What leaves this room are callables and public bytes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.vault import files, seals
from kiosk.vault.errors import DamagedVault

_TAG = b"tannha.device-keys.v1\0"


@dataclass(frozen=True, slots=True, repr=False)
class DeviceKeys:
    """Both private keys in the clear. Drop it when the operator signs out."""

    sign_private: bytes
    seal_private: bytes

    @classmethod
    def new(cls) -> DeviceKeys:
        """Fresh keys, at enrolment."""
        return cls(secrets.token_bytes(32), secrets.token_bytes(32))

    @property
    def sign_public(self) -> bytes:
        """Ed25519, 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.sign_private).public_key().public_bytes_raw()

    @property
    def seal_public(self) -> bytes:
        """X25519, 32 bytes."""
        return X25519PrivateKey.from_private_bytes(self.seal_private).public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """A `Signer` for segments: 64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.sign_private).sign(data)

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """An `Opener` for bundles (HPKE suite of docs/protocol.md). Raises InvalidTag."""
        return seals.unseal(self.seal_private, sealed, info)

    def wrap(self, store_key: bytes | bytearray) -> bytes:
        """nonce(12) ‖ AES-256-GCM under a key derived from the store key."""
        nonce = secrets.token_bytes(12)
        return nonce + _cipher(store_key).encrypt(nonce, self.sign_private + self.seal_private, _TAG)

    def save(self, path: Path, store_key: bytes | bytearray) -> None:
        """Keep the wrapped keys in a file, durably. Raises VaultDisk."""
        files.write_bytes(path, self.wrap(store_key))


def unwrap(data: bytes, store_key: bytes | bytearray) -> DeviceKeys:
    """The keys again. Raises DamagedVault for another store key or altered bytes."""
    if len(data) != 12 + 64 + 16:
        raise DamagedVault("device keys are damaged")
    try:
        plain = _cipher(store_key).decrypt(data[:12], data[12:], _TAG)
    except InvalidTag as error:
        raise DamagedVault("device keys do not open with this store key") from error
    return DeviceKeys(plain[:32], plain[32:])


def load(path: Path, store_key: bytes | bytearray) -> DeviceKeys:
    """The keys from a file. Raises DamagedVault, VaultDisk."""
    return unwrap(files.read_bytes(path), store_key)


def _cipher(store_key: bytes | bytearray) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=_TAG).derive(bytes(store_key)))
