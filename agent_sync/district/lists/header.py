"""Finds the header of a list below its title rows, over one, two or three rows.

Offices merge cells ("Số tiền" over "Trợ cấp | Truy lĩnh") or only leave the right ones blank.
A sheet is a pay list when one header names people and sums; everything else is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from agent_sync.district.lists.cells import Area, CellKind, Row, Sheet
from agent_sync.district.lists.columns import MONEY, Column, Heading, recognise
from agent_sync.district.lists.people import read_method
from agent_sync.district.lists.words import Reader, fold

SEARCH_ROWS: Final = 80
MAX_HEADER_ROWS: Final = 3
_NAMES: Final = frozenset((Column.NAME, Column.FAMILY_NAME))
_REPEATABLE: Final = frozenset((Column.AMOUNT, Column.MONTH_AMOUNT, Column.IGNORED, Column.ARREARS))


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header: its rows, its columns, the columns nobody understood, and the title above."""

    top: int
    bottom: int
    headings: tuple[Heading, ...]
    unknown: tuple[str, ...]
    title: tuple[str, ...]

    def first(self, column: Column) -> Heading | None:
        """The leftmost column that holds this."""
        return next((h for h in self.headings if h.column is column), None)

    def all(self, *columns: Column) -> tuple[Heading, ...]:
        """Every column that holds one of these, from left to right."""
        return tuple(h for h in self.headings if h.column in columns)


def find_header(sheet: Sheet, reader: Reader) -> Header | None:
    """The header of a sheet's first table, or None if the sheet is no pay list.

    A later table may name more columns; the first that names most of what the best one names counts.
    """
    rows = sheet.rows[:SEARCH_ROWS]
    found = [header for start in range(len(rows)) if (header := _header_at(sheet, start, reader)) is not None]
    enough = max((_score(header.headings) for header in found), default=0) * 2
    first = next((header for header in found if _score(header.headings) * 3 >= enough), None)
    if first is None:
        return None
    above = tuple(reader.text(cell) for row in rows if row.number < first.top for cell in row.cells.values())
    return replace(first, title=above)


def split(sheet: Sheet, first: Header, reader: Reader) -> list[tuple[Header, list[Row]]]:
    """The rows below the header, cut where another table with other columns begins in the same sheet.

    A header that only comes again on a new page is left out of the rows.
    """
    parts: list[tuple[Header, list[Row]]] = [(first, [])]
    bottom = first.bottom
    for index, row in enumerate(sheet.rows):
        if row.number <= bottom:
            continue
        header = parts[-1][0]
        if is_repeat(row, header, reader):
            continue
        other = _header_at(sheet, index, reader) if _may_start_table(row, reader) else None
        if other is None:
            parts[-1][1].append(row)
            continue
        bottom = other.bottom
        if _places(other) != _places(header):
            parts.append((other, []))
    return parts


def is_repeat(row: Row, header: Header, reader: Reader) -> bool:
    """Whether a row says the header's words again in their places, as printed pages do."""
    titles = {heading.index: fold(heading.title) for heading in header.headings}
    texts = {index: fold(reader.text(cell)) for index, cell in row.cells.items()}
    known = [index for index, text in texts.items() if text and text in titles.get(index, "")]
    return len(known) >= 2 and len(known) == len(texts) and not any(re.search(r"\d{4}", t) for t in texts.values())


def _may_start_table(row: Row, reader: Reader) -> bool:
    if any(cell.kind is not CellKind.TEXT for cell in row.cells.values()):
        return False
    return len(_columns_named(row, reader)) >= 3


def _places(header: Header) -> dict[int, Column]:
    return {heading.index: heading.column for heading in header.headings if heading.column is not Column.IGNORED}


def _header_at(sheet: Sheet, start: int, reader: Reader) -> Header | None:
    """The best header that begins in this row. Of two equal ones the deeper: its second row is no person."""
    best: Header | None = None
    for count in range(1, MAX_HEADER_ROWS + 1):
        block = sheet.rows[start : start + count]
        if len(block) < count or not _is_block(block, reader):
            break
        headings, unknown = _headings(block, sheet.merged, reader)
        if _score(headings) and (best is None or _score(headings) >= _score(best.headings)):
            best = Header(block[0].number, block[-1].number, headings, unknown, ())
    return best


def is_numbering(row: Row, reader: Reader) -> bool:
    """The row "1 2 3 4" or "(A) (B) (1) (2)=(1)x..." that offices put below a header."""
    texts = [reader.text(cell).strip() for _, cell in sorted(row.cells.items())]
    short = [re.fullmatch(r"\(?(\d{1,2}|[A-EÀ-Ỵa-e])\)?( ?= ?[\d()+*x/ -]+)?", t) for t in texts]
    if len(texts) < 3 or not all(short):
        return False
    numbers = [int(m[1]) for m in short if m and m[1].isdigit()]
    return len(numbers) >= 2 and all(b == a + 1 for a, b in pairwise(numbers))


def _is_block(block: tuple[Row, ...], reader: Reader) -> bool:
    if block[-1].number - block[0].number != len(block) - 1:
        return False
    if len(block) > 1 and not _names_columns(block[0], reader):
        return False
    return all(_may_be_header(row, index, reader) for index, row in enumerate(block))


def _names_columns(row: Row, reader: Reader) -> bool:
    """The upper row of a deep header names columns itself; a title above a header does not."""
    return len(_columns_named(row, reader)) >= 2


def _columns_named(row: Row, reader: Reader) -> set[Column]:
    return {heading.column for cell in row.cells.values() if (heading := recognise(0, reader.text(cell)))}


