"""What the desk answers on the screens around a household."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.values import Household, HouseholdId, OperationId, PersonId, PrintResult, RouteRow
from kiosk.flow.values_house import Scan, SeenReceipt
from kiosk.flow.values_wish import Wish
from kiosk.payout.statements import StatementKind


@dataclass(frozen=True, slots=True)
class HousePlanned:
    """The plan is kept; the household and the route as they stand now."""

    operation: OperationId
    household: Household
    rows: tuple[RouteRow, ...]


@dataclass(frozen=True, slots=True)
class PeopleFound:
    """Whom a key means: one payee of one household, several households to choose from, or nobody."""

    operation: OperationId
    homes: tuple[HouseholdId, ...] = ()
    household: Household | None = None
    payee: PersonId | None = None
    scan: Scan | None = None
    """The card's QR, when that was the key."""


@dataclass(frozen=True, slots=True)
class ReceiptChecked:
    """The key was a receipt's code."""

    operation: OperationId
    receipt: SeenReceipt


@dataclass(frozen=True, slots=True)
class Scanned:
    """The scanner read something: a key, never a proof."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccountRead:
    """The account of a VietQR; None for a code that is none, or that was changed."""

    operation: OperationId
    wish: Wish | None


@dataclass(frozen=True, slots=True)
class StatementKept:
    """It is in the journal under ``number``; what became of its slip."""

    operation: OperationId
    about: StatementKind
    number: str
    result: PrintResult
