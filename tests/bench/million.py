"""``python -m tests.bench.million``: what the server's process occupies while a million receipts come in over TLS.

The receipts are made, sent and forgotten in batches, so that neither end ever holds more than one. One line of JSON
a mark; the last one says how much the process grew between the first mark and the end. Minutes, not for `make bench`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from agent_sync import api
from agent_sync.wire import HttpsWire
from tests import postgres
from tests.agent_sync import live
from tests.agent_sync.country import Village, add_people, village

EACH, FILES = 200, 10
CHUNK = EACH * FILES


def main() -> int:
    """Run; 0 when the process grew by no more than the limit after the first mark."""
    parser = argparse.ArgumentParser(prog="tests.bench.million")
    parser.add_argument("--receipts", type=int, default=1_000_000)
    parser.add_argument("--mark", type=int, default=100_000)
    parser.add_argument("--limit-mib", type=int, default=64)
    args = parser.parse_args()
    with postgres.cluster("--durable") as url, tempfile.TemporaryDirectory() as folder:
        marks = _run(Path(folder), postgres.fresh_database(url), args.receipts, args.mark)
    grown = (marks[-1] - marks[0]) / 1024
    print(json.dumps({"grown_mib": round(grown, 1), "limit_mib": args.limit_mib}), flush=True)
    return 0 if grown <= args.limit_mib else 1


def _run(folder: Path, url: str, receipts: int, mark: int) -> list[int]:
    place = village(folder / "million", 0, url)
    marks, started = [], time.monotonic()
    with live.serving(place.seat) as server, ThreadPoolExecutor(1) as pool:
        wire = HttpsWire(server.url, place.seat.home.ca_certificate, None)
        sent = pool.submit(_post, place, wire, _made(place, 0))
        for done in range(CHUNK, receipts + 1, CHUNK):
            ahead = _made(place, done)  # while the server takes in the batch before
            sent.result()
            if done % mark == 0:
                marks.append(resident_kib(server.process.pid))
                said = {"receipts": done, "server_rss_mib": round(marks[-1] / 1024, 1)}
                print(json.dumps(said | {"seconds": round(time.monotonic() - started)}), flush=True)
            sent = pool.submit(_post, place, wire, ahead)
        sent.result()
        wire.close()
    place.seat.database.close()
    return marks


def _made(place: Village, first: int) -> list[bytes]:
    """One batch of people who are paid, and nothing kept of them here."""
    place.leases = add_people(place.seat, place.kit, first, CHUNK)
    start = len(place.kit.entries) if first else 0
    files = []
    for at in range(0, CHUNK, EACH):
        for held in place.leases[at : at + EACH]:
            place._pay(held)
        files.append(place._seal(start))
        start = len(place.kit.entries)
    place.forget()
    return files


def _post(place: Village, wire: HttpsWire, files: list[bytes]) -> None:
    path = api.segments_path(place.kit.area, place.kit.device)
    answer = api.read_answer(wire.post(path, api.pack(files), (200,)).body)
    assert {each.outcome for each in answer.files} == {api.FileOutcome.ACCEPTED}


def resident_kib(process: int) -> int:
    """What a process occupies now, not at its highest."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


if __name__ == "__main__":
    sys.exit(main())
