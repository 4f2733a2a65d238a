"""What a touch means on the screens of an override, and what the desk answers them."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flow.values import Offer, OperationId, OperatorId, OperatorName
from kiosk.payout.names import ConsentWay, OverrideReason


@dataclass(frozen=True, slots=True)
class WithoutCard:
    """There is no card that proves the person: pay by override."""


@dataclass(frozen=True, slots=True)
class OverrideBecause:
    """Why."""

    reason: OverrideReason


@dataclass(frozen=True, slots=True)
class ConsentChosen:
    """How somebody agrees."""

    way: ConsentWay


@dataclass(frozen=True, slots=True)
class SupervisorChosen:
    """Whose card."""

    supervisor: OperatorId


@dataclass(frozen=True, slots=True)
class OverrideReady:
    """The rules would pay it, if somebody agrees."""

    operation: OperationId
    offer: Offer
    device: str
    request: str
    """Twelve digits to read out."""
    supervisors: tuple[OperatorName, ...]


@dataclass(frozen=True, slots=True)
class OverrideAgreed:
    """The code was right."""

    operation: OperationId


OverrideIntent = WithoutCard | OverrideBecause | ConsentChosen | SupervisorChosen
OverrideResult = OverrideReady | OverrideAgreed
