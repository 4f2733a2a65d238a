"""The fault table of the paper room: what a printer does, what the driver then knows.

Every line is played at the byte level by the virtual printer. Two things hold in all of them:
``printed`` is never said without the printer's word, and afterwards a reprint comes out whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image

from hardware.printer.driver import PrintOutcome, Reason, Result
from hardware.printer.paper import Paper
from hardware.printer.profiles import EPSON_TM_M30, GENERIC_58, Profile
from hardware.printer.raster import RasterPage
from hardware.printer.state import PrinterState
from tests.hardware.printer.conftest import Setup

Start = Callable[..., Setup]
Make = Callable[[Paper], RasterPage]


def said(outcome: PrintOutcome) -> tuple[Result, Reason]:
    return outcome.result, outcome.reason


def ink_rows(path: str) -> bytes:
    """Inked rows of a torn-off picture, without the white around them."""
    with Image.open(path) as opened:
        grey = opened.convert("L").point(lambda value: 255 - value)
        box = grey.getbbox()
        assert box is not None
        return grey.crop(box).tobytes()


@pytest.mark.parametrize("profile", [GENERIC_58, EPSON_TM_M30], ids=lambda profile: profile.name)
def test_a_healthy_printer_prints_the_page_dot_for_dot(setup_printer: Start, page: Make, profile: Profile) -> None:
    rig = setup_printer(profile)
    sheet = page(profile.paper)
    outcome = rig.printer.print_page(sheet)
    told = rig.hand.do("tear_off")
    confirmed = profile is EPSON_TM_M30
    expected = (Result.PRINTED, Reason.NONE) if confirmed else (Result.UNKNOWN, Reason.ASK_OPERATOR)
    assert said(outcome) == expected
    assert outcome.state is PrinterState.READY
    assert outcome.sent == outcome.size
    assert told["counted"]["junk"] == 0
    with Image.open(told["receipts"][0]) as printed:
        left = (printed.width - profile.paper.width) // 2
        body = printed.crop((left, left, left + profile.paper.width, left + sheet.rows))
        on_paper = int.from_bytes(bytes(byte ^ 0xFF for byte in body.tobytes()), "big")
    wanted = int.from_bytes(sheet.bits, "big")
    assert on_paper & wanted == wanted
    assert (on_paper ^ wanted).bit_count() <= 3, "only the dots that break real-time pairs may differ"


BEFORE = [
    ("paper", {"mm": 0}, Reason.NO_PAPER, PrinterState.NO_PAPER),
    ("open_cover", {}, Reason.COVER_OPEN, PrinterState.COVER_OPEN),
    ("offline", {}, Reason.OFFLINE, PrinterState.OFFLINE),
    ("heat", {}, Reason.HOT, PrinterState.HOT),
    ("break", {}, Reason.ERROR, PrinterState.ERROR),
]


@pytest.mark.parametrize(("deed", "more", "reason", "state"), BEFORE, ids=[row[0] for row in BEFORE])
def test_trouble_before_printing_sends_nothing(
    setup_printer: Start,
    page: Make,
    deed: str,
    more: dict[str, int],
    reason: Reason,
    state: PrinterState,
) -> None:
    rig = setup_printer()
    rig.hand.do(deed, **more)
    assert rig.printer.status() is state
    outcome = rig.printer.print_page(page(GENERIC_58.paper))
    assert said(outcome) == (Result.FAILED, reason)
    assert outcome.sent == 0
    assert rig.counted["rasters"] == 0
    assert outcome.offer_reprint


DURING = [
    ("paper_end", Reason.NO_PAPER),
    ("open_cover", Reason.COVER_OPEN),
    ("heat", Reason.HOT),
    ("break", Reason.ERROR),
    ("offline", Reason.OFFLINE),
    ("unplug", Reason.CONNECTION_LOST),
    ("swap", Reason.CONNECTION_LOST),
    ("power_off", Reason.STALLED),
    ("stop_reading", Reason.STALLED),
]


@pytest.mark.parametrize("profile", [GENERIC_58, EPSON_TM_M30], ids=lambda profile: profile.name)
@pytest.mark.parametrize(("deed", "reason"), DURING, ids=[row[0] for row in DURING])
def test_trouble_in_the_middle_is_unknown_and_a_reprint_comes_out_whole(
    setup_printer: Start, page: Make, deed: str, reason: Reason, profile: Profile
) -> None:
    rig = setup_printer(profile)
    sheet = page(profile.paper)
    rig.printer.print_page(sheet)
    whole = ink_rows((rig.hand.do("tear_off")["receipts"])[0])
    rig.hand.do("after", bytes=3000, then=deed)
    outcome = rig.printer.print_page(sheet)
    assert said(outcome) == (Result.UNKNOWN, reason)
    assert outcome.offer_reprint
    rig.hand.do("mend")
    rig.hand.do("tear_off")
    again = rig.printer.print_page(sheet)
    assert again.result is not Result.FAILED
    receipts = rig.hand.do("tear_off")["receipts"]
    assert ink_rows(receipts[-1]).endswith(whole) or ink_rows(receipts[-1]) == whole


CURES = [("paper_end", "refill"), ("open_cover", "close_cover"), ("unplug", "plug")]


@pytest.mark.parametrize(("fault", "cure"), CURES, ids=[row[0] for row in CURES])
@pytest.mark.parametrize("at", [5, 1501, 2222, 7003])
def test_without_a_power_cycle_the_reprint_is_whole_too(
    setup_printer: Start, page: Make, fault: str, cure: str, at: int
) -> None:
    """The printer may still wait inside a raster command: the next job must not be eaten by it."""
    rig = setup_printer(EPSON_TM_M30)
    sheet = page(EPSON_TM_M30.paper)
    rig.printer.print_page(sheet)
    whole = ink_rows(rig.hand.do("status")["receipts"][0])
    rig.hand.do("after", bytes=at, then=fault)
    assert rig.printer.print_page(sheet).result is not Result.PRINTED
    rig.hand.do(cure)
    assert rig.printer.print_page(sheet).result is Result.PRINTED
    told = rig.hand.do("status")
    assert told["counted"]["junk"] == 0
    assert ink_rows(told["receipts"][-1]).endswith(whole)


@pytest.mark.parametrize("at", [1, 2, 9, 700, 4000, 9000])
def test_a_cable_pulled_at_any_byte_never_counts_as_printed(setup_printer: Start, page: Make, at: int) -> None:
    rig = setup_printer(EPSON_TM_M30)
    assert rig.printer.status() is PrinterState.READY
    rig.hand.do("after", bytes=at)
    outcome = rig.printer.print_page(page(EPSON_TM_M30.paper))
    assert outcome.result is not Result.PRINTED
    assert outcome.reason is Reason.CONNECTION_LOST
    assert rig.printer.status() is PrinterState.OFFLINE
    rig.hand.do("plug")
    assert rig.printer.print_page(page(EPSON_TM_M30.paper)).result is Result.PRINTED


def test_paper_that_ends_after_the_last_byte_is_told_by_an_epson_and_asked_of_a_clone(
    setup_printer: Start, page: Make
) -> None:
    for profile in (GENERIC_58, EPSON_TM_M30):
        rig = setup_printer(profile)
        sheet = page(profile.paper)
        rig.hand.do("paper_rows", rows=sheet.rows + 20)
        outcome = rig.printer.print_page(sheet)
        assert said(outcome) == (Result.UNKNOWN, Reason.NO_PAPER)
        assert rig.printer.status() is PrinterState.NO_PAPER


LAST = [
    ("paper_end", {Reason.NO_PAPER}),
    ("open_cover", {Reason.COVER_OPEN}),
    ("heat", {Reason.HOT}),
    ("offline", {Reason.OFFLINE}),
    ("unplug", {Reason.CONNECTION_LOST}),
    ("swap", {Reason.CONNECTION_LOST}),
    ("power_off", {Reason.SILENT, Reason.STALLED}),
    ("stop_reading", {Reason.SILENT, Reason.STALLED}),
    ("silent", {Reason.SILENT}),
]


@pytest.mark.parametrize(("deed", "reasons"), LAST, ids=[row[0] for row in LAST])
def test_trouble_between_the_last_row_and_the_confirmation_is_unknown(
    setup_printer: Start, page: Make, deed: str, reasons: set[Reason]
) -> None:
    """All dots are there, only the printer's word is not: that is not yet printed."""
    rig = setup_printer(EPSON_TM_M30)
    sheet = page(EPSON_TM_M30.paper)
    rig.printer.status()
    before = rig.counted["bytes_in"]
    rig.printer.print_page(sheet)
    whole = rig.counted["bytes_in"] - before
    final_questions, half_a_process_id = 12, 5
    rig.hand.do("after", bytes=whole - final_questions - half_a_process_id, then=deed)
    outcome = rig.printer.print_page(sheet)
    assert outcome.result is Result.UNKNOWN
    assert outcome.reason in reasons


