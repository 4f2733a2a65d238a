"""The battery as the kernel tells of it, in a folder like its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.devices.power import Charge, charge, too_low


def supply(folder: Path, name: str, **values: str) -> None:
    (folder / name).mkdir(parents=True)
    for key, value in values.items():
        (folder / name / key).write_text(f"{value}\n")


def test_no_battery_is_the_mains(tmp_path: Path) -> None:
    supply(tmp_path, "AC", type="Mains", online="1")
    assert charge(tmp_path) is None
    assert charge(tmp_path / "nowhere") is None
    assert not too_low(None, 90)


def test_the_weakest_of_two_batteries_counts(tmp_path: Path) -> None:
    supply(tmp_path, "BAT0", type="Battery", capacity="80", status="Discharging")
    supply(tmp_path, "BAT1", type="Battery", capacity="7", status="Discharging")
    assert charge(tmp_path) == Charge(7, charging=False)


@pytest.mark.parametrize(
    ("percent", "status", "stops"),
    [("9", "Discharging", True), ("10", "Discharging", False), ("9", "Charging", False), ("0", "Unknown", True)],
)
def test_below_the_set_level_nothing_new_starts(tmp_path: Path, percent: str, status: str, stops: bool) -> None:
    supply(tmp_path, "battery", type="Battery", capacity=percent, status=status)
    assert too_low(charge(tmp_path), 10) is stops


@pytest.mark.parametrize("capacity", ["", "-5", "ten", "٥", "9" * 200])
def test_a_gauge_that_talks_nonsense(tmp_path: Path, capacity: str) -> None:
    supply(tmp_path, "battery", type="Battery", capacity=capacity, status="Discharging")
    found = charge(tmp_path)
    assert found is None or 0 <= found.percent <= 100
