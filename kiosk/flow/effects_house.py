"""What the screens around a household ask of the desk."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.values import HouseholdId, OperationId, PersonId
from kiosk.flow.values_house import PhoneOwner, Plan, Statement


@dataclass(frozen=True, slots=True)
class PlanHouse:
    """-> HousePlanned | Failed. ``words``: an hour ``HH:MM``, an ISO date, digits, or a note; empty takes it back."""

    operation: OperationId
    household: HouseholdId
    plan: Plan
    words: str = field(default="", repr=False)
    owner: PhoneOwner | None = None
    who: PersonId | None = None
    """Whom a form of address is for; ``words`` names the form."""


@dataclass(frozen=True, slots=True)
class FindPayee:
    """-> PeopleFound | ReceiptChecked | Failed. ``key``: six digits, or a QR as it was scanned: card or receipt."""

    operation: OperationId
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TakeStatement:
    """-> StatementKept | Failed. Durable first, then printed; a printer's fault never touches the fact."""

    operation: OperationId
    statement: Statement


@dataclass(frozen=True, slots=True)
class ReadAccount:
    """-> AccountRead. ``text`` is what the scanner saw: a VietQR, or anything else."""

    operation: OperationId
    text: str = field(repr=False)


HouseEffect = PlanHouse | FindPayee | TakeStatement | ReadAccount
