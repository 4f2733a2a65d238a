"""Checking what chips signed (plan §4.4): a background worker, because cards must not hold up intake.

A witness holds when DG1 and DG15 hash to a valid SOD, DG1's number is the payee's, and the chip's
signature over the payout fact and its leases' nonces verifies. It proves that a card answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from agent_sync.district import evidence, staff, trusts
from agent_sync.district.cases import Case, CaseKind, open_cases
from agent_sync.district.database import Database
from agent_sync.district.ids import short
from agent_sync.district.schema import attachment, entry, lease, payout, person
from agent_sync.district.states import WitnessState
from hardware.card.authenticity import WitnessCheck, aa_key_fingerprint, check_witness
from hardware.card.reading import Chain
from hardware.card.trust import TrustStore
from kiosk.exchange.attachment import AttachmentKind, chip_files
from kiosk.exchange.errors import ExchangeError
from kiosk.payout import canonical
from kiosk.payout import journal as j
from kiosk.payout.evidence import Override
from kiosk.payout.names import AreaId, ConsentWay

BATCH = 200
SHREDDED = "shredded"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one witness. PENDING: its attachment has not come yet, or was shredded when its time was over."""

    state: WitnessState
    reason: str = ""


def check_pending(database: Database, area: AreaId, limit: int = BATCH) -> int:
    """Check up to ``limit`` witnesses whose files are there; how many were decided."""
    with database.write() as connection:
        trust = trusts.store(connection, area)
        waiting = (payout.c.area == area) & (payout.c.witness == WitnessState.PENDING.value)
        newest = select(payout).where(waiting).order_by(payout.c.at).limit(limit)
        # Several processes share the work: each takes rows that no other is looking at (PostgreSQL).
        newest = newest.with_for_update(skip_locked=True)
        rows = [dict(row) for row in connection.execute(newest).mappings()]
        decided = [(row, judge(connection, area, row, trust)) for row in rows]
        settled = [(row, verdict) for row, verdict in decided if verdict.state is not WitnessState.PENDING]
        for row, verdict in settled:
            _write(connection, area, row, verdict)
    return len(settled)


def look_again(connection: Connection, area: AreaId) -> int:
    """A new issuer may vouch for cards that nobody vouched for: those whose files are still there wait once more."""
    there = (attachment.c.area == area) & attachment.c.data.is_not(None) & attachment.c.shredded_at.is_(None)
    mine = (payout.c.area == area) & (payout.c.witness == WitnessState.ISSUER_UNKNOWN.value)
    again = mine & payout.c.evidence.in_(select(attachment.c.digest).where(there))
    return connection.execute(update(payout).where(again).values(witness=WitnessState.PENDING.value)).rowcount


def judge(connection: Connection, area: AreaId, row: Row, trust: TrustStore) -> Verdict:
    """The verdict on one payout's witness from what is on record."""
    at = _entry(connection, area, row)
    if at is None or at.witness is None or not isinstance(at.fact, j.PayoutAuthorised):
        return Verdict(WitnessState.FAILED, "no_witness")
    card = _by_card(at.fact)
    named = row["evidence"] if card is None else short(card.consent, 64)
    files = _files(connection, area, named)
    if files is None:
        return Verdict(WitnessState.PENDING, SHREDDED if evidence.was_shredded(connection, area, named) else "")
    number = _number(connection, area, row["payee"]) if card is None else staff.card_of(connection, area, card.given_by)
    nonces = _nonces(connection, area, at.fact)
    if number is None or nonces is None:
        return Verdict(WitnessState.FAILED, "unknown_payee" if number is None else "unknown_lease")
    expected = j.challenge(at.fact, nonces)
    if expected.hex() != at.witness.challenge:
        return Verdict(WitnessState.FAILED, "challenge_differs")
    return _verdict(files, at.witness, expected, number, trust, at.at)


def _verdict(
    files: dict[str, bytes], witness: j.Witness, challenge: bytes, number: str, trust: TrustStore, at: int
) -> Verdict:
    key = aa_key_fingerprint(files.get("DG15", b""))
    if key is None or key.hex() != witness.key:
        return Verdict(WitnessState.FAILED, "key_differs")
    try:
        response = bytes.fromhex(witness.response)
    except ValueError:
        return Verdict(WitnessState.FAILED, "malformed")
    day = datetime.fromtimestamp(at, UTC).date()
    return _worded(check_witness(files, challenge, response, number, trust, day))


def _worded(check: WitnessCheck) -> Verdict:
    if not check.holds:
        reason = "number_differs" if not check.same_number else "signature" if not check.signature else "altered"
        return Verdict(WitnessState.FAILED, reason)
    if check.chain is Chain.PASSED:
        return Verdict(WitnessState.VERIFIED)
    if check.chain is Chain.UNKNOWN_ISSUER:
        return Verdict(WitnessState.ISSUER_UNKNOWN, check.chain.value)
    return Verdict(WitnessState.FAILED, check.chain.value)


def _write(connection: Connection, area: AreaId, row: Row, verdict: Verdict) -> None:
    mine = (payout.c.area == area) & (payout.c.id == row["id"]) & (payout.c.hash == row["hash"])
    # VOID was decided by what two payouts share; a single good signature does not undo it.
    still = mine & (payout.c.month == row["month"]) & (payout.c.witness == WitnessState.PENDING.value)
    values = {"witness": verdict.state.value, "witness_reason": verdict.reason}
    connection.execute(update(payout).where(still).values(**values))
    if verdict.state is WitnessState.FAILED:
        case = Case(
            CaseKind.WITNESS_FAILED, row["hash"], row["device"], row["session"], row["operator"], row["id"],
            detail={"reason": verdict.reason},
        )  # fmt: skip
        open_cases(connection, area, [case])


def _entry(connection: Connection, area: AreaId, row: Row) -> j.Entry | None:
    place = (entry.c.area == area) & (entry.c.device == row["device"]) & (entry.c.epoch == row["epoch"])
    same = place & (entry.c.sequence == row["sequence"]) & (entry.c.hash == row["hash"])
    found = connection.execute(select(entry.c.body).where(same)).first()
    if found is None:
        return None
    try:
        return j.decode(found[0])
    except canonical.EncodingFault:
        return None


def _by_card(fact: j.PayoutAuthorised) -> Override | None:
    """The override that a supervisor agreed to with the own card: then that card is the one that signed."""
    return fact.override if fact.override is not None and fact.override.way is ConsentWay.CARD else None


def _files(connection: Connection, area: AreaId, digest: str | None) -> dict[str, bytes] | None:
    if digest is None:
        return {}
    item = evidence.find(connection, area, digest)
    if item is None:
        return None
    try:
        return chip_files(item.content) if item.kind is AttachmentKind.CHIP else {}
    except ExchangeError:
        return {}


def _number(connection: Connection, area: AreaId, payee: str) -> str | None:
    row = connection.execute(select(person.c.number).where(person.c.area == area, person.c.id == payee)).first()
    return None if row is None else str(row[0])


def _nonces(connection: Connection, area: AreaId, fact: j.PayoutAuthorised) -> list[str] | None:
    wanted = [short(line.lease) for line in fact.lines]
    found = select(lease.c.id, lease.c.nonce).where(lease.c.area == area, lease.c.id.in_(wanted))
    nonces = {row[0]: row[1] for row in connection.execute(found)}
    return [nonces[each] for each in wanted] if set(wanted) == nonces.keys() else None
