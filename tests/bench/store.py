"""What the store costs against bare SQLCipher on the same disk in the same run.

Two questions of the plan: may a payout take two durable transactions, and may a year's journal
be folded at sign-in.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kiosk.payout import journal as j
from kiosk.payout.names import Sequence
from kiosk.payout.standing import Standing
from kiosk.store import Store
from kiosk.store.engine import connect
from tests.store import scribe

PAYOUTS = 400
JOURNAL = 100_000
CHUNK = 500


def rows() -> list[dict[str, object]]:
    """The rows of bench.json for the store."""
    with tempfile.TemporaryDirectory(prefix="tannha-bench-") as folder:
        return [_two_commits(Path(folder)), _open(Path(folder))]


def _row(
    name: str, unit: str, ours: float, peer: float, peer_name: str, goal: str, *, higher: bool
) -> dict[str, object]:
    ratio = ours / peer
    limit = float(goal.split()[1])
    return {
        "name": name,
        "unit": unit,
        "ours": round(ours, 4),
        "peer": round(peer, 4),
        "peer_name": peer_name,
        "ratio": round(ratio, 3),
        "goal": goal,
        "holds": ratio >= limit if higher else ratio <= limit,
    }


def _median(once: Callable[[], None], times: int) -> float:
    """Median seconds of one call."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        once()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def _new(path: Path) -> Store:
    store = Store.create(path, scribe.KEY, scribe.IDENTITY, scribe.EPOCH, scribe.NOON)
    scribe.write(store, scribe.session_opened())
    return store


def _two_commits(folder: Path) -> dict[str, object]:
    """Authorise + complete against two bare commits of rows of the same size."""
    bare_path = folder / "bare.db"
    bare_path.touch()
    bare = connect(bare_path, scribe.KEY)
    bare.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, body BLOB)")
    body = os.urandom(900)
    with _new(folder / "ours.db") as store:
        numbers = iter(range(1, 10 * PAYOUTS))

        def ours() -> None:
            scribe.pay(store, next(numbers))

        def peer() -> None:
            for _ in range(2):
                bare.execute("BEGIN IMMEDIATE")
                bare.execute("INSERT INTO t (body) VALUES (?)", (body,))
                bare.execute("COMMIT")

        rounds = [(_median(ours, 1), _median(peer, 1)) for _ in range(PAYOUTS)]
    bare.close()
    seconds = [statistics.median(side) for side in zip(*rounds, strict=True)]
    rate, bare_rate = 1 / seconds[0], 1 / seconds[1]
    name = "store: authorise + complete, both durable"
    return _row(name, "payouts/s", rate, bare_rate, "two bare SQLCipher commits", ">= 0.40", higher=True)


def long_journal(path: Path, count: int) -> None:
    """A store with so many entries: a payout authorised, completed, printed, over and over."""
    with _new(path) as store:
        number = 0
        while store.standing().next_sequence < count:
            entries = _payouts(store.standing(), number)
            store.append(entries)
            number += CHUNK


def _payouts(standing: Standing, number: int) -> list[j.Entry]:
    """So many payouts in one run of entries, without folding in between."""
    made: list[j.Entry] = []
    for each in range(number, number + CHUNK):
        fact = scribe.authorised(standing, each)
        done = [fact, scribe.completed(fact.payout), j.ReceiptPrinted(fact.payout, 0, j.PrintResult.PRINTED)]
        made += scribe.entries_after(standing, done)
        standing = replace(standing, head=made[-1].hash, next_sequence=Sequence(made[-1].sequence + 1))
    return made


def _open(folder: Path) -> dict[str, object]:
    """Opening a journal of 100,000 entries, fold included, against reading its rows."""
    path = folder / "long.db"
    long_journal(path, JOURNAL)

    def ours() -> None:
        Store.open(path, scribe.KEY).close()

    def peer() -> None:
        bare = connect(path, scribe.KEY)
        bare.execute("SELECT * FROM journal ORDER BY epoch, sequence").fetchall()
        bare.close()

    pairs = [(_median(ours, 1), _median(peer, 1)) for _ in range(3)]
    seconds = [statistics.median(side) for side in zip(*pairs, strict=True)]
    name = f"store: open a journal of {JOURNAL:,} entries"
    return _row(name, "s", seconds[0], seconds[1], "reading its rows", "<= 3", higher=False)


if __name__ == "__main__":
    for each in rows():
        print(each)
