"""Which sums a row owes, of which kind, for which month."""

from __future__ import annotations

import pytest

from agent_sync.district.lists.findings import ErrorKind, FileErrorKind, HeldReason, NoticeKind, Warn
from kiosk.payout.names import Kind, Period, Programme
from tests.agent_sync.lists.conftest import Judge
from tests.agent_sync.samples import HEADER, NOVEMBER, TITLE, Extra, Person, list_rows

OCTOBER = Period(2026, 10)
WHO = ("Lê Văn Một", "099041000001")


def due(result: object) -> list[tuple[str, Kind, Period | None, int]]:
    lines = result.lines  # type: ignore[attr-defined]
    return [(line.line, line.kind, line.period, line.amount) for line in lines]


def reasons(result: object) -> list[tuple[HeldReason, ...]]:
    return [held.reasons for held in result.held]  # type: ignore[attr-defined]


def row_of(judge: Judge, *columns: tuple[str, object], title: str = TITLE, **ask: object) -> object:
    header = ["Họ tên", "CCCD", *(name for name, _ in columns)]
    return judge([[title], header, [*WHO, *(value for _, value in columns)]], **ask)


def test_arrears_of_a_month_in_the_header(judge: Judge) -> None:
    result = row_of(judge, ("Số tiền", 500_000), ("Truy lĩnh T10/2026", "400.000"))
    assert due(result) == [("DS!3", Kind.MONTHLY, NOVEMBER, 500_000), ("DS!3#2", Kind.ARREARS, OCTOBER, 400_000)]


def test_arrears_of_a_month_in_the_note_or_in_a_column(judge: Judge) -> None:
    noted = row_of(judge, ("Số tiền", 500_000), ("Truy lĩnh", 400_000), ("Ghi chú", "truy lĩnh tháng 10/2026"))
    beside = row_of(judge, ("Số tiền", 500_000), ("Truy lĩnh", 400_000), ("Truy lĩnh từ tháng", "10/2026"))
    assert due(noted) == due(beside) == due(row_of(judge, ("Số tiền", 500_000), ("Truy lĩnh T10", 400_000)))


def test_arrears_without_a_month_wait(judge: Judge) -> None:
    result = row_of(judge, ("Số tiền", 500_000), ("Truy lĩnh", 400_000), ("Ghi chú", "hưởng từ tháng 5/2024"))
    assert len(due(result)) == 1
    assert reasons(result) == [(HeldReason.ARREARS_WITHOUT_PERIOD,)]


def test_arrears_of_several_months_are_split_only_if_they_come_out_even(judge: Judge) -> None:
    even = row_of(judge, ("Số tiền", 500_000), ("Truy lĩnh T9, T10/2026", 1_000_000))
    assert [(kind, str(period)) for _, kind, period, _ in due(even)] == [
        (Kind.MONTHLY, "2026-11"), (Kind.ARREARS, "2026-09"), (Kind.ARREARS, "2026-10")
    ]  # fmt: skip
    beside = row_of(judge, ("Số tiền tháng 11/2026", 500_000), ("Truy lĩnh T9, T10/2026", 1_000_000))
    assert due(beside) == due(even)
    odd = row_of(judge, ("Số tiền", 500_000), ("Truy lĩnh T9, T10/2026", 900_000))
    assert reasons(odd) == [(HeldReason.ARREARS_SEVERAL_MONTHS,)]


def test_arrears_of_this_month_or_a_later_one_wait(judge: Judge) -> None:
    result = row_of(judge, ("Số tiền", 500_000), ("Truy lĩnh T12/2026", 500_000))
    assert reasons(result) == [(HeldReason.ARREARS_NOT_PAST,)]


def test_arrears_alone_and_arrears_that_are_only_a_dash(judge: Judge) -> None:
    assert due(row_of(judge, ("Số tiền", None), ("Truy lĩnh T10/2026", 500_000))) == [
        ("DS!3", Kind.ARREARS, OCTOBER, 500_000)
    ]
    assert len(due(row_of(judge, ("Số tiền", 500_000), ("Truy lĩnh T10/2026", "-")))) == 1


