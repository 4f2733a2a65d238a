"""From journal facts to rows that officers and rules can ask: payouts, their lines, leases, cases.

Nothing here refuses a fact (M6): what does not fit opens a case. Work is gathered for a whole batch
of segments and written with few statements, because a country's morning comes in batches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.sql import ColumnElement

from agent_sync.district import ids, leases, orders, paper_days
from agent_sync.district.cases import Case, CaseKind, open_cases
from agent_sync.district.chip_keys import ChipKeys
from agent_sync.district.database import Database, among, bulk_insert, chunks
from agent_sync.district.ids import LAST_HOUR, short
from agent_sync.district.lease_check import LeaseCheck
from agent_sync.district.overrides import OverrideCheck
from agent_sync.district.revoked import Revoked
from agent_sync.district.schema import device, entry, payout, payout_line
from agent_sync.district.states import PayoutPhase, WitnessState
from kiosk.payout import journal as j
from kiosk.payout.code_facts import FREE_TRIES
from kiosk.payout.evidence import CardDoubt
from kiosk.payout.key_facts import KeyChange, KeysChanged
from kiosk.payout.names import AreaId, Mode, Outcome, PayoutId, RefusalKey, UnpaidReason, WitnessKind

NO_MONTH = 0
MAX_CHOICE = 300
"""Characters of a statement's closed words."""

Key = tuple[str, int]
"""(payout id, branch)."""


def month(at: int) -> int:
    """The partition of an hour; 0 for one that no calendar of ours has."""
    return ids.month_of(at) if 0 <= at < LAST_HOUR else NO_MONTH


class Placed(NamedTuple):
    """An entry, its hash and canonical bytes, and the branch of its chain that it stands on (0 is the trunk)."""

    entry: j.Entry
    hash: str
    branch: int
    body: bytes


@dataclass(slots=True)
class _Pending:
    """A payout row and whether it must be inserted or updated."""

    row: dict[str, Any]
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    is_new: bool = False
    changed: bool = False


