"""Which chips signed what (plan §4.4): one key under two persons, or one challenge twice, voids what it signed.

Eight bytes of challenge are all that the standard has, and a card that answers for two people was copied or lent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.sql import ColumnElement

from agent_sync.district import staff
from agent_sync.district.cases import Case, CaseKind
from agent_sync.district.database import among, chunks, insert_new
from agent_sync.district.ids import short
from agent_sync.district.schema import chip_challenge, chip_key, payout
from agent_sync.district.states import WitnessState
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId


class ChipKeys:
    """The signatures of one batch, settled at its end."""

    def __init__(self, connection: Connection, area: AreaId) -> None:
        self._connection = connection
        self._area = area
        self._people: dict[tuple[str, str], dict[str, Any]] = {}
        self._signed: list[dict[str, Any]] = []

    def signed(self, entry: j.Entry, digest: str, fact: j.PayoutAuthorised) -> None:
        """A chip's signature over a payout, the payee's own or, for an override, the supervisor's."""
        if entry.witness is None:
            return
        key, who = short(entry.witness.key, 64), short(staff.signer(self._connection, self._area, fact), 60)
        at = {"area": self._area, "key": key}
        self._people.setdefault((key, who), at | {"person": who, "first_seen": entry.at})
        self._signed.append(at | {"challenge": short(entry.witness.challenge, 16), "entry": digest})

    def settle(self) -> list[Case]:
        """Write the keys, void what cannot be believed; the cases found."""
        insert_new(self._connection, chip_key, list(self._people.values()))
        insert_new(self._connection, chip_challenge, self._signed)
        found: list[Case] = []
        for chunk in chunks(sorted({key for key, _ in self._people})):
            found += _shared_keys(self._connection, self._area, chunk)
            found += _repeated_challenges(self._connection, self._area, chunk)
        return found


def _shared_keys(connection: Connection, area: AreaId, keys: Sequence[str]) -> list[Case]:
    """A case for every chip key that stands under two persons; its witnesses are void."""
    mine = (chip_key.c.area == area) & among(connection, chip_key.c.key, keys)
    found = select(chip_key.c.key, chip_key.c.person).where(mine)
    people: dict[str, list[str]] = {}
    for key, person in connection.execute(found):
        people.setdefault(key, []).append(person)
    shared = {key: sorted(persons) for key, persons in people.items() if len(persons) > 1}
    for key in shared:
        _void(connection, area, select(chip_challenge.c.entry).where(_key_is(area, key)), "shared_chip_key")
    return [Case(CaseKind.SHARED_CHIP_KEY, key, detail={"persons": persons}) for key, persons in shared.items()]


def _repeated_challenges(connection: Connection, area: AreaId, keys: Sequence[str]) -> list[Case]:
    """A case for every (key, challenge) that stands under two entries; both witnesses are void."""
    mine = (chip_challenge.c.area == area) & among(connection, chip_challenge.c.key, keys)
    seen: dict[tuple[str, str], list[str]] = {}
    for key, challenge, digest in connection.execute(
        select(chip_challenge.c.key, chip_challenge.c.challenge, chip_challenge.c.entry).where(mine)
    ):
        seen.setdefault((key, challenge), []).append(digest)
    cases = []
    for (key, challenge), entries in seen.items():
        if len(entries) > 1:
            _void(connection, area, entries, "repeated_challenge")
            detail = {"key": key, "entries": sorted(entries)}
            cases.append(Case(CaseKind.REPEATED_CHALLENGE, f"{key}{challenge}", detail=detail))
    return cases


def _key_is(area: AreaId, key: str) -> ColumnElement[bool]:
    return (chip_challenge.c.area == area) & (chip_challenge.c.key == key)


def _void(connection: Connection, area: AreaId, entries: Any, reason: str) -> None:
    mine = (payout.c.area == area) & payout.c.hash.in_(entries)
    values = {"witness": WitnessState.VOID.value, "witness_reason": reason}
    connection.execute(update(payout).where(mine).values(**values))
