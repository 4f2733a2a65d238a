"""A small synthetic commune to ask the money rules about: one kit, a few old people, their leases."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from kiosk.payout import journal as j
from kiosk.payout.cash import Notes
from kiosk.payout.clock import TrustedTime
from kiosk.payout.evidence import Chain, Chip, ChipChecks, IdentityEvidence, Integrity
from kiosk.payout.names import (
    AreaId,
    CitizenNumber,
    DeviceId,
    EntitlementId,
    Epoch,
    HouseholdId,
    Kind,
    LeaseId,
    Mode,
    OperatorId,
    Period,
    PersonId,
    Programme,
    Sequence,
    SessionId,
    Sex,
    UnixSeconds,
    Vnd,
)
from kiosk.payout.operators import OperatorCard, OperatorRole
from kiosk.payout.paylist import Entitlement, Lease, Policy
from kiosk.payout.people import BirthDate, Person, Recipient, self_payee
from kiosk.payout.rules import Request
from kiosk.payout.standing import Standing, stand

DEVICE, AREA, EPOCH = DeviceId("KIT7"), AreaId("A01"), Epoch(1)
NOON = UnixSeconds(1_794_200_400)
"""2026-11-09 12:00 in Vietnam."""
DAY = 86_400
GOOD = ChipChecks(Integrity.PASSED, Chain.PASSED, Chip.PASSED)
FLOAT = Notes.of({500_000: 10, 200_000: 5, 100_000: 10, 50_000: 4})
SESSION, OPERATOR = SessionId("s1"), OperatorId("tam")
TAM = OperatorCard(OPERATOR, "Lê Thị Tâm", OperatorRole.AGENT)


def person(number: int, name: str = "Nguyễn Thị Sáu") -> Person:
    """A synthetic person; the id and the citizen number follow from ``number``."""
    return Person(
        PersonId(f"p{number}"),
        CitizenNumber(f"0990{number:08d}"),
        name,
        BirthDate(1941, 3, 2),
        Sex.FEMALE,
    )


def recipient(number: int = 1) -> Recipient:
    """Somebody who is owed money in hamlet 3."""
    return Recipient(person(number), HouseholdId(f"h{number}"), "Ấp 3", "Số 12", number)


def entitlement(number: int = 1, month: int = 11, amount: int = 500_000) -> Entitlement:
    """A month of social pension."""
    return Entitlement(
        EntitlementId(f"e{number}-{month}"),
        PersonId(f"p{number}"),
        Programme.SOCIAL_PENSION,
        Period(2026, month),
        Kind.MONTHLY,
        f"Sheet1!{number}",
        Vnd(amount),
    )


def lease(owed: Entitlement) -> Lease:
    """The live lease of this kit for one entitlement."""
    return Lease(
        LeaseId(f"l-{owed.id}"),
        owed.id,
        DEVICE,
        EPOCH,
        owed.amount,
        hashlib.sha256(owed.id.encode()).hexdigest()[:32],
        UnixSeconds(NOON + 20 * DAY),
    )


def evidence(number: int = 1) -> IdentityEvidence:
    """A card that passed everything, and a face the agent confirmed."""
    return IdentityEvidence(
        CitizenNumber(f"0990{number:08d}"),
        "Nguyễn Thị Sáu",
        date(1941, 3, 2),
        GOOD,
        face_confirmed=True,
        active_authentication=True,
    )


def request(number: int = 1, months: tuple[int, ...] = (11,)) -> Request:
    """A request that every rule allows, to be spoiled one field at a time."""
    owed = tuple(entitlement(number, month) for month in months)
    someone = recipient(number)
    return Request(
        recipient=someone,
        payee=self_payee(someone),
        entitlements=owed,
        leases={each.id: lease(each) for each in owed},
        evidence=evidence(number),
        policy=Policy(),
        time=TrustedTime(NOON, True, UnixSeconds(NOON - DAY)),
        operator=OPERATOR,
    )


@dataclass
class Book:
    """A journal being written: keeps the entries and the standing they fold to."""

    mode: Mode = Mode.PRACTICE

    def __post_init__(self) -> None:
        self.entries: list[j.Entry] = []
        self.now = NOON
        self._standing: Standing | None = None
        self.write(j.EpochOpened(AREA, self.mode, Epoch(0), j.GENESIS))

    @property
    def standing(self) -> Standing:
        """The fold so far."""
        assert self._standing is not None
        return self._standing

    def next_entry(self, fact: j.Fact, witness: j.Witness | None = None) -> j.Entry:
        """The entry that would carry ``fact`` now."""
        previous, sequence = j.GENESIS, Sequence(0)
        if self._standing is not None:
            previous, sequence = self._standing.head, self._standing.next_sequence
        return j.Entry(DEVICE, EPOCH, sequence, self.now, True, previous, fact, witness)

    def write(self, fact: j.Fact, witness: j.Witness | None = None) -> Standing:
        """Append a fact; raises what the fold raises."""
        entry = self.next_entry(fact, witness)
        self._standing = stand([entry], self._standing)
        self.entries.append(entry)
        return self._standing

    def open_session(self, notes: Notes = FLOAT) -> Standing:
        """Start the day with counted cash."""
        return self.write(j.SessionOpened(SESSION, OPERATOR, notes.amount, notes.counts, "quỹ"))


def opened(mode: Mode = Mode.PRACTICE) -> Book:
    """A book with an open session."""
    book = Book(mode)
    book.open_session()
    return book


def spoil(base: Request, **changes: object) -> Request:
    """A copy with some fields changed; evidence fields go by ``evidence__name``."""
    inner = {k.removeprefix("evidence__"): v for k, v in changes.items() if k.startswith("evidence__")}
    outer = {k: v for k, v in changes.items() if not k.startswith("evidence__")}
    changed: Request = replace(base, **outer)  # type: ignore[arg-type]
    return replace(changed, evidence=replace(changed.evidence, **inner))  # type: ignore[arg-type]
