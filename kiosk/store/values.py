"""What goes in and out of the store beside journal entries."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.payout.names import AreaId, DeviceId, Digest, Epoch, Mode, Sequence

MAX_BUNDLE_BYTES = 64_000_000
MAX_KEPT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose store this is. Fixed when it is made, for ever (M8)."""

    area: AreaId
    device: DeviceId
    mode: Mode


@dataclass(frozen=True, slots=True)
class HeldBundle:
    """The district bundle in force. ``body`` is opaque here: whoever put it in reads it."""

    incarnation: int
    version: int
    revocation_serial: int
    digest: Digest
    body: bytes

    def __post_init__(self) -> None:
        if len(self.body) > MAX_BUNDLE_BYTES:
            raise ValueError("a bundle of this size is none of ours")


@dataclass(frozen=True, slots=True)
class Outbox:
    """How far one epoch has travelled. Each number is the first sequence *not* yet there."""

    epoch: Epoch
    sealed: Sequence
    """Lies in the spool."""
    acknowledged: Sequence
    """The district has it."""
    backed_up: Sequence
    """The district has it in a backup too: may be purged once the epoch is old (M5)."""
