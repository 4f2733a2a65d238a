"""The virtual printer on a wire without sockets or waiting: time is a number that silence moves on.

Thousands of faults a second can be tried this way. The driver above and the machine below are the
same as on the real wire.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hardware.printer.errors import PortLost, PortStalled, PortUnavailable
from hardware.printer.ports import PrinterPort
from hardware.virtual.printer.control import Wires, count_bytes
from hardware.virtual.printer.machine import Machine

_PIECE = 61
"""Bytes the wire carries at a time: odd, so that commands are cut everywhere."""


@dataclass
class Bench:
    """A machine, its cable, and a clock."""

    machine: Machine
    wires: Wires = field(default_factory=Wires)
    now_s: float = 0.0
    generation: int = 0

    def now(self) -> float:
        self.now_s += 0.0001
        return self.now_s

    def connect(self) -> PrinterPort:
        if self.wires.dropped:
            raise PortUnavailable("cable out")
        self.generation += 1
        self.machine.answers.clear()
        return Wire(self, self.generation)

    def settle(self) -> None:
        """A broken cable is noticed by both ends."""
        if self.wires.cut_now:
            self.wires.cut_now = False
            self.generation += 1


@dataclass
class Wire:
    """One connection; it is dead once the cable was cut under it."""

    bench: Bench
    generation: int

    def write(self, data: bytes, timeout_s: float) -> None:
        sent = 0
        while sent < len(data):
            self._alive()
            if not self.bench.machine.takes_bytes:
                self.bench.now_s += timeout_s
                raise PortStalled("full", sent)
            wires = self.bench.wires
            piece = data[sent : sent + min(_PIECE, wires.bytes_until or _PIECE)]
            self.bench.machine.receive(piece)
            self.bench.machine.work()
            count_bytes(len(piece), self.bench.machine, wires)
            self.bench.settle()
            sent += len(piece)

    def read(self, count: int, timeout_s: float) -> bytes:
        self._alive()
        self.bench.machine.work()
        answers = self.bench.machine.answers
        if not answers:
            self.bench.now_s += timeout_s
            return b""
        got = bytes(answers[:count])
        del answers[:count]
        return got

    def close(self) -> None:
        self.generation = -1

    def _alive(self) -> None:
        if self.generation != self.bench.generation:
            raise PortLost("the cable was pulled")
