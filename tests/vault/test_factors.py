"""Which factor a board gets, and gets back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.payout.names import Mode, OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.vault import factors
from kiosk.vault.errors import DamagedVault, FactorMissing, FactorRefused
from kiosk.vault.factor import FactorKind
from kiosk.vault.pin import Argon2Params
from kiosk.vault.slots import Vault
from kiosk.vault.unlocked import Unlocked


def test_practice_gets_a_file_and_finds_it_again(folder: Path, tmp_path: Path) -> None:
    key = tmp_path / "factor.bin"
    made = Vault.create(folder, factors.best_factor(Mode.PRACTICE, key), Argon2Params(), Mode.PRACTICE)
    made.add_operator(OperatorId("lan"), "482913", OperatorRole.SUPERVISOR)
    again = Vault.open(folder, factors.factor_of(folder, key))
    assert isinstance(again.unlock(OperatorId("lan"), "482913"), Unlocked)


def test_production_without_hardware_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factors, "TPM_DEVICE", tmp_path / "no-tpm")
    monkeypatch.setattr(factors, "OTP_PROGRAM", "no-such-program")
    with pytest.raises(FactorMissing):
        factors.best_factor(Mode.PRODUCTION, tmp_path / "factor.bin")
    assert not (tmp_path / "factor.bin").exists()


def test_production_takes_the_tpm_before_the_otp_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factors, "OTP_PROGRAM", "sh")
    monkeypatch.setattr(factors, "TPM_DEVICE", tmp_path / "tpm")
    assert factors.best_factor(Mode.PRODUCTION, tmp_path / "k").kind is FactorKind.RPI_OTP
    (tmp_path / "tpm").touch()
    assert factors.best_factor(Mode.PRODUCTION, tmp_path / "k").kind is FactorKind.TPM2


@pytest.mark.parametrize("kind", FactorKind)
def test_a_vault_gets_the_factor_that_made_it(folder: Path, tmp_path: Path, kind: FactorKind) -> None:
    Vault.create(folder, factors.best_factor(Mode.PRACTICE, tmp_path / "k"), Argon2Params(), Mode.PRACTICE)
    rewrite(folder, factor=kind.value)
    assert factors.factor_of(folder, tmp_path / "k").kind is kind


def test_a_production_vault_never_falls_back_to_a_file(folder: Path, tmp_path: Path) -> None:
    Vault.create(folder, factors.best_factor(Mode.PRACTICE, tmp_path / "k"), Argon2Params(), Mode.PRACTICE)
    rewrite(folder, mode="production")
    with pytest.raises(FactorRefused):
        factors.factor_of(folder, tmp_path / "k")


def test_no_vault_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DamagedVault):
        factors.factor_of(folder, tmp_path / "k")


def rewrite(folder: Path, **changes: str) -> None:
    path = folder / "vault.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes, sort_keys=True, separators=(",", ":")))
