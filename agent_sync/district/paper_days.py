"""A lost kit's day, entered again from the codes of its end-of-day list (protocol §16).

Each row is the kit's own signed word, so it counts like a payout; two officers say where the paper came from. It is
kept as what it is: a row of its own beside the journals, on a branch that no chain has. When the kit's journal comes
after all and says the same, its payout takes the row's place; when it says something else, both stay: a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from agent_sync.district import former_keys, ids, standing_data
from agent_sync.district.cases import Case, CaseKind, open_cases, settled_itself
from agent_sync.district.database import Database, insert_new
from agent_sync.district.home import Home
from agent_sync.district.ids import short
from agent_sync.district.schema import (
    claim as claimed,
)
from agent_sync.district.schema import (
    entitlement,
    entry,
    lease,
    paper_payout,
    payout,
    payout_line,
    person,
    stand_in,
)
from agent_sync.district.states import LeaseState, PaperDoubt, PaperState, PayoutPhase, WitnessState
from agent_sync.district.words import VIETNAM
from kiosk.exchange import claim as claims
from kiosk.exchange.keys import verify
from kiosk.payout.journal import payout_id
from kiosk.payout.names import AreaId, DeviceId, Epoch, Mode
from kiosk.payout.rounding import payable

PAPER = -1
"""The branch of payouts that stand on paper alone; journals count theirs from 0."""
MAX_ROWS = 2_000
AGREED = "Sổ của máy đã về và khớp với bảng kê giấy."
_DONE = {PayoutPhase.COMPLETED.value, PayoutPhase.REVERSED.value}
_SCANNER_SAYS = "QR-Code:"
"""What zbarimg and zbarcam put before a code unless they are told not to."""

Row = dict[str, Any]


class Verdict(StrEnum):
    """What a scanned row is to the books."""

    NEW = "new"
    KNOWN = "known"
    """The kit's journal says so already."""
    ENTERED = "entered"
    """This row was entered from paper before."""
    DIFFERS = "differs"
    """Genuine, and the books or the leases say something else: entered and asked about."""
    NO_PROOF = "no_proof"


_TO_ENTER = (Verdict.NEW, Verdict.DIFFERS)


@dataclass(frozen=True, slots=True)
class Judged:
    """One scanned code and what is known of it. ``refusal``: why it is no proof."""

    text: str
    verdict: Verdict
    claim: claims.Claim | None = None
    doubts: tuple[PaperDoubt, ...] = ()
    leases: tuple[Row, ...] = ()
    refusal: str = ""

    def to_json(self) -> Row:
        """For officers: no citizen number, as on the paper."""
        shown: Row = {"verdict": self.verdict.value, "doubts": [each.value for each in self.doubts]}
        if self.claim is None:
            return shown | {"refusal": self.refusal, "text": self.text[:40]}
        return shown | {
            "number": number_of(self.claim), "day": self.claim.day.isoformat(), "total_vnd": self.claim.total,
            "recipient": self.leases[0]["full_name"] if self.leases else "",
        }  # fmt: skip


def number_of(claim: claims.Claim) -> str:
    """The receipt's number, which is the payout's id."""
    return payout_id(claim.device, claim.epoch, claim.sequence)


def codes_in(lines: Iterable[str]) -> list[str]:
    """Scanned codes, one a line, each once; empty lines are passed over, the rest is bounded."""
    found: dict[str, None] = {}
    for line in lines:
        text = line[: claims.MAX_TEXT + 1].strip().removeprefix(_SCANNER_SAYS)
        if text and len(found) < MAX_ROWS:
            found[text] = None
    return list(found)


def enter(
    database: Database, connection: Connection, home: Home, codes: Iterable[str], officers: tuple[str, str] | None
) -> list[Judged]:
    """Hold every code against keys, journals, leases and claims; the verdicts. Safe to repeat.

    What is new is entered, together with what does not fit, when two ``officers`` answer for the paper (the caller
    has checked them); with None nothing is written.
    """
    books, judged = _Books(connection, home), []
    for text in codes:
        each = books.judge(text)
        judged.append(each)
        if officers is not None and each.claim is not None and each.verdict in _TO_ENTER:
            _write(database, connection, home, each, each.claim, officers)
    return judged


