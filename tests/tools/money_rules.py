"""Writes docs/money-rules.md from the rules' own docstrings, so that the page cannot say what the code does not do.

python -m tests.tools.money_rules            rewrites the page
python -m tests.tools.money_rules --check    exits 1 when the page is not what the code says
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from kiosk.payout import actions, rules, standing
from kiosk.payout.names import RefusalKey

PAGE = Path(__file__).parents[2] / "docs" / "money-rules.md"
ACTIONS: tuple[Callable[..., object], ...] = (
    rules.authorise,
    actions.void,
    actions.resolve,
    actions.reverse,
    actions.open_session,
    actions.move_cash,
    actions.close_session,
    actions.release,
    actions.take_over,
    actions.try_code,
)
ELSEWHERE = {
    RefusalKey.NOT_THE_STAND_IN: "`desk.leases`: no record under this citizen number or QR was given to this device",
    RefusalKey.LEASE_QR_NOT_GENUINE: "`exchange.handover`: the QR is not signed by the device that holds the lease",
    RefusalKey.RELEASE_CODE_WRONG: "`exchange.release.take`: the twelve digits do not open the record",
    RefusalKey.RELEASE_CODE_USED: "`desk.leases`: the digits opened a record of an earlier grant",
    **dict.fromkeys(
        (
            RefusalKey.OVERRIDE_CODE_WRONG,
            RefusalKey.OVERRIDE_CODE_USED,
            RefusalKey.OVERRIDE_CODE_EXPIRED,
            RefusalKey.OVERRIDE_OTHER_RECIPIENT,
            RefusalKey.OVERRIDE_OTHER_SUM,
            RefusalKey.OVERRIDE_OTHER_DEVICE,
        ),
        "`exchange.consent.judge`: the digits are not this request's",
    ),
    RefusalKey.BATTERY_LOW: "the kiosk: no new payout starts on a battery that is nearly empty",
    RefusalKey.MODE_MISMATCH: "the exchange: a list of the other mode",
}
"""Refusals that are not the domain's: who says them, and why."""
TESTS = Path(__file__).parents[1] / "payout"
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
        "M7",
        "`AuthorisedLine.rounding`, the fold",
        "what was rounded is less than the smallest note and stands in the fact",
    ),
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
        "Written by `python -m tests.tools.money_rules` from the docstrings of `kiosk/payout/rules.py` and",
        "`actions.py`; a test compares the two. Every rule is one function. `offer` asks them in this order and gives",
        "the first refusal; `authorise` asks them all again in the transaction that lets cash out.",
        "",
        "## Asked before every payout",
        "",
        "| # | rule | says | refuses with | test |",
        "|---|---|---|---|---|",
    ]


def _rules() -> list[str]:
    return [
        f"| {number} | `{rule.__name__}` | {_says(rule)} | {_keys(rule)} | {_test(rule)} |"
        for number, rule in enumerate(rules.RULES, start=1)
    ]


def _actions() -> list[str]:
    rows = [f"| `{each.__name__}` | {_says(each)} | {_keys(each)} | {_test(each)} |" for each in ACTIONS]
    head = ["## What may be written afterwards", "", "| function | says | refuses with | test |", "|---|---|---|---|"]
    others = [f"| `{key.value}` | {who} |" for key, who in ELSEWHERE.items()]
    return [*head, *rows, "", "## Refused elsewhere", "", "| key | by |", "|---|---|", *others]


def _constraints() -> list[str]:
    rows = [f"| {rule} | {where} | {says} |" for rule, where, says in CONSTRAINTS]
    folded = f"The fold (`{standing.__name__}.stand`) refuses every fact that breaks one of these, whoever wrote it."
    return ["## Held below the rules", "", folded, "", "| | where | says |", "|---|---|---|", *rows]


def _says(function: Callable[..., object]) -> str:
    """The first paragraph of the docstring."""
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())


def _keys(function: Callable[..., object]) -> str:
    """The refusal keys that a function and its helpers name, in order."""
    if function is rules.authorise:
        return "any of the above"
    if function is rules.device_may_pay:
        return "what the exchange found: `rolled_back`, `forked`, `revoked`, `suppressed`"
    return ", ".join(f"`{RefusalKey[name].value}`" for name in _named(function))


def _named(function: Callable[..., object]) -> list[str]:
    return list(dict.fromkeys(re.findall(r"RefusalKey\.([A-Z_]+)", _source(function, set()))))


def _source(function: Callable[..., object], seen: set[str]) -> str:
    """The text of a function and of every helper of its own module that it calls."""
    source = inspect.getsource(function)
    helpers = {**actions.__dict__, **rules.__dict__, "refusal_on": rules.Payee.refusal_on}
    for name in re.findall(r"\b([a-z_]+)\(", source):
        if name not in seen and inspect.isfunction(helpers.get(name)):
            seen.add(name)
            source += _source(helpers[name], seen)
    return source


def _test(function: Callable[..., object]) -> str:
    """Where its refusal is tried: the first test that names the function, or else one of its keys."""
    wanted = (rf"\b(rules|actions)\.{function.__name__}\b", *(rf"RefusalKey\.{name}\b" for name in _named(function)))
    if function is rules.device_may_pay:
        wanted = (*wanted, r"\bhalted\b")
    for pattern in wanted:
        for name, source in _all_tests().items():
            if re.search(pattern, source):
                return f"`{name}`"
    return ""


@cache
def _all_tests() -> dict[str, str]:
    """Every test function of the money rules, with its parameters."""
    found: dict[str, str] = {}
    for path in sorted(TESTS.glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.setdefault(node.name, _lines(text, node) + _tables(text, node))
    return {name: body for name, body in found.items() if name != "test_the_rules_and_their_order"}


def _lines(text: str, node: ast.FunctionDef | ast.Assign | ast.AnnAssign) -> str:
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])


def _tables(text: str, test: ast.FunctionDef) -> str:
    """The tables of cases that a test walks, where they stand beside it."""
    used = set(re.findall(r"\b[A-Z_]{3,}\b", _lines(text, test)))
    tables = [node for node in ast.parse(text).body if isinstance(node, ast.Assign | ast.AnnAssign)]
    return "".join(_lines(text, each) for each in tables if used & _named_by(each))


def _named_by(table: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = table.targets if isinstance(table, ast.Assign) else [table.target]
    return {ast.unparse(each) for each in targets}


def main(argv: list[str]) -> int:
    """Write or check."""
    if "--check" in argv:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
