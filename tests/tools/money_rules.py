"""Writes docs/money-rules.md from the rules' own docstrings, so that the page cannot say what the code does not do.

python -m tests.tools.money_rules            rewrites the page
python -m tests.tools.money_rules --check    exits 1 when the page is not what the code says
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path

from kiosk.payout import rules, standing
from kiosk.payout.names import RefusalKey

PAGE = Path(__file__).parents[2] / "docs" / "money-rules.md"
ACTIONS: tuple[Callable[..., object], ...] = (
    rules.authorise,
    rules.void,
    rules.resolve,
    rules.reverse,
    rules.open_session,
    rules.close_session,
)
CONSTRAINTS = (
    (
        "M1",
        "`Standing.paid`, the fold",
        "an entitlement in `Standing.paid` or a lease in `Standing.spent` is never authorised again",
    ),
    (
        "M2",
        "`Standing.pending`, the fold",
        "nothing is authorised and no session closes while a payout is open or uncertain",
    ),
    (
        "M3",
        "triggers of `kiosk/store/migrations`",
        "UPDATE and DELETE on the journal are refused by the database; an INSERT must follow the last entry's hash",
    ),
    (
        "M4",
        "`cash.CashSession.expected`, the fold",
        "opening + added − returned − paid + reversed − counted = variance",
    ),
    (
        "M5",
        "`Store.purge_epochs_before`, `Outbox.acknowledge`",
        "nothing is deleted before a signed checkpoint says that it is backed up",
    ),
    (
        "M6",
        "`agent_sync.district.intake`",
        "a cash fact is never refused: both sides of a conflict are kept and open a case",
    ),
    ("M7", "`names.Vnd`, `canonical`", "integers only: a float has no canonical form and no decoder"),
    (
        "M8",
        "`meta` table, `EpochOpened`",
        "area, device and mode are fixed when the store is made; triggers refuse a change",
    ),
)


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([*_head(), *_rules(), "", *_actions(), "", *_constraints(), ""])


def _head() -> list[str]:
    return [
        "# The money rules, as the code has them",
        "",
        "Written by `python -m tests.tools.money_rules` from the docstrings of `kiosk/payout/rules.py`; a test",
        "compares the two. Every rule is one function. `offer` asks them in this order and gives the first refusal;",
        "`authorise` asks them all again in the transaction that lets cash out.",
        "",
        "## Asked before every payout",
        "",
        "| # | rule | says | refuses with |",
        "|---|---|---|---|",
    ]


def _rules() -> list[str]:
    return [
        f"| {number} | `{rule.__name__}` | {_says(rule)} | {_keys(rule)} |"
        for number, rule in enumerate(rules.RULES, start=1)
    ]


def _actions() -> list[str]:
    rows = [f"| `{each.__name__}` | {_says(each)} | {_keys(each)} |" for each in ACTIONS]
    return ["## What may be written afterwards", "", "| function | says | refuses with |", "|---|---|---|", *rows]


def _constraints() -> list[str]:
    rows = [f"| {rule} | {where} | {says} |" for rule, where, says in CONSTRAINTS]
    folded = f"The fold (`{standing.__name__}.stand`) refuses every fact that breaks one of these, whoever wrote it."
    return ["## Held below the rules", "", folded, "", "| | where | says |", "|---|---|---|", *rows]


def _says(function: Callable[..., object]) -> str:
    """The first paragraph of the docstring."""
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())


def _keys(function: Callable[..., object]) -> str:
    """The refusal keys that a function and its own helper name, in order."""
    source = inspect.getsource(function)
    if function is rules.authorise:
        return "any of the above"
    for helper in (rules.__dict__.get(name) for name in re.findall(r"\b(_lease_refusal)\(", source)):
        source += inspect.getsource(helper) if helper is not None else ""
    if function is rules.payee_may_receive:
        source += inspect.getsource(rules.Payee.refusal_on)
    if function is rules.card_is_believed:
        source += inspect.getsource(rules.card_refusal)
    if function is rules.device_may_pay:
        return "what the exchange found: `rolled_back`, `forked`, `revoked`, `suppressed`"
    found = dict.fromkeys(re.findall(r"RefusalKey\.([A-Z_]+)", source))
    return ", ".join(f"`{RefusalKey[name].value}`" for name in found)


def main(argv: list[str]) -> int:
    """Write or check."""
    if "--check" in argv:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
