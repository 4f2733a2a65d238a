"""``python -m tests.bench.scale_page BENCH.json [MORNING.json]``: the newest figures into ``docs/scale.md``.

The page has one table for each, between two marks that nothing else touches. The hour and the load of the machine stand
with them: figures taken beside other work say little, and whoever reads them must be able to see that.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.__main__ import figure

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
OWN = "district: "
COLUMNS = ("ours", "peer of the same run", "ratio", "asked")
STATED, LIMIT = 0.0, 1.0
"""The goals of a row that is only stated, and of one that stays below its peer."""


def main() -> int:
    """Rewrite what the given files speak of."""
    parser = argparse.ArgumentParser(prog="tests.bench.scale_page")
    parser.add_argument("bench", type=Path)
    parser.add_argument("morning", type=Path, nargs="?")
    args = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8")
    text = replaced(text, "bench", bench_table(json.loads(args.bench.read_text(encoding="utf-8"))["rows"]))
    if args.morning is not None:
        text = replaced(text, "morning", morning_table(json.loads(args.morning.read_text(encoding="utf-8"))))
    PAGE.write_text(text, encoding="utf-8")
    return 0


def replaced(text: str, name: str, table: list[str]) -> str:
    """The page with another table between the marks of ``name``. Raises ValueError without the marks."""
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, after = text.index(start) + len(start), text.index(end)
    return text[:before] + "\n".join([_taken(), "", *table, ""]) + text[after:]


def bench_table(rows: list[dict[str, Any]]) -> list[str]:
    """One line a row of the district's bench."""
    mine = [each for each in rows if each["name"].startswith(OWN)]
    return [f"| row | {' | '.join(COLUMNS)} |", "|---|---|---|---|---|", *(_line(each) for each in mine)]


def _line(row: dict[str, Any]) -> str:
    bound = "most" if row["goal"] == LIMIT else "least"
    asked = "stated" if row["goal"] == STATED else f"at {bound} {figure(row['goal'])}"
    held = "" if row["holds"] else ": **missed**"
    ours, peer = figure(row["ours"]), f"{figure(row['peer'])} ({row['peer_name']})"
    return (
        f"| {row['name'].removeprefix(OWN)} | {ours} {row['unit']} | {peer} | {figure(row['ratio'])} | {asked}{held} |"
    )


def morning_table(told: dict[str, Any]) -> list[str]:
    """What `tests.bench.morning` printed."""
    spread = [f"{what} {each['median']} and {each['p99']} ms" for what, each in told["milliseconds"].items()]
    lines = {
        "devices, payouts, kills": f"{told['devices']:,}, {told['payouts']:,}, {told['kills']}",
        "lost, doubled, entries missing, problems of `verify`, cases": ", ".join(
            str(each)
            for each in (told["lost"], told["twice"], told["entries_missing"], len(told["problems"]), told["cases"])
        ),
        "requests that met a dead or starting server and were asked again": f"{told['retries']:,}",
        "seconds": f"{told['seconds']:,.0f}",
        "devices an hour at this pace": f"{told['devices_an_hour']:,}",
        "servers' own processor time a device (PostgreSQL not)": f"{told['server_processor_ms_per_device']} ms",
        "median and 99th percentile of one request": ", ".join(spread),
    }
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in lines.items())]


def _taken() -> str:
    load, cores = os.getloadavg()[2], os.cpu_count()
    return f"Until {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {cores} cores, load of the last 15 minutes {load:.1f}."


if __name__ == "__main__":
    sys.exit(main())