@pytest.mark.parametrize("deed", ["power_off", "stop_reading"])
def test_a_printer_that_looks_silent_from_the_start_is_tried_and_unknown(
    setup_printer: Start, page: Make, deed: str
) -> None:
    rig = setup_printer(EPSON_TM_M30)
    rig.hand.do(deed)
    outcome = rig.printer.print_page(page(EPSON_TM_M30.paper))
    assert said(outcome) == (Result.UNKNOWN, Reason.STALLED)
    assert outcome.sent < outcome.size


def test_a_silent_printer_is_unknown_and_never_ready(setup_printer: Start, page: Make) -> None:
    rig = setup_printer(EPSON_TM_M30)
    rig.hand.do("silent")
    assert rig.printer.status() is PrinterState.UNKNOWN
    outcome = rig.printer.print_page(page(EPSON_TM_M30.paper))
    assert said(outcome) == (Result.UNKNOWN, Reason.SILENT)
    assert rig.counted["cuts"] == 1


def test_a_printer_that_falls_silent_in_the_middle_is_unknown(setup_printer: Start, page: Make) -> None:
    rig = setup_printer(EPSON_TM_M30)
    rig.hand.do("after", bytes=2000, then="silent")
    outcome = rig.printer.print_page(page(EPSON_TM_M30.paper))
    assert said(outcome) == (Result.UNKNOWN, Reason.SILENT)


