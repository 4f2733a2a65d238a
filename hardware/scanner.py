"""A QR scanner on a serial line: whatever is held before it comes as lines of text, and is only ever a key.

Scanners on USB answer as a serial port (CDC-ACM) when they are set to. Nothing that was scanned is believed: a
citizen card's QR opens the chip, and what else it says is only ever compared with what the chip says.
"""

from __future__ import annotations

import logging
import re
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import serial

from hardware.card.cccd import sex_named
from hardware.card.reading import Sex

log = logging.getLogger("hardware.scanner")
MAX_LINE = 1_024
"""Bytes of one scan; a longer one is dropped whole."""
LOOK_SECONDS = 0.5
AGAIN_SECONDS = 5.0
FEWEST_FIELDS, MOST_FIELDS = 7, 20
_NUMBER = re.compile(r"[0-9]{12}", re.ASCII)
_DAY = re.compile(r"([0-9]{2})[/.-]?([0-9]{2})[/.-]?([0-9]{4})", re.ASCII)
_BIRTH = re.compile(r"(?:[0-9]{2}[/.-]?[0-9]{2}[/.-]?)?([0-9]{4})", re.ASCII)
Heard = Callable[[str], None]


@dataclass(frozen=True, slots=True, repr=False)
class CardCode:
    """The QR of a citizen card: what is printed, to be held against the chip. None or empty where it cannot be read."""

    number: str
    full_name: str
    birth: date | None = None
    birth_year: int | None = None
    sex: Sex | None = None
    issued: date | None = None

    def __repr__(self) -> str:
        """Says nothing about the person."""
        return "CardCode(...)"


def card_code(text: str) -> CardCode | None:
    """A citizen card's QR (``number|old number|name|birth|sex|address|issued``, maybe more); None for anything else."""
    fields = text.strip().split("|")
    if not FEWEST_FIELDS <= len(fields) <= MOST_FIELDS or not _NUMBER.fullmatch(fields[0]):
        return None
    number, _, name, birth, sex, _, issued = fields[:FEWEST_FIELDS]
    year = _BIRTH.fullmatch(birth.strip())
    return CardCode(
        number,
        " ".join(unicodedata.normalize("NFC", name).split()),
        birth=_day(birth),
        birth_year=int(year[1]) if year else None,
        sex=sex_named(sex),
        issued=_day(issued),
    )


def _day(text: str) -> date | None:
    """DDMMYYYY, with or without marks between; None for anything else (old papers know only a year)."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


class Lines:
    """Bytes as they come, cut into lines; never more than MAX_LINE of them are held."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._dropping = False

    def feed(self, data: bytes) -> list[str]:
        """The lines that ``data`` completes. What is no UTF-8 or too long is dropped."""
        found: list[str] = []
        for byte in data:
            if byte in b"\r\n":
                found += self._taken()
            elif len(self._held) < MAX_LINE:
                self._held.append(byte)
            else:
                self._dropping = True
        return found

    def _taken(self) -> list[str]:
        line, dropped = bytes(self._held), self._dropping
        self._held.clear()
        self._dropping = False
        try:
            return [line.decode("utf-8")] if line and not dropped else []
        except UnicodeDecodeError:
            return []


class Scanner:
    """Reads one scanner in a thread of its own, for ever; a scanner that is pulled out is looked for again."""

    def __init__(self, device: Path, heard: Heard) -> None:
        """``heard`` is called with each line, in the scanner's thread."""
        self._device, self._heard = device, heard
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join(timeout=AGAIN_SECONDS)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except (serial.SerialException, OSError) as gone:
                log.info("scanner: %s", gone)
            self._stop.wait(AGAIN_SECONDS)

    def _listen(self) -> None:
        lines = Lines()
        with serial.Serial(str(self._device), timeout=LOOK_SECONDS) as line:
            while not self._stop.is_set():
                for each in lines.feed(line.read(max(1, min(line.in_waiting, MAX_LINE)))):
                    self._heard(each)
