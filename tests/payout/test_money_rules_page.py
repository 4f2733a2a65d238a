"""The page of money rules says what the rules say."""

from __future__ import annotations

from kiosk.payout.names import RefusalKey
from tests.tools.money_rules import PAGE, page


def test_the_page_is_written_from_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.tools.money_rules"


def test_every_refusal_of_a_rule_stands_on_the_page() -> None:
    assert not {key for key in RefusalKey if f"`{key.value}`" not in page()}
