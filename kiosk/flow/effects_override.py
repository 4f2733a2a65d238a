"""What the screens of an override ask of the desk (chi đặc cách)."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.values import OperationId, OperatorId, PersonId
from kiosk.payout.names import OverrideReason


@dataclass(frozen=True, slots=True)
class AskOverride:
    """-> OverrideReady | Refused. The rules without a chip, and the numbers to read out."""

    operation: OperationId
    payee: PersonId
    recipient: PersonId
    reason: OverrideReason
    witness: str


@dataclass(frozen=True, slots=True)
class GiveCode:
    """-> OverrideAgreed | Refused. The digits that the district said; each wrong one is counted."""

    operation: OperationId
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadSupervisor:
    """-> ReadProgress*, then CardRead | CardFailed | Refused. The card of whoever agrees; it signs the payout later."""

    operation: OperationId
    supervisor: OperatorId


OverrideEffect = AskOverride | GiveCode | ReadSupervisor
