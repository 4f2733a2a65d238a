"""What a receipt costs: bytes on the wire, milliseconds to lay out, milliseconds to the first byte.

The peer for bytes and layout is python-escpos, which is given the very same dots and sends them
whole. Sizes are exact; times are the best of many runs in this process.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from escpos.printer import Dummy
from PIL import Image

from hardware.printer import layout, ports
from hardware.printer.driver import Printer
from hardware.printer.escpos import job_for
from hardware.printer.profiles import EPSON_TM_M30, GENERIC_58, GENERIC_80, Profile
from hardware.printer.raster import RasterPage
from hardware.virtual.printer.server import Server, new_machine, running
from kiosk.paper import page_for
from kiosk.paper.samples import SAMPLES

LIMIT_BYTES = {"58": 26_000, "80": 30_000}
LIMIT_LAYOUT_MS = 25.0
LIMIT_FIRST_BYTE_MS = 40.0
RECEIPTS = tuple(name for name in SAMPLES if name.startswith("payout"))


def rows() -> list[dict[str, Any]]:
    """One row a number, in the form that `make bench` prints."""
    return [*_sizes(), *_layouts(), _first_byte()]


def _sizes() -> list[dict[str, Any]]:
    found = []
    for profile in (GENERIC_58, GENERIC_80):
        limit = LIMIT_BYTES[profile.paper.name]
        for name in RECEIPTS:
            page = _page(name, profile)
            ours, peer = job_for(page, profile).size, len(_escpos(page))
            what = f"receipt: {name}, {profile.paper.name} mm"
            found.append(_row(what, "bytes", ours, peer, "python-escpos, same dots", limit))
    return found


def _layouts() -> list[dict[str, Any]]:
    found = []
    for profile in (GENERIC_58, GENERIC_80):
        layout.warm(profile.paper)
        page = _page("payout", profile)
        ours = _best_ms(lambda profile=profile: job_for(_page("payout", profile), profile))  # type: ignore[misc]
        peer = _best_ms(lambda page=page: _escpos(page))  # type: ignore[misc]
        what = f"receipt: layout, raster and commands, {profile.paper.name} mm"
        peer_name = "python-escpos, raster only"
        found.append(_row(what, "ms", ours, peer, peer_name, LIMIT_LAYOUT_MS))
    return found


def _first_byte() -> dict[str, Any]:
    """From "the payout is durable" to bytes on the wire: layout, status question, first write."""
    with TemporaryDirectory() as folder:
        server = Server(new_machine(EPSON_TM_M30, Path(folder)))
        server.listen_tcp(0)
        with running(server):
            printer = Printer(ports.network("127.0.0.1", server.port), EPSON_TM_M30)
            printer.status()
            ours = min(_until_first_byte(printer) for _ in range(15))
            printer.close()
    what = "receipt: durable to first byte out"
    return _row(what, "ms", ours, LIMIT_FIRST_BYTE_MS, "limit of the plan", LIMIT_FIRST_BYTE_MS)


def _until_first_byte(printer: Printer) -> float:
    started = time.perf_counter()
    page = _page("payout", EPSON_TM_M30)
    laid_out = time.perf_counter() - started
    return (laid_out + printer.print_page(page).first_byte_s) * 1000


def _page(name: str, profile: Profile) -> RasterPage:
    sample = SAMPLES[name]
    return page_for(sample.document, profile.paper, sample.signature)


def _escpos(page: RasterPage) -> bytes:
    """The same dots through python-escpos."""
    inverted = bytes(byte ^ 0xFF for byte in page.bits)
    printer = Dummy(profile="TM-T20II")
    printer.image(Image.frombytes("1", (page.paper.width, page.rows), inverted))
    output: bytes = printer.output
    return output


def _best_ms(call: Callable[[], object], runs: int = 25) -> float:
    best = float("inf")
    for _ in range(runs):
        started = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - started)
    return best * 1000


def _row(name: str, unit: str, ours: float, peer: float, peer_name: str, limit: float) -> dict[str, Any]:
    return {
        "name": name,
        "unit": unit,
        "ours": round(ours, 2),
        "peer": round(peer, 2),
        "peer_name": peer_name,
        "ratio": round(ours / peer, 3),
        "goal": f"<= {limit:g} {unit}",
        "holds": ours <= limit,
    }
