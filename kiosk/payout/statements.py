"""What somebody said that moves no money: a disputed sum, a complaint, missing papers, a wish, a name on the card.

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
    METHOD = "method"
    """How the recipient wishes to be paid from now on: a proposal, no list changes by it."""
    CARD_HANDED = "card_handed"
    """A bank card that was handed over, against a signature."""
    DATA = "data"
    """Chip and list disagree about the person: what the agent proposes."""


class PayWay(StrEnum):
    """How a recipient may wish to be paid. Chosen freely; to keep the cash is a choice like any other."""

    CASH = "cash"
    BANK = "bank"
    WALLET = "wallet"
    OPEN_ACCOUNT = "open_account"
    """Has no account yet and wishes to open one."""


class Right(StrEnum):
    """Which of chip and list an agent holds for right."""

    CARD = "card"
    LIST = "list"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class StatementTaken:
    """Something was said and written down; its place in the journal is the number on the slip."""

    TAG: ClassVar[str] = "statement_taken"
    session: SessionId
    operator: OperatorId
    recipient: PersonId
    about: StatementKind
    choice: str = ""
    """Closed words with commas between them: the papers that are missing, the way chosen, what is right."""
    words: Digest | None = None
    """Salted hash of what was said: the recipient's own words, an account, the two readings of a name."""
    signature: Digest | None = None
    """Salted hash of the strokes under it; None where it is signed on the slip, or needs no signature."""
