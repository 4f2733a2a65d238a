"""What the store costs against bare SQLCipher on the same disk in the same run.

Two questions of the plan: may a payout take two durable transactions, and may a year's journal
be folded at sign-in. And two limits of what is thought between them: an offer, and a route's banknotes.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kiosk.desk.board import Board, Listing
from kiosk.desk.plan import DayPlan
from kiosk.payout import journal as j
from kiosk.payout import rules
from kiosk.payout.cash import Notes, plan_route
from kiosk.payout.names import Sequence, Vnd
from kiosk.payout.paylist import PayList, Policy
from kiosk.payout.standing import Standing
from kiosk.store import Store
from kiosk.store.engine import connect
from tests.payout import world as commune
from tests.store import scribe

PAYOUTS = 400
JOURNAL = 100_000
CHUNK = 500
RECIPIENTS = 5_000


def rows() -> list[dict[str, object]]:
    """The rows of bench.json for the store."""
    with tempfile.TemporaryDirectory(prefix="tannha-bench-") as folder:
        return [_two_commits(Path(folder)), _open(Path(folder)), _offer(), _route()]


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


def _offer() -> dict[str, object]:
    """From a card that was read to the offer, as the desk makes it after each payout: the board is built anew."""
    people = tuple(map(commune.recipient, range(RECIPIENTS)))
    owed = tuple(map(commune.entitlement, range(RECIPIENTS)))
    listed = PayList(commune.AREA, 1, people, (), owed, tuple(map(commune.lease, owed)), Policy())
    last = people[-1].person
    request = commune.request(RECIPIENTS - 1)
    book = commune.opened()
    listing = Listing(listed)

    def ours() -> None:
        board = Board(listing, book.standing, request.time, DayPlan())
        due = board.payable(last.id)
        payee = listed.payees_of(last.id)[0]
        asked = replace(request, payee=payee, entitlements=due, leases=listed.leases_by_entitlement())
        if not isinstance(rules.offer(asked, book.standing), rules.PayoutOffer):
            raise TypeError("the rules refuse the bench's recipient")

    return _limit(f"offer: one of {RECIPIENTS:,} recipients", 1_000 * _median(ours, 200), 5)


def _made(notes: Notes) -> None:
    if not notes.pieces:
        raise ValueError("a route of no notes")


def _limit(name: str, milliseconds: float, most: float) -> dict[str, object]:
    """A row against a limit of the plan."""
    return _row(name, "ms", milliseconds, most, "limit of the plan", "<= 1", higher=False)


def _route() -> dict[str, object]:
    """The fewest notes for a route of sixty payouts."""
    amounts = [Vnd(500_000 + 1_000 * (7 * each % 2_500)) for each in range(60)]
    return _limit("route: banknotes for 60 payouts", 1_000 * _median(lambda: _made(plan_route(amounts)), 200), 200)


if __name__ == "__main__":
    for each in rows():
        print(each)
