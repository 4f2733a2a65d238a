"""Cases: what a person must look at. The district refuses no cash fact, it asks about it (M6).

A case has an id made from what it is about, so the same trouble that arrives twice is one case.
It names the device, the session and the operator, because money always was in somebody's hands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, update

from agent_sync.district import ids
from agent_sync.district.database import insert_new
from agent_sync.district.errors import BadInput, Unknown
from agent_sync.district.schema import case_table
from kiosk.payout.names import AreaId

MAX_SETTLEMENT = 400


class CaseKind(StrEnum):
    """Everything that a person must decide."""

    DOUBLE_CLAIM = "double_claim"
    NO_LEASE = "no_lease"
    LEASE_OTHER_DEVICE = "lease_other_device"
    LEASE_NOT_LIVE = "lease_not_live"
    LEASE_EXPIRED = "lease_expired"
    SUM_DIFFERS = "sum_differs"
    SIMULATED_IN_PRODUCTION = "simulated_in_production"
    MODE_DIFFERS = "mode_differs"
    FORK = "fork"
    ROLLED_BACK = "rolled_back"
    REVOKED_DEVICE = "revoked_device"
    REVOKED_OPERATOR = "revoked_operator"
    REVOKED_CHIP = "revoked_chip"
    UNKNOWN_EPOCH = "unknown_epoch"
    IMPOSSIBLE_FACT = "impossible_fact"
    POISON_SEGMENT = "poison_segment"
    WITNESS_FAILED = "witness_failed"
    SHARED_CHIP_KEY = "shared_chip_key"
    REPEATED_CHALLENGE = "repeated_challenge"
    CARD_DOUBT = "card_doubt"
    CASH_VARIANCE = "cash_variance"
    UNCERTAIN_RESOLVED = "uncertain_resolved"
    VOID_AFTER_CASH = "void_after_cash"
    REVERSAL = "reversal"
    BAD_CLOCK = "bad_clock"
    ACCEPTED_RISK = "accepted_risk"
    STATEMENT = "statement"
    FROM_PAPER = "from_paper"
    PAPER_DIFFERS = "paper_differs"
    CODES_TRIED = "codes_tried"
    SLOT_LOCKED = "slot_locked"
    OVERRIDE_NOT_GIVEN = "override_not_given"
    OVERRIDE_NOT_SUPERVISOR = "override_not_supervisor"
    OVERRIDE_OVER_CAP = "override_over_cap"
    DEATH_REPORTED = "death_reported"


class CaseState(StrEnum):
    """A case is open until somebody has written down what was found."""

    OPEN = "open"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to look at. ``about`` makes the id: the same about, the same case."""

    kind: CaseKind
    about: str
    device: str = ""
    session: str = ""
    operator: str = ""
    payout: str = ""
    entitlement: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def open_cases(connection: Connection, area: AreaId, cases: list[Case]) -> int:
    """Add the cases that are not known yet; how many were new."""
    return insert_new(connection, case_table, [_row(area, each, ids.now(connection)) for each in cases])


def settle(connection: Connection, area: AreaId, case_id: str, by: str, finding: str) -> None:
    """Close a case with what was found. Raises Unknown or BadInput."""
    finding = finding.strip()
    if not 1 <= len(finding) <= MAX_SETTLEMENT:
        raise BadInput(f"a finding has 1 to {MAX_SETTLEMENT} characters")
    mine = (case_table.c.area == area) & (case_table.c.id == case_id) & (case_table.c.state == CaseState.OPEN.value)
    values = {
        "state": CaseState.SETTLED.value,
        "settled_at": ids.now(connection),
        "settled_by": by,
        "settlement": finding,
    }
    if connection.execute(update(case_table).where(mine).values(**values)).rowcount != 1:
        raise Unknown(f"no open case {case_id}")


def settled_itself(connection: Connection, area: AreaId, kind: CaseKind, about: str, finding: str) -> None:
    """Close a case that the books have answered; nothing happens to one that somebody has closed."""
    mine = (case_table.c.area == area) & (case_table.c.id == ids.fixed("C-", area, kind.value, about))
    values = {"settled_at": ids.now(connection), "settled_by": "", "settlement": finding}
    still = mine & (case_table.c.state == CaseState.OPEN.value)
    connection.execute(update(case_table).where(still).values(state=CaseState.SETTLED.value, **values))


def _row(area: AreaId, case: Case, at: int) -> dict[str, Any]:
    return {
        "area": area, "id": ids.fixed("C-", area, case.kind.value, case.about), "kind": case.kind.value,
        "opened_at": at, "device": case.device, "session": case.session, "operator": case.operator,
        "payout": case.payout, "entitlement": case.entitlement,
        "detail": json.dumps(case.detail, ensure_ascii=False, sort_keys=True),
        "state": CaseState.OPEN.value, "settled_at": None, "settled_by": "", "settlement": "",
    }  # fmt: skip
