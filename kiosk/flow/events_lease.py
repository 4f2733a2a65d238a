"""What a touch means on the screens of leases, and what the desk answers them."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flow.values import OperationId, PersonId, Shift
from kiosk.flow.values_money import LeaseCode, LeaseRow


@dataclass(frozen=True, slots=True)
class AskRelease:
    """Somebody's right to be paid goes to another device."""


@dataclass(frozen=True, slots=True)
class AskAccept:
    """A code was said over the telephone."""


@dataclass(frozen=True, slots=True)
class ReleaseChosen:
    """Whose."""

    recipient: PersonId


@dataclass(frozen=True, slots=True)
class LeasesListed:
    """Whose right lies here."""

    operation: OperationId
    rows: tuple[LeaseRow, ...]


@dataclass(frozen=True, slots=True)
class LeasesReleased:
    """Given over, in the journal; the codes to say."""

    operation: OperationId
    shift: Shift
    row: LeaseRow
    codes: tuple[LeaseCode, ...]


@dataclass(frozen=True, slots=True)
class LeaseGot:
    """Taken over, in the journal; what may be paid here now."""

    operation: OperationId
    shift: Shift
    row: LeaseRow


LeaseIntent = AskRelease | AskAccept | ReleaseChosen
LeaseResult = LeasesListed | LeasesReleased | LeaseGot
