"""``python -m tests.simulation --seeds N --out simulation.json``: many small worlds, one report.

Exit 0 only if no rule was broken and, over enough seeds, every fault was met and every state reached:
a simulation that never gets anywhere proves nothing. A failing seed is told as a short story.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.simulation.scene import Outcome
from tests.simulation.warm import settle_down
from tests.simulation.world import make_templates, run

ENOUGH = 100
"""From so many seeds on, everything below must have happened at least once."""
LEAST_PAYOUTS = 100
"""Completed payouts a seed on average, from `ENOUGH` seeds on."""
TOLD = 45
"""Lines of the story before a rule was broken."""

FAULTS = (
    "network_cut", "lost_answer", "duplicate", "reorder", "gap", "damage", "stale", "power_cut_before_write",
    "power_cut_after_write", "power_off", "frozen_clock", "clock_set_back", "clock_ahead", "rollback_before_release",
    "rollback_after_release", "rollback_other", "arrears_row", "backup", "district_restored",
)  # fmt: skip
REACHED = (
    "authorised", "completed", "voided", "reversed", "uncertain", "resolved_paid", "resolved_not_paid", "released",
    "taken", "paid_under_a_taken_lease", "refused_release_code_wrong", "refused_release_code_used",
    "refused_not_the_stand_in",
    "session_opened", "session_closed", "variance", "cash_added", "cash_returned", "change_came_back",
    "several_months", "payee_self", "payee_alternate", "unpaid_noted", "clock_set", "rolled_over", "arrears_held",
    "halted_rolled_back", "ink_print", "silly_note_lost", "silly_date", "silly_wrong_resolution",
    "refused_already_paid", "refused_card_altered", "refused_card_expired", "refused_card_not_genuine",
    "refused_face_not_confirmed", "refused_lease_expired", "refused_level_too_low", "refused_not_a_payee",
    "refused_not_enough_cash", "refused_payout_open", "refused_rolled_back", "refused_simulated_in_production",
    "refused_sum_changed", "refused_suppressed", "refused_time_not_proven", "refused_below_time_floor",
    "refused_variance_unexplained", "refused_uncertain_open",
    "case_fork", "case_double_claim", "case_reversal", "case_cash_variance", "case_uncertain_resolved",
    "case_void_after_cash",
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run the seeds, write the report, say what was wrong."""
    parser = argparse.ArgumentParser(prog="tests.simulation")
    parser.add_argument("--seeds", type=int, default=100, help="how many worlds")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--stop", action="store_true", help="end with the first world that breaks a rule")
    parser.add_argument("--out", type=Path, default=Path("simulation.json"))
    args = parser.parse_args(arguments)
    started = time.monotonic()
    outcomes = simulate(range(args.first, args.first + args.seeds), args.jobs, stop=args.stop)
    report = summary(outcomes, time.monotonic() - started)
    args.out.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _tell(outcomes, report)
    return 1 if report["violations"] else 0


def simulate(seeds: range, jobs: int, *, stop: bool = False) -> list[Outcome]:
    """All seeds, on so many processes, in the order of the seeds; up to the first that fails if ``stop``."""
    logging.disable(logging.WARNING)  # the worlds are noisy on purpose
    shared = Path("/dev/shm")  # a tmpfs: power cuts are ours, not the disk's
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        make_templates(Path(folder))
        one = partial(run, templates=Path(folder))
        if jobs == 1:
            return _until(map(one, seeds), stop=stop)
        with ProcessPoolExecutor(jobs, initializer=settle_down) as pool:
            outcomes = _until(pool.map(one, seeds), stop=stop)
            pool.shutdown(cancel_futures=True)
            return outcomes


def _until(outcomes: Iterator[Outcome], *, stop: bool) -> list[Outcome]:
    seen: list[Outcome] = []
    for each in outcomes:
        seen.append(each)
        if stop and each.violations:
            break
    return seen


def summary(outcomes: list[Outcome], seconds: float) -> dict[str, object]:
    """The report of plan §8; what was never met counts as a violation once there were enough seeds."""
    faults: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    for each in outcomes:
        faults.update(each.faults)
        reached.update(each.reached)
    payouts = sum(each.payouts for each in outcomes)
    violations = [line for each in outcomes for line in each.violations]
    if len(outcomes) >= ENOUGH:
        violations += [f"never happened: {each}" for each in FAULTS if not faults[each]]
        violations += [f"never reached: {each}" for each in REACHED if not reached[each]]
        if payouts < LEAST_PAYOUTS * len(outcomes):
            violations.append(f"only {payouts} payouts in {len(outcomes)} runs")
    return {
        "runs": len(outcomes),
        "payouts": payouts,
        "faults": {name: count for name, count in sorted(faults.items()) if count},
        "reached": {name: count for name, count in sorted(reached.items()) if count},
        "violations": violations,
        "seconds": round(seconds, 1),
    }


def _tell(outcomes: list[Outcome], report: dict[str, object]) -> None:
    failed = [each for each in outcomes if each.violations]
    for each in failed[:3]:
        print(f"--- the story of seed {each.seed}", *each.story[-TOLD:], *each.violations, sep="\n")
    print(f"{report['runs']} runs, {report['payouts']} payouts, {report['seconds']} s, {len(failed)} runs failed")
    if not failed:
        print(*report["violations"], sep="\n")  # type: ignore[misc]


if __name__ == "__main__":
    sys.exit(main())
