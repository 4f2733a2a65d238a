"""Reads a whole pay-list file: from the path to lines, held lines, errors and notices.

Pure but for opening the file: no clock, no database. What the district already knows comes in as
``KnownWorld``; the same file and the same world always give the same answer.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from agent_sync.district.lists.amounts import Amount
from agent_sync.district.lists.cells import CellKind, Row, Sheet
from agent_sync.district.lists.columns import MONEY, Column
from agent_sync.district.lists.communes import title_commune
from agent_sync.district.lists.dues import Sums, read_sums
from agent_sync.district.lists.errors import UnreadableWorkbook
from agent_sync.district.lists.findings import ErrorKind, FileErrorKind, HeldReason, NoticeKind
from agent_sync.district.lists.header import Header, find_header, split
from agent_sync.district.lists.people import read_programme, title_programme
from agent_sync.district.lists.periods import MonthRef, find_months, read_period_cell, resolve, title_months
from agent_sync.district.lists.person import Context, Judged, judge_row
from agent_sync.district.lists.rows import (
    RowKind,
    Texts,
    classify,
    hamlet_in,
    has_money,
    is_commune,
    is_decrease,
    texts_of,
)
from agent_sync.district.lists.together import KnownWorld, judge_together
from agent_sync.district.lists.totals import Seen, check_totals, fits_a_total
from agent_sync.district.lists.verdicts import FileError, HeldLine, ImportResult, Notice, RowError
from agent_sync.district.lists.words import Reader, fold, reader_for
from agent_sync.district.lists.workbook import read_workbook
from kiosk.payout.names import Period, Programme

_MAX_INHERITED: Final = 50_000
_THOUSANDS: Final = re.compile(r"(dvt|don vi( tinh)?|dv tinh) (la )?(nghin|ngan|1 ?000) ?(dong|d|vnd)")
_THOUSANDS_COLUMN: Final = re.compile(r"\b(nghin|ngan|1 ?000) ?(dong|d|vnd)$")
_DECREASE_TITLE: Final = re.compile(
    r"danh sach .{0,40}\b(giam|cat giam|thoi huong|dung huong|tam dung|tu tran|chuyen di|thu hoi)\b"
)
_INHERITABLE: Final = frozenset(
    (
        *(Column.HAMLET, Column.ADDRESS, Column.HOUSEHOLD, Column.PROGRAMME),
        *(Column.METHOD, Column.PHONE, Column.BANK),
    )
)


@dataclass(frozen=True, slots=True)
class Ask:
    """What the officer asked for."""

    period: Period | None
    programme: Programme | None
    today: date | None


@dataclass(frozen=True, slots=True)
class _List:
    """One sheet that is a pay list, before its rows are read."""

    sheet: Sheet
    header: Header
    reader: Reader
    months: tuple[MonthRef, ...]
    decrease: bool
    programme: Programme | None
    """The one programme that the title or the sheet's name states."""


@dataclass(slots=True)
class _Found:
    """Everything found so far, over all sheets."""

    lines: list[HeldLine] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    file_errors: list[FileError] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    sum: int = 0


def read_pay_list(
    path: Path,
    *,
    period: Period | None = None,
    programme: Programme | None = None,
    known: KnownWorld | None = None,
    today: date | None = None,
) -> ImportResult:
    """Read and judge one pay-list file (.xlsx, .xlsm).

    ``period`` is the month that the list must be for; without it the title decides. ``programme``
    is what the officer says the list pays. ``today`` bounds dates of birth (default: the last day
    of the period). Sums are whole đồng. Never raises for the file's content: what is wrong with the
    file is in ``file_errors``, what is wrong with a row in ``errors``.
    """
    try:
        sheets = read_workbook(path)
    except UnreadableWorkbook as fault:
        return ImportResult(file_errors=(FileError(fault.kind, fault.detail),), period=period, programme=programme)
    found = _Found()
    lists = _choose(sheets, period, found)
    if period is None:
        _refuse_several_periods(lists, found)
        period = _stated_period(lists) or _row_period(lists)
    ask = Ask(period, programme, today or _last_day(period))
    stated = {each.programme for each in lists if each.programme is not None}
    common = programme or (min(stated) if len(stated) == 1 else None)
    for each in lists:
        if programme is not None and each.programme not in (None, programme):
            found.notices.append(Notice(NoticeKind.PROGRAMME_TITLE_DIFFERS, str(each.programme), each.sheet.name))
        _read_sheet(each, ask, programme or each.programme or common, found)
    commune = title_commune(text for each in lists for text in each.header.title)
    return replace(_result(found, ask, common, known), commune=commune)


