"""The month's report: what was paid, what was not and why, per programme and kind.

Every figure comes from counted, completed payouts and from what devices wrote about unpaid visits.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection, func, literal, select

from agent_sync.district import rests
from agent_sync.district.schema import entitlement, entry, payout, payout_line
from agent_sync.district.states import PayoutPhase
from agent_sync.district.words import money
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId, Method, Period

FIGURES = ("due", "due_vnd", "paid", "paid_vnd", "rounding_vnd")
NOTHING = (0, 0, 0)


def month(connection: Connection, area: AreaId, period: Period) -> dict[str, Any]:
    """Figures of one origin month as plain JSON; sums in đồng. Due = paid + left by rounding + unpaid."""
    due = _grouped(connection, _due(area, period))
    paid = _grouped(connection, _paid(area, period))
    rows: list[dict[str, Any]] = [
        {
            "programme": programme, "kind": kind, "due": due[programme, kind][0], "due_vnd": due[programme, kind][1],
            "paid": paid.get((programme, kind), NOTHING)[0], "paid_vnd": paid.get((programme, kind), NOTHING)[1],
            "rounding_vnd": paid.get((programme, kind), NOTHING)[2],
        }
        for programme, kind in sorted(due)
    ]  # fmt: skip
    totals = {name: sum(row[name] for row in rows) for name in FIGURES}
    left = totals["due_vnd"] - totals["paid_vnd"] - totals["rounding_vnd"]
    unpaid = {"unpaid": totals["due"] - totals["paid"], "unpaid_vnd": left}
    reasons = _unpaid_reasons(connection, area, period)
    kept = sum(max(0, rest) for rest in rests.balances(connection, area).values())
    made = {"area": area, "period": str(period), "rows": rows, "reasons": reasons, "kept_vnd": kept}
    return made | totals | unpaid


def text(made: dict[str, Any]) -> str:
    """The same for a console."""
    lines = [f"{made['area']} {made['period']}: {made['paid']} of {made['due']} paid, {money(made['paid_vnd'])}"]
    lines += [f"  {row['programme']} {row['kind']}: {row['paid']}/{row['due']}" for row in made["rows"]]
    if made["rounding_vnd"]:
        lines.append(f"  left by rounding: {money(made['rounding_vnd'])}")
    if made["kept_vnd"]:
        lines.append(f"  rests of all months that make no note yet: {money(made['kept_vnd'])}")
    return "\n".join(lines + [f"  {reason}: {count}" for reason, count in made["reasons"].items()])


def _due(area: AreaId, period: Period) -> Any:
    mine = (entitlement.c.area == area) & (entitlement.c.period == str(period))
    cash = mine & (entitlement.c.method == Method.CASH.value)
    keys = (entitlement.c.programme, entitlement.c.kind)
    return select(*keys, func.count(), func.sum(entitlement.c.amount), literal(0)).where(cash).group_by(*keys)


def _paid(area: AreaId, period: Period) -> Any:
    same = (payout.c.area == payout_line.c.area) & (payout.c.month == payout_line.c.month)
    same &= (payout.c.id == payout_line.c.payout) & (payout.c.hash == payout_line.c.hash)
    mine = (payout_line.c.area == area) & (payout_line.c.period == str(period))
    done = mine & (payout.c.state == PayoutPhase.COMPLETED.value) & payout.c.counted.is_(True)
    keys = (payout_line.c.programme, payout_line.c.kind)
    sums = select(*keys, func.count(), func.sum(payout_line.c.amount), func.sum(payout_line.c.rounding))
    return sums.select_from(payout_line.join(payout, same)).where(done).group_by(*keys)


def _grouped(connection: Connection, statement: Any) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {(row[0], row[1]): (int(row[2]), int(row[3]), int(row[4])) for row in connection.execute(statement)}


def _unpaid_reasons(connection: Connection, area: AreaId, period: Period) -> dict[str, int]:
    """Newest reason for each entitlement of this month that a visit left unpaid."""
    mine = (entitlement.c.area == area) & (entitlement.c.period == str(period))
    wanted = {row[0] for row in connection.execute(select(entitlement.c.id).where(mine))}
    visits = (entry.c.area == area) & (entry.c.kind == j.VisitUnpaid.TAG)
    newest: dict[str, str] = {}
    for row in connection.execute(select(entry.c.body).where(visits).order_by(entry.c.at)):
        fact = j.decode(row[0]).fact
        if isinstance(fact, j.VisitUnpaid):
            newest |= {each: fact.reason.value for each in fact.entitlements if each in wanted}
    done = {row[0] for row in connection.execute(_paid_ids(area, period))}
    return dict(sorted(Counter(reason for each, reason in newest.items() if each not in done).items()))


def _paid_ids(area: AreaId, period: Period) -> Any:
    same = (payout.c.area == payout_line.c.area) & (payout.c.month == payout_line.c.month)
    same &= (payout.c.id == payout_line.c.payout) & (payout.c.hash == payout_line.c.hash)
    mine = (payout_line.c.area == area) & (payout_line.c.period == str(period))
    done = mine & (payout.c.state == PayoutPhase.COMPLETED.value) & payout.c.counted.is_(True)
    return select(payout_line.c.entitlement).select_from(payout_line.join(payout, same)).where(done)
