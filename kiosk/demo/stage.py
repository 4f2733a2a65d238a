"""Everything that stands around the kiosk in the demo, each as a process of its own, on loopback only.

The stage speaks to the others as staff would: through their commands. Whatever fails ends the demo with one line.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hardware.virtual.card.control import ask
from hardware.virtual.pcscd import running_pcscd
from kiosk.demo.bad_line import BadLine
from kiosk.payout.names import Period
from kiosk.payout.rules import VIETNAM

PIN = "271828"
READER, READER_PORT = "Virtual PCD 00 01", 35964
"""The second of vpcd's readers: the first is left to whoever tries the card program by hand."""
OPERATOR, OPERATOR_NAME = "tam", "Lê Thị Tâm"
DEVICE, AREA = "TUI07", "tan-an-thu"
PROFILE = "epson-tm-m30"
"""The virtual printer of the demo confirms what it printed; its paper is 80 mm."""
LINE_SEED, LINE_BYTES = 7, 120_000
"""A bundle of the demo comes through in one of two connections."""
STEP_SECONDS = 120
START_SECONDS = 30.0
STOP_SECONDS = 10.0


class StageFault(Exception):
    """The demo cannot go on: one line, with what the failing program said."""


def this_month() -> Period:
    """The calendar month in Vietnam."""
    now = datetime.now(UTC).astimezone(VIETNAM)
    return Period(now.year, now.month)


@dataclass(frozen=True, slots=True)
class Roads:
    """How files travel in this demo, and where the district keeps them."""

    database: str = ""
    """URL of an empty PostgreSQL database; "" is SQLite in a file of its own."""
    bad_line: bool = False
    """A line between courier and district that cuts every connection sooner or later."""
    stick: bool = False
    """What was paid without a network goes to the district on a USB stick."""


