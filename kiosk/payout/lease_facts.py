"""Facts of a lease that changes hands by telephone (plan §6): given up by one device, taken over by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.payout.names import DeviceId, LeaseId, OperatorId


@dataclass(frozen=True, slots=True)
class LeaseReleased:
    """This device gave up a lease to a named stand-in; durable before the code is shown."""

    TAG: ClassVar[str] = "lease_released"
    lease: LeaseId
    stand_in: DeviceId
    operator: OperatorId


@dataclass(frozen=True, slots=True)
class LeaseTaken:
    """A stand-in took a lease over by its code; the expiry stays."""

    TAG: ClassVar[str] = "lease_taken"
    lease: LeaseId
    holder: DeviceId
    operator: OperatorId
