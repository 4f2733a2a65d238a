"""What the screens of cash and leases ask of the desk."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flow.values import Notes, OperationId, PayoutId
from kiosk.flow.values_money import CashWay, ReversalReason


@dataclass(frozen=True, slots=True)
class MoveCash:
    """-> MoneyMoved | Refused | Failed. Between the operator and ``second`` (M4)."""

    operation: OperationId
    way: CashWay
    notes: Notes
    second: str


@dataclass(frozen=True, slots=True)
class ListPayouts:
    """-> PayoutsListed."""

    operation: OperationId


@dataclass(frozen=True, slots=True)
class Reverse:
    """-> MoneyMoved | Refused | Failed. The whole sum is back in the drawer."""

    operation: OperationId
    payout: PayoutId
    reason: ReversalReason
    notes: Notes
    second: str


@dataclass(frozen=True, slots=True)
class PrintNotice:
    """-> Printed. The slip of what was done last."""

    operation: OperationId


MoneyEffect = MoveCash | ListPayouts | Reverse | PrintNotice
