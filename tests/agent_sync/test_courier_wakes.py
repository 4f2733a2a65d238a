"""Somebody at the kiosk asks to try now: a pausing courier does not make them wait for the end of its pause."""

from __future__ import annotations

import threading
from pathlib import Path

from agent_sync import courier as couriers
from agent_sync.courier_home import CourierHome, Link
from agent_sync.wire import HttpsWire
from kiosk.exchange.spool import Outbox

HOUR = 3600.0


def pausing(tmp_path: Path) -> tuple[couriers.Courier, threading.Event]:
    """A courier of an empty spool, and what stops it."""
    for name in ("out", "in"):
        (tmp_path / "spool" / name).mkdir(parents=True)
    home = CourierHome(tmp_path, tmp_path / "spool", Link("https://localhost:1", "a", "D1", 1))
    return couriers.Courier(home, HttpsWire(home.link.url, home.ca, None)), threading.Event()


def test_a_long_pause_ends_when_the_kiosk_asks(tmp_path: Path) -> None:
    courier, stop = pausing(tmp_path)
    resting = threading.Thread(target=couriers._rest, args=(courier, couriers.Need.UPLOAD, stop, HOUR))
    resting.start()
    while resting.is_alive():
        Outbox(tmp_path / "spool" / "out").wake()
        resting.join(0.1)
    assert not stop.is_set()


def test_a_long_pause_ends_when_the_courier_is_stopped(tmp_path: Path) -> None:
    courier, stop = pausing(tmp_path)
    resting = threading.Thread(target=couriers._rest, args=(courier, couriers.Need.UPLOAD, stop, HOUR))
    resting.start()
    stop.set()
    resting.join(10)
    assert not resting.is_alive()


def test_an_upload_ends_the_pause_of_the_download_which_fetches_its_checkpoint(tmp_path: Path) -> None:
    courier, stop = pausing(tmp_path)
    resting = threading.Thread(target=couriers._rest, args=(courier, couriers.Need.DOWNLOAD, stop, HOUR))
    resting.start()
    while resting.is_alive():
        courier.status.sent += 1
        resting.join(0.1)
    assert not stop.is_set()