def _may_be_header(row: Row, depth: int, reader: Reader) -> bool:
    if is_numbering(row, reader):
        return False
    if depth == 0:
        return True
    texts = [reader.text(cell) for cell in row.cells.values()]
    plain = all(cell.kind is CellKind.TEXT for cell in row.cells.values())
    if not plain or any(re.search(r"\d{6}|\d[.,]\d{3}|^\d{1,4}$", text) for text in texts):
        return False
    known = [text for text in texts if recognise(0, text) is not None]
    return len(known) * 2 >= len(texts)


def _headings(
    block: tuple[Row, ...], merged: tuple[Area, ...], reader: Reader
) -> tuple[tuple[Heading, ...], tuple[str, ...]]:
    titles = _titles(block, merged, reader)
    found = {index: recognise(index, title) for index, title in sorted(titles.items()) if title}
    known = [heading for heading in found.values() if heading is not None]
    unknown = tuple(titles[index] for index, heading in found.items() if heading is None)
    return tuple(_settle(known)), unknown


def _titles(block: tuple[Row, ...], merged: tuple[Area, ...], reader: Reader) -> dict[int, str]:
    levels = [_level(row, merged, reader) for row in block]
    columns = sorted({column for level in levels for column in level})
    titles: dict[int, str] = {}
    for column in columns:
        parts = [_part(levels, depth, column) for depth in range(len(levels))]
        titles[column] = " ".join(dict.fromkeys(part for part in parts if part))
    return titles


def _level(row: Row, merged: tuple[Area, ...], reader: Reader) -> dict[int, str]:
    """The texts of one header row, spread over the columns that they are merged across."""
    texts = {column: reader.text(cell) for column, cell in row.cells.items()}
    for area in merged:
        if area.top == row.number and area.left in texts and area.right - area.left < 64:
            for column in range(area.left, area.right + 1):
                texts.setdefault(column, texts[area.left])
    return texts


def _part(levels: list[dict[int, str]], depth: int, column: int) -> str:
    level = levels[depth]
    if column in level or depth + 1 >= len(levels) or column not in levels[depth + 1]:
        return level.get(column, "")
    # A parent that was not merged: its text stands over the leftmost child only.
    left = max((c for c in level if c < column), default=None)
    below = levels[depth + 1]
    return level[left] if left is not None and all(c in below for c in range(left, column)) else ""


def _score(headings: tuple[Heading, ...]) -> int:
    columns = {heading.column for heading in headings} - {Column.IGNORED}
    if not (columns & _NAMES) or not (columns & MONEY):
        return 0
    return len(columns) if len(columns) >= 3 else 0


def _settle(headings: list[Heading]) -> list[Heading]:
    """Give every column one meaning: which of several sums is the sum, which number is the number."""
    headings = _settle_sums(headings)
    columns = {h.column for h in headings}
    rename: Mapping[Column, Column] = {
        **({Column.OLD_ID: Column.ID} if Column.ID not in columns else {}),
        **({Column.GIVEN_NAME: Column.NAME} if not columns & _NAMES else {}),
    }
    seen: set[Column] = set()
    out: list[Heading] = []
    for heading in headings:
        column = rename.get(heading.column, heading.column)
        double = column in seen and column not in _REPEATABLE
        if double and column is Column.NAME and out[-1].title == heading.title:
            column = Column.GIVEN_NAME  # one header merged over "Nguyễn Thị | Sáu"
        elif double:
            column = Column.IGNORED
        seen.add(column)
        out.append(replace(heading, column=column))
    return out


def _settle_sums(headings: list[Heading]) -> list[Heading]:
    headings = _rates_beside_months(_without_repeated_titles(headings))
    columns = [h.column for h in headings]
    sums = [h for h in headings if h.column is Column.AMOUNT]
    if not sums and not {Column.MONTH_AMOUNT, Column.TOTAL} & set(columns):
        level = next((h for h in headings if h.column is Column.LEVEL), None)
        return [replace(h, column=Column.AMOUNT) if h is level else h for h in headings]
    methods = {read_method(h.title) for h in sums}
    if len(sums) < 2 or (None not in methods and len(methods) == len(sums)):
        return headings  # "Số tiền: Tiền mặt | Tài khoản": one sum, in the column of its method
    if Column.TOTAL in columns and not any(re.search("so tien|thanh tien|muc", fold(h.title)) for h in sums):
        return headings  # "Trợ cấp | Hỗ trợ chăm sóc | Tổng cộng": parts of one sum, which the total confirms
    paid = next((h for h in sums if re.search("so tien|thanh tien", fold(h.title))), sums[0])
    rate = next((h for h in sums if h is not paid), paid)
    extra = Column.TOTAL not in columns and {Column.ARREARS, Column.FUNERAL} & set(columns)
    roles = {paid.index: Column.TOTAL, rate.index: Column.AMOUNT} if extra else {paid.index: Column.AMOUNT}
    return [replace(h, column=roles.get(h.index, Column.LEVEL)) if h.column is Column.AMOUNT else h for h in headings]


def _rates_beside_months(headings: list[Heading]) -> list[Heading]:
    """ "Mức hưởng | Hệ số | Số tiền tháng 11": beside a month's own sum a "mức" is only the rate."""
    if not any(h.column is Column.MONTH_AMOUNT for h in headings):
        return headings
    return [
        replace(h, column=Column.LEVEL) if h.column is Column.AMOUNT and re.search(r"\bmuc\b", fold(h.title)) else h
        for h in headings
    ]


def _without_repeated_titles(headings: list[Heading]) -> list[Heading]:
    """A sum's header that is merged over several columns names only the first of them."""
    seen: set[str] = set()
    out: list[Heading] = []
    for heading in headings:
        repeated = heading.column is Column.AMOUNT and heading.title in seen
        out.append(replace(heading, column=Column.IGNORED) if repeated else heading)
        seen.add(heading.title)
    return out
