"""A practice vault with one supervisor and one agent, at the cheapest parameters that are valid."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.payout.names import Mode, OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.vault.factor import FileFactor
from kiosk.vault.pin import Argon2Params
from kiosk.vault.slots import Vault
from kiosk.vault.unlocked import Unlocked

LAN, MINH = OperatorId("lan"), OperatorId("minh")
LAN_PIN, MINH_PIN = "482913", "593021"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "slots").mkdir()
    return tmp_path / "slots"


@pytest.fixture
def factor(tmp_path: Path) -> FileFactor:
    return FileFactor.create(tmp_path / "factor.key", Mode.PRACTICE)


@pytest.fixture
def vault(folder: Path, factor: FileFactor) -> Vault:
    return Vault.create(folder, factor, Argon2Params(), Mode.PRACTICE)


@pytest.fixture
def lan(vault: Vault) -> Unlocked:
    """The supervisor, signed in."""
    return vault.add_operator(LAN, LAN_PIN, OperatorRole.SUPERVISOR)


@pytest.fixture
def minh(vault: Vault, lan: Unlocked) -> Unlocked:
    """An agent, added by the supervisor and signed in."""
    return vault.add_operator(MINH, MINH_PIN, OperatorRole.AGENT, lan)
