"""Faults at any byte, cured or not, one after the other: what the driver says is always true.

PRINTED: the whole paper is there, dot for dot. FAILED: nothing of it is. Between the two it says
unknown. Each run counts what it reached: a simulation in which nothing happens proves nothing.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.printer import profiles
from hardware.printer.driver import Printer, Result
from hardware.printer.layout import Amount, Row, Text, render
from hardware.printer.paper import Paper
from hardware.printer.profiles import BIXOLON_80, EPSON_TM_M30, EPSON_TM_T88, GENERIC_58, Profile
from hardware.printer.state import PrinterState
from hardware.virtual.printer.control import DEEDS
from hardware.virtual.printer.machine import Machine
from hardware.virtual.printer.roll import Roll
from tests.hardware.printer.wire_in_memory import Bench

FAULTS = (
    "paper_end",
    "open_cover",
    "heat",
    "break",
    "offline",
    "unplug",
    "swap",
    "power_off",
    "stop_reading",
    "silent",
)
QUESTIONS_ONLY = 2 * (8 + 4 * 3)
"""Bytes of two greetings: eight NULs and four status questions each. After a job that broke, the NULs
of the flush come on top."""
CURES = ("mend", "refill", "close_cover", "plug", "power_on")
PROFILES = (GENERIC_58, EPSON_TM_M30, EPSON_TM_T88, BIXOLON_80)
STEPS = st.lists(
    st.tuples(st.integers(1, 12_000), st.sampled_from(FAULTS), st.sampled_from(CURES)),
    min_size=1,
    max_size=4,
)


class Sheet(Roll):
    """A roll that keeps its strip: nothing is torn off or written to a disk."""


def rig(profile: Profile) -> tuple[Bench, Printer]:
    roll = Sheet(profile.paper, Path("/nonexistent"), 1_000_000, keep=True)
    bench = Bench(Machine(profile, roll))
    printer = Printer(bench.connect, profile, now=bench.now, pause=lambda _: None)
    return bench, printer


def strip_of(paper: Paper) -> Any:
    blocks = (Text("Nguyễn Thị Sáu", bold=True), Row("Tháng 11/2026", "625.000"), Amount("625.000 đ"))
    return render(blocks, paper)


@pytest.mark.parametrize("name", sorted(profiles.PROFILES))
def test_every_profile_puts_the_whole_page_on_paper_and_knows_what_it_knows(name: str) -> None:
    """Its own width, bands, chunks, pace, feed steps and cut, byte for byte through the machine."""
    profile = profiles.PROFILES[name]
    bench, printer = rig(profile)
    page = strip_of(profile.paper)
    outcome = printer.print_page(page)
    confirms = profile.confirmation is profiles.Confirmation.PROCESS_ID
    assert outcome.result is (Result.PRINTED if confirms else Result.UNKNOWN)
    assert outcome.state is PrinterState.READY
    assert printed_whole(bench, [row for at in range(page.rows) if any(row := page.row(at))])
    counted = bench.machine.counted
    assert counted.junk == 0
    assert counted.cuts == profile.cutter


def printed_whole(bench: Bench, whole: list[bytes]) -> bool:
    """The last inked rows on the strip are the whole paper."""
    strip = [row for row in bench.machine.roll.strip if any(row)]
    return strip[-len(whole) :] == whole


def do(bench: Bench, deed: str) -> None:
    DEEDS[deed](bench.machine, bench.wires, {})
    bench.settle()
    bench.machine.work()


def play(profile: Profile, steps: list[tuple[int, str, str]], reached: Counter[str]) -> None:
    bench, printer = rig(profile)
    page = strip_of(profile.paper)
    printer.print_page(page)
    whole = [row for row in bench.machine.roll.strip if any(row)]
    for at, fault, cure in steps:
        bench.wires.bytes_until, bench.wires.then = at, fault
        before = bench.machine.counted.bytes_in
        outcome = printer.print_page(page)
        reached[outcome.result] += 1
        reached[outcome.reason] += 1
        if outcome.result is Result.PRINTED:
            assert printed_whole(bench, whole), (fault, at)
        if outcome.result is Result.FAILED:
            heard = bench.machine.counted.bytes_in - before
            assert outcome.sent == 0
            flush = profile.band_rows * profile.paper.row_bytes
            assert heard <= QUESTIONS_ONLY + flush, (fault, at)
        assert outcome.sent <= outcome.size
        do(bench, cure)
    do(bench, "mend")
    last = printer.print_page(page)
    assert last.result is not Result.FAILED
    assert printed_whole(bench, whole)


@settings(max_examples=60)
@given(profile=st.sampled_from(PROFILES), steps=STEPS)
def test_what_the_driver_says_is_true_whatever_happens(profile: Profile, steps: list[tuple[int, str, str]]) -> None:
    play(profile, steps, Counter())


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_every_fault_at_many_bytes_and_every_answer_is_reached(profile: Profile) -> None:
    reached: Counter[str] = Counter()
    for fault in FAULTS:
        for at in range(1, 6000, 1499):
            play(profile, [(at, fault, "mend")], reached)
    wanted = {"unknown", "failed", "no_paper", "cover_open", "hot", "error", "connection_lost"}
    wanted |= {"stalled", "silent", "offline"}
    assert wanted <= set(reached)
    confirmed = profile in (EPSON_TM_M30, EPSON_TM_T88)
    assert (reached["printed"] > 0) == confirmed
    assert (reached["ask_operator"] > 0) == (not confirmed)
