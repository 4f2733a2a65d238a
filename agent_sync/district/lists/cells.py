"""The cells and sheets of a workbook as plain values, before anybody judges what they mean.

Numbers stay the decimal text that the file holds: money never passes through a float.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from agent_sync.district.text_repair import Encoding


class CellKind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    ERROR = "error"
    NO_VALUE = "no_value"
    """A formula whose value was never calculated."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is not blank. ``text`` is what a reader would see, uncleaned."""

    kind: CellKind
    text: str
    number: Decimal | None = None
    day: date | None = None
    """For a date, and for a number the day that it would be as a serial number."""
    font: Encoding | None = None
    """The older encoding that the cell's font stands for."""
    struck: bool = False
    """Struck through."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the spreadsheet shows it, and its cells by column (1-based)."""

    number: int
    cells: Mapping[int, Cell]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A merged range, both ends included, 1-based."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet with its rows in order; rows without content are left out."""

    name: str
    hidden: bool
    rows: tuple[Row, ...]
    merged: tuple[Area, ...] = ()
