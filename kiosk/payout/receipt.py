"""What a paper says, before it has words: keys, names and numbers of every kind of slip.

A receipt is the recipient's only proof and the inspector's first. So it is built from facts alone,
its sums are computed and never passed in, and it holds no sentence that a translator, a layout or
a printer could get wrong. Nothing here may carry a citizen number: paper is lost and photographed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from kiosk.payout.cash import Notes
from kiosk.payout.names import (
    CannotSign,
    DeviceId,
    Epoch,
    Kind,
    Level,
    Mode,
    Period,
    Programme,
    ReversalReason,
    Role,
    Sequence,
    UnixSeconds,
    VarianceReason,
    Vnd,
    VoidReason,
    WitnessKind,
)
from kiosk.payout.statements import PayWay, StatementKind

MAX_LINES = 60
"""Lines of one payout: five years of months."""
MAX_DAY_ROWS = 400
"""Payouts of one device on one day."""
MAX_CLAIM = 700
_CODE = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True, order=True)
class ReceiptNumber:
    """Device, epoch and sequence of the journal entry that a paper proves: ``KIT03-1-148``."""

    device: DeviceId
    epoch: Epoch
    sequence: Sequence

    def __str__(self) -> str:
        return f"{self.device}-{self.epoch}-{self.sequence}"

    @classmethod
    def parse(cls, text: str) -> ReceiptNumber:
        """Read ``DEVICE-EPOCH-SEQUENCE``; a device id may itself hold dashes. ValueError if not."""
        match = re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9_-]{0,63})-([0-9]{1,9})-([0-9]{1,12})", text)
        if match is None:
            raise ValueError(f"not a receipt number: {text[:40]!r}")
        return cls(DeviceId(match[1]), Epoch(int(match[2])), Sequence(int(match[3])))


class CopyKind(StrEnum):
    """For whom a paper is."""

    ORIGINAL = "original"
    AGENT = "agent"


class MissingPaper(StrEnum):
    """What a recipient still has to bring, each with its way to get it on the guidance slip."""

    CITIZEN_CARD = "citizen_card"
    CARD_EXPIRED = "card_expired"
    CHIP_UNREADABLE = "chip_unreadable"
    NUMBER_DIFFERS = "number_differs"
    AUTHORISATION = "authorisation"
    AUTHORISATION_ENDED = "authorisation_ended"
    GUARDIANSHIP = "guardianship"
    DEATH_CERTIFICATE = "death_certificate"
    FUNERAL_CLAIM = "funeral_claim"
    PHONE_NUMBER = "phone_number"


class HandoverKind(StrEnum):
    """Which way cash goes between two people."""

    FLOAT_ADDED = "float_added"
    CASH_RETURNED = "cash_returned"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a paper comes from. ``number`` is None on papers that no journal entry stands behind.

    ``reprint`` counts: 0 is the first print, n is "BẢN IN LẠI n" under the same number.
    """

    number: ReceiptNumber | None
    mode: Mode
    simulated: bool
    area: str
    device: DeviceId
    agent: str
    place: str
    at: UnixSeconds
    complaint_phone: str
    reprint: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.reprint <= 999:
            raise ValueError("reprints are counted from 0 to 999")


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One entitlement: a month of a programme."""

    programme: Programme
    kind: Kind
    period: Period
    amount: Vnd
    rounding: Vnd = Vnd(0)
    """Owed − paid, where the district's rule rounded: above zero it stays due."""


def total_of(lines: tuple[ReceiptLine, ...]) -> Vnd:
    """The sum of lines in đồng."""
    return Vnd(sum(line.amount for line in lines))


@dataclass(frozen=True, slots=True)
class PayoutReceipt:
    """A completed payout. ``claim`` is the signed QR content, empty where no key is at hand."""

    origin: Origin
    recipient_name: str
    payee_name: str
    role: Role
    lines: tuple[ReceiptLine, ...]
    evidence_level: Level
    witness: WitnessKind
    claim: bytes = b""
    copy: CopyKind = CopyKind.ORIGINAL
    cannot_sign: CannotSign | None = None
    witness_name: str = ""

    def __post_init__(self) -> None:
        _check_lines(self.lines)
        _check_claim(self.claim)

    @property
    def total(self) -> Vnd:
        """The sum in đồng."""
        return total_of(self.lines)


@dataclass(frozen=True, slots=True)
class VoidSlip:
    """An authorised payout that was not carried out; no cash left the drawer."""

    origin: Origin
    recipient_name: str
    lines: tuple[ReceiptLine, ...]
    reason: VoidReason

    def __post_init__(self) -> None:
        _check_lines(self.lines)


@dataclass(frozen=True, slots=True)
class ReversalSlip:
    """A completed payout taken back. ``paid_number`` is the receipt that is void from now on."""

    origin: Origin
    paid_number: ReceiptNumber
    recipient_name: str
    payee_name: str
    lines: tuple[ReceiptLine, ...]
    reason: ReversalReason
    second: str

    def __post_init__(self) -> None:
        _check_lines(self.lines)


