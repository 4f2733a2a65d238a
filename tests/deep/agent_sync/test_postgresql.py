"""The grown district: the same code on PostgreSQL, three stateless processes, killed at random under load."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from agent_sync import courier_home
from agent_sync.courier import Backoff, Courier, once
from agent_sync.district import backups, verify, witness
from agent_sync.district import home as homes
from agent_sync.district.database import Database
from agent_sync.district.evidence import EvidenceIntake
from agent_sync.district.intake import Intake
from agent_sync.district.schema import entry, metadata, payout
from agent_sync.wire import HttpsWire
from kiosk.exchange import segment as xs
from kiosk.exchange import spool
from kiosk.payout import journal as j
from kiosk.payout.names import PersonId, UnpaidReason
from tests import postgres
from tests.agent_sync import live
from tests.agent_sync.field_kit import FieldKit, Seat, new_district

KITS = 4
SEGMENTS = 40
KILLS = 8


def equipped(tmp_path: Path, url: str) -> tuple[Seat, FieldKit]:
    seat = new_district(tmp_path / "district", url=url)
    seat.load_sample(tmp_path)
    kit = seat.enrol("kit-01")
    seat.lease(kit)
    seat.bundle(kit)
    kit.begin()
    return seat, kit


def test_the_schema_is_what_the_migrations_make(tmp_path: Path, database: str) -> None:
    seat, _ = equipped(tmp_path, database)
    with seat.database.read() as connection:
        found = inspect(connection)
        made = {name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()}
        lead = {name: found.get_pk_constraint(name)["constrained_columns"][0] for name in metadata.tables}
    assert {name: {each.name for each in table.columns} for name, table in metadata.tables.items()}.items() <= (
        made.items()
    )
    assert set(lead.values()) == {"area"}, "the area leads every key"
    seat.database.close()


def test_a_visit_on_postgresql_verifies_and_lies_in_its_month(tmp_path: Path, database: str) -> None:
    seat, kit = equipped(tmp_path, database)
    kit.pay("ba-sau")
    kit.pay("ba-khe")
    kit.close_session()
    twin = kit.twin()
    assert Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])[0].outcome.value == "accepted"
    EvidenceIntake(seat.home, seat.database).receive(kit.device, kit.attachments)
    witness.check_pending(seat.database, seat.home.area)
    found = verify.verify(seat.home, seat.database)
    assert (found.completed, found.completed_vnd) == (2, 1_500_000)
    with seat.database.read() as connection:
        tables = inspect(connection).get_table_names()
        months = set(connection.execute(select(entry.c.month)).scalars())
    assert {f"entry_{month:06d}" for month in months} <= set(tables)
    twin.entries = twin.entries[:3]
    twin.now += 5
    twin.pay("ba-sau")
    Intake(seat.home, seat.database).receive(kit.device, [twin.seal()])
    assert "fork" in verify.verify(seat.home, seat.database).cases_by_kind
    seat.database.close()


@pytest.mark.parametrize("text", ["\x00", "\ud7ff", "x" * 3_000, "đ" * 90])
def test_no_text_of_a_kit_breaks_the_database(tmp_path: Path, database: str, text: str) -> None:
    seat, kit = equipped(tmp_path, database)
    authorised = kit.authorise("ba-sau")
    fact = authorised.fact
    assert isinstance(fact, j.PayoutAuthorised)
    kit.entries.pop()
    odd = j.AuthorisedLine(*([text] * 2), *(getattr(fact.lines[0], name) for name in _REST))  # type: ignore[arg-type]
    kit.complete(kit.authorise_lines(PersonId(text), (odd,), [], "ba-sau", chip=False))
    assert Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])[0].outcome.value == "accepted"
    assert verify.verify(seat.home, seat.database).completed == 1
    seat.database.close()


_REST = ("programme", "kind", "period", "amount")


def test_two_processes_bring_the_first_rows_of_a_month_at_once(tmp_path: Path, database: str) -> None:
    """A new partition wants its table to itself: neither batch may hold the table meanwhile, or one of them fails."""
    seat = new_district(tmp_path / "district", url=database)
    kits = [seat.enrol(f"kit-{number}") for number in range(6)]
    for kit in kits:
        kit.begin()
    together = threading.Barrier(len(kits))

    def receive(kit: FieldKit) -> str:
        own = Database(database)  # as in a process of its own
        together.wait()
        answer = Intake(seat.home, own).receive(kit.device, [kit.seal()])[0].outcome.value
        own.close()
        return answer

    with ThreadPoolExecutor(len(kits)) as pool:
        assert set(pool.map(receive, kits)) == {"accepted"}
    assert verify.verify(seat.home, seat.database).entries == sum(len(kit.entries) for kit in kits)
    seat.database.close()


def test_backup_and_restore_through_the_databases_own_tools(tmp_path: Path, cluster: str, database: str) -> None:
    seat, kit = equipped(tmp_path, database)
    kit.pay("ba-sau")
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    EvidenceIntake(seat.home, seat.database).receive(kit.device, kit.attachments)
    backups.make(seat.home, seat.database, tmp_path / "night.tar")
    assert backups.restore(tmp_path / "night.tar", tmp_path / "new", postgres.fresh_database(cluster)) == 2
    home = homes.load(tmp_path / "new")
    again = Database(home.settings.database)
    found = verify.verify(home, again)
    assert (found.problems, found.completed, found.chip_witnesses) == ([], 1, 1)
    again.close()
    seat.database.close()


def busy_kit(seat: Seat, folder: Path, number: int) -> FieldKit:
    """A kit with many small segments in its spool."""
    kit = seat.enrol(f"kit-{number:02d}")
    kit.begin()
    box, first = live.spool_of(folder) / "out", 0
    for visit in range(SEGMENTS):
        kit.write(j.VisitUnpaid(kit.session, kit.operator, PersonId(f"P-{visit}"), UnpaidReason.ABSENT, ()))
        data = kit.seal(first)
        (box / spool.segment_name(xs.peek(data))).write_bytes(data)
        first = len(kit.entries)
    return kit


def carry(seat: Seat, kit: FieldKit, folder: Path, ports: list[int], stop: threading.Event) -> None:
    """A courier that takes whichever server answers, until told that all has arrived."""
    rng = random.Random(str(kit.device))
    while not stop.is_set():
        link = courier_home.Link(f"https://localhost:{rng.choice(ports)}", kit.area, kit.device, kit.epoch)
        wire = HttpsWire(link.url, seat.home.ca_certificate, None)
        courier = Courier(courier_home.CourierHome(folder, folder / "spool", link), wire, batch_files=3)
        once(courier, courier.upload, Backoff(rng))
        once(courier, courier.download, Backoff(rng))
        wire.close()
        stop.wait(0.05)


def test_three_processes_killed_at_random_lose_and_double_nothing(tmp_path: Path, database: str) -> None:
    seat = new_district(tmp_path / "district", url=database)
    folders = [tmp_path / f"kit-{number}" for number in range(KITS)]
    kits = [busy_kit(seat, folder, number) for number, folder in enumerate(folders)]
    ports = [live.free_port() for _ in range(3)]
    servers = [live.start(seat, port) for port in ports]
    stop, rng = threading.Event(), random.Random(5)
    threads = [
        threading.Thread(target=carry, args=(seat, kit, folder, ports, stop))
        for kit, folder in zip(kits, folders, strict=True)
    ]
    for each in threads:
        each.start()
    killed = 0
    expected = sum(len(kit.entries) for kit in kits)
    while killed < KILLS or count(seat) < expected:
        stop.wait(rng.random() * 0.8)
        if killed < KILLS:
            which = rng.randrange(3)
            servers[which].kill()
            servers[which] = live.start(seat, ports[which])
            killed += 1
    stop.set()
    for each in threads:
        each.join()
    for server in servers:
        server.stop()
    assert count(seat) == expected
    found = verify.verify(seat.home, seat.database)
    assert (found.problems, found.cases, found.waiting_segments) == ([], 0, 0)
    with seat.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(payout)).scalar() == 0
    seat.database.close()


def count(seat: Seat) -> int:
    """Entries on record."""
    with seat.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(entry)).scalar() or 0)
