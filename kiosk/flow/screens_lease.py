"""Screens of leases that change hands by telephone or QR: given over on one device, taken over on another."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.values import Frame, OperationId, PrintResult, Shift
from kiosk.flow.values_money import LeaseCode, LeaseRow


@dataclass(frozen=True, slots=True)
class ChooseRelease:
    """Whose right to be paid goes to another device."""

    frame: Frame
    shift: Shift
    rows: tuple[LeaseRow, ...]
    page: int = 0


@dataclass(frozen=True, slots=True)
class ConfirmRelease:
    """This device will not pay this person any more: really?"""

    frame: Frame
    shift: Shift
    row: LeaseRow


@dataclass(frozen=True, slots=True)
class ReleaseCodes:
    """The digits to say over the telephone, or to show as a QR, month by month."""

    frame: Frame
    shift: Shift
    row: LeaseRow
    codes: tuple[LeaseCode, ...] = field(repr=False)
    awaited: OperationId | None = None
    result: PrintResult | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class TypeCitizen:
    """Whose right is taken over: all twelve digits, for no name is known here before the code."""

    frame: Frame
    shift: Shift
    typed: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TypeCode:
    """The twelve digits that the other device's agent says."""

    frame: Frame
    shift: Shift
    number: str = field(repr=False)
    typed: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class LeaseTaken:
    """This device may pay now."""

    frame: Frame
    shift: Shift
    row: LeaseRow
    number: str = field(default="", repr=False)
    """Whose number was typed for it; empty after a QR."""


InLease = ChooseRelease | ConfirmRelease | ReleaseCodes | TypeCitizen | TypeCode | LeaseTaken
