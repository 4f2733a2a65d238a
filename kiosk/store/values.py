"""What goes in and out of the store beside journal entries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.payout.names import AreaId, DeviceId, Digest, Epoch, Mode, Sequence, UnixSeconds

MAX_ATTACHMENT_BYTES = 2_000_000
MAX_BUNDLE_BYTES = 64_000_000
MAX_KEPT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose store this is. Fixed when it is made, for ever (M8)."""

    area: AreaId
    device: DeviceId
    mode: Mode


class AttachmentKind(StrEnum):
    """Personal evidence that the journal names by salted hash only (M3)."""

    CHIP = "chip"
    """SOD, DG1 and DG15 as read."""
    FACE = "face"
    STROKES = "strokes"
    """The signature as drawn."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One piece of personal evidence. ``digest`` is the salted hash that a fact carries."""

    digest: Digest
    kind: AttachmentKind
    salt: bytes
    content: bytes

    def __post_init__(self) -> None:
        if not 8 <= len(self.salt) <= 64 or not 0 < len(self.content) <= MAX_ATTACHMENT_BYTES:
            raise ValueError("an attachment needs a salt of 8 to 64 bytes and bounded content")


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


@dataclass(frozen=True, slots=True)
class Shredded:
    """An attachment whose content was destroyed."""

    digest: Digest
    at: UnixSeconds