# -- judging -----------------------------------------------------------------------------------------------------


class _Books:
    """What the district knows, asked row by row: a row may contradict the one before."""

    def __init__(self, connection: Connection, home: Home) -> None:
        self._connection, self._home, self._area = connection, home, home.area
        self._tags: dict[DeviceId, dict[bytes, Row]] = {}

    def judge(self, text: str) -> Judged:
        """One scanned code."""
        found = claims.verify_claim(text, lambda kit, epoch: key_of(self._connection, self._area, kit, epoch))
        if isinstance(found, claims.ClaimRefusal):
            return Judged(text, Verdict.NO_PROOF, refusal=found.value)
        leases = self._leases(found)
        known = self._known(found)
        if known is not None:
            return Judged(text, known, found, leases=leases)
        doubts = tuple(self._doubts(found, leases))
        return Judged(text, Verdict.DIFFERS if doubts else Verdict.NEW, found, doubts, leases)

    def _known(self, claim: claims.Claim) -> Verdict | None:
        """ENTERED or KNOWN when the books hold just this payout."""
        mine = (paper_payout.c.area == self._area) & (paper_payout.c.id == short(number_of(claim)))
        same = mine & (paper_payout.c.entry == claim.entry.hex())
        if self._connection.execute(select(paper_payout.c.id).where(same)).first() is not None:
            return Verdict.ENTERED
        return Verdict.KNOWN if set(self._ends(claim)) & _DONE else None

    def _ends(self, claim: claims.Claim) -> list[str]:
        """What journals say became of the very payout that the row names."""
        mine = (payout.c.area == self._area) & (payout.c.id == short(number_of(claim))) & (payout.c.branch != PAPER)
        rows = self._connection.execute(select(payout.c.state, payout.c.total, payout.c.hash).where(mine))
        return [row.state for row in rows if row.total == claim.total and row.hash.startswith(claim.entry.hex())]

    def _leases(self, claim: claims.Claim) -> tuple[Row, ...]:
        """The leases that a row names by their tags, among those this device was ever given."""
        if claim.device not in self._tags:
            self._tags[claim.device] = _tagged(self._connection, self._area, claim.device)
        tags = self._tags[claim.device]
        return tuple(self._in_notes(tags[tag], claim) for tag in claim.leases if tag in tags)

    def _in_notes(self, row: Row, claim: claims.Claim) -> Row:
        """The leased sum as the rounding rules of that day had it paid."""
        paid = payable(row["amount"], standing_data.rounding(self._connection, self._area), claim.day)
        return row if paid is None else row | {"amount": paid, "rounding": row["amount"] - paid}

    def _doubts(self, claim: claims.Claim, leases: tuple[Row, ...]) -> Iterable[PaperDoubt]:
        if self._journal_differs(claim):
            yield PaperDoubt.JOURNAL
        if len(leases) != len(claim.leases) or not leases:
            yield PaperDoubt.LEASE_UNKNOWN
        elif sum(row["amount"] for row in leases) != claim.total:
            yield PaperDoubt.SUM
        if any((row["device"], row["state"]) != (claim.device, LeaseState.LIVE.value) for row in leases):
            yield PaperDoubt.LEASE_NOT_HELD
        owed = claimed.c.entitlement.in_([row["entitlement"] for row in leases])
        if self._connection.execute(select(claimed.c.payout).where(claimed.c.area == self._area, owed)).first():
            yield PaperDoubt.PAID_ELSEWHERE
        if not _counted(self._home, claim):
            yield PaperDoubt.MODE

    def _journal_differs(self, claim: claims.Claim) -> bool:
        """Another entry stands under this number, or the same payout ended without cash."""
        mine = (entry.c.area == self._area) & (entry.c.device == claim.device) & (entry.c.epoch == claim.epoch)
        rows = self._connection.execute(select(entry.c.hash).where(mine & (entry.c.sequence == claim.sequence)))
        other = any(not row.hash.startswith(claim.entry.hex()) for row in rows)
        return other or PayoutPhase.VOIDED.value in self._ends(claim)


