"""Closed words that the district stores: what became of a payout, a lease, a segment, a device."""

from __future__ import annotations

from enum import StrEnum


class PayoutPhase(StrEnum):
    """The life of a payout as its facts have told so far."""

    OPEN = "open"
    UNCERTAIN = "uncertain"
    COMPLETED = "completed"
    VOIDED = "voided"
    REVERSED = "reversed"


class WitnessState(StrEnum):
    """What the district itself could verify of the chip's signature."""

    NONE = "none"
    """No chip signed: the payout rests on the device's word."""
    PENDING = "pending"
    """Signed; not checked yet, or its attachment has not come."""
    VERIFIED = "verified"
    ISSUER_UNKNOWN = "issuer_unknown"
    """The signature holds, but nobody that we trust issued the card: never called genuine."""
    FAILED = "failed"
    VOID = "void"
    """The signature may hold but proves nothing: its key or challenge was used twice."""


class LeaseState(StrEnum):
    """The life of a lease. At most one LIVE or SPENT lease per entitlement (M1)."""

    LIVE = "live"
    SPENT = "spent"
    REVERSED = "reversed"
    RELEASED = "released"
    RETURNED = "returned"
    CONFLICT = "conflict"


class OrderKind(StrEnum):
    """What a kit may be ordered to do (`kiosk.exchange.orders`)."""

    NEW_EPOCH = "new_epoch"
    FLOOR_RESET = "floor_reset"
    DEVICE_REVOKED = "device_revoked"


class OrderState(StrEnum):
    """The life of an order."""

    PENDING = "pending"
    TAKEN = "taken"
    """The kit's journal says so."""
    VOID = "void"
    """The kit took a later one before it: this one can never work."""


class SegmentState(StrEnum):
    """What became of a segment."""

    OPENED = "opened"
    WAITING = "waiting"
    POISON = "poison"


class PaperState(StrEnum):
    """What became of a payout that was entered from paper."""

    ENTERED = "entered"
    """It stands on paper alone."""
    MATCHED = "matched"
    """The kit's journal came and says the same."""


class PaperDoubt(StrEnum):
    """What does not fit between a genuine row of an end-of-day list and the books."""

    JOURNAL = "other_journal"
    """The kit's journal has something else under this number, or says that no cash was handed over."""
    LEASE_UNKNOWN = "lease_unknown"
    LEASE_NOT_HELD = "lease_not_held"
    SUM = "other_sum"
    PAID_ELSEWHERE = "paid_elsewhere"
    MODE = "other_mode"


class HeldState(StrEnum):
    """What became of a line that waited for a person."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    """Given back to the commune: nothing is paid for it."""


class DeviceState(StrEnum):
    """The life of a kit."""

    AWAITED = "awaited"
    ACTIVE = "active"
    REVOKED = "revoked"