def _refuse_several_periods(lists: list[_List], found: _Found) -> None:
    """Sheets of several months in one file: nobody but the officer knows which one is meant."""
    named = {refs for each in lists if (refs := resolve(each.months, None))}
    if len(named) > 1:
        months = ", ".join(str(month) for month in sorted({month for refs in named for month in refs}))
        found.file_errors.append(FileError(FileErrorKind.SEVERAL_PERIODS, months))


def _last_day(period: Period | None) -> date | None:
    if period is None:
        return None
    return date(period.year, period.month, calendar.monthrange(period.year, period.month)[1])


def _choose(sheets: tuple[Sheet, ...], period: Period | None, found: _Found) -> list[_List]:
    """The sheets to read. The others are named in notices, or refuse the file if none is left."""
    lists: list[_List] = []
    for sheet in sheets:
        reader = reader_for(sheet)
        header = find_header(sheet, reader)
        if header is None:
            if sheet.rows:
                found.notices.append(Notice(NoticeKind.SHEET_WITHOUT_LIST, sheet=sheet.name))
        elif sheet.hidden:
            found.notices.append(Notice(NoticeKind.HIDDEN_SHEET_SKIPPED, sheet=sheet.name))
        else:
            lists.append(_open(sheet, header, reader))
    return _of_period(_without_decrease(lists, found), period, found)


def _open(sheet: Sheet, header: Header, reader: Reader) -> _List:
    texts = list(header.title)
    months = title_months(texts) or find_months(sheet.name)
    decrease = any(_DECREASE_TITLE.search(fold(text)) and "tang" not in fold(text) for text in texts)
    return _List(sheet, header, reader, months, decrease, title_programme([*texts, sheet.name]))


def _without_decrease(lists: list[_List], found: _Found) -> list[_List]:
    kept = [each for each in lists if not each.decrease]
    for each in lists:
        if each.decrease and kept:
            found.notices.append(Notice(NoticeKind.DECREASE_SHEET_SKIPPED, sheet=each.sheet.name))
        elif each.decrease:
            found.file_errors.append(FileError(FileErrorKind.DECREASE_LIST, sheet=each.sheet.name))
    if not lists:
        found.file_errors.append(FileError(FileErrorKind.NO_LIST))
    return kept


def _of_period(lists: list[_List], period: Period | None, found: _Found) -> list[_List]:
    """Leave out sheets of other months (T1 ... T12 in one file); refuse if none is of this month."""
    wanted = period
    if wanted is None:
        return lists
    fitting = [each for each in lists if not each.months or wanted in resolve(each.months, wanted)]
    for each in lists:
        if each in fitting:
            continue
        named = ", ".join(str(month) for month in resolve(each.months, wanted))
        if fitting:
            found.notices.append(Notice(NoticeKind.SHEET_OF_OTHER_PERIOD, named, each.sheet.name))
        else:
            found.file_errors.append(FileError(FileErrorKind.PERIOD_MISMATCH, f"{named} ≠ {wanted}", each.sheet.name))
    return fitting or lists  # refused, but its rows are judged all the same: everything is said at once


def _stated_period(lists: list[_List]) -> Period | None:
    """The latest month that the first titled sheet states."""
    for each in lists:
        if periods := resolve(each.months, None):
            return max(periods)
    return None


def _row_period(lists: list[_List]) -> Period | None:
    """The month that a month column names most, the later of two, for lists whose title names none."""
    named: Counter[Period] = Counter()
    for each in lists:
        heading = each.header.first(Column.PERIOD)
        for row in each.sheet.rows if heading else ():
            cell = row.cells.get(heading.index) if heading and row.number > each.header.bottom else None
            named.update(resolve(read_period_cell(cell, each.reader.text(cell)) or (), None))
    return max(named, key=lambda period: (named[period], period), default=None)


