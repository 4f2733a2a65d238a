"""``python -m tests.bench [--only NAME] [--out bench.json]``: our figures beside their peers, of the same run.

Every module of this folder with ``rows()`` is a bench; the others are long runs of their own. A row's ``peer`` is what
another library, or the limit that the plan sets, reached here and now: figures of another machine prove nothing.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KEYS = ("name", "unit", "ours", "peer", "peer_name", "ratio", "goal", "holds")
Row = dict[str, Any]


def modules() -> list[str]:
    """The names of all benches."""
    return sorted(path.stem for path in HERE.glob("[!_]*.py") if "\ndef rows(" in path.read_text(encoding="utf-8"))


def measure(names: list[str], only: str) -> list[Row]:
    """The rows of these benches; of ``only`` one when it names a row. Raises ValueError for a row of another form."""
    found: list[Row] = []
    for name in names:
        for row in importlib.import_module(f"tests.bench.{name}").rows():
            if set(row) != set(KEYS):
                raise ValueError(f"tests/bench/{name}.py: a row has {sorted(row)}")
            if only in {"", name} or only in str(row["name"]):
                found.append(row)
    return found


def figure(value: object) -> str:
    """A number as people read it, anything else as it is."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return "-" if value is None else str(value)


def table(rows: list[Row]) -> str:
    """The rows as aligned columns."""
    cells = [list(KEYS), *([figure(row[key]) for key in KEYS] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(KEYS))]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in cells)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, write; 1 when a goal is missed, 2 when nothing has the name asked for."""
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("--only", default="", help="a module of tests/bench, or a part of a row's name")
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    args = parser.parse_args(arguments)
    names = [args.only] if args.only in modules() else modules()
    rows = measure(names, args.only)
    if not rows:
        print(f"bench: nothing is called {args.only!r}", file=sys.stderr)
        return 2
    args.out.write_text(json.dumps({"rows": rows}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(table(rows))
    return 0 if all(row["holds"] is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
