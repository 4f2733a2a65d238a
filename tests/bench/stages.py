"""``python -m tests.bench.stages``: where the time of an intake on PostgreSQL goes, stage by stage.

Wall and processor seconds per 1,000 receipts (a receipt is three entries), in one process, the database beside it.
Stages are the product's own functions with a clock around them; nothing is left out and the rest is named so.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent_sync.district import intake as intakes
from agent_sync.district import projection as projections
from agent_sync.district.chip_keys import ChipKeys
from agent_sync.district.lease_check import LeaseCheck
from agent_sync.district.projection import Projection
from agent_sync.district.server import rare_collections
from kiosk.exchange import segment as segments
from tests import postgres
from tests.agent_sync.country import village

RECEIPTS = 10_000
EACH, FILES = 200, 10
STAGES: tuple[tuple[str, Any, str], ...] = (
    ("signature", segments, "verify_segment"),
    ("open, decompress, decode, chain", segments, "open_whole"),
    ("facts to rows", Projection, "apply"),
    ("COPY of entries, payouts, lines", projections, "bulk_insert"),
    ("leases and claims (M1)", LeaseCheck, "settle"),
    ("chip keys and challenges", ChipKeys, "settle"),
    ("segment bytes", intakes._Batch, "_keep"),
)
Clock = dict[str, list[float]]


def main() -> int:
    """Measure, print one JSON object."""
    spent: Clock = defaultdict(lambda: [0.0, 0.0])
    rare_collections()
    with postgres.cluster("--durable") as url, tempfile.TemporaryDirectory() as folder:
        place = village(Path(folder) / "stages", RECEIPTS, postgres.fresh_database(url))
        sealed = list(place.days(RECEIPTS, EACH))
        for name, owner, function in STAGES:
            setattr(owner, function, _clocked(getattr(owner, function), spent[name]))
        taken = intakes.Intake(place.seat.home, place.seat.database)
        receive = _clocked(taken.receive, spent["all"])
        for at in range(0, len(sealed), FILES):
            receive(place.kit.device, sealed[at : at + FILES])
        place.seat.database.close()
    print(json.dumps(_told(spent), indent=2, ensure_ascii=False))
    return 0


def _told(spent: Clock) -> dict[str, Any]:
    thousands = RECEIPTS / 1_000
    each = {name: [round(1_000 * value / thousands, 1) for value in both] for name, both in spent.items()}
    known = [sum(both[k] for name, both in each.items() if name != "all") for k in (0, 1)]
    each["everything else, commit among it"] = [round(each["all"][k] - known[k], 1) for k in (0, 1)]
    per_second = {"wall": round(RECEIPTS / spent["all"][0]), "processor": round(RECEIPTS / spent["all"][1])}
    return {"milliseconds per 1,000 receipts [wall, processor]": each, "receipts per second": per_second}


def _clocked(work: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def clocked(*args: Any, **more: Any) -> Any:
        wall, processor = time.perf_counter(), time.process_time()
        try:
            return work(*args, **more)
        finally:
            spent[0] += time.perf_counter() - wall
            spent[1] += time.process_time() - processor

    return clocked


if __name__ == "__main__":
    sys.exit(main())
