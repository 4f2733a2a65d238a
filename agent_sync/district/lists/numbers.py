"""Reads citizen numbers (số định danh cá nhân, CCCD) and what spreadsheets make of them.

A spreadsheet that takes the number for a sum drops its leading zeros: a numeric cell of 10 or 11
digits lost one or two, and nothing else can have stood there. In a *text* cell a digit may be
missing anywhere, so such a number waits for a person. A 9-digit CMND has been no valid paper since
2024-12-31. Province prefixes are not checked: they changed, and lists are older than the change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from agent_sync.district.lists.cells import Cell, CellKind
from agent_sync.district.lists.findings import ErrorKind, HeldReason, Warn
from kiosk.payout.names import CitizenNumber, Sex

LENGTH: Final = 12
_MISSING: Final = frozenset(("", "-", "–", "—", "không", "không có", "chưa có", "k có", "ko", "x", "0"))
_LABEL: Final = re.compile(r"^(cccd|cc|cmnd|cmt|đdcn|ddcn|số)[ :.]*(?=\d)", re.IGNORECASE)
_GROUPS: Final = re.compile(r"['`’]?([0-9]{3,}(?:[ .\-][0-9]{3,})*)")
_FLOAT: Final = re.compile(r"([0-9]{9,12})[.,]0{1,2}")


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number as far as it could be read. Without ``number`` there is at least one reason."""

    number: CitizenNumber | None
    as_written: str = ""
    proposed: CitizenNumber | None = None
    reasons: tuple[HeldReason, ...] = ()
    warnings: tuple[Warn, ...] = ()


MISSING: Final = IdNumber(None, reasons=(HeldReason.ID_MISSING,))


def read_number(cell: Cell | None, text: str) -> IdNumber | ErrorKind:
    """Read a citizen number from a cell and its cleaned text."""
    if cell is None or (text.lower() in _MISSING and cell.kind in (CellKind.TEXT, CellKind.NUMBER)):
        return MISSING
    match cell.kind:
        case CellKind.ERROR:
            return ErrorKind.CELL_ERROR
        case CellKind.NO_VALUE | CellKind.DATE:
            return ErrorKind.ID_NOT_DIGITS
        case CellKind.NUMBER:
            return _from_number(text)
        case CellKind.TEXT:
            return _from_text(text)


def _from_number(text: str) -> IdNumber | ErrorKind:
    if not re.fullmatch(r"[0-9]+", text):
        return ErrorKind.ID_NOT_DIGITS
    if len(text) >= 10 and text.endswith("000000"):
        # 9,91E+10 that went through a CSV file: the last digits are gone.
        return IdNumber(None, text, reasons=(HeldReason.ID_SHORT,))
    if len(text) in (10, 11):
        return IdNumber(CitizenNumber(text.zfill(LENGTH)), text, warnings=(Warn.LEADING_ZERO_RESTORED,))
    return _of_length(text)


def _from_text(text: str) -> IdNumber | ErrorKind:
    bare = _LABEL.sub("", text).strip()
    # "99141000016.0" went through a float: the zero behind the dot is no digit of the number.
    if (written := _FLOAT.fullmatch(bare)) is not None:
        return _of_length(written[1])
    if (grouped := _GROUPS.fullmatch(bare)) is not None:
        return _of_length(re.sub(r"[ .\-]", "", grouped[1]))
    if re.fullmatch(r"[0-9]+", bare):
        return _of_length(bare)
    # "079041000123 / 020123456": the citizen number and the old one beside it.
    parts = re.split(r"[/;,() ]+", bare)
    full = [part for part in parts if re.fullmatch(r"[0-9]{12}", part)]
    old = [part for part in parts if re.fullmatch(r"[0-9]{9}", part)]
    if len(full) == 1 and len(full) + len(old) == len([part for part in parts if part]):
        return IdNumber(CitizenNumber(full[0]), text)
    return ErrorKind.ID_NOT_DIGITS


def _of_length(digits: str) -> IdNumber | ErrorKind:
    match len(digits):
        case 12:
            return ErrorKind.ID_NOT_DIGITS if digits == "0" * 12 else IdNumber(CitizenNumber(digits), digits)
        case 10 | 11:
            proposed = CitizenNumber(digits.zfill(LENGTH))
            return IdNumber(None, digits, proposed, (HeldReason.ID_SHORT,))
        case 8 | 9:
            return IdNumber(None, digits, reasons=(HeldReason.CMND_ONLY,))
        case _:
            return ErrorKind.ID_WRONG_LENGTH


def sex_and_year(number: CitizenNumber) -> tuple[Sex, int]:
    """Sex and year of birth that the fourth to sixth digit stand for (Nghị định 137/2015/NĐ-CP Art. 7)."""
    century, sex = divmod(int(number[3]), 2)
    return (Sex.FEMALE if sex else Sex.MALE), 1900 + 100 * century + int(number[4:6])
