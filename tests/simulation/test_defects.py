"""The planted defects follow the code they spoil: one that no longer applies would catch nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEFECTS = sorted((Path(__file__).parent / "defects").glob("*.patch"))


@pytest.mark.parametrize("patch", DEFECTS, ids=lambda path: path.stem)
def test_a_planted_defect_fits_the_code(patch: Path) -> None:
    done = subprocess.run(["git", "apply", "--check", "-C1", str(patch)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
