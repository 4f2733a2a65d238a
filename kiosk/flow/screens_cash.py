"""Screens with cash in them: counted in the morning, handed over, signed for, put back, counted at the close."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.values import (
    CannotSign,
    CashReport,
    Count,
    Frame,
    Household,
    Language,
    Offer,
    OperationId,
    PayeeOption,
    PayoutId,
    PersonId,
    PrintResult,
    Shift,
    Stroke,
    UncertainCase,
    VarianceReason,
    VoidReason,
)
from kiosk.flow.values_house import Scan
from kiosk.flow.values_override import Override


@dataclass(frozen=True, slots=True)
class Visit:
    """The household that is being visited, and how far it is."""

    household: Household
    payee: PayeeOption | None = None
    language: Language = Language.VI
    """The recipient's, chosen by the list or by a touch."""
    reading: OperationId | None = None
    """The ReadCard whose face is confirmed."""
    waiting: tuple[PersonId, ...] = ()
    """Recipients of this payee that are still to be paid."""
    card_left: bool = False
    """The card was taken away before it could sign, and was asked for once more."""
    override: Override | None = None
    """Somebody agreed to pay without the payee's card."""

    @property
    def needs_card(self) -> bool:
        """Whether a card that leaves now takes its person with it."""
        return not self.card_left and self.override is None

    scan: Scan | None = None
    """A card's QR that was scanned on the way here."""


@dataclass(frozen=True, slots=True)
class UncertainFound:
    """A payout was cut off: first of all paper and cash are compared (M2)."""

    frame: Frame
    shift: Shift
    case: UncertainCase


@dataclass(frozen=True, slots=True)
class UncertainCount:
    """Count the drawer for an uncertain payout."""

    frame: Frame
    shift: Shift
    case: UncertainCase
    count: Count


@dataclass(frozen=True, slots=True)
class UncertainDecide:
    """What the count says beside both possibilities; the operator decides."""

    frame: Frame
    shift: Shift
    case: UncertainCase
    count: Count


@dataclass(frozen=True, slots=True)
class CountFloat:
    """Cash at the start of the day by denominations, beside the route's plan."""

    frame: Frame
    shift: Shift
    count: Count


@dataclass(frozen=True, slots=True)
class ChooseSource:
    """From whom the cash came: two people (M4)."""

    frame: Frame
    shift: Shift
    count: Count


@dataclass(frozen=True, slots=True)
class HandOverCash:
    """Authorised: count the notes onto the table, the recipient counts along."""

    frame: Frame
    shift: Shift
    visit: Visit
    offer: Offer
    payout: PayoutId
    handed: bool = False
    """The recipient said once that they had it all."""


@dataclass(frozen=True, slots=True)
class Sign:
    """The recipient has the cash and signs."""

    frame: Frame
    shift: Shift
    visit: Visit
    offer: Offer
    payout: PayoutId
    strokes: tuple[Stroke, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class CannotSignReason:
    """Why there is no signature."""

    frame: Frame
    shift: Shift
    visit: Visit
    offer: Offer
    payout: PayoutId


@dataclass(frozen=True, slots=True)
class ChooseWitness:
    """Who witnesses the ink print on the agent's copy: one of the household's known witnesses."""

    frame: Frame
    shift: Shift
    visit: Visit
    offer: Offer
    payout: PayoutId
    reason: CannotSign


@dataclass(frozen=True, slots=True)
class Paid:
    """Completed and safe. ``result`` is None while the slip is printing."""

    frame: Frame
    shift: Shift
    visit: Visit
    offer: Offer
    payout: PayoutId
    awaited: OperationId | None
    result: PrintResult | None = None
    copy: int = 0
    """0 is the original, then reprints."""
    asked: bool = False
    """The operator already said whether a slip with unknown fate came out."""
    code: str = ""
    """Six digits that go with the number on a slip written by hand."""


@dataclass(frozen=True, slots=True)
class VoidReasonScreen:
    """The authorised payout will not be carried out: why."""

    frame: Frame
    shift: Shift
    visit: Visit
    offer: Offer
    payout: PayoutId
    handed: bool = False


@dataclass(frozen=True, slots=True)
class VoidShown:
    """Had cash left the drawer? What was never shown needs no count (M2)."""

    frame: Frame
    shift: Shift
    visit: Visit
    offer: Offer
    payout: PayoutId
    reason: VoidReason


@dataclass(frozen=True, slots=True)
class VoidCount:
    """All notes back in the drawer: count it (M2)."""

    frame: Frame
    shift: Shift
    visit: Visit
    offer: Offer
    payout: PayoutId
    reason: VoidReason
    count: Count


@dataclass(frozen=True, slots=True)
class CountClose:
    """The drawer at the end of the session, counted blind."""

    frame: Frame
    shift: Shift
    count: Count


@dataclass(frozen=True, slots=True)
class CloseVariance:
    """The count against the books; a difference wants a reason."""

    frame: Frame
    shift: Shift
    count: Count
    report: CashReport
    reason: VarianceReason | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The session is closed; its report is printing or printed."""

    frame: Frame
    shift: Shift
    report: CashReport
    awaited: OperationId | None
    result: PrintResult | None = None
