"""Whatever stands in the cells: an answer, never an exception, and money that adds up."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from agent_sync.district.lists import ImportResult, import_command
from agent_sync.district.lists.findings import FileErrorKind
from kiosk.payout.names import MAX_AMOUNT
from tests.agent_sync.samples import HEADER, NOVEMBER, TITLE, Person, list_rows, total_row, village, write_rows

TEXTS = st.text(max_size=40).map(lambda text: ILLEGAL_CHARACTERS_RE.sub("", text)).filter(lambda text: text[:1] != "=")
WORDS = st.sampled_from(
    ["Tổng cộng", "Cộng", "Ấp 3", "I", "II. Giảm", "Tống Văn A", "Người lập biểu", "Họ và tên", "Số tiền", "x", "-",
     "0", "500.000", "1.250.000 đ",
     "099141000016", "020123456", "Số tiền bằng chữ: Một triệu đồng", "Tổng số: 3 người",
     "Nguyeãn Thò Saùu", "NguyÔn ThÞ S¸u", "T10/2026", "truy lĩnh tháng 9", "12/04/1941", "31/02/1941", "(1)",
     "ĐVT: 1.000 đồng"]
)  # fmt: skip
NUMBERS = st.one_of(st.integers(-(10**13), 10**13), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
DATES = st.one_of(st.dates(date(1901, 1, 1)), st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
VALUES = st.one_of(st.none(), TEXTS, WORDS, NUMBERS, DATES)
ROWS = st.lists(st.lists(VALUES, max_size=9), max_size=8)
HEADERS = st.permutations([*HEADER, "Truy lĩnh", "Tổng cộng", "Kỳ", "Hình thức nhận", "Người nhận thay"])


def consistent(result: ImportResult) -> None:
    """What must hold of any answer."""
    assert result.total == sum(line.amount for line in result.lines)
    every = [*result.lines, *(held.line for held in result.held)]
    assert len({line.line for line in every}) == len(every)
    assert all(type(line.amount) is int and 0 < line.amount <= MAX_AMOUNT for line in every)
    assert all(line.id_number is not None for line in result.lines)
    assert all(held.reasons for held in result.held)
    wrong = {(error.sheet, error.row) for error in result.errors}
    assert not wrong & {(line.sheet, line.row) for line in every}
    assert bool(result.file_errors) == (result.outcome == "refuse")
    assert result.to_json()["total_vnd"] == result.total


@given(rows=ROWS, header=HEADERS)
def test_any_cells_below_any_order_of_columns(
    tmp_path_factory: pytest.TempPathFactory, rows: list, header: list
) -> None:
    path = write_rows(tmp_path_factory.mktemp("f") / "f.xlsx", [[TITLE], header, *rows])
    consistent(import_command(path, NOVEMBER, None, dry_run=True))


@given(rows=ROWS)
def test_any_cells_without_a_header(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:
    path = write_rows(tmp_path_factory.mktemp("f") / "f.xlsx", rows)
    consistent(import_command(path, None, None, dry_run=True))


@given(
    changed=st.tuples(VALUES, VALUES, VALUES, VALUES),
    place=st.integers(0, 4),
)
def test_one_person_of_any_kind_among_good_ones(
    tmp_path_factory: pytest.TempPathFactory, changed: tuple[object, ...], place: int
) -> None:
    good = village(4)
    odd = Person(name=changed[0], number=changed[1], amount=changed[2], birth=changed[3])
    path = write_rows(tmp_path_factory.mktemp("f") / "f.xlsx", list_rows([*good[:place], odd, *good[place:]]))
    result = import_command(path, NOVEMBER, None, dry_run=True)
    consistent(result)
    numbers = {line.id_number for line in (*result.lines, *(held.line for held in result.held))}
    assert {person.number for person in good} <= numbers


@given(sums=st.lists(st.integers(10_000, 50_000_000), min_size=1, max_size=12), error=st.integers(-3, 3))
def test_a_total_is_believed_exactly_when_it_is_the_sum(
    tmp_path_factory: pytest.TempPathFactory, sums: list[int], error: int
) -> None:
    people = [Person(p.name, p.number, amount) for p, amount in zip(village(len(sums)), sums, strict=True)]
    rows = list_rows(people, total_row(sum(sums) + error))
    result = import_command(write_rows(tmp_path_factory.mktemp("f") / "f.xlsx", rows), NOVEMBER, None)
    assert [e.kind for e in result.file_errors] == ([FileErrorKind.TOTAL_MISMATCH] if error else [])
    assert result.total == sum(sums)


def test_a_big_commune_is_read(tmp_path: Path) -> None:
    people = [Person(f"Nguyễn Thị {['Sáu', 'Bảy', 'Tám'][k % 3]}", f"09914{k:07d}") for k in range(1, 601)]
    path = write_rows(tmp_path / "big.xlsx", list_rows(people, total_row(600 * 500_000, "Tổng cộng: 600 người")))
    result = import_command(path, NOVEMBER, None)
    assert (len(result.lines), result.file_errors) == (600, ())
