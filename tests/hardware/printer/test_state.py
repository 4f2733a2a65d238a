"""Status bytes as the standard lays them out, and what may be concluded from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.printer.state import PrinterState, StatusBytes, is_status_byte

FINE = (0x12, 0x12, 0x12, 0x12)

TABLE = [
    (FINE, PrinterState.READY),
    ((0x1A, 0x16, 0x12, 0x12), PrinterState.COVER_OPEN),
    ((0x1A, 0x32, 0x12, 0x72), PrinterState.NO_PAPER),
    ((0x12, 0x12, 0x12, 0x72), PrinterState.NO_PAPER),
    ((0x12, 0x12, 0x12, 0x1E), PrinterState.PAPER_LOW),
    ((0x1A, 0x12, 0x52, 0x12), PrinterState.HOT),
    ((0x1A, 0x52, 0x1A, 0x12), PrinterState.ERROR),
    ((0x1A, 0x52, 0x32, 0x12), PrinterState.ERROR),
    ((0x1A, 0x12, 0x12, 0x12), PrinterState.OFFLINE),
    ((0x1A, 0x36, 0x12, 0x72), PrinterState.COVER_OPEN),
    ((None, None, None, None), PrinterState.UNKNOWN),
    ((0x12, None, None, None), PrinterState.UNKNOWN),
    ((0x12, 0x12, 0x12, None), PrinterState.UNKNOWN),
    ((0xFF, 0xFF, 0xFF, 0xFF), PrinterState.UNKNOWN),
    ((0x00, 0x00, 0x00, 0x00), PrinterState.UNKNOWN),
    ((0x12, 0x16, None, None), PrinterState.COVER_OPEN),
]


@pytest.mark.parametrize(("replies", "state"), TABLE)
def test_what_the_four_bytes_mean(replies: tuple[int | None, ...], state: PrinterState) -> None:
    assert StatusBytes.of(replies).state is state


ALONE = {
    (1, 3): PrinterState.OFFLINE,
    (2, 2): PrinterState.COVER_OPEN,
    (2, 5): PrinterState.NO_PAPER,
    (2, 6): PrinterState.ERROR,
    (3, 2): PrinterState.ERROR,
    (3, 3): PrinterState.ERROR,
    (3, 5): PrinterState.ERROR,
    (3, 6): PrinterState.HOT,
    (4, 2): PrinterState.PAPER_LOW,
    (4, 5): PrinterState.NO_PAPER,
}
"""(DLE EOT n, bit): what that bit says when no other is set. The rest are drawer and buttons."""


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("bit", [2, 3, 5, 6])
def test_each_bit_alone(number: int, bit: int) -> None:
    replies = list(FINE)
    replies[number - 1] |= 1 << bit
    assert StatusBytes.of(replies).state is ALONE.get((number, bit), PrinterState.READY)


@given(st.lists(st.none() | st.integers(0, 255), min_size=4, max_size=4))
def test_ready_needs_true_answers_about_printer_cover_and_paper(replies: list[int | None]) -> None:
    state = StatusBytes.of(replies).state
    if state in (PrinterState.READY, PrinterState.PAPER_LOW):
        assert all(is_status_byte(replies[index]) for index in (0, 1, 3))


@given(st.integers(0, 255))
def test_only_bytes_with_the_fixed_bits_are_status(value: int) -> None:
    pattern = f"{value:08b}"
    assert is_status_byte(value) == (pattern[0] == "0" and pattern[3] == "1" and pattern[6:] == "10")


def test_an_open_cover_alone_never_prints_but_silence_may() -> None:
    assert not PrinterState.COVER_OPEN.can_print
    assert PrinterState.UNKNOWN.can_print
    assert {state for state in PrinterState if state.can_print} == {
        PrinterState.READY,
        PrinterState.PAPER_LOW,
        PrinterState.UNKNOWN,
    }
