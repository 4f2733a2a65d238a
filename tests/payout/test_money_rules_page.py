"""The page of money rules says what the rules say, and every test that it points at is there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kiosk import text
from kiosk.payout.names import RefusalKey
from tests.tools.money_rules import MUST_HOLD, PAGE, page

ROOT = Path(__file__).parents[2]


def test_the_page_is_written_from_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.tools.money_rules"


def test_every_refusal_of_a_rule_stands_on_the_page() -> None:
    written = page()
    assert not {key for key in RefusalKey if f"`{key.value}`" not in written}


def test_every_test_that_the_page_names_is_there() -> None:
    here = "".join(each.read_text(encoding="utf-8") for each in Path(__file__).parent.glob("test_*.py"))
    named = re.findall(r"`(?:(tests/\w+/\w+\.py)::)?(test_\w+)`", page())
    assert len(named) > 50
    for path, name in named:
        assert f"def {name}(" in ((ROOT / path).read_text(encoding="utf-8") if path else here), name


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_what_must_hold_is_said_in_words_of_its_own(language: str) -> None:
    said = Counter(text.word(key, language) for key in RefusalKey)
    assert [key for _, key, _ in MUST_HOLD if said[text.word(key, language)] != 1] == []
