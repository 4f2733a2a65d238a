"""The TPM factor against a real TPM 2.0 in software (swtpm): its own counter, its own refusals."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.payout.names import Mode, OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.vault.errors import DamagedVault, FactorMissing, FactorRefused
from kiosk.vault.factor import WrongAuth
from kiosk.vault.pin import Argon2Params
from kiosk.vault.slots import PinKey, PinRefused, Vault
from kiosk.vault.tpm import TpmFactor
from kiosk.vault.unlocked import Unlocked

RIGHT, WRONG = bytes(32), bytes(31) + b"1"
LAN = OperatorId("lan")


class Chip:
    """One software TPM; `stop` and `start` are a reboot of the same chip."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_pair()
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir()

    def start(self) -> None:
        command = ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.folder}"]
        ports = ["--server", f"type=tcp,port={self.port}", "--ctrl", f"type=tcp,port={self.port + 1}"]
        self.process = subprocess.Popen([*command, *ports, "--flags", "not-need-init,startup-clear"])
        _wait_for(self.port)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)

    @property
    def factor(self) -> TpmFactor:
        return TpmFactor(f"swtpm:port={self.port}")


def _free_pair() -> int:
    """A port whose neighbour is free too: swtpm's control channel is the next one."""
    for _ in range(50):
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise AssertionError("no two free ports")


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("swtpm does not listen")


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