def _read_sheet(each: _List, ask: Ask, programme: Programme | None, found: _Found) -> None:
    """Read all tables of a sheet; what a heading said holds on in the next table."""
    sheet = each.sheet
    context = Context(
        sheet=sheet.name,
        header=each.header,
        reader=each.reader,
        period=ask.period,
        programme=programme,
        asked=ask.programme,
        today=ask.today,
        months=each.months,
        hamlet=hamlet_in(sheet.name),
        thousands=any(_THOUSANDS.search(fold(text)) for text in each.header.title),
    )
    for header, rows in split(sheet, each.header, each.reader):
        counted_so = any(_THOUSANDS_COLUMN.search(fold(h.title)) for h in header.all(*MONEY))
        table = _Table(
            replace(
                context,
                header=header,
                thousands=context.thousands or counted_so,
                swapped=_dates_look_swapped(rows, header),
                inherited=_inherited(sheet, header, each.reader),
            )
        )
        table.read(rows)
        table.keep(found)
        context = replace(table.context, thousands=context.thousands)


@dataclass(slots=True)
class _Table:
    """One header and the rows below it, while they are being read."""

    context: Context
    seen: list[Seen] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    loose: list[Texts] = field(default_factory=list)
    signing: bool = False

    def read(self, rows: list[Row]) -> None:
        """Classify and judge every row that says anything."""
        for row in rows:
            texts = texts_of(row, self.context.reader)
            if any(texts.by_column.values()) or _has_fault(texts):
                self._row(texts)

    def _row(self, texts: Texts) -> None:
        context, header = self.context, self.context.header
        kind = classify(texts, header, context.reader)
        sums = read_sums(texts, header, 1000 if context.thousands else 1)
        uncounted = texts.row.hidden or context.decrease
        self.seen.append(Seen(kind, texts.row.number, uncounted, _in_order(texts), _for_totals(sums, header)))
        match kind:
            case RowKind.PERSON:
                self.judged.append(judge_row(texts, sums, context))
                self.signing = False
            case RowKind.GROUP:
                self.context = _under(context, texts)
            case RowKind.SIGNATURE:
                self.signing = True
            case RowKind.LOOSE if has_money(texts, header) and fits_a_total(self.seen, header):
                self.seen[-1] = replace(self.seen[-1], kind=RowKind.TOTAL)
            case RowKind.LOOSE if not self.signing:
                self.loose.append(texts)
            case _:
                pass

    def keep(self, found: _Found) -> None:
        """Hand over lines, errors and notices, and compare the sums."""
        sheet, header = self.context.sheet, self.context.header
        found.notices += [Notice(NoticeKind.COLUMN_NOT_UNDERSTOOD, title[:60], sheet) for title in header.unknown]
        found.lines += [line for each in self.judged for line in each.lines]
        found.errors += [error for each in self.judged for error in each.errors]
        self._keep_loose(found)
        totals = check_totals(sheet, self.seen, header, found.sum)
        found.file_errors += totals.errors
        found.notices += totals.notices
        found.sum += _sum_of(self.seen, header)

    def _keep_loose(self, found: _Found) -> None:
        """Words between people that belong to no row: someone may be missing there."""
        sheet, header = self.context.sheet, self.context.header
        last = max((each.row for each in self.judged), default=0)
        for texts in self.loose:
            name = texts.of(header, Column.NAME) or texts.of(header, Column.ID)
            if has_money(texts, header) and not name:
                found.errors.append(RowError(sheet, texts.row.number, ErrorKind.NAME_MISSING))
            elif name and texts.row.number < last:
                found.errors.append(RowError(sheet, texts.row.number, ErrorKind.ROW_INCOMPLETE, name[:60]))
            else:
                notice = Notice(NoticeKind.TEXT_OUTSIDE_ROWS, texts.label[:60], sheet, texts.row.number)
                found.notices.append(notice)


