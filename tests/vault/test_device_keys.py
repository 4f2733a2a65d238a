"""The device's keys are there only while someone is signed in, and speak the exchange's suite."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.exchange import keys
from kiosk.exchange.errors import NotTrusted
from kiosk.vault import device_keys
from kiosk.vault.device_keys import DeviceKeys
from kiosk.vault.errors import DamagedVault, VaultError

STORE_KEY = bytes(range(32))


def test_keys_are_kept_under_the_store_key(tmp_path: Path) -> None:
    made = DeviceKeys.new()
    made.save(tmp_path / "device.keys", bytearray(STORE_KEY))
    assert device_keys.load(tmp_path / "device.keys", STORE_KEY) == made
    assert made.sign_private not in (tmp_path / "device.keys").read_bytes()
    with pytest.raises(DamagedVault):
        device_keys.load(tmp_path / "device.keys", bytes(32))
    with pytest.raises(DamagedVault):
        device_keys.load(tmp_path / "missing", STORE_KEY)


def test_what_is_sealed_by_the_exchange_is_opened_by_the_device() -> None:
    made = DeviceKeys.new()
    sealed = keys.seal_to(made.seal_public, b"bundle", b"header")
    assert keys.unseal(made.open, sealed, b"header") == b"bundle"
    with pytest.raises(NotTrusted):
        keys.unseal(made.open, sealed, b"another header")


def test_what_the_device_signs_the_exchange_verifies() -> None:
    made = DeviceKeys.new()
    assert keys.verify(made.sign_public, made.sign(b"head"), b"head")
    assert not keys.verify(made.sign_public, made.sign(b"head"), b"tail")
    assert not keys.verify(b"short", made.sign(b"head"), b"head")


def test_private_keys_are_not_in_a_repr() -> None:
    made = DeviceKeys.new()
    assert made.sign_private.hex() not in repr(made)
    assert str(made.sign_private) not in repr(made)


@given(st.binary(max_size=120))
def test_any_bytes_are_an_answer_from_the_tree(data: bytes) -> None:
    with pytest.raises(VaultError):
        device_keys.unwrap(data, STORE_KEY)
