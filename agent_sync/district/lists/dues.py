"""Turns the sums of one row into what is owed: which kind, how much, for which month.

A row may hold this month, arrears of an earlier one and a funeral sum at once; each becomes a line
of its own, because each is an entitlement of its own (M1). Where a month must be guessed the line
is held. Where the row's own total disagrees with its parts nothing of the row is paid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from agent_sync.district.lists.amounts import Amount, is_nothing, payable, read_signed
from agent_sync.district.lists.columns import MONEY, Column, Heading
from agent_sync.district.lists.findings import ErrorKind, HeldReason, Warn
from agent_sync.district.lists.header import Header
from agent_sync.district.lists.periods import MonthRef, find_months, read_period_cell, resolve
from agent_sync.district.lists.rows import Texts
from kiosk.payout.names import Kind, Period, Vnd

SMALL: Final = Vnd(10_000)
"""Below this a sum was most likely typed in thousands, or lost its zeros as "500.000" read as 500."""
LARGE: Final = Vnd(50_000_000)
"""Above this a single sum waits for an officer. A bound on surprise, not a rate."""


@dataclass(frozen=True, slots=True)
class Due:
    """One sum owed, as far as the row says."""

    kind: Kind
    amount: Vnd
    period: Period | None
    reasons: tuple[HeldReason, ...] = ()
    warnings: tuple[Warn, ...] = ()


@dataclass(slots=True)
class Sums:
    """The money cells of a row by column, and what is wrong with them."""

    by_column: dict[int, Amount] = field(default_factory=dict)
    errors: list[ErrorKind] = field(default_factory=list)

    def of(self, heading: Heading | None) -> Vnd:
        """The sum under a heading; nothing where it is blank or unreadable."""
        value = self.by_column.get(heading.index) if heading else None
        return Vnd(0) if value is None or isinstance(value, ErrorKind) else value


def read_sums(texts: Texts, header: Header, factor: int) -> Sums:
    """Read every money cell of a row. ``factor`` is 1000 where the sheet counts in thousands."""
    sums = Sums()
    for heading in header.all(*MONEY):
        value = read_signed(texts.row.cells.get(heading.index))
        sums.by_column[heading.index] = value if value is None or isinstance(value, ErrorKind) else Vnd(value * factor)
    return sums


def read_dues(
    texts: Texts, header: Header, sums: Sums, period: Period | None, listed: tuple[MonthRef, ...] = ()
) -> tuple[list[Due], list[ErrorKind]]:
    """What the row owes, or why it cannot be said. ``listed`` are the months that the title names."""
    errors = [*_cell_errors(header, sums), *_row_errors(texts, header, sums)]
    if errors:
        return [], list(dict.fromkeys(errors))
    dues: list[Due] = []
    for heading in header.all(Column.AMOUNT, Column.MONTH_AMOUNT, Column.TOTAL):
        amount = _base(header, sums, heading)
        if amount:
            months = heading.months if heading.column is Column.MONTH_AMOUNT else _row_months(texts, header)
            if months is None:
                return [], [ErrorKind.PERIOD_UNREADABLE]
            if not months and len(listed) > 1:
                months = listed
            dues += _monthly(amount, months, _rate(texts, header), period, _month_count(texts, header))
    month_sum = next((due.amount for due in dues if due.kind is Kind.MONTHLY), Vnd(0))
    for heading in header.all(Column.ARREARS):
        if amount := sums.of(heading):
            dues += _arrears(amount, _arrears_months(texts, header, heading), month_sum, period)
    if funeral := sums.of(header.first(Column.FUNERAL)):
        dues.append(Due(Kind.FUNERAL, funeral, period))
    if difference := sums.of(header.first(Column.DIFFERENCE)):
        dues.append(Due(Kind.DIFFERENCE, difference, period, (HeldReason.DIFFERENCE_UNLINKED,)))
    deducted = bool(sums.of(header.first(Column.DEDUCTION)))
    return [_bounded(due, deducted) for due in dues], [] if dues else [ErrorKind.AMOUNT_MISSING]


def _bounded(due: Due, deducted: bool) -> Due:
    doubts = (
        *((HeldReason.DEDUCTION,) if deducted else ()),
        *((HeldReason.AMOUNT_SMALL,) if due.amount < SMALL else ()),
        *((HeldReason.AMOUNT_LARGE,) if due.amount > LARGE else ()),
    )
    return replace(due, reasons=due.reasons + doubts)


def _cell_errors(header: Header, sums: Sums) -> list[ErrorKind]:
    """What each money cell says against itself. A total without value only cannot be checked."""
    errors: list[ErrorKind] = []
    has_parts = bool(header.all(Column.AMOUNT, Column.MONTH_AMOUNT))
    for heading in header.all(*MONEY):
        value = sums.by_column.get(heading.index)
        unchecked = heading.column is Column.TOTAL and has_parts and value is ErrorKind.AMOUNT_WITHOUT_VALUE
        if value is None or value == 0 or unchecked:
            continue
        judged = payable(value)
        if isinstance(judged, ErrorKind):
            errors.append(judged)
    return errors


def _row_errors(texts: Texts, header: Header, sums: Sums) -> list[ErrorKind]:
    if any(isinstance(value, ErrorKind) for value in sums.by_column.values()):
        return []
    owed = _parts(header, sums)
    total = header.first(Column.TOTAL)
    if total is not None and header.all(Column.AMOUNT, Column.MONTH_AMOUNT) and not _silent(texts, total):
        net = owed - sums.of(header.first(Column.DEDUCTION))
        return [] if sums.of(total) in (net, owed) and owed else [_nothing(texts, header, owed)]
    if total is not None and not header.all(Column.AMOUNT, Column.MONTH_AMOUNT):
        rest = sums.of(total) - owed
        return (
            [ErrorKind.ROW_TOTAL_MISMATCH] if rest < 0 else ([] if sums.of(total) else [_nothing(texts, header, owed)])
        )
    return [] if owed else [_nothing(texts, header, owed)]


def _nothing(texts: Texts, header: Header, owed: int) -> ErrorKind:
    if owed:
        return ErrorKind.ROW_TOTAL_MISMATCH
    written = [texts.row.cells.get(h.index) for h in header.all(*MONEY)]
    zero = any(cell is not None and "0" in cell.text for cell in written)
    return ErrorKind.AMOUNT_ZERO if zero else ErrorKind.AMOUNT_MISSING


def _silent(texts: Texts, heading: Heading) -> bool:
    cell = texts.row.cells.get(heading.index)
    return cell is None or (is_nothing(cell) and "0" not in cell.text)


def _parts(header: Header, sums: Sums) -> int:
    kinds = (Column.AMOUNT, Column.MONTH_AMOUNT, Column.ARREARS, Column.DIFFERENCE, Column.FUNERAL)
    return sum(sums.of(heading) for heading in header.all(*kinds))


def _base(header: Header, sums: Sums, heading: Heading) -> Vnd:
    """The month's own sum: its column, or what a lone total leaves after arrears and the like."""
    if heading.column is Column.AMOUNT:
        parts = header.all(Column.AMOUNT)
        return Vnd(sum(sums.of(part) for part in parts)) if heading == parts[0] else Vnd(0)
    if heading.column is Column.MONTH_AMOUNT:
        return sums.of(heading)
    if header.all(Column.AMOUNT, Column.MONTH_AMOUNT):
        return Vnd(0)
    return Vnd(sums.of(heading) - _parts(header, sums))


