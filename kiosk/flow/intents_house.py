"""What a touch means on the screens around a household."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.flow.values_house import Number, Plan, Topic, Wording
from kiosk.flow.values_wish import BankCode


@dataclass(frozen=True, slots=True)
class AskHouse:
    """Everything about this household beside the payment."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One place up or down in the walk."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class AskList:
    """The whole list, from the queue of a pay point."""


@dataclass(frozen=True, slots=True)
class AskStick:
    """Exchange files over a USB stick."""


@dataclass(frozen=True, slots=True)
class AskNumber:
    """Type a number of this kind."""

    what: Number


@dataclass(frozen=True, slots=True)
class AskWords:
    """Type words of this kind."""

    what: Wording


@dataclass(frozen=True, slots=True)
class AskTopic:
    """Ask this closed question."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class Picked:
    """An answer to the closed question on the screen."""

    answer: StrEnum


@dataclass(frozen=True, slots=True)
class BankChosen:
    """Which bank the account is at; empty for one that is not in the table."""

    bank: BankCode


@dataclass(frozen=True, slots=True)
class AskReview:
    """Put chip and list side by side."""
