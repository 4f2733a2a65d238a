"""What happened to the keys of this device: who was let in, by whom, and with which new signing key.

A PIN that was reset or a code that was used is a way around a person, so it stands in the journal like money.
The operator who did it signs with their own key; the district learns those keys from these facts alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar

from kiosk.payout import canonical
from kiosk.payout.names import DeviceId, Digest, OperatorId

SIGNED_TAG = b"tannha.keys-changed.v1\0"


class KeyChange(StrEnum):
    """What was done."""

    OPERATOR_ADDED = "operator_added"
    PIN_CHANGED = "pin_changed"
    PIN_RESET = "pin_reset"
    SLOT_LOCKED = "slot_locked"
    """Five wrong PINs; told by the next one who signs in."""
    TRIES_FORGIVEN = "tries_forgiven"
    OPERATOR_REMOVED = "operator_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    ESCROW_SEALED = "escrow_sealed"
    ESCROW_OPENED = "escrow_opened"
    STORE_KEY_ROTATED = "store_key_rotated"


VOUCHED = frozenset({KeyChange.CODE_USED, KeyChange.ESCROW_OPENED})
"""Vouched for by what the district itself handed out: a code, or two holders' keys."""
NEW_KEY = VOUCHED | {KeyChange.OPERATOR_ADDED, KeyChange.PIN_RESET}
"""What gives an operator another signing key."""


@dataclass(frozen=True, slots=True)
class KeysChanged:
    """A change of slots or keys. ``by`` may be the operator, and is for a code that was used."""

    TAG: ClassVar[str] = "keys_changed"
    change: KeyChange
    operator: OperatorId
    """Whose slot; the one who did it where it is nobody's."""
    by: OperatorId
    public_key: str = ""
    """Ed25519 of ``operator`` from here on, 64 hexadecimal digits; empty when it did not change."""
    sealed: Digest | None = None
    """The attachment with codes or escrow, for the district alone."""
    signature: str = ""
    """Ed25519 by ``by`` over `signed_bytes`, 128 hexadecimal digits."""


def signed_bytes(device: DeviceId, previous: Digest, fact: KeysChanged) -> bytes:
    """What the operator signs: the fact without its signature, at this place of this device's journal."""
    body = canonical.to_bytes(canonical.encode(replace(fact, signature="")))
    return SIGNED_TAG + device.encode() + b"\0" + previous.encode() + b"\0" + body
