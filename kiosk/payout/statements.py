"""What somebody said that moves no money: a disputed sum, a complaint, papers that are missing, an incident.

The fact says that and about what; the words themselves may name people, so they lie outside the journal (M3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from kiosk.payout.names import Digest, OperatorId, PersonId, SessionId


class StatementKind(StrEnum):
    """What was said. The agent never edits a sum: it is accepted with a complaint, or declined."""

    SUM_ACCEPTED = "sum_accepted"
    SUM_DECLINED = "sum_declined"
    COMPLAINT = "complaint"
    PAPERS = "papers"
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True)
class StatementTaken:
    """Something was said and written down; its place in the journal is the number on the slip."""

    TAG: ClassVar[str] = "statement_taken"
    session: SessionId
    operator: OperatorId
    recipient: PersonId
    about: StatementKind
    choice: str = ""
    """A closed word, such as the paper that is missing."""
    words: Digest | None = None
    """Salted hash of what was said, in the recipient's words."""
