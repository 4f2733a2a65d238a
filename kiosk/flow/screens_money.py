"""Screens of cash between payouts: added, returned, handed to the next operator, and a payout taken back."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flow.values import Count, Frame, Notes, OperationId, PrintResult, Shift
from kiosk.flow.values_money import CashWay, Notice, PaidRow, ReversalReason


@dataclass(frozen=True, slots=True)
class MoneyMenu:
    """What is in the bag, since when, and what can be done with it."""

    frame: Frame
    shift: Shift


@dataclass(frozen=True, slots=True)
class CountMove:
    """Cash that comes in or goes out, counted by denominations."""

    frame: Frame
    shift: Shift
    way: CashWay
    count: Count


@dataclass(frozen=True, slots=True)
class Move:
    """Counted cash that waits for its second person."""

    way: CashWay
    notes: Notes


@dataclass(frozen=True, slots=True)
class Reversal:
    """A payout whose cash is back and waits for its second person."""

    row: PaidRow
    reason: ReversalReason
    notes: Notes


@dataclass(frozen=True, slots=True)
class ChooseSecond:
    """Who is the other person: cash moves between two (M4)."""

    frame: Frame
    shift: Shift
    task: Move | Reversal

    @property
    def names(self) -> tuple[str, ...]:
        """Who can be chosen without typing."""
        if isinstance(self.task, Move) and self.task.way is CashWay.HANDED_OVER:
            return self.shift.colleagues
        return self.shift.sources


@dataclass(frozen=True, slots=True)
class Noted:
    """It is in the journal; its slip is printing or printed."""

    frame: Frame
    shift: Shift
    notice: Notice
    awaited: OperationId | None
    result: PrintResult | None = None


@dataclass(frozen=True, slots=True)
class ChoosePayout:
    """What was paid, the newest first: which of them?"""

    frame: Frame
    shift: Shift
    rows: tuple[PaidRow, ...]
    page: int = 0
    search: str = ""
    """Keys of what was looked for; empty shows every payout."""


@dataclass(frozen=True, slots=True)
class PaidPayout:
    """One payout: its receipt once more, or all of it back. ``result`` is of the print that was asked for here."""

    frame: Frame
    shift: Shift
    rows: tuple[PaidRow, ...]
    row: PaidRow
    awaited: OperationId | None = None
    result: PrintResult | None = None
    asked: bool = False
    """The operator already said whether a slip with unknown fate came out."""


@dataclass(frozen=True, slots=True)
class ReversalReasonScreen:
    """Why a completed payout is taken back."""

    frame: Frame
    shift: Shift
    row: PaidRow


@dataclass(frozen=True, slots=True)
class ReversalCount:
    """The cash that came back, note by note: it must be the whole sum."""

    frame: Frame
    shift: Shift
    row: PaidRow
    reason: ReversalReason
    count: Count


@dataclass(frozen=True, slots=True)
class OtherSession:
    """A colleague's session is still open: they hand over, or it is counted and closed for them."""

    frame: Frame
    shift: Shift


InMoney = (
    MoneyMenu | CountMove | ChooseSecond | Noted | ChoosePayout | PaidPayout | ReversalReasonScreen | ReversalCount
    | OtherSession
)  # fmt: skip
