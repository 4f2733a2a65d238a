"""What officers see of overrides: every payout without a chip, who agreed and why, and whether it fits what was given.

The three months that the caps look back to: whoever is paid this way again and again has to have the card put right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from agent_sync.district import ids
from agent_sync.district.cases import CaseKind
from agent_sync.district.database import among
from agent_sync.district.ids import short
from agent_sync.district.schema import agent, case_table, entry, officer, override_given, payout, person, recipient
from kiosk.payout import journal as j
from kiosk.payout.evidence import Override
from kiosk.payout.names import AreaId, ConsentWay, Level
from kiosk.payout.overrides import RECENT_SECONDS

PAGE = 50
KINDS = (
    CaseKind.OVERRIDE_NOT_GIVEN, CaseKind.OVERRIDE_NOT_SUPERVISOR, CaseKind.OVERRIDE_OVER_CAP, CaseKind.WITNESS_FAILED,
)  # fmt: skip
"""What can be wrong with an override."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One override. ``cases`` are (id, kind, state) of what did not fit; none means that all did."""

    payout: str
    at: int
    name: str
    place: str
    total: int
    state: str
    operator: str
    device: str
    reason: str
    way: str
    given_by: str
    """Who agreed, as far as anybody knows."""
    cases: tuple[tuple[str, str, str], ...]


def overrides_of(connection: Connection, area: AreaId, page: int) -> list[Seen]:
    """One page, newest first."""
    rows = [dict(row) for row in connection.execute(_paid(connection, area, page)).mappings()]
    wrong = _cases(connection, area, [row["id"] for row in rows])
    names = _names(connection, area)
    return [_seen(connection, area, row, wrong.get(row["id"], ()), names) for row in rows]


def _paid(connection: Connection, area: AreaId, page: int) -> Any:
    since = ids.now(connection) - RECENT_SECONDS
    mine = (payout.c.area == area) & (payout.c.level == Level.C.value) & (payout.c.at >= since)
    mine &= payout.c.month >= ids.month_of(since)
    who = (person.c.area == payout.c.area) & (person.c.id == payout.c.recipient)
    where = (recipient.c.area == payout.c.area) & (recipient.c.person == payout.c.recipient)
    body = (entry.c.area == payout.c.area) & (entry.c.device == payout.c.device) & (entry.c.epoch == payout.c.epoch)
    body &= (entry.c.sequence == payout.c.sequence) & (entry.c.hash == payout.c.hash)
    joined = payout.join(entry, body).outerjoin(person, who).outerjoin(recipient, where)
    columns = (payout, entry.c.body, person.c.full_name, recipient.c.hamlet)
    found = select(*columns).select_from(joined).where(mine).order_by(payout.c.at.desc(), payout.c.id)
    return found.offset(page * PAGE).limit(PAGE)


def _seen(
    connection: Connection, area: AreaId, row: dict[str, Any], wrong: Sequence[tuple[str, str, str]], names: _Names
) -> Seen:
    fact = j.decode(row["body"]).fact
    said = fact.override if isinstance(fact, j.PayoutAuthorised) else None
    return Seen(
        payout=row["id"], at=row["at"], name=row["full_name"] or "", place=row["hamlet"] or "", total=row["total"],
        state=row["state"], operator=names.staff.get(row["operator"], row["operator"]), device=row["device"],
        reason="" if said is None else said.reason.value, way="" if said is None else said.way.value,
        given_by="" if said is None else _agreed(connection, area, row["device"], said, names), cases=tuple(wrong),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Names:
    """Full names: staff at devices by id, officers by login."""

    staff: dict[str, str]
    officers: dict[str, str]


def _names(connection: Connection, area: AreaId) -> _Names:
    staff = connection.execute(select(agent.c.id, agent.c.full_name).where(agent.c.area == area))
    officers = connection.execute(select(officer.c.login, officer.c.full_name).where(officer.c.area == area))
    return _Names({row[0]: row[1] for row in staff}, {row[0]: row[1] for row in officers})


def _agreed(connection: Connection, area: AreaId, device: str, said: Override, names: _Names) -> str:
    """The supervisor whose card it was, or the officer who said the code; nobody when no code was given."""
    if said.way is ConsentWay.CARD:
        return names.staff.get(said.given_by, said.given_by)
    mine = (override_given.c.area == area) & (override_given.c.device == device)
    mine &= override_given.c.request == short(said.request, 12)
    by = connection.execute(select(override_given.c.given_by).where(mine)).scalar()
    return "" if by is None else names.officers.get(by, str(by))


def _cases(connection: Connection, area: AreaId, payouts: list[str]) -> dict[str, list[tuple[str, str, str]]]:
    mine = (case_table.c.area == area) & case_table.c.kind.in_([each.value for each in KINDS])
    columns = (case_table.c.payout, case_table.c.id, case_table.c.kind, case_table.c.state)
    rows = select(*columns).where(mine & among(connection, case_table.c.payout, payouts)).order_by(case_table.c.id)
    found: dict[str, list[tuple[str, str, str]]] = {}
    for which, case_id, kind, state in connection.execute(rows):
        found.setdefault(which, []).append((case_id, kind, state))
    return found
