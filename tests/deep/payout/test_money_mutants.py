"""The money rules against a sample of broken ones; `python -m tests.deep.payout.mutate` tries them all."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.deep.payout.equivalent import EQUIVALENT
from tests.deep.payout.mutate import MODULES, TOP, all_mutants

PAGE = TOP / "docs" / "money-mutations.md"
EVERY = 9
"""A sample of one in nine: under two minutes. A prime would do as well; the full run is the one that counts."""


def mutate(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.deep.payout.mutate", *arguments]
    return subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=1_200)


@pytest.mark.parametrize("module", ["rules", "evidence", "standing"])
def test_a_sample_of_broken_rules_is_noticed(module: str) -> None:
    ran = mutate(module, "--every", str(EVERY))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    counts = json.loads(ran.stdout.splitlines()[-1])["modules"][module]
    assert counts["survived"] == 0
    assert sum(counts.values()) == len(all_mutants(module)[::EVERY]) > 10
    assert counts["killed"] > 10 * counts["equivalent"]


def test_what_makes_no_difference_is_named_with_its_reason_and_still_there() -> None:
    every: set[str] = set()
    page = PAGE.read_text(encoding="utf-8")
    for module in MODULES:
        names = [each.known_as for each in all_mutants(module)]
        assert len(set(names)) == len(names) > 5, "no two mutants have one name"
        assert f"| `{module}.py` | {len(names)} |" in page, "the code has changed: run this module anew"
        every.update(names)
    assert EQUIVALENT.keys() - every == set(), "the code has changed: judge these anew"
    assert [name for name in EQUIVALENT if f"`{name}`" not in page] == []
    assert [reason for reason in EQUIVALENT.values() if reason not in page] == []