def _for_totals(sums: Sums, header: Header) -> dict[int, Amount]:
    """A row with an unreadable part and a blank total has an unreadable total."""
    out = dict(sums.by_column)
    fault = next((value for value in out.values() if isinstance(value, ErrorKind)), None)
    total = header.first(Column.TOTAL)
    if fault is not None and total is not None and out.get(total.index) is None:
        out[total.index] = fault
    return out


def _has_fault(texts: Texts) -> bool:
    return any(cell.kind in (CellKind.ERROR, CellKind.NO_VALUE) for cell in texts.row.cells.values())


def _in_order(texts: Texts) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for _, text in sorted(texts.by_column.items()) if text))


def _under(context: Context, texts: Texts) -> Context:
    """The context below a heading: its hamlet, its programme, or the part of those who leave."""
    label = texts.label
    if is_decrease(label):
        return replace(context, decrease=True)
    context = replace(context, decrease=False) if re.match(r"^([ivx]+|[a-h]) ", fold(label)) else context
    if is_commune(label):
        return replace(context, hamlet="")
    if hamlet := hamlet_in(label):
        return replace(context, hamlet=hamlet)
    section = read_programme(label)
    return replace(context, section=section) if section else context


def _inherited(sheet: Sheet, header: Header, reader: Reader) -> dict[tuple[int, int], str]:
    columns = {h.index for h in header.headings if h.column in _INHERITABLE}
    rows = {row.number: row for row in sheet.rows}
    out: dict[tuple[int, int], str] = {}
    for area in sheet.merged:
        top = rows.get(area.top)
        if area.left not in columns or area.bottom <= area.top or top is None or area.top <= header.bottom:
            continue
        text = reader.text(top.cells.get(area.left))
        for number in range(area.top + 1, min(area.bottom, area.top + 500) + 1):
            if len(out) >= _MAX_INHERITED:
                return out
            out[number, area.left] = text
    return out


def _dates_look_swapped(rows: list[Row], header: Header) -> bool:
    """Excel in an American setting turned 03/05/1941 into 5 March and left 25/05/1941 a text.

    Then every real date has a day up to 12 and every text one above it; three of each are asked for.
    """
    columns = {h.index for h in header.all(Column.BIRTH, Column.BIRTH_MALE, Column.BIRTH_FEMALE)}
    cells = [row.cells[c] for row in rows for c in columns & row.cells.keys()]
    dates = [cell.day.day for cell in cells if cell.kind is CellKind.DATE and cell.day is not None]
    texts = [int(m[1]) for cell in cells if (m := re.match(r"(\d{1,2})/\d{1,2}/\d{4}", cell.text)) and not cell.day]
    return len(dates) >= 3 and len(texts) >= 3 and max(dates) <= 12 < min(texts)


def _sum_of(seen: list[Seen], header: Header) -> int:
    heading = header.first(Column.TOTAL) or header.first(Column.AMOUNT) or header.first(Column.MONTH_AMOUNT)
    values = [each.sums.get(heading.index) for each in seen if each.kind is RowKind.PERSON] if heading else []
    return sum(value for value in values if isinstance(value, int))


def _result(found: _Found, ask: Ask, programme: Programme | None, known: KnownWorld | None) -> ImportResult:
    lines = judge_together(_placed(found.lines), known)
    if lines and any(each.line.programme is None for each in lines) and programme is None:
        found.notices.append(Notice(NoticeKind.PROGRAMME_UNKNOWN))
    if lines and ask.period is None:
        found.notices.append(Notice(NoticeKind.PERIOD_UNKNOWN))
    return ImportResult(
        lines=tuple(each.line for each in lines if not each.reasons),
        held=tuple(each for each in lines if each.reasons),
        errors=tuple(sorted(found.errors, key=lambda error: (error.sheet, error.row))),
        file_errors=tuple(found.file_errors),
        notices=tuple(found.notices),
        period=ask.period,
        programme=programme,
    )


def _placed(lines: list[HeldLine]) -> list[HeldLine]:
    """A line whose programme is unknown waits where others' programmes are known."""
    if not any(each.line.programme for each in lines):
        return lines
    return [
        each if each.line.programme else HeldLine(each.line, (*each.reasons, HeldReason.PROGRAMME_UNKNOWN))
        for each in lines
    ]
