"""Why: cards slip, break and lie; each way is a value here, applied between the honest card program and the wire."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from hardware.virtual.card.program import CardProgram
from hardware.virtual.card.vpcd import TakenAway

SLOW_APDU_S: Final = 0.018
SLOW_BITS_PER_S: Final = 424_000
PROTECTED: Final = 0x0C


class Fault(StrEnum):
    """What goes wrong."""

    TAMPERED_MAC = "tampered_mac"
    TAMPERED_DATA = "tampered_data"
    STRIPPED = "stripped"
    REMOVED = "removed"
    GARBAGE = "garbage"
    ENDLESS = "endless"
    REPLAYED = "replayed"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Plan:
    """A fault from the `start`-th APDU on (counted from 1), for `count` of them."""

    fault: Fault
    start: int = 1
    count: int = 1_000_000
    protected_only: bool = False


FAULTS: Final[dict[str, Plan]] = {
    "tampered-mac": Plan(Fault.TAMPERED_MAC, protected_only=True),
    "tampered-data": Plan(Fault.TAMPERED_DATA, protected_only=True),
    "tampered-once": Plan(Fault.TAMPERED_MAC, start=14, count=1, protected_only=True),
    "stripped": Plan(Fault.STRIPPED, protected_only=True),
    "replayed": Plan(Fault.REPLAYED, start=12, protected_only=True),
    "removed": Plan(Fault.REMOVED, start=15),
    "garbage": Plan(Fault.GARBAGE),
    "endless": Plan(Fault.ENDLESS, start=9),
    "slow": Plan(Fault.SLOW),
}


def slow_link_seconds(sent: int, received: int) -> float:
    """What the slow link takes for one APDU of those lengths in bytes."""
    return SLOW_APDU_S + 8 * (sent + received) / SLOW_BITS_PER_S


@dataclass(slots=True)
class FaultyCard:
    """A card program with one fault; `link_seconds` adds up what a slow link took."""

    inner: CardProgram
    plan: Plan
    seed: int = 0
    wait: Callable[[float], None] = time.sleep
    count: int = field(init=False, default=0)
    link_seconds: float = field(init=False, default=0.0)
    _last: bytes = field(init=False, default=b"\x6f\x00")

    @property
    def atr(self) -> bytes:
        """The honest card's."""
        return self.inner.atr

    def power(self) -> None:
        """Power on or reset; the count of APDUs runs on."""
        self.inner.power()

    def process(self, apdu: bytes) -> bytes:
        """One command, with the fault if its turn has come. Raises TakenAway for a removal."""
        self.count += 1
        active = self.plan.start <= self.count < self.plan.start + self.plan.count
        if not active or (self.plan.protected_only and not apdu[0] & PROTECTED):
            self._last = self.inner.process(apdu)
            return self._last
        return self._faulty(apdu)

    def _faulty(self, apdu: bytes) -> bytes:
        match self.plan.fault:
            case Fault.REMOVED:
                raise TakenAway
            case Fault.GARBAGE:
                return self._garbage()
            case Fault.ENDLESS:
                return b"\x00" * 16 + b"\x61\xff"
            case Fault.REPLAYED:
                return self._last
            case Fault.SLOW:
                return self._slow(apdu)
            case Fault.TAMPERED_MAC | Fault.TAMPERED_DATA | Fault.STRIPPED:
                return self._tampered(self.inner.process(apdu))

    def _garbage(self) -> bytes:
        source = random.Random(self.seed + self.count)  # noqa: S311 - noise that a test can repeat
        return source.randbytes(2 + source.randrange(64))

    def _tampered(self, answer: bytes) -> bytes:
        data, status = bytearray(answer[:-2]), answer[-2:]
        if self.plan.fault is Fault.STRIPPED:
            return b"stripped of its protection" + b"\x90\x00"
        at = len(data) - 1 if self.plan.fault is Fault.TAMPERED_MAC else min(8, len(data) - 1)
        if data:
            data[at] ^= 0x01
        return bytes(data) + status

    def _slow(self, apdu: bytes) -> bytes:
        """The chip's own work is part of the 18 ms: only what is left of them is waited for."""
        start = time.perf_counter()
        answer = self.inner.process(apdu)
        seconds = slow_link_seconds(len(apdu), len(answer))
        self.link_seconds += seconds
        self.wait(max(0.0, seconds - (time.perf_counter() - start)))
        return answer
