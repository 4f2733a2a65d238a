"""Turning an imported list into people and entitlements, and back into what a device may know.

A person is found again by citizen number and keeps the same opaque id for ever. The line number of
an entitlement counts within its key, not within a spreadsheet: the same line in a second file meets
the constraint of M1 instead of becoming a second entitlement.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from agent_sync.district import ids, rests
from agent_sync.district.database import insert_new
from agent_sync.district.lists import HeldLine, ImportResult, KnownEntitlement, KnownWorld, Line, ListedPayee
from agent_sync.district.schema import entitlement, held_line, lease, pay_list, payee, person, recipient
from agent_sync.district.states import HeldState, LeaseState
from kiosk.payout.names import AreaId, CitizenNumber, EntitlementId, Kind, Period, PersonId, Programme, Sex, Vnd

FIRST_LINE = "1"
HERO_MARKS = ("mẹ việt nam anh hùng", "mẹ vnah", "bà mẹ việt nam anh hùng")


@dataclass(frozen=True, slots=True)
class Imported:
    """What one file added. ``known`` lines were there already and changed nothing."""

    list_id: str
    added: int
    known: int
    total: Vnd


@dataclass(frozen=True, slots=True)
class Origin:
    """Which file, loaded by whom, for which commune."""

    path: Path
    officer: str
    commune: str


def store_list(connection: Connection, area: AreaId, result: ImportResult, origin: Origin) -> Imported:
    """Add the payable lines of a checked result, idempotent by the file's bytes and by M1's key."""
    digest = hashlib.sha256(origin.path.read_bytes()).hexdigest()
    list_id = ids.fixed("D-", area, digest)
    row: dict[str, Any] = {"area": area, "id": list_id, "file_name": origin.path.name[:200], "digest": digest}
    row |= {
        "imported_at": ids.now(connection),
        "imported_by": origin.officer,
        "lines": len(result.lines),
        "total": result.total,
    }
    insert_new(connection, pay_list, [row | {"commune": origin.commune}])
    people = People(connection, area)
    place = Place(list_id, origin.commune)
    added = sum(store_line(connection, area, people, line, place) is not None for line in result.lines)
    insert_new(connection, held_line, [_held_row(area, list_id, each, ids.now(connection)) for each in result.held])
    return Imported(list_id, added, len(result.lines) - added, result.total)


def _held_row(area: AreaId, list_id: str, waits: HeldLine, at: int) -> dict[str, Any]:
    """As the list wrote it; a second import of the same file changes no decision."""
    content = waits.line.to_json() | {"id_as_written": waits.line.id_as_written, "id_proposed": waits.line.id_proposed}
    return {
        "area": area, "id": ids.fixed("W-", area, list_id, waits.line.line), "list": list_id,
        "line": ids.short(waits.line.line), "full_name": waits.line.full_name[:200], "amount": waits.line.amount,
        "content": json.dumps(content, ensure_ascii=False, sort_keys=True),
        "reasons": " ".join(each.value for each in waits.reasons), "state": HeldState.WAITING.value,
        "kept_at": at, "decided_at": None, "decided_by": "", "finding": "", "entitlement": None,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Which list a line is of, and its commune."""

    list_id: str
    commune: str


def store_line(connection: Connection, area: AreaId, people: People, line: Line, place: Place) -> EntitlementId | None:
    """Add one payable line: its entitlement, or None when M1's key is on record. Raises ValueError for another line."""
    if line.id_number is None or line.programme is None or line.period is None:
        raise ValueError(f"a payable line without a number, programme or period: {line.line}")
    who = people.find_or_add(line)
    insert_new(connection, recipient, [_recipient_row(area, who, line, place.commune)])
    for each in line.payees:
        _store_payee(connection, area, people, who, each)
    owed = ids.entitlement(who, line.programme, line.period, line.kind, FIRST_LINE)
    row = {
        "area": area, "id": owed,
        "recipient": who, "programme": line.programme.value, "period": str(line.period), "kind": line.kind.value,
        "line": FIRST_LINE, "amount": line.amount, "method": line.method.value, "held": False, "list": place.list_id,
    }  # fmt: skip
    return owed if insert_new(connection, entitlement, [row]) else None


