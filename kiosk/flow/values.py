"""What screens are made of: names, rows, offers and counts as plain values.

The desk fills these, the screens draw them and look nothing up. No citizen number and no key ever comes here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import NewType

from kiosk.flow.counting import Count
from kiosk.flow.halt import Halt
from kiosk.flow.stick import StickLight
from kiosk.payout.cash import DENOMINATIONS, HandOver, Notes
from kiosk.payout.evidence import CardDoubt
from kiosk.payout.names import (
    CannotSign,
    DeathTeller,
    HouseholdId,
    Kind,
    Level,
    Mode,
    OperatorId,
    Outcome,
    PayoutId,
    Period,
    PersonId,
    PrintResult,
    Programme,
    RefusalKey,
    Role,
    Sex,
    UnpaidReason,
    VarianceReason,
    Vnd,
    VoidReason,
)
from kiosk.payout.people import Phone
from kiosk.text import AddressForm

__all__ = [  # screens import the domain's words from here: they know no other room
    "DENOMINATIONS", "AddressForm", "CannotSign", "CardDoubt", "Count", "DeathTeller", "HandOver", "HouseholdId",
    "Kind", "Level", "Mode", "Notes", "OperatorId", "Outcome", "PayoutId", "Period", "PersonId", "Phone",
    "PrintResult", "Programme", "RefusalKey", "Role", "Sex", "UnpaidReason", "VarianceReason", "Vnd", "VoidReason",
]  # fmt: skip

OperationId = NewType("OperationId", int)
"""Names one request to the desk. Its result is taken only while the screen still waits for it."""

PIN_MIN, PIN_MAX = 6, 12
MAX_STROKES, MAX_POINTS, STROKE_SIDE = 60, 400, 1_000
"""A signature has at most this many strokes and points; its pad is STROKE_SIDE units wide and high."""

Point = tuple[int, int]
Stroke = tuple[Point, ...]


class Language(StrEnum):
    """Languages of the screens."""

    VI = "vi"
    EN = "en"
    KM = "km"


class PinFault(StrEnum):
    """Why a new PIN was not taken."""

    WRONG_PROOF = "wrong_proof"
    DIFFERENT = "different"
    TOO_SHORT = "too_short"
    TOO_SIMPLE = "too_simple"
    SAME_AS_BEFORE = "same_as_before"
    NOT_DONE = "not_done"
    """The device could not; the old PIN stands."""


class Profile(StrEnum):
    """Where the device stands. A setting, not a fork."""

    HOME_VISIT = "home_visit"
    PAY_POINT = "pay_point"


class PrinterLight(StrEnum):
    """What the printer says of itself, shown in the bar and with a paper. Silence is UNKNOWN, never READY."""

    READY = "ready"
    NO_PAPER = "no_paper"
    PAPER_LOW = "paper_low"
    COVER_OPEN = "cover_open"
    HOT = "hot"
    OFFLINE = "offline"
    ERROR = "error"
    UNKNOWN = "unknown"


class VisitStatus(StrEnum):
    """How far a household of today's route is."""

    WAITING = "waiting"
    COME_BACK = "come_back"
    PAID = "paid"
    UNPAID = "unpaid"
    SENT_TO_BANK = "sent_to_bank"


class ReadPhase(StrEnum):
    """What the reader is doing. The words for it are the catalogue's."""

    OPENING = "opening"
    IDENTITY = "identity"
    PHOTO = "photo"
    PROOF = "proof"


class CardTrouble(StrEnum):
    """Why a reading ended without a person. None of these is a verdict on the holder."""

    REMOVED = "removed"
    OTHER_CARD = "other_card"
    UNREADABLE = "unreadable"
    NO_READER = "no_reader"
    READER_BUSY = "reader_busy"
    READER_SILENT = "reader_silent"


class Trouble(StrEnum):
    """Why an effect could not be done. The device is at fault, not the rules."""

    STORE = "store"
    DISK_FULL = "disk_full"
    CARD_GONE = "card_gone"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class SyncLight:
    """The exchange with the district in one glance. From a hint, shown as such."""

    waiting: int = 0
    """Entries that are not acknowledged yet."""
    sent: int = 0
    last_contact: date | None = None
    hours_ago: int | None = None
    online: bool = False


@dataclass(frozen=True, slots=True)
class Battery:
    """Charge in percent."""

    percent: int
    charging: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What every screen shows or needs: the device's state around the person's way."""

    mode: Mode
    today: date
    profile: Profile = Profile.HOME_VISIT
    language: Language = Language.VI
    """The agent's language. Recipients have their own, see ``Visit.language``."""
    high_contrast: bool = False
    place: str = ""
    notices: tuple[str, ...] = ()
    sync: SyncLight = field(default_factory=SyncLight)
    stick: StickLight = field(default_factory=StickLight)
    printer: PrinterLight = PrinterLight.UNKNOWN
    battery: Battery | None = None
    time_proven: bool = True
    halt: Halt = Halt.NONE
    card_present: bool = False
    volume: int = 70
    """Percent."""
    next_operation: OperationId = OperationId(1)

    def issued(self) -> Frame:
        """This frame after ``next_operation`` was given out."""
        return replace(self, next_operation=OperationId(self.next_operation + 1))


