"""What the pages and reports ask of the database: plain rows, bounded in number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.sql import ColumnElement

from agent_sync.district import ids
from agent_sync.district.cases import CaseState
from agent_sync.district.paper_days import PAPER
from agent_sync.district.schema import (
    agent,
    case_table,
    chain,
    device,
    entitlement,
    held_line,
    lease,
    pay_list,
    payout,
    payout_line,
    person,
    recipient,
)
from agent_sync.district.states import HeldState, LeaseState, PayoutPhase, WitnessState
from agent_sync.district.words import VIETNAM
from kiosk.payout.journal import slip_code
from kiosk.payout.names import AreaId, Digest, Method

PAGE = 50
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A day in numbers. Sums in đồng."""

    completed: int
    completed_vnd: int
    open: int
    chip: int
    cases: int


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """How far a month has come. Sums in đồng."""

    period: str
    due: int
    due_vnd: int
    paid: int
    paid_vnd: int
    leased: int

    @property
    def percent(self) -> int:
        """Share of the sum that was handed out, rounded down."""
        return 0 if self.due_vnd == 0 else 100 * self.paid_vnd // self.due_vnd


def span(on: date) -> tuple[int, int]:
    """First and one-past-last second of a Vietnamese day."""
    start = datetime.combine(on, time(), VIETNAM)
    return int(start.timestamp()), int((start + timedelta(days=1)).timestamp())


def on_day(area: AreaId, on: date) -> ColumnElement[bool]:
    """Payouts authorised on a day; names the partitions so that only they are read."""
    first, end = span(on)
    months = sorted({ids.month_of(first), ids.month_of(end - 1)})
    return and_(payout.c.area == area, payout.c.month.in_(months), payout.c.at >= first, payout.c.at < end)


def day_figures(connection: Connection, area: AreaId, on: date) -> DayFigures:
    """The numbers at the top of the first page."""
    mine = on_day(area, on) & payout.c.counted.is_(True)
    done = payout.c.state == PayoutPhase.COMPLETED.value
    paid = connection.execute(select(func.count(), func.coalesce(func.sum(payout.c.total), 0)).where(mine & done)).one()
    pending = payout.c.state.in_((PayoutPhase.OPEN.value, PayoutPhase.UNCERTAIN.value))
    chip = payout.c.witness == WitnessState.VERIFIED.value
    opened = (case_table.c.area == area) & (case_table.c.state == CaseState.OPEN.value)
    return DayFigures(
        completed=int(paid[0]), completed_vnd=int(paid[1]),
        open=_count(connection, select(func.count()).select_from(payout).where(mine & pending)),
        chip=_count(connection, select(func.count()).select_from(payout).where(mine & done & chip)),
        cases=_count(connection, select(func.count()).select_from(case_table).where(opened)),
    )  # fmt: skip


def period_figures(connection: Connection, area: AreaId, limit: int = 3) -> list[PeriodFigures]:
    """The newest months on record, newest first."""
    cash = (entitlement.c.area == area) & (entitlement.c.method == Method.CASH.value)
    sums = select(entitlement.c.period, func.count(), func.sum(entitlement.c.amount)).where(cash)
    rows = connection.execute(sums.group_by(entitlement.c.period).order_by(entitlement.c.period.desc()).limit(limit))
    return [_period(connection, area, row[0], int(row[1]), int(row[2])) for row in rows]


def _period(connection: Connection, area: AreaId, period: str, due: int, due_vnd: int) -> PeriodFigures:
    same = (payout.c.area == payout_line.c.area) & (payout.c.month == payout_line.c.month)
    same &= (payout.c.id == payout_line.c.payout) & (payout.c.hash == payout_line.c.hash)
    done = (payout.c.state == PayoutPhase.COMPLETED.value) & payout.c.counted.is_(True)
    lines = (payout_line.c.area == area) & (payout_line.c.period == period)
    counted = select(func.count(), func.coalesce(func.sum(payout_line.c.amount), 0))
    paid = connection.execute(counted.select_from(payout_line.join(payout, same)).where(lines & done)).one()
    held = (lease.c.area == entitlement.c.area) & (lease.c.entitlement == entitlement.c.id)
    live = (entitlement.c.area == area) & (entitlement.c.period == period) & (lease.c.state == LeaseState.LIVE.value)
    leased = _count(connection, select(func.count()).select_from(entitlement.join(lease, held)).where(live))
    return PeriodFigures(period, due, due_vnd, int(paid[0]), int(paid[1]), leased)


