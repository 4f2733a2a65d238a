"""What a standing is made of: the values that the fold of the journal's facts arrives at.

Apart from the fold, so that whoever only reads a standing does not depend on how it comes about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.payout import journal as j
from kiosk.payout.cash import CashSession
from kiosk.payout.code_facts import Tries
from kiosk.payout.names import (
    AreaId,
    CodeKind,
    DeviceId,
    Digest,
    EntitlementId,
    Epoch,
    LeaseId,
    Level,
    Mode,
    OperatorId,
    PayoutId,
    PersonId,
    Role,
    Sequence,
    SessionId,
    UnixSeconds,
    UnpaidReason,
    Vnd,
    WitnessKind,
)


class Status(StrEnum):
    """The life of a payout. OPEN and UNCERTAIN block the closing of the session."""

    OPEN = "open"
    UNCERTAIN = "uncertain"
    COMPLETED = "completed"
    VOIDED = "voided"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class PayoutState:
    """One payout as the facts tell it."""

    id: PayoutId
    session: SessionId
    recipient: PersonId
    payee: PersonId
    role: Role
    lines: tuple[j.AuthorisedLine, ...]
    total: Vnd
    level: Level
    witness: WitnessKind
    simulated: bool
    status: Status
    authorised_at: UnixSeconds
    authorised_hash: Digest
    settled_at: UnixSeconds | None = None
    cannot_sign: bool = False
    operator: OperatorId = OperatorId("")
    overridden: bool = False
    """Paid without a chip that proves the person (chi đặc cách)."""
    prints: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The fold. Treat the mappings as read-only; ``stand`` makes new ones."""

    area: AreaId
    mode: Mode
    device: DeviceId
    epoch: Epoch
    next_sequence: Sequence
    head: Digest
    paid: dict[EntitlementId, PayoutId] = field(default_factory=dict)
    """Completed and not reversed, over all epochs that were carried (M1)."""
    spent: set[LeaseId] = field(default_factory=set)
    """Leases that can never pay again: completed, reversed, released or carried."""
    released: set[LeaseId] = field(default_factory=set)
    taken: set[LeaseId] = field(default_factory=set)
    """Leases of other devices that this one took over by their code."""
    payouts: dict[PayoutId, PayoutState] = field(default_factory=dict)
    pending: tuple[PayoutId, ...] = ()
    """Payouts that are OPEN or UNCERTAIN, oldest first."""
    unpaid: dict[PersonId, UnpaidReason] = field(default_factory=dict)
    """Visits of this day that ended without a payout; a payout, or another proven day, takes the mark away."""
    session: CashSession | None = None
    closed_sessions: tuple[SessionId, ...] = ()
    cash_since: UnixSeconds = UnixSeconds(0)
    """Since when cash has been out without a break, over sessions; 0 while there is none."""
    bundle_version: int = 0
    incarnation: int = 0
    revocation_serial: int = 0
    proven_until: UnixSeconds = UnixSeconds(0)
    """Time of the last entry made under proven time: a floor for the clock."""
    tries: dict[CodeKind, Tries] = field(default_factory=dict)
    """Wrong codes since the last right one."""
    order_serial: int = 0
    stopped: bool = False
    """The newest order taken, for none works twice; and whether one of them ended this device."""

    @property
    def open_payout(self) -> PayoutState | None:
        """The payout under way, if any."""
        return self._first(Status.OPEN)

    @property
    def uncertain(self) -> PayoutState | None:
        """The oldest payout of which nobody knows whether the cash was handed over (M2)."""
        return self._first(Status.UNCERTAIN)

    def _first(self, status: Status) -> PayoutState | None:
        found = (self.payouts[each] for each in self.pending)
        return next((each for each in found if each.status is status), None)


class ImpossibleFact(ValueError):
    """A fact that cannot follow from the facts before it: a fault of the writer."""
