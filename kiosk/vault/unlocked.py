"""What a sign-in gives: the store key and the operator's signing key, until it is locked again."""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.payout.names import OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.vault.errors import DamagedVault, NotPermitted

KEY_LENGTH = 32


class Unlocked:
    """One operator, signed in. `lock` wipes the keys as far as Python lets it."""

    __slots__ = ("_seed", "_store_key", "operator", "role")

    def __init__(self, operator: OperatorId, role: OperatorRole, secret: bytes) -> None:
        if len(secret) != 2 * KEY_LENGTH:
            raise DamagedVault("a slot holds two keys of 32 bytes")
        self.operator, self.role = operator, role
        self._store_key, self._seed = bytearray(secret[:KEY_LENGTH]), bytearray(secret[KEY_LENGTH:])

    def __repr__(self) -> str:
        return f"Unlocked({self.operator!r}, {self.role.value}{', locked' if self.locked else ''})"

    @property
    def locked(self) -> bool:
        """True once `lock` was called."""
        return not self._store_key

    @property
    def store_key(self) -> bytearray:
        """32 bytes that open the store. The caller must not keep a copy. Raises NotPermitted once locked."""
        self._require_open()
        return self._store_key

    @property
    def public_key(self) -> bytes:
        """The operator's Ed25519 public key, 32 bytes."""
        return public_of(self._open_seed())

    def sign(self, data: bytes) -> bytes:
        """Ed25519 by the operator. Raises NotPermitted once locked."""
        return Ed25519PrivateKey.from_private_bytes(self._open_seed()).sign(data)

    def secret(self) -> bytes:
        """Store key ‖ seed, for writing the slot again."""
        return bytes(self.store_key) + self._open_seed()

    def lock(self) -> None:
        """Overwrite and drop the keys. Twice is fine."""
        for key in (self._store_key, self._seed):
            key[:] = bytes(len(key))
            key.clear()

    def _open_seed(self) -> bytes:
        self._require_open()
        return bytes(self._seed)

    def _require_open(self) -> None:
        if self.locked:
            raise NotPermitted("locked")


def new_seed() -> bytes:
    """A fresh Ed25519 seed."""
    return secrets.token_bytes(KEY_LENGTH)


def public_of(seed: bytes) -> bytes:
    """The Ed25519 public key of a seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
