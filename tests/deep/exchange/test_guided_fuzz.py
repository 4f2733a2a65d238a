"""A coverage-guided fuzzer over every decoder: inputs that reach new branches are kept and mutated further.

Small on purpose, so that it runs wherever the tests run: Python's own tracing is the guide, the
seed is fixed, and a finding is printed as bytes that a unit test can hold on to.
"""

from __future__ import annotations

import os
import random
import resource
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from tests.exchange.fuzz_targets import Target, survives, targets

RUNS = int(os.environ.get("FUZZ_RUNS", "4000"))
TARGETS = {each.name: each for each in targets()}
OURS = (f"{os.sep}kiosk{os.sep}exchange", f"{os.sep}kiosk{os.sep}payout", f"{os.sep}kiosk{os.sep}vault")
WORDS = (
    b'"',
    b"#",
    b"##",
    b'"#32"',
    b"null",
    b"-",
    b"1e5",
    b"0",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\xff",
    b"\0" * 4,
)
GROWTH_KIB = 300 * 1024


class Guide:
    """Which (line, next line) pairs of our packages a run went through."""

    def __init__(self) -> None:
        self.seen: set[tuple[int, int, int]] = set()

    def run(self, work: Callable[[], object]) -> int:
        """How many new pairs the work reached."""
        before = len(self.seen)
        sys.settrace(self._enter)
        try:
            work()
        finally:
            sys.settrace(None)
        return len(self.seen) - before

    def _enter(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        if not any(part in frame.f_code.co_filename for part in OURS):
            return None
        code, last = id(frame.f_code), frame.f_lineno

        def line(frame: FrameType, event: str, arg: Any) -> Any:
            nonlocal last
            if event == "line":
                self.seen.add((code, last, frame.f_lineno))
                last = frame.f_lineno
            return line

        return line


def mutated(source: random.Random, corpus: list[bytes]) -> bytes:
    """One of the corpus with one to five stretches changed, cut, doubled or crossed with another."""
    found = bytearray(source.choice(corpus))
    for _ in range(source.randint(1, 5)):
        at = source.randint(0, len(found))
        match source.randrange(6):
            case 0:
                found[at : at + 1] = bytes([source.randrange(256)])
            case 1:
                del found[at : at + source.randint(1, 40)]
            case 2:
                found[at:at] = source.choice(WORDS)
            case 3:
                found[at:at] = found[at : at + source.randint(1, 60)]
            case 4:
                other = source.choice(corpus)
                cut = source.randint(0, len(other))
                found[at : at + 30] = other[cut : cut + 30]
            case _:
                found[at : at + 4] = source.choice((0, 1, 2**16, 2**31, 2**32 - 1)).to_bytes(4, "big")
    return bytes(found[:65_536])


@pytest.mark.parametrize("name", TARGETS)
def test_no_exception_outside_the_tree_and_bounded_memory(name: str) -> None:
    target, source, guide = TARGETS[name], random.Random(name), Guide()
    corpus = [*target.seeds, b""]
    for seed in corpus:
        guide.run(lambda seed=seed: survives(target, seed))  # type: ignore[misc]
    started, kept = len(guide.seen), 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(RUNS):
        kept += _try(target, mutated(source, corpus), guide, corpus)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"\n{name}: {RUNS} runs, {started} -> {len(guide.seen)} branches, {kept} inputs kept, {grown} KiB more")
    assert grown < GROWTH_KIB
    assert guide.seen, "the tracer saw nothing: the guide is blind"


def _try(target: Target, data: bytes, guide: Guide, corpus: list[bytes]) -> int:
    try:
        new = guide.run(lambda: survives(target, data))
    except Exception as error:
        raise AssertionError(f"{target.name} let {error!r} out for {data!r}") from error
    if new:
        corpus.append(data)
    return int(new > 0)
