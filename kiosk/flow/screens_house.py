"""Screens around a household that pay nothing: the agent's plan, numbers and words, closed questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.flow.screens_cash import Visit
from kiosk.flow.screens_wish import ChooseWay, GiveAccount
from kiosk.flow.values import Face, Frame, Offer, OperationId, PersonId, PrintResult, Shift, VoidReason
from kiosk.flow.values_house import Number, PhoneOwner, SeenReceipt, Topic, Wording
from kiosk.payout.statements import StatementKind

if TYPE_CHECKING:
    from kiosk.flow.screens import Route, UnpaidReasonScreen
    from kiosk.flow.screens_money import ChoosePayout


@dataclass(frozen=True, slots=True)
class AtHouse:
    """What is planned for this household: its place in the walk, hours, telephone, notes."""

    frame: Frame
    shift: Shift
    visit: Visit


@dataclass(frozen=True, slots=True)
class Disputed:
    """The recipient says that the sum is not right. Nobody edits it: accept with a complaint, or decline."""

    frame: Frame
    shift: Shift
    visit: Visit
    offer: Offer


@dataclass(frozen=True, slots=True)
class SlipOut:
    """What was said is in the journal under this number, and on paper when the printer could."""

    frame: Frame
    shift: Shift
    visit: Visit
    about: StatementKind | VoidReason
    """What was said, or why an authorised sum was not handed over."""
    number: str
    result: PrintResult
    offer: Offer | None = None
    awaited: OperationId | None = None
    """The slip is being printed once more."""
    face: Face | None = None
    """The card that was compared with the list: the visit goes on with it."""


@dataclass(frozen=True, slots=True)
class UsbStick:
    """The same sealed files by hand: put a stick in, see what goes each way, take it out. ``frame.stick`` tells."""

    frame: Frame
    under: Route

    @property
    def shift(self) -> Shift:
        """The shift of the route below."""
        return self.under.shift


@dataclass(frozen=True, slots=True)
class Queue:
    """Pay point, between two people: how to show the QR, where to lay the card; the key comes before the reading."""

    frame: Frame
    shift: Shift
    unknown: bool = False
    """Whoever was looked for is in no list of today."""
    receipt: SeenReceipt | None = None
    """What was held before the scanner was a receipt."""


@dataclass(frozen=True, slots=True)
class TypeNumber:
    """Digits with a meaning of their own: an hour, a day, a telephone number."""

    frame: Frame
    under: AtHouse | Queue | ChooseWay | GiveAccount
    what: Number
    typed: str = ""
    wrong: bool = False
    owner: PhoneOwner | None = None
    """Whose telephone it is, asked before its number."""


@dataclass(frozen=True, slots=True)
class TypeWords:
    """Words that are in no list: a name to look for, a note."""

    frame: Frame
    under: AtHouse | Route | ChoosePayout
    what: Wording
    keys: str = ""
    """Telex keys as they were typed."""
    second: bool = False
    """The second half of the letters is shown."""
    whom: PersonId | None = None
    """Whose complaint it is."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One closed question, every answer a button."""

    frame: Frame
    under: AtHouse | UnpaidReasonScreen
    topic: Topic
    who: PersonId | None = None
    """Who has died, where the question is who told of it; who wishes to be addressed otherwise."""
