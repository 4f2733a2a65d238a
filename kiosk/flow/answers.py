"""What a device or the clock saw, and what an effect brought.

A result carries the operation it answers; ``step`` drops it when the screen no longer waits for that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kiosk.flow.halt import Halt
from kiosk.flow.stick import StickLight
from kiosk.flow.values import (
    Battery,
    CardTrouble,
    CashReport,
    Face,
    Household,
    Offer,
    OperationId,
    OperatorName,
    PayoutId,
    PinFault,
    PrinterLight,
    PrintResult,
    ReadPhase,
    RefusalKey,
    RouteRow,
    Shift,
    SyncLight,
    Trouble,
    VoidReason,
)


@dataclass(frozen=True, slots=True)
class CardLaid:
    """A card lies on the reader."""


@dataclass(frozen=True, slots=True)
class CardTaken:
    """The reader is empty again."""


@dataclass(frozen=True, slots=True)
class IdleSoon:
    """Nobody touched anything; the screen locks in ``seconds`` unless someone does."""

    seconds: int


@dataclass(frozen=True, slots=True)
class IdleOver:
    """Nobody came: lock."""


@dataclass(frozen=True, slots=True)
class StateSeen:
    """The light of sync, printer or battery changed, or the day did. None leaves a value as it is."""

    sync: SyncLight | None = None
    printer: PrinterLight | None = None
    battery: Battery | None = None
    today: date | None = None
    time_proven: bool | None = None
    notices: tuple[str, ...] | None = None
    halt: Halt | None = None
    stick: StickLight | None = None


@dataclass(frozen=True, slots=True)
class OperatorsListed:
    """Who may sign in here."""

    operation: OperationId
    operators: tuple[OperatorName, ...]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The PIN was right; the store is open."""

    operation: OperationId
    shift: Shift


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """The PIN was wrong. None left: the slot is locked."""

    operation: OperationId
    tries_left: int


@dataclass(frozen=True, slots=True)
class PinChanged:
    """The new PIN holds from now on."""

    operation: OperationId


@dataclass(frozen=True, slots=True)
class PinRejected:
    """The new PIN cannot be used; nothing was changed, no code was spent."""

    operation: OperationId
    why: PinFault


@dataclass(frozen=True, slots=True)
class ClockAccepted:
    """The entered date is noted; the sign-in goes on."""

    operation: OperationId


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """The float is in the journal."""

    operation: OperationId
    shift: Shift


@dataclass(frozen=True, slots=True)
class RouteLoaded:
    """Today's households as they stand now."""

    operation: OperationId
    rows: tuple[RouteRow, ...]


@dataclass(frozen=True, slots=True)
class HouseholdLoaded:
    """A household with its recipients and payees."""

    operation: OperationId
    household: Household


@dataclass(frozen=True, slots=True)
class ReadProgress:
    """The reading got this far: ``done`` of ``of`` bytes or steps of a phase."""

    operation: OperationId
    phase: ReadPhase
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class CardRead:
    """The card answered and its holder may receive: now a person compares the face."""

    operation: OperationId
    face: Face


@dataclass(frozen=True, slots=True)
class CardFailed:
    """No reading came about."""

    operation: OperationId
    trouble: CardTrouble


@dataclass(frozen=True, slots=True)
class OfferMade:
    """The rules would pay this."""

    operation: OperationId
    offer: Offer


@dataclass(frozen=True, slots=True)
class Refused:
    """The rules say no."""

    operation: OperationId
    key: RefusalKey


@dataclass(frozen=True, slots=True)
class Authorised:
    """The payout is in the journal, the chip has signed: cash may be counted out."""

    operation: OperationId
    payout: PayoutId


@dataclass(frozen=True, slots=True)
class Completed:
    """The payout is completed and safe on disk."""

    operation: OperationId
    rows: tuple[RouteRow, ...]
    in_drawer: int
    code: str
    """Six digits that go with the number on a slip written by hand."""


@dataclass(frozen=True, slots=True)
class Voided:
    """The payout is voided and in the journal under ``number``; what became of the recipient's slip."""

    operation: OperationId
    rows: tuple[RouteRow, ...]
    reason: VoidReason
    number: str
    result: PrintResult


@dataclass(frozen=True, slots=True)
class Printed:
    """What became of the slip."""

    operation: OperationId
    result: PrintResult


@dataclass(frozen=True, slots=True)
class UncertainSettled:
    """One uncertain payout is resolved; the shift as it stands now."""

    operation: OperationId
    shift: Shift


@dataclass(frozen=True, slots=True)
class UnpaidNoted:
    """The visit is in the journal as unpaid."""

    operation: OperationId
    rows: tuple[RouteRow, ...]


@dataclass(frozen=True, slots=True)
class CountCompared:
    """The count against what should be there."""

    operation: OperationId
    report: CashReport


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The session is closed and in the journal."""

    operation: OperationId
    report: CashReport


@dataclass(frozen=True, slots=True)
class Failed:
    """The device could not do it. Nothing was changed."""

    operation: OperationId
    trouble: Trouble
