"""Writes the list that the demo imports: a commune's sheet as they really come, about people who do not exist.

It holds what an officer meets every month: title rows, a header of two rows, hamlets as headings,
sums as text, a number that lost its zero, a name from a TCVN3 font, arrears, an alternate, one
person who still has only a CMND, subtotals, a total in words and the signatures below.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from kiosk.payout.names import Period

Cell = str | int | None
_PENSION: Final = "Hưu trí xã hội"
_HEADER: Final[tuple[tuple[Cell, ...], tuple[Cell, ...]]] = (
    (
        *("STT", "Họ và tên", "Ngày, tháng, năm sinh", "Giới tính", "Số CCCD/ĐDCN", "Mã hộ", "Đối tượng"),
        *(
            "Số tiền (đồng)",
            None,
            None,
            "Người nhận thay",
            None,
            "Số điện thoại",
            "Hình thức nhận",
            "Ký nhận",
            "Ghi chú",
        ),
    ),
    (
        *(None, None, None, None, None, None, None),
        *("Trợ cấp tháng", "Truy lĩnh", "Tổng cộng", "Họ và tên", "Số CCCD", None, None, None, None),
    ),
)
_MONEY_COLUMNS: Final = (8, 9, 10)


@dataclass(frozen=True, slots=True)
class _Person:
    """One synthetic recipient; ``amount`` and ``number`` as an office would type them."""

    name: str
    birth: Cell
    sex: str
    number: Cell
    household: str
    group: str = _PENSION
    amount: Cell = 500_000
    arrears: int = 0
    alternate: tuple[Cell, Cell] = (None, None)
    phone: str | None = None
    note: str | None = None
    old_font: bool = False

    @property
    def sums(self) -> tuple[int, int, int]:
        """Month, arrears and both together, in đồng."""
        text = str(self.amount).replace(".", "").replace(",", "")
        return int(text), self.arrears, int(text) + self.arrears

    def cells(self, number: int) -> tuple[Cell, ...]:
        """The row."""
        return (
            *(number, self.name, self.birth, self.sex, self.number, self.household, self.group),
            *(self.amount, self.arrears or None, self.sums[2], *self.alternate),
            *(self.phone, "Tiền mặt", None, self.note),
        )


_LAN: Final = ("Trần Thị Lan (con)", "099175000052")
_SON: Final = "0900000016 (con gái)"
_MARTYR: Final = "Thân nhân liệt sĩ"


def _hamlets(arrears_note: str) -> dict[str, tuple[_Person, ...]]:
    return {
        "I. Ấp Bến Đò": (
            _Person("Nguyễn Thị Sáu", "12/04/1941", "Nữ", "099141000016", "BD01", amount="500.000", phone=_SON),
            _Person(
                "Trần Văn Tư", "02/09/1938", "Nam", 99038000024, "BD02", alternate=_LAN, note="Ốm nặng, chi tại nhà"
            ),
            _Person("Nguyễn Lâm Thị Như Hoa", 1944, "Nữ", "099144000091", "BD03", _MARTYR, 2_789_000),
        ),
        "II. Ấp Giồng Mới": (
            _Person(
                *("Lê Thị Hạnh", "20/01/1931", "Nữ", "099131000031", "GM01", "Người có công", "8.367.000"),
                note="Mẹ Việt Nam Anh hùng",
            ),
            _Person("Danh Sà Rây", "05/07/1946", "Nam", "099046000047", "GM02", "Khuyết tật nặng", "750,000"),
        ),
        "III. Thôn Cây Gạo": (
            _Person("Phạm Thị Khế", "28/02/1943", "Nữ", "099143000068", "CG01", arrears=500_000, note=arrears_note),
            _Person("Huúnh V¨n B¶y", 1935, "Nam", "099035000073", "CG02", old_font=True),
            _Person("Đặng Thị Thơm", "15/06/1929", "Nữ", "099129000089", "CG03"),
            _Person("Hồ Văn Nghĩa", 1945, "Nam", "099000123", "CG04", note="Chưa đổi CCCD"),
        ),
    }


def write_sample_list(path: Path, period: Period) -> None:
    """Write the demo's pay list for one month as .xlsx."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Danh sách"
    _title(sheet, period)
    for cells in _HEADER:
        sheet.append(cells)
    for columns in ("H5:J5", "K5:L5"):
        sheet.merge_cells(columns)
    before = Period(period.year - (period.month == 1), (period.month - 2) % 12 + 1)
    hamlets = _hamlets(f"Truy lĩnh tháng {before.month}/{before.year}")
    for hamlet, people in hamlets.items():
        sheet.append((hamlet,))
        sheet.merge_cells(start_row=sheet.max_row, start_column=1, end_row=sheet.max_row, end_column=16)
        for person in people:
            _add(sheet, person)
        sheet.append((None, "Cộng", *(None,) * 5, *_sums(people)))
    _foot(sheet, [person for people in hamlets.values() for person in people])
    _widths(sheet)
    book.save(path)


