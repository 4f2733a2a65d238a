"""What lies in the slots folder, and what one act is about to change there.

An act is made whole in memory and announced before the first file changes, so that a power cut at any
point leaves either nothing to tell or a change that the next start finishes and writes down (desk/intention.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.payout import canonical
from kiosk.payout.names import Mode, OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.vault.factor import FactorKind
from kiosk.vault.pin import Argon2Params
from kiosk.vault.unlocked import Unlocked


@dataclass(frozen=True, slots=True)
class VaultFile:
    """``vault.json``: what all slots share."""

    version: int
    id: str
    mode: Mode
    factor: FactorKind
    params: Argon2Params


@dataclass(frozen=True, slots=True)
class SlotFile:
    """``slot-<operator>.json``. All but ``wrapped`` is bound as associated data. Bytes are hexadecimal."""

    version: int
    vault: str
    operator: OperatorId
    role: OperatorRole
    salt: str
    params: Argon2Params
    record: str
    """What the device factor keeps for this slot."""
    public_key: str
    added_by: str
    nonce: str
    wrapped: str = ""


@dataclass(frozen=True, slots=True)
class SlotChange:
    """All that one act does to slots: doing it twice is doing it once. Nothing in it is secret."""

    written: tuple[SlotFile, ...] = ()
    dropped: tuple[OperatorId, ...] = ()
    forgiven: tuple[OperatorId, ...] = ()
    told: tuple[OperatorId, ...] = ()
    """Whose lock the journal has from here on."""


Announce = Callable[[SlotChange, Unlocked], None]
"""Told of a change before anything on the disk changes, with the keys that open the store after it."""


def unannounced(_change: SlotChange, _keys: Unlocked) -> None:
    """For the first slot of a device, whose store is not made yet, and for what was announced before."""


def kek(mixed: bytes, operator: OperatorId) -> bytes:
    """What wraps a slot: HKDF over what the device factor made of the PIN's hash."""
    info = b"tannha.kek.v1\0" + operator.encode()
    return HKDF(SHA256(), 32, salt=None, info=info).derive(mixed)


def bound(slot: SlotFile) -> bytes:
    """What a slot says of itself, as associated data."""
    return b"tannha.slot.v1\0" + canonical.to_bytes(canonical.encode(replace(slot, wrapped="")))
