"""Holding what kits say against the leases that were granted (plan §6, M1, M6).

A payout without a live lease is kept and counted like any other, and opens a case: cash that left a
drawer has left it. A lease is spent by the first completed payout and freed by its reversal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from agent_sync.district.cases import Case, CaseKind
from agent_sync.district.schema import lease, payout, payout_line
from agent_sync.district.states import LeaseState, PayoutPhase
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId

CHUNK = 400


@dataclass(frozen=True, slots=True)
class _Claimed:
    """One line of one authorisation."""

    entry: j.Entry
    hash: str
    fact: j.PayoutAuthorised
    line: j.AuthorisedLine


class LeaseCheck:
    """Gathers the claims of a batch and settles them at its end."""

    def __init__(self, connection: Connection, area: AreaId) -> None:
        self._connection = connection
        self._area = area
        self._claimed: list[_Claimed] = []
        self._completed: set[tuple[str, str]] = set()
        self._reversed: set[tuple[str, str]] = set()
        self._released: dict[str, str] = {}

    def authorised(self, entry: j.Entry, digest: str, fact: j.PayoutAuthorised, line: j.AuthorisedLine) -> None:
        """A line that a kit was about to pay."""
        self._claimed.append(_Claimed(entry, digest, fact, line))

    def paid(self, row: dict[str, Any], *, completed: bool) -> None:
        """A counted payout was completed, or reversed."""
        (self._completed if completed else self._reversed).add((row["id"], row["hash"]))

    def release(self, lease_id: str, stand_in: str) -> None:
        """A kit gave a lease up to a stand-in."""
        self._released[lease_id] = stand_in

    def settle(self) -> list[Case]:
        """Write the leases' new states (payout rows must be written already); the cases found."""
        cases = self._against_grants()
        done = self._lines(self._completed)
        self._move({row["lease"] for row in done}, LeaseState.LIVE, LeaseState.SPENT)
        back = self._lines(self._reversed)
        self._move({row["lease"] for row in back}, LeaseState.SPENT, LeaseState.REVERSED)
        self._move(set(self._released), LeaseState.LIVE, LeaseState.RELEASED)
        return cases + self._double_claims({row["entitlement"] for row in done})

    # -- grants --------------------------------------------------------------------------------

    def _against_grants(self) -> list[Case]:
        granted = self._granted({str(each.line.lease) for each in self._claimed})
        found = ((each, _trouble(each, granted.get(each.line.lease))) for each in self._claimed)
        return [_case(kind, each) for each, kind in found if kind is not None]

    def _granted(self, wanted: set[str]) -> dict[str, dict[str, Any]]:
        rows: dict[str, dict[str, Any]] = {}
        for chunk in _chunks(sorted(wanted)):
            found = select(lease).where(lease.c.area == self._area, lease.c.id.in_(chunk))
            rows |= {row["id"]: dict(row) for row in self._connection.execute(found).mappings()}
        return rows

    def _move(self, leases: set[str], before: LeaseState, after: LeaseState) -> None:
        for chunk in _chunks(sorted(leases)):
            mine = (lease.c.area == self._area) & lease.c.id.in_(chunk) & (lease.c.state == before.value)
            self._connection.execute(update(lease).where(mine).values(state=after.value))

    # -- M1 over all devices -------------------------------------------------------------------

    def _lines(self, payouts: set[tuple[str, str]]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for chunk in _chunks(sorted({each for each, _ in payouts})):
            mine = (payout_line.c.area == self._area) & payout_line.c.payout.in_(chunk)
            found = self._connection.execute(select(payout_line).where(mine)).mappings()
            rows += [dict(row) for row in found if (row["payout"], row["hash"]) in payouts]
        return rows

    def _double_claims(self, entitlements: set[str]) -> list[Case]:
        cases: list[Case] = []
        for chunk in _chunks(sorted(entitlements)):
            claims: dict[str, list[dict[str, Any]]] = {}
            for row in self._connection.execute(completed_claims(self._area, chunk)).mappings():
                claims.setdefault(row["entitlement"], []).append(dict(row))
            cases += [_double(each, rows) for each, rows in claims.items() if len(rows) > 1]
        return cases


def completed_claims(area: AreaId, entitlements: list[str]) -> Any:
    """The statement that finds every counted, completed payout of these entitlements (M1)."""
    same = (payout.c.area == payout_line.c.area) & (payout.c.month == payout_line.c.month)
    same &= (payout.c.id == payout_line.c.payout) & (payout.c.hash == payout_line.c.hash)
    columns = (payout_line.c.entitlement, payout.c.id, payout.c.device, payout.c.session)
    mine = (payout_line.c.area == area) & payout_line.c.entitlement.in_(entitlements)
    counts = payout.c.counted.is_(True) & (payout.c.state == PayoutPhase.COMPLETED.value)
    statement = select(*columns, payout.c.operator, payout.c.at).select_from(payout_line.join(payout, same))
    return statement.where(mine & counts)


def _trouble(claim: _Claimed, granted: dict[str, Any] | None) -> CaseKind | None:
    """The first thing that does not fit between a claim and its lease."""
    if granted is None or granted["entitlement"] != claim.line.entitlement:
        return CaseKind.NO_LEASE
    if granted["device"] != claim.entry.device or granted["epoch"] != claim.entry.epoch:
        return CaseKind.LEASE_OTHER_DEVICE
    if granted["amount"] != claim.line.amount:
        return CaseKind.SUM_DIFFERS
    if granted["state"] != LeaseState.LIVE.value:
        return CaseKind.LEASE_NOT_LIVE
    if claim.entry.at > granted["expires_at"]:
        return CaseKind.LEASE_EXPIRED
    return None


def _case(kind: CaseKind, claim: _Claimed) -> Case:
    fact = claim.fact
    detail = {"lease": claim.line.lease, "amount_vnd": claim.line.amount, "period": claim.line.period}
    return Case(
        kind, about=f"{claim.hash}{claim.line.entitlement}", device=claim.entry.device, session=fact.session[:80],
        operator=fact.operator[:40], payout=fact.payout[:80], entitlement=claim.line.entitlement[:80], detail=detail,
    )  # fmt: skip


def _double(entitlement: str, rows: list[dict[str, Any]]) -> Case:
    """The later claim is named: its lease was not the live one, or its kit had been rolled back."""
    rows = sorted(rows, key=lambda row: (row["at"], row["id"]))
    last = rows[-1]
    about = entitlement + "".join(sorted(row["id"] for row in rows))
    detail = {"payouts": [row["id"] for row in rows]}
    return Case(
        CaseKind.DOUBLE_CLAIM, about=about, device=last["device"], session=last["session"],
        operator=last["operator"], payout=last["id"], entitlement=entitlement, detail=detail,
    )  # fmt: skip


def _chunks(items: list[str]) -> Iterable[list[str]]:
    return (items[i : i + CHUNK] for i in range(0, len(items), CHUNK))