def test_low_paper_prints_and_says_so(setup_printer: Start, page: Make) -> None:
    rig = setup_printer(EPSON_TM_M30)
    rig.hand.do("paper", mm=350)
    assert rig.printer.status() is PrinterState.PAPER_LOW
    outcome = rig.printer.print_page(page(EPSON_TM_M30.paper))
    assert said(outcome) == (Result.PRINTED, Reason.NONE)
    assert outcome.state is PrinterState.PAPER_LOW


def test_a_slow_printer_is_waited_for(setup_printer: Start, page: Make) -> None:
    rig = setup_printer(EPSON_TM_M30)
    rig.hand.do("slow", rows_per_second=4000)
    outcome = rig.printer.print_page(page(EPSON_TM_M30.paper))
    assert said(outcome) == (Result.PRINTED, Reason.NONE)


def test_a_small_buffer_only_slows_the_job(setup_printer: Start, page: Make) -> None:
    rig = setup_printer(EPSON_TM_M30)
    rig.hand.do("buffer", bytes=256)
    assert rig.printer.print_page(page(EPSON_TM_M30.paper)).result is Result.PRINTED


def test_nobody_listening_is_not_connected(setup_printer: Start, page: Make) -> None:
    rig = setup_printer()
    rig.server.stop()
    rig.printer.close()
    outcome = rig.printer.print_page(page(GENERIC_58.paper))
    assert outcome.result is Result.FAILED
    assert outcome.reason in (Reason.NOT_CONNECTED, Reason.CONNECTION_LOST)
    assert rig.printer.status() is PrinterState.OFFLINE


def test_a_stale_connection_is_opened_again_without_a_word(setup_printer: Start, page: Make) -> None:
    rig = setup_printer(EPSON_TM_M30)
    assert rig.printer.status() is PrinterState.READY
    rig.hand.do("swap")
    assert rig.printer.print_page(page(EPSON_TM_M30.paper)).result is Result.PRINTED


def test_a_page_for_another_paper_is_a_fault_of_ours(setup_printer: Start, page: Make) -> None:
    rig = setup_printer(GENERIC_58)
    with pytest.raises(ValueError, match="paper"):
        rig.printer.print_page(page(EPSON_TM_M30.paper))


def test_a_serial_line_prints_and_reports(setup_printer: Start, page: Make) -> None:
    rig = setup_printer(EPSON_TM_M30, serial=True)
    assert rig.printer.status() is PrinterState.READY
    rig.hand.do("open_cover")
    assert rig.printer.status() is PrinterState.COVER_OPEN
    rig.hand.do("close_cover")
    assert rig.printer.print_page(page(EPSON_TM_M30.paper)).result is Result.PRINTED


def test_a_serial_line_that_takes_no_more_stalls(setup_printer: Start, page: Make) -> None:
    rig = setup_printer(EPSON_TM_M30, serial=True)
    rig.hand.do("after", bytes=3000, then="stop_reading")
    outcome = rig.printer.print_page(page(EPSON_TM_M30.paper))
    assert said(outcome) == (Result.UNKNOWN, Reason.STALLED)


def test_a_serial_adapter_pulled_out_is_lost(setup_printer: Start, page: Make) -> None:
    rig = setup_printer(EPSON_TM_M30, serial=True)
    rig.hand.do("after", bytes=3000, then="unplug")
    outcome = rig.printer.print_page(page(EPSON_TM_M30.paper))
    assert outcome.result is Result.UNKNOWN
    assert outcome.reason is Reason.CONNECTION_LOST
    assert rig.printer.status() is PrinterState.OFFLINE


def test_the_first_bytes_are_out_within_forty_milliseconds(setup_printer: Start, page: Make) -> None:
    rig = setup_printer(EPSON_TM_M30)
    rig.printer.status()
    quickest = min(rig.printer.print_page(page(EPSON_TM_M30.paper)).first_byte_s for _ in range(5))
    assert 0 < quickest < 0.040


def test_the_pace_of_a_profile_is_kept(setup_printer: Start, page: Make) -> None:
    rig = setup_printer(GENERIC_58)
    waits: list[float] = []
    rig.printer.pause = waits.append
    rig.printer.profile = replace(GENERIC_58, bytes_per_second=1000)
    outcome = rig.printer.print_page(page(GENERIC_58.paper))
    assert sum(waits) == pytest.approx(outcome.size / 1000)
