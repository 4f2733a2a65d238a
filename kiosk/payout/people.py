"""The people of a pay list: who is entitled, who may receive for them, and who lives together.

A payee is never just a name: each carries the paper that lets them receive, its term, and the
recipient it is for. The recipient is their own first payee.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kiosk.payout.names import (
    CitizenNumber,
    HouseholdId,
    Period,
    PersonId,
    Programme,
    RefusalKey,
    Role,
    Sex,
)


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A date of birth of which old papers may know only the year."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        date(self.year, self.month or 1, self.day or 1)

    def agrees_with(self, other: date) -> bool:
        """True when everything known here is the same in ``other``."""
        return self.year == other.year and self.month in (None, other.month) and self.day in (None, other.day)

    def __str__(self) -> str:
        parts = [self.year, self.month, self.day]
        return "-".join(f"{part:02d}" for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person as the district knows them."""

    id: PersonId
    number: CitizenNumber
    full_name: str
    birth: BirthDate
    sex: Sex
    heroic_mother: bool = False
    """Mẹ Việt Nam Anh hùng: addressed as Mẹ."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number and whose it is: families share them."""

    number: str
    owner: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person with at least one entitlement, and where to find them."""

    person: Person
    household: HouseholdId
    hamlet: str
    address: str
    order: int
    """Place in the walking order of the hamlet."""
    phone: Phone | None = None
    language: str = "vi"
    note: str = ""
    deceased_on: str | None = None
    """ISO date, once a death was reported."""

    def __post_init__(self) -> None:
        if self.deceased_on is not None:
            Period.parse(str(_iso(self.deceased_on))[:7])


@dataclass(frozen=True, slots=True)
class Payee:
    """Someone who may receive for one recipient, in one role, for a term (both days included)."""

    role: Role
    person: Person
    recipient: PersonId
    valid_from: str | None = None
    valid_until: str | None = None
    paper: str = ""
    """Number of the authorisation or guardianship paper."""
    programmes: tuple[Programme, ...] = ()
    """Programmes the paper covers; empty means every programme."""

    def __post_init__(self) -> None:
        for each in (self.valid_from, self.valid_until):
            if each is not None:
                _iso(each)

    def refusal_on(self, day: date, programmes: frozenset[Programme]) -> RefusalKey | None:
        """Why this payee may not receive on ``day``, or None."""
        if self.valid_from is not None and day < date.fromisoformat(self.valid_from):
            return RefusalKey.PAYEE_NOT_YET
        if self.valid_until is not None and day > date.fromisoformat(self.valid_until):
            return RefusalKey.PAYEE_TERM_ENDED
        if self.programmes and not programmes <= set(self.programmes):
            return RefusalKey.PAYEE_OUT_OF_SCOPE
        return None


def _iso(text: str) -> date:
    """A day written YYYY-MM-DD and in no other way. Raises ValueError: a bundle that says it is refused."""
    day = date.fromisoformat(text)
    if str(day) != text:
        raise ValueError(f"not a day: {text[:20]!r}")
    return day


def self_payee(recipient: Recipient) -> Payee:
    """The recipient as their own payee: no paper, no term."""
    return Payee(Role.SELF, recipient.person, recipient.person.id)
