"""The TPM factor against a real TPM 2.0 in software (swtpm): its own counter, its own refusals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.payout.names import Mode, OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.vault.errors import DamagedVault, FactorMissing, FactorRefused
from kiosk.vault.factor import WrongAuth
from kiosk.vault.pin import Argon2Params
from kiosk.vault.slots import PinKey, PinRefused, Vault
from kiosk.vault.unlocked import Unlocked
from tests.vault.chip import Chip

RIGHT, WRONG = bytes(32), bytes(31) + b"1"
LAN = OperatorId("lan")


@pytest.fixture
def chip(tmp_path: Path) -> Iterator[Chip]:
    chip = Chip(tmp_path / "tpm")
    chip.start()
    yield chip
    chip.stop()


@pytest.fixture
def another_chip(tmp_path: Path) -> Iterator[Chip]:
    chip = Chip(tmp_path / "another")
    chip.start()
    yield chip
    chip.stop()


def test_the_same_pin_mixes_to_the_same_key_also_after_a_reboot(chip: Chip) -> None:
    record = chip.factor.new_record(RIGHT)
    mixed = chip.factor.mix(RIGHT, record)
    assert len(mixed) == 32
    assert chip.factor.mix(RIGHT, record) == mixed
    chip.stop()
    chip.start()
    assert chip.factor.mix(RIGHT, record) == mixed


def test_two_slots_never_share_a_key(chip: Chip) -> None:
    one, two = chip.factor.new_record(RIGHT), chip.factor.new_record(RIGHT)
    assert chip.factor.mix(RIGHT, one) != chip.factor.mix(RIGHT, two)


def test_the_chip_itself_says_that_a_pin_is_wrong(chip: Chip) -> None:
    record = chip.factor.new_record(RIGHT)
    with pytest.raises(WrongAuth):
        chip.factor.mix(WRONG, record)


def test_too_many_wrong_pins_lock_the_chip_even_for_the_right_one(chip: Chip) -> None:
    chip.factor.provision(max_tries=4, recovery_s=3_600)
    record = chip.factor.new_record(RIGHT)
    for _ in range(3):
        with pytest.raises(WrongAuth):
            chip.factor.mix(WRONG, record)
    with pytest.raises((WrongAuth, FactorRefused)):
        chip.factor.mix(WRONG, record)
    with pytest.raises(FactorRefused):
        chip.factor.mix(RIGHT, record)


def test_a_record_of_one_chip_is_nothing_to_another(chip: Chip, another_chip: Chip) -> None:
    record = chip.factor.new_record(RIGHT)
    with pytest.raises(FactorMissing):
        another_chip.factor.mix(RIGHT, record)


def test_no_chip_is_a_missing_factor(chip: Chip) -> None:
    record = chip.factor.new_record(RIGHT)
    chip.stop()
    for work in (lambda: chip.factor.mix(RIGHT, record), lambda: chip.factor.new_record(RIGHT), chip.factor.provision):
        with pytest.raises(FactorMissing):
            work()


@pytest.mark.parametrize("record", [b"", b"\0\x30", b"\xff\xffxx", bytes(3_000)])
def test_a_damaged_record_is_said_so(chip: Chip, record: bytes) -> None:
    with pytest.raises(DamagedVault):
        chip.factor.mix(RIGHT, record)


def test_a_production_vault_lives_on_a_chip(chip: Chip, another_chip: Chip, folder: Path) -> None:
    """Sign in, wrong PIN, and the copied disk beside another board's TPM."""
    vault = Vault.create(folder, chip.factor, Argon2Params(), Mode.PRODUCTION)
    key = bytes(vault.add_operator(LAN, "482913", OperatorRole.SUPERVISOR).store_key)
    answer = vault.unlock(LAN, "482913")
    assert isinstance(answer, Unlocked)
    assert bytes(answer.store_key) == key
    assert vault.unlock(LAN, "482914") == PinRefused(PinKey.WRONG_PIN, 4)
    with pytest.raises(FactorMissing):
        Vault.open(folder, another_chip.factor).unlock(LAN, "482913")
