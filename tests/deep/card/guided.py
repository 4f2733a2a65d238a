"""Why: blind mutation stays in the first check of a parser; one that keeps inputs which reached new code gets past it.

A small coverage-guided fuzzer: mutate a kept input, run the target, and now and then trace the run; a run over new
line pairs of hardware.card joins the kept ones. Seeded, so that a finding can be repeated.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final

TRACE_EVERY: Final = 8
MAX_KEPT: Final = 4_000
INTERESTING: Final = (0x00, 0x01, 0x02, 0x30, 0x31, 0x5F, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xA0, 0xFF)
Target = Callable[[bytes], None]
Edge = tuple[str, int, int]


@dataclass(slots=True)
class Report:
    """What a run came to."""

    runs: int = 0
    kept: int = 0
    edges: int = 0
    accepted: int = 0
    slowest_s: float = 0.0
    findings: list[tuple[str, bytes]] = field(default_factory=list)


class _Edges:
    """Line pairs of one traced call."""

    def __init__(self) -> None:
        self.seen: set[Edge] = set()
        self._last = 0

    def trace(self, frame: FrameType, event: str, _: Any) -> Any:
        name = frame.f_code.co_filename
        if "hardware/card" not in name:
            return None
        if event == "line":
            self.seen.add((name, self._last, frame.f_lineno))
            self._last = frame.f_lineno
        return self.trace


class Guided:
    """Fuzz one target from some seeds. `allowed` are the exceptions it may raise."""

    def __init__(self, target: Target, seeds: Sequence[bytes], allowed: type[Exception], seed: int) -> None:
        self._target = target
        self._allowed = allowed
        self._kept = list(seeds)
        self._random = random.Random(seed)
        self._edges: set[Edge] = set()
        self.report = Report()

    def run(self, count: int) -> Report:
        """That many runs."""
        for number in range(count):
            data = self._mutate()
            if number % TRACE_EVERY:
                self._once(data)
            else:
                self._traced(data)
        self.report.runs += count
        self.report.kept, self.report.edges = len(self._kept), len(self._edges)
        return self.report

    def _once(self, data: bytes) -> None:
        start = time.process_time()  # other work on the machine is no hang of ours
        try:
            self._target(data)
        except self._allowed:
            pass
        except Exception as error:  # noqa: BLE001 - any other exception is what we are looking for
            self.report.findings.append((repr(error), data))
        else:
            self.report.accepted += 1
        self.report.slowest_s = max(self.report.slowest_s, time.process_time() - start)

    def _traced(self, data: bytes) -> None:
        edges = _Edges()
        before = sys.gettrace()
        sys.settrace(edges.trace)
        try:
            self._once(data)
        finally:
            sys.settrace(before)
        if not edges.seen <= self._edges and len(self._kept) < MAX_KEPT:
            self._edges |= edges.seen
            self._kept.append(data)

    def _mutate(self) -> bytes:
        data = bytearray(self._random.choice(self._kept))
        for _ in range(self._random.choice((1, 1, 2, 4))):
            self._change(data)
        return bytes(data)

    def _change(self, data: bytearray) -> None:
        draw = self._random
        at = draw.randrange(len(data) + 1)
        match draw.randrange(7):
            case 0 if at < len(data):
                data[at] ^= 1 << draw.randrange(8)
            case 1 if at < len(data):
                data[at] = draw.choice(INTERESTING)
            case 2:
                data[at:at] = draw.randbytes(draw.randrange(1, 5))
            case 3:
                del data[at : at + draw.randrange(1, 9)]
            case 4:
                other = draw.choice(self._kept)
                cut = draw.randrange(len(other) + 1)
                data[at : at + 32] = other[cut : cut + draw.randrange(1, 33)]
            case 5:
                del data[at:]
            case _:
                data[at : at + 2] = draw.randbytes(2)
