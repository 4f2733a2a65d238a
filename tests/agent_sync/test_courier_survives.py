"""Both directions of the courier share one hint; neither may take the other down, nor die without a word."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent_sync import courier as couriers
from agent_sync.courier_home import CourierHome, Link
from agent_sync.errors import Unreachable
from agent_sync.wire import Answer


class Unforeseen(Exception):
    """Stands for a mistake in our own code."""


class BrokenWire:
    """A line whose downloads hit a mistake; uploads never get through."""

    def post(self, path: str, body: bytes, expected: tuple[int, ...]) -> Answer:
        raise Unreachable("no line")

    def get(self, path: str, tag: str, expected: tuple[int, ...]) -> Answer:
        raise Unforeseen(path)


@pytest.fixture
def courier(tmp_path: Path) -> couriers.Courier:
    """A courier with an empty spool."""
    for name in ("out", "in"):
        (tmp_path / "spool" / name).mkdir(parents=True)
    return couriers.Courier(
        CourierHome(tmp_path, tmp_path / "spool", Link("https://localhost:1", "a", "D1", 1)), BrokenWire()
    )


def test_both_directions_write_the_hint_at_once(courier: couriers.Courier) -> None:
    def write() -> None:
        for _ in range(150):
            courier.write_status()

    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(write), both.submit(write)]:
            done.result()
    assert courier.home.status.exists()


def test_a_hint_that_cannot_be_written_stops_nothing(courier: couriers.Courier) -> None:
    courier.home.status.mkdir()
    couriers._tell(courier)
    with pytest.raises(OSError, match="status"):
        courier.write_status()


def test_what_nobody_foresaw_ends_the_whole_courier(courier: couriers.Courier) -> None:
    stop = threading.Event()
    with pytest.raises(Unforeseen):
        couriers.run(courier, stop, random.Random(1))
    assert stop.is_set(), "the other direction ended too, so that systemd starts both anew"
