"""The journal: facts that were, each carrying the hash of the one before (M3).

Nothing here is ever changed or removed; a correction is a new fact. The entry's hash covers its
place (device, epoch, sequence), its time, the fact and the chip's witness.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.payout import canonical
from kiosk.payout.code_facts import CodeRefused
from kiosk.payout.device_facts import (
    GENESIS,
    BundleAccepted,
    ClockSet,
    DeviceStarted,
    DeviceStopped,
    EpochOpened,
    FloorLowered,
)
from kiosk.payout.evidence import CardDoubt, ChipChecks, Override
from kiosk.payout.key_facts import KeysChanged
from kiosk.payout.lease_facts import LeaseReleased, LeaseTaken
from kiosk.payout.names import (
    CannotSign,
    DeviceId,
    Digest,
    EntitlementId,
    Epoch,
    Kind,
    LeaseId,
    Level,
    OperatorId,
    Outcome,
    PayoutId,
    PersonId,
    PrintResult,
    Programme,
    RefusalKey,
    ReversalReason,
    Role,
    Sequence,
    SessionId,
    UnixSeconds,
    UnpaidReason,
    VarianceReason,
    Vnd,
    VoidReason,
    WitnessKind,
)
from kiosk.payout.statements import StatementTaken

__all__ = [
    "CHALLENGE_TAG",
    "ENTRY_TAG",
    "GENESIS",
    "AuthorisedLine",
    "BrokenChain",
    "BundleAccepted",
    "CashAdded",
    "CashReturned",
    "ClockSet",
    "CodeRefused",
    "DeviceStarted",
    "DeviceStopped",
    "Entry",
    "EpochOpened",
    "Fact",
    "FloorLowered",
    "LeaseReleased",
    "LeaseTaken",
    "PaperSeen",
    "PayoutAuthorised",
    "PayoutCompleted",
    "PayoutRefused",
    "PayoutReversed",
    "PayoutVoided",
    "ReceiptPrinted",
    "SessionClosed",
    "SessionOpened",
    "StatementTaken",
    "UncertainResolved",
    "VisitUnpaid",
    "Witness",
    "challenge",
    "check_chain",
    "decode",
    "encode",
    "hash_of",
    "payout_id",
    "witness_kind",
]  # fmt: skip

ENTRY_TAG = b"tannha.entry.v1\0"
CHALLENGE_TAG = b"tannha.witness.v1\0"


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """An operator took responsibility for counted cash."""

    TAG: ClassVar[str] = "session_opened"
    session: SessionId
    operator: OperatorId
    opening: Vnd
    notes: tuple[int, ...]
    received_from: str = ""


@dataclass(frozen=True, slots=True)
class CashAdded:
    """More cash came in, between two people."""

    TAG: ClassVar[str] = "cash_added"
    session: SessionId
    amount: Vnd
    notes: tuple[int, ...]
    operator: OperatorId
    second: str


@dataclass(frozen=True, slots=True)
class CashReturned:
    """Cash went back or was handed on, between two people."""

    TAG: ClassVar[str] = "cash_returned"
    session: SessionId
    amount: Vnd
    notes: tuple[int, ...]
    operator: OperatorId
    second: str


@dataclass(frozen=True, slots=True)
class AuthorisedLine:
    """One entitlement within a payout, paid whole under one lease."""

    entitlement: EntitlementId
    lease: LeaseId
    programme: Programme
    kind: Kind
    period: str
    amount: Vnd
    rounding: Vnd | None = None
    """Owed − paid, where the district's rule rounded: above zero it is still owed, below zero it was added."""


@dataclass(frozen=True, slots=True)
class PayoutAuthorised:
    """The rules said yes, cash may be counted out. The chip signs this while it still lies there (plan §4.4)."""

    TAG: ClassVar[str] = "payout_authorised"
    payout: PayoutId
    device: DeviceId
    epoch: Epoch
    previous_head: Digest
    session: SessionId
    operator: OperatorId
    recipient: PersonId
    payee: PersonId
    role: Role
    lines: tuple[AuthorisedLine, ...]
    total: Vnd
    level: Level
    checks: ChipChecks
    simulated: bool
    evidence: Digest | None = None
    override: Override | None = None
    doubts: tuple[CardDoubt, ...] = ()


@dataclass(frozen=True, slots=True)
class PayoutCompleted:
    """The recipient has the cash: signed for, or ink print with a witness."""

    TAG: ClassVar[str] = "payout_completed"
    payout: PayoutId
    given: tuple[int, ...]
    back: tuple[int, ...]
    signature: Digest | None = None
    cannot_sign: CannotSign | None = None
    witness: Digest | None = None
    """Salted hash of the name of whoever saw the ink print, kept outside the journal (M3)."""


@dataclass(frozen=True, slots=True)
class PayoutVoided:
    """An authorised payout ended without payment."""

    TAG: ClassVar[str] = "payout_voided"
    payout: PayoutId
    reason: VoidReason
    counted: Vnd | None = None
    """The drawer's count after cash was shown (M2); None where the operator says that none had left the drawer."""


@dataclass(frozen=True, slots=True)
class UncertainResolved:
    """What the cash count and the paper said of a payout that a power cut left open (M2)."""

    TAG: ClassVar[str] = "uncertain_resolved"
    payout: PayoutId
    outcome: Outcome
    counted: Vnd
    operator: OperatorId


