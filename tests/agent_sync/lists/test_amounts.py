"""Sums as offices write them; nothing doubtful becomes money."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_sync.district.lists.amounts import payable, read_signed
from agent_sync.district.lists.cells import Cell, CellKind
from agent_sync.district.lists.findings import ErrorKind
from kiosk.payout.names import MAX_AMOUNT


def text(value: str) -> Cell:
    return Cell(CellKind.TEXT, value)


def number(value: str) -> Cell:
    return Cell(CellKind.NUMBER, value, Decimal(value))


def read(cell: Cell | None) -> object:
    return payable(read_signed(cell))


@pytest.mark.parametrize(
    "written",
    ["1250000", "1.250.000", "1,250,000", "1 250 000", "1\u00a0250\u202f000", "1.250.000đ", "1.250.000 đồng",
     "1250000 VNĐ", "1.250.000,00", "1,250,000.00", " 1.250.000 ", "+1.250.000", "1.250.000®", "1.250.000ñ"],
)  # fmt: skip
def test_the_same_sum_in_many_hands(written: str) -> None:
    assert read(text(written)) == 1_250_000


@pytest.mark.parametrize("stored", ["500000", "500000.0", "5E5", "5e+05", "499999.99999999994"])
def test_numbers_as_files_store_them(stored: str) -> None:
    assert read(number(stored)) == 500_000


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (text("1.25.000"), ErrorKind.AMOUNT_UNREADABLE),
        (text("1250.000"), ErrorKind.AMOUNT_UNREADABLE),
        (text("1.250,000"), ErrorKind.AMOUNT_UNREADABLE),
        (text("500 nghìn"), ErrorKind.AMOUNT_UNREADABLE),
        (text("năm trăm nghìn"), ErrorKind.AMOUNT_UNREADABLE),
        (text("=1+1"), ErrorKind.AMOUNT_UNREADABLE),
        (text("５００.０００"), ErrorKind.AMOUNT_UNREADABLE),
        (text("500.000 500.000"), ErrorKind.AMOUNT_UNREADABLE),
        (text("5E+05"), ErrorKind.AMOUNT_SCIENTIFIC),
        (text("1,25E+06"), ErrorKind.AMOUNT_SCIENTIFIC),
        (text("500000,5"), ErrorKind.AMOUNT_FRACTION),
        (text("1.250.000,50"), ErrorKind.AMOUNT_FRACTION),
        (text("-500.000"), ErrorKind.AMOUNT_NEGATIVE),
        (text("(500.000)"), ErrorKind.AMOUNT_NEGATIVE),
        (text("−500000"), ErrorKind.AMOUNT_NEGATIVE),
        (text("0"), ErrorKind.AMOUNT_ZERO),
        (text("9" * 31), ErrorKind.AMOUNT_TOO_LARGE),
        (text("1.000.000.001"), ErrorKind.AMOUNT_TOO_LARGE),
        (number("500000.5"), ErrorKind.AMOUNT_FRACTION),
        (number("-1"), ErrorKind.AMOUNT_NEGATIVE),
        (number("-1e300"), ErrorKind.AMOUNT_NEGATIVE),
        (number("1e300"), ErrorKind.AMOUNT_TOO_LARGE),
        (number("1e-300"), ErrorKind.AMOUNT_FRACTION),
        (number("0"), ErrorKind.AMOUNT_ZERO),
        (Cell(CellKind.NO_VALUE, ""), ErrorKind.AMOUNT_WITHOUT_VALUE),
        (Cell(CellKind.ERROR, "#REF!"), ErrorKind.CELL_ERROR),
        (Cell(CellKind.DATE, "12/04/1941"), ErrorKind.AMOUNT_UNREADABLE),
    ],
)
def test_what_is_no_sum(cell: Cell, kind: ErrorKind) -> None:
    assert read(cell) is kind


def test_a_blank_cell_is_no_sum_and_no_error() -> None:
    assert read(None) is None


def test_the_bound_itself_is_still_a_sum() -> None:
    assert read(number(str(MAX_AMOUNT))) == MAX_AMOUNT


@given(st.integers(1, MAX_AMOUNT), st.sampled_from(".,"), st.sampled_from(["", " đ", "đ", " đồng", " VND"]))
def test_every_sum_comes_back_from_every_grouping(amount: int, sign: str, currency: str) -> None:
    assert read(text(f"{amount:,}".replace(",", sign) + currency)) == amount
    assert read(number(str(amount))) == amount


@given(st.text(max_size=40))
def test_no_text_is_a_fraction_of_a_dong_or_an_exception(written: str) -> None:
    value = read_signed(text(written))
    assert value is None or isinstance(value, ErrorKind) or type(value) is int


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_no_number_becomes_a_float(value: Decimal) -> None:
    read_back = read_signed(Cell(CellKind.NUMBER, str(value), value))
    assert isinstance(read_back, ErrorKind) or type(read_back) is int
