"""`tannha-district verify`: everything the district believes, proved again from what it keeps.

Chains, device signatures, chip witnesses and cash equations are recomputed from stored bytes; no
verdict of intake is taken on trust. Open cases are counted apart: a case is a question, a problem
is a proof that something does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from agent_sync.district import former_keys, paper_days, trusts, witness
from agent_sync.district.cases import CaseState
from agent_sync.district.database import Database
from agent_sync.district.home import Home
from agent_sync.district.key_acts import KeyActs
from agent_sync.district.schema import case_table, chain, device, entry, payout, payout_line, segment
from agent_sync.district.states import PayoutPhase, SegmentState, WitnessState
from hardware.card.trust import TrustStore
from kiosk.exchange import segment as segments
from kiosk.exchange.errors import ExchangeError
from kiosk.payout import canonical
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId, Sequence
from kiosk.payout.standing import ImpossibleFact, Standing, stand

PAGE = 2_000


@dataclass(slots=True)
class Verification:
    """What was checked, and every problem as one line that names where it is."""

    area: str
    mode: str
    devices: int = 0
    entries: int = 0
    segments: int = 0
    payouts: int = 0
    completed: int = 0
    completed_vnd: int = 0
    from_paper: int = 0
    from_paper_vnd: int = 0
    reversed: int = 0
    open_or_uncertain: int = 0
    sessions_closed: int = 0
    cash_variance_vnd: int = 0
    chip_witnesses: int = 0
    chip_witness_verified: int = 0
    chip_witness_pending: int = 0
    chip_witness_shredded: int = 0
    """Nothing is left to prove them again with: the evidence was destroyed when its time was over."""
    chip_witness_shredded_verified: int = 0
    """Of these, the ones that were proved while it was there."""
    waiting_segments: int = 0
    cases: int = 0
    cases_by_kind: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def chain_verified(self) -> bool:
        """True when no problem of any kind was found."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """Plain JSON with ``chain_verified`` beside the counts."""
        return asdict(self) | {"chain_verified": self.chain_verified}


def verify(home: Home, database: Database) -> Verification:
    """Check the whole area. Memory is bounded by one device's standing."""
    report = Verification(home.area, home.settings.mode.value)
    with database.read() as connection:
        trust = trusts.store(connection, home.area)
        kits = select(device).where(device.c.area == home.area).order_by(device.c.id)
        for row in [dict(row) for row in connection.execute(kits).mappings()]:
            report.devices += 1
            _device(connection, home, row, report)
        _payouts(connection, home, trust, report)
        report.from_paper, report.from_paper_vnd, bad = paper_days.problems(connection, home.area)
        report.problems += bad
        _double(connection, home.area, report)
        _counts(connection, home.area, report)
    return report


def _device(connection: Connection, home: Home, kit: dict[str, Any], report: Verification) -> None:
    mine = (chain.c.area == home.area) & (chain.c.device == kit["id"])
    before: Standing | None = None
    acts = KeyActs()
    again = {each.epoch: each for each in former_keys.changes(connection, home.area, kit["id"])}
    rows = connection.execute(select(chain).where(mine).order_by(chain.c.epoch)).mappings()
    for at in [dict(row) for row in rows if row["next"]]:
        if change := again.get(at["epoch"]):  # another kit under the old name: keys, people and leases are new
            before, acts = None, KeyActs()
            _follows(connection, home.area, kit["id"], change, report)
        following = _following(connection, home.area, kit["id"], at["epoch"], report)
        before = _epoch(connection, home, kit, at, _Around(before, following, acts), report)


def _follows(connection: Connection, area: AreaId, kit: str, change: former_keys.Change, report: Verification) -> None:
    """A kit that was enrolled again names the end of its forerunner as the district had it."""
    mine = (entry.c.area == area) & (entry.c.device == kit) & (entry.c.epoch == change.epoch)
    body = connection.execute(
        select(entry.c.body).where(mine & (entry.c.sequence == 0) & (entry.c.branch == 0))
    ).scalar()
    fact = None if body is None else j.decode(body).fact
    named = (fact.previous_epoch, fact.previous_head) if isinstance(fact, j.EpochOpened) else None
    if named != (change.previous_epoch, change.previous_head):
        report.problems.append(f"{kit} epoch {change.epoch}: it was enrolled again and does not say after what")


