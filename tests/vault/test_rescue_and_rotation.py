"""The ways back in and the ways out: one-time codes, a new store key, wipe."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.payout.names import OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.vault import rotation
from kiosk.vault.codes import RescueCode, new_codes
from kiosk.vault.errors import DamagedVault, NotPermitted, VaultDisk, WeakPin
from kiosk.vault.pin import Argon2Params
from kiosk.vault.slots import PinKey, PinRefused, Vault
from kiosk.vault.unlocked import Unlocked
from kiosk.vault.wipe import Wiped, wipe

LAN, MINH = OperatorId("lan"), OperatorId("minh")
LAN_PIN, MINH_PIN = "482913", "593021"


def signed_in(answer: Unlocked | PinRefused) -> Unlocked:
    assert isinstance(answer, Unlocked)
    return answer


def codes_of(vault: Vault, by: Unlocked, count: int = 5) -> tuple[RescueCode, ...]:
    codes = new_codes(count)
    vault.put_rescue_codes(by, codes)
    return codes


def test_a_one_time_code_sets_a_forgotten_pin_anew(vault: Vault, lan: Unlocked, minh: Unlocked) -> None:
    codes = codes_of(vault, lan, 2)
    assert [(len(each.typed), each.typed[0]) for each in codes] == [(13, "1"), (13, "2")]
    again = signed_in(vault.redeem(codes[0].typed, LAN, "771234"))
    assert (again.operator, again.role) == (LAN, OperatorRole.SUPERVISOR)
    assert bytes(signed_in(vault.unlock(LAN, "771234")).store_key) == bytes(minh.store_key)
    assert vault.unlock(LAN, LAN_PIN) == PinRefused(PinKey.WRONG_PIN, 4)


def test_a_code_works_once(vault: Vault, lan: Unlocked) -> None:
    code = codes_of(vault, lan, 1)[0]
    signed_in(vault.redeem(code.typed, LAN, "771234"))
    assert vault.redeem(code.typed, LAN, "881235") == PinRefused(PinKey.NO_SUCH_OPERATOR)
    assert vault.rescue_numbers() == ()


def test_a_code_is_kept_when_the_new_pin_is_too_easy_or_nobody_has_that_slot(vault: Vault, lan: Unlocked) -> None:
    code = codes_of(vault, lan, 1)[0]
    with pytest.raises(WeakPin):
        vault.redeem(code.typed, LAN, "111111")
    for typed, who in ((code.typed, MINH), ("", LAN), ("x" + code.code, LAN)):
        assert vault.redeem(typed, who, "771234") == PinRefused(PinKey.NO_SUCH_OPERATOR)
    assert vault.rescue_numbers() == (1,)


def test_new_codes_end_the_old_ones(vault: Vault, lan: Unlocked) -> None:
    old = codes_of(vault, lan, 3)
    codes_of(vault, lan, 1)
    assert vault.rescue_numbers() == (1,)
    assert vault.redeem(old[0].typed, LAN, "771234") == PinRefused(PinKey.WRONG_PIN, 4)
    assert vault.redeem(old[1].typed, LAN, "771234") == PinRefused(PinKey.NO_SUCH_OPERATOR)


def test_codes_are_counted_like_pins(vault: Vault, lan: Unlocked) -> None:
    code = codes_of(vault, lan, 1)[0]
    for _ in range(5):
        vault.redeem("1" + "0" * 12, LAN, "771234")
    assert vault.redeem(code.typed, LAN, "771234") == PinRefused(PinKey.LOCKED)


def test_codes_are_no_operators(vault: Vault, lan: Unlocked, minh: Unlocked) -> None:
    codes_of(vault, lan, 1)
    assert [each.operator for each in vault.slots()] == [LAN, MINH]
    assert vault.unlock(OperatorId("rescue-1"), "1" * 12) == PinRefused(PinKey.NO_SUCH_OPERATOR)
    with pytest.raises(NotPermitted):
        vault.add_operator(OperatorId("rescue-9"), "774411", OperatorRole.AGENT, lan)
    with pytest.raises(NotPermitted):
        codes_of(vault, minh)


def test_another_board_gives_other_parameters_at_the_next_sign_in(vault: Vault, lan: Unlocked, folder: Path) -> None:
    vault.set_params(Argon2Params(20 * 1024, 3), lan)
    key, public = bytes(lan.store_key), lan.public_key
    again = signed_in(vault.unlock(LAN, LAN_PIN))
    assert (bytes(again.store_key), again.public_key) == (key, public)
    assert b'"iterations":3' in (folder / "slot-lan.json").read_bytes()
    signed_in(vault.unlock(LAN, LAN_PIN))


# -- rotation ------------------------------------------------------------------------------------------------------


class FakeStore:
    """What a store does at a rekey: it opens with one key at a time, and takes the same rekey twice."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    def rekey(self, old: bytes, new: bytes) -> None:
        assert self.key in (old, new)
        self.key = new


