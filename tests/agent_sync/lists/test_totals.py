"""What a sheet says of itself is compared with its rows; a wrong last word refuses the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_sync.district.lists.findings import ErrorKind, FileErrorKind, NoticeKind
from agent_sync.district.lists.spoken import read_words
from tests.agent_sync.lists.conftest import Judge
from tests.agent_sync.samples import FIRST_ROW, HEADER, TITLE, Extra, Person, list_rows, total_row, village

TWO = village(2)
UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def kinds(result: object) -> list[FileErrorKind]:
    return [error.kind for error in result.file_errors]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "label", ["Tổng cộng", "TỔNG CỘNG:", "Cộng", "Tổng", "Tổng số", "Tổng cộng (I+II)", "tong cong"]
)
def test_a_right_total_and_a_wrong_one(judge: Judge, label: str) -> None:
    right = judge(list_rows(TWO, total_row(1_000_000, label)))
    assert (kinds(right), right.total) == ([], 1_000_000)
    wrong = judge(list_rows(TWO, total_row(1_500_000, label)))
    assert kinds(wrong) == [FileErrorKind.TOTAL_MISMATCH]
    assert (wrong.file_errors[0].sheet, wrong.file_errors[0].row) == ("DS", FIRST_ROW + 2)
    assert (wrong.outcome, wrong.exit_code, len(wrong.lines)) == ("refuse", 1, 2)


def test_a_total_counts_held_rows_and_wrong_rows_too(judge: Judge) -> None:
    people = [Person(), Person(number=None), Person(number="099141000018", birth="31/02/1941")]
    result = judge(list_rows(people, total_row(1_500_000)))
    assert kinds(result) == []
    assert (len(result.lines), len(result.held), len(result.errors)) == (1, 1, 1)


def test_a_total_over_an_unreadable_row_is_not_checked(judge: Judge) -> None:
    result = judge(list_rows([*TWO, Person(amount="abc")], total_row(1_500_000)))
    assert kinds(result) == []
    assert NoticeKind.TOTAL_NOT_CHECKED in {notice.kind for notice in result.notices}


def test_a_total_below_the_readable_rows_is_wrong_all_the_same(judge: Judge) -> None:
    result = judge(list_rows([*TWO, Person(amount="abc")], total_row(900_000)))
    assert kinds(result) == [FileErrorKind.TOTAL_MISMATCH]


def test_a_total_that_was_never_calculated_is_not_checked(judge: Judge) -> None:
    result = judge(list_rows(TWO, total_row("=SUM(G3:G4)")))
    assert kinds(result) == []
    assert NoticeKind.TOTAL_NOT_CHECKED in {notice.kind for notice in result.notices}


def test_a_list_without_a_total_says_so(judge: Judge) -> None:
    assert [notice.kind for notice in judge(list_rows(TWO)).notices] == [NoticeKind.NO_TOTAL_ROW]


def test_a_total_may_leave_hidden_rows_out(judge: Judge) -> None:
    for amount in (500_000, 1_000_000):
        assert kinds(judge(list_rows(TWO, total_row(amount)), Extra(hidden_rows=[FIRST_ROW]))) == []


def grouped(first: int, second: int, grand: int | None) -> list[list[object]]:
    a, b, c = village(3)
    rows: list[list[object]] = [
        [TITLE], list(HEADER), ["Ấp 1"], a.cells(1), b.cells(2), total_row(first, "Cộng"),
        ["Ấp 2"], c.cells(3), total_row(second, "Cộng"),
    ]  # fmt: skip
    return rows if grand is None else [*rows, total_row(grand)]


def test_subtotals_and_a_grand_total(judge: Judge) -> None:
    right = judge(grouped(1_000_000, 500_000, 1_500_000))
    assert (kinds(right), right.notices) == ([], ())
    assert kinds(judge(grouped(1_000_000, 500_000, 500_000))) == [FileErrorKind.TOTAL_MISMATCH]
    assert kinds(judge(grouped(1_000_000, 500_000, None))) == []


def test_a_wrong_subtotal_below_a_right_grand_total_is_a_notice(judge: Judge) -> None:
    result = judge(grouped(900_000, 500_000, 1_500_000))
    assert kinds(result) == []
    assert [(n.kind, n.row) for n in result.notices] == [(NoticeKind.SUBTOTAL_MISMATCH, 6)]


def test_a_wrong_subtotal_that_nothing_confirms_refuses(judge: Judge) -> None:
    assert kinds(judge(grouped(900_000, 500_000, None))) == [FileErrorKind.TOTAL_MISMATCH]


def test_sums_that_stand_above_their_rows(judge: Judge) -> None:
    a, b, c = village(3)
    rows = [
        [TITLE], HEADER, total_row(1_500_000),
        ["I", "Ấp 1", None, None, None, None, 1_000_000], a.cells(1), b.cells(2),
        ["II", "Ấp 2", None, None, None, None, 500_000], c.cells(3),
    ]  # fmt: skip
    assert kinds(judge(rows)) == []
    rows[2] = total_row(1_400_000)
    assert kinds(judge(rows)) == [FileErrorKind.TOTAL_MISMATCH]


def test_a_sum_without_words_that_fits_is_a_total(judge: Judge) -> None:
    result = judge(list_rows(TWO, total_row(1_000_000, "")))
    assert (kinds(result), result.errors) == ([], ())
    wrong = judge(list_rows(TWO, total_row(1_100_000, "")))
    assert [error.kind for error in wrong.errors] == [ErrorKind.NAME_MISSING]


def test_each_money_column_has_its_own_total(judge: Judge) -> None:
    header = ["STT", "Họ tên", "CCCD", "Trợ cấp", "Truy lĩnh T10/2026", "Tổng cộng"]
    rows = [
        [TITLE], header,
        [1, "Lê Văn Một", "099041000001", 500_000, 500_000, 1_000_000],
        [2, "Lê Văn Hai", "099041000002", 500_000, None, 500_000],
    ]  # fmt: skip
    assert kinds(judge([*rows, [None, "Tổng cộng", None, 1_000_000, 500_000, 1_500_000]])) == []
    wrong = judge([*rows, [None, "Tổng cộng", None, 1_000_000, 400_000, 1_500_000]])
    assert kinds(wrong) == [FileErrorKind.TOTAL_MISMATCH]


@pytest.mark.parametrize(
    "label",
    [
        "Tổng cộng: {} người",
        "Tổng số: {} người",
        "Tổng số {} đối tượng",
        "Tổng số người: {}",
        "Danh sách này có {} người",
    ],
)
def test_a_stated_count_is_checked(judge: Judge, label: str) -> None:
    assert kinds(judge(list_rows(TWO, [label.format(2)]))) == []
    assert kinds(judge(list_rows(TWO, [label.format(3)]))) == [FileErrorKind.COUNT_MISMATCH]


@pytest.mark.parametrize("label", ["Tổng cộng: {} đồng", "Tổng số tiền: {}đ", "Tổng cộng 2 người, số tiền {} đồng"])
def test_a_sum_in_the_words_of_a_total_is_checked(judge: Judge, label: str) -> None:
    right = judge(list_rows(TWO, [label.format("1.000.000")]))
    assert (kinds(right), right.notices) == ([], ())
    assert kinds(judge(list_rows(TWO, [label.format("1.100.000")]))) == [FileErrorKind.TOTAL_MISMATCH]


@pytest.mark.parametrize(
    "label", ["Số tiền bằng chữ: {}", "Tổng số tiền bằng chữ: {}.", "(Bằng chữ: {})", "Viết bằng chữ: {}"]
)
def test_a_sum_in_words_is_checked(judge: Judge, label: str) -> None:
    assert kinds(judge(list_rows(TWO, [label.format("Một triệu đồng chẵn")]))) == []
    wrong = judge(list_rows(TWO, [label.format("Một triệu một trăm nghìn đồng")]))
    assert kinds(wrong) == [FileErrorKind.TOTAL_WORDS_MISMATCH]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Một trăm hai mươi lăm triệu năm trăm nghìn đồng chẵn", 125_500_000),
        ("Mười lăm triệu bốn trăm lẻ sáu nghìn đồng", 15_406_000),
        ("Hai tỷ không trăm linh một triệu đồng", 2_001_000_000),
        ("Hai nghìn tỷ đồng", 2_000_000_000_000),
        ("năm trăm ngàn", 500_000),
        ("hai mươi mốt", 21),
        ("Chín trăm chín mươi tư đồng", 994),
        ("theo danh sách", None),
        ("", None),
    ],
)
def test_sums_in_words(words: str, value: int | None) -> None:
    assert read_words(f"Bằng chữ: {words}") == value


def spoken(value: int) -> str:
    """The plain way to say a number, group by group."""
    groups = [
        ("tỷ", value // 10**9),
        ("triệu", value // 10**6 % 1000),
        ("nghìn", value // 1000 % 1000),
        ("", value % 1000),
    ]
    words = []
    for scale, group in groups:
        if group:
            hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
            tenner = "" if not tens else "mười" if tens == 1 else f"{UNITS[tens]} mươi"
            words += [f"{UNITS[hundreds]} trăm", tenner or ("linh" if ones else ""), UNITS[ones] if ones else "", scale]
    return " ".join(word for word in words if word)


@given(st.integers(1, 10**12 - 1))
def test_every_sum_comes_back_from_its_words(value: int) -> None:
    assert read_words(spoken(value) + " đồng") == value