@dataclass(frozen=True, slots=True)
class OperatorName:
    """An operator as the sign-in screen lists them."""

    id: OperatorId
    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """A person as they are addressed: ``form`` is Ông, Bà, Cụ, Mẹ, Anh or Chị."""

    id: PersonId
    full_name: str
    form: AddressForm


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One household of today's route."""

    household: HouseholdId
    hamlet: str
    order: int
    names: tuple[str, ...]
    """Full names of the recipients who live there."""
    address: str
    due: Vnd
    months: int
    """How many months wait, at most over its recipients."""
    status: VisitStatus
    note: str = ""
    phone: Phone | None = None
    come_back_at: str = ""
    """``HH:MM``, empty when no hour was said."""
    next_visit: date | None = None
    """Another day that was agreed upon."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entitlement as people read it: programme, kind, month, sum."""

    programme: Programme
    kind: Kind
    period: Period
    amount: Vnd
    rounding: Vnd = Vnd(0)
    """Owed − paid: what the district's rounding rule left for later, or added when below zero."""


@dataclass(frozen=True, slots=True)
class PayeeOption:
    """Someone with a right to receive for ``recipients`` of one household."""

    person: Named
    role: Role
    recipients: tuple[PersonId, ...]
    paper: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class VisitRecipient:
    """A recipient of the visited household, with what is due."""

    person: Named
    lines: tuple[Line, ...]
    language: Language = Language.VI
    already_sent: tuple[Line, ...] = ()
    """Entitlements that go to the bank or wallet: shown, never paid here."""
    sent_on: date | None = None
    """The day of the newest list that sends them there."""

    @property
    def due(self) -> Vnd:
        """The sum of all lines that can be paid in cash."""
        return Vnd(sum(line.amount for line in self.lines))


@dataclass(frozen=True, slots=True)
class Household:
    """A visit: who lives there, who may receive."""

    row: RouteRow
    recipients: tuple[VisitRecipient, ...]
    payees: tuple[PayeeOption, ...]
    witnesses: tuple[str, ...] = ()
    """People known to live or work there who may witness an ink print."""

    def recipient(self, person: PersonId) -> VisitRecipient:
        """The recipient with this id. Raises KeyError."""
        for each in self.recipients:
            if each.person.id == person:
                return each
        raise KeyError(person)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Where card and list, or the card and itself, disagree; ``other`` is what the screen does not show already."""

    kind: CardDoubt
    other: str = field(default="", repr=False)


class DataField(StrEnum):
    """What chip and list both say of a person."""

    NUMBER = "number"
    NAME = "name"
    BIRTH = "birth"
    SEX = "sex"


@dataclass(frozen=True, slots=True)
class Compared:
    """One field as the chip and as the list have it; of the number only its end."""

    what: DataField
    chip: str = field(repr=False)
    listed: str = field(repr=False)
    differs: bool = False
    """They do not mean the same: a year alone agrees with a whole date."""


@dataclass(frozen=True, slots=True)
class Face:
    """What the chip says of the card's holder, for the agent to compare with the person."""

    payee: Named
    role: Role
    birth: str
    """``dd/mm/yyyy``, or what the card knows of it."""
    sex: Sex
    number_tail: str
    """The last four digits only."""
    photo: bytes = field(default=b"", repr=False)
    """PNG or JPEG, empty when the chip gave none. Never written to a log."""
    simulated: bool = False
    doubts: tuple[Doubt, ...] = ()
    """Told to the agent in exact words, before the face is confirmed."""
    compared: tuple[Compared, ...] = ()
    """Chip and list side by side, for an agent who wants to propose which is right."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the rules would pay: one recipient, one sum, and the notes for it."""

    recipient: Named
    payee: Named
    role: Role
    lines: tuple[Line, ...]
    total: Vnd
    hand_over: HandOver
    level: Level
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class UncertainCase:
    """A payout that was under way when the power went: nobody knows yet if cash changed hands (M2)."""

    payout: PayoutId
    recipient: Named
    total: Vnd
    started: str
    """``HH:MM dd/mm``."""
    paper: PrintResult | None
    """What is known of its receipt; None when none was started."""
    expected_if_paid: Vnd
    expected_if_not_paid: Vnd


@dataclass(frozen=True, slots=True)
class CashReport:
    """The session's cash in one look (M4)."""

    opening: Vnd
    added: Vnd
    returned: Vnd
    paid: Vnd
    reversed: Vnd
    expected: Vnd
    counted: Vnd
    variance: Vnd
    """Expected − counted: positive when cash is missing."""
    payouts: int
    unpaid: int = 0


@dataclass(frozen=True, slots=True)
class Shift:
    """The signed-in operator's working day as far as screens show it."""

    operator: OperatorName
    rows: tuple[RouteRow, ...] = ()
    uncertain: tuple[UncertainCase, ...] = ()
    plan: Notes = field(default_factory=Notes)
    """The fewest notes that pay the route."""
    sources: tuple[str, ...] = ()
    """People who hand out cash, to choose from."""
    session_open: bool = False
    in_drawer: Vnd = Vnd(0)
    session_of: OperatorName | None = None
    """Whose session is open, when it is a colleague's."""
    colleagues: tuple[str, ...] = ()
    """The other people who sign in on this device."""
    override: bool = False
    """The district lets people be paid without a card, within its caps."""
    cash_hours: int = 0
    """For how many hours cash has been out without a break: unspent cash is not to stay away."""