def test_negative_arrears_are_an_error_for_the_row(judge: Judge) -> None:
    result = row_of(judge, ("Số tiền", 500_000), ("Truy lĩnh", -100))
    assert [error.kind for error in result.errors] == [ErrorKind.AMOUNT_NEGATIVE]  # type: ignore[attr-defined]
    assert due(result) == []


def test_a_rows_total_must_be_its_parts(judge: Judge) -> None:
    right = row_of(judge, ("Trợ cấp", 500_000), ("Truy lĩnh T10/2026", 100_000), ("Tổng cộng", 600_000))
    assert len(due(right)) == 2
    wrong = row_of(judge, ("Trợ cấp", 500_000), ("Truy lĩnh T10/2026", 100_000), ("Tổng cộng", 500_000))
    assert [error.kind for error in wrong.errors] == [ErrorKind.ROW_TOTAL_MISMATCH]  # type: ignore[attr-defined]


def test_a_total_alone_is_the_sum_less_arrears(judge: Judge) -> None:
    result = row_of(judge, ("Truy lĩnh T10/2026", 100_000), ("Thực lĩnh", 600_000))
    assert [(kind, amount) for _, kind, _, amount in due(result)] == [(Kind.MONTHLY, 500_000), (Kind.ARREARS, 100_000)]


def test_benefits_side_by_side_are_one_sum_if_the_total_says_so(judge: Judge) -> None:
    parts = (("Trợ cấp hàng tháng", 500_000), ("Hỗ trợ chăm sóc", 200_000), ("Truy lĩnh T10/2026", 100_000))
    result = row_of(judge, *parts, ("Tổng cộng", 800_000))
    assert [(kind, amount) for _, kind, _, amount in due(result)] == [(Kind.MONTHLY, 700_000), (Kind.ARREARS, 100_000)]
    wrong = row_of(judge, *parts, ("Tổng cộng", 600_000))
    assert [error.kind for error in wrong.errors] == [ErrorKind.ROW_TOTAL_MISMATCH]  # type: ignore[attr-defined]


def test_a_number_of_months_is_no_money(judge: Judge) -> None:
    result = row_of(judge, ("Số tiền", 500_000), ("Số tháng truy lĩnh", 2), ("Truy lĩnh", 1_000_000))
    assert [line.amount for line in result.lines] == [500_000]  # type: ignore[attr-defined]
    assert reasons(result) == [(HeldReason.ARREARS_WITHOUT_PERIOD,)]


def test_a_deduction_makes_the_row_wait(judge: Judge) -> None:
    result = row_of(judge, ("Trợ cấp", 500_000), ("Truy thu", 100_000), ("Thực lĩnh", 400_000))
    assert reasons(result) == [(HeldReason.DEDUCTION,)]


def test_a_funeral_sum_is_an_entitlement_of_its_own(judge: Judge) -> None:
    result = row_of(judge, ("Trợ cấp", None), ("Mai táng phí", 10_000_000))
    assert due(result) == [("DS!3", Kind.FUNERAL, NOVEMBER, 10_000_000)]


def test_a_difference_waits_for_its_entitlement(judge: Judge) -> None:
    result = row_of(judge, ("Trợ cấp", 500_000), ("Chênh lệch", 50_000))
    assert reasons(result) == [(HeldReason.DIFFERENCE_UNLINKED,)]


def test_one_column_a_month(judge: Judge) -> None:
    rows = [
        [TITLE],
        ["Họ tên", "CCCD", "Số tiền", None, None, None],
        [None, None, "Tháng 9", "Tháng 10", "Tháng 11", "Cộng"],
        [*WHO, 500_000, None, 500_000, 1_000_000],
    ]
    assert due(judge(rows, Extra(merged=["C2:F2"]))) == [
        ("DS!4", Kind.ARREARS, Period(2026, 9), 500_000), ("DS!4#2", Kind.MONTHLY, NOVEMBER, 500_000)
    ]  # fmt: skip


def test_a_month_column(judge: Judge) -> None:
    for written, kind, period in (
        ("11/2026", Kind.MONTHLY, NOVEMBER),
        ("10/2026", Kind.ARREARS, OCTOBER),
        (11, Kind.MONTHLY, NOVEMBER),
    ):
        assert due(row_of(judge, ("Số tiền", 500_000), ("Kỳ", written))) == [("DS!3", kind, period, 500_000)]
    assert reasons(row_of(judge, ("Số tiền", 500_000), ("Kỳ", "12/2026"))) == [(HeldReason.PERIOD_AHEAD,)]


