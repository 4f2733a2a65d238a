"""Who works at a device and in which role: known to the district's bundle and to the vault alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.payout.names import OperatorId


class OperatorRole(StrEnum):
    """What a member of staff may do on a device."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class OperatorCard:
    """One member of staff as the district lists them in a bundle."""

    id: OperatorId
    name: str
    role: OperatorRole
    public_key: str = ""
    """Ed25519 public key, 64 hexadecimal digits; empty until the first sign-in made one."""