def _store_payee(connection: Connection, area: AreaId, people: People, who: PersonId, listed: ListedPayee) -> None:
    """A payee without a number cannot be matched to a card: it stays in the list only."""
    if listed.id_number is None:
        return
    other = people.find_or_add_plain(listed.id_number, listed.full_name)
    row = {"area": area, "recipient": who, "person": other, "role": listed.role.value, "paper": "", "programmes": ""}
    insert_new(connection, payee, [row | {"valid_from": None, "valid_until": None}])


def _recipient_row(area: AreaId, who: PersonId, line: Line, commune: str) -> dict[str, Any]:
    return {
        "area": area, "person": who, "household": line.household or f"H-{who[2:]}", "commune": commune,
        "hamlet": line.hamlet, "address": line.address, "walking_order": line.row, "phone": line.phone,
        "phone_owner": line.phone_owner[:60], "language": "vi", "note": line.note[:400], "deceased_on": None,
    }  # fmt: skip


class People:
    """Persons by citizen number, looked up once per import."""

    def __init__(self, connection: Connection, area: AreaId, only: Collection[CitizenNumber] | None = None) -> None:
        """Everybody on record, or ``only`` these numbers."""
        self._connection = connection
        self._area = area
        found = select(person.c.number, person.c.id).where(person.c.area == area)
        rows = connection.execute(found if only is None else found.where(person.c.number.in_(only)))
        self._known = {CitizenNumber(number): PersonId(each) for number, each in rows}

    def find_or_add(self, line: Line) -> PersonId:
        if line.id_number is None:
            raise ValueError("a recipient without a number")
        hero = any(mark in line.note.casefold() for mark in HERO_MARKS)
        return self._add(line.id_number, line.full_name, birth_text(line), line.sex, hero=hero)

    def find_or_add_plain(self, number: CitizenNumber, full_name: str) -> PersonId:
        return self._add(number, full_name, _year_from_number(number), None, hero=False)

    def _add(self, number: CitizenNumber, name: str, birth: str, sex: Sex | None, *, hero: bool) -> PersonId:
        if number in self._known:
            return self._known[number]
        who = ids.new_person()
        row: dict[str, Any] = {"area": self._area, "id": who, "number": number, "full_name": name, "birth": birth}
        row |= {"sex": (sex or sex_from_number(number)).value, "heroic_mother": hero}
        self._connection.execute(insert(person).values(**row))
        self._known[number] = who
        return who


def birth_text(line: Line) -> str:
    """ISO date, or the year alone where papers know no more."""
    if line.date_of_birth is not None:
        return line.date_of_birth.isoformat()
    return _year_from_number(line.id_number or "") if line.birth_year is None else str(line.birth_year)


def sex_from_number(number: str) -> Sex:
    """The fourth digit of the personal number: even is male (Circular 59/2021 §7)."""
    return Sex.MALE if int(number[3]) % 2 == 0 else Sex.FEMALE


def _year_from_number(number: str) -> str:
    """Century from the fourth digit, year from the two that follow (Circular 59/2021 §7)."""
    return str(1900 + 100 * (int(number[3]) // 2) + int(number[4:6]))


def known_world(connection: Connection, area: AreaId, number: CitizenNumber | None = None) -> KnownWorld:
    """What a new list is held against: everything on record, open while no completed payout stands.

    With a ``number`` only what is on record for that person.
    """
    who = (person.c.area == entitlement.c.area) & (person.c.id == entitlement.c.recipient)
    spent = (lease.c.area == entitlement.c.area) & (lease.c.entitlement == entitlement.c.id)
    spent &= lease.c.state == LeaseState.SPENT.value
    joined = entitlement.join(person, who).outerjoin(lease, spent)
    columns = (person.c.number, entitlement.c.programme, entitlement.c.period, entitlement.c.kind)
    found = select(*columns, entitlement.c.amount, lease.c.id).select_from(joined)
    found = found.where(entitlement.c.area == area, ~entitlement.c.line.startswith(rests.PREFIX))  # ours, not a list's
    found = found if number is None else found.where(person.c.number == number)
    return KnownWorld(tuple(_known(*row) for row in connection.execute(found)))


def _known(number: str, programme: str, period: str, kind: str, amount: int, spent: str | None) -> KnownEntitlement:
    return KnownEntitlement(
        CitizenNumber(number), Programme(programme), Period.parse(period), Kind(kind), Vnd(amount), open=spent is None
    )
