"""Finds the months that a title, a header, a note or a cell speaks of.

The traps are what looks like a month and is none: the day a paper was signed, "ngày 20 tháng 10
năm 2026", and the numbers of decrees, "76/2024/NĐ-CP". Both are taken out before the search.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from agent_sync.district.lists.cells import Cell, CellKind
from agent_sync.district.lists.words import fold
from kiosk.payout.names import Period

MAX_MONTHS: Final = 24
"""A row that speaks of more months than this is not read as months."""

_MM: Final = r"(?:0?[1-9]|1[0-2])(?!\d)"
_NOT_MONTHS: Final = (
    r"\bngay\s*\.*\d{0,2}\.*\s*thang\s*\.*\d{0,2}\.*\s*nam\s*\.*\d{0,4}",
    r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b",
    r"\b\d+/\d{4}/[a-z-]+",
    r"\b(?:nghi dinh|quyet dinh|thong tu|nghi quyet|luat|nd|qd|tt)\s*(?:so)?\s*\d+/\d{4}",
    r"\bso\s*:?\s*\d+/[a-z0-9/-]+",
)
_NOISE: Final = re.compile("|".join(_NOT_MONTHS))
_GROUP: Final = re.compile(
    rf"\b(?:thang|t|ky)\s*\.?\s*({_MM}(?:\s*(?:[,+&;]|va|den|toi|->|-)\s*(?:het\s*)?(?:thang|t)?\s*{_MM})*)"
    rf"(?:\s*(?:/|nam|-|\.)\s*(?:nam\s*)?(20\d\d)(?!\d))?"
)
_BARE: Final = re.compile(rf"(?<![\d/.])({_MM})\s*[/-]\s*(20\d\d)(?!\d)|(?<!\d)(20\d\d)-({_MM})(?![\d-])")
_QUARTER: Final = re.compile(r"\bquy\s*(iv|iii|ii|i|[1-4])\b(?:\s*(?:/|nam|-)\s*(20\d\d))?")
_QUARTERS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_RANGE: Final = re.compile(r"den|toi|->|-")


@dataclass(frozen=True, slots=True)
class MonthRef:
    """A month as named, with its year where one was said."""

    month: int
    year: int | None = None


def _flat(text: str) -> str:
    spread = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("–", "-").replace("—", "-"))
    return "".join(c for c in spread if not unicodedata.combining(c))


def find_months(text: str) -> tuple[MonthRef, ...]:
    """All months that a text names, in its order and without repeats. A range is spelled out."""
    flat = _NOISE.sub(" ", _flat(text[:1000]))
    found: list[tuple[int, list[MonthRef]]] = []
    rest = flat
    for pattern, reader in ((_QUARTER, _quarter), (_GROUP, _group), (_BARE, _bare)):
        found.extend((match.start(), reader(match)) for match in pattern.finditer(rest))
        rest = pattern.sub(lambda m: " " * len(m[0]), rest)
    refs = [ref for _, group in sorted(found, key=lambda each: each[0]) for ref in group]
    years = set(re.findall(r"(?<!\d)20\d\d(?!\d)", flat))
    if len(years) == 1 and all(ref.year is None for ref in refs):
        refs = [MonthRef(ref.month, int(min(years))) for ref in refs]  # "NĂM 2026 - THÁNG 11"
    return tuple(dict.fromkeys(_inherit_years(refs)))[:MAX_MONTHS]


def _quarter(match: re.Match[str]) -> list[MonthRef]:
    number = _QUARTERS.get(match[1]) or int(match[1])
    year = int(match[2]) if match[2] else None
    return [MonthRef(3 * number - 2 + k, year) for k in range(3)]


def _group(match: re.Match[str]) -> list[MonthRef]:
    months = [int(m) for m in re.findall(_MM, match[1])]
    year = int(match[2]) if match[2] else None
    if len(months) == 2 and months[0] < months[1] and _RANGE.search(match[1]):
        months = list(range(months[0], months[1] + 1))
    return [MonthRef(month, year) for month in months]


def _bare(match: re.Match[str]) -> list[MonthRef]:
    month, year = (match[1], match[2]) if match[1] else (match[4], match[3])
    return [MonthRef(int(month), int(year))]


def _inherit_years(refs: list[MonthRef]) -> list[MonthRef]:
    """ "tháng 10, tháng 11/2026": a month without a year takes the year that follows it."""
    out: list[MonthRef] = []
    year: int | None = None
    for ref in reversed(refs):
        year = ref.year or year
        out.append(MonthRef(ref.month, year))
    return out[::-1]


def resolve(refs: tuple[MonthRef, ...], around: Period | None, *, past: bool = False) -> tuple[Period, ...]:
    """The months with their years; one without a year is taken in the year of ``around``.

    With ``past`` such a month lies before ``around``: T12 in a list of January is last year's.
    Empty if a year is unknown.
    """
    out: list[Period] = []
    for ref in refs:
        year = ref.year
        if year is None:
            if around is None:
                return ()
            year = around.year - (1 if past and ref.month >= around.month else 0)
        if not 2000 <= year <= 2100:
            return ()
        out.append(Period(year, ref.month))
    return tuple(out)


def read_period_cell(cell: Cell | None, text: str) -> tuple[MonthRef, ...] | None:
    """The months of a cell in a month column. Empty for a blank cell, None for an unreadable one."""
    if cell is None or text in ("", "-"):
        return ()
    if cell.kind is CellKind.DATE and cell.day is not None:
        return (MonthRef(cell.day.month, cell.day.year),)
    if re.fullmatch(_MM, text):
        return (MonthRef(int(text)),)
    if re.fullmatch(rf"{_MM}(\s*[,+;&-]\s*{_MM})+(/20\d\d)?", text):
        return find_months(f"tháng {text}")
    return find_months(text) or None


def title_months(texts: list[str]) -> tuple[MonthRef, ...]:
    """The months that a title states, from one line: the first that speaks of the list, else any; dated ones first."""
    lines = [re.sub(r"truy lĩnh.*|bao gồm.*", " ", text, flags=re.IGNORECASE) for text in texts]
    speaking = [line for line in lines if re.search(r"danh sach|chi tra|tro cap|bang ke|ky ", fold(line))]
    named = [refs for line in (*speaking, *lines) if (refs := find_months(line))]
    dated = [refs for refs in named if all(ref.year is not None for ref in refs)]
    return next(iter(dated or named), ())
