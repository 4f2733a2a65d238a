"""``python -m tests.bench.morning``: a country's morning hour in little, over TLS on loopback, and what it costs.

Every device makes a connection of its own, sends what it paid, asks for its bundle and for the checkpoint that covers
it, and tries another server when one was killed under it: what a balancer would do. Three stateless processes serve
from one PostgreSQL. Bounded in devices, connections and tries; one JSON object at the end. Not for `make bench`.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from agent_sync import api
from agent_sync.district import verify
from agent_sync.district.database import insert_new
from agent_sync.district.schema import device, entry, payout
from agent_sync.errors import Unreachable
from agent_sync.wire import HttpsWire
from kiosk.exchange import bundle as xb
from kiosk.exchange import checkpoint as xc
from kiosk.payout.names import DeviceId
from tests import postgres
from tests.agent_sync import live
from tests.agent_sync.country import Village, add_people
from tests.agent_sync.field_kit import FieldKit, Seat, new_district

SERVERS = 3
TRIES = 400
HOUR = 3_600
FIRST_FACTS = 3
"""Epoch, start and session, before the first visit."""


@dataclass(frozen=True, slots=True)
class Morning:
    """How much happens."""

    devices: int
    visits: int
    kills: int
    couriers: int
    """How many devices are on the line at once."""


@dataclass
class Told:
    """What the couriers saw. Shared by threads; lists only grow."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    retries: list[str] = field(default_factory=list)
    processor_seconds: float = 0.0
    """Used by the servers that were killed."""


@dataclass
class Town:
    """Three servers and the hands that kill them."""

    seat: Seat
    servers: list[live.Server]
    rng: random.Random

    @property
    def urls(self) -> list[str]:
        return [each.url for each in self.servers]

    def kill_one(self) -> None:
        """As if the power went, and up again on the same port."""
        which = self.rng.randrange(SERVERS)
        self.servers[which].kill()
        self.servers[which] = live.start(self.seat, self.servers[which].port, "--no-witness-worker")


def play(folder: Path, server: str, morning: Morning) -> dict[str, Any]:
    """Play it; what it took and what the district holds."""
    seat = new_district(folder / "district", url=postgres.fresh_database(server))
    kits = _kits(seat, morning)
    ports = [live.free_port() for _ in range(SERVERS)]
    town = Town(seat, [live.start(seat, port, "--no-witness-worker") for port in ports], random.Random(5))
    told, done = Told(), threading.Event()
    killer = threading.Thread(target=_kill, args=(town, morning, told, done))
    killer.start()
    started = time.monotonic()
    with ThreadPoolExecutor(morning.couriers) as pool:
        for each in [pool.submit(_device, town, kit, number, morning, told) for number, kit in enumerate(kits)]:
            each.result()
    seconds = time.monotonic() - started
    done.set()
    killer.join()
    before = _processor_seconds()
    for each in town.servers:
        each.stop()
    spent = _processor_seconds() - before + told.processor_seconds
    answer = _answer(seat, morning, told, seconds)
    seat.database.close()
    return answer | {"server_processor_ms_per_device": round(1_000 * spent / morning.devices, 1)}


