"""Reads days and years of birth, and judges whether they are possible.

Day comes before month here, always: a text such as 05/13/1941 is refused rather than turned
round. Old papers know only the year, and say so in several ways (1941, 00/00/1941, --/--/1941).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from agent_sync.district.lists.cells import Cell, CellKind
from agent_sync.district.lists.findings import ErrorKind, Warn

OLDEST_YEAR: Final = 1890
"""Nobody alive was born before; a year below is a typing error."""
_DAY: Final = re.compile(r"(\d{1,2})\s*[/.\-, ]\s*(\d{1,2})\s*[/.\-, ]\s*(\d{4}|\d{2})(?: 0{1,2}:00(?::00)?)?")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")
_YEAR: Final = re.compile(r"(?:(?:[0xX?_\-. ]{0,5}[/.\-, ]){0,2})?((?:18|19|20)\d{2})")
_MONTH_YEAR: Final = re.compile(r"(?:[0xX?_\- ]{1,3}[/.\-])?\d{1,2}\s*[/.\-]\s*((?:18|19|20)\d{2})")
_SPOKEN_DAY: Final = re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})", re.IGNORECASE)
_COMPACT: Final = re.compile(r"(\d{2})(\d{2})((?:18|19|20)\d{2})")


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth as written: the day, or at least the year, or nothing."""

    day: date | None = None
    year: int | None = None
    warnings: tuple[Warn, ...] = ()


def read_birth(cell: Cell | None, text: str, today: date | None) -> Birth | ErrorKind:
    """Read a birth; ``text`` is the cell's cleaned text. ``today`` bounds it from above if known."""
    if cell is None or (cell.kind is CellKind.TEXT and not text.strip("-–./ 0xX?")):
        return Birth(warnings=(Warn.BIRTH_MISSING,))
    if cell.kind in (CellKind.ERROR, CellKind.NO_VALUE):
        return ErrorKind.CELL_ERROR if cell.kind is CellKind.ERROR else ErrorKind.BIRTH_UNREADABLE
    if cell.kind is CellKind.NUMBER:
        return _from_number(cell, text, today)
    if cell.day is not None:
        return _known_day(cell.day, today)
    return _from_text(text, today)


def _from_number(cell: Cell, text: str, today: date | None) -> Birth | ErrorKind:
    # A bare 1941 is a year; as a serial number it would be a day in April 1905.
    if re.fullmatch(r"(18|19|20)\d{2}", text):
        return _known_year(int(text), today)
    compact = _COMPACT.fullmatch(text.zfill(8)) if len(text) in (7, 8) and text.isdigit() else None
    if compact is not None:
        return _parts(int(compact[1]), int(compact[2]), int(compact[3]), today)
    if cell.day is None or not text.isdigit():
        return ErrorKind.BIRTH_UNREADABLE
    return _known_day(cell.day, today)


def _from_text(text: str, today: date | None) -> Birth | ErrorKind:
    if not text.isascii() and _SPOKEN_DAY.fullmatch(text) is None:
        text = text.replace("–", "-").replace("—", "-")
    text = re.sub(r"^(ngày|năm|sn|khoảng|kh)[:. ]+(?=\d)", "", text, flags=re.IGNORECASE).strip().strip("'")
    if (spoken := _SPOKEN_DAY.fullmatch(text)) is not None:
        return _parts(int(spoken[1]), int(spoken[2]), int(spoken[3]), today)
    if (iso := _ISO.fullmatch(text)) is not None:
        return _parts(int(iso[3]), int(iso[2]), int(iso[1]), today)
    if (full := _DAY.fullmatch(text)) is not None:
        return _written_day(full, today)
    year = _YEAR.fullmatch(text) or _MONTH_YEAR.fullmatch(text)
    if year is not None:
        return _known_year(int(year[1]), today)
    compact = _COMPACT.fullmatch(text)
    if compact is not None:
        return _parts(int(compact[1]), int(compact[2]), int(compact[3]), today)
    return ErrorKind.BIRTH_UNREADABLE


def _written_day(found: re.Match[str], today: date | None) -> Birth | ErrorKind:
    day, month = int(found[1]), int(found[2])
    if len(found[3]) == 2:
        return Birth(warnings=(Warn.BIRTH_TWO_DIGIT_YEAR,)) if day <= 31 and month <= 12 else ErrorKind.BIRTH_IMPOSSIBLE
    year = int(found[3])
    return _known_year(year, today) if day == 0 or month == 0 else _parts(day, month, year, today)


def _parts(day: int, month: int, year: int, today: date | None) -> Birth | ErrorKind:
    try:
        return _known_day(date(year, month, day), today)
    except ValueError:
        return ErrorKind.BIRTH_IMPOSSIBLE


def _known_day(day: date, today: date | None) -> Birth | ErrorKind:
    if today is not None and day > today:
        return ErrorKind.BIRTH_FUTURE
    return ErrorKind.BIRTH_IMPOSSIBLE if day.year < OLDEST_YEAR else Birth(day, day.year)


def _known_year(year: int, today: date | None) -> Birth | ErrorKind:
    if today is not None and year > today.year:
        return ErrorKind.BIRTH_FUTURE
    return ErrorKind.BIRTH_IMPOSSIBLE if year < OLDEST_YEAR else Birth(None, year)


def join_parts(day: str, month: str, year: str, today: date | None) -> Birth | ErrorKind:
    """A birth whose day, month and year stand in three columns; day and month may be blank."""
    if not (day or month or year):
        return Birth(warnings=(Warn.BIRTH_MISSING,))
    if not re.fullmatch(r"\d{4}", year):
        return ErrorKind.BIRTH_UNREADABLE
    if not (day.strip("0") and month.strip("0")):
        return _known_year(int(year), today)
    if not re.fullmatch(r"\d{1,2}/\d{1,2}", f"{day}/{month}"):
        return ErrorKind.BIRTH_UNREADABLE
    return _parts(int(day), int(month), int(year), today)
