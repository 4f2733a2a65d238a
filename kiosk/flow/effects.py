"""What the flow asks of the world. The desk performs these, the flow only names them.

An effect with an ``operation`` is answered by exactly one result that carries the same number (ReadProgress excepted,
which may come many times before). An effect without one is answered by nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kiosk.flow.effects_house import HouseEffect
from kiosk.flow.effects_lease import LeaseEffect
from kiosk.flow.effects_money import MoneyEffect
from kiosk.flow.effects_override import OverrideEffect
from kiosk.flow.values import (
    AddressForm,
    CannotSign,
    DeathTeller,
    HandOver,
    HouseholdId,
    Language,
    Notes,
    OperationId,
    OperatorId,
    Outcome,
    PayoutId,
    PersonId,
    Stroke,
    UnpaidReason,
    VarianceReason,
    Vnd,
    VoidReason,
)


@dataclass(frozen=True, slots=True)
class ListOperators:
    """-> OperatorsListed."""

    operation: OperationId


@dataclass(frozen=True, slots=True)
class SignIn:
    """-> SignedIn | SignInRefused | Failed. The PIN is forgotten as soon as it was tried."""

    operation: OperationId
    operator: OperatorId
    pin: str = field(repr=False)
    resumes: bool = False
    """The work under the lock goes on. Otherwise a payout that was under way is uncertain (M2)."""


@dataclass(frozen=True, slots=True)
class ChangePin:
    """-> PinChanged | PinRejected | SignInRefused | Failed."""

    operation: OperationId
    old: str = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RedeemCode:
    """-> SignedIn | PinRejected | SignInRefused | Failed. The code is spent with the PIN that it brings."""

    operation: OperationId
    operator: OperatorId
    code: str = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetClock:
    """-> ClockAccepted | Refused. The date that the operator states."""

    operation: OperationId
    stated: date


@dataclass(frozen=True, slots=True)
class OpenSession:
    """-> SessionOpened | Refused | Failed."""

    operation: OperationId
    notes: Notes
    received_from: str


@dataclass(frozen=True, slots=True)
class LoadRoute:
    """-> RouteLoaded."""

    operation: OperationId


@dataclass(frozen=True, slots=True)
class LoadHousehold:
    """-> HouseholdLoaded."""

    operation: OperationId
    household: HouseholdId


@dataclass(frozen=True, slots=True)
class ReadCard:
    """-> ReadProgress*, then CardRead | CardFailed | Refused. Opened with the payee's number, never a list of them."""

    operation: OperationId
    household: HouseholdId
    payee: PersonId
    scanned: str = field(default="", repr=False)
    """The QR that was scanned off this payee's card, to be held against the chip; empty when none was."""


@dataclass(frozen=True, slots=True)
class StopReading:
    """Give up the reading with this number and forget what it brought."""

    reading: OperationId


@dataclass(frozen=True, slots=True)
class MakeOffer:
    """-> OfferMade | Refused. ``reading`` is the operation of the ReadCard whose face the agent confirmed or not."""

    operation: OperationId
    reading: OperationId
    recipient: PersonId
    face_confirmed: bool


@dataclass(frozen=True, slots=True)
class Authorise:
    """-> Authorised | Refused | Failed. Rules once more, the chip signs, one durable transaction.

    ``card_left``: the card was asked for once more already; if it is gone again, the device's word has to do.
    """

    operation: OperationId
    reading: OperationId
    recipient: PersonId
    total: Vnd
    hand_over: HandOver
    card_left: bool = False


@dataclass(frozen=True, slots=True)
class Complete:
    """-> Completed | Failed. Either strokes, or a reason with a witness."""

    operation: OperationId
    payout: PayoutId
    hand_over: HandOver
    strokes: tuple[Stroke, ...] = field(default=(), repr=False)
    cannot_sign: CannotSign | None = None
    witness: str = ""


