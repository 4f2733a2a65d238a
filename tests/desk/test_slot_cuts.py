"""The power goes at each write of an act on slots: what changed is told, once. The other acts: tests/deep/desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.settings import Settings
from tests.desk import slot_cuts


@pytest.mark.parametrize("act", ["pin_changed", "code_used", "slot_locked"])
def test_what_changed_is_told_once(act: str, device: Settings, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slot_cuts.check(slot_cuts.ACTS[act], device, there, monkeypatch)
