"""What revoked devices, people and chips still report: kept like any cash fact and asked about (M6).

A device's own hour says nothing here: whoever holds a stolen kit holds its keys. Everything that the district
first hears after the revocation is asked about once a session, also what an honest kit sends late. For a member
of staff and for a chip the entry's hour decides, because the device that wrote it was not taken away.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import Connection, select

from agent_sync.district import former_keys, standing_data
from agent_sync.district.cases import Case, CaseKind
from agent_sync.district.errors import Unknown
from agent_sync.district.ids import short
from agent_sync.district.schema import chip_key, person
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId, DeviceId


class Revoked:
    """The revocations of an area, read once for a batch."""

    def __init__(self, connection: Connection, area: AreaId) -> None:
        rows = standing_data.revocations(connection, area)
        self._since = {each.subject: int(each.since) for each in rows}
        self._again = former_keys.newest(connection, area)

    def holds(self, device: DeviceId, epoch: int) -> bool:
        """True for a revoked device, or one in whose place another came: no lease moves by its word."""
        return self._since_when(device, epoch) is not None

    def _since_when(self, device: DeviceId, epoch: int) -> int | None:
        first, at = self._again.get(device, (0, 0))
        return at if epoch < first else self._since.get(f"device:{device}")

    def cases(self, entry: j.Entry, fact: j.PayoutAuthorised) -> list[Case]:
        """What to ask about one payout: its device, its operator, the chip that signed it, or nothing."""
        if not (self._since or self._again):
            return []
        device, operator = self._since_when(entry.device, entry.epoch), self._since.get(f"operator:{fact.operator}")
        found = [] if device is None else [_case(CaseKind.REVOKED_DEVICE, entry, fact, device)]
        if operator is not None and entry.at >= operator:
            found.append(_case(CaseKind.REVOKED_OPERATOR, entry, fact, operator))
        chip = None if entry.witness is None else self._since.get(f"chip:{entry.witness.key}")
        if chip is not None and entry.at >= chip:
            found.append(replace(_case(CaseKind.REVOKED_CHIP, entry, fact, chip), about=str(fact.payout)))
        return found


def subjects(connection: Connection, area: AreaId, asked: str) -> tuple[str, ...]:
    """What an officer means: ``chip:`` and a citizen number is every chip key that was seen with that person.

    Raises Unknown when no card of theirs was read here.
    """
    number = re.fullmatch(r"chip:([0-9]{12})", asked)
    return (asked,) if number is None else tuple(f"chip:{key}" for key in _chips_of(connection, area, number[1]))


def _chips_of(connection: Connection, area: AreaId, number: str) -> tuple[str, ...]:
    same = (person.c.area == chip_key.c.area) & (person.c.id == chip_key.c.person)
    mine = (chip_key.c.area == area) & (person.c.number == number)
    found = connection.execute(select(chip_key.c.key).select_from(chip_key.join(person, same)).where(mine)).scalars()
    keys = tuple(sorted(found))
    if not keys:
        raise Unknown("no card of this person was read here yet: tell the chip by its digest")
    return keys


def _case(kind: CaseKind, entry: j.Entry, fact: j.PayoutAuthorised, since: int) -> Case:
    """One a session: the same about, the same case."""
    return Case(
        kind, about=f"{entry.device}/{entry.epoch}/{fact.session}/{fact.operator}", device=entry.device,
        session=short(fact.session), operator=short(fact.operator, 40), payout=short(fact.payout),
        detail={"revoked_at": since, "first_paid_at": int(entry.at)},
    )  # fmt: skip
