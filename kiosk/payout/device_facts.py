"""Facts about the device itself: its epochs, its hours, its bundles, and what the district ordered.

Apart from the facts about money because nothing here moves any; `journal.Fact` is the union of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.payout.names import AreaId, Digest, EntitlementId, Epoch, LeaseId, Mode, OperatorId, UnixSeconds

GENESIS = Digest("0" * 64)
"""Stands where there is no entry before."""
NO_EPOCH = Epoch(0)
NO_TIME = UnixSeconds(0)


@dataclass(frozen=True, slots=True)
class EpochOpened:
    """First fact of an epoch: who writes here, and the standing it starts from.

    It names two heads: where the district had the old journal, and where the device itself had it.
    They differ after a rollback or a fork, and then both branches are bound into the new chain.
    """

    TAG: ClassVar[str] = "epoch_opened"
    area: AreaId
    mode: Mode
    previous_epoch: Epoch
    previous_head: Digest
    """Head of that epoch as the district had it when it ordered this one."""
    carried_paid: tuple[EntitlementId, ...] = ()
    carried_spent: tuple[LeaseId, ...] = ()
    own_epoch: Epoch = NO_EPOCH
    own_head: Digest = GENESIS
    """The last entry of the device's own journal; GENESIS for a store that was just made."""
    order: int = 0
    """Serial of the district's order; 0 at enrolment."""
    incarnation: int = 0
    bundle_version: int = 0
    revocation_serial: int = 0
    """The newest bundle that was in force."""
    floor: UnixSeconds = NO_TIME
    """The floor of time that the old journal had come to."""


@dataclass(frozen=True, slots=True)
class DeviceStarted:
    """The kiosk came up: whatever was under way is uncertain from here on (M2)."""

    TAG: ClassVar[str] = "device_started"
    version: str
    time_proven: bool


@dataclass(frozen=True, slots=True)
class ClockSet:
    """The operator entered the date because no source could prove it."""

    TAG: ClassVar[str] = "clock_set"
    operator: OperatorId
    stated: UnixSeconds


@dataclass(frozen=True, slots=True)
class FloorLowered:
    """The district ordered a lower floor of time: a clock had run ahead and its hours were believed."""

    TAG: ClassVar[str] = "floor_lowered"
    order: int
    floor: UnixSeconds


@dataclass(frozen=True, slots=True)
class DeviceStopped:
    """The district ordered the end of this device: it pays nothing any more."""

    TAG: ClassVar[str] = "device_stopped"
    order: int
    wipe: bool
    """Keys and store are destroyed once this entry lies sealed in the spool."""


@dataclass(frozen=True, slots=True)
class BundleAccepted:
    """A district bundle was opened, checked and put in force."""

    TAG: ClassVar[str] = "bundle_accepted"
    incarnation: int
    version: int
    revocation_serial: int
    digest: Digest