def key_of(connection: Connection, area: AreaId, kit: DeviceId, epoch: Epoch) -> claims.Verify | None:
    """How to check a device's signature; a lost one is revoked and still was who it was."""
    public = former_keys.signing_key(connection, area, kit, epoch)
    return None if public is None else lambda signature, message: verify(public, signature, message)


def _tagged(connection: Connection, area: AreaId, kit: DeviceId) -> dict[bytes, Row]:
    """Every lease that a device was ever given, or named for, by the tag that its rows would carry."""
    joined = lease.join(entitlement, (entitlement.c.area == lease.c.area) & (entitlement.c.id == lease.c.entitlement))
    joined = joined.join(person, (person.c.area == lease.c.area) & (person.c.id == entitlement.c.recipient))
    named = select(stand_in.c.lease).where(stand_in.c.area == area, stand_in.c.stand_in == kit)
    mine = (lease.c.area == area) & or_(lease.c.device == kit, lease.c.id.in_(named))
    columns = (
        lease.c.id, lease.c.device, lease.c.state, lease.c.amount, lease.c.entitlement, entitlement.c.recipient,
        entitlement.c.programme, entitlement.c.kind, entitlement.c.period, person.c.full_name,
    )  # fmt: skip
    rows = connection.execute(select(*columns).select_from(joined).where(mine)).mappings()
    return {claims.lease_tag(row["id"]): dict(row) for row in rows}


def _counted(home: Home, claim: claims.Claim) -> bool:
    """Practice is no money in production nor the other way round, and a simulated card pays nothing there (M8)."""
    practice = home.settings.mode is Mode.PRACTICE
    return claim.practice == practice and (practice or not claim.simulated)


def told(judged: list[Judged], *, entered: bool) -> Row:
    """All verdicts and their counts as plain JSON; ``total_vnd`` over what is, or would be, entered."""
    counts = {verdict.value: sum(each.verdict is verdict for each in judged) for verdict in Verdict}
    fresh = [each.claim.total for each in judged if each.claim is not None and each.verdict in _TO_ENTER]
    rows = [each.to_json() for each in judged]
    return counts | {"rows": rows, "written": entered, "total_vnd": sum(fresh)}


def text(answer: Row) -> str:
    """The same for a console: a line a row, then what was done."""
    lines = [_row_text(row) for row in answer["rows"]]
    fresh = answer[Verdict.NEW.value] + answer[Verdict.DIFFERS.value]
    done = "entered" if answer["written"] else "to enter (nothing is written without --second)"
    known = answer[Verdict.KNOWN.value] + answer[Verdict.ENTERED.value]
    last = f"{fresh} {done}, {answer['total_vnd']} đ; {answer['differs']} of them contradict; {known} there already"
    return "\n".join([*lines, f"{last}; {answer['no_proof']} no proof"])


def _row_text(row: Row) -> str:
    if "number" not in row:
        return f"no_proof\t{row['refusal']}\t{row['text']}"
    doubts = f"\t{', '.join(row['doubts'])}" if row["doubts"] else ""
    return f"{row['verdict']}\t{row['number']}\t{row['day']}\t{row['total_vnd']} đ\t{row['recipient']}{doubts}"


# -- entering ----------------------------------------------------------------------------------------------------