class Projection:
    """One batch of entries of one area, applied in order and written by `flush`."""

    def __init__(self, database: Database, connection: Connection, area: AreaId, mode: Mode) -> None:
        self._database = database
        self._connection = connection
        self._area = area
        self._mode = mode
        self._entries: list[tuple[Any, ...]] = []
        self._months: set[int] = set()
        self._payouts: dict[Key, _Pending] = {}
        self._kits: set[tuple[str, int]] = set()
        """Whose open payouts were read already."""
        self._cases: list[Case] = []
        self._revoked = Revoked(connection, area)
        self._leases = LeaseCheck(connection, area, self._revoked)
        self._chips = ChipKeys(connection, area)
        self._overrides = OverrideCheck(connection, area)
        self._openings: list[tuple[j.Entry, j.EpochOpened]] = []

    def apply(self, placed: list[Placed]) -> None:
        """Take in entries in the order of their chain."""
        self._load(placed)
        for each in placed:
            self._entries.append(self._entry_row(each))
            if month(each.entry.at) == NO_MONTH:
                self._clock_case(each)
            self._fact(each)

    def flush(self) -> None:
        """Write everything gathered. Call once, inside the transaction that locked the device."""
        new = [each for each in self._payouts.values() if each.is_new]
        changed = [each for each in self._payouts.values() if each.changed and not each.is_new]
        lines = [line for each in new for line in each.lines]
        self._database.ensure_months(self._connection, self._months)
        bulk_insert(self._connection, entry, self._entries)
        bulk_insert(self._connection, payout, [tuple(map(each.row.__getitem__, _PAYOUT)) for each in new])
        bulk_insert(self._connection, payout_line, lines)
        self._update([each.row for each in changed])
        self._cases += paper_days.make_way(self._connection, self._area, self._entries, self._ended())
        self._cases += self._leases.settle()
        for it, fact in self._openings:
            leases.after_epoch(self._connection, self._area, it, fact)
        self._cases += self._chips.settle() + self._overrides.settle()
        open_cases(self._connection, self._area, self._cases)

    def _ended(self) -> Iterable[dict[str, Any]]:
        ended = (each for each in self._payouts.values() if each.changed)
        return (each.row for each in ended if each.row["state"] != PayoutPhase.UNCERTAIN.value)

    def case(self, case: Case) -> None:
        """Add a case that the caller found."""
        self._cases.append(case)

    # -- facts ---------------------------------------------------------------------------------

    def _fact(self, placed: Placed) -> None:  # noqa: C901, PLR0912 - one arm a fact that moves a row
        fact = placed.entry.fact
        match fact:
            case j.EpochOpened():
                self._opened_epoch(placed, fact)
            case j.DeviceStarted():
                self._restarted(placed)
            case j.FloorLowered() | j.DeviceStopped():
                orders.taken(self._connection, self._area, placed.entry.device, fact.order, placed.entry.at)
            case j.BundleAccepted():
                self._bundle_held(placed, fact)
            case j.PayoutAuthorised():
                self._authorised(placed, fact)
            case j.PayoutRefused(key=RefusalKey.ANOTHER_PERSON):
                detail = {"person": fact.recipient}
                self._fact_case(CaseKind.CARD_DOUBT, placed, fact.session, fact.operator, detail=detail)
            case j.PayoutCompleted():
                self._settle(placed, fact.payout, PayoutPhase.COMPLETED)
            case j.PayoutVoided():
                self._voided(placed, fact)
            case j.UncertainResolved():
                self._resolved(placed, fact)
            case j.PayoutReversed():
                self._settle(placed, fact.payout, PayoutPhase.REVERSED)
                self._fact_case(CaseKind.REVERSAL, placed, fact.session, fact.operator, fact.payout)
            case j.LeaseReleased():
                self._leases.release(placed.entry, fact.lease)
            case j.LeaseTaken():
                self._leases.take(placed.entry, fact.lease)
            case j.StatementTaken():
                self._said(placed, fact)
            case j.SessionClosed():
                self._closed(placed, fact)
            case j.CodeRefused() if fact.tries >= FREE_TRIES:
                tried: dict[str, Any] = {"code": fact.kind.value, "key": fact.key.value, "tries": fact.tries}
                self._fact_case(CaseKind.CODES_TRIED, placed, operator=fact.operator, detail=tried)
            case KeysChanged(change=KeyChange.SLOT_LOCKED):
                self._fact_case(CaseKind.SLOT_LOCKED, placed, operator=fact.operator, detail={"told_by": fact.by})
            case j.VisitUnpaid(reason=UnpaidReason.DECEASED):
                told = {"person": fact.recipient, "told_by": fact.note}
                self._fact_case(CaseKind.DEATH_REPORTED, placed, fact.session, fact.operator, detail=told)
            case _:
                pass

    def _opened_epoch(self, placed: Placed, fact: j.EpochOpened) -> None:
        if fact.mode is not self._mode or fact.area != self._area:
            detail = {"area": fact.area, "mode": fact.mode.value}
            self._fact_case(CaseKind.MODE_DIFFERS, placed, detail=detail)
        self._openings.append((placed.entry, fact))
        orders.taken(self._connection, self._area, placed.entry.device, fact.order, placed.entry.at)

    def _restarted(self, placed: Placed) -> None:
        """A kit that came up again does not know what became of an open payout (M2)."""
        mine = (placed.entry.device, placed.entry.epoch)
        for pending in self._payouts.values():
            here = (pending.row["device"], pending.row["epoch"]) == mine
            if here and pending.row["state"] == PayoutPhase.OPEN.value:
                pending.row["state"] = PayoutPhase.UNCERTAIN.value
                pending.changed = True

    def _bundle_held(self, placed: Placed, fact: j.BundleAccepted) -> None:
        mine = (device.c.area == self._area) & (device.c.id == placed.entry.device)
        values = {"bundle_held": fact.version, "revocation_held": fact.revocation_serial}
        values |= {"reported_incarnation": fact.incarnation}
        self._connection.execute(update(device).where(mine).values(**values))

    def _authorised(self, placed: Placed, fact: j.PayoutAuthorised) -> None:
        pending = _Pending(self._payout_row(placed, fact), is_new=True)
        pending.lines = [self._line_row(placed, fact, line) for line in fact.lines]
        self._payouts[short(fact.payout), placed.branch] = pending
        if _odd(placed.entry, fact):
            self._fact_case(CaseKind.IMPOSSIBLE_FACT, placed, fact.session, fact.operator, fact.payout)
        if not pending.row["counted"]:
            self._fact_case(CaseKind.SIMULATED_IN_PRODUCTION, placed, fact.session, fact.operator, fact.payout)
        doubts = [each.value for each in fact.doubts if each is not CardDoubt.LIST_SPELLING]
        if doubts:
            detail = {"person": fact.payee, "doubts": doubts}
            self._fact_case(CaseKind.CARD_DOUBT, placed, fact.session, fact.operator, fact.payout, detail)
        self._cases += self._revoked.cases(placed.entry, fact)
        for line in fact.lines:
            self._leases.authorised(placed.entry, placed.hash, fact, line)
        self._chips.signed(placed.entry, placed.hash, fact)
        self._overrides.authorised(placed.entry, placed.hash, fact)

    def _voided(self, placed: Placed, fact: j.PayoutVoided) -> None:
        pending = self._settle(placed, fact.payout, PayoutPhase.VOIDED)
        if pending is not None and fact.counted is not None:
            self._payout_case(CaseKind.VOID_AFTER_CASH, placed, pending, {"reason": fact.reason.value})

    def _resolved(self, placed: Placed, fact: j.UncertainResolved) -> None:
        paid = fact.outcome is Outcome.PAID
        pending = self._settle(placed, fact.payout, PayoutPhase.COMPLETED if paid else PayoutPhase.VOIDED)
        if pending is not None:
            detail = {"outcome": fact.outcome.value, "counted_vnd": fact.counted}
            self._payout_case(CaseKind.UNCERTAIN_RESOLVED, placed, pending, detail)

    def _said(self, placed: Placed, fact: j.StatementTaken) -> None:
        """Somebody waits for an answer. The words themselves come as an attachment, and are opened by an officer."""
        detail = {"person": short(fact.recipient, 60), "about": fact.about.value}
        if fact.choice:
            detail["choice"] = fact.choice[:MAX_CHOICE]
        if fact.words is not None:
            detail["words"] = short(fact.words, 64)
        if fact.signature is not None:
            detail["signature"] = short(fact.signature, 64)
        self._fact_case(CaseKind.STATEMENT, placed, fact.session, fact.operator, detail=detail)

    def _closed(self, placed: Placed, fact: j.SessionClosed) -> None:
        if fact.variance:
            detail = {"variance_vnd": fact.variance, "reason": fact.reason.value, "note": fact.note}
            self._fact_case(CaseKind.CASH_VARIANCE, placed, fact.session, fact.operator, detail=detail)

    def _settle(self, placed: Placed, which: PayoutId, phase: PayoutPhase) -> _Pending | None:
        key = (short(which), placed.branch)
        pending = self._payouts.get(key) or self._payouts.get((key[0], 0))
        if pending is None:
            self._fact_case(CaseKind.IMPOSSIBLE_FACT, placed, payout_id=which)
            return None
        pending.row["state"] = phase.value
        pending.row["settled_at"] = placed.entry.at
        pending.changed = True
        if pending.row["counted"] and phase in (PayoutPhase.COMPLETED, PayoutPhase.REVERSED):
            self._leases.paid(pending.row, completed=phase is PayoutPhase.COMPLETED)
        return pending

    def _clock_case(self, placed: Placed) -> None:
        """An hour that no calendar of ours has: once an epoch, or a broken clock would fill the page."""
        it = placed.entry
        about, detail = f"{it.device}/{it.epoch}", {"sequence": it.sequence, "at": it.at}
        self._cases.append(Case(CaseKind.BAD_CLOCK, about, it.device, detail=detail))

    # -- rows ----------------------------------------------------------------------------------

    def _entry_row(self, placed: Placed) -> tuple[Any, ...]:
        """In the order of the table's columns."""
        it = placed.entry
        at = month(it.at)
        self._months.add(at)
        return (
            self._area, at, it.device, it.epoch, it.sequence, placed.hash, it.fact.TAG, it.at, placed.branch,
            placed.body,
        )  # fmt: skip

    def _payout_row(self, placed: Placed, fact: j.PayoutAuthorised) -> dict[str, Any]:
        it = placed.entry
        chip = j.witness_kind(it.witness) is WitnessKind.CHIP
        return {
            "area": self._area, "month": month(it.at), "id": short(fact.payout), "hash": placed.hash,
            "device": it.device, "epoch": it.epoch, "sequence": it.sequence, "at": it.at,
            "session": short(fact.session), "operator": short(fact.operator, 40),
            "recipient": short(fact.recipient, 60), "payee": short(fact.payee, 60), "role": fact.role.value,
            "total": fact.total, "level": fact.level.value, "simulated": fact.simulated,
            "counted": not (fact.simulated and self._mode is Mode.PRODUCTION),
            "state": PayoutPhase.OPEN.value, "settled_at": None,
            "witness": (WitnessState.PENDING if chip else WitnessState.NONE).value, "witness_reason": "",
            "evidence": None if fact.evidence is None else short(fact.evidence, 64), "branch": placed.branch,
        }  # fmt: skip

    def _line_row(self, placed: Placed, fact: j.PayoutAuthorised, line: j.AuthorisedLine) -> tuple[Any, ...]:
        """In the order of the table's columns."""
        return (
            self._area, month(placed.entry.at), short(fact.payout), placed.hash, short(line.entitlement),
            short(line.lease), line.programme.value, line.kind.value, short(line.period, 7), line.amount,
            line.rounding or 0,
        )  # fmt: skip

    # -- the database --------------------------------------------------------------------------

    def _load(self, placed: list[Placed]) -> None:
        """Payouts of earlier batches that these facts speak of, and those still open on the kit.

        What was authorised within this batch is not on record yet; on an honest kit that is nearly everything.
        """
        facts = [each.entry.fact for each in placed]
        named = {short(fact.payout) for fact in facts if isinstance(fact, _SETTLING)}
        here = {short(fact.payout) for fact in facts if isinstance(fact, j.PayoutAuthorised)}
        for chunk in chunks(sorted(named - here - {key[0] for key in self._payouts})):
            self._take(among(self._connection, payout.c.id, chunk))
        pending = payout.c.state.in_((PayoutPhase.OPEN.value, PayoutPhase.UNCERTAIN.value))
        kits = {(each.entry.device, each.entry.epoch) for each in placed}
        for kit, epoch in sorted(kits - self._kits):
            self._take((payout.c.device == kit) & (payout.c.epoch == epoch) & pending)
        self._kits |= kits

    def _take(self, condition: ColumnElement[bool]) -> None:
        rows = self._connection.execute(select(payout).where(payout.c.area == self._area, condition))
        for row in rows.mappings():
            self._payouts.setdefault((row["id"], row["branch"]), _Pending(dict(row)))

    def _update(self, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        statement = update(payout).where(
            payout.c.area == bindparam("k_area"), payout.c.id == bindparam("k_id"),
            payout.c.hash == bindparam("k_hash"), payout.c.month == bindparam("k_month"),
        )  # fmt: skip
        statement = statement.values(state=bindparam("v_state"), settled_at=bindparam("v_settled"))
        self._connection.execute(statement, [_update_row(row) for row in rows])

    # -- cases ---------------------------------------------------------------------------------

    def _fact_case(
        self,
        kind: CaseKind,
        placed: Placed,
        session: str = "",
        operator: str = "",
        payout_id: str = "",
        detail: dict[str, Any] | None = None,
    ) -> None:
        place = {"epoch": placed.entry.epoch, "sequence": placed.entry.sequence}
        case = Case(
            kind, about=placed.hash, device=placed.entry.device, session=short(session),
            operator=short(operator, 40), payout=short(payout_id), detail=place | (detail or {}),
        )  # fmt: skip
        self._cases.append(case)

    def _payout_case(self, kind: CaseKind, placed: Placed, pending: _Pending, detail: dict[str, Any]) -> None:
        row = pending.row
        self._fact_case(kind, placed, row["session"], row["operator"], row["id"], detail)


_PAYOUT = tuple(payout.columns.keys())
_SETTLING = (j.PayoutCompleted, j.PayoutVoided, j.UncertainResolved, j.PayoutReversed)


def _update_row(row: dict[str, Any]) -> dict[str, Any]:
    keys = {f"k_{name}": row[name] for name in ("area", "id", "hash", "month")}
    return keys | {"v_state": row["state"], "v_settled": row["settled_at"]}


def _odd(it: j.Entry, fact: j.PayoutAuthorised) -> bool:
    """An authorisation that no honest kit writes."""
    ids_of_lines = [line.entitlement for line in fact.lines]
    named = fact.payout == j.payout_id(it.device, it.epoch, it.sequence)
    once = bool(ids_of_lines) and len(set(ids_of_lines)) == len(ids_of_lines)
    sums = fact.total == sum(line.amount for line in fact.lines) and all(line.amount > 0 for line in fact.lines)
    return not (named and once and sums and (fact.device, fact.epoch) == (it.device, it.epoch))
