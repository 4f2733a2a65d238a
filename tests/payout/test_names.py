"""A month is a value of its own: read, written, counted on, and never one that cannot be."""

from __future__ import annotations

import pytest

from kiosk.payout.names import MAX_AMOUNT, NOTICE_LETTERS, Period


@pytest.mark.parametrize(("year", "month"), [(2000, 1), (2026, 11), (2100, 12)])
def test_a_month_is_read_as_it_is_written(year: int, month: int) -> None:
    period = Period(year, month)
    assert str(period) == f"{year}-{month:02d}"
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(("year", "month"), [(1999, 12), (2101, 1), (2026, 0), (2026, 13)])
def test_a_month_that_cannot_be_is_none(year: int, month: int) -> None:
    with pytest.raises(ValueError, match="no such period"):
        Period(year, month)


@pytest.mark.parametrize("text", ["", "2026-1", "2026-011", "202-11", "02026-11", "2026/11", "2026-11x", "２０２６-11"])
def test_other_texts_are_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(text)


def test_the_month_after_december_is_january_of_the_next_year() -> None:
    months = [Period(2026, 11)]
    for _ in range(13):
        months.append(months[-1].next())
    assert [str(each) for each in months[:3]] == ["2026-11", "2026-12", "2027-01"]
    assert str(months[-1]) == "2027-12"
    assert max(months) == months[-1]
    assert Period(2027, 1) > Period(2026, 12)


def test_the_bounds_of_what_comes_in() -> None:
    assert (MAX_AMOUNT, NOTICE_LETTERS) == (1_000_000_000, 80)
