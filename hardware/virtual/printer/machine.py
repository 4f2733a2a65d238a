"""The printer's inside: buffer, paper, cover, heat, and the bytes it answers. No clock, no socket.

Whoever drives it says how many rows it may print now; everything else follows from the bytes that
came in and from what was done to it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from hardware.printer.escpos import process_id_reply
from hardware.printer.paper import Paper
from hardware.printer.profiles import Confirmation, Profile
from hardware.virtual.printer.roll import Roll
from hardware.virtual.printer.stream import (
    AskFinished,
    AskInOrder,
    Command,
    Cut,
    Feed,
    Initialise,
    Junk,
    Parser,
    Raster,
    RealTime,
)

ENDLESS = 1 << 30
BUFFER_BYTES = 16_384


@dataclass(slots=True)
class Faults:
    """What was done to the printer."""

    powered: bool = True
    cover_open: bool = False
    offline: bool = False
    hot: bool = False
    broken: bool = False
    silent: bool = False
    deaf: bool = False
    """Takes no more bytes: its buffer is full for good."""


@dataclass(slots=True)
class Counters:
    """What came in, for tests and the control desk."""

    bytes_in: int = 0
    rasters: int = 0
    cuts: int = 0
    queries: int = 0
    junk: int = 0


@dataclass(slots=True)
class Machine:
    """A printer of ``profile`` with ``roll`` in it."""

    profile: Profile
    roll: Roll
    faults: Faults = field(default_factory=Faults)
    counted: Counters = field(default_factory=Counters)
    buffer_bytes: int = BUFFER_BYTES
    answers: bytearray = field(default_factory=bytearray)
    """Bytes on their way to the host."""
    _parser: Parser = field(default_factory=Parser)
    _real_time: RealTime = field(default_factory=RealTime)
    _units: int = 0
    """Motion units fed that do not make a whole row yet."""
    _work: deque[bytes | Command] = field(default_factory=deque)
    """Rows, and commands between them, in order."""

    @property
    def paper(self) -> Paper:
        """The paper in it."""
        return self.roll.paper

    @property
    def stuck(self) -> bool:
        """Whether nothing can be printed now."""
        faults = self.faults
        return (
            not faults.powered or faults.cover_open or faults.offline or faults.hot or faults.broken or self.roll.empty
        )

    @property
    def takes_bytes(self) -> bool:
        """Whether there is room in the buffer. A printer that is off takes none; one that prints
        takes a raster command row by row, however small its buffer."""
        waiting = sum(len(item) for item in self._work if isinstance(item, bytes))
        waiting += len(self._parser.waiting) if self.stuck else 0
        return self.faults.powered and not self.faults.deaf and waiting < self.buffer_bytes

    @property
    def busy(self) -> bool:
        """Whether there is work that could be done now."""
        return bool(self._work) and not self.stuck

    def receive(self, data: bytes) -> None:
        """Bytes from the host: real-time questions at once, the rest in order."""
        if not self.faults.powered:
            return
        self.counted.bytes_in += len(data)
        for number in self._real_time.queries(data):
            self.counted.queries += 1
            self._answer(bytes((self.status_byte(number),)))
        for command in self._parser.commands(data):
            self._queue(command)

    def work(self, rows: int = ENDLESS) -> int:
        """Do what is queued, at most ``rows`` dot rows of it. Returns the rows printed."""
        done = 0
        while self._work and done < rows and not self.stuck:
            item = self._work.popleft()
            if isinstance(item, bytes):
                self.roll.put(item)
                done += 1
            else:
                self._obey(item)
        return done

    def switch(self, *, on: bool) -> None:
        """The power switch: going off forgets everything that was not on paper yet."""
        if not on:
            self._parser, self._real_time = Parser(), RealTime()
            self._work.clear()
            self.answers.clear()
        self.faults.powered = on

    def status_byte(self, number: int) -> int:
        """The answer to DLE EOT ``number``."""
        bits = {
            1: self.stuck << 3,
            2: self.faults.cover_open << 2 | self.roll.empty << 5 | self.faults.broken << 6,
            3: self.faults.broken << 3 | self.faults.hot << 6,
            4: self.roll.low * 0b0000_1100 | self.roll.empty * 0b0110_0000,
        }
        return 0b0001_0010 | bits[number]

    def _answer(self, data: bytes) -> None:
        if not self.faults.silent:
            self.answers += data

    def _queue(self, command: Command) -> None:
        match command:
            case Raster():
                self.counted.rasters += 1
                width = command.row_bytes
                for start in range(0, len(command.bits), width):
                    self._work.append(command.bits[start : start + width])
            case Feed():
                rows, self._units = divmod(self._units + command.units, self.profile.feed_units_per_dot)
                self._work.extend([b"\0"] * rows)
            case _:
                self._work.append(command)

    def _obey(self, command: Command) -> None:
        match command:
            case Cut():
                self.counted.cuts += 1
                if self.profile.cutter:
                    self.roll.tear()
            case AskFinished() if self.profile.confirmation is Confirmation.PROCESS_ID:
                self._answer(process_id_reply(command.ident))
            case AskInOrder():
                self._answer(bytes((self.roll.low * 0b11 | self.roll.empty * 0b1100,)))
            case Junk():
                self.counted.junk += command.byte > 4  # NUL to EOT alone mean nothing to a printer
            case Initialise() | AskFinished() | Raster() | Feed():
                return