def test_a_rotation_changes_the_key_and_ends_all_other_slots(
    vault: Vault, lan: Unlocked, minh: Unlocked, folder: Path
) -> None:
    store = FakeStore(bytes(lan.store_key))
    old = store.key
    codes_of(vault, lan, 1)
    after = rotation.rotate(vault, folder, lan, LAN_PIN, store.rekey)
    assert bytes(after.store_key) == store.key != old
    assert bytes(signed_in(vault.unlock(LAN, LAN_PIN)).store_key) == store.key
    assert [each.operator for each in vault.slots()] == [LAN]
    assert vault.rescue_numbers() == ()
    assert rotation.pending(folder, old) is None


@pytest.mark.parametrize("cut", ["before the store", "after the store"])
def test_a_rotation_that_was_cut_is_finished(vault: Vault, lan: Unlocked, folder: Path, cut: str) -> None:
    store = FakeStore(bytes(lan.store_key))

    def dies(old: bytes, new: bytes) -> None:
        if cut == "after the store":
            store.rekey(old, new)
        raise VaultDisk("power")

    with pytest.raises(VaultDisk):
        rotation.rotate(vault, folder, lan, LAN_PIN, dies)
    again = signed_in(vault.unlock(LAN, LAN_PIN))
    kept = rotation.pending(folder, again.store_key)
    assert kept is not None
    after = rotation.rotate(vault, folder, again, LAN_PIN, store.rekey)
    assert bytes(after.store_key) == store.key == kept


def test_a_rotation_needs_a_supervisor_and_the_own_pin(
    vault: Vault, lan: Unlocked, minh: Unlocked, folder: Path
) -> None:
    store = FakeStore(bytes(lan.store_key))
    for who, pin in ((minh, MINH_PIN), (lan, "000000")):
        with pytest.raises(NotPermitted):
            rotation.rotate(vault, folder, who, pin, store.rekey)
    assert store.key == bytes(lan.store_key)
    (folder / rotation.PENDING).write_bytes(bytes(60))
    with pytest.raises(DamagedVault):
        rotation.pending(folder, lan.store_key)
    (folder / rotation.PENDING).write_bytes(b"x")
    with pytest.raises(DamagedVault):
        rotation.pending(folder, lan.store_key)


# -- wipe ----------------------------------------------------------------------------------------------------------


def test_a_wipe_destroys_keys_and_keeps_what_is_not_acknowledged(
    vault: Vault, lan: Unlocked, folder: Path, tmp_path: Path
) -> None:
    outbox, store = tmp_path / "out", tmp_path / "store"
    for place in (outbox, store):
        place.mkdir()
    (outbox / "s-000003-0000000000-0000000009-aaaaaaaaaaaaaaaa.tn").write_bytes(b"sealed")
    (store / "journal.db").write_bytes(b"encrypted")
    done = wipe([folder, tmp_path / "factor.key", tmp_path / "nothing"], [store])
    assert done == Wiped(removed=5, left=())
    assert not list(folder.iterdir())
    assert not list(store.iterdir())
    assert [each.read_bytes() for each in outbox.iterdir()] == [b"sealed"]


def test_a_key_that_cannot_be_destroyed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slot-lan.json").write_bytes(b"x")
    monkeypatch.setattr(Path, "open", _fails)
    with pytest.raises(VaultDisk):
        wipe([tmp_path], [])


def test_data_that_cannot_be_removed_does_not_stop_a_wipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "journal.db").write_bytes(b"x")
    monkeypatch.setattr(Path, "unlink", _fails)
    assert wipe([], [tmp_path]) == Wiped(0, ("journal.db",))


def _fails(*_: object, **__: object) -> None:
    raise OSError(5, "Input/output error")
