"""A kit with many segments behind a bad line: carried until the district has them all, and everything counted."""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import func, select

from agent_sync import courier_home
from agent_sync.courier import Backoff, Courier, once
from agent_sync.district import verify
from agent_sync.district.schema import entry, segment
from agent_sync.wire import HttpsWire
from kiosk.demo.bad_line import FAULTS as LINE_FAULTS
from kiosk.demo.bad_line import BadLine
from kiosk.exchange import segment as xs
from kiosk.exchange import spool
from kiosk.payout import journal as j
from kiosk.payout.names import PersonId, UnpaidReason
from tests.agent_sync import live
from tests.agent_sync.bad_network import FaultyWire
from tests.agent_sync.field_kit import FieldKit, Seat, new_district

ROUNDS = 3_000
FAULTS = ("lost", "unanswered", "doubled", "shuffled", "flipped")


def long_offline(kit: FieldKit, box: spool.Outbox, segments: int) -> None:
    """A kit that wrote many small segments while nobody listened."""
    kit.begin()
    first = 0
    for number in range(segments):
        kit.write(j.VisitUnpaid(kit.session, kit.operator, PersonId(f"P-{number}"), UnpaidReason.ABSENT, ()))
        data = kit.seal(first)
        (box.folder / spool.segment_name(xs.peek(data))).write_bytes(data)
        first = len(kit.entries)


def courier_of(seat: Seat, kit: FieldKit, folder: Path, port: int, batch_files: int) -> tuple[Courier, FaultyWire]:
    link = courier_home.Link(f"https://localhost:{port}", kit.area, kit.device, kit.epoch)
    home = courier_home.CourierHome(folder, folder / "spool", link)
    wire = FaultyWire(HttpsWire(link.url, seat.home.ca_certificate, None), random.Random(11))
    return Courier(home, wire, batch_files=batch_files), wire


def carry(tmp_path: Path, segments: int, batch_files: int, at_least: int) -> None:
    """None lost, none twice; every fault must have happened ``at_least`` times or the run proves nothing."""
    seat = new_district(tmp_path / "district")
    kit = seat.enrol("kit-01")
    box = spool.Outbox(live.spool_of(tmp_path / "kit") / "out")
    long_offline(kit, box, segments)
    with live.serving(seat) as server:
        line = BadLine(server.port, seed=7)
        courier, wire = courier_of(seat, kit, tmp_path / "kit", line.port, batch_files)
        clock = [0.0]
        courier.clock = lambda: clock[0]
        backoff, rounds = Backoff(random.Random(3)), 0
        while not settled(seat, kit):
            rounds += 1
            assert rounds < ROUNDS, wire.did
            once(courier, courier.upload, backoff)
            once(courier, courier.download, backoff)
            clock[0] += 3_600.0  # what was refused for a flipped bit is offered again after six hours
        line.close()
        wire.wire.close()
    assert len(box.files()) == segments, "the courier deletes nothing"
    with seat.database.read() as connection:
        total = connection.execute(select(func.count()).select_from(entry)).scalar()
        states = set(connection.execute(select(segment.c.state)).scalars())
    assert total == len(kit.entries)
    assert states == {"opened"}
    found = verify.verify(seat.home, seat.database)
    assert (found.problems, found.cases, found.waiting_segments) == ([], 0, 0)
    assert min(wire.did[fault] for fault in FAULTS) >= at_least, wire.did
    assert sum(line.did[fault] for fault in LINE_FAULTS) >= at_least, line.did
    seat.database.close()


def settled(seat: Seat, kit: FieldKit) -> bool:
    """The district has the whole chain."""
    with seat.database.read() as connection:
        total = connection.execute(select(func.count()).select_from(entry)).scalar()
    return total == len(kit.entries)