def payouts_of(connection: Connection, area: AreaId, on: date, page: int) -> list[Row]:
    """One page of a day's payouts, newest first, with names, places and periods."""
    who = (person.c.area == payout.c.area) & (person.c.id == payout.c.recipient)
    where = (recipient.c.area == payout.c.area) & (recipient.c.person == payout.c.recipient)
    staff = (agent.c.area == payout.c.area) & (agent.c.id == payout.c.operator)
    joined = payout.outerjoin(person, who).outerjoin(recipient, where).outerjoin(agent, staff)
    named = (person.c.full_name, recipient.c.hamlet, recipient.c.commune, agent.c.full_name.label("operator_name"))
    found = select(payout, *named).select_from(joined).where(on_day(area, on)).order_by(payout.c.at.desc(), payout.c.id)
    rows = [dict(row) for row in connection.execute(found.offset(page * PAGE).limit(PAGE)).mappings()]
    periods = _periods(connection, area, [row["id"] for row in rows])
    return [
        row
        | {"periods": periods.get((row["id"], row["hash"]), []), "paper": row["branch"] == PAPER}
        | {"code": "" if row["branch"] == PAPER else slip_code(Digest(row["hash"]))}
        for row in rows
    ]


def _periods(connection: Connection, area: AreaId, payouts: list[str]) -> dict[tuple[str, str], list[str]]:
    mine = (payout_line.c.area == area) & payout_line.c.payout.in_(payouts)
    found: dict[tuple[str, str], list[str]] = {}
    columns = (payout_line.c.payout, payout_line.c.hash, payout_line.c.period)
    for which, digest, period in connection.execute(select(*columns).where(mine).order_by(payout_line.c.period)):
        found.setdefault((which, digest), []).append(period)
    return found


def cases_of(connection: Connection, area: AreaId, state: CaseState, page: int) -> list[Row]:
    """One page of cases, newest first."""
    mine = (case_table.c.area == area) & (case_table.c.state == state.value)
    staff = (agent.c.area == case_table.c.area) & (agent.c.id == case_table.c.operator)
    named = select(case_table, agent.c.full_name.label("operator_name")).select_from(case_table.outerjoin(agent, staff))
    found = named.where(mine).order_by(case_table.c.opened_at.desc(), case_table.c.id)
    return [dict(row) for row in connection.execute(found.offset(page * PAGE).limit(PAGE)).mappings()]


def lists_of(connection: Connection, area: AreaId, limit: int = 12) -> list[Row]:
    """The newest imported files, with how many of their lines still wait."""
    mine = (held_line.c.area == pay_list.c.area) & (held_line.c.list == pay_list.c.id)
    waits = func.count().filter(held_line.c.state == HeldState.WAITING.value).label("waiting")
    found = select(pay_list, waits).select_from(pay_list.outerjoin(held_line, mine)).where(pay_list.c.area == area)
    newest = found.group_by(*pay_list.c).order_by(pay_list.c.imported_at.desc(), pay_list.c.id).limit(limit)
    return [dict(row) for row in connection.execute(newest).mappings()]


def devices_of(connection: Connection, area: AreaId) -> list[Row]:
    """Every kit with the leases it holds and how far its journal has come."""
    kits = select(device).where(device.c.area == area).order_by(device.c.id)
    leases = select(lease.c.device, func.count(), func.sum(lease.c.amount))
    live = leases.where(lease.c.area == area, lease.c.state == LeaseState.LIVE.value).group_by(lease.c.device)
    held = {row[0]: (int(row[1]), int(row[2])) for row in connection.execute(live)}
    reached = select(chain.c.device, func.sum(chain.c.next)).where(chain.c.area == area).group_by(chain.c.device)
    entries = {row[0]: int(row[1]) for row in connection.execute(reached)}
    return [
        dict(row) | {"leases": held.get(row["id"], (0, 0)), "entries": entries.get(row["id"], 0)}
        for row in connection.execute(kits).mappings()
    ]


def _count(connection: Connection, statement: Any) -> int:
    return int(connection.execute(statement).scalar() or 0)
