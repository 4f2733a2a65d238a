"""What the office enters about a person by hand: a death and who told of it, and who may receive in whose stead.

A list says neither. Without these two nothing is granted after a death (`leases`), so an heir waits until a
person of the office has seen the papers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select, update

from agent_sync.district import world
from agent_sync.district.database import insert_new
from agent_sync.district.errors import BadInput, Unknown
from agent_sync.district.lists import same_name
from agent_sync.district.schema import payee, person, recipient
from kiosk.payout.names import AreaId, CitizenNumber, PersonId, Programme, Role
from kiosk.payout.rules import AFTER_DEATH

MAX_TEXT = 80


@dataclass(frozen=True, slots=True)
class Death:
    """A death as it was told: ISO day, by whom, and the paper's number if one was shown."""

    on: str
    told_by: str
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Appointed:
    """Somebody who may receive for another: role, paper, term (ISO days, both included) and programmes."""

    number: CitizenNumber
    name: str
    role: Role
    paper: str
    valid_from: str | None = None
    valid_until: str | None = None
    programmes: tuple[Programme, ...] = ()


def record_death(connection: Connection, area: AreaId, number: CitizenNumber, death: Death, today: date) -> PersonId:
    """Write a death down; said again it corrects what was said. Raises BadInput or Unknown."""
    if death.on > today.isoformat():
        raise BadInput("a death is not entered before its day")
    _bounded(death.told_by, "who told of the death")
    if len(death.paper) > MAX_TEXT:
        raise BadInput(f"a paper's number has up to {MAX_TEXT} letters")
    who, _ = _recipient(connection, area, number)
    mine = (recipient.c.area == area) & (recipient.c.person == who)
    told = {"death_told_by": death.told_by.strip(), "death_paper": death.paper.strip()}
    connection.execute(update(recipient).where(mine).values(deceased_on=death.on, **told))
    return who


def appoint(connection: Connection, area: AreaId, number: CitizenNumber, by: Appointed) -> PersonId:
    """Let somebody receive for the recipient ``number``; said again it corrects paper, term and programmes.

    Raises BadInput for a role that does not fit (after a death, or before one), or a number under another name.
    """
    for_whom, died = _recipient(connection, area, number)
    if (by.role in AFTER_DEATH) != (died is not None):
        raise BadInput("relatives and organisers receive after a death is entered, all others before")
    if by.role is Role.SELF or by.number == number:
        raise BadInput("everybody receives for themselves: no entry is needed")
    if by.valid_from and by.valid_until and by.valid_from > by.valid_until:
        raise BadInput("the term ends before it begins")
    _bounded(by.name, "the name")
    _bounded(by.paper, "the paper")
    who = _person(connection, area, by)
    key = {"area": area, "recipient": for_whom, "person": who, "role": by.role.value}
    values = {"valid_from": by.valid_from, "valid_until": by.valid_until, "paper": by.paper.strip()}
    values["programmes"] = ",".join(by.programmes)
    if not insert_new(connection, payee, [key | values]):
        mine = (payee.c.area == area) & (payee.c.recipient == for_whom) & (payee.c.person == who)
        connection.execute(update(payee).where(mine & (payee.c.role == by.role.value)).values(**values))
    return who


def _recipient(connection: Connection, area: AreaId, number: CitizenNumber) -> tuple[PersonId, str | None]:
    """Who is listed under this number, and the day of death if one is known."""
    of = (recipient.c.area == person.c.area) & (recipient.c.person == person.c.id)
    found = select(person.c.id, recipient.c.deceased_on).select_from(person.join(recipient, of))
    row = connection.execute(found.where(person.c.area == area, person.c.number == number)).first()
    if row is None:
        raise Unknown("nobody on a list has this number")
    return PersonId(row[0]), row[1]


def _person(connection: Connection, area: AreaId, by: Appointed) -> PersonId:
    named = select(person.c.full_name).where(person.c.area == area, person.c.number == by.number)
    known = connection.execute(named).scalar()
    if known is not None and not same_name(known, by.name):
        raise BadInput(f"this number is on record for {known}")
    people = world.People(connection, area, only=(by.number,))
    return people.find_or_add_plain(by.number, by.name.strip())


def _bounded(text: str, what: str) -> None:
    if not 1 <= len(text.strip()) <= MAX_TEXT:
        raise BadInput(f"{what} has 1 to {MAX_TEXT} letters")
