"""The Raspberry Pi factor against a program that answers as the firmware's does."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kiosk.payout.names import Mode, OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.vault.errors import FactorMissing, FactorRefused, WeakPin
from kiosk.vault.otp import OtpFactor
from kiosk.vault.pin import Argon2Params
from kiosk.vault.slots import PinKey, PinRefused, Vault
from kiosk.vault.unlocked import Unlocked

PIN_HASH = bytes(32)
PROGRAM = Path(__file__).with_name("virtual_rpi_fw_crypto.py")
LAN = OperatorId("lan")


def board(folder: Path, name: str, *, locked: bool = True, key_id: int = 1) -> OtpFactor:
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"key": name.encode().ljust(32, b"\0").hex(), "locked": locked}))
    return OtpFactor((sys.executable, str(PROGRAM), str(path)), key_id)


def test_each_board_mixes_differently_and_the_same_one_alike(tmp_path: Path) -> None:
    here = board(tmp_path, "here")
    assert here.new_record(PIN_HASH) == b""
    assert here.mix(PIN_HASH, b"") == board(tmp_path, "here").mix(PIN_HASH, b"")
    assert here.mix(PIN_HASH, b"") != board(tmp_path, "there").mix(PIN_HASH, b"")
    assert here.mix(PIN_HASH, b"") != here.mix(bytes(31) + b"1", b"")


def test_an_otp_key_that_linux_can_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FactorRefused):
        board(tmp_path, "open", locked=False).new_record(PIN_HASH)


def test_no_firmware_no_factor(tmp_path: Path) -> None:
    missing = OtpFactor((str(tmp_path / "rpi-fw-crypto"),))
    for factor in (missing, board(tmp_path, "blank", key_id=7), OtpFactor(("echo",)), OtpFactor(("echo", "-n", "00"))):
        with pytest.raises(FactorMissing):
            factor.mix(PIN_HASH, b"")


def test_a_production_vault_on_a_pi_asks_for_eight_digits(tmp_path: Path, folder: Path) -> None:
    factor = board(tmp_path, "here")
    vault = Vault.create(folder, factor, Argon2Params(), Mode.PRODUCTION)
    with pytest.raises(WeakPin):
        vault.add_operator(LAN, "482913", OperatorRole.SUPERVISOR)
    vault.add_operator(LAN, "48291307", OperatorRole.SUPERVISOR)
    assert isinstance(vault.unlock(LAN, "48291307"), Unlocked)
    copied = Vault.open(folder, board(tmp_path, "another"))
    assert copied.unlock(LAN, "48291307") == PinRefused(PinKey.WRONG_PIN, 4)
