"""Cash that is out: who holds how much of it, and for how long (M4).

Agents have kept unspent cash for months. The clock runs from the first note until the drawer is empty, over
closed sessions and new ones: the same money does not grow younger by being counted again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import mul

from sqlalchemy import Connection, func, select, text

from agent_sync.district import ids
from agent_sync.district.errors import BadInput
from agent_sync.district.schema import OFFICE_KINDS, agent, device, entry, payout
from agent_sync.district.standing_data import read_setting, write_setting
from agent_sync.district.states import PayoutPhase
from kiosk.payout import journal as j
from kiosk.payout.cash import DENOMINATIONS
from kiosk.payout.names import AreaId

LIMIT = "cash_limit_hours"
DEFAULT_HOURS = 72
MAX_HOURS = 24 * 60


@dataclass(frozen=True, slots=True)
class Held:
    """The cash of one device. Sums in đồng, ``since`` in seconds; ``open``: a session is under way."""

    device: str
    label: str
    operator: str
    operator_name: str
    amount: int
    since: int
    hours: int
    too_long: bool
    open: bool


@dataclass(frozen=True, slots=True)
class _Drawer:
    """One device's drawer as its facts tell it, payouts left out."""

    operator: str = ""
    session: str = ""
    amount: int = 0
    since: int = 0
    open: bool = False


def set_limit(connection: Connection, area: AreaId, hours: int) -> None:
    """From how many hours on unspent cash is marked. Raises BadInput."""
    if not 1 <= hours <= MAX_HOURS:
        raise BadInput(f"the limit is 1 to {MAX_HOURS} hours")
    write_setting(connection, area, LIMIT, str(hours))


def limit(connection: Connection, area: AreaId) -> int:
    """From how many hours on unspent cash is marked."""
    return int(read_setting(connection, area, LIMIT, str(DEFAULT_HOURS)))


def held(connection: Connection, area: AreaId) -> list[Held]:
    """Every device with cash out, the longest first."""
    hours, now = limit(connection, area), ids.now(connection)
    staff = select(agent.c.id, agent.c.full_name).where(agent.c.area == area)
    names = {str(row[0]): str(row[1]) for row in connection.execute(staff)}
    kits = connection.execute(select(device.c.id, device.c.label).where(device.c.area == area)).all()
    found = [_shown(kit, label, _drawer(connection, area, kit), names, now, hours) for kit, label in kits]
    return sorted((each for each in found if each.amount > 0), key=lambda each: (each.since, each.device))


def _shown(kit: str, label: str, drawer: _Drawer, names: dict[str, str], now: int, limit_: int) -> Held:
    out = max(0, now - drawer.since) // 3600
    name = names.get(drawer.operator, drawer.operator)
    return Held(kit, label, drawer.operator, name, drawer.amount, drawer.since, out, out >= limit_, drawer.open)


def _drawer(connection: Connection, area: AreaId, kit: str) -> _Drawer:
    """The facts that move cash, from the last empty drawer on; what was paid is taken off the open session."""
    mine = (entry.c.area == area) & (entry.c.device == kit) & (entry.c.branch == 0) & text(OFFICE_KINDS)
    drawer = _Drawer()
    for (body,) in connection.execute(select(entry.c.body).where(mine).order_by(entry.c.epoch, entry.c.sequence)):
        it = j.decode(body)
        drawer = _moved(drawer, it.fact, it.at)
    return replace(drawer, amount=drawer.amount - _paid(connection, area, kit, drawer)) if drawer.open else drawer


def _moved(now: _Drawer, fact: j.Fact, at: int) -> _Drawer:
    match fact:
        case j.SessionOpened():
            since = now.since or (at if fact.opening else 0)
            return _Drawer(fact.operator, fact.session, fact.opening, since, open=True)
        case j.CashAdded():
            return replace(now, amount=now.amount + fact.amount, since=now.since or at)
        case j.CashReturned():
            return replace(now, amount=now.amount - fact.amount)
        case j.PayoutReversed():
            return replace(now, amount=now.amount + sum(map(mul, DENOMINATIONS, fact.notes)))
        case j.SessionClosed():
            return replace(now, amount=fact.counted, since=now.since if fact.counted else 0, open=False)
        case _:
            return now


def _paid(connection: Connection, area: AreaId, kit: str, drawer: _Drawer) -> int:
    """Handed out in the open session; what was taken back later came in as its own fact."""
    done = payout.c.state.in_((PayoutPhase.COMPLETED.value, PayoutPhase.REVERSED.value))
    mine = (payout.c.area == area) & (payout.c.device == kit) & (payout.c.session == ids.short(drawer.session)) & done
    return int(connection.execute(select(func.coalesce(func.sum(payout.c.total), 0)).where(mine)).scalar() or 0)
