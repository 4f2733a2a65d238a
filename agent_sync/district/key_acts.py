"""Proves that each change of a device's keys was signed by the operator who is said to have made it.

The keys come from these facts themselves: the first supervisor names the own key at enrolment, everybody
after that is vouched for by somebody who was known before, or by a code or an escrow that the district handed out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.payout import journal as j
from kiosk.payout.key_facts import NEW_KEY, VOUCHED, KeyChange, KeysChanged, signed_bytes
from kiosk.payout.names import OperatorId


@dataclass(slots=True)
class KeyActs:
    """Operators of one device and their Ed25519 keys (hexadecimal), after the entries seen so far."""

    keys: dict[OperatorId, str] = field(default_factory=dict)

    def see(self, entry: j.Entry) -> str:
        """Take in one entry, in order; what is wrong with it, or nothing."""
        fact = entry.fact
        if not isinstance(fact, KeysChanged):
            return ""
        key = self._key_of(fact)
        self._learn(fact)
        if key is None:
            return f"{fact.change} by {fact.by}, whom nobody let in"
        holds = _holds(key, fact.signature, signed_bytes(entry.device, entry.previous, fact))
        return "" if holds else f"{fact.change} is not signed by {fact.by}"

    def _key_of(self, fact: KeysChanged) -> str | None:
        first = not self.keys and fact.change is KeyChange.OPERATOR_ADDED
        if (first or fact.change in VOUCHED) and fact.by == fact.operator:
            return fact.public_key
        return self.keys.get(fact.by)

    def _learn(self, fact: KeysChanged) -> None:
        if fact.change in NEW_KEY:
            self.keys[fact.operator] = fact.public_key
        elif fact.change is KeyChange.OPERATOR_REMOVED:
            self.keys.pop(fact.operator, None)
        if fact.change in (KeyChange.STORE_KEY_ROTATED, KeyChange.ESCROW_OPENED):
            self.keys = {who: key for who, key in self.keys.items() if who == fact.by}


def _holds(key: str, signature: str, signed: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), signed)
    except (ValueError, InvalidSignature):
        return False
    return True
