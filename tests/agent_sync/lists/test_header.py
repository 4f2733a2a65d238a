"""Headers: their many spellings, two rows, merged cells, and sheets that are no list."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_sync.district.lists.columns import Column, recognise
from agent_sync.district.lists.header import Header, find_header
from agent_sync.district.lists.words import reader_for
from agent_sync.district.lists.workbook import read_workbook
from tests.agent_sync.samples import Extra, write_rows

SPELLINGS = {
    Column.ORDINAL: ["STT", "TT", "Số TT", "Stt."],
    Column.NAME: [
        "Họ và tên",
        "HỌ TÊN",
        "Ho va ten",
        "Họ tên người hưởng",
        "Họ và tên đối tượng",
        "Tên người thụ hưởng",
    ],
    Column.ID: [
        "Số CCCD",
        "CCCD/CMND",
        "Số ĐDCN",
        "Số định danh cá nhân",
        "So CCCD",
        "Số thẻ căn cước",
        "Số CCCD/CMND/ĐDCN",
    ],
    Column.OLD_ID: ["Số CMND", "CMND", "Chứng minh nhân dân"],
    Column.BIRTH: ["Ngày sinh", "Năm sinh", "Ngày, tháng, năm sinh", "NTNS", "Ngày/tháng/năm sinh", "Nam sinh"],
    Column.SEX: ["Giới tính", "Nam/Nữ", "Phái"],
    Column.ADDRESS: ["Địa chỉ", "Nơi cư trú", "Địa chỉ thường trú", "Chỗ ở hiện nay"],
    Column.HAMLET: ["Thôn", "Ấp", "Khóm", "Thôn/Ấp/Khóm", "Tổ dân phố", "Tên ấp", "Khu phố"],
    Column.AMOUNT: ["Số tiền", "Số tiền (đồng)", "Mức hưởng", "Trợ cấp", "Mức trợ cấp", "So tien", "Kinh phí chi trả"],
    Column.ARREARS: ["Truy lĩnh", "Số tiền truy lĩnh", "Truy linh", "Truy lĩnh T9/2026"],
    Column.TOTAL: ["Tổng cộng", "Tổng số tiền", "Thực lĩnh", "Số tiền thực nhận", "Cộng"],
    Column.PERIOD: ["Kỳ", "Tháng", "Kỳ/Tháng", "Kỳ chi trả"],
    Column.SIGN: ["Ký nhận", "Ký tên", "Người nhận ký tên", "Chữ ký"],
    Column.ARREARS_PERIOD: ["Tháng truy lĩnh", "Lý do truy lĩnh", "Thời gian truy lĩnh", "Truy lĩnh từ tháng"],
    Column.ALTERNATE: [
        "Người nhận thay (Họ tên, số CCCD)",
        "Người nhận thay",
        "Người được ủy quyền",
        "Họ tên người nhận thay",
        "Người nhận ủy quyền",
    ],
    Column.ALTERNATE_ID: ["CCCD người nhận thay", "Người nhận thay Số CCCD", "Số CCCD người được ủy quyền"],
    Column.GUARDIAN: ["Người giám hộ", "Họ tên người giám hộ"],
    Column.GUARDIAN_ID: ["CCCD người giám hộ", "Người giám hộ Số CCCD"],
    Column.PHONE: ["Số điện thoại", "SĐT", "Điện thoại", "ĐT"],
    Column.METHOD: ["Hình thức nhận", "Hình thức chi trả", "Phương thức nhận tiền"],
    Column.ACCOUNT: ["Số tài khoản", "STK", "Số tài khoản ngân hàng"],
    Column.NOTE: ["Ghi chú", "Ghi chu"],
    Column.PROGRAMME: ["Chương trình", "Loại đối tượng", "Đối tượng", "Loại trợ cấp"],
    Column.HOUSEHOLD: ["Mã hộ", "Mã hộ gia đình"],
    Column.FUNERAL: ["Mai táng phí"],
    Column.DEDUCTION: ["Truy thu", "Giảm trừ"],
    Column.IGNORED: ["Ngày cấp", "Nơi cấp CCCD", "Dân tộc", "Mã hồ sơ", "Họ tên liệt sĩ", "Họ tên chủ hộ", "Hệ số"],
}


@pytest.mark.parametrize(("column", "title"), [(c, t) for c, titles in SPELLINGS.items() for t in titles])
def test_spellings(column: Column, title: str) -> None:
    heading = recognise(1, title)
    assert heading is not None
    assert heading.column is column


def test_the_marks_tell_a_year_from_a_man() -> None:
    found = [recognise(1, title) for title in ("Năm sinh Nam", "Ngày sinh Năm", "Giới tính Nam")]
    assert [h.column for h in found if h] == [Column.BIRTH_MALE, Column.BIRTH_YEAR, Column.SEX_MALE]


@pytest.mark.parametrize("title", ["Số nhân khẩu", "xyz", "1", ""])
def test_what_nobody_understands(title: str) -> None:
    assert recognise(1, title) is None


def header_of(folder: Path, rows: list[list[object]], merged: tuple[str, ...] = ()) -> Header | None:
    sheet = read_workbook(write_rows(folder / "h.xlsx", rows, Extra(merged=merged)))[0]
    return find_header(sheet, reader_for(sheet))


def columns(header: Header | None) -> dict[int, Column]:
    assert header is not None
    return {heading.index: heading.column for heading in header.headings}


TWO_ROWS: list[list[object]] = [
    ["UBND XÃ TÂN AN THỬ"],
    ["DANH SÁCH THÁNG 11 NĂM 2026"],
    ["STT", "Họ và tên", "Năm sinh", None, "Số CCCD", "Số tiền", None, None, "Người nhận thay", None, "Ký nhận"],
    [None, None, "Nam", "Nữ", None, "Trợ cấp", "Truy lĩnh", "Tổng cộng", "Họ tên", "Số CCCD", None],
    [1, "Lê Văn Một", 1941, None, "099041000001", 500_000, None, 500_000, None, None, None],
]


@pytest.mark.parametrize("merged", [(), ("C3:D3", "F3:H3", "I3:J3", "A3:A4", "B3:B4", "E3:E4", "A1:K1")])
def test_two_rows_merged_or_only_left_blank(tmp_path: Path, merged: tuple[str, ...]) -> None:
    header = header_of(tmp_path, TWO_ROWS, merged)
    assert header is not None
    assert (header.top, header.bottom, header.title) == (3, 4, ("UBND XÃ TÂN AN THỬ", "DANH SÁCH THÁNG 11 NĂM 2026"))
    assert columns(header) == {
        1: Column.ORDINAL,
        2: Column.NAME,
        3: Column.BIRTH_MALE,
        4: Column.BIRTH_FEMALE,
        5: Column.ID,
        6: Column.AMOUNT,
        7: Column.ARREARS,
        8: Column.TOTAL,
        9: Column.ALTERNATE,
        10: Column.ALTERNATE_ID,
        11: Column.SIGN,
    }


def test_a_title_right_above_the_header_is_no_part_of_it(tmp_path: Path) -> None:
    header = header_of(tmp_path, [["CHI TRẢ THÁNG 11/2026"], ["Họ tên", "CCCD", "Số tiền"]])
    assert header is not None
    assert (header.top, header.title) == (2, ("CHI TRẢ THÁNG 11/2026",))
    assert [heading.title for heading in header.headings] == ["Họ tên", "CCCD", "Số tiền"]


def test_a_person_is_never_taken_into_the_header(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["STT", "Họ và tên", "Giới tính", "Thôn", "Số tiền"],
        ["1", "Lê Văn Nam", "Nam", "Ấp 3", "500.000"],
    ]
    header = header_of(tmp_path, rows)
    assert header is not None
    assert header.bottom == 1


def test_of_two_sums_beside_arrears_the_second_is_the_rows_total(tmp_path: Path) -> None:
    header = header_of(tmp_path, [["Họ tên", "CCCD", "Mức hưởng", "Truy lĩnh", "Số tiền"]])
    assert columns(header)[3] is Column.AMOUNT
    assert columns(header)[5] is Column.TOTAL


def test_a_rate_beside_a_sum_is_only_a_rate(tmp_path: Path) -> None:
    header = header_of(tmp_path, [["Họ tên", "CCCD", "Mức hưởng", "Số tiền"]])
    assert columns(header) == {1: Column.NAME, 2: Column.ID, 3: Column.LEVEL, 4: Column.AMOUNT}


def test_a_rate_beside_a_months_sum_is_only_a_rate(tmp_path: Path) -> None:
    header = header_of(tmp_path, [["Họ tên", "CCCD", "Mức TC", "Hệ số", "Số tiền tháng 11/2026", "Tổng tiền"]])
    assert [columns(header)[k] for k in (3, 4, 5, 6)] == [
        *(Column.LEVEL, Column.IGNORED, Column.MONTH_AMOUNT, Column.TOTAL)
    ]


def test_the_rate_is_the_sum_if_there_is_no_other(tmp_path: Path) -> None:
    header = header_of(tmp_path, [["Họ tên", "CCCD", "Mức trợ cấp 1 tháng"]])
    assert columns(header)[3] is Column.AMOUNT


def test_the_old_number_is_the_number_if_there_is_no_other(tmp_path: Path) -> None:
    assert columns(header_of(tmp_path, [["Họ tên", "Số CMND", "Số tiền"]]))[2] is Column.ID


@pytest.mark.parametrize(
    "rows",
    [
        [["Hướng dẫn"], ["Điền đủ họ tên"]],
        [["STT", "Họ và tên", "Số CCCD"], [1, "Lê Văn Một", "099041000001"]],
        [["Họ và tên", "Số tiền"]],
        [],
    ],
)
def test_no_list(tmp_path: Path, rows: list[list[object]]) -> None:
    assert header_of(tmp_path, rows) is None