def _write(
    database: Database, connection: Connection, home: Home, judged: Judged, claim: claims.Claim,
    officers: tuple[str, str],
) -> None:  # fmt: skip
    name, mark = short(number_of(claim)), claim.entry.hex()
    at = int(datetime.combine(claim.day, time(12), VIETNAM).timestamp())
    month = ids.month_of(at)
    row = {"area": home.area, "id": name, "entry": mark, "device": claim.device, "epoch": claim.epoch}
    row |= {"sequence": claim.sequence, "day": claim.day.isoformat(), "total": claim.total, "claim": judged.text}
    row |= {"state": PaperState.ENTERED.value, "entered_at": ids.now(connection)}
    if not insert_new(connection, paper_payout, [row | {"entered_by": officers[0], "second": officers[1]}]):
        return
    database.ensure_months(connection, {month})
    counted = _counted(home, claim)
    key = {"area": home.area, "month": month}
    insert_new(connection, payout, [key | _payout(claim, judged, at, counted=counted)])
    insert_new(connection, payout_line, [key | _line(name, mark, each) for each in judged.leases])
    if counted:
        _spend(connection, home.area, claim, judged.leases)
        same = {"area": home.area, "payout": name, "hash": mark, "device": claim.device, "session": "", "operator": ""}
        insert_new(
            connection, claimed, [same | {"entitlement": each["entitlement"], "at": at} for each in judged.leases]
        )
    open_cases(connection, home.area, _cases(claim, judged, officers))


def _payout(claim: claims.Claim, judged: Judged, at: int, *, counted: bool) -> Row:
    """A completed payout of which the paper says no more than its code does: no payee, no level, no chip."""
    return {
        "id": short(number_of(claim)), "hash": claim.entry.hex(), "device": claim.device, "epoch": claim.epoch,
        "sequence": claim.sequence, "at": at, "session": "", "operator": "",
        "recipient": judged.leases[0]["recipient"] if judged.leases else "", "payee": "", "role": "",
        "total": claim.total, "level": "", "simulated": claim.simulated, "counted": counted,
        "state": PayoutPhase.COMPLETED.value, "settled_at": at, "witness": WitnessState.NONE.value,
        "witness_reason": "", "evidence": None, "branch": PAPER,
    }  # fmt: skip


def _line(name: str, mark: str, row: Row) -> Row:
    return {
        "payout": name, "hash": mark, "entitlement": row["entitlement"], "lease": row["id"],
        "programme": row["programme"], "kind": row["kind"], "period": row["period"], "amount": row["amount"],
        "rounding": row.get("rounding", 0),
    }  # fmt: skip


def _spend(connection: Connection, area: AreaId, claim: claims.Claim, leases: tuple[Row, ...]) -> None:
    """What the device held and has paid is granted to nobody again (M1)."""
    held = lease.c.id.in_([each["id"] for each in leases]) & (lease.c.device == claim.device)
    mine = (lease.c.area == area) & held & (lease.c.state == LeaseState.LIVE.value)
    connection.execute(update(lease).where(mine).values(state=LeaseState.SPENT.value))


def _cases(claim: claims.Claim, judged: Judged, officers: tuple[str, str]) -> list[Case]:
    """One for each payout: on paper alone until the kit's journal comes or somebody has found out."""
    name = short(number_of(claim))
    detail: Row = {"amount_vnd": claim.total, "day": claim.day.isoformat(), "officers": list(officers)}
    found = [Case(CaseKind.FROM_PAPER, f"{name}/{claim.entry.hex()}", claim.device, payout=name, detail=detail)]
    if judged.doubts:
        detail = {"amount_vnd": claim.total, "doubts": [each.value for each in judged.doubts]}
        found.append(_differs(name, claim.entry.hex(), claim.device, detail))
    return found


def _differs(name: str, mark: str, kit: str, detail: Row) -> Case:
    return Case(CaseKind.PAPER_DIFFERS, f"{name}/{mark}", kit, payout=name, detail=detail)


# -- when the kit's own journal comes ----------------------------------------------------------------------------


def is_on_paper(connection: Connection, area: AreaId, name: str, digest: str) -> bool:
    """True when just this payout was entered from paper: then it finds its leases spent by itself."""
    mine = (paper_payout.c.area == area) & (paper_payout.c.id == name)
    here = mine & (paper_payout.c.entry == digest[: 2 * claims.ENTRY_BYTES])
    return connection.execute(select(paper_payout.c.id).where(here)).first() is not None


