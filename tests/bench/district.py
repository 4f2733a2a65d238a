"""What the district takes in, against the plan's limits: the peer of each row is measured in the same run.

A receipt is one payout with its three entries. The machine is shared: ratios mean something, single figures little.
"""

from __future__ import annotations

import resource
import secrets
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Table, insert, select

from agent_sync import api, courier_home
from agent_sync.courier import Courier
from agent_sync.district import schema, witness
from agent_sync.district.database import Database
from agent_sync.district.evidence import EvidenceIntake
from agent_sync.district.intake import Intake
from agent_sync.district.server import rare_collections
from agent_sync.wire import Answer, HttpsWire
from hardware.virtual.card.personas import PERSONAS
from kiosk.exchange import segment as xs
from kiosk.exchange import spool
from tests import postgres
from tests.agent_sync import live
from tests.agent_sync.country import Village, add_people, village
from tests.agent_sync.field_kit import new_district

EACH = 200
FILES = 10
"""Segments a POST: what a courier sends after a day away."""
SINGLES = 40
BULK = 2_000
GROWN = 4_000
MEMORY = 12_000
MEMORY_LIMIT_KIB = 16_384
OFFLINE = 1_000
WRITTEN = ("segment", "entry", "payout", "payout_line", "claim", "chip_key", "chip_challenge")
Row = dict[str, Any]


def rows() -> list[Row]:
    """One row a number, in the form that `make bench` prints."""
    rare_collections()
    with tempfile.TemporaryDirectory() as folder:
        return [_over_tls(Path(folder)), *_offline(Path(folder)), *_grown(Path(folder)), _witnesses(Path(folder))]


def _over_tls(folder: Path) -> Row:
    """Batches against one POST a receipt, each on a connection of its own."""
    place = village(folder / "tls", BULK + SINGLES)
    singles = list(place.days(SINGLES, 1))
    place.leases = place.leases[SINGLES:]
    start = len(place.kit.entries)
    batches = _from(place, start, BULK)
    with live.serving(place.seat) as server:
        path = api.segments_path(place.kit.area, place.kit.device)
        slow = SINGLES / _seconds(lambda: [_post(place, server, path, [each]) for each in singles])
        fast = BULK / _seconds(lambda: _post(place, server, path, batches))
    place.seat.database.close()
    name = "intake over TLS, SQLite: receipts in batches"
    return _row(name, "receipts/s", fast, slow, "one POST a receipt, new connection", 60.0)


def _from(place: Village, start: int, payouts: int) -> list[bytes]:
    made: list[bytes] = []
    for first in range(0, payouts, EACH):
        for held in place.leases[first : first + EACH]:
            place._pay(held)
        made.append(place._seal(start))
        start = len(place.kit.entries)
    return made


def _post(place: Village, server: live.Server, path: str, files: list[bytes]) -> None:
    wire = HttpsWire(server.url, place.seat.home.ca_certificate, None)
    answer = api.read_answer(wire.post(path, api.pack(files), (200,)).body)
    wire.close()
    assert {each.outcome for each in answer.files} == {api.FileOutcome.ACCEPTED}


def _offline(folder: Path) -> list[Row]:
    """A kit that was away for thirty days: 3,000 entries, and how often it must speak to be in step."""
    place = village(folder / "away", OFFLINE)
    box = live.spool_of(folder / "kit")
    for each in place.days(OFFLINE, 34):
        (box / "out" / spool.segment_name(xs.peek(each))).write_bytes(each)
    with live.serving(place.seat) as server:
        link = courier_home.Link(server.url, place.kit.area, place.kit.device, place.kit.epoch)
        wire = _Counted(HttpsWire(server.url, place.seat.home.ca_certificate, None))
        courier = Courier(courier_home.CourierHome(folder / "kit", box, link), wire)
        seconds = _seconds(lambda: (courier.upload(), courier.download()))
        wire.inner.close()
    place.seat.database.close()
    trips = _row("30 days offline: round trips to be in step", "requests", wire.asked, 5.0, "limit of the plan", 1.0)
    trips["holds"] = wire.asked <= 5
    return [trips, _row("30 days offline: to be in step", "s", seconds, 60.0, "one minute", 1.0, less=True)]


class _Counted:
    """A wire that counts its round trips."""

    def __init__(self, inner: HttpsWire) -> None:
        self.inner, self.asked = inner, 0

    def post(self, path: str, body: bytes, expected: tuple[int, ...]) -> Answer:
        self.asked += 1
        return self.inner.post(path, body, expected)

    def get(self, path: str, tag: str, expected: tuple[int, ...]) -> Answer:
        self.asked += 1
        return self.inner.get(path, tag, expected)