@dataclass(frozen=True, slots=True)
class _Around:
    """What lies around an epoch: the standing it follows, how the next one was opened, who held keys."""

    before: Standing | None
    following: j.EpochOpened | None
    acts: KeyActs

    @property
    def border(self) -> str | None:
        """Head at which the next epoch was ordered."""
        return None if self.following is None else self.following.previous_head


def _following(
    connection: Connection, area: AreaId, kit: str, epoch: int, report: Verification
) -> j.EpochOpened | None:
    """How the next epoch was opened; the device's own end of the old one must be on record, on whatever branch."""
    mine = (entry.c.area == area) & (entry.c.device == kit)
    first = mine & (entry.c.sequence == 0) & (entry.c.branch == 0) & (entry.c.epoch > epoch)
    body = connection.execute(select(entry.c.body).where(first).order_by(entry.c.epoch).limit(1)).scalar()
    fact = None if body is None else j.decode(body).fact
    if not isinstance(fact, j.EpochOpened):
        return None
    own = select(entry.c.hash).where(mine & (entry.c.hash == fact.own_head))
    if fact.own_head != j.GENESIS and connection.execute(own).first() is None:
        report.problems.append(f"{kit}: the epoch after {epoch} follows an entry that never came")
    return fact


def _epoch(
    connection: Connection, home: Home, kit: dict[str, Any], at: dict[str, Any], around: _Around,
    report: Verification,
) -> Standing | None:  # fmt: skip
    """Chain, cash equations (M4), signatures and acts on keys of one epoch; its standing where the next was ordered.

    What came in after that order, late or from a copy, belongs to the chain but not to what the next could carry.
    """
    where = f"{kit['id']} epoch {at['epoch']}"
    heads: dict[int, str] = {}
    ordered: Standing | None = None
    standing: Standing | None = None
    try:
        trunk = _signed_acts(_trunk(connection, home.area, kit["id"], at["epoch"]), around.acts, where, report)
        entries = _recorded(trunk, heads)
        ordered = stand(_until(entries, heads, around.border), around.before)
        standing = stand(entries, ordered)
    except (j.BrokenChain, ImpossibleFact, canonical.EncodingFault) as error:
        report.problems.append(f"{where}, entry {len(heads) - 1}: {error}")
    report.entries += len(heads)
    if standing is not None and (standing.head, standing.next_sequence) != (at["head"], at["next"]):
        report.problems.append(f"{where}: the recorded head is not the chain's head")
    _signatures(connection, home.area, kit, at["epoch"], heads, report)
    if standing is not None:
        report.sessions_closed += len(standing.closed_sessions)
    return ordered


def _until(entries: Iterator[j.Entry], heads: dict[int, str], border: str | None) -> Iterator[j.Entry]:
    """Entries up to the one whose hash is ``border``; all of them without one."""
    for each in entries:
        yield each
        if heads[len(heads) - 1] == border:
            return


def _signed_acts(
    entries: Iterator[j.Entry], acts: KeyActs, where: str, report: Verification
) -> Iterator[j.Entry]:  # fmt: skip
    """Pass entries on, checking who signed each change of keys."""
    for each in entries:
        if wrong := acts.see(each):
            report.problems.append(f"{where}, entry {each.sequence}: {wrong}")
        yield each


def _recorded(entries: Iterator[j.Entry], heads: dict[int, str]) -> Iterator[j.Entry]:
    """Pass entries on, remembering each one's own hash; the chain itself is checked by the fold."""
    previous = j.GENESIS
    for each in entries:
        previous = j.check_chain([each], previous, Sequence(len(heads)))
        heads[len(heads)] = previous
        yield each


def _trunk(connection: Connection, area: AreaId, kit: str, epoch: int) -> Iterator[j.Entry]:
    mine = (entry.c.area == area) & (entry.c.device == kit) & (entry.c.epoch == epoch) & (entry.c.branch == 0)
    first = 0
    while True:
        page = select(entry.c.sequence, entry.c.hash, entry.c.body).where(mine & (entry.c.sequence >= first))
        rows = connection.execute(page.order_by(entry.c.sequence).limit(PAGE)).all()
        for sequence, digest, body in rows:
            each = j.decode(body)
            if each.hash != digest:
                raise j.BrokenChain(f"the stored bytes of entry {sequence} were changed")
            yield each
        if len(rows) < PAGE:
            return
        first = rows[-1][0] + 1


