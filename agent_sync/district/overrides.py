"""Overrides as the district holds them: its caps, each device's key, and every payout held against both (plan §6).

What a device wrote is counted like any other cash (M6). A code that no officer said, a card that is no supervisor's,
or a sum over the caps opens a case; nobody but the district can count over all devices.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, update

from agent_sync.district import staff, standing_data
from agent_sync.district.cases import Case, CaseKind
from agent_sync.district.database import insert_new
from agent_sync.district.errors import BadInput
from agent_sync.district.ids import short
from agent_sync.district.schema import override_given, override_key, payout
from agent_sync.district.states import PayoutPhase
from kiosk.payout import journal as j
from kiosk.payout.evidence import Override
from kiosk.payout.names import MAX_AMOUNT, AreaId, ConsentWay, DeviceId, Level, Vnd
from kiosk.payout.overrides import DAY_SECONDS, RECENT_SECONDS, VIETNAM_SECONDS, vietnam_day

SETTING = "override_caps"
MAX_TIMES = 92
KEY_BYTES = 32
_OUT = (PayoutPhase.OPEN.value, PayoutPhase.UNCERTAIN.value, PayoutPhase.COMPLETED.value)


@dataclass(frozen=True, slots=True)
class Caps:
    """What the district allows; nothing until it says otherwise."""

    payout: Vnd = Vnd(0)
    day: Vnd = Vnd(0)
    """Of one agent."""
    times: int = 0
    """Of one recipient, within 92 days."""


def caps(connection: Connection, area: AreaId) -> Caps:
    """The caps in force."""
    return Caps(**json.loads(standing_data.read_setting(connection, area, SETTING, "{}")))


def set_caps(connection: Connection, area: AreaId, wanted: Caps) -> None:
    """Other caps from the next bundle on. Raises BadInput."""
    sums = 0 <= wanted.payout <= wanted.day <= MAX_AMOUNT
    if not (sums and 0 <= wanted.times <= MAX_TIMES):
        raise BadInput(f"a payout's cap is at most the day's, and a recipient comes up to {MAX_TIMES} times")
    standing_data.write_setting(connection, area, SETTING, json.dumps(asdict(wanted)))


def key_of(connection: Connection, area: AreaId, device: DeviceId) -> str:
    """The device's key as 64 hexadecimal digits, made when it is first asked for. Call in a write transaction."""
    row = {"area": area, "device": device, "key": secrets.token_hex(KEY_BYTES)}
    insert_new(connection, override_key, [row])
    mine = (override_key.c.area == area) & (override_key.c.device == device)
    return str(connection.execute(select(override_key.c.key).where(mine)).scalar_one())


class _Seen(NamedTuple):
    entry: j.Entry
    hash: str
    fact: j.PayoutAuthorised
    override: Override


class OverrideCheck:
    """Gathers the overrides of a batch and settles them once their payouts are written."""

    def __init__(self, connection: Connection, area: AreaId) -> None:
        self._connection = connection
        self._area = area
        self._seen: list[_Seen] = []

    def authorised(self, entry: j.Entry, digest: str, fact: j.PayoutAuthorised) -> None:
        """A payout that may be an override."""
        if fact.override is not None:
            self._seen.append(_Seen(entry, digest, fact, fact.override))

    def settle(self) -> list[Case]:
        """The cases found."""
        allowed = caps(self._connection, self._area)
        return [case for each in self._seen for case in (*self._consent(each), *self._over(each, allowed))]

    # -- who agreed ----------------------------------------------------------------------------

    def _consent(self, seen: _Seen) -> list[Case]:
        if seen.override.way is ConsentWay.CARD:
            why = self._card_trouble(seen)
            return [] if why is None else [_case(CaseKind.OVERRIDE_NOT_SUPERVISOR, seen, {"why": why})]
        why = self._code_trouble(seen)
        return [] if why is None else [_case(CaseKind.OVERRIDE_NOT_GIVEN, seen, {"why": why})]

    def _card_trouble(self, seen: _Seen) -> str | None:
        """The card's signature itself is the witness worker's to check."""
        by = seen.override.given_by
        if by == seen.fact.operator:
            return "own_consent"
        if staff.card_of(self._connection, self._area, by) is None:
            return "no_supervisor"
        gone = {each.subject: each.since for each in standing_data.revocations(self._connection, self._area)}
        if gone.get(f"operator:{by}", seen.entry.at + 1) <= seen.entry.at:
            return "revoked"
        return "no_signature" if seen.entry.witness is None else None

    def _code_trouble(self, seen: _Seen) -> str | None:
        device, request = seen.entry.device, short(seen.override.request, 12)
        mine = (override_given.c.area == self._area) & (override_given.c.device == device)
        mine &= override_given.c.request == request
        row = self._connection.execute(select(override_given).where(mine)).mappings().first()
        if row is None:
            return "never_given"
        if row["consent"] != seen.override.consent:
            return "wrong_code"
        if (row["recipient"], row["total"]) != (seen.fact.recipient, seen.fact.total):
            return "given_for_something_else"
        if row["used_by"] not in ("", seen.hash):
            return "used_twice"
        self._connection.execute(update(override_given).where(mine).values(used_by=seen.hash))
        return None

    # -- how much ------------------------------------------------------------------------------

    def _over(self, seen: _Seen, allowed: Caps) -> list[Case]:
        """Over every device and agent; what was voided or taken back does not count."""
        at, fact = seen.entry.at, seen.fact
        midnight = vietnam_day(at) * DAY_SECONDS - VIETNAM_SECONDS
        day = (payout.c.at >= midnight) & (payout.c.at < midnight + DAY_SECONDS)
        recent = (payout.c.at > at - RECENT_SECONDS) & (payout.c.at <= at)
        sums, times = func.coalesce(func.sum(payout.c.total), 0), func.count()
        over = {
            "payout": fact.total > allowed.payout,
            "day": self._total(sums, day & (payout.c.operator == short(fact.operator, 40))) > allowed.day,
            "times": self._total(times, recent & (payout.c.recipient == short(fact.recipient, 60))) > allowed.times,
        }
        found = [name for name, holds in over.items() if holds]
        return [_case(CaseKind.OVERRIDE_OVER_CAP, seen, {"caps": found, "amount_vnd": fact.total})] if found else []

    def _total(self, what: Any, which: Any) -> int:
        mine = (payout.c.area == self._area) & payout.c.counted.is_(True) & (payout.c.level == Level.C.value)
        return int(self._connection.execute(select(what).where(mine & payout.c.state.in_(_OUT) & which)).scalar_one())


def _case(kind: CaseKind, seen: _Seen, detail: dict[str, Any]) -> Case:
    fact = seen.fact
    return Case(
        kind, about=seen.hash, device=seen.entry.device, session=short(fact.session),
        operator=short(fact.operator, 40), payout=short(fact.payout), detail=detail | {"recipient": fact.recipient},
    )  # fmt: skip
