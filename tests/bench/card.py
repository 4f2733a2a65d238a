"""The chip reader on the virtual card behind pcscd, 20 KB face: APDUs, CPU of the host, and the link's own time.

The card answers from another process, so that the CPU counted is the reader's alone. The peers are the limits that the
plan sets, and for the slow link the time which that link takes for these very bytes and APDUs.
"""

import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from hardware.card import file_reader
from hardware.card.authenticity import check_witness
from hardware.card.passwords import Can
from hardware.card.pcsc import CardWatch, PcscLink
from hardware.card.reader import open_card
from hardware.card.reading import Chain, ChipReading, Level
from hardware.card.trust import TrustStore
from hardware.virtual.card.authentication import ActiveSigner
from hardware.virtual.card.control import ask
from hardware.virtual.card.faults import FAULTS, FaultyCard
from hardware.virtual.card.field import Field
from hardware.virtual.card.issuer import load_or_make_issuer
from hardware.virtual.card.personas import PERSONAS, card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.card.variants import VARIANTS
from hardware.virtual.pcscd import running_pcscd
from kiosk.commands.card import level_in

TODAY = date(2026, 11, 22)
PERSON = PERSONAS["ba-sau"]
RUNS = 9
SLOW_RUNS = 3
WAIT_S = 15.0
WITNESSES = 60
Row = dict[str, Any]


def _row(name: str, unit: str, ours: float, peer: float, peer_name: str, goal: str, *, holds: bool) -> Row:
    return {
        "name": name,
        "unit": unit,
        "ours": round(ours, 4),
        "peer": round(peer, 4),
        "peer_name": peer_name,
        "ratio": round(ours / peer, 3),
        "goal": goal,
        "holds": holds,
    }


def _below(name: str, unit: str, ours: float, limit: float) -> Row:
    return _row(name, unit, ours, limit, "limit", f"<= {limit:g}", holds=ours <= limit)


@contextlib.contextmanager
def _card_process(folder: Path) -> Iterator[Path]:
    """The virtual card in a process of its own, and its control socket."""
    path = folder / "control.sock"
    command = [sys.executable, "-m", "hardware.virtual.card", "--issuer", str(folder), "--control", str(path)]
    with subprocess.Popen(command) as process:
        end = time.monotonic() + WAIT_S
        while not path.exists() and time.monotonic() < end:
            time.sleep(0.05)
        try:
            yield path
        finally:
            ask(path, do="stop")
            process.wait(WAIT_S)


def _laid(watch: CardWatch) -> None:
    while watch.wait_for_change(WAIT_S) is False:
        """The empty field's own report."""


def _read(reader: str, trust: TrustStore) -> tuple[ChipReading, float, float]:
    """A whole read; its CPU and that of opening the chip, in seconds of this process."""
    with PcscLink(reader) as link:
        start = time.process_time()
        session = open_card(link, Can(PERSON.can))
        opened = time.process_time()
        reading = session.read(trust, TODAY)
        return reading, time.process_time() - start, opened - start


def _remote(reader: str, folder: Path, trust: TrustStore, watch: CardWatch) -> list[Row]:
    with _card_process(folder) as control:
        ask(control, do="lay", persona=PERSON.key)
        _laid(watch)
        runs = [_read(reader, trust) for _ in range(RUNS)]
        file_reader.forget_sizes()
        ask(control, do="lay", persona=PERSON.key, variant="short-only")
        _laid(watch)
        short, _, _ = _read(reader, trust)
    for reading in (runs[0][0], short):
        if level_in(reading, trust) is not Level.A or reading.chip_authentication != "passed":
            raise AssertionError("the bench measures whole reads at level A only")
    return [
        _below("card: APDUs, everything, extended length", "APDUs", runs[0][0].apdus, 28),
        _below("card: APDUs, everything, short length", "APDUs", short.apdus, 120),
        _below("card: CPU of a whole read", "ms", 1000 * statistics.median(cpu for _, cpu, _ in runs), 120),
        _below("card: CPU of opening by PACE", "ms", 1000 * statistics.median(cpu for _, _, cpu in runs), 20),
    ]


def _slow(reader: str, folder: Path, trust: TrustStore, watch: CardWatch) -> list[Row]:
    """18 ms an APDU and 424 kbit/s: what our own work adds to what the link must take."""
    rows = []
    for name, short in (("extended", False), ("short", True)):
        file_reader.forget_sizes()
        profile = VARIANTS["short-only"] if short else None
        image = card_of(load_or_make_issuer(folder), PERSON.key, profile)
        runs = [_timed(reader, trust, watch, FaultyCard(CardProgram(image), FAULTS["slow"])) for _ in range(SLOW_RUNS)]
        seconds, link_seconds = min(runs, key=lambda run: run[0] / run[1])
        ratio = seconds / link_seconds
        title = f"card: whole read over a slow link, {name} length"
        rows.append(
            _row(title, "s", seconds, link_seconds, "the link's own time", "ratio <= 1.15", holds=ratio <= 1.15)
        )
    return rows


def _timed(reader: str, trust: TrustStore, watch: CardWatch, card: FaultyCard) -> tuple[float, float]:
    """Wall time of a whole read, and what the link took of it."""
    with Field() as field:
        field.lay(card)
        _laid(watch)
        start = time.perf_counter()
        _read(reader, trust)
        return time.perf_counter() - start, card.link_seconds


def _witnesses(folder: Path, trust: TrustStore) -> Row:
    card = card_of(load_or_make_issuer(folder), PERSON.key)
    if card.active_key is None:
        raise AssertionError("the bench's card signs")
    files = {name: card.files[name] for name in ("SOD", "DG1", "DG15")}
    response = ActiveSigner(card.active_key).sign(bytes(8))
    start = time.process_time()
    for _ in range(WITNESSES):
        check = check_witness(files, bytes(8), response, PERSON.id_number, trust, TODAY)
        if not check.holds or check.chain is not Chain.PASSED:
            raise AssertionError("the bench's witness holds")
    each = 1000 * (time.process_time() - start) / WITNESSES
    return _below("card: CPU of verifying one witness", "ms", each, 20)


def rows() -> list[Row]:
    """The card room's figures."""
    with tempfile.TemporaryDirectory() as name, running_pcscd() as reader:
        folder = Path(name)
        load_or_make_issuer(folder)
        trust = TrustStore.load(folder / "trust")
        watch = CardWatch(reader)
        try:
            watch.wait_for_change(0)
            found = _remote(reader, folder, trust, watch) + _slow(reader, folder, trust, watch)
        finally:
            watch.close()
        return [*found, _witnesses(folder, trust)]
