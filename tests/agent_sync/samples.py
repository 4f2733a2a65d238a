"""Builds pay-list files for tests: the demo's own list, and sheets with exactly one thing wrong."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

from agent_sync.district.lists.sample import write_sample_list
from kiosk.payout.names import Period

NOVEMBER = Period(2026, 11)
TITLE = "DANH SÁCH CHI TRẢ HƯU TRÍ XÃ HỘI THÁNG 11 NĂM 2026"
HEADER = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Địa chỉ", "Số tiền", "Ghi chú")
FIRST_ROW = 3
"""Row of the first person below TITLE and HEADER, as the spreadsheet shows it."""

Value = object

_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_RELATIONS = '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'


def demo_list(folder: Path, period: Period = NOVEMBER) -> Path:
    """The list of the demo."""
    path = folder / "sample-list.xlsx"
    write_sample_list(path, period)
    return path


@dataclass(frozen=True)
class Person:
    """One row under HEADER; every field can be replaced by what is to be tested."""

    name: Value = "Nguyễn Thị Sáu"
    number: Value = "099141000016"
    amount: Value = 500_000
    birth: Value = "12/04/1941"
    sex: Value = "Nữ"
    address: Value = "Ấp 3, xã Tân An Thử"
    note: Value = None

    def cells(self, ordinal: int) -> list[Value]:
        """The row's cells."""
        return [ordinal, self.name, self.birth, self.sex, self.number, self.address, self.amount, self.note]


@dataclass(frozen=True)
class Extra:
    """What a sheet needs besides values."""

    merged: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    fonts: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    struck: Sequence[str] = ()
    state: str = "visible"


def village(count: int) -> list[Person]:
    """That many different people with different numbers."""
    given = ("Sáu", "Hạnh", "Khế", "Thơm", "Hoa", "Lan", "Mận", "Sen", "Đậu", "Gái", "Út", "Cúc")
    return [Person(f"Nguyễn Thị {given[k % len(given)]}", f"099141{k + 1:06d}") for k in range(count)]


def write_rows(path: Path, rows: Iterable[Sequence[Value]], extra: Extra | None = None, sheet: str = "DS") -> Path:
    """A workbook with one sheet of these rows."""
    return write_sheets(path, {sheet: list(rows)}, {sheet: extra or Extra()})


def write_sheets(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Value]]], extras: Mapping[str, Extra] | None = None
) -> Path:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        extra = (extras or {}).get(name, Extra())
        for area in extra.merged:
            sheet.merge_cells(area)
        for number in extra.hidden_rows:
            sheet.row_dimensions[number].hidden = True
        for place, font in extra.fonts.items():
            sheet[place].font = Font(name=font)
        for place in extra.struck:
            sheet[place].font = Font(strike=True)
        for place, code in extra.formats.items():
            sheet[place].number_format = code
        sheet.sheet_state = extra.state
    book.save(path)
    return path


def list_rows(people: Iterable[Person], *below: Sequence[Value], title: str = TITLE) -> list[Sequence[Value]]:
    """Title, header, people, and what stands below them."""
    numbered = [person.cells(k) for k, person in enumerate(people, 1)]
    return [[title], HEADER, *numbered, *below]


def total_row(amount: Value, label: str = "Tổng cộng") -> list[Value]:
    """A total under HEADER's sum column."""
    return [None, label, None, None, None, None, amount]


def packed(parts: dict[str, str]) -> bytes:
    """A zip file with these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def book_of(sheet: str) -> bytes:
    """A workbook of one sheet with this markup."""
    parts = {"xl/workbook.xml": _BOOK, "xl/_rels/workbook.xml.rels": _RELATIONS, "xl/worksheets/sheet1.xml": sheet}
    return packed(parts)


def one_cell(cell: str) -> str:
    """A sheet's markup with one row of these cells."""
    return f'<worksheet><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
