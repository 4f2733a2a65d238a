"""The practice factor: never in production, and no two boards alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.payout.names import Mode
from kiosk.vault.errors import FactorMissing, FactorRefused
from kiosk.vault.factor import FileFactor

PIN_HASH = bytes(32)


def test_the_file_factor_is_refused_in_production(tmp_path: Path) -> None:
    with pytest.raises(FactorRefused):
        FileFactor(tmp_path / "factor.key", Mode.PRODUCTION)
    with pytest.raises(FactorRefused):
        FileFactor.create(tmp_path / "factor.key", Mode.PRODUCTION)
    assert not (tmp_path / "factor.key").exists()


def test_each_board_mixes_differently_and_the_same_one_alike(tmp_path: Path) -> None:
    here, there = (FileFactor.create(tmp_path / name, Mode.PRACTICE) for name in ("a", "b"))
    again = FileFactor.create(tmp_path / "a", Mode.PRACTICE)
    assert here.mix(PIN_HASH, b"") == again.mix(PIN_HASH, here.new_record(PIN_HASH))
    assert here.mix(PIN_HASH, b"") != there.mix(PIN_HASH, b"")
    assert here.mix(PIN_HASH, b"") != here.mix(bytes(31) + b"1", b"")


@pytest.mark.parametrize("content", [None, b"", b"short", bytes(33), bytes(20_000)])
def test_a_missing_or_damaged_key_file_is_a_missing_factor(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "factor.key").write_bytes(content)
    with pytest.raises(FactorMissing):
        FileFactor(tmp_path / "factor.key", Mode.PRACTICE).mix(PIN_HASH, b"")
