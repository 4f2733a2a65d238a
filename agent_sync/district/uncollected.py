"""Who has not collected: after three months in a row the law suspends (Circular 02/2021), so nobody is left to that.

One month alerts the office, after two a visit at home is proposed, from the third on suspension is near. An ill
woman was cut off because nobody looked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select, text

from agent_sync.district.schema import OFFICE_KINDS, claim, entitlement, entry, person, recipient
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId, Kind, Method, Period, Programme

MONTHS_OF_VISITS = 4
"""How far back the reason of a visit is looked for."""


class Stage(StrEnum):
    """What is due now."""

    ALERT = "alert"
    HOME_VISIT = "home_visit"
    SUSPENSION = "suspension"


@dataclass(frozen=True, slots=True)
class Uncollected:
    """A recipient, a programme, and the months in a row up to the last one that nobody collected."""

    person: str
    name: str
    programme: Programme
    periods: tuple[str, ...]
    """Oldest first, ``YYYY-MM``."""
    place: str
    phone: str
    deceased_on: str | None
    reason: str = ""
    """What the newest visit said, if anybody went."""

    @property
    def months(self) -> int:
        """How many in a row."""
        return len(self.periods)

    @property
    def stage(self) -> Stage:
        """One: alert. Two: somebody goes there. Three: the third month is the last."""
        return (Stage.ALERT, Stage.HOME_VISIT, Stage.SUSPENSION)[min(self.months, 3) - 1]


def found(connection: Connection, area: AreaId, today: date) -> list[Uncollected]:
    """Everybody with a finished month that nobody collected, the longest first."""
    last = _month_before(f"{today:%Y-%m}")
    open_: dict[tuple[str, str], set[str]] = defaultdict(set)
    people: dict[str, Any] = {}
    for row in connection.execute(_open(area, last)).mappings():
        open_[row["person"], row["programme"]].add(row["period"])
        people[row["person"]] = row
    runs = {key: _run(periods, last) for key, periods in open_.items()}
    reasons = _reasons(connection, area, today, {who for (who, _), run in runs.items() if run})
    rows = [_row(people[who], programme, run, reasons.get(who, "")) for (who, programme), run in runs.items() if run]
    return sorted(rows, key=lambda each: (-each.months, each.place, each.name, each.programme))


def _open(area: AreaId, last: str) -> Any:
    """Monthly cash up to the last finished month that no completed payout claims."""
    paid = select(claim.c.entitlement).where(claim.c.area == area, claim.c.entitlement == entitlement.c.id).exists()
    who = (person.c.area == entitlement.c.area) & (person.c.id == entitlement.c.recipient)
    where = (recipient.c.area == entitlement.c.area) & (recipient.c.person == entitlement.c.recipient)
    mine = (entitlement.c.area == area) & (entitlement.c.method == Method.CASH.value) & entitlement.c.held.is_(False)
    mine &= (entitlement.c.kind == Kind.MONTHLY.value) & (entitlement.c.period <= last) & ~paid
    mine &= recipient.c.deceased_on.is_(None) | (entitlement.c.period <= func.substr(recipient.c.deceased_on, 1, 7))
    columns = (entitlement.c.recipient.label("person"), entitlement.c.programme, entitlement.c.period)
    told = (person.c.full_name, recipient.c.hamlet, recipient.c.address, recipient.c.phone, recipient.c.phone_owner)
    joined = entitlement.join(person, who).join(recipient, where)
    return select(*columns, *told, recipient.c.deceased_on).select_from(joined).where(mine)


def _run(periods: set[str], last: str) -> tuple[str, ...]:
    """The months in a row that end with the last finished one; none when that one was collected."""
    run: list[str] = []
    while last in periods:
        run.insert(0, last)
        last = _month_before(last)
    return tuple(run)


def _month_before(period: str) -> str:
    at = Period.parse(period)
    return str(Period(at.year, at.month - 1) if at.month > 1 else Period(at.year - 1, 12))


def _row(told: Any, programme: str, run: tuple[str, ...], reason: str) -> Uncollected:
    place = ", ".join(each for each in (told["hamlet"], told["address"]) if each)
    phone = " · ".join(each for each in (told["phone"], told["phone_owner"]) if each)
    return Uncollected(
        told["person"], told["full_name"], Programme(programme), run, place, phone, told["deceased_on"], reason
    )


def _reasons(connection: Connection, area: AreaId, today: date, wanted: set[str]) -> dict[str, str]:
    """What the newest visit to each of these people said."""
    since = Period(today.year - (today.month <= MONTHS_OF_VISITS), (today.month - MONTHS_OF_VISITS - 1) % 12 + 1)
    mine = (entry.c.area == area) & (entry.c.kind == j.VisitUnpaid.TAG) & text(OFFICE_KINDS)
    mine &= entry.c.month >= since.year * 100 + since.month
    visits = connection.execute(select(entry.c.body).where(mine).order_by(entry.c.at))
    facts: Iterable[j.Fact] = (j.decode(body).fact for (body,) in visits)
    told = (each for each in facts if isinstance(each, j.VisitUnpaid) and each.recipient in wanted)
    return {each.recipient: each.reason.value for each in told}
