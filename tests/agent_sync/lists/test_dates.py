"""Days and years of birth: day before month, years alone, and nothing impossible."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_sync.district.lists.cells import Cell, CellKind
from agent_sync.district.lists.dates import Birth, join_parts, read_birth
from agent_sync.district.lists.findings import ErrorKind, Warn
from agent_sync.district.lists.workbook import serial_day

TODAY = date(2026, 11, 30)
BORN = date(1941, 4, 12)


def read(written: str) -> Birth | ErrorKind:
    return read_birth(Cell(CellKind.TEXT, written), written, TODAY)


def read_number(written: str) -> Birth | ErrorKind:
    value = Decimal(written)
    return read_birth(Cell(CellKind.NUMBER, written, value, serial_day(value)), written, TODAY)


@pytest.mark.parametrize(
    "written",
    ["12/04/1941", "12/4/1941", "12-04-1941", "12.04.1941", "12 / 4 / 1941", "1941-04-12", "1941-04-12 00:00:00",
     "Ngày 12 tháng 4 năm 1941", "12041941"],
)  # fmt: skip
def test_a_day(written: str) -> None:
    assert read(written) == Birth(BORN, 1941)


@pytest.mark.parametrize(
    "written", ["1941", "00/00/1941", "0/0/1941", "--/--/1941", "04/1941", "//1941", "khoảng 1941", "01/00/1941"]
)
def test_a_year_alone(written: str) -> None:
    assert read(written) == Birth(None, 1941)


def test_numbers_are_years_or_serial_days() -> None:
    assert read_number("1941") == Birth(None, 1941)
    assert read_number("15078") == Birth(BORN, 1941)
    assert read_number("12041941") == Birth(BORN, 1941)


@pytest.mark.parametrize("written", ["31/02/1941", "05/13/1941", "32/01/1941", "29/02/1942", "01/01/1850", "1850"])
def test_impossible_days(written: str) -> None:
    assert read(written) is ErrorKind.BIRTH_IMPOSSIBLE


@pytest.mark.parametrize("written", ["01/12/2026", "2027", "2099-01-01"])
def test_future_births(written: str) -> None:
    assert read(written) is ErrorKind.BIRTH_FUTURE


@pytest.mark.parametrize("written", ["không rõ", "1941?4", "12/04", "năm Tỵ", "9999"])
def test_unreadable_births(written: str) -> None:
    assert read(written) is ErrorKind.BIRTH_UNREADABLE


def test_a_year_of_two_digits_is_not_guessed() -> None:
    assert read("12/04/41") == Birth(warnings=(Warn.BIRTH_TWO_DIGIT_YEAR,))


@pytest.mark.parametrize("written", ["", "-", "x", "?"])
def test_nothing_is_nothing(written: str) -> None:
    assert read(written) == Birth(warnings=(Warn.BIRTH_MISSING,))


def test_three_columns() -> None:
    assert join_parts("12", "04", "1941", TODAY) == Birth(BORN, 1941)
    assert join_parts("", "", "1941", TODAY) == Birth(None, 1941)
    assert join_parts("31", "2", "1941", TODAY) is ErrorKind.BIRTH_IMPOSSIBLE
    assert join_parts("12", "4", "41", TODAY) is ErrorKind.BIRTH_UNREADABLE
    assert join_parts("", "", "", TODAY) == Birth(warnings=(Warn.BIRTH_MISSING,))


@given(st.dates(date(1900, 3, 1), TODAY))
def test_every_day_comes_back_from_every_form(day: date) -> None:
    expected = Birth(day, day.year)
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"):
        assert read(day.strftime(form)) == expected
    assert read_birth(Cell(CellKind.DATE, "", None, day), "", TODAY) == expected


@given(st.text(max_size=30))
def test_any_text_gives_an_answer(written: str) -> None:
    answer = read(written)
    assert isinstance(answer, ErrorKind) or answer.day is None or answer.day <= TODAY