@dataclass(frozen=True, slots=True)
class DeclinedSlip:
    """A sum declined or disputed at the table."""

    origin: Origin
    recipient_name: str
    lines: tuple[ReceiptLine, ...]
    reason: VoidReason

    def __post_init__(self) -> None:
        _check_lines(self.lines)
        if self.reason not in (VoidReason.RECIPIENT_DECLINED, VoidReason.DISPUTED_SUM):
            raise ValueError(f"{self.reason} is not for the recipient's slip")


@dataclass(frozen=True, slots=True)
class StatementSlip:
    """What somebody said, under the number of its journal entry. ``total``: the sum it is about, if any."""

    origin: Origin
    recipient_name: str
    about: StatementKind
    total: Vnd | None = None
    words: str = ""
    signed: bool = False
    """Signed on the screen; otherwise the slip is signed."""


@dataclass(frozen=True, slots=True)
class GuidanceSlip:
    """What is missing, and where to bring it."""

    origin: Origin
    recipient_name: str
    missing: tuple[MissingPaper, ...]
    bring_to: str

    def __post_init__(self) -> None:
        if not self.missing:
            raise ValueError("a guidance slip names at least one paper")


@dataclass(frozen=True, slots=True)
class MethodSlip:
    """How a recipient wishes to be paid; of the account or telephone only the last four digits."""

    origin: Origin
    recipient_name: str
    way: PayWay
    provider: str = ""
    holder: str = ""
    account_tail: str = ""
    signed: bool = False
    """Signed on the screen; otherwise the slip is signed."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9A-Za-z]{0,4}", self.account_tail):
            raise ValueError("at most the last four characters of an account go on paper")


@dataclass(frozen=True, slots=True)
class LeaseReleaseSlip:
    """The right to pay handed to another device by a 12-digit code that is said over the phone."""

    origin: Origin
    recipient_name: str
    lines: tuple[ReceiptLine, ...]
    stand_in: DeviceId
    code: str
    expires_at: UnixSeconds

    def __post_init__(self) -> None:
        _check_lines(self.lines)
        if not _CODE.fullmatch(self.code):
            raise ValueError("a release code has 12 digits")


@dataclass(frozen=True, slots=True)
class CashReport:
    """A session's cash (M4). The expected sum and the variance are computed here."""

    origin: Origin
    opened_at: UnixSeconds
    closed_at: UnixSeconds
    opening: Vnd
    added: Vnd
    returned: Vnd
    paid: Vnd
    reversed: Vnd
    payouts: int
    notes: Notes
    reason: VarianceReason
    remark: str = ""

    @property
    def counted(self) -> Vnd:
        """Cash found in the drawer, note by note."""
        return self.notes.amount

    @property
    def expected(self) -> Vnd:
        """opening + added - returned - paid + reversed."""
        return Vnd(self.opening + self.added - self.returned - self.paid + self.reversed)

    @property
    def variance(self) -> Vnd:
        """expected - counted: positive when cash is missing."""
        return Vnd(self.expected - self.counted)


@dataclass(frozen=True, slots=True)
class HandoverSlip:
    """Cash that changes hands between two named people, who both sign."""

    origin: Origin
    kind: HandoverKind
    notes: Notes
    from_name: str
    to_name: str

    @property
    def amount(self) -> Vnd:
        """The sum in đồng."""
        return self.notes.amount


@dataclass(frozen=True, slots=True)
class DayRow:
    """One payout on the end-of-day list; its ``claim`` QR lets a lost kit's day be entered again."""

    number: ReceiptNumber
    at: UnixSeconds
    recipient_name: str
    total: Vnd
    claim: bytes

    def __post_init__(self) -> None:
        _check_claim(self.claim)


@dataclass(frozen=True, slots=True)
class EndOfDayList:
    """All payouts of a device on a day."""

    origin: Origin
    rows: tuple[DayRow, ...]

    def __post_init__(self) -> None:
        if len(self.rows) > MAX_DAY_ROWS:
            raise ValueError(f"more than {MAX_DAY_ROWS} payouts on one list")

    @property
    def total(self) -> Vnd:
        """The day's sum in đồng."""
        return Vnd(sum(row.total for row in self.rows))


@dataclass(frozen=True, slots=True)
class TestPage:
    """Proof that a printer draws letters, codes and greys: profile and state as keys."""

    __test__ = False

    origin: Origin
    profile: str
    state: str


ReceiptDocument = (
    PayoutReceipt
    | VoidSlip
    | ReversalSlip
    | DeclinedSlip
    | StatementSlip
    | GuidanceSlip
    | MethodSlip
    | LeaseReleaseSlip
    | CashReport
    | HandoverSlip
    | EndOfDayList
    | TestPage
)


def _check_lines(lines: tuple[ReceiptLine, ...]) -> None:
    if not 1 <= len(lines) <= MAX_LINES:
        raise ValueError(f"a paper has 1 to {MAX_LINES} lines")
    if any(line.amount <= 0 for line in lines):
        raise ValueError("a line on paper has a sum above zero")


def _check_claim(claim: bytes) -> None:
    if len(claim) > MAX_CLAIM or not claim.isascii():
        raise ValueError(f"a claim has at most {MAX_CLAIM} ASCII bytes")
