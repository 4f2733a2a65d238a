"""Why: a money rule that can be broken without a test noticing is not a rule. This breaks each of them on purpose.

`python -m tests.deep.payout.mutate` changes one place of one module at a time and runs the example tests of the money
rules against it, each mutant in a fork of its own. A mutant that no test notices is a hole in the tests, or stands in
`equivalent` with the reason why it makes no difference. Exit 0 when nothing else survived.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.deep.payout.equivalent import EQUIVALENT
from tests.deep.payout.money_changes import Enums, Mutant, enums_of, mutants
from tests.deep.payout.money_trials import Verdict, anew, in_loaded_code

TOP: Final = Path(__file__).resolve().parents[3]
PAYOUT: Final = TOP / "kiosk" / "payout"
MODULES: Final = (
    "rules",
    "actions",
    "evidence",
    "standing",
    "cash",
    "people",
    "paylist",
    "rounding",
    "overrides",
    "code_facts",
)
# Other rooms' tests: they would kill mutants of the money rules by accident.
ELSEWHERE: Final = {"test_money_rules_page", "test_clock", "test_canonical"}


def test_files() -> list[Path]:
    """The tests of the money rules."""
    found = (TOP / "tests" / "payout").glob("test_*.py")
    return sorted(path for path in found if path.stem not in ELSEWHERE)


def _enums() -> Enums:
    found: Enums = {}
    for path in sorted(PAYOUT.glob("*.py")):
        found |= enums_of(ast.parse(path.read_text(encoding="utf-8")))
    return found


def all_mutants(module: str) -> list[Mutant]:
    """Every mutant of one module of the domain."""
    return list(mutants(module, (PAYOUT / f"{module}.py").read_text(encoding="utf-8"), _enums()))


def _chosen(arguments: argparse.Namespace) -> list[Mutant]:
    found: list[Mutant] = []
    for module in arguments.modules or MODULES:
        wanted = [each for each in all_mutants(module) if arguments.only in each.name]
        found += wanted[:: arguments.every]
    return found


def _judged(chosen: list[Mutant]) -> Iterator[tuple[Mutant, Verdict]]:
    """The cheap way for changes within a function, a whole new import for the others."""
    files = test_files()
    yield from anew(files, [each for each in chosen if each.function is None])
    yield from in_loaded_code(files, [each for each in chosen if each.function is not None])


def _with_equivalents(mutant: Mutant, found: Verdict) -> Verdict:
    known = f"{mutant.module}.{mutant.name}" in EQUIVALENT
    return Verdict.EQUIVALENT if known and found is Verdict.SURVIVED else found


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help=f"of kiosk/payout; all of {', '.join(MODULES)} when none")
    parser.add_argument("--only", default="", help="only mutants whose name contains this")
    parser.add_argument("--every", type=int, default=1, help="a sample: every n-th mutant")
    parser.add_argument("--list", action="store_true", help="list the mutants and run nothing")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Judge the mutants; survivors are printed as they are found, then one line of JSON with the counts."""
    arguments = _arguments(argv)
    chosen = _chosen(arguments)
    if arguments.list:
        print(*(f"{each.module}:{each.line} {each.name}" for each in chosen), sep="\n")
        return 0
    with tempfile.TemporaryDirectory() as cache:
        sys.pycache_prefix, sys.dont_write_bytecode = cache, False
        return _report(chosen)


def _report(chosen: list[Mutant]) -> int:
    counts = {each.module: {verdict.value: 0 for verdict in Verdict} for each in chosen}
    started = time.monotonic()
    for mutant, verdict in _judged(chosen):
        found = _with_equivalents(mutant, verdict)
        counts[mutant.module][found.value] += 1
        if found is Verdict.SURVIVED:
            print(f"SURVIVED {mutant.module}:{mutant.line} {mutant.name}", flush=True)
    print(json.dumps({"modules": counts, "seconds": round(time.monotonic() - started)}), flush=True)
    return int(any(row[Verdict.SURVIVED.value] for row in counts.values()))


if __name__ == "__main__":
    sys.path.insert(0, str(TOP))
    os.chdir(TOP)
    sys.exit(main())
