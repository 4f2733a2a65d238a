"""``tannha doctor --print``: a page on the set printer, for a person to look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.printer.profiles import GENERIC_58
from hardware.virtual.printer.server import Server, new_machine, running
from kiosk.commands import doctor
from kiosk.settings import from_mapping


def found(tmp_path: Path, port: int) -> doctor.Finding:
    table = {"kind": "network", "address": f"127.0.0.1:{port}", "profile": "generic-58"}
    return doctor.paper(from_mapping(tmp_path, {"printer": table}))


def test_a_test_page_comes_out_of_a_device_that_nobody_enrolled(tmp_path: Path) -> None:
    server = Server(new_machine(GENERIC_58, tmp_path, 30_000))
    server.listen_tcp(0)
    with running(server):
        finding = found(tmp_path, server.port)
    assert finding.health is doctor.Health.GOOD
    assert server.machine.counted.junk == 0
    assert len(server.machine.roll.strip) > 400


@pytest.mark.parametrize("differs", [{}, {"feed_out_mm": 99}], ids=["no printer", "wrong setting"])
def test_without_a_printer_it_says_so(tmp_path: Path, differs: dict[str, int]) -> None:
    kind = "network" if differs else "none"
    settings = from_mapping(tmp_path, {"printer": {"kind": kind, "address": "a:1", "differs": differs}})
    assert doctor.paper(settings).health is not doctor.Health.GOOD


def test_a_printer_that_is_off_printed_nothing(tmp_path: Path) -> None:
    finding = found(tmp_path, 9)
    assert finding.health is doctor.Health.BAD
    assert "not printed" in finding.state