def _add(sheet: Worksheet, person: _Person) -> None:
    number = sum(1 for row in range(7, sheet.max_row + 1) if isinstance(sheet.cell(row, 1).value, int))
    sheet.append(person.cells(number + 1))
    if person.old_font:
        sheet.cell(sheet.max_row, 2).font = Font(name=".VnTime")


def _sums(people: Sequence[_Person]) -> tuple[int, int, int]:
    month, arrears, both = zip(*(person.sums for person in people), strict=True)
    return sum(month), sum(arrears), sum(both)


def _title(sheet: Worksheet, period: Period) -> None:
    sheet.append(("ỦY BAN NHÂN DÂN XÃ TÂN AN THỬ",))
    sheet.append((f"DANH SÁCH CHI TRẢ TRỢ CẤP HÀNG THÁNG — THÁNG {period.month} NĂM {period.year}",))
    sheet.append(("(Số liệu thực hành: người trong danh sách không có thật)",))
    sheet.append((None, None, None, None, None, None, None, None, None, "ĐVT: đồng"))
    for row in (1, 2):
        sheet.cell(row, 1).font = Font(bold=True)


def _foot(sheet: Worksheet, people: Sequence[_Person]) -> None:
    sheet.append((None, f"Tổng cộng: {len(people)} người", *(None,) * 5, *_sums(people)))
    sheet.append((None, "Số tiền bằng chữ: Mười lăm triệu bốn trăm lẻ sáu nghìn đồng"))
    sheet.append((*(None,) * 9, "Ngày      tháng      năm"))
    sheet.append((None, "Người lập danh sách", None, None, None, "Kế toán", None, None, None, "TM. Ủy ban nhân dân"))


def _widths(sheet: Worksheet) -> None:
    for letter, width in zip(
        "ABCDEFGHIJKLMNOP", (5, 26, 14, 9, 16, 8, 18, 13, 12, 13, 22, 16, 20, 12, 10, 26), strict=True
    ):
        sheet.column_dimensions[letter].width = width
    for row in (5, 6):
        for column in range(1, 17):
            sheet.cell(row, column).alignment = Alignment(wrap_text=True, horizontal="center")
            sheet.cell(row, column).font = Font(bold=True)
    for row in range(7, sheet.max_row + 1):
        for column in _MONEY_COLUMNS:
            sheet.cell(row, column).number_format = "#,##0"


def main(argv: Sequence[str] | None = None) -> int:
    """``python -m agent_sync.district.lists.sample FILE YYYY-MM``; 2 for anything else."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        path, period = Path(arguments[0]), Period.parse(arguments[1])
    except (IndexError, ValueError):
        sys.stderr.write("sample: FILE YYYY-MM expected\n")
        return 2
    write_sample_list(path, period)
    return 0


if __name__ == "__main__":
    sys.exit(main())
