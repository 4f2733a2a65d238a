"""Lines that an import held: an officer decides each one, once, with a reason (issue 3, M1).

A decision is no second door for money. What could pay twice is judged again on the day of the decision,
against everything that was imported since, and the constraint of M1 has the last word.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select, update

from agent_sync.district import ids, world
from agent_sync.district.errors import BadInput, Unknown
from agent_sync.district.lists import HeldLine, KnownWorld, Line, judge_together, same_name, sentence
from agent_sync.district.schema import held_line, pay_list, person
from agent_sync.district.states import HeldState
from kiosk.payout.names import AreaId, CitizenNumber, Kind, Period, Programme

MAX_FINDING = 400
NUMBER_DIGITS = 12
PAGE = 50


@dataclass(frozen=True, slots=True)
class Mended:
    """What the list left open and the officer found out; None leaves what the list says."""

    number: CitizenNumber | None = None
    programme: Programme | None = None
    period: Period | None = None


def waiting(connection: Connection, area: AreaId) -> int:
    """How many lines nobody has decided yet."""
    mine = (held_line.c.area == area) & (held_line.c.state == HeldState.WAITING.value)
    return int(connection.execute(select(func.count()).select_from(held_line).where(mine)).scalar() or 0)


def lines_of(connection: Connection, area: AreaId, *, decided: bool, page: int) -> list[dict[str, Any]]:
    """One page of lines, oldest first (decided ones newest first), with file and commune beside them."""
    mine = (held_line.c.area == area) & (held_line.c.state != HeldState.WAITING.value if decided else _waits())
    of = (pay_list.c.area == held_line.c.area) & (pay_list.c.id == held_line.c.list)
    found = select(held_line, pay_list.c.file_name, pay_list.c.commune).join_from(held_line, pay_list, of).where(mine)
    first = held_line.c.decided_at.desc() if decided else held_line.c.kept_at
    beside = (held_line.c.list, held_line.c.full_name, held_line.c.line)  # two lines of one person lie together
    rows = connection.execute(found.order_by(first, *beside).offset(page * PAGE).limit(PAGE)).mappings()
    return [dict(row) | {"content": json.loads(row["content"]), "reasons": row["reasons"].split()} for row in rows]


def accept(connection: Connection, area: AreaId, held_id: str, mended: Mended, by: str, finding: str) -> str:
    """Let a line be paid; its entitlement's id. Raises Unknown, or BadInput with a sentence for the officer."""
    row = _decide(connection, area, held_id, HeldState.ACCEPTED, by, finding)
    line = _payable(Line.from_json(json.loads(row["content"])), mended)
    _agrees_with_records(connection, area, line)
    only = [each for each in (line.id_number, *(payee.id_number for payee in line.payees)) if each is not None]
    people = world.People(connection, area, only)
    place = world.Place(row["list"], row["commune"])
    owed = world.store_line(connection, area, people, line, place)
    if owed is None:
        raise BadInput("Khoản này đã có trong sổ: không thêm lần nữa.")
    mine = (held_line.c.area == area) & (held_line.c.id == held_id)
    connection.execute(update(held_line).where(mine).values(entitlement=owed))
    return owed


def send_back(connection: Connection, area: AreaId, held_id: str, by: str, finding: str) -> None:
    """Give a line back to the commune: nothing is paid for it. Raises Unknown or BadInput."""
    _decide(connection, area, held_id, HeldState.RETURNED, by, finding)


def _waits() -> Any:
    return held_line.c.state == HeldState.WAITING.value


def _decide(
    connection: Connection, area: AreaId, held_id: str, state: HeldState, by: str, finding: str
) -> dict[str, Any]:
    """Move a waiting line, once: of two officers at the same moment the second one finds none."""
    finding = finding.strip()
    if not 1 <= len(finding) <= MAX_FINDING:
        raise BadInput(f"Lý do cần từ 1 đến {MAX_FINDING} ký tự.")
    mine = (held_line.c.area == area) & (held_line.c.id == held_id)
    values = {"state": state.value, "decided_at": ids.now(connection), "decided_by": by, "finding": finding}
    if connection.execute(update(held_line).where(mine & _waits()).values(**values)).rowcount != 1:
        raise Unknown(f"no waiting line {held_id}")
    of = (pay_list.c.area == held_line.c.area) & (pay_list.c.id == held_line.c.list)
    found = select(held_line, pay_list.c.commune).join_from(held_line, pay_list, of).where(mine)
    return dict(connection.execute(found).mappings().one())


def _payable(line: Line, mended: Mended) -> Line:
    """The line with what was mended. Raises BadInput while something that a payment needs is open."""
    line = replace(
        line, id_number=mended.number or line.id_number, programme=mended.programme or line.programme,
        period=mended.period or line.period,
    )  # fmt: skip
    if line.id_number is None or len(line.id_number) != NUMBER_DIGITS or not line.id_number.isdecimal():
        raise BadInput("Cần số định danh 12 chữ số của người hưởng.")
    if line.programme is None or line.period is None:
        raise BadInput("Cần chọn chương trình và kỳ chi trả.")
    return line


def _agrees_with_records(connection: Connection, area: AreaId, line: Line) -> None:
    """Raises BadInput where the line could pay twice, or its number belongs to somebody else."""
    if line.id_number is None:
        raise ValueError("a line without a number was taken for payable")
    known = world.known_world(connection, area, line.id_number)
    (judged,) = judge_together([HeldLine(line, ())], known)
    if judged.reasons:
        raise BadInput(" ".join(sentence(each) for each in judged.reasons))
    if line.kind is Kind.DIFFERENCE and not _has_its_sum(known, line):
        raise BadInput("Khoản chênh lệch phải gắn với khoản của đúng kỳ đó: kỳ này chưa có khoản nào trong sổ.")
    named = select(person.c.full_name).where(person.c.area == area, person.c.number == line.id_number)
    other = connection.execute(named).scalar()
    if other is not None and not same_name(other, line.full_name):
        raise BadInput(f"Số định danh này đang đứng tên {other}. Mời kiểm tra lại số.")


def _has_its_sum(known: KnownWorld, line: Line) -> bool:
    """A difference is linked to what it corrects by person, programme and month (M7)."""
    if line.id_number is None or line.programme is None or line.period is None:
        return False
    there = known.by_month().get((line.id_number, line.programme, line.period), [])
    return any(each.kind is not Kind.DIFFERENCE for each in there)