@dataclass(slots=True)
class Stage:
    """The demo's world in one folder."""

    folder: Path
    papers: Path
    """Where the virtual printer puts what it printed."""
    roads: Roads = field(default_factory=Roads)
    port: int = 0
    line: BadLine | None = None
    _running: ExitStack = field(default_factory=ExitStack)
    _district: subprocess.Popen[bytes] | None = None

    @property
    def kiosk(self) -> Path:
        """The device's folder."""
        return self.folder / "kiosk"

    @property
    def card_control(self) -> Path:
        """Socket on which cards are laid and taken."""
        return self.folder / "card.sock"

    @property
    def printer_control(self) -> Path:
        """Socket on which the printer's cover is opened and its roll changed."""
        return self.folder / "printer.sock"

    @property
    def trust(self) -> Path:
        """The test issuer's certificates, as a district would hand them out."""
        return self.folder / "issuer" / "trust"

    # -- building -------------------------------------------------------------------------------------------------

    @contextmanager
    def open(self) -> Iterator[Stage]:
        """Devices, district, courier and an enrolled kiosk; all ended when left."""
        with self._running:
            for each in (self.folder, self.papers, self.kiosk):
                each.mkdir(parents=True, exist_ok=True)
            self._devices()
            self._make_district()
            self.start_district()
            self._enrol()
            self._grant()
            self._spawn("courier", *_program("tannha-sync"), "run", *self._courier())
            yield self

    def _devices(self) -> None:
        """A real PC/SC service with the virtual card, and the virtual printer."""
        self._running.enter_context(running_pcscd())
        issuer = str(self.folder / "issuer")
        where = ("--port", str(READER_PORT), "--control", str(self.card_control))
        self._spawn("card", *_module("hardware.virtual.card"), *where, "--issuer", issuer)
        printer_port = free_port()
        place = ("--port", str(printer_port), "--out", str(self.papers), "--control", str(self.printer_control))
        self._spawn("printer", *_module("hardware.virtual.printer"), *place, "--profile", PROFILE)
        wait_for("the virtual card", self.card_control.exists)
        wait_for("the virtual printer", lambda: _answers(printer_port))
        (self.kiosk / "settings.toml").write_text(_settings(printer_port), encoding="utf-8")

    def _make_district(self) -> None:
        """Keys, CA, database, the month's list, staff, and the issuer that only bundles bring to a kiosk."""
        self.port = free_port()
        address = ("--url", f"https://localhost:{self._lead()}", "--database", self.roads.database)
        where = ("--place", "Bưu cục xã Tân An Thử", "--phone", "1900 0000")
        self.district("init", "--area", AREA, "--mode", "practice", *address, *where)
        sheet = self.folder / "danh-sach.xlsx"
        run(*_module("agent_sync.district.lists.sample"), str(sheet), str(this_month()))
        self.district("import-list", str(sheet), "--period", str(this_month()))
        self.district("operator", "add", "--id", OPERATOR, "--name", OPERATOR_NAME, "--role", "supervisor")
        self.district("trust", "import", str(self.trust / "csca.der"))
        self.district("notice", "Chi trả từ ngày 1 đến hết tháng. Không thu phí của người nhận.")

    def _lead(self) -> int:
        """The port that the courier is told: the district's own, or the bad line's."""
        if not self.roads.bad_line:
            return self.port
        self.line = BadLine(self.port, LINE_SEED, LINE_BYTES)
        self._running.callback(self.line.close)
        return self.line.port

    def start_district(self) -> None:
        """Serve, and wait until it answers."""
        self._district = self._spawn("district", *self._on_district("serve"), "--port", str(self.port))
        wait_for("the district", lambda: _answers(self.port))

    def stop_district(self) -> None:
        """Switch the district off, as a broken line would."""
        if self._district is not None:
            _end(self._district)
        self._district = None

    def carry_stick(self) -> dict[str, Any]:
        """One walk with a USB stick: kiosk's files to the district, its answer back. Needs no network."""
        stick = self.folder / "stick"
        stick.mkdir(exist_ok=True)
        up = json.loads(run(*_program("tannha-sync"), "stick", str(stick), *self._courier()))
        taken = self.district("stick", str(stick))
        down = json.loads(run(*_program("tannha-sync"), "stick", str(stick), *self._courier()))
        return {"to_stick": up["to_stick"], "district": taken["outcomes"], "back": down["from_stick"]}

    def _enrol(self) -> None:
        """The invitation's QR, the kiosk's keys, and the officer who compares the fingerprint."""
        invited = self.district("device", "add", "--device", DEVICE, "--label", "Túi lưu động số 7")
        qr = str(invited["qr"])
        who = ("--operator", OPERATOR, "--name", OPERATOR_NAME, "--label", "Túi lưu động số 7", "--quick")
        shown = run(*_program("tannha"), "enrol", "begin", "--home", str(self.kiosk), "--qr", qr, *who, text=PIN)
        carrying = self._spawn("enrolment", *_program("tannha-sync"), "enrol", qr, *self._courier())
        self.district("device", "enrol", "--device", DEVICE, "--fingerprint", shown.strip(), "--wait", "30")
        if carrying.wait(STEP_SECONDS) != 0:
            raise StageFault("the courier did not bring the enrolment: see courier log enrolment.log")
        run(*_program("tannha"), "enrol", "finish", "--home", str(self.kiosk), text=PIN)

    def _grant(self) -> None:
        """Every open entitlement to this one device."""
        self.district("lease", "--device", DEVICE, "--period", str(this_month()))

    # -- speaking to the others -------------------------------------------------------------------------------------

    def district(self, *words: str) -> dict[str, Any]:
        """One command of the district; its JSON answer. Raises StageFault."""
        answer = json.loads(run(*self._on_district(*words), "--json"))
        return answer if isinstance(answer, dict) else {}

    def lay(self, card: str) -> None:
        """Put a card on the reader."""
        self._card(do="lay", persona=card)

    def take(self) -> None:
        """Take it away."""
        self._card(do="take")

    def _card(self, **request: str) -> None:
        answer = ask(self.card_control, **request)
        if not answer.get("ok"):
            raise StageFault(f"the virtual card refused: {answer.get('message')}")

    def _on_district(self, *words: str) -> tuple[str, ...]:
        return (*_program("tannha-district"), *words, "--home", str(self.folder / "district"))

    def _courier(self) -> tuple[str, ...]:
        return ("--home", str(self.folder / "courier"), "--spool", str(self.kiosk / "spool"))

    def _spawn(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """A process with a log of its own, ended with the stage."""
        (self.folder / "courier").mkdir(exist_ok=True)
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._running.callback(_end, process)
        return process


def run(*command: str, text: str = "") -> str:
    """One program to its end; what it printed. Raises StageFault with its own error line."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=STEP_SECONDS, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()[-300:]
        raise StageFault(f"{Path(command[0]).name} {' '.join(command[1:4])}: {said}")
    return done.stdout


def wait_for(what: str, condition: Any, seconds: float = START_SECONDS) -> None:
    """Look until it is so. Raises StageFault."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise StageFault(f"{what} did not come up within {seconds:.0f} s")
        time.sleep(0.05)


def free_port() -> int:
    """A TCP port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 0.5):
            return True
    except OSError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)


def _program(name: str) -> tuple[str, ...]:
    """A program of this project, from the same environment as this one."""
    return (str(Path(sys.executable).parent / name),)


def _module(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name)


def _settings(printer_port: int) -> str:
    return (
        f'reader = "{READER}"\n'
        'cash_sources = ["Quỹ bưu cục: chị Hồng", "Quỹ bưu cục: anh Phúc"]\n'
        f'[printer]\nkind = "network"\naddress = "127.0.0.1:{printer_port}"\nprofile = "{PROFILE}"\n'
    )


def has_display() -> bool:
    """Whether a person could see a window here."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
