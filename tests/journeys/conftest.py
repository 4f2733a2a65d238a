"""A kiosk with real widgets, a real card reader and a printer, played by real touches.

The clock that fingers are measured with runs twenty times as fast, so that the rules against trembling hands
stay in force and cost a test little.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

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
from tests.desk.area import NOW, Office  # noqa: E402

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


@dataclass
class Road:
    """One device on the road: its office, its kiosk, its player, its printer."""

    office: Office
    kiosk: Kiosk
    player: Player
    visit: Visit
    printer: Server
    papers: Path

    def slips(self) -> int:
        """How many papers came out."""
        return len(list(self.papers.glob("*.png")))


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
    with Field(SECOND_READER_PORT) as field:
        kiosk = Kiosk(office.settings, Silent(), lambda: NOW, lambda: time.monotonic() * HASTE)
        player = Player(kiosk, Reader(office, field), tmp_path / "pictures", settle=0.5 / HASTE)
        kiosk.open()
        kiosk.host.start()
        yield Road(office, kiosk, player, Visit(player), printer, tmp_path / "paper")
        field.take()
        kiosk.close()
        kiosk.host.stop()