def test_several_months_in_one_row_need_a_rate_that_comes_out_even(judge: Judge) -> None:
    split = row_of(judge, ("Mức hưởng", 500_000), ("Số tiền", 1_000_000), ("Kỳ", "T10+T11/2026"))
    assert due(split) == [("DS!3", Kind.ARREARS, OCTOBER, 500_000), ("DS!3#2", Kind.MONTHLY, NOVEMBER, 500_000)]
    assert reasons(row_of(judge, ("Số tiền", 1_000_000), ("Kỳ", "T10+T11/2026"))) == [(HeldReason.SEVERAL_MONTHS,)]
    assert reasons(row_of(judge, ("Số tiền", 1_000_000), ("Số tháng", 2))) == [(HeldReason.SEVERAL_MONTHS,)]


@pytest.mark.parametrize("months", ["THÁNG 11 VÀ THÁNG 12 NĂM 2026", "T11+T12/2026", "QUÝ IV NĂM 2026"])
def test_a_title_of_several_months_makes_a_sum_wait_unless_it_can_be_split(judge: Judge, months: str) -> None:
    title = f"DANH SÁCH CHI TRẢ HƯU TRÍ XÃ HỘI {months}"
    assert reasons(row_of(judge, ("Số tiền", 1_000_000), title=title)) == [(HeldReason.SEVERAL_MONTHS,)]
    count = 3 if "QUÝ" in months else 2
    split = row_of(judge, ("Mức hưởng", 500_000), ("Số tiền", 500_000 * count), title=title)
    every = [*split.lines, *(held.line for held in split.held)]  # type: ignore[attr-defined]
    assert [line.amount for line in every] == [500_000] * count


def test_an_unreadable_month_is_an_error(judge: Judge) -> None:
    result = row_of(judge, ("Số tiền", 500_000), ("Kỳ", "tháng này"))
    assert [error.kind for error in result.errors] == [ErrorKind.PERIOD_UNREADABLE]  # type: ignore[attr-defined]


def test_the_title_gives_the_month_and_must_not_contradict(judge: Judge) -> None:
    rows = list_rows([Person()], title="DANH SÁCH CHI TRẢ HƯU TRÍ XÃ HỘI THÁNG 10/2026")
    assert [line.period for line in judge(rows, period=None).lines] == [OCTOBER]
    result = judge(rows, period=NOVEMBER)
    assert [error.kind for error in result.file_errors] == [FileErrorKind.PERIOD_MISMATCH]
    assert result.exit_code == 1


def test_without_any_month_the_lines_say_so(judge: Judge) -> None:
    result = judge([["DANH SÁCH"], HEADER, Person().cells(1)], period=None)
    assert [(line.period, line.programme) for line in result.lines] == [(None, None)]
    assert {notice.kind for notice in result.notices} >= {NoticeKind.PERIOD_UNKNOWN, NoticeKind.PROGRAMME_UNKNOWN}


def test_a_row_of_another_programme_than_asked_waits(judge: Judge) -> None:
    result = row_of(judge, ("Số tiền", 500_000), ("Đối tượng", "Thương binh"), programme=Programme.SOCIAL_PENSION)
    assert reasons(result) == [(HeldReason.PROGRAMME_DIFFERS,)]


def test_a_row_without_programme_among_others_waits(judge: Judge) -> None:
    rows = [
        ["DANH SÁCH THÁNG 11/2026"], ["Họ tên", "CCCD", "Số tiền", "Đối tượng"],
        [*WHO, 500_000, "Thương binh"], ["Lê Văn Hai", "099041000002", 500_000, "??"],
    ]  # fmt: skip
    result = judge(rows)
    assert [line.programme for line in result.lines] == [Programme.MERIT]
    assert reasons(result) == [(HeldReason.PROGRAMME_UNKNOWN,)]


def test_a_split_is_told(judge: Judge) -> None:
    result = row_of(judge, ("Mức hưởng", 500_000), ("Số tiền", 1_000_000), ("Kỳ", "T10+T11/2026"))
    assert all(Warn.MONTHS_SPLIT in line.warnings for line in result.lines)  # type: ignore[attr-defined]