@dataclass(frozen=True, slots=True)
class VoidPayout:
    """-> Voided | Failed. ``counted`` is the drawer after the cash was shown (M2), None when it never was."""

    operation: OperationId
    payout: PayoutId
    reason: VoidReason
    counted: Notes | None


@dataclass(frozen=True, slots=True)
class Print:
    """-> Printed. Copy 0 is the original; a fault of the printer never touches the payout."""

    operation: OperationId
    payout: PayoutId
    copy: int


@dataclass(frozen=True, slots=True)
class NotePaper:
    """The operator looked: the slip with unknown fate came out, or not."""

    payout: PayoutId
    copy: int
    printed: bool


@dataclass(frozen=True, slots=True)
class ResolveUncertain:
    """-> UncertainSettled | Failed."""

    operation: OperationId
    payout: PayoutId
    outcome: Outcome
    counted: Notes


@dataclass(frozen=True, slots=True)
class RecordUnpaid:
    """-> UnpaidNoted | Failed."""

    operation: OperationId
    household: HouseholdId
    reason: UnpaidReason
    who: PersonId | None = None
    """The one recipient it is about; None: the whole household."""
    told_by: DeathTeller | None = None


@dataclass(frozen=True, slots=True)
class CompareCount:
    """-> CountCompared. Counting is blind: what should be there is shown only afterwards."""

    operation: OperationId
    notes: Notes


@dataclass(frozen=True, slots=True)
class CloseSession:
    """-> SessionClosed | Refused | Failed."""

    operation: OperationId
    notes: Notes
    reason: VarianceReason


@dataclass(frozen=True, slots=True)
class PrintCashReport:
    """-> Printed. The report of the session closed last."""

    operation: OperationId


class Say(StrEnum):
    """Every sentence that the device speaks."""

    WELCOME = "welcome"
    LAY_CARD = "lay_card"
    CARD_REMOVED = "card_removed"
    READING = "reading"
    LOOK_HERE = "look_here"
    SUM = "sum"
    COUNT_WITH_US = "count_with_us"
    COUNT_CHANGE = "count_change"
    SIGN_HERE = "sign_here"
    PRINT_FINGER = "print_finger"
    DONE = "done"
    TAKE_CARD = "take_card"
    NOT_TODAY = "not_today"
    STILL_THERE = "still_there"
    SHOW_QR = "show_qr"
    DISPUTED = "disputed"
    TAKE_SLIP = "take_slip"
    CHOOSE_WAY = "choose_way"
    CHOOSE_WHERE = "choose_where"
    KEEP_CASH = "keep_cash"
    READ_NUMBER = "read_number"
    ASKING_OFFICE = "asking_office"


@dataclass(frozen=True, slots=True)
class Speak:
    """Say one sentence aloud; the next one cuts it short. Pieces that a sentence does not use stay empty."""

    say: Say
    language: Language
    form: AddressForm | None = None
    name: str = ""
    amount: Vnd | None = None
    change: Vnd | None = None
    digits: str = field(default="", repr=False)
    """Said one by one: an account or a telephone that is read back."""


@dataclass(frozen=True, slots=True)
class Beep:
    """A key was heard. PIN digits are never spoken."""


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Loudness in percent."""

    percent: int


@dataclass(frozen=True, slots=True)
class LockStore:
    """Take the key out of memory."""


@dataclass(frozen=True, slots=True)
class SyncNow:
    """Ask the courier to try; its answer comes as StateSeen."""


@dataclass(frozen=True, slots=True)
class ShutDown:
    """Close everything in order and switch off."""


Effect = (
    ListOperators | SignIn | ChangePin | RedeemCode | SetClock | OpenSession | LoadRoute | LoadHousehold | ReadCard
    | StopReading | MakeOffer | Authorise | Complete | VoidPayout | Print | NotePaper | ResolveUncertain | RecordUnpaid
    | CompareCount | CloseSession | PrintCashReport | MoneyEffect | LeaseEffect | Speak | Beep | SetVolume | LockStore
    | SyncNow | ShutDown | HouseEffect | OverrideEffect
)  # fmt: skip
