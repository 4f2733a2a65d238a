"""What rounding left of paid sums: a receipt says that it is paid later, so it becomes a sum of its own (M7).

Rests gather for each recipient and programme. As soon as they make a note, the whole notes are a difference
entitlement of the newest month that left one, leased with the next grant; what is below a note goes on waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, select

from agent_sync.district import ids
from agent_sync.district.database import insert_new
from agent_sync.district.schema import entitlement, payout, payout_line
from agent_sync.district.states import PayoutPhase
from kiosk.payout.cash import SMALLEST
from kiosk.payout.names import AreaId, Kind, Method, Period, PersonId, Programme

PREFIX = "rest-"
"""How the line of such an entitlement begins; a number makes each one its own (M1)."""

Key = tuple[str, str]
"""(recipient, programme)."""


def make_due(connection: Connection, area: AreaId) -> int:
    """Turn rests that make whole notes into entitlements; how many are new."""
    made = {(row[0], row[1]): (int(row[2]), int(row[3])) for row in connection.execute(_made(area))}
    left = {(row[0], row[1]): (int(row[2]), str(row[3])) for row in connection.execute(_left(area))}
    return insert_new(connection, entitlement, list(_rows(area, left, made)))


def balances(connection: Connection, area: AreaId) -> dict[Key, int]:
    """What is still kept for each recipient and programme, in đồng; below zero where more was added than left."""
    made = {(row[0], row[1]): int(row[3]) for row in connection.execute(_made(area))}
    return {(row[0], row[1]): int(row[2]) - made.get((row[0], row[1]), 0) for row in connection.execute(_left(area))}


def _rows(area: AreaId, left: dict[Key, tuple[int, str]], made: dict[Key, tuple[int, int]]) -> Iterator[dict[str, Any]]:
    for key, (rest, period) in sorted(left.items()):
        count, before = made.get(key, (0, 0))
        notes = (rest - before) // SMALLEST * SMALLEST
        if notes > 0:
            yield _row(area, key, f"{PREFIX}{count + 1}", Period.parse(period)) | {"amount": notes}


def _row(area: AreaId, key: Key, line: str, period: Period) -> dict[str, Any]:
    who, programme = PersonId(key[0]), Programme(key[1])
    owed = ids.entitlement(who, programme, period, Kind.DIFFERENCE, line)
    return {
        "area": area, "id": owed, "recipient": who, "programme": programme.value, "period": str(period),
        "kind": Kind.DIFFERENCE.value, "line": line, "method": Method.CASH.value, "held": False, "list": "",
    }  # fmt: skip


def _left(area: AreaId) -> Any:
    """What completed payouts left or added, and the newest month that did."""
    same = (payout.c.area == payout_line.c.area) & (payout.c.month == payout_line.c.month)
    same &= (payout.c.id == payout_line.c.payout) & (payout.c.hash == payout_line.c.hash)
    mine = (payout_line.c.area == area) & (payout_line.c.rounding != 0)
    done = mine & (payout.c.state == PayoutPhase.COMPLETED.value) & payout.c.counted.is_(True)
    keys = (payout.c.recipient, payout_line.c.programme)
    sums = select(*keys, func.sum(payout_line.c.rounding), func.max(payout_line.c.period))
    return sums.select_from(payout_line.join(payout, same)).where(done).group_by(*keys)


def _made(area: AreaId) -> Any:
    mine = (entitlement.c.area == area) & (entitlement.c.kind == Kind.DIFFERENCE.value)
    keys = (entitlement.c.recipient, entitlement.c.programme)
    sums = select(*keys, func.count(), func.sum(entitlement.c.amount))
    return sums.where(mine & entitlement.c.line.startswith(PREFIX)).group_by(*keys)
