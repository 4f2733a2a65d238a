"""What people said at their doors, for an officer who answers: complaints, wishes, papers, incidents.

Each is a case of its own kind. Its words are personal: they lie in an attachment under a key of its own, are opened one
at a time, and every look is written down. Nothing here changes a pay list.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, func, select

from agent_sync.district import evidence, security
from agent_sync.district.cases import CaseKind, CaseState
from agent_sync.district.errors import Unknown
from agent_sync.district.schema import agent, case_table, person
from agent_sync.district.statement_words import ABOUT, chosen
from kiosk.exchange.attachment import AttachmentKind
from kiosk.payout.names import AreaId
from kiosk.payout.statements import StatementKind

Row = dict[str, Any]
PAGE = 50


def waiting(connection: Connection, area: AreaId) -> int:
    """How many wait for an answer."""
    mine = _mine(area) & (case_table.c.state == CaseState.OPEN.value)
    return int(connection.execute(select(func.count()).select_from(case_table).where(mine)).scalar() or 0)


def statements_of(connection: Connection, area: AreaId, state: CaseState, page: int) -> list[Row]:
    """One page of statements, newest first, without their words."""
    rows = _read(connection, area, case_table.c.state == state.value, page)
    names = _names(connection, area, {row["person"] for row in rows})
    return [row | {"full_name": names.get(row["person"], "")} for row in rows]


def opened(connection: Connection, area: AreaId, case_id: str, by: str) -> Row:
    """One statement with its words, and a note of who looked. Raises Unknown."""
    rows = _read(connection, area, case_table.c.id == case_id, 0)
    if not rows:
        raise Unknown(f"no statement {case_id}")
    row = rows[0]
    security.note(connection, area, by, "statement_read", case_id)
    names = _names(connection, area, {row["person"]})
    return row | {"full_name": names.get(row["person"], ""), "words": _words(connection, area, row["digest"])}


def _mine(area: AreaId) -> Any:
    return (case_table.c.area == area) & (case_table.c.kind == CaseKind.STATEMENT.value)


def _read(connection: Connection, area: AreaId, which: Any, page: int) -> list[Row]:
    staff = (agent.c.area == case_table.c.area) & (agent.c.id == case_table.c.operator)
    named = select(case_table, agent.c.full_name.label("operator_name")).select_from(case_table.outerjoin(agent, staff))
    newest = named.where(_mine(area) & which).order_by(case_table.c.opened_at.desc(), case_table.c.id)
    found = connection.execute(newest.offset(page * PAGE).limit(PAGE)).mappings()
    return [dict(row) | _told(json.loads(row["detail"]), row["device"]) for row in found]


def _told(detail: dict[str, Any], device: str) -> dict[str, Any]:
    about = StatementKind(detail["about"])
    return {
        "about": ABOUT[about],
        "chosen": chosen(about, str(detail.get("choice", ""))),
        "person": str(detail["person"]),
        "number": f"{device}-{detail['epoch']}-{detail['sequence']}",
        "digest": str(detail.get("words", "")),
        "signed": "signature" in detail,
    }


def _names(connection: Connection, area: AreaId, people: set[str]) -> dict[str, str]:
    mine = (person.c.area == area) & person.c.id.in_(people)
    return {row[0]: row[1] for row in connection.execute(select(person.c.id, person.c.full_name).where(mine))}


def _words(connection: Connection, area: AreaId, digest: str) -> str | None:
    """As they were written down; None while they are on the way, and once they were shredded."""
    item = evidence.find(connection, area, digest) if digest else None
    if item is None or item.kind is not AttachmentKind.WORDS:
        return None
    return item.content.decode("utf-8", "replace")
