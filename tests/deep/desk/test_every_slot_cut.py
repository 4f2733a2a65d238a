"""The power goes at each flush and each commit of every act on slots and keys: what changed is told, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.desk import rotating
from kiosk.settings import Settings
from kiosk.vault import rotation
from kiosk.vault.pin import Argon2Params
from tests.desk.area import OPERATOR, PIN
from tests.desk.slot_cuts import ACTS, NEW_PIN, check, cuts, hours, opens, room, told, vault_of


@pytest.mark.parametrize("act", ACTS)
def test_what_changed_is_told_once(act: str, device: Settings, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(ACTS[act], device, there, monkeypatch)


def rotate(settings: Settings) -> None:
    rotating.rotate(settings, hours(), OPERATOR, PIN)


def test_a_rotation_is_told_once(device: Settings, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with room(device, PIN) as (_, by, _):
        old = bytes(by.store_key)
    for settings in cuts(rotate, device.home, there, monkeypatch):
        if (settings.slots / rotation.PENDING).exists():
            rotate(settings)
        with room(settings, PIN) as (keys, by, _):
            assert told(keys.books, "store_key_rotated") == int(by.store_key != old)


def test_an_adoption_is_told_once(device: Settings, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with room(device, PIN) as (_, by, _):
        key = bytes(by.store_key)

    def adopt(settings: Settings) -> None:
        rotating.adopt(settings, hours(), key, (OPERATOR, NEW_PIN), Argon2Params())

    for settings in cuts(adopt, device.home, there, monkeypatch):
        if not (settings.slots / "vault.json").exists() or not opens(vault_of(settings), OPERATOR, NEW_PIN):
            adopt(settings)
        with room(settings, NEW_PIN) as (keys, _, _):
            assert told(keys.books, "escrow_opened") == 1
