"""What a waiting screen waits for: its words, and the way that takes the answer."""

from __future__ import annotations

from enum import StrEnum


class Wait(StrEnum):
    """What a waiting screen waits for."""

    OPENING = "opening"
    ROUTE = "route"
    HOUSEHOLD = "household"
    OFFER = "offer"
    SEALING = "sealing"
    COMPLETING = "completing"
    VOIDING = "voiding"
    SETTLING = "settling"
    NOTING = "noting"
    COMPARING = "comparing"
    CLOSING = "closing"
    HOUSE = "house"
    MOVING = "moving"
    LISTING = "listing"
    REVERSING = "reversing"
    LISTING_LEASES = "listing_leases"
    RELEASING = "releasing"
    TAKING = "taking"
    ASKING = "asking"
    AGREEING = "agreeing"
