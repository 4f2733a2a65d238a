"""Small settings that live in the database because all processes of a district share them.

The incarnation rises with every restore from a backup; the revocation serial with every
revocation. Both are signed into bundles and checkpoints, so a kit notices a district that went back.
"""

from __future__ import annotations

import json
import re
from datetime import date

from sqlalchemy import Connection, func, insert, select

from agent_sync.district import former_keys, ids
from agent_sync.district.database import insert_new
from agent_sync.district.errors import BadInput
from agent_sync.district.schema import agent, device, notice, revocation, setting
from agent_sync.district.states import DeviceState
from kiosk.exchange.bundle import Notice, Revocation
from kiosk.payout.names import AreaId, OperatorId, UnixSeconds
from kiosk.payout.operators import OperatorCard, OperatorRole
from kiosk.payout.rounding import RoundingRule, RoundingWay

NOTICE_SECONDS = 14 * 86_400
_CHIP = re.compile("[0-9a-f]{64}")


def read_setting(connection: Connection, area: AreaId, name: str, default: str) -> str:
    """One setting's text."""
    found = select(setting.c.value).where(setting.c.area == area, setting.c.name == name)
    row = connection.execute(found).first()
    return default if row is None else str(row[0])


def write_setting(connection: Connection, area: AreaId, name: str, value: str) -> None:
    """Set one setting."""
    mine = (setting.c.area == area) & (setting.c.name == name)
    if connection.execute(setting.update().where(mine).values(value=value)).rowcount == 0:
        connection.execute(insert(setting).values(area=area, name=name, value=value))


def incarnation(connection: Connection, area: AreaId) -> int:
    """Which life of this database this is: 1, and one more after every restore."""
    return int(read_setting(connection, area, "incarnation", "1"))


def revocation_serial(connection: Connection, area: AreaId) -> int:
    """The newest revocation's number; 0 when there is none."""
    found = select(func.max(revocation.c.serial)).where(revocation.c.area == area)
    return int(connection.execute(found).scalar() or 0)


def revoke(connection: Connection, area: AreaId, subject: str, reason: str, by: str) -> int:
    """Revoke ``device:<id>``, ``operator:<id>`` or ``chip:<digest>``; the new serial.

    The digest is SHA-256 of the card's AA key, 64 small hexadecimal digits, as payouts name it.
    """
    kind, _, name = subject.partition(":")
    if kind not in ("device", "operator", "chip") or not name or (kind == "chip" and _CHIP.fullmatch(name) is None):
        raise BadInput("revoke device:<id>, operator:<id> or chip:<SHA-256 of its key, small hexadecimal digits>")
    serial = revocation_serial(connection, area) + 1
    row = {"area": area, "serial": serial, "subject": subject, "reason": reason, "since": ids.now(connection), "by": by}
    connection.execute(insert(revocation).values(**row))
    if kind == "device":
        mine = (device.c.area == area) & (device.c.id == name)
        connection.execute(device.update().where(mine).values(state=DeviceState.REVOKED.value))
    return serial


def revocations(connection: Connection, area: AreaId) -> tuple[Revocation, ...]:
    """Every revocation that counts, oldest first: a kit that was enrolled again after its own is another kit."""
    columns = (revocation.c.subject, revocation.c.since)
    found = select(*columns).where(revocation.c.area == area).order_by(revocation.c.serial)
    again = {f"device:{kit}": at for kit, (_, at) in former_keys.newest(connection, area).items()}
    rows = [row for row in connection.execute(found) if row[1] > again.get(row[0], -1)]
    return tuple(Revocation(subject, UnixSeconds(since)) for subject, since in rows)


def notices(connection: Connection, area: AreaId, now: int) -> tuple[Notice, ...]:
    """Notices for the idle screens that are still in force."""
    mine = (notice.c.area == area) & notice.c.withdrawn.is_(False) & (notice.c.added_at > now - NOTICE_SECONDS)
    found = select(notice.c.id, notice.c.text, notice.c.added_at).where(mine).order_by(notice.c.added_at)
    rows = connection.execute(found)
    return tuple(Notice(row[0], row[1], UnixSeconds(row[2] + NOTICE_SECONDS)) for row in rows)


ROUNDING = "rounding"


def rounding(connection: Connection, area: AreaId) -> tuple[RoundingRule, ...]:
    """The dated rounding rules, oldest first."""
    stored = json.loads(read_setting(connection, area, ROUNDING, "{}"))
    return tuple(RoundingRule(since, RoundingWay(way)) for since, way in sorted(stored.items()))


def set_rounding(connection: Connection, area: AreaId, rule: RoundingRule, today: date) -> None:
    """Add a rule that begins today or later, or change one of that day. Raises BadInput for one of the past."""
    if rule.since < today.isoformat():
        raise BadInput("a rounding rule begins today or later: what was paid before it stays as it was paid")
    rules = {each.since: each.way.value for each in (*rounding(connection, area), rule)}
    write_setting(connection, area, ROUNDING, json.dumps(rules))


def add_agent(connection: Connection, area: AreaId, card: OperatorCard) -> None:
    """List a member of staff in every bundle from now on; naming them again changes nothing."""
    row = {"area": area, "id": card.id, "full_name": card.name, "role": card.role.value}
    insert_new(connection, agent, [row | {"public_key": card.public_key, "disabled": False, "number": ""}])


def agents(connection: Connection, area: AreaId) -> tuple[OperatorCard, ...]:
    """The staff that bundles list."""
    found = select(agent).where(agent.c.area == area, agent.c.disabled.is_(False)).order_by(agent.c.id)
    rows = connection.execute(found).mappings()
    return tuple(
        OperatorCard(OperatorId(row["id"]), row["full_name"], OperatorRole(row["role"]), row["public_key"])
        for row in rows
    )
