"""Several sheets, several programmes, several months: what belongs to one list and what does not."""

from __future__ import annotations

from pathlib import Path

from agent_sync.district.lists import read_pay_list
from agent_sync.district.lists.findings import FileErrorKind, NoticeKind
from kiosk.payout.names import Period, Programme
from tests.agent_sync.lists.conftest import Judge
from tests.agent_sync.samples import (
    NOVEMBER,
    Extra,
    Person,
    list_rows,
    total_row,
    village,
    write_rows,
    write_sheets,
)

SAU, HANH, KHE = village(3)


def test_several_sheets(tmp_path: Path) -> None:
    path = write_sheets(
        tmp_path / "s.xlsx",
        {
            "Ấp 1": list_rows([Person(address=None)], total_row(500_000)),
            "Hướng dẫn": [["Cách điền"]],
            "Ẩn": list_rows([KHE]),
            "T10": list_rows([KHE], title="DANH SÁCH CHI TRẢ THÁNG 10/2026"),
            "Giảm": list_rows([KHE], title="DANH SÁCH GIẢM THÁNG 11/2026"),
            "Ấp 2": list_rows([HANH], total_row(500_000), total_row(1_000_000, "Tổng cộng toàn xã")),
        },
        {"Ẩn": Extra(state="veryHidden")},
    )
    result = read_pay_list(path, period=NOVEMBER)
    assert [(line.line, line.hamlet) for line in result.lines] == [("Ấp 1!3", "Ấp 1"), ("Ấp 2!3", "Ấp 3")]
    assert result.file_errors == ()
    assert {(n.kind, n.sheet) for n in result.notices} == {
        (NoticeKind.SHEET_WITHOUT_LIST, "Hướng dẫn"),
        (NoticeKind.HIDDEN_SHEET_SKIPPED, "Ẩn"),
        (NoticeKind.SHEET_OF_OTHER_PERIOD, "T10"),
        (NoticeKind.DECREASE_SHEET_SKIPPED, "Giảm"),
    }


def test_each_sheet_has_the_programme_of_its_own_title(tmp_path: Path) -> None:
    title = "DANH SÁCH CHI TRẢ {} THÁNG 11/2026"
    sheets = {
        "A": list_rows([SAU], title=title.format("NGƯỜI CÓ CÔNG")),
        "B": list_rows([HANH], title=title.format("BẢO TRỢ XÃ HỘI")),
    }
    result = read_pay_list(write_sheets(tmp_path / "two.xlsx", sheets))
    assert [line.programme for line in result.lines] == [Programme.MERIT, Programme.SOCIAL_ASSISTANCE]
    assert result.programme is None


def test_a_title_of_another_programme_than_asked_is_told(judge: Judge) -> None:
    result = judge(list_rows([SAU]), programme=Programme.MERIT)
    assert NoticeKind.PROGRAMME_TITLE_DIFFERS in {notice.kind for notice in result.notices}
    assert [line.programme for line in result.lines] == [Programme.MERIT]


def test_a_file_of_several_months_must_be_asked_for_one(tmp_path: Path) -> None:
    title = "DANH SÁCH CHI TRẢ HƯU TRÍ XÃ HỘI THÁNG {}/2026"
    sheets = {f"T{month}": list_rows([SAU], title=title.format(month)) for month in (9, 10, 11)}
    path = write_sheets(tmp_path / "year.xlsx", sheets)
    refused = read_pay_list(path)
    assert [(e.kind, e.detail) for e in refused.file_errors] == [
        (FileErrorKind.SEVERAL_PERIODS, "2026-09, 2026-10, 2026-11")
    ]
    asked = read_pay_list(path, period=NOVEMBER)
    assert ([line.sheet for line in asked.lines], asked.file_errors) == (["T11"], ())


def test_a_list_of_those_who_leave_is_refused(judge: Judge) -> None:
    result = judge(list_rows([SAU], title="DANH SÁCH GIẢM ĐỐI TƯỢNG BẢO TRỢ XÃ HỘI THÁNG 11/2026"))
    assert [error.kind for error in result.file_errors] == [FileErrorKind.DECREASE_LIST]
    assert result.exit_code == 1


def test_the_same_file_gives_the_same_answer(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.xlsx", list_rows(village(20), total_row(10_000_000)))
    first = read_pay_list(path, period=Period(2026, 11))
    assert first == read_pay_list(path, period=Period(2026, 11))
    assert len(first.lines) == 20
