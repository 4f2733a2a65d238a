"""Citizen numbers, and what spreadsheets make of them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_sync.district.lists.cells import Cell, CellKind
from agent_sync.district.lists.findings import ErrorKind, HeldReason, Warn
from agent_sync.district.lists.numbers import MISSING, IdNumber, read_number, sex_and_year
from kiosk.payout.names import CitizenNumber, Sex

NUMBER = "099141000016"


def text(written: str) -> IdNumber | ErrorKind:
    return read_number(Cell(CellKind.TEXT, written), written)


def number(stored: str) -> IdNumber | ErrorKind:
    return read_number(Cell(CellKind.NUMBER, stored, Decimal(stored)), stored)


@pytest.mark.parametrize(
    "written",
    [NUMBER, "099 141 000 016", "099.141.000.016", "'099141000016", "CCCD: 099141000016", f"{NUMBER} / 020123456"],
)
def test_twelve_digits(written: str) -> None:
    read = text(written)
    assert isinstance(read, IdNumber)
    assert (read.number, read.reasons, read.warnings) == (NUMBER, (), ())


@pytest.mark.parametrize(("stored", "restored"), [("99141000016", NUMBER), ("1141000016", "001141000016")])
def test_a_numeric_cell_gets_its_leading_zeros_back(stored: str, restored: str) -> None:
    assert number(stored) == IdNumber(CitizenNumber(restored), stored, warnings=(Warn.LEADING_ZERO_RESTORED,))


def test_a_text_of_eleven_digits_waits_with_a_proposal() -> None:
    assert text("99141000016") == IdNumber(None, "99141000016", CitizenNumber("099141000016"), (HeldReason.ID_SHORT,))


def test_a_number_that_went_through_a_float_is_not_taken_for_twelve_digits() -> None:
    read = text("99141000016.0")
    assert isinstance(read, IdNumber)
    assert (read.number, read.reasons, read.proposed) == (None, (HeldReason.ID_SHORT,), NUMBER)


def test_a_number_whose_last_digits_a_csv_file_took_waits() -> None:
    read = number("99100000000")
    assert isinstance(read, IdNumber)
    assert (read.number, read.reasons) == (None, (HeldReason.ID_SHORT,))


@pytest.mark.parametrize("written", ["020123456", "20123456"])
def test_an_old_cmnd_waits(written: str) -> None:
    read = text(written)
    assert isinstance(read, IdNumber)
    assert (read.number, read.reasons) == (None, (HeldReason.CMND_ONLY,))


@pytest.mark.parametrize("written", ["", "-", "không", "Chưa có"])
def test_no_number(written: str) -> None:
    assert text(written) == MISSING
    assert read_number(None, "") == MISSING


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("99141000016 0", ErrorKind.ID_NOT_DIGITS),
        ("9914.1000.016.0", ErrorKind.ID_NOT_DIGITS),
        ("09914100001A", ErrorKind.ID_NOT_DIGITS),
        ("9,9141E+10", ErrorKind.ID_NOT_DIGITS),
        ("０９９１４１００００１６", ErrorKind.ID_NOT_DIGITS),
        ("000000000000", ErrorKind.ID_NOT_DIGITS),
        ("099141000016/099141000017", ErrorKind.ID_NOT_DIGITS),
        ("0991410000160", ErrorKind.ID_WRONG_LENGTH),
        ("1234567", ErrorKind.ID_WRONG_LENGTH),
    ],
)
def test_what_is_no_number(written: str, kind: ErrorKind) -> None:
    assert text(written) is kind


def test_a_fraction_a_date_and_a_fault_are_no_number() -> None:
    assert number("12.5") is ErrorKind.ID_NOT_DIGITS
    assert read_number(Cell(CellKind.DATE, "12/04/1941"), "12/04/1941") is ErrorKind.ID_NOT_DIGITS
    assert read_number(Cell(CellKind.ERROR, "#N/A"), "") is ErrorKind.CELL_ERROR
    assert read_number(Cell(CellKind.NO_VALUE, ""), "") is ErrorKind.ID_NOT_DIGITS


@pytest.mark.parametrize(
    ("number", "expected"),
    [(NUMBER, (Sex.FEMALE, 1941)), ("099038000024", (Sex.MALE, 1938)), ("099215000001", (Sex.MALE, 2015)),
     ("099307000001", (Sex.FEMALE, 2007))],
)  # fmt: skip
def test_what_a_number_says_itself(number: str, expected: tuple[Sex, int]) -> None:
    assert sex_and_year(CitizenNumber(number)) == expected


@given(st.integers(0, 99).map(lambda k: f"0{k:02d}"), st.integers(1, 10**9 - 1))
def test_only_leading_zeros_are_ever_added(province: str, rest: int) -> None:
    full = f"{province}{rest:09d}"
    read = number(str(int(full)))
    if isinstance(read, IdNumber) and read.number is not None:
        assert read.number == full


@given(st.text(max_size=40))
def test_a_number_is_twelve_ascii_digits_or_none(written: str) -> None:
    read = text(written)
    assert isinstance(read, ErrorKind) or read.number is None or (read.number.isascii() and len(read.number) == 12)
