"""A courier never gives up: neither direction dies quietly while the other lives on."""

from __future__ import annotations

import json
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent_sync import courier as couriers
from agent_sync.courier_home import CourierHome, Link
from agent_sync.errors import Unreachable
from agent_sync.wire import Answer

TRIES = 3
WRITES = 150


class NoLine:
    """A wire that carries nothing, and says when each direction was tried often enough."""

    def __init__(self, stop: threading.Event, fault: Exception | None = None) -> None:
        self.tried = 0
        self._stop, self._fault = stop, fault

    def post(self, path: str, body: bytes, expected: tuple[int, ...]) -> Answer:
        raise Unreachable("nobody")

    def get(self, path: str, tag: str, expected: tuple[int, ...]) -> Answer:
        self.tried += 1
        if self.tried == TRIES:
            self._stop.set()
        raise self._fault or Unreachable("nobody")


def courier_at(folder: Path, wire: NoLine) -> couriers.Courier:
    for name in ("out", "in"):
        (folder / "spool" / name).mkdir(parents=True)
    return couriers.Courier(CourierHome(folder, folder / "spool", Link("https://localhost:1", "a", "D1", 1)), wire)


def test_both_directions_write_the_status_at_once(tmp_path: Path) -> None:
    courier = courier_at(tmp_path, NoLine(threading.Event()))
    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(courier.write_status) for _ in range(WRITES)]:
            each.result()
    assert json.loads(courier.home.status.read_text())["waiting"] == 0


def test_a_status_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(couriers, "FIRST_PAUSE_S", 0.0)
    monkeypatch.setattr(couriers, "EAGER_PAUSE_S", 0.0)
    stop = threading.Event()
    wire = NoLine(stop)
    courier = courier_at(tmp_path, wire)
    (courier.home.status / "in the way").mkdir(parents=True)
    couriers.run(courier, stop, random.Random(1))
    assert wire.tried >= TRIES


def test_what_nobody_foresaw_ends_the_courier_instead_of_half_of_it(tmp_path: Path) -> None:
    stop = threading.Event()
    courier = courier_at(tmp_path, NoLine(stop, ZeroDivisionError("a fault of ours")))
    with pytest.raises(ZeroDivisionError):
        couriers.run(courier, stop, random.Random(1))
    assert stop.is_set()
