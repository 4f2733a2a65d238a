"""What the screens of an override are made of."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flow.values import Offer, OperatorName, RefusalKey
from kiosk.payout.names import ConsentWay, OverrideReason

__all__ = ["BY_OVERRIDE", "ConsentWay", "Override", "OverrideReason"]

BY_OVERRIDE = frozenset({RefusalKey.LEVEL_TOO_LOW, RefusalKey.CARD_LEFT, RefusalKey.CARD_EXPIRED})
"""Refusals that say nothing against the person: the card is at fault, and somebody else may agree."""


@dataclass(frozen=True, slots=True)
class Override:
    """An override under way: what the rules would pay, and who could agree."""

    reason: OverrideReason
    offer: Offer
    device: str
    request: str
    """Twelve digits to read out to the office, with the device's name."""
    supervisors: tuple[OperatorName, ...]
    """Who could agree with the own card."""
    supervisor: OperatorName | None = None
    """Whose card it is; None by telephone."""
