"""What a device knows of itself before anybody signs in: its name, its district, who may sign in.

Written once at enrolment beside the slots, in the clear: none of it is secret, and what matters of it
(mode, area, device) stands in the encrypted store too and is compared at every sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kiosk.exchange.bundle import Notice
from kiosk.payout.names import AreaId, DeviceId, Epoch, Mode, OperatorId, UnixSeconds
from kiosk.vault import files

NAME = "device.json"
KEYS = "device-keys.bin"


@dataclass(frozen=True, slots=True)
class SlotName:
    """An operator as the sign-in screen lists them."""

    id: OperatorId
    name: str


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """Identity and district of an enrolled device. Keys are 64 hexadecimal digits."""

    area: AreaId
    device: DeviceId
    mode: Mode
    epoch: Epoch
    district_sign: str
    district_seal: str
    place: str
    operators: tuple[SlotName, ...]
    issuers: int = 0
    """How many card issuers the bundle in force brought: what the doctor can say without a sign-in."""
    escrow_keys: tuple[str, ...] = ()
    """X25519 keys of the three escrow holders, from the grant; empty where the district has none."""
    escrow_at: int = 0
    """When the store key in use was sealed for them; 0 when it was not."""
    key_since: int = 0
    """When the store key in use was made."""
    notices: tuple[Notice, ...] = ()
    """What the idle screen says, the newest first; short and few."""
    ended: bool = False
    """Wiped by the district's order: of all that lay here only this is left, so that each start can say so."""

    def name_of(self, operator: OperatorId) -> str:
        """What staff call an operator; the id of one who has no name here."""
        return next((each.name for each in self.operators if each.id == operator), operator)

    def notices_at(self, now: UnixSeconds) -> tuple[str, ...]:
        """Those that have not ended."""
        return tuple(each.text for each in self.notices if each.until > now)


def load(slots: Path) -> DeviceFile:
    """The device's identity. Raises DamagedVault when there is none: the device is not enrolled."""
    return files.read(slots / NAME, DeviceFile)


def save(slots: Path, device: DeviceFile) -> None:
    """Keep it, durably. Raises VaultDisk."""
    files.write(slots / NAME, device)
