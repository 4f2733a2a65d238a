"""What a touch means on the screens of cash and leases, and what the desk answers them."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flow.values import OperationId, PayoutId, Shift
from kiosk.flow.values_money import CashWay, Notice, PaidRow, ReversalReason


@dataclass(frozen=True, slots=True)
class AskMoney:
    """Cash and leases, from the menu."""


@dataclass(frozen=True, slots=True)
class AskMove:
    """Cash comes in, goes back, or goes to the next operator."""

    way: CashWay


@dataclass(frozen=True, slots=True)
class AskPayouts:
    """What was paid: to print a receipt again, or to take a payout back."""


@dataclass(frozen=True, slots=True)
class AskReversal:
    """The payout on the screen is to be taken back."""


@dataclass(frozen=True, slots=True)
class PayoutChosen:
    """Which one."""

    payout: PayoutId


@dataclass(frozen=True, slots=True)
class ReversalChosen:
    """Why it is taken back."""

    reason: ReversalReason


@dataclass(frozen=True, slots=True)
class SecondChosen:
    """The other person, by the place in the screen's list."""

    index: int


@dataclass(frozen=True, slots=True)
class MoneyMoved:
    """Cash came in, went out or came back: it is in the journal."""

    operation: OperationId
    shift: Shift
    notice: Notice


@dataclass(frozen=True, slots=True)
class PayoutsListed:
    """The completed payouts of this device, the newest first."""

    operation: OperationId
    rows: tuple[PaidRow, ...]


MoneyIntent = AskMoney | AskMove | AskPayouts | AskReversal | PayoutChosen | ReversalChosen | SecondChosen
MoneyResult = MoneyMoved | PayoutsListed
