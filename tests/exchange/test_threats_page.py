"""docs/threats.md: every claim names a test, and that test exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
CLAIM = re.compile(r"\| `(tests/[\w/]+\.py)::(\w+)` \|$")


def rows() -> list[str]:
    """The rows of the claims table that are no headings."""
    table = PAGE.split("| attack | what holds | test |\n|---|---|---|\n", 1)[1].split("\n\n", 1)[0]
    return [line for line in table.splitlines() if not line.startswith("| **")]


def functions(path: Path) -> set[str]:
    return {
        each.name for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(each, ast.FunctionDef)
    }


def test_every_claim_names_a_test_that_exists() -> None:
    assert len(rows()) > 40
    for line in rows():
        match = CLAIM.search(line)
        assert match is not None, line
        assert match[2] in functions(ROOT / match[1]), line


def test_every_other_test_that_the_page_names_exists_too() -> None:
    """The lines of the issue, and the ways out."""
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > len(rows()) + 15
    assert [each for each in named if each[1] not in functions(ROOT / each[0])] == []
