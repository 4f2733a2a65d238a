"""The spreadsheet reader: what a cell holds, exactly, and nothing through a float."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from agent_sync.district.lists.cells import Area, Cell, CellKind, Sheet
from agent_sync.district.lists.workbook import plain, read_workbook, serial_day
from agent_sync.district.text_repair import Encoding
from tests.agent_sync.samples import Extra, book_of, one_cell, write_rows, write_sheets


def read_one(folder: Path, *values: object, extra: Extra | None = None) -> dict[int, Cell]:
    return dict(read_workbook(write_rows(folder / "w.xlsx", [values], extra))[0].rows[0].cells)


def read_markup(folder: Path, cell: str) -> dict[int, Cell]:
    (folder / "m.xlsx").write_bytes(book_of(one_cell(cell)))
    rows = read_workbook(folder / "m.xlsx")[0].rows
    return dict(rows[0].cells) if rows else {}


def test_kinds_of_cells(tmp_path: Path) -> None:
    cells = read_one(tmp_path, "a", 1, 0.1, date(1941, 2, 3), "=1+1", None, True, "  ")
    assert [cells[k].kind for k in sorted(cells)] == [
        *(CellKind.TEXT, CellKind.NUMBER, CellKind.NUMBER, CellKind.DATE, CellKind.NO_VALUE),
        CellKind.TEXT,
    ]
    assert cells[3].number == Decimal("0.1")
    assert cells[4].day == date(1941, 2, 3)


def test_a_number_of_seventeen_digits_keeps_them_all(tmp_path: Path) -> None:
    assert read_markup(tmp_path, "<c><v>12345678901234567</v></c>")[1].text == "12345678901234567"


def test_a_formula_with_its_value_is_the_value(tmp_path: Path) -> None:
    assert read_markup(tmp_path, "<c><f>1+1</f><v>2</v></c>")[1].text == "2"
    assert read_markup(tmp_path, '<c t="str"><f>A()</f><v>x</v></c>')[1] == Cell(CellKind.TEXT, "x")
    assert read_markup(tmp_path, "<c><f>1+1</f></c>")[1].kind is CellKind.NO_VALUE
    assert read_markup(tmp_path, '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>')[1].kind is CellKind.ERROR


def test_inline_and_rich_text_without_phonetics(tmp_path: Path) -> None:
    markup = '<c t="inlineStr"><is><r><t>Nguyễn </t></r><r><t>Sáu</t></r><rPh><t>x</t></rPh></is></c>'
    assert read_markup(tmp_path, markup)[1].text == "Nguyễn Sáu"


def test_cells_without_an_address_follow_each_other(tmp_path: Path) -> None:
    assert sorted(read_markup(tmp_path, '<c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c>')) == [1, 4, 5]


def test_dates_in_words_of_the_standard(tmp_path: Path) -> None:
    assert read_markup(tmp_path, '<c t="d"><v>1941-04-12T00:00:00</v></c>')[1].day == date(1941, 4, 12)
    assert read_markup(tmp_path, '<c t="d"><v>soon</v></c>')[1].kind is CellKind.TEXT


def test_calendars(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].append([datetime(1941, 4, 12)])  # noqa: DTZ001 (a cell has no time zone)
    book.save(tmp_path / "mac.xlsx")
    assert read_workbook(tmp_path / "mac.xlsx")[0].rows[0].cells[1].day == date(1941, 4, 12)


def test_sheets_rows_merges_and_fonts(tmp_path: Path) -> None:
    rows = [["a", "b"], [], ["c"]]
    extra = Extra(merged=["A1:B1"], hidden_rows=[3], fonts={"A3": ".VnTime"}, state="hidden")
    path = write_sheets(tmp_path / "s.xlsx", {"Một": rows, "Hai": []}, {"Một": extra})
    one, two = read_workbook(path)
    assert (one.name, one.hidden, one.merged) == ("Một", True, (Area(1, 1, 1, 2),))
    assert [(row.number, row.hidden) for row in one.rows] == [(1, False), (3, True)]
    assert one.rows[1].cells[1].font is Encoding.TCVN3
    assert two == Sheet("Hai", False, ())


def test_a_number_with_a_date_format_is_a_day(tmp_path: Path) -> None:
    cells = read_one(tmp_path, 15078, extra=Extra(formats={"A1": "dd/mm/yyyy"}))
    assert (cells[1].kind, cells[1].day) == (CellKind.DATE, date(1941, 4, 12))


@pytest.mark.parametrize(
    ("number", "written"),
    [("5E5", "500000"), ("500000.0", "500000"), ("0.10", "0.1"), ("1E+99", "1E+99"), ("-0", "-0"), ("100", "100")],
)
def test_numbers_in_plain_digits(number: str, written: str) -> None:
    assert plain(Decimal(number)) == written


def test_serial_days_have_ends() -> None:
    assert serial_day(Decimal(0)) is None
    assert serial_day(Decimal(73_051)) is None
    assert serial_day(Decimal(73_050)) == date(2099, 12, 31)
