"""Holding what kits say against the leases that were granted (plan §6, M1, M6).

A payout without a live lease is kept and counted like any other, and opens a case: cash that left a
drawer has left it. A lease is spent by the first completed payout and freed by its reversal, and by
nobody but its holder: a foreign or revoked device that names it changes nothing about who may be paid.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, select, update

from agent_sync.district import paper_days, stand_ins, standing_data
from agent_sync.district.cases import Case, CaseKind
from agent_sync.district.database import among, chunks, insert_new
from agent_sync.district.ids import LAST_HOUR, short
from agent_sync.district.revoked import Revoked
from agent_sync.district.schema import claim, lease, payout_line
from agent_sync.district.states import LeaseState
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId, DeviceId, UnixSeconds, Vnd
from kiosk.payout.rounding import RoundingRule, payable
from kiosk.payout.rules import local_day


class _Claimed(NamedTuple):
    """One line of one authorisation."""

    entry: j.Entry
    hash: str
    fact: j.PayoutAuthorised
    line: j.AuthorisedLine


class Line(NamedTuple):
    """What a line pays, and under which lease."""

    entitlement: str
    lease: str


Row = dict[str, Any]
Key = tuple[str, str]
"""(payout id, hash of its authorisation)."""


class LeaseCheck:
    """Gathers the claims of a batch and settles them at its end."""

    def __init__(self, connection: Connection, area: AreaId, revoked: Revoked) -> None:
        self._connection = connection
        self._area = area
        self._revoked = revoked
        self._claimed: list[_Claimed] = []
        self._completed: dict[Key, Row] = {}
        self._reversed: dict[Key, Row] = {}
        self._lines: dict[Key, list[Line]] = {}
        self._released: dict[str, j.Entry] = {}
        self._taken: dict[str, j.Entry] = {}

    def authorised(self, entry: j.Entry, digest: str, fact: j.PayoutAuthorised, line: j.AuthorisedLine) -> None:
        """A line that a kit was about to pay."""
        self._claimed.append(_Claimed(entry, digest, fact, line))
        at = (short(fact.payout), digest)
        self._lines.setdefault(at, []).append(Line(short(line.entitlement), short(line.lease)))

    def paid(self, row: dict[str, Any], *, completed: bool) -> None:
        """A counted payout was completed, or reversed."""
        (self._completed if completed else self._reversed)[row["id"], row["hash"]] = row

    def release(self, entry: j.Entry, lease_id: str) -> None:
        """A kit gave a lease up to a stand-in."""
        self._released[short(lease_id)] = entry

    def take(self, entry: j.Entry, lease_id: str) -> None:
        """A stand-in took a lease over by its code."""
        self._taken[short(lease_id)] = entry

    def settle(self) -> list[Case]:
        """Write the leases' new states (payout rows must be written already); the cases found."""
        self._load_lines({*self._completed, *self._reversed} - self._lines.keys())
        named = {line.lease for lines in self._lines.values() for line in lines}
        self._hand_over_taken()
        granted = self._granted(named | set(self._released))
        cases = self._against_grants(granted, self._rules())
        self._move(self._held(self._completed, granted), LeaseState.LIVE, LeaseState.SPENT)
        self._move(self._held(self._reversed, granted), LeaseState.SPENT, LeaseState.REVERSED)
        self._give_up(self._given_up(granted))
        return cases + self._claims()

    def _hand_over_taken(self) -> None:
        """Whoever typed the code was told it: the holder's own entry may come later, over a worse line."""
        for which, entry in self._taken.items():
            named = stand_ins.named_for(self._connection, self._area, which)
            if named is not None and named[0] == entry.device and not self._revoked.holds(entry.device, entry.epoch):
                stand_ins.hand_over(self._connection, self._area, which, (entry.device, entry.epoch))

    def _give_up(self, leases: set[str]) -> None:
        """To the named stand-in, still locked for everybody else; without one the lease is free again."""
        for which in sorted(leases):
            named = stand_ins.named_for(self._connection, self._area, which)
            if named is None:
                self._move({which}, LeaseState.LIVE, LeaseState.RELEASED)
            else:
                stand_ins.hand_over(self._connection, self._area, which, named)

    # -- grants --------------------------------------------------------------------------------

    def _rules(self) -> tuple[RoundingRule, ...]:
        """The district's rounding rules; read only when somebody rounded."""
        rounded = any(each.line.rounding for each in self._claimed)
        return standing_data.rounding(self._connection, self._area) if rounded else ()

    def _against_grants(self, granted: dict[str, Any], rules: tuple[RoundingRule, ...]) -> list[Case]:
        found = ((each, self._trouble(each, granted.get(short(each.line.lease)), rules)) for each in self._claimed)
        return [_case(kind, each) for each, kind in found if kind is not None]

    def _trouble(self, claim: _Claimed, granted: Any, rules: tuple[RoundingRule, ...]) -> CaseKind | None:
        """The first thing that does not fit between a claim and its lease."""
        if granted is None or granted.entitlement != short(claim.line.entitlement):
            return CaseKind.NO_LEASE
        if granted.device != claim.entry.device or granted.epoch != claim.entry.epoch:
            return CaseKind.LEASE_OTHER_DEVICE
        if not _sum_holds(claim, granted.amount, rules):
            return CaseKind.SUM_DIFFERS
        if granted.state != LeaseState.LIVE.value and not self._spent_on_paper(claim, granted):
            return CaseKind.LEASE_NOT_LIVE
        return CaseKind.LEASE_EXPIRED if claim.entry.at > granted.expires_at else None

    def _spent_on_paper(self, claim: _Claimed, granted: Any) -> bool:
        """The very payout was entered from the end-of-day list before its journal came."""
        spent = granted.state == LeaseState.SPENT.value
        return spent and paper_days.is_on_paper(self._connection, self._area, short(claim.fact.payout), claim.hash)

    def _granted(self, wanted: set[str]) -> dict[str, Any]:
        rows: dict[str, Any] = {}
        columns = (lease.c.id, lease.c.entitlement, lease.c.device, lease.c.epoch, lease.c.amount)
        for chunk in chunks(sorted(wanted)):
            mine = (lease.c.area == self._area) & among(self._connection, lease.c.id, chunk)
            found = select(*columns, lease.c.state, lease.c.expires_at).where(mine)
            rows |= {row[0]: row for row in self._connection.execute(found)}
        return rows

    def _move(self, leases: set[str], before: LeaseState, after: LeaseState) -> None:
        for chunk in chunks(sorted(leases)):
            mine = (lease.c.area == self._area) & (lease.c.state == before.value)
            mine &= among(self._connection, lease.c.id, chunk)
            self._connection.execute(update(lease).where(mine).values(state=after.value))

    def _held(self, payouts: dict[Key, Row], granted: dict[str, Any]) -> set[str]:
        """The leases of these payouts that the paying device held itself, for just that entitlement."""
        return {
            line.lease for each, row in payouts.items() for line in self._lines.get(each, ())
            if self._is_holder(granted.get(line.lease), row["device"], row["epoch"])
            and granted[line.lease].entitlement == line.entitlement
        }  # fmt: skip

    def _given_up(self, granted: dict[str, Any]) -> set[str]:
        released = self._released.items()
        return {which for which, it in released if self._is_holder(granted.get(which), it.device, it.epoch)}

    def _is_holder(self, lease_row: Any, device: str, epoch: int) -> bool:
        if lease_row is None or self._revoked.holds(DeviceId(device), epoch):
            return False
        return bool((lease_row.device, lease_row.epoch) == (device, epoch))

    # -- M1 over all devices -------------------------------------------------------------------

    def _load_lines(self, payouts: set[Key]) -> None:
        """Lines of payouts that were authorised in an earlier batch."""
        columns = (payout_line.c.payout, payout_line.c.hash, payout_line.c.entitlement, payout_line.c.lease)
        for chunk in chunks(sorted({each for each, _ in payouts})):
            mine = (payout_line.c.area == self._area) & payout_line.c.payout.in_(chunk)
            for which, digest, owed, held in self._connection.execute(select(*columns).where(mine)):
                self._lines.setdefault((which, digest), []).append(Line(owed, held))

    def _claims(self) -> list[Case]:
        """Record who was paid by what, and find entitlements with more than one claim."""
        rows = [self._claim(line, row) for each, row in self._completed.items() for line in self._lines.get(each, ())]
        insert_new(self._connection, claim, rows)
        for which, digest in self._reversed:
            mine = (claim.c.area == self._area) & (claim.c.payout == which) & (claim.c.hash == digest)
            owed = claim.c.entitlement.in_([line.entitlement for line in self._lines.get((which, digest), ())])
            self._connection.execute(delete(claim).where(mine & owed))
        return self._double({row["entitlement"] for row in rows})

    def _claim(self, line: Line, row: Row) -> Row:
        names = ("hash", "device", "session", "operator", "at")
        taken = {name: row[name] for name in names}
        return {"area": self._area, "entitlement": line.entitlement, "payout": row["id"]} | taken

    def _double(self, entitlements: set[str]) -> list[Case]:
        cases: list[Case] = []
        for chunk in chunks(sorted(entitlements)):
            mine = (claim.c.area == self._area) & among(self._connection, claim.c.entitlement, chunk)
            twice = select(claim.c.entitlement).where(mine).group_by(claim.c.entitlement).having(func.count() > 1)
            for (owed,) in self._connection.execute(twice).all():
                both = (claim.c.area == self._area) & (claim.c.entitlement == owed)
                rows = self._connection.execute(select(claim).where(both)).mappings()
                cases.append(_double(owed, [dict(row) for row in rows]))
        return cases


