"""A real driver on a virtual printer: everything above the bytes is the product itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from hardware.printer import ports
from hardware.printer.driver import Patience, Printer
from hardware.printer.layout import Amount, Qr, Row, Text, heading, render
from hardware.printer.paper import Paper
from hardware.printer.profiles import GENERIC_58, Profile
from hardware.printer.raster import RasterPage
from hardware.virtual.printer.hand import Hand
from hardware.virtual.printer.server import Server, new_machine, running

QUICK = Patience(status_s=0.25, write_s=0.3, finish_s=2.0)


@dataclass(frozen=True, slots=True)
class Setup:
    """A driver, the hand at its printer, and the server behind both."""

    printer: Printer
    hand: Hand
    server: Server

    @property
    def counted(self) -> dict[str, int]:
        """What the printer has taken in."""
        counted: dict[str, int] = self.hand.do("status")["counted"]
        return counted


@pytest.fixture
def page() -> Callable[[Paper], RasterPage]:
    """A small receipt for any paper."""

    def make(paper: Paper) -> RasterPage:
        blocks = (
            heading("PHIẾU NHẬN TIỀN"),
            Text("Nguyễn Thị Sáu", bold=True),
            *(Row(f"Tháng {month}/2026", "625.000") for month in range(1, 13)),
            Amount("7.500.000 đ"),
            Qr(b"TN1" + b"A" * 150),
        )
        return render(blocks, paper)

    return make


@pytest.fixture
def setup_printer(tmp_path: Path) -> Iterator[Callable[..., Setup]]:
    """Start a virtual printer of a profile, on TCP or as a serial line."""
    with ExitStack() as stack:

        def start(profile: Profile = GENERIC_58, *, serial: bool = False) -> Setup:
            control = tmp_path / f"control-{profile.name}"
            server = Server(new_machine(profile, tmp_path / profile.name))
            if serial:
                server.listen_serial()
                connect = ports.serial_line(server.serial_path, profile)
            else:
                server.listen_tcp(0)
                connect = ports.network("127.0.0.1", server.port)
            server.listen_control(control)
            stack.enter_context(running(server))
            printer = Printer(connect, profile, QUICK)
            stack.callback(printer.close)
            return Setup(printer, Hand(control), server)

        yield start
