"""Screens of what is written down for one recipient of a household: whose, which way, which account, a signature."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.screens_cash import Visit
from kiosk.flow.values import Face, Frame, Named, Shift, Stroke
from kiosk.flow.values_house import Request, Statement
from kiosk.flow.values_wish import BankCode, Wish
from kiosk.payout.receipt import MissingPaper


@dataclass(frozen=True, slots=True)
class ChooseWhom:
    """Several recipients live here: whose matter is it?"""

    frame: Frame
    shift: Shift
    visit: Visit
    request: Request
    page: int = 0


@dataclass(frozen=True, slots=True)
class ChooseWay:
    """The recipient chooses freely how to be paid: cash or not, and then where else."""

    frame: Frame
    shift: Shift
    visit: Visit
    whom: Named
    no_cash: bool = False
    """Cash is not wished for: an account, or a telephone's wallet?"""


@dataclass(frozen=True, slots=True)
class GiveAccount:
    """The VietQR before the scanner, or by hand, or none yet. ``wrong``: what was scanned is no account."""

    frame: Frame
    shift: Shift
    visit: Visit
    whom: Named
    bank: BankCode | None = None
    """Chosen before the number is typed."""
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class ChooseBank:
    """Which bank, when the number is typed."""

    frame: Frame
    shift: Shift
    visit: Visit
    whom: Named
    page: int = 0


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Large and in groups, and said aloud: is it this account?"""

    frame: Frame
    shift: Shift
    visit: Visit
    whom: Named
    wish: Wish


@dataclass(frozen=True, slots=True)
class SignStatement:
    """The recipient signs for what was written down, here or on the slip."""

    frame: Frame
    shift: Shift
    visit: Visit
    whom: Named
    statement: Statement
    strokes: tuple[Stroke, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class MissingPapers:
    """Everything that is missing, marked one by one, on one slip."""

    frame: Frame
    shift: Shift
    visit: Visit
    whom: Named
    chosen: tuple[MissingPaper, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewData:
    """Chip and list side by side: which is right? The agent proposes, the office decides."""

    frame: Frame
    shift: Shift
    visit: Visit
    face: Face


InWish = ChooseWhom | ChooseWay | GiveAccount | ChooseBank | ReadBack | SignStatement | MissingPapers | ReviewData
ToRecipient = ChooseWay | ReadBack | SignStatement
"""Those that the recipient looks at, in the recipient's language."""