def _sum_holds(claim: _Claimed, leased: int, rules: tuple[RoundingRule, ...]) -> bool:
    """The leased sum, or what a rule that had begun made of it: a kit may not have heard of the newest one."""
    line = claim.line
    if line.amount + (line.rounding or 0) != leased:
        return False
    day = local_day(UnixSeconds(min(max(claim.entry.at, 0), LAST_HOUR)))
    return not line.rounding or any(payable(Vnd(leased), (each,), day) == line.amount for each in rules)


def _case(kind: CaseKind, claim: _Claimed) -> Case:
    fact = claim.fact
    detail = {"lease": claim.line.lease, "amount_vnd": claim.line.amount, "period": claim.line.period}
    return Case(
        kind, about=f"{claim.hash}{claim.line.entitlement}", device=claim.entry.device, session=short(fact.session),
        operator=short(fact.operator, 40), payout=short(fact.payout), entitlement=short(claim.line.entitlement),
        detail=detail,
    )  # fmt: skip


def _double(entitlement: str, rows: list[dict[str, Any]]) -> Case:
    """The later claim is named: its lease was not the live one, or its kit had been rolled back."""
    rows = sorted(rows, key=lambda row: (row["at"], row["payout"], row["hash"]))
    last = rows[-1]
    about = entitlement + "".join(sorted(row["hash"] for row in rows))
    detail = {"payouts": [row["payout"] for row in rows]}
    return Case(
        CaseKind.DOUBLE_CLAIM, about=about, device=last["device"], session=last["session"],
        operator=last["operator"], payout=last["payout"], entitlement=entitlement, detail=detail,
    )  # fmt: skip
