"""Reads sums of đồng as offices write them: 1.250.000, 1,250,000, 1 250 000 đ, 500.000đ.

A sum that is almost readable is the most dangerous cell of a list. A group of three digits after
a dot is thousands in Vietnam, anything else after a single sign is a fraction of a đồng, which
does not exist; whatever remains doubtful is an error, never a guess.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from agent_sync.district.lists.cells import Cell, CellKind
from agent_sync.district.lists.findings import ErrorKind
from agent_sync.district.lists.words import clean
from kiosk.payout.names import MAX_AMOUNT, Vnd

ROUNDING: Final = Decimal("0.0001")
"""A formula's float noise (3207349.9999999995) is no fraction of a đồng."""
_CURRENCY: Final = r"(?:đồng|dong|vnđ|vnd|đ|d|₫|®|ñ)?\.?"
_SPOKEN: Final = re.compile(rf"([+-])?\s*([0-9][0-9., ]*)\s*{_CURRENCY}(?:/tháng)?", re.IGNORECASE)
_SCIENTIFIC: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[.,]([0-9]{1,2}))?")
_DECIMAL: Final = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,2}))?")
_NOTHING: Final = frozenset(("", "-", "–", "—", "x", "_", "0", "''"))

Amount = Vnd | ErrorKind | None


def is_nothing(cell: Cell | None) -> bool:
    """A blank cell, a dash: no sum was meant. A zero that stands alone counts as nothing here."""
    if cell is None:
        return True
    if cell.kind is CellKind.NUMBER:
        return cell.number == 0
    return cell.kind is CellKind.TEXT and clean(cell.text)[0].lower() in _NOTHING


def read_signed(cell: Cell | None) -> Amount:
    """A sum with its sign in đồng, None for a blank cell, or why it cannot be read."""
    if cell is None:
        return None
    match cell.kind:
        case CellKind.NUMBER:
            return _from_number(cell.number if cell.number is not None else Decimal(0))
        case CellKind.TEXT:
            return _from_text(clean(cell.text)[0])
        case CellKind.NO_VALUE:
            return ErrorKind.AMOUNT_WITHOUT_VALUE
        case CellKind.ERROR:
            return ErrorKind.CELL_ERROR
        case CellKind.DATE:
            return ErrorKind.AMOUNT_UNREADABLE


def payable(amount: Amount) -> Amount:
    """The same sum if it can be owed: more than nothing, and within the bound of an entitlement."""
    if amount is None or isinstance(amount, ErrorKind):
        return amount
    if amount < 0:
        return ErrorKind.AMOUNT_NEGATIVE
    if amount == 0:
        return ErrorKind.AMOUNT_ZERO
    return ErrorKind.AMOUNT_TOO_LARGE if amount > MAX_AMOUNT else amount


def _from_number(number: Decimal) -> Amount:
    if number.adjusted() > 30:
        return ErrorKind.AMOUNT_TOO_LARGE if number > 0 else ErrorKind.AMOUNT_NEGATIVE
    if number.adjusted() < -30:
        return ErrorKind.AMOUNT_FRACTION if number else Vnd(0)
    whole = int(number.to_integral_value())
    if abs(number - whole) > ROUNDING:
        return ErrorKind.AMOUNT_FRACTION
    return Vnd(whole)


def _from_text(text: str) -> Amount:
    if text.lower() in _NOTHING:
        return Vnd(0) if text else None
    negative = text.startswith("(") and text.endswith(")")
    body = text[1:-1].strip() if negative else text.replace("−", "-").lstrip("'’")
    if _SCIENTIFIC.fullmatch(body):
        return ErrorKind.AMOUNT_SCIENTIFIC
    found = _SPOKEN.fullmatch(body)
    if found is None or not body.isprintable():
        return ErrorKind.AMOUNT_UNREADABLE
    value = _digits(found[2].strip())
    if isinstance(value, ErrorKind):
        return value
    return Vnd(-value) if negative or found[1] == "-" else value


def _digits(text: str) -> Vnd | ErrorKind:
    grouped = _GROUPED.fullmatch(text)
    if grouped is not None:
        whole, fraction = (text[: grouped.start(2) - 1], grouped[2]) if grouped[2] else (text, "")
    elif (simple := _DECIMAL.fullmatch(text)) is not None:
        whole, fraction = simple[1], simple[2] or ""
    else:
        return ErrorKind.AMOUNT_UNREADABLE
    digits = re.sub(r"[^0-9]", "", whole)
    if fraction.strip("0"):
        return ErrorKind.AMOUNT_FRACTION
    return Vnd(int(digits)) if len(digits) <= 30 else ErrorKind.AMOUNT_TOO_LARGE