def _grown(folder: Path) -> list[Row]:
    """PostgreSQL: intake against a bare bulk INSERT of the very rows it wrote; and memory over many receipts."""
    with postgres.cluster("--durable") as url:
        place = village(folder / "grown", GROWN, postgres.fresh_database(url))
        segments = list(place.days(GROWN, EACH))
        batches = [segments[at : at + FILES] for at in range(0, len(segments), FILES)]
        intake = Intake(place.seat.home, place.seat.database)
        ours = GROWN / _seconds(lambda: [intake.receive(place.kit.device, each) for each in batches])
        bare = GROWN / _bare(place, postgres.fresh_database(url))
        place.seat.database.close()
        both = _two_processes(folder / "two", postgres.fresh_database(url))
        grown = _memory(folder, postgres.fresh_database(url))
    name, peer = "intake, PostgreSQL: opened, checked, committed", "bare bulk INSERT of the same rows"
    return [
        _row(f"{name}, one process", "receipts/s", ours, bare, peer, 0.5),
        _row(f"{name}, two processes over TLS", "receipts/s", both, bare, peer, 0.0),
        _row(f"intake: memory grown over {MEMORY} receipts", "KiB", grown, MEMORY_LIMIT_KIB, "limit", 1.0, less=True),
    ]


def _two_processes(folder: Path, url: str) -> float:
    """Receipts a second that two servers on one PostgreSQL take from two kits at once, each in one POST."""
    first = village(folder, GROWN // 2, url)
    other = first.seat.enrol("kit-02")
    other.begin()
    second = Village(first.seat, other, add_people(first.seat, other, GROWN // 2, GROWN // 2))
    places = [(each, list(each.days(GROWN // 2, EACH))) for each in (first, second)]
    servers = [live.start(first.seat, live.free_port(), "--no-witness-worker") for _ in places]

    def post(server: live.Server, place: Village, files: list[bytes]) -> None:
        _post(place, server, api.segments_path(place.kit.area, place.kit.device), files)

    try:
        with ThreadPoolExecutor(len(servers)) as pool:
            work = zip(servers, places, strict=True)
            seconds = _seconds(lambda: [each.result() for each in [pool.submit(post, at, *what) for at, what in work]])
    finally:
        for each in servers:
            each.stop()
    first.seat.database.close()
    return GROWN / seconds


def _bare(place: Village, url: str) -> float:
    """Seconds to insert the same rows with SQLAlchemy's own bulk INSERT, in as many transactions."""
    tables = [schema.metadata.tables[name] for name in WRITTEN]
    with place.seat.database.read() as connection:
        stored = {table: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables}
    other = Database(url)
    other.migrate()
    with other.write() as connection:
        other.ensure_months(connection, {row["month"] for row in stored[schema.entry]})
    parts = GROWN // EACH // FILES
    seconds = _seconds(lambda: [_insert(other, stored, part, parts) for part in range(parts)])
    other.close()
    return seconds


def _insert(other: Database, stored: dict[Table, list[Row]], part: int, parts: int) -> None:
    with other.write() as connection:
        for table, found in stored.items():
            mine = found[len(found) * part // parts : len(found) * (part + 1) // parts]
            if mine:
                connection.execute(insert(table), mine)


def _memory(folder: Path, url: str) -> float:
    """KiB by which the process grew while it took in three quarters of the receipts."""
    place = village(folder / "memory", MEMORY, url, area="memory")
    intake = Intake(place.seat.home, place.seat.database)
    quarter = 0
    for number, each in enumerate(place.days(MEMORY, EACH)):
        intake.receive(place.kit.device, [each])
        place.forget()
        if number == MEMORY // EACH // 4:
            quarter = _resident_kib()
    grown = _resident_kib() - quarter
    place.seat.database.close()
    return float(max(grown, 1))


def _resident_kib() -> int:
    """What the process occupies now, not at its highest."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


def _witnesses(folder: Path) -> Row:
    """Witnesses decided a second, files opened and both signatures checked, against bare P-256."""
    seat = new_district(folder / "witness")
    seat.load_sample(folder)
    kit = seat.enrol("kit-01")
    seat.lease(kit)
    seat.bundle(kit)
    kit.begin()
    payable = [each for each in PERSONAS if kit.leases_of(each)]
    for each in payable:
        kit.pay(each)
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    EvidenceIntake(seat.home, seat.database).receive(kit.device, kit.attachments)
    ours = len(payable) / _seconds(lambda: witness.check_pending(seat.database, seat.home.area))
    seat.database.close()
    return _row("witness worker", "witnesses/s", ours, _p256(), "bare P-256 verification", 0.0)


def _p256() -> float:
    key = ec.generate_private_key(ec.SECP256R1())
    data = secrets.token_bytes(8)
    signature, public = key.sign(data, ec.ECDSA(hashes.SHA256())), key.public_key()
    return 500 / _seconds(lambda: [public.verify(signature, data, ec.ECDSA(hashes.SHA256())) for _ in range(500)])


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _row(name: str, unit: str, ours: float, peer: float, peer_name: str, goal: float, *, less: bool = False) -> Row:
    ratio = ours / peer
    return {
        "name": f"district: {name}", "unit": unit, "ours": round(ours, 2), "peer": round(peer, 2),
        "peer_name": peer_name, "ratio": round(ratio, 3), "goal": goal,
        "holds": ratio <= goal if less else ratio >= goal,
    }  # fmt: skip
