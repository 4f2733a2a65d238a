"""The district's receipt for a device's journal, and what the device must conclude from it.

A checkpoint says how far the district has come (`next`, `head`), what of it is in a backup
(`backed_up`), and which bundle is the newest: so it also tells when bundles are being held back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.exchange.bundle import Addressee
from kiosk.exchange.envelope import Kind, checked, decode, pack, unpack
from kiosk.exchange.errors import BadBytes, FaultKey, NotForUs, OutOfOrder
from kiosk.exchange.keys import Signer
from kiosk.exchange.shapes import Held, is_digest
from kiosk.payout.names import AreaId, DeviceId, Digest, Epoch, Sequence, UnixSeconds

MAX_CHECKPOINT = 4_096


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the district has this device's journal."""

    area: AreaId
    device: DeviceId
    epoch: Epoch
    incarnation: int
    next: Sequence
    """The first sequence the district does not have (it stops at a gap)."""
    head: Digest
    """Hash of entry ``next - 1``; GENESIS when there is none."""
    backed_up: Sequence
    """Entries below this one, with the attachments they refer to, are in a backup away from the server."""
    time: UnixSeconds
    bundle_version: int
    revocation_serial: int

    @property
    def held(self) -> Held:
        """The newest district state this device should have."""
        return Held(self.incarnation, self.bundle_version, self.revocation_serial)


@dataclass(frozen=True, slots=True)
class Position:
    """Where the device's own journal stands, as the checkpoint is judged against it."""

    epoch: Epoch
    next: Sequence
    head_below: Digest | None
    """Hash of the device's entry ``checkpoint.next - 1`` (GENESIS for 0); None when it has none."""
    incarnation: int


class CheckpointVerdict(StrEnum):
    """What a genuine checkpoint means for this device."""

    IN_STEP = "in_step"
    DEVICE_AHEAD = "device_ahead"
    """Send again from ``next``."""
    DEVICE_ROLLED_BACK = "device_rolled_back"
    """The district knows entries that this device has lost: payouts stop until a new epoch."""
    FORK = "fork"
    """Same sequence, other hash: two devices write under one name. Payouts stop."""
    OLDER_INCARNATION = "older_incarnation"
    DISTRICT_RESTORED = "district_restored"
    """The incarnation rose: report the leases held, and send again from ``next``."""
    EARLIER_EPOCH = "earlier_epoch"
    """About an epoch that this device has closed: good for purging only."""


def sign_checkpoint(checkpoint: Checkpoint, sign: Signer) -> bytes:
    """The checkpoint as a signed file."""
    return pack(Kind.CHECKPOINT, checkpoint, b"", sign)


def read_checkpoint(data: bytes, district_key: bytes, to: Addressee) -> Checkpoint:
    """A genuine checkpoint for this device. Raises BadBytes, NotTrusted, NotForUs."""
    envelope = checked(unpack(Kind.CHECKPOINT, data, MAX_CHECKPOINT), district_key)
    if envelope.body:
        raise BadBytes(FaultKey.MALFORMED, "body")
    checkpoint = _sound(decode(Checkpoint, envelope.header))
    if checkpoint.area != to.area:
        raise NotForUs(FaultKey.WRONG_AREA)
    if checkpoint.device != to.device:
        raise NotForUs(FaultKey.WRONG_DEVICE)
    return checkpoint


def judge(checkpoint: Checkpoint, position: Position) -> CheckpointVerdict:
    """What the checkpoint means here. Worst first: a fork outranks everything but an old voice."""
    if checkpoint.incarnation < position.incarnation:
        return CheckpointVerdict.OLDER_INCARNATION
    if checkpoint.epoch < position.epoch:
        return CheckpointVerdict.EARLIER_EPOCH
    if checkpoint.epoch > position.epoch or checkpoint.next > position.next:
        return CheckpointVerdict.DEVICE_ROLLED_BACK
    if checkpoint.head != position.head_below:
        return CheckpointVerdict.FORK
    if checkpoint.incarnation > position.incarnation:
        return CheckpointVerdict.DISTRICT_RESTORED
    if checkpoint.next < position.next:
        return CheckpointVerdict.DEVICE_AHEAD
    return CheckpointVerdict.IN_STEP


def proves_time(checkpoint: Checkpoint, epoch: Epoch, started: Sequence) -> bool:
    """Whether its hour is fresh for this boot: it covers ``started``, this boot's `DeviceStarted`.

    Then it was made after the boot and cannot be an old one that the courier kept back.
    """
    return checkpoint.epoch == epoch and checkpoint.next > started


def refuse_older_incarnation(checkpoint: Checkpoint, incarnation: int) -> None:
    """Raises OutOfOrder(OLDER_INCARNATION) for a voice from before a restore that was already seen."""
    if checkpoint.incarnation < incarnation:
        raise OutOfOrder(FaultKey.OLDER_INCARNATION)


def _sound(checkpoint: Checkpoint) -> Checkpoint:
    if not is_digest(checkpoint.head) or not 0 <= checkpoint.backed_up <= checkpoint.next:
        raise BadBytes(FaultKey.MALFORMED, "checkpoint")
    return checkpoint
