"""The hand at the virtual printer: every deed, and lines that make no sense."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hardware.printer import ports
from hardware.printer.driver import Printer, Result
from hardware.printer.paper import PAPER_58, Paper
from hardware.printer.profiles import EPSON_TM_M30, GENERIC_58
from hardware.printer.raster import RasterPage
from hardware.printer.state import PrinterState
from hardware.virtual import desk
from hardware.virtual.printer.control import DEEDS, Wires, answer
from hardware.virtual.printer.hand import Hand
from hardware.virtual.printer.machine import Machine
from hardware.virtual.printer.roll import Roll
from tests.hardware.printer.conftest import Setup


def machine() -> Machine:
    return Machine(GENERIC_58, Roll(PAPER_58, Path("/nonexistent"), 1000, keep=True))


def told(line: bytes) -> dict[str, Any]:
    reply = answer(line, machine(), Wires())
    assert reply.endswith(b"\n")
    found: dict[str, Any] = json.loads(reply)
    return found


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_every_deed_answers(deed: str) -> None:
    assert "ok" in told(json.dumps({"do": deed}).encode())


@pytest.mark.parametrize("request_", [request for _, request in desk.PRINTER_DEEDS], ids=lambda it: str(it["do"]))
def test_every_button_of_the_control_desk_is_obeyed(request_: dict[str, Any]) -> None:
    assert told(json.dumps(request_).encode())["ok"] is True


def test_the_control_desk_says_what_was_torn_off(
    setup_printer: Callable[..., Setup], page: Callable[..., RasterPage]
) -> None:
    setup = setup_printer()
    assert desk._told(setup.hand.do("tear_off")) == "không có giấy in"
    setup.printer.print_page(page(PAPER_58))
    assert desk._told(setup.hand.do("tear_off")).endswith(".png")
    assert desk._told(setup.hand.do("open_cover")) == "xong"
    assert desk._told({"ok": False, "error": "unknown_deed"}) == "unknown_deed"


NONSENSE = [
    b"",
    b"{",
    b"[]",
    b"1",
    b'{"do": 3}',
    b'{"do": "fly"}',
    b'{"do": "paper", "mm": -1}',
    b'{"do": "paper", "mm": true}',
    b'{"do": "paper_rows"}',
    b'{"do": "silent", "on": 3}',
    b'{"do": "after", "bytes": 0}',
    b'{"do": "after", "bytes": 1, "then": "after"}',
    b'{"do": "slow", "rows_per_second": "x"}',
    b'{"do": "buffer", "bytes": 1}',
    b"\xff\xfe",
    b"[" * 4000,
]


@pytest.mark.parametrize("line", NONSENSE)
def test_nonsense_is_answered_and_changes_nothing(line: bytes) -> None:
    box, wires = machine(), Wires()
    reply = json.loads(answer(line, box, wires))
    assert reply["ok"] is False
    assert wires == Wires()
    assert box.roll.left == 1000
    assert not box.faults.silent


@given(st.binary(max_size=200))
def test_any_line_is_answered(line: bytes) -> None:
    assert "ok" in told(line)


def test_a_full_buffer_is_kept_and_printed_after_the_cure(
    setup_printer: Callable[..., Setup], page: Callable[[Paper], RasterPage]
) -> None:
    rig = setup_printer(EPSON_TM_M30)
    rig.hand.do("after", bytes=4000, then="open_cover")
    rig.printer.print_page(page(EPSON_TM_M30.paper))
    rows = rig.hand.do("status")["strip_rows"]
    assert rig.hand.do("close_cover")["ok"]
    assert rig.hand.do("status")["strip_rows"] > rows


def test_tearing_white_paper_makes_no_receipt(setup_printer: Callable[..., Setup]) -> None:
    rig = setup_printer()
    assert rig.hand.do("tear_off")["torn"] is None


def test_one_host_at_a_time(setup_printer: Callable[..., Setup]) -> None:
    rig = setup_printer()
    assert rig.printer.status() is PrinterState.READY
    with socket.create_connection(("127.0.0.1", rig.server.port), timeout=5) as second:
        second.settimeout(5)
        assert second.recv(1) == b""
    assert rig.printer.status() is PrinterState.READY


def test_as_a_program_it_prints_into_a_folder(tmp_path: Path, page: Callable[[Paper], RasterPage]) -> None:
    command = [sys.executable, "-m", "hardware.virtual.printer", "--port", "0"]
    command += ["--out", str(tmp_path / "out"), "--control", str(tmp_path / "c")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().split()[-1])
        printer = Printer(ports.network("127.0.0.1", port), GENERIC_58)
        assert printer.print_page(page(PAPER_58)).result is Result.UNKNOWN
        printer.close()
        torn = Hand(tmp_path / "c").do("tear_off")["torn"]
        process.terminate()
        assert process.wait(timeout=10) == 0
    with Image.open(torn) as picture:
        assert picture.width == PAPER_58.width + 2 * ((PAPER_58.dots(58) - PAPER_58.width) // 2)
