"""Slots: who gets in, who does not, and what is on disk before the answer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.payout.names import Mode, OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.vault import tries
from kiosk.vault.errors import DamagedVault, FactorMissing, NotPermitted, VaultDisk, VaultError, WeakPin
from kiosk.vault.factor import FileFactor
from kiosk.vault.pin import Argon2Params
from kiosk.vault.slot_files import unannounced
from kiosk.vault.slots import PinKey, PinRefused, Vault
from kiosk.vault.unlocked import Unlocked

LAN, MINH = OperatorId("lan"), OperatorId("minh")
LAN_PIN, MINH_PIN = "482913", "593021"


def signed_in(answer: Unlocked | PinRefused) -> Unlocked:
    assert isinstance(answer, Unlocked)
    return answer


def test_every_operator_opens_the_same_store(vault: Vault, lan: Unlocked, minh: Unlocked) -> None:
    key = bytes(lan.store_key)
    assert len(key) == 32
    assert bytes(minh.store_key) == key
    assert bytes(signed_in(vault.unlock(LAN, LAN_PIN)).store_key) == key
    assert bytes(signed_in(vault.unlock(MINH, MINH_PIN)).store_key) == key


def test_the_vault_is_opened_again(vault: Vault, lan: Unlocked, folder: Path, factor: FileFactor) -> None:
    again = Vault.open(folder, factor)
    assert signed_in(again.unlock(LAN, LAN_PIN)).role is OperatorRole.SUPERVISOR
    assert again.mode is Mode.PRACTICE
    assert again.least_digits == 6


def test_an_operator_signs_with_an_own_key(vault: Vault, lan: Unlocked, minh: Unlocked) -> None:
    public = {each.operator: each.public_key for each in vault.slots()}
    Ed25519PublicKey.from_public_bytes(public[LAN]).verify(lan.sign(b"handover"), b"handover")
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(public[LAN]).verify(minh.sign(b"handover"), b"handover")
    assert minh.public_key == public[MINH]


def test_a_wrong_pin_says_how_many_tries_are_left(vault: Vault, minh: Unlocked) -> None:
    assert vault.unlock(MINH, "000000") == PinRefused(PinKey.WRONG_PIN, 4)
    assert vault.unlock(MINH, "9" * 500) == PinRefused(PinKey.WRONG_PIN, 3)
    signed_in(vault.unlock(MINH, MINH_PIN))
    assert vault.unlock(MINH, "000000") == PinRefused(PinKey.WRONG_PIN, 4)


def test_five_wrong_pins_lock_the_slot_even_for_the_right_one(vault: Vault, lan: Unlocked, minh: Unlocked) -> None:
    answers = [vault.unlock(MINH, f"00000{i}") for i in range(5)]
    assert [each.tries_left for each in answers if isinstance(each, PinRefused)] == [4, 3, 2, 1, 0]
    assert answers[-1] == vault.unlock(MINH, MINH_PIN) == PinRefused(PinKey.LOCKED, 0)
    signed_in(vault.unlock(LAN, LAN_PIN))
    vault.forgive(MINH, lan)
    assert vault.untold_locks() == (MINH,), "a lock that is forgiven is still to be told"
    vault.tell_lock(MINH, lan, unannounced)
    assert vault.untold_locks() == ()
    for wrong in range(4):
        vault.unlock(MINH, f"00000{wrong}")
    signed_in(vault.unlock(MINH, MINH_PIN))
    assert vault.untold_locks() == (), "the fifth was right"


def test_nobody_unknown_gets_in(vault: Vault, lan: Unlocked) -> None:
    assert vault.unlock(OperatorId("hoa"), "482913") == PinRefused(PinKey.NO_SUCH_OPERATOR)
    assert vault.unlock(OperatorId("../lan"), "482913") == PinRefused(PinKey.NO_SUCH_OPERATOR)


def test_a_pin_is_changed_and_keys_stay(vault: Vault, minh: Unlocked) -> None:
    store, public = bytes(minh.store_key), minh.public_key
    changed = signed_in(vault.change_pin(MINH, MINH_PIN, "774411"))
    assert (bytes(changed.store_key), changed.public_key) == (store, public)
    assert vault.unlock(MINH, MINH_PIN) == PinRefused(PinKey.WRONG_PIN, 4)
    signed_in(vault.unlock(MINH, "774411"))


def test_a_changed_pin_needs_the_old_one(vault: Vault, minh: Unlocked) -> None:
    assert vault.change_pin(MINH, "000000", "774411") == PinRefused(PinKey.WRONG_PIN, 4)
    with pytest.raises(WeakPin):
        vault.change_pin(MINH, MINH_PIN, MINH_PIN)
    signed_in(vault.unlock(MINH, MINH_PIN))


def test_a_forgotten_pin_is_replaced_with_a_supervisor_signed_in(vault: Vault, lan: Unlocked, minh: Unlocked) -> None:
    for _ in range(6):
        vault.unlock(MINH, "000000")
    before = minh.public_key
    fresh = vault.reset_pin(MINH, "774411", lan)
    assert fresh.public_key != before
    assert bytes(signed_in(vault.unlock(MINH, "774411")).store_key) == bytes(lan.store_key)


def test_an_agent_may_neither_add_nor_reset_nor_remove(vault: Vault, lan: Unlocked, minh: Unlocked) -> None:
    for work in (
        lambda: vault.add_operator(OperatorId("hoa"), "774411", OperatorRole.SUPERVISOR, minh),
        lambda: vault.reset_pin(LAN, "774411", minh),
        lambda: vault.forgive(LAN, minh),
        lambda: vault.remove(LAN, minh),
        lambda: vault.add_operator(OperatorId("hoa"), "774411", OperatorRole.SUPERVISOR),
    ):
        with pytest.raises(NotPermitted):
            work()
    assert [each.operator for each in vault.slots()] == [LAN, MINH]


def test_a_session_that_was_locked_permits_nothing(vault: Vault, lan: Unlocked) -> None:
    lan.lock()
    with pytest.raises(NotPermitted):
        vault.add_operator(MINH, MINH_PIN, OperatorRole.AGENT, lan)


def test_an_operator_is_removed_but_not_by_oneself(vault: Vault, lan: Unlocked, minh: Unlocked) -> None:
    with pytest.raises(NotPermitted):
        vault.remove(LAN, lan)
    vault.remove(MINH, lan)
    assert vault.unlock(MINH, MINH_PIN) == PinRefused(PinKey.NO_SUCH_OPERATOR)


@pytest.mark.parametrize("name", ["", "../x", "a/b", "x" * 65, "-x", "tên"])
def test_an_id_that_is_no_file_name_is_refused(vault: Vault, name: str) -> None:
    with pytest.raises(NotPermitted):
        vault.add_operator(OperatorId(name), MINH_PIN, OperatorRole.AGENT)


def test_an_id_is_used_once(vault: Vault, lan: Unlocked) -> None:
    with pytest.raises(NotPermitted):
        vault.add_operator(LAN, MINH_PIN, OperatorRole.AGENT, lan)


def test_there_is_one_vault_in_a_folder(vault: Vault, folder: Path, factor: FileFactor) -> None:
    with pytest.raises(NotPermitted):
        Vault.create(folder, factor, Argon2Params(), Mode.PRACTICE)


# -- must hold -----------------------------------------------------------------------------------------------------


def test_a_copied_disk_with_the_right_pin_and_without_the_factor_does_not_open(
    vault: Vault, lan: Unlocked, folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copied"
    shutil.copytree(folder, copy)
    here = Vault.open(copy, FileFactor(tmp_path / "nowhere.key", Mode.PRACTICE))
    with pytest.raises(FactorMissing):
        here.unlock(LAN, LAN_PIN)
    another_board = FileFactor.create(tmp_path / "another.key", Mode.PRACTICE)
    assert Vault.open(copy, another_board).unlock(LAN, LAN_PIN) == PinRefused(PinKey.WRONG_PIN, 4)


def test_a_board_that_does_not_answer_costs_no_try(vault: Vault, lan: Unlocked, folder: Path, tmp_path: Path) -> None:
    silent = Vault.open(folder, FileFactor(tmp_path / "nowhere.key", Mode.PRACTICE))
    for _ in range(7):
        with pytest.raises(FactorMissing):
            silent.unlock(LAN, LAN_PIN)
    signed_in(vault.unlock(LAN, LAN_PIN))
    for _ in range(4):
        vault.unlock(LAN, "000000")
    with pytest.raises(FactorMissing):
        silent.unlock(LAN, LAN_PIN)
    assert vault.untold_locks() == (), "a fifth try that nobody judged locks nothing"


TRY = """
import sys
from pathlib import Path
from kiosk.payout.names import Mode, OperatorId
from kiosk.vault.factor import FileFactor
from kiosk.vault.slots import Vault
folder, key = Path(sys.argv[1]), Path(sys.argv[2])
print(Vault.open(folder, FileFactor(key, Mode.PRACTICE)).unlock(OperatorId("lan"), "000000"))
"""


def test_cutting_the_power_before_the_answer_does_not_buy_a_try(
    vault: Vault, lan: Unlocked, folder: Path, tmp_path: Path
) -> None:
    """Killed at the second fsync: counter written and renamed, the PIN not judged yet."""
    inject = ["strace", "-f", "-qq", "-o", os.devnull, "-e", "trace=fsync", "-e", "inject=fsync:signal=SIGKILL:when=2"]
    command = [*inject, sys.executable, "-c", TRY, str(folder), str(tmp_path / "factor.key")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout == ""
    assert vault.slots()[0].tries_left == 4


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"failed":-9}x', b'{"failed":"0"}', None])
def test_a_lost_or_damaged_counter_locks(vault: Vault, lan: Unlocked, folder: Path, damage: bytes | None) -> None:
    if damage is None:
        (folder / "tries-lan.json").unlink()
    else:
        (folder / "tries-lan.json").write_bytes(damage)
    assert vault.unlock(LAN, LAN_PIN) == PinRefused(PinKey.LOCKED)
    assert vault.untold_locks() == (LAN,)


@pytest.mark.parametrize(
    ("field", "value"),
    [("role", "supervisor"), ("operator", "lan"), ("added_by", "x"), ("public_key", "00" * 32), ("wrapped", "00" * 80)],
)
def test_a_slot_is_bound_to_what_it_says(
    vault: Vault, lan: Unlocked, minh: Unlocked, folder: Path, field: str, value: str
) -> None:
    """Nobody becomes a supervisor with a text editor."""
    rewrite(folder / "slot-minh.json", field, value)
    if field == "operator":
        with pytest.raises(DamagedVault):
            vault.unlock(MINH, MINH_PIN)
    else:
        assert vault.unlock(MINH, MINH_PIN) == PinRefused(PinKey.WRONG_PIN, 4)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", 2),
        ("salt", "zz"),
        ("nonce", ""),
        ("vault", "00" * 16),
        ("params", {"iterations": 2, "lanes": 1, "memory_kib": 8}),
        ("params", {"iterations": 2, "lanes": 1, "memory_kib": 2**40}),
        ("params", {"iterations": 10**6, "lanes": 1, "memory_kib": 19_456}),
        ("surprise", 1),
    ],
)
def test_a_slot_out_of_bounds_is_damaged_not_tried(
    vault: Vault, lan: Unlocked, folder: Path, field: str, value: object
) -> None:
    rewrite(folder / "slot-lan.json", field, value)
    with pytest.raises(DamagedVault):
        vault.unlock(LAN, LAN_PIN)


def test_a_vault_file_of_another_kind_or_version_is_refused(vault: Vault, folder: Path, factor: FileFactor) -> None:
    original = (folder / "vault.json").read_bytes()
    rewrite(folder / "vault.json", "factor", "tpm2")
    with pytest.raises(FactorMissing):
        Vault.open(folder, factor)
    (folder / "vault.json").write_bytes(original)
    rewrite(folder / "vault.json", "version", 9)
    with pytest.raises(DamagedVault):
        Vault.open(folder, factor)
    (folder / "vault.json").write_bytes(b"x" * 20_000)
    with pytest.raises(DamagedVault):
        Vault.open(folder, factor)
    (folder / "vault.json").unlink()
    with pytest.raises(DamagedVault):
        Vault.open(folder, factor)


@given(st.binary(max_size=300))
def test_any_bytes_in_a_slot_file_are_an_answer_from_the_tree(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        factor = FileFactor.create(folder / "factor.key", Mode.PRACTICE)
        vault = Vault.create(folder, factor, Argon2Params(), Mode.PRACTICE)
        (folder / "slot-lan.json").write_bytes(data)
        (folder / "tries-lan.json").write_bytes(b'{"failed":0}')
        with pytest.raises(VaultError):
            vault.unlock(LAN, LAN_PIN)


def test_a_full_disk_refuses_the_try_and_keeps_the_slot(vault: Vault, lan: Unlocked, folder: Path) -> None:
    """An answer that cannot be counted is not given."""
    (folder / "tries-lan.json.part").mkdir()
    with pytest.raises(VaultDisk):
        vault.unlock(LAN, LAN_PIN)
    (folder / "tries-lan.json.part").rmdir()
    signed_in(vault.unlock(LAN, LAN_PIN))


def test_keys_are_wiped_on_lock(lan: Unlocked) -> None:
    key = lan.store_key
    lan.lock()
    lan.lock()
    assert lan.locked
    assert not any(key)
    for work in (lambda: lan.store_key, lambda: lan.sign(b"x"), lan.secret, lambda: lan.public_key):
        with pytest.raises(NotPermitted):
            work()
    assert "locked" in repr(lan)


def test_no_key_is_in_a_repr_or_on_disk(vault: Vault, lan: Unlocked, folder: Path) -> None:
    key = bytes(lan.store_key)
    assert key.hex() not in repr(lan)
    for file in folder.iterdir():
        assert key not in file.read_bytes()
        assert key.hex().encode() not in file.read_bytes()
        assert LAN_PIN.encode() not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0


def test_a_slot_holds_two_keys_of_32_bytes() -> None:
    with pytest.raises(DamagedVault):
        Unlocked(LAN, OperatorRole.AGENT, b"short")


def rewrite(path: Path, field: str, value: object) -> None:
    data = json.loads(path.read_bytes())
    data[field] = value
    path.write_bytes(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def test_the_limit_of_tries_is_five() -> None:
    assert tries.MAX_TRIES == 5
