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
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.deep.payout.equivalent import EQUIVALENT
from tests.deep.payout.money_changes import Enums, Mutant, enums_of, mutants
from tests.deep.payout.money_trials import Told, Verdict, anew, in_loaded_code

TOP: Final = Path(__file__).resolve().parents[3]
PAYOUT: Final = TOP / "kiosk" / "payout"
# The codes by which a lease, a consent or a proof of payment goes from one device to another.
CODES: Final = ("release", "consent", "handover", "claim")
MODULES: Final = (*sorted(each.stem for each in PAYOUT.glob("*.py") if each.stem != "__init__"), *CODES)
# These would kill mutants of other modules by accident: they count for their own only.
OWN: Final = {
    "canonical": ["payout/test_canonical.py"],
    "clock": ["payout/test_clock.py"],
    "receipt": ["paper/test_receipt.py"],
    "release": ["exchange/test_release.py", "exchange/test_vectors.py", "exchange/test_frozen.py"],
    "consent": ["exchange/test_consent.py", "exchange/test_frozen.py"],
    "handover": ["exchange/test_handover.py", "exchange/test_vectors.py", "exchange/test_frozen.py"],
    "claim": ["paper/test_claim.py", "exchange/test_frozen.py"],
}
ELSEWHERE: Final = {"test_money_rules_page", "test_clock", "test_canonical"}
VALUES: Final = "test_values.py"


def rounds(module: str) -> list[list[Path]]:
    """The tests that must notice a change of a module: those about it, and then all the others of its room."""
    own = [TOP / "tests" / each for each in OWN.get(module, ())]
    if module in CODES:
        return [own]
    room = TOP / "tests" / "payout"
    rest = sorted(each for each in room.glob("test_*.py") if each.stem not in ELSEWHERE)
    near = [*own, *(each for each in rest if each.name == VALUES or each.stem.startswith(f"test_{module}"))]
    return [near, [each for each in rest if each not in near]]


def _enums() -> Enums:
    found: Enums = {}
    for path in sorted(PAYOUT.glob("*.py")):
        found |= enums_of(ast.parse(path.read_text(encoding="utf-8")))
    return found


def all_mutants(module: str) -> list[Mutant]:
    """Every mutant of one module."""
    package = "exchange" if module in CODES else "payout"
    source = (TOP / "kiosk" / package / f"{module}.py").read_text(encoding="utf-8")
    return list(mutants(f"kiosk.{package}.{module}", source, _enums()))


def _chosen(arguments: argparse.Namespace) -> dict[str, list[Mutant]]:
    found = {}
    for module in arguments.modules or MODULES:
        wanted = [each for each in all_mutants(module) if arguments.only in each.name]
        found[module] = wanted[:: arguments.every]
    return found


def _judge(chosen: dict[str, list[Mutant]], told: Told) -> None:
    """The cheap way for changes within a function, a whole new import for the others, which come first."""
    loaded: dict[tuple[Path, ...], list[Mutant]] = {}
    for module, found in chosen.items():
        files = rounds(module)
        anew(files, [each for each in found if each.function is None], told)
        within = [each for each in found if each.function is not None]
        loaded.setdefault(tuple(sorted(path for each in files for path in each)), []).extend(within)
    for each, found in loaded.items():
        if found:
            in_loaded_code(each, found, told)


def _with_equivalents(mutant: Mutant, found: Verdict) -> Verdict:
    return Verdict.EQUIVALENT if mutant.known_as in EQUIVALENT and found is Verdict.SURVIVED else found


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
        print(*(f"{each.room}:{each.line} {each.name}" for found in chosen.values() for each in found), sep="\n")
        return 0
    with tempfile.TemporaryDirectory() as cache:
        sys.pycache_prefix, sys.dont_write_bytecode = cache, False
        return _report(chosen)


def _report(chosen: dict[str, list[Mutant]]) -> int:
    counts = {module: {verdict.value: 0 for verdict in Verdict} for module in chosen}
    started = time.monotonic()

    def told(mutant: Mutant, verdict: Verdict) -> None:
        found = _with_equivalents(mutant, verdict)
        counts[mutant.room][found.value] += 1
        if found in {Verdict.SURVIVED, Verdict.BROKEN}:
            print(f"{found.upper()} {mutant.room}:{mutant.line} {mutant.name}", flush=True)

    try:
        _judge(chosen, told)
    finally:  # what was judged before a fault is told
        print(json.dumps({"modules": counts, "seconds": round(time.monotonic() - started)}), flush=True)
    return int(any(row[Verdict.SURVIVED.value] or row[Verdict.BROKEN.value] for row in counts.values()))


if __name__ == "__main__":
    sys.path.insert(0, str(TOP))
    os.chdir(TOP)
    sys.exit(main())
