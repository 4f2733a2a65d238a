"""What the screens of cash and leases are made of, as plain values like those of ``values``."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.flow.values import Line, Named, PayoutId, Vnd
from kiosk.payout.names import CashWay, OverrideReason, ReversalReason

__all__ = ["CashWay", "LeaseCode", "LeaseRow", "Notice", "NoticeKind", "OverrideReason", "PaidRow", "ReversalReason"]
CODE_DIGITS = 12
"""Digits of a code that is said over the telephone, and of a citizen number."""


class NoticeKind(StrEnum):
    """What was just done with cash, and is in the journal."""

    ADDED = "added"
    RETURNED = "returned"
    HANDED_OVER = "handed_over"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Notice:
    """One movement of cash, for the agent to see and to print."""

    kind: NoticeKind
    amount: Vnd
    second: str
    """The other person."""
    about: str = ""
    """Whose payout was taken back."""


@dataclass(frozen=True, slots=True)
class PaidRow:
    """A completed payout: its receipt can be printed again, or all of it taken back."""

    payout: PayoutId
    recipient: Named
    payee: str
    total: Vnd
    at: str
    """``HH:MM dd/mm``."""
    prints: int = 1
    """How often its receipt was sent to the printer."""


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """A recipient whose right to be paid this device may give over by telephone."""

    recipient: Named
    address: str
    lines: tuple[Line, ...]
    stand_in: str
    """The one device that can take it; empty when the office named none."""
    given: bool = False
    """Already given over: only its codes can be shown again."""

    @property
    def total(self) -> Vnd:
        """The sum of the leases."""
        return Vnd(sum(line.amount for line in self.lines))


@dataclass(frozen=True, slots=True)
class LeaseCode:
    """The twelve digits for one month, and the signed text that says them as a QR; empty where there is none."""

    line: Line
    code: str
    qr: str = field(default="", repr=False)
