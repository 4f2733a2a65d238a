"""A kiosk with real widgets, a real card reader and a printer, played by real touches.

The clock that fingers are measured with runs twenty times as fast, so that the rules against trembling hands
stay in force and cost a test little.
"""

from __future__ import annotations

import os
import pty
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread

import pytest

from agent_sync.district import ids, leases, trusts
from hardware.printer.profiles import PROFILES
from hardware.virtual.card.faults import FAULTS, FaultyCard
from hardware.virtual.card.field import Field
from hardware.virtual.card.personas import card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.pcscd import running_pcscd
from hardware.virtual.printer.server import Server, new_machine
from kiosk.screens.environment import prepare_environment

prepare_environment(headless=True, size="1024x600")

from kiosk.app import Kiosk, Silent  # noqa: E402  # opens a window while it loads: the environment comes first
from kiosk.demo.player import Player  # noqa: E402
from kiosk.demo.visit import Visit  # noqa: E402
from kiosk.flow.screens import Screen  # noqa: E402
from kiosk.payout.names import UnixSeconds  # noqa: E402
from kiosk.settings import PrinterKind, PrinterSettings  # noqa: E402
from tests.agent_sync.field_kit import MONTH, new_district  # noqa: E402
from tests.desk.area import NOW, Office, until_empty  # noqa: E402
from tests.journeys.real_area import KIT, SOON, Area  # noqa: E402

HASTE = 20
SECOND_READER_PORT = 35964


@dataclass
class Reader:
    """Hands at the reader."""

    office: Office
    field: Field

    def lay(self, card: str) -> None:
        """Put a persona's card down; ``card:fault`` is a card with something wrong on the wire."""
        key, _, fault = card.partition(":")
        program = CardProgram(card_of(self.office.district.issuer, key))
        self.field.lay(FaultyCard(program, FAULTS[fault]) if fault else program)

    def take(self) -> None:
        """Take it away."""
        self.field.take()


class Hand(Player):
    """Hands without a camera: nobody looks at these pictures, and one costs as much as a touch."""

    def picture(self, name: str) -> None:
        """None is taken."""

    def scribble(self) -> None:
        """A signature that goes on for ever: ten long strokes."""
        line = tuple((x, 100 + x * 7 // 10) for x in range(20, 980, 4))
        self._hands.draw("sign-pad", tuple(tuple((x, (y + 7 * n) % 900 + 50) for x, y in line) for n in range(10)))
        self.rest(0.1)


class Road:
    """One device on the road: its office, its kiosk, its player, its printer."""

    def __init__(self, office: Office, field: Field, printer: Server, folder: Path) -> None:
        self.office, self.field, self.printer, self.folder = office, field, printer, folder
        self._skipped = 0.0
        self._start()

    def _start(self) -> None:
        """Switch the device on: the idle screen is shown."""
        self.kiosk = Kiosk(self.office.settings, Silent(), self.office.clock, self._fingers)
        reader = Reader(self.office, self.field)
        self.player = Hand(self.kiosk, reader, self.folder / "pictures", settle=0.5 / HASTE)
        drawer = self.visit.drawer if hasattr(self, "visit") else None
        self.visit = Visit(self.player)
        if drawer is not None:
            self.visit.drawer = drawer
        self.kiosk.open()
        self.kiosk.host.start()

    def _fingers(self) -> float:
        return time.monotonic() * HASTE + self._skipped

    def skip(self, seconds: float) -> None:
        """So much passes by the clock of the fingers, and a frame is drawn: nobody waits."""
        self._skipped += seconds
        self.kiosk.host.tick()

    def cut_power(self) -> None:
        """The device goes down with whatever it was doing, and comes up again."""
        self.kiosk.close()
        self.kiosk.host.stop()
        self._start()

    def fill_disk(self, *, full: bool) -> None:
        """Let SQLite run out of pages, or give them back, in the thread that owns it."""

        def limit() -> None:
            books = self.kiosk._desk._books
            assert books is not None
            books.store._connection.exec_driver_sql(f"PRAGMA max_page_count={1 if full else 2**30}")
            books.store._connection.rollback()

        self.kiosk._desk._jobs.put(limit)

    def slips(self) -> int:
        """How many papers came out."""
        return len(list((self.folder / "paper").glob("*.png")))


@dataclass
class ScannerLine:
    """A scanner's serial line: its end in the scanner, and the device that a kiosk opens."""

    end: int
    device: str

    def reads(self, road: Road, text: str, on: type[Screen], then: type[Screen]) -> None:
        """Opening a line drops what came before, so whoever is not heard scans again."""
        last = 0.0

        def seen(now: Screen) -> bool:
            nonlocal last
            if isinstance(now, on) and time.monotonic() - last > 0.5:
                last = time.monotonic()
                os.write(self.end, f"{text}\r\n".encode())
            return isinstance(now, then)

        road.player.until(then.__name__, seen)


@pytest.fixture
def scanner_line() -> Iterator[ScannerLine]:
    """A real serial line."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    yield ScannerLine(ours, os.ttyname(theirs))
    os.close(ours)
    os.close(theirs)


@pytest.fixture(scope="session")
def pcsc() -> Iterator[str]:
    """A PC/SC service."""
    with running_pcscd() as reader:
        yield reader


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[Server]:
    """A printer that confirms what it printed."""
    (tmp_path / "paper").mkdir()
    server = Server(new_machine(PROFILES["epson-tm-m30"], tmp_path / "paper", 30_000))
    server.listen_tcp(0)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    if thread.is_alive():
        server.stop()
    thread.join(5)


@pytest.fixture
def road(tmp_path: Path, printer: Server, pcsc: str) -> Iterator[Road]:
    """Everything up, the idle screen shown."""
    office = Office(tmp_path / "device", printer.port)
    office.desk.stop()
    until_empty(office.settings.reader)
    with Field(SECOND_READER_PORT) as field:
        up = Road(office, field, printer, tmp_path)
        yield up
        field.take()
        up.kiosk.close()
        up.kiosk.host.stop()


@contextmanager
def sent_out(area: Area, printer: Server) -> Iterator[Road]:
    """A device of a real district, away from any network and played by touches; what it wrote comes home afterwards."""
    area.cut_power()
    network = PrinterSettings(PrinterKind.NETWORK, f"127.0.0.1:{printer.port}", "epson-tm-m30")
    area.settings = replace(area.settings, printer=network)
    with Field(SECOND_READER_PORT) as field:
        up = Road(area, field, printer, area.folder)
        try:
            yield up
        finally:
            up.kiosk.close()
            up.kiosk.host.stop()
    area.start()
    area.sign_in()
    area.meet()


def ticking(start: UnixSeconds) -> Callable[..., UnixSeconds]:
    """A district's clock that goes on from ``start``."""
    began = time.monotonic()

    def clock(*_: object) -> UnixSeconds:
        return UnixSeconds(start + int(time.monotonic() - began))

    return clock


@pytest.fixture
def area(tmp_path: Path, pcsc: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Area]:
    """District, list, issuer, leases, and the device at the roadside."""
    monkeypatch.setattr(ids, "now", ticking(NOW))
    seat = new_district(tmp_path / "district")
    seat.load_sample(tmp_path)
    until_empty(pcsc)
    up = Area(tmp_path, seat)
    issuer = tmp_path / "csca.der"
    issuer.write_bytes(up.district.issuer.csca_certificate)
    with seat.database.write() as connection:
        trusts.add(connection, seat.home, issuer)
        leases.grant(connection, seat.home.area, KIT, leases.Wanted(MONTH), SOON, "an")
    yield up
    up.cut_power()
    seat.database.close()