def _processor_seconds() -> float:
    """What ended children used: a server's bill comes when it stops, starts and imports included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _kits(seat: Seat, morning: Morning) -> list[FieldKit]:
    """Devices with keys of their own, enrolled wholesale: the ceremony of one stands for all."""
    first = seat.enrol("kit-00000")
    with seat.database.read() as connection:
        row = dict(connection.execute(select(device)).mappings().one())
    kits = [first]
    for number in range(1, morning.devices):
        kit = FieldKit(first.area, DeviceId(f"kit-{number:05d}"), first.mode)
        kit.grant = first.grant
        kits.append(kit)
    with seat.database.write() as connection:
        new = [row | {"id": kit.device} | _keys(kit) for kit in kits[1:]]
        insert_new(connection, device, new)
    return kits


def _keys(kit: FieldKit) -> dict[str, str]:
    return {"signing_key": kit.sign_public.hex(), "sealing_key": kit.seal_public.hex()}


def _device(town: Town, kit: FieldKit, number: int, morning: Morning, told: Told) -> None:
    """One device's morning: visits, one batch up, bundle and checkpoint down."""
    place = Village(town.seat, kit, add_people(town.seat, kit, number * morning.visits, morning.visits))
    kit.begin()
    for held in place.leases:
        place._pay(held)
    body, line = api.pack([place._seal(0)]), random.Random(number)
    paths = (api.bundle_path(kit.area, kit.device), api.checkpoint_path(kit.area, kit.device, kit.epoch))
    _asked(town, line, told, "segments", lambda wire: wire.post(api.segments_path(kit.area, kit.device), body, (200,)))
    bundle = _asked(town, line, told, "bundle", lambda wire: wire.get(paths[0], "", (200,)))
    answer = _asked(town, line, told, "checkpoint", lambda wire: wire.get(paths[1], "", (200,)))
    to = xb.Addressee(kit.area, kit.device, kit.epoch, kit.seal_public)
    checkpoint = xc.read_checkpoint(answer.body, town.seat.home.keys.signing_public, to)
    assert bundle.body
    assert (checkpoint.next, checkpoint.head) == (len(kit.entries), kit.head)
    kit.entries.clear()


def _asked(town: Town, line: random.Random, told: Told, what: str, ask: Callable[[HttpsWire], Any]) -> Any:
    """One request on a connection of its own, with any server that answers."""
    for _ in range(TRIES):
        wire = HttpsWire(line.choice(town.urls), town.seat.home.ca_certificate, None)
        started = time.monotonic()
        try:
            answer = ask(wire)
        except Unreachable:
            told.retries.append(what)
            time.sleep(0.05)
        else:
            told.took[what].append(time.monotonic() - started)
            return answer
        finally:
            wire.close()
    raise AssertionError(f"no server took {what}")


def _kill(town: Town, morning: Morning, told: Told, done: threading.Event) -> None:
    """Spread the kills evenly over the work, not over the time, so that each falls under load."""
    for number in range(1, morning.kills + 1):
        while len(told.took["segments"]) < number * morning.devices // (morning.kills + 1) and not done.is_set():
            done.wait(0.05)
        before = _processor_seconds()
        town.kill_one()
        told.processor_seconds += _processor_seconds() - before


def _answer(seat: Seat, morning: Morning, told: Told, seconds: float) -> dict[str, Any]:
    with seat.database.read() as connection:
        entries = int(connection.execute(select(func.count()).select_from(entry)).scalar() or 0)
        paid = int(connection.execute(select(func.count()).where(payout.c.state == "completed")).scalar() or 0)
    expected = morning.devices * morning.visits
    found = verify.verify(seat.home, seat.database)
    requests = sum(len(each) for each in told.took.values())
    return {
        "devices": morning.devices, "payouts": expected, "kills": morning.kills, "seconds": round(seconds, 1),
        "requests_per_second": round(requests / seconds, 1), "payouts_per_second": round(expected / seconds, 1),
        "devices_an_hour": round(morning.devices * HOUR / seconds), "retries": len(told.retries),
        "lost": max(0, expected - paid), "twice": max(0, paid - expected),
        "entries_missing": morning.devices * (FIRST_FACTS + 3 * morning.visits) - entries,
        "problems": found.problems[:5], "cases": found.cases,
        "milliseconds": {what: _spread(took) for what, took in sorted(told.took.items())},
    }  # fmt: skip


def _spread(took: list[float]) -> dict[str, int]:
    cuts = statistics.quantiles(took, n=100)
    return {"median": round(1_000 * cuts[49]), "p95": round(1_000 * cuts[94]), "p99": round(1_000 * cuts[98])}


def main() -> int:
    """Play a morning; 0 when nothing was lost or doubled and everything verifies."""
    parser = argparse.ArgumentParser(prog="tests.bench.morning")
    for name, usual in (("devices", 20_000), ("visits", 10), ("kills", 10), ("couriers", 16)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    morning = Morning(**vars(parser.parse_args()))
    with postgres.cluster("--durable") as server, tempfile.TemporaryDirectory() as folder:
        told = play(Path(folder), server, morning)
    print(json.dumps(told, indent=2))
    return 1 if told["lost"] or told["twice"] or told["entries_missing"] or told["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
