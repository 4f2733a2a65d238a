"""A new store key, when somebody who knew the old one is no longer trusted.

Order matters, because power may go at any point: the new key is kept under the old one first, then
the store is rekeyed, then the supervisor's slot is written with the new key and every other slot is
dropped (their PINs are not known here; each operator is added again).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.payout.operators import OperatorRole
from kiosk.vault import files
from kiosk.vault.errors import DamagedVault, NotPermitted
from kiosk.vault.slot_files import Announce, unannounced
from kiosk.vault.slots import PinRefused, Vault
from kiosk.vault.unlocked import KEY_LENGTH, Unlocked

_TAG = b"tannha.rotation.v1\0"
PENDING = "rotation.key"


def rotate(
    vault: Vault,
    folder: Path,
    by: Unlocked,
    pin: str,
    rekey: Callable[[bytes, bytes], None],
    announce: Announce = unannounced,
) -> Unlocked:
    """Change the store key; ``rekey(old, new)`` rewrites the store and the wrapped device keys.

    ``announce`` hears of the new slot when the store has the new key already, and once.

    ``rekey`` must also succeed when it was done before (a power cut after it). Calling `rotate`
    again with the old sign-in finishes what was cut. Raises NotPermitted, DamagedVault, VaultDisk.
    """
    if by.locked or by.role is not OperatorRole.SUPERVISOR:
        raise NotPermitted("a supervisor must be signed in")
    if isinstance(vault.unlock(by.operator, pin), PinRefused):
        raise NotPermitted("the own PIN is needed to rotate")
    old = bytes(by.store_key)
    new = pending(folder, old)
    if new is None:
        new = secrets.token_bytes(KEY_LENGTH)
        nonce = secrets.token_bytes(12)
        files.write_bytes(folder / PENDING, nonce + AESGCM(old).encrypt(nonce, new, _TAG) + _mark(new))
    if new != old:
        rekey(old, new)
    session = vault.rewrap(by, pin, new, announce if new != old else unannounced)
    files.remove(folder / PENDING)
    return session


def pending(folder: Path, store_key: bytes | bytearray) -> bytes | None:
    """The new key of a rotation that was cut, the own one once the slot has it, or None. Raises DamagedVault."""
    if not (folder / PENDING).exists():
        return None
    data = files.read_bytes(folder / PENDING)
    if len(data) != 12 + KEY_LENGTH + 16 + 32:
        raise DamagedVault("the rotation file is damaged")
    if hmac.compare_digest(data[-32:], _mark(bytes(store_key))):
        return bytes(store_key)
    try:
        return AESGCM(bytes(store_key)).decrypt(data[:12], data[12:-32], _TAG)
    except InvalidTag as error:
        raise DamagedVault("the rotation file belongs to another key") from error


def _mark(key: bytes) -> bytes:
    """By which the new key is known again without its being readable."""
    return hmac.digest(key, _TAG, "sha256")
