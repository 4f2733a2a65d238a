"""Everything that can happen to a screen: what a person meant by a touch, what a device saw, what an effect brought.

A result carries the operation it answers; ``step`` drops it when the screen no longer waits for that one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kiosk.flow.values import (
    Battery,
    CannotSign,
    CardTrouble,
    CashReport,
    Face,
    Household,
    HouseholdId,
    Language,
    Offer,
    OperationId,
    OperatorId,
    OperatorName,
    Outcome,
    PayoutId,
    PersonId,
    PrinterLight,
    PrintResult,
    ReadPhase,
    RefusalKey,
    RouteRow,
    Shift,
    Stroke,
    SyncLight,
    Trouble,
    UnpaidReason,
    VarianceReason,
    VoidReason,
)

# -- what a person meant ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begin:
    """The idle screen was touched."""


@dataclass(frozen=True, slots=True)
class Back:
    """One step back, where that is possible."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """The screen's one main answer: yes, go on, done."""


@dataclass(frozen=True, slots=True)
class Decline:
    """The screen's other answer: no, not right."""


@dataclass(frozen=True, slots=True)
class Help:
    """Explain this screen."""


@dataclass(frozen=True, slots=True)
class HearAgain:
    """Say it again."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Lock now, resume here after the PIN."""


@dataclass(frozen=True, slots=True)
class OpenMenu:
    """The agent's menu."""


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """Another language for the one who looks at the screen now."""

    language: Language


@dataclass(frozen=True, slots=True)
class OperatorChosen:
    """Who signs in."""

    operator: OperatorId


@dataclass(frozen=True, slots=True)
class Digit:
    """A key of a number pad."""

    digit: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Erase:
    """The pad's key that takes the last digit away."""


@dataclass(frozen=True, slots=True)
class NoteChosen:
    """A denomination to type the count of, by its place in DENOMINATIONS."""

    index: int


@dataclass(frozen=True, slots=True)
class NextNote:
    """Go on to the next denomination."""


@dataclass(frozen=True, slots=True)
class SourceChosen:
    """From whom the cash was received, by the place in the shift's sources."""

    index: int


@dataclass(frozen=True, slots=True)
class HouseholdChosen:
    """A household of the route."""

    household: HouseholdId


@dataclass(frozen=True, slots=True)
class PayeeChosen:
    """Who receives today, in which household's name."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class Scrolled:
    """Another page of a list (agents only)."""

    page: int


@dataclass(frozen=True, slots=True)
class StrokeDrawn:
    """One stroke of a signature in pad units, 0 to STROKE_SIDE, y upwards."""

    stroke: Stroke


@dataclass(frozen=True, slots=True)
class StrokesCleared:
    """Sign again."""


@dataclass(frozen=True, slots=True)
class CannotSignChosen:
    """The recipient cannot sign, and why."""

    reason: CannotSign


@dataclass(frozen=True, slots=True)
class WitnessChosen:
    """Who witnesses the ink print: a name from the screen's list, by its place."""

    index: int


@dataclass(frozen=True, slots=True)
class AskName:
    """The person is in no list: type the name."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A key of the letter pad: one of LETTERS, or a space."""

    key: str


@dataclass(frozen=True, slots=True)
class OtherLetters:
    """The other half of the letter pad."""


@dataclass(frozen=True, slots=True)
class AskCannotSign:
    """ "Cannot sign" was touched."""


@dataclass(frozen=True, slots=True)
class AskExact:
    """The agent asks for the exact reason of a refusal."""


@dataclass(frozen=True, slots=True)
class AskUnpaid:
    """The visit ends without payment: ask for the reason."""


@dataclass(frozen=True, slots=True)
class UnpaidChosen:
    """Why nothing was paid."""

    reason: UnpaidReason


@dataclass(frozen=True, slots=True)
class VoidChosen:
    """Why an authorised payout is not carried out."""

    reason: VoidReason


@dataclass(frozen=True, slots=True)
class OutcomeChosen:
    """What count and paper said of an uncertain payout."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """The operator says whether the slip came out."""

    printed: bool


@dataclass(frozen=True, slots=True)
class AskReprint:
    """Print the slip once more, marked as a reprint."""


@dataclass(frozen=True, slots=True)
class AskClose:
    """Close the session."""


@dataclass(frozen=True, slots=True)
class VarianceChosen:
    """Why counted and expected cash differ."""

    reason: VarianceReason


@dataclass(frozen=True, slots=True)
class AskSync:
    """Show the exchange with the district, and try now."""


@dataclass(frozen=True, slots=True)
class AskShutDown:
    """Switch the device off."""


@dataclass(frozen=True, slots=True)
class ContrastChosen:
    """High contrast on or off."""

    high: bool


@dataclass(frozen=True, slots=True)
class VolumeChosen:
    """Loudness in percent."""

    percent: int


# -- what a device or the clock saw -------------------------------------------------------------------------------


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


# -- what an effect brought ---------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Voided:
    """The payout is voided and in the journal."""

    operation: OperationId
    rows: tuple[RouteRow, ...]


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


Intent = (
    Begin | Back | Confirm | Decline | Help | HearAgain | Lock | OpenMenu | LanguageChosen | OperatorChosen | Digit
    | Erase | NoteChosen | NextNote | SourceChosen | HouseholdChosen | PayeeChosen | Scrolled | StrokeDrawn
    | StrokesCleared | CannotSignChosen | WitnessChosen | AskCannotSign | AskExact | AskUnpaid | UnpaidChosen
    | VoidChosen | OutcomeChosen | PaperSeen | AskReprint | AskClose | VarianceChosen | AskSync | AskShutDown
    | ContrastChosen | VolumeChosen | AskName | Letter | OtherLetters
)  # fmt: skip
Sight = CardLaid | CardTaken | IdleSoon | IdleOver | StateSeen
Result = (
    OperatorsListed | SignedIn | SignInRefused | ClockAccepted | SessionOpened | RouteLoaded | HouseholdLoaded
    | ReadProgress | CardRead | CardFailed | OfferMade | Refused | Authorised | Completed | Voided | Printed
    | UncertainSettled | UnpaidNoted | CountCompared | SessionClosed | Failed
)  # fmt: skip
Event = Intent | Sight | Result
