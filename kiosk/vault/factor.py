"""The device factor: a secret of the board that every guess of a PIN must ask.

It works *on* the PIN's hash, so a copied disk can be tried only on the board it came from. Here
are the interface and the `file` factor for practice; TPM and Raspberry Pi OTP stand beside it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from kiosk.payout.names import Mode
from kiosk.vault import files
from kiosk.vault.errors import DamagedVault, FactorMissing, FactorRefused

MIX_LENGTH = 32


class FactorKind(StrEnum):
    """The drivers there are. A vault remembers which one made it."""

    FILE = "file"
    TPM2 = "tpm2"
    RPI_OTP = "rpi_otp"


class WrongAuth(Exception):
    """The hardware itself compared the PIN and said no."""


class DeviceFactor(Protocol):
    """What a driver offers. A record is what one slot keeps for it; it may be empty."""

    @property
    def kind(self) -> FactorKind:
        """Which driver this is."""

    @property
    def least_digits(self) -> int:
        """The shortest PIN that is enough with this hardware."""

    def provision(self) -> None:
        """Make the hardware ready for a new vault, once. Raises FactorMissing, FactorRefused."""

    def new_record(self, pin_hash: bytes) -> bytes:
        """Prepare the hardware for one slot. Raises FactorMissing, FactorRefused."""

    def mix(self, pin_hash: bytes, record: bytes) -> bytes:
        """32 bytes that only this board makes of this hash.

        Raises FactorMissing, FactorRefused, or WrongAuth when the hardware checks the PIN itself.
        """


class FileFactor:
    """A key in a file beside the slots: for practice only, it travels with a copied disk."""

    kind = FactorKind.FILE
    least_digits = 6

    def __init__(self, path: Path, mode: Mode) -> None:
        if mode is Mode.PRODUCTION:
            raise FactorRefused("the file factor protects nothing: practice only")
        self._path = path

    @classmethod
    def create(cls, path: Path, mode: Mode) -> FileFactor:
        """Make the key file if there is none. Raises FactorRefused, VaultDisk."""
        factor = cls(path, mode)
        if not path.exists():
            files.write_bytes(path, secrets.token_bytes(MIX_LENGTH))
        return factor

    def provision(self) -> None:
        """A file needs nothing."""

    def new_record(self, pin_hash: bytes) -> bytes:  # noqa: ARG002 - part of the interface
        """Nothing to keep for a slot."""
        return b""

    def mix(self, pin_hash: bytes, record: bytes) -> bytes:  # noqa: ARG002 - part of the interface
        """HMAC-SHA256(key, hash). Raises FactorMissing."""
        try:
            key = files.read_bytes(self._path)
        except DamagedVault as error:
            raise FactorMissing("the practice key file is missing") from error
        if len(key) != MIX_LENGTH:
            raise FactorMissing("the practice key file is damaged")
        return hmac.new(key, pin_hash, hashlib.sha256).digest()
