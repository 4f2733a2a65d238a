"""The month's list as one device holds it: entitlements, the leases that let it pay, and policy.

An entitlement says what is owed; a lease says that *this* device, in this epoch, with this exact
sum, may hand it out until an hour. No live lease, no cash (plan §6).
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.payout.names import (
    AreaId,
    DeviceId,
    EntitlementId,
    Epoch,
    Kind,
    LeaseId,
    Method,
    Period,
    PersonId,
    Programme,
    UnixSeconds,
    Vnd,
)
from kiosk.payout.people import Payee, Recipient, self_payee
from kiosk.payout.rounding import RoundingRule


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What one list line owes one recipient for one origin period (M1)."""

    id: EntitlementId
    recipient: PersonId
    programme: Programme
    period: Period
    kind: Kind
    line: str
    amount: Vnd
    method: Method = Method.CASH
    held: bool = False
    listed_on: str | None = None
    """ISO date of the list that sends it to a bank or wallet; None for cash, or where nobody knows."""

    @property
    def key(self) -> tuple[PersonId, Programme, Period, Kind, str]:
        """The identity of M1: recipient, programme, origin period, kind, list line."""
        return (self.recipient, self.programme, self.period, self.kind, self.line)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one device to pay one entitlement, once, with a fixed sum (plan §6)."""

    id: LeaseId
    entitlement: EntitlementId
    device: DeviceId
    epoch: Epoch
    amount: Vnd
    nonce: str
    """16 random bytes as hexadecimal; new with every grant, part of the chip's challenge."""
    expires_at: UnixSeconds


@dataclass(frozen=True, slots=True)
class Policy:
    """What the district decides and dates; never constants in the code."""

    level_b_programmes: tuple[Programme, ...] = ()
    window_first_day: int = 1
    window_last_day: int = 31
    address_cu_from_age: int = 80
    complaint_phone: str = ""
    place: str = ""
    max_days_without_checkpoint: int = 14
    lease_grace_seconds: int = 172_800
    override_cap: Vnd = Vnd(0)
    """The most that one override (chi đặc cách) may pay; 0 allows none."""
    override_day_cap: Vnd = Vnd(0)
    """The most that one agent may pay so in a day."""
    override_times: int = 0
    """How often one recipient may be paid so within 92 days, before the card has to be put right."""
    receipt_page: str = ""
    """Address of the page at which anybody checks a receipt's code."""
    rounding: tuple[RoundingRule, ...] = ()
    """What becomes of sums that no notes make, each rule from its day on; none in force: they wait."""


@dataclass(frozen=True, slots=True)
class PayList:
    """Everything one device may know about whom it pays this month."""

    area: AreaId
    version: int
    recipients: tuple[Recipient, ...]
    payees: tuple[Payee, ...]
    entitlements: tuple[Entitlement, ...]
    leases: tuple[Lease, ...]
    policy: Policy

    def recipient(self, person: PersonId) -> Recipient:
        """The recipient with this id. Raises KeyError when the list has none."""
        for each in self.recipients:
            if each.person.id == person:
                return each
        raise KeyError(person)

    def payees_of(self, person: PersonId) -> tuple[Payee, ...]:
        """Self first, then everyone with a paper for this recipient."""
        others = tuple(payee for payee in self.payees if payee.recipient == person)
        return (self_payee(self.recipient(person)), *others)

    def entitlements_of(self, person: PersonId) -> tuple[Entitlement, ...]:
        """All that is listed for this recipient, oldest period first."""
        mine = (each for each in self.entitlements if each.recipient == person)
        return tuple(sorted(mine, key=lambda each: (each.period, each.programme, each.line)))

    def leases_by_entitlement(self) -> dict[EntitlementId, Lease]:
        """The newest lease that the bundle holds for each entitlement."""
        return {lease.entitlement: lease for lease in self.leases}