@dataclass(frozen=True, slots=True)
class PayoutReversed:
    """A completed payout was taken back and its cash returned; its lease is closed."""

    TAG: ClassVar[str] = "payout_reversed"
    payout: PayoutId
    session: SessionId
    reason: ReversalReason
    notes: tuple[int, ...]
    operator: OperatorId
    second: str


@dataclass(frozen=True, slots=True)
class PayoutRefused:
    """Somebody asked and the rules said no: kept, because refusals tell of fraud too."""

    TAG: ClassVar[str] = "payout_refused"
    session: SessionId
    operator: OperatorId
    recipient: PersonId
    key: RefusalKey
    simulated: bool


@dataclass(frozen=True, slots=True)
class VisitUnpaid:
    """A visit that ended without payment, and why."""

    TAG: ClassVar[str] = "visit_unpaid"
    session: SessionId
    operator: OperatorId
    recipient: PersonId
    reason: UnpaidReason
    entitlements: tuple[EntitlementId, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptPrinted:
    """What became of one print of a payout's receipt. Copy 0 is the original."""

    TAG: ClassVar[str] = "receipt_printed"
    payout: PayoutId
    copy: int
    result: PrintResult


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """The operator looked: a slip of unknown fate lies there, or not."""

    TAG: ClassVar[str] = "paper_seen"
    payout: PayoutId
    copy: int
    printed: bool


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The drawer was counted and balanced (M4)."""

    TAG: ClassVar[str] = "session_closed"
    session: SessionId
    operator: OperatorId
    counted: Vnd
    notes: tuple[int, ...]
    variance: Vnd
    reason: VarianceReason
    note: str = ""


Fact = (
    EpochOpened | DeviceStarted | ClockSet | FloorLowered | DeviceStopped | BundleAccepted | SessionOpened
    | CashAdded | CashReturned | PayoutAuthorised | PayoutCompleted | PayoutVoided | UncertainResolved
    | PayoutReversed | PayoutRefused | VisitUnpaid | LeaseReleased | LeaseTaken | ReceiptPrinted | PaperSeen
    | SessionClosed | KeysChanged | StatementTaken | CodeRefused
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Witness:
    """The chip's Active Authentication over a payout fact (ICAO 9303-11 §6.1).

    It proves that a card answered, not who held it.
    """

    challenge: str
    """8 bytes, hexadecimal."""
    response: str
    """What INTERNAL AUTHENTICATE returned, hexadecimal."""
    key: Digest
    """SHA-256 of the chip's public key in DG15."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal line. ``previous`` is the hash of the entry before, or GENESIS."""

    device: DeviceId
    epoch: Epoch
    sequence: Sequence
    at: UnixSeconds
    time_proven: bool
    previous: Digest
    fact: Fact
    witness: Witness | None = None

    @property
    def hash(self) -> Digest:
        """SHA-256 over the tagged canonical entry."""
        return hash_of(encode(self))


class BrokenChain(ValueError):
    """An entry does not follow from the one before it."""


def encode(entry: Entry) -> bytes:
    """The canonical bytes of an entry."""
    return canonical.to_bytes(canonical.encode(entry))


def hash_of(encoded: bytes) -> Digest:
    """The hash of an entry whose canonical bytes are at hand already."""
    return Digest(hashlib.sha256(ENTRY_TAG + encoded).hexdigest())


def decode(data: bytes) -> Entry:
    """Read canonical bytes. Raises canonical.EncodingFault for anything else."""
    return canonical.decode(Entry, canonical.from_bytes(data))


def check_chain(entries: Iterable[Entry], previous: Digest, first: Sequence) -> Digest:
    """Walk entries that must follow ``previous``; the new head. Raises BrokenChain."""
    sequence = int(first)
    for entry in entries:
        if entry.sequence != sequence:
            raise BrokenChain(f"expected sequence {sequence}, found {entry.sequence}")
        if entry.previous != previous:
            raise BrokenChain(f"entry {sequence} does not follow the one before")
        previous, sequence = entry.hash, sequence + 1
    return previous


def payout_id(device: DeviceId, epoch: Epoch, sequence: Sequence) -> PayoutId:
    """A payout is named by the place of its authorisation: known before anything is sent."""
    return PayoutId(f"{device}-{epoch}-{sequence}")


def slip_code(authorised: Digest) -> str:
    """Six digits of an authorisation's hash, copied by hand beside its number where nothing prints.

    The district knows the hash and compares: who makes a slip up, or mistakes a digit of the number, does not hit them.
    """
    return f"{int(authorised[:16], 16) % 1_000_000:06d}"


def challenge(fact: PayoutAuthorised, nonces: Iterable[str]) -> bytes:
    """The 8 bytes that the chip signs: SHA-256(tag ‖ sorted lease nonces ‖ canonical fact)."""
    joined = b"".join(bytes.fromhex(nonce) for nonce in sorted(nonces))
    body = canonical.to_bytes(canonical.encode(fact))
    return hashlib.sha256(CHALLENGE_TAG + joined + body).digest()[:8]


def witness_kind(witness: Witness | None) -> WitnessKind:
    """What stands behind a payout, for receipt and report."""
    return WitnessKind.DEVICE_WORD if witness is None else WitnessKind.CHIP
