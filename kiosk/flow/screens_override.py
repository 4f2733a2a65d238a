"""Screens of a payout without a card (chi đặc cách): why, who saw it, who agrees and how."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.screens_cash import Visit
from kiosk.flow.values import CardTrouble, Face, Frame, OperationId, OperatorName, RefusalKey, Shift
from kiosk.flow.values_override import Override
from kiosk.payout.names import OverrideReason


@dataclass(frozen=True, slots=True)
class OverrideWhy:
    """What is wrong with the card."""

    frame: Frame
    shift: Shift
    visit: Visit


@dataclass(frozen=True, slots=True)
class OverrideWitness:
    """Who else knows this person and stands by."""

    frame: Frame
    shift: Shift
    visit: Visit
    reason: OverrideReason


@dataclass(frozen=True, slots=True)
class OverrideConsent:
    """A supervisor's card here, or a code by telephone."""

    frame: Frame
    shift: Shift
    visit: Visit
    asked: Override


@dataclass(frozen=True, slots=True)
class OverrideSay:
    """What to read out to the office."""

    frame: Frame
    shift: Shift
    visit: Visit
    asked: Override


@dataclass(frozen=True, slots=True)
class OverrideCode:
    """The twelve digits that the office says. ``wrong`` is why the last ones were refused."""

    frame: Frame
    shift: Shift
    visit: Visit
    asked: Override
    typed: str = field(default="", repr=False)
    wrong: RefusalKey | None = None


@dataclass(frozen=True, slots=True)
class ChooseSupervisor:
    """Whose card."""

    frame: Frame
    shift: Shift
    visit: Visit
    asked: Override


@dataclass(frozen=True, slots=True)
class SupervisorCard:
    """The supervisor's card is laid, and read while ``awaited``."""

    frame: Frame
    shift: Shift
    visit: Visit
    asked: Override
    supervisor: OperatorName
    awaited: OperationId | None = None
    trouble: CardTrouble | None = None


@dataclass(frozen=True, slots=True)
class SupervisorFace:
    """Is it the supervisor who holds this card? ``reading`` is what the payout will stand on."""

    frame: Frame
    shift: Shift
    visit: Visit
    asked: Override
    supervisor: OperatorName
    face: Face
    reading: OperationId


InOverride = (
    OverrideWhy | OverrideWitness | OverrideConsent | OverrideSay | OverrideCode | ChooseSupervisor | SupervisorCard
    | SupervisorFace
)  # fmt: skip