def make_way(
    connection: Connection, area: AreaId, entries: Sequence[tuple[Any, ...]], settled: Iterable[Row]
) -> list[Case]:
    """Journals came: what paper said of the same payouts makes way for them, or is asked about.

    ``entries`` are rows in the order of the table's columns; ``settled`` payouts whose end was told.
    """
    kits = {each[2] for each in entries}
    waits = (paper_payout.c.area == area) & (paper_payout.c.state == PaperState.ENTERED.value)
    papers = connection.execute(select(paper_payout).where(waits & paper_payout.c.device.in_(kits))).mappings().all()
    if not papers:
        return []
    ends = {(row["id"], row["hash"][: 2 * claims.ENTRY_BYTES]): row for row in settled}
    hashes: dict[tuple[Any, ...], list[str]] = {}
    for each in entries:
        hashes.setdefault(each[2:5], []).append(each[5])
    cases = []
    for paper in papers:
        end = ends.get((paper["id"], paper["entry"]))
        others = hashes.get((paper["device"], paper["epoch"], paper["sequence"]), ())
        if end is not None and end["state"] in _DONE and end["total"] == paper["total"]:
            _replace(connection, area, paper["id"], paper["entry"])
        elif end is not None or any(not each.startswith(paper["entry"]) for each in others):
            detail = {"amount_vnd": paper["total"], "doubts": [PaperDoubt.JOURNAL.value]}
            cases.append(_differs(paper["id"], paper["entry"], paper["device"], detail))
    return cases


def _replace(connection: Connection, area: AreaId, name: str, mark: str) -> None:
    """The payout is counted once: the signed paper stays on record, its rows in the books go."""
    lines = (payout_line.c.area == area) & (payout_line.c.payout == name) & (payout_line.c.hash == mark)
    connection.execute(delete(payout_line).where(lines))
    mine = (payout.c.area == area) & (payout.c.id == name) & (payout.c.branch == PAPER)
    connection.execute(delete(payout).where(mine & (payout.c.hash == mark)))
    taken = (claimed.c.area == area) & (claimed.c.payout == name) & (claimed.c.hash == mark)
    connection.execute(delete(claimed).where(taken))
    here = (paper_payout.c.area == area) & (paper_payout.c.id == name) & (paper_payout.c.entry == mark)
    connection.execute(update(paper_payout).where(here).values(state=PaperState.MATCHED.value))
    settled_itself(connection, area, CaseKind.FROM_PAPER, f"{name}/{mark}", AGREED)


# -- proving it again --------------------------------------------------------------------------------------------


def problems(connection: Connection, area: AreaId) -> tuple[int, int, list[str]]:
    """Payouts on paper alone: how many, their sum in đồng, and what does not hold, from the signed text alone."""
    same = (paper_payout.c.area == payout.c.area) & (paper_payout.c.id == payout.c.id)
    same &= paper_payout.c.entry == payout.c.hash
    columns = (payout.c.id, payout.c.hash, payout.c.total, payout.c.counted, paper_payout.c.claim)
    found = select(*columns).select_from(payout.outerjoin(paper_payout, same))
    mine = (payout.c.area == area) & (payout.c.branch == PAPER)
    rows = connection.execute(found.where(mine).order_by(payout.c.id)).all()
    bad = [row.id for row in rows if not _still_proves(connection, area, row)]
    total = sum(row.total for row in rows if row.counted)
    return len(rows), total, [f"payout {name}: its paper does not prove it" for name in bad]


def _still_proves(connection: Connection, area: AreaId, row: Any) -> bool:
    if row.claim is None:
        return False
    claim = claims.verify_claim(row.claim, lambda kit, epoch: key_of(connection, area, kit, epoch))
    if isinstance(claim, claims.ClaimRefusal):
        return False
    return (short(number_of(claim)), claim.entry.hex(), claim.total) == (row.id, row.hash, row.total)
