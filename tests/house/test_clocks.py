"""Only the rim asks the machine for the time; everything else is given a clock, so that tests can turn it."""

from __future__ import annotations

import ast

from tests.house.test_shape import CODE, SOURCES, short

RIM = {
    "kiosk/app.py", "kiosk/demo/", "kiosk/commands/", "agent_sync/cli.py", "agent_sync/district/commands.py",
    "agent_sync/district/ids.py", "agent_sync/district/pages.py", "agent_sync/district/receipt_page.py",
    "hardware/virtual/",
}  # fmt: skip
"""Programs, pages and what imitates hardware; ``ids.now`` is the district's one clock."""
WAITS = {"hardware/card/pcsc.py", "hardware/card/channel.py", "hardware/card/reader.py"}
"""A driver's own time-out in the call that waits, and how long a card took to answer."""
DEFAULTED = {"agent_sync/district/tls.py"}
"""``now`` is an argument there; the machine's hour only stands in for it."""
ASKS = {
    "time.time", "time.monotonic", "time.monotonic_ns", "time.perf_counter", "datetime.now", "datetime.utcnow",
    "datetime.today", "date.today",
}  # fmt: skip


def called(tree: ast.AST) -> set[str]:
    """Dotted names of what is called; a clock that is handed on as a default is not."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {f"{each.value.id}.{each.attr}" for each in calls if isinstance(each, ast.Attribute)
            and isinstance(each.value, ast.Name)}  # fmt: skip


def test_only_the_rim_asks_for_the_time() -> None:
    allowed = (*RIM, *WAITS, *DEFAULTED)
    asking = {
        short(path)
        for path in SOURCES
        if short(path).startswith(CODE) and called(ast.parse(path.read_text(encoding="utf-8"))) & ASKS
    }
    assert {each for each in asking if not each.startswith(allowed)} == set()
    assert {each for each in allowed if not any(name.startswith(each) for name in asking)} == set(), "no longer asks"


def test_a_call_is_seen_and_a_default_is_not() -> None:
    assert called(ast.parse("import time\nnow = time.time()")) & ASKS == {"time.time"}
    assert called(ast.parse("import time\ndef f(clock=time.time): return clock()")) & ASKS == set()
