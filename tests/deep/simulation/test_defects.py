"""Faults planted on purpose, one patch each: the simulation must break a rule over every one of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DEFECTS = sorted((ROOT / "tests" / "simulation" / "defects").glob("*.patch"))
SEEDS = 40
"""At most so many worlds until the defect shows."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the program and the simulation, to be spoiled."""
    for each in ("kiosk", "agent_sync", "hardware", "tests/simulation"):
        shutil.copytree(ROOT / each, tmp_path / each, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def simulate(tree: Path, seeds: int) -> tuple[int, list[str]]:
    """Exit code and broken rules of a simulation that runs from this tree alone."""
    command = [sys.executable, "-m", "tests.simulation", "--seeds", str(seeds), "--stop", "--out", "out.json"]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=3_000)
    if not (tree / "out.json").exists():
        return done.returncode, [done.stderr.strip().splitlines()[-1]]
    violations: list[str] = json.loads((tree / "out.json").read_text())["violations"]
    return done.returncode, violations


def test_there_are_ten_of_them() -> None:
    assert len(DEFECTS) >= 10


@pytest.mark.parametrize("patch", DEFECTS, ids=lambda path: path.stem)
def test_a_planted_defect_is_caught(tree: Path, patch: Path) -> None:
    apply = ["git", "apply", "--unsafe-paths", "-C1", f"--directory={tree}", str(patch)]
    subprocess.run(apply, cwd="/", check=True, capture_output=True)
    code, violations = simulate(tree, SEEDS)
    assert code == 1, violations
    assert any(not each.startswith(("never", "only")) for each in violations), violations


def test_without_a_defect_the_same_worlds_are_right(tree: Path) -> None:
    assert simulate(tree, 6) == (0, [])
