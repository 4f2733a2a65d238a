"""A practice vault with one supervisor and one agent, at the cheapest parameters that are valid.

Made once and copied for each test: a key is stretched where a test asks for it, not to set the table.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.payout.names import Mode, OperatorId
from kiosk.payout.operators import OperatorRole
from kiosk.vault.factor import FileFactor
from kiosk.vault.pin import Argon2Params
from kiosk.vault.slots import VAULT_FILE, Vault
from kiosk.vault.unlocked import Unlocked

LAN, MINH = OperatorId("lan"), OperatorId("minh")
LAN_PIN, MINH_PIN = "482913", "593021"
KEY = "factor.key"


@dataclass(frozen=True)
class Pattern:
    """A finished vault, and what its two slots hold."""

    folder: Path
    key: Path
    secrets: dict[OperatorId, bytes]

    def slot(self, operator: OperatorId, role: OperatorRole, into: Path) -> Unlocked:
        """This operator's slot in another folder, signed in."""
        for name in (f"slot-{operator}.json", f"tries-{operator}.json"):
            shutil.copy(self.folder / name, into / name)
        return Unlocked(operator, role, self.secrets[operator])


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Pattern:
    """Both slots, written by the vault itself."""
    folder = tmp_path_factory.mktemp("pattern")
    key = folder / KEY
    vault = Vault.create(folder, FileFactor.create(key, Mode.PRACTICE), Argon2Params(), Mode.PRACTICE)
    lan = vault.add_operator(LAN, LAN_PIN, OperatorRole.SUPERVISOR)
    minh = vault.add_operator(MINH, MINH_PIN, OperatorRole.AGENT, lan)
    return Pattern(folder, key, {LAN: lan.secret(), MINH: minh.secret()})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "slots").mkdir()
    return tmp_path / "slots"


@pytest.fixture
def factor(tmp_path: Path, pattern: Pattern) -> FileFactor:
    shutil.copy(pattern.key, tmp_path / KEY)
    return FileFactor(tmp_path / KEY, Mode.PRACTICE)


@pytest.fixture
def vault(folder: Path, factor: FileFactor, pattern: Pattern) -> Vault:
    """A vault in which nobody has a slot yet."""
    shutil.copy(pattern.folder / VAULT_FILE, folder / VAULT_FILE)
    return Vault.open(folder, factor)


@pytest.fixture
def lan(vault: Vault, folder: Path, pattern: Pattern) -> Unlocked:
    """The supervisor, signed in."""
    return pattern.slot(LAN, OperatorRole.SUPERVISOR, folder)


@pytest.fixture
def minh(vault: Vault, lan: Unlocked, folder: Path, pattern: Pattern) -> Unlocked:
    """An agent, added by the supervisor and signed in."""
    return pattern.slot(MINH, OperatorRole.AGENT, folder)
