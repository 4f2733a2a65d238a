"""Months in titles, headers and notes, and what only looks like one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_sync.district.lists.cells import Cell, CellKind
from agent_sync.district.lists.periods import MonthRef, find_months, read_period_cell, resolve, title_months
from kiosk.payout.names import Period

NOVEMBER = Period(2026, 11)


@pytest.mark.parametrize(
    "written",
    ["THÁNG 11 NĂM 2026", "Tháng 11/2026", "tháng 11-2026", "T11/2026", "T.11/2026", "kỳ 11/2026", "11/2026", "2026-11",
     "KỲ CHI TRẢ: THÁNG 11 NĂM 2026", "DANH SÁCH CHI TRẢ THÁNG 11.2026", "Thang 11 nam 2026",
     "NĂM 2026 - THÁNG 11"],
)  # fmt: skip
def test_one_month(written: str) -> None:
    assert find_months(written) == (MonthRef(11, 2026),)


@pytest.mark.parametrize(
    "written",
    ["Trà Vinh, ngày 20 tháng 10 năm 2026", "ngày 20/10/2026", "theo NĐ 76/2024/NĐ-CP", "Quyết định số 12/2026/QĐ-UBND",
     "Nghị định 07/2021", "số 11/QĐ-UBND", "ngày     tháng 10 năm 2026", "ngày ... tháng ... năm 2026", "12 người",
     "13/2026"],
)  # fmt: skip
def test_no_month(written: str) -> None:
    assert find_months(written) == ()


@pytest.mark.parametrize(
    ("written", "months"),
    [
        ("T10+T11/2026", [10, 11]),
        ("tháng 10, tháng 11/2026", [10, 11]),
        ("tháng 10 và 11 năm 2026", [10, 11]),
        ("từ tháng 7 đến tháng 9/2026", [7, 8, 9]),
        ("T7-T9/2026", [7, 8, 9]),
        ("quý IV năm 2026", [10, 11, 12]),
    ],
)
def test_several_months(written: str, months: list[int]) -> None:
    assert [(ref.month, ref.year) for ref in find_months(written)] == [(month, 2026) for month in months]


def test_years_that_differ() -> None:
    assert find_months("tháng 12/2025 và tháng 1/2026") == (MonthRef(12, 2025), MonthRef(1, 2026))


def test_a_month_without_a_year_takes_the_lists() -> None:
    assert resolve((MonthRef(9),), NOVEMBER, past=True) == (Period(2026, 9),)
    assert resolve((MonthRef(12),), Period(2026, 1), past=True) == (Period(2025, 12),)
    assert resolve((MonthRef(12),), NOVEMBER) == (Period(2026, 12),)
    assert resolve((MonthRef(9),), None) == ()
    assert resolve((MonthRef(9, 2600),), NOVEMBER) == ()


def test_the_title_speaks_before_the_papers_around_it() -> None:
    lines = ["UBND XÃ", "DANH SÁCH CHI TRẢ THÁNG 11/2026 (truy lĩnh tháng 9/2026)", "(QĐ ngày 20 tháng 10 năm 2026)"]
    assert title_months(lines) == (MonthRef(11, 2026),)


def test_month_cells() -> None:
    assert read_period_cell(Cell(CellKind.TEXT, "11"), "11") == (MonthRef(11),)
    assert read_period_cell(Cell(CellKind.DATE, "", None, date(2026, 11, 1)), "01/11/2026") == (MonthRef(11, 2026),)
    assert read_period_cell(Cell(CellKind.TEXT, "10+11"), "10+11") == (MonthRef(10), MonthRef(11))
    assert read_period_cell(Cell(CellKind.TEXT, "x"), "tháng này") is None
    assert read_period_cell(None, "") == ()


@given(st.integers(1, 12), st.integers(2020, 2090))
def test_every_month_comes_back(month: int, year: int) -> None:
    for written in (
        f"tháng {month}/{year}",
        f"T{month:02d}-{year}",
        f"THÁNG {month:02d} NĂM {year}",
        f"{month:02d}/{year}",
    ):
        assert resolve(find_months(written), None) == (Period(year, month),)


@given(st.text(max_size=80))
def test_any_text_has_a_bounded_number_of_real_months(written: str) -> None:
    months = find_months(written)
    assert len(months) <= 24
    assert all(1 <= ref.month <= 12 for ref in months)
