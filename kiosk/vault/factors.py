"""Which device factor this board has: the one that made the vault, or the best one for a new vault."""

from __future__ import annotations

from pathlib import Path
from shutil import which
from typing import assert_never

from kiosk.payout.names import Mode
from kiosk.vault import files
from kiosk.vault.errors import FactorMissing
from kiosk.vault.factor import DeviceFactor, FactorKind, FileFactor
from kiosk.vault.otp import OtpFactor
from kiosk.vault.slot_files import VaultFile
from kiosk.vault.slots import VAULT_FILE
from kiosk.vault.tpm import TpmFactor

TPM_DEVICE = Path("/dev/tpmrm0")
TPM_TCTI = f"device:{TPM_DEVICE}"
OTP_PROGRAM = "rpi-fw-crypto"


def factor_of(folder: Path, practice_key: Path) -> DeviceFactor:
    """The factor that made the vault in ``folder``. Raises DamagedVault, FactorRefused."""
    about = files.read(folder / VAULT_FILE, VaultFile)
    return _build(about.factor, about.mode, practice_key)


def best_factor(mode: Mode, practice_key: Path) -> DeviceFactor:
    """The factor for a new vault: TPM, then the Pi's OTP key, and in practice only a file.

    Raises FactorMissing in production on a board that has neither, VaultDisk.
    """
    if mode is Mode.PRACTICE:
        return FileFactor.create(practice_key, mode)
    if TPM_DEVICE.exists():
        return _build(FactorKind.TPM2, mode, practice_key)
    if which(OTP_PROGRAM) is not None:
        return _build(FactorKind.RPI_OTP, mode, practice_key)
    raise FactorMissing("production needs a TPM 2.0 or the Raspberry Pi's OTP key")


def _build(kind: FactorKind, mode: Mode, practice_key: Path) -> DeviceFactor:
    match kind:
        case FactorKind.FILE:
            return FileFactor(practice_key, mode)
        case FactorKind.TPM2:
            return TpmFactor(TPM_TCTI)
        case FactorKind.RPI_OTP:
            return OtpFactor((OTP_PROGRAM,))
        case _:
            assert_never(kind)