def _rate(texts: Texts, header: Header) -> Vnd:
    level = header.first(Column.LEVEL)
    value = read_signed(texts.row.cells.get(level.index)) if level else None
    return Vnd(0) if value is None or isinstance(value, ErrorKind) else value


def _month_count(texts: Texts, header: Header) -> int:
    text = texts.of(header, Column.MONTHS)
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else 1


def _row_months(texts: Texts, header: Header) -> tuple[MonthRef, ...] | None:
    heading = header.first(Column.PERIOD)
    if heading is None:
        return ()
    text = texts.by_column.get(heading.index, "")
    return read_period_cell(texts.row.cells.get(heading.index), text) if text else ()


def _monthly(amount: Vnd, refs: tuple[MonthRef, ...], rate: Vnd, period: Period | None, count: int) -> list[Due]:
    if not refs:
        doubts = (HeldReason.SEVERAL_MONTHS,) if count > 1 else ()
        return [Due(Kind.MONTHLY, amount, period, doubts)]
    periods = resolve(refs, period)
    if not periods:
        return [Due(Kind.MONTHLY, amount, period)]
    if len(periods) == 1:
        return [_dated(amount, periods[0], period)]
    if rate * len(periods) == amount:
        return [replace(_dated(rate, each, period), warnings=(Warn.MONTHS_SPLIT,)) for each in periods]
    return [Due(Kind.MONTHLY, amount, period, (HeldReason.SEVERAL_MONTHS,))]


def _dated(amount: Vnd, own: Period, period: Period | None) -> Due:
    """A sum of an earlier month is arrears of that month; one of a later month waits."""
    if period is None or own == period:
        return Due(Kind.MONTHLY, amount, own)
    if own < period:
        return Due(Kind.ARREARS, amount, own)
    return Due(Kind.MONTHLY, amount, own, (HeldReason.PERIOD_AHEAD,))


def _arrears_months(texts: Texts, header: Header, heading: Heading) -> tuple[MonthRef, ...]:
    own = header.first(Column.ARREARS_PERIOD)
    if own is not None and (text := texts.by_column.get(own.index, "")):
        refs = read_period_cell(texts.row.cells.get(own.index), text)
        if refs:
            return refs
    note = texts.of(header, Column.NOTE)
    spoken = re.search(
        r"truy\s*(lĩnh|linh|nhận|trả).*|bù .*|chưa (lĩnh|nhận).*|(lĩnh|chi|trả) bù.*", note, re.IGNORECASE
    )
    return (find_months(spoken[0]) if spoken else ()) or heading.months


def _arrears(amount: Vnd, refs: tuple[MonthRef, ...], month_sum: Vnd, period: Period | None) -> list[Due]:
    periods = resolve(refs, period, past=True)
    if not periods:
        return [Due(Kind.ARREARS, amount, None, (HeldReason.ARREARS_WITHOUT_PERIOD,))]
    if len(periods) > 1:
        if month_sum * len(periods) != amount:
            return [Due(Kind.ARREARS, amount, None, (HeldReason.ARREARS_SEVERAL_MONTHS,))]
        return [_past(month_sum, each, period, (Warn.MONTHS_SPLIT,)) for each in periods]
    return [_past(amount, periods[0], period, ())]


def _past(amount: Vnd, own: Period, period: Period | None, warnings: tuple[Warn, ...]) -> Due:
    doubts = () if period is None or own < period else (HeldReason.ARREARS_NOT_PAST,)
    return Due(Kind.ARREARS, amount, own, doubts, warnings)