def _signatures(
    connection: Connection, area: AreaId, kit: dict[str, Any], epoch: int, heads: dict[int, str], report: Verification
) -> None:
    """Every trunk entry must lie below a head that the device signed."""
    mine = (segment.c.area == area) & (segment.c.device == kit["id"]) & (segment.c.epoch == epoch)
    signed = -1
    key = former_keys.signing_key(connection, area, kit["id"], epoch) or b""
    for row in connection.execute(select(segment).where(mine).order_by(segment.c.first)).mappings():
        report.segments += 1
        if row["state"] == SegmentState.WAITING.value:
            report.waiting_segments += 1
            continue
        try:
            header = segments.verify_segment(row["data"], key)
        except ExchangeError as error:
            report.problems.append(f"{kit['id']} epoch {epoch}, segment {row['first']}: {error.key.value}")
            continue
        if heads.get(header.last) == header.head_hash:
            signed = max(signed, header.last)
    if heads and signed < max(heads):
        report.problems.append(f"{kit['id']} epoch {epoch}: entries after {signed} carry no signature")


def _payouts(connection: Connection, home: Home, trust: TrustStore, report: Verification) -> None:
    mine = payout.c.area == home.area
    for row in connection.execute(select(payout).where(mine).order_by(payout.c.id)).mappings():
        report.payouts += 1
        report.open_or_uncertain += row["state"] in (PayoutPhase.OPEN.value, PayoutPhase.UNCERTAIN.value)
        report.reversed += row["state"] == PayoutPhase.REVERSED.value
        if row["state"] == PayoutPhase.COMPLETED.value and row["counted"]:
            report.completed += 1
            report.completed_vnd += row["total"]
        _witness(connection, home.area, dict(row), trust, report)


def _witness(
    connection: Connection, area: AreaId, row: dict[str, Any], trust: TrustStore, report: Verification
) -> None:
    if row["witness"] == WitnessState.NONE.value:
        return
    report.chip_witnesses += 1
    if row["witness"] == WitnessState.VOID.value:
        return
    verdict = witness.judge(connection, area, row, trust)
    report.chip_witness_verified += verdict.state is WitnessState.VERIFIED
    if verdict.state is WitnessState.PENDING and verdict.reason == witness.SHREDDED:
        report.chip_witness_shredded += 1
        report.chip_witness_shredded_verified += row["witness"] == WitnessState.VERIFIED.value
    else:
        report.chip_witness_pending += verdict.state is WitnessState.PENDING
    if verdict.state is WitnessState.FAILED:
        report.problems.append(f"payout {row['id']}: the chip's signature does not hold ({verdict.reason})")


def _double(connection: Connection, area: AreaId, report: Verification) -> None:
    """M1 over every device: completed − reversed <= 1 for each entitlement."""
    mine = payout_line.c.area == area
    same = (payout.c.area == payout_line.c.area) & (payout.c.month == payout_line.c.month)
    same &= (payout.c.id == payout_line.c.payout) & (payout.c.hash == payout_line.c.hash)
    counts = payout.c.counted.is_(True) & (payout.c.state == PayoutPhase.COMPLETED.value)
    grouped = select(payout_line.c.entitlement).select_from(payout_line.join(payout, same)).where(mine & counts)
    twice = grouped.group_by(payout_line.c.entitlement).having(func.count() > 1)
    for owed in sorted(str(row[0]) for row in connection.execute(twice)):
        paid = select(payout_line.c.payout).select_from(payout_line.join(payout, same))
        by = connection.execute(paid.where(mine & counts & (payout_line.c.entitlement == owed)))
        report.problems.append(f"entitlement {owed} was paid by {', '.join(sorted(row[0] for row in by))}")


def _counts(connection: Connection, area: AreaId, report: Verification) -> None:
    unsettled = (case_table.c.area == area) & (case_table.c.state == CaseState.OPEN.value)
    kinds = select(case_table.c.kind, func.count()).where(unsettled).group_by(case_table.c.kind)
    report.cases_by_kind = {str(row[0]): int(row[1]) for row in connection.execute(kinds)}
    report.cases = sum(report.cases_by_kind.values())
    closed = (entry.c.area == area) & (entry.c.kind == j.SessionClosed.TAG)
    for row in connection.execute(select(entry.c.body).where(closed)):
        fact = j.decode(row[0]).fact
        if isinstance(fact, j.SessionClosed):
            report.cash_variance_vnd += fact.variance
