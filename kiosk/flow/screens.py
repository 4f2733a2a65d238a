"""Every screen as a value that holds all that is drawn and all that the next step needs.

There is no state beside these values: what is not in the screen is not known to the flow, and what is in it can be put
before a test, a renderer or a picture without running anything first.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from kiosk.flow.screens_cash import (
    CannotSignReason,
    ChooseSource,
    ChooseWitness,
    Closed,
    CloseVariance,
    CountClose,
    CountFloat,
    HandOverCash,
    Paid,
    Sign,
    UncertainCount,
    UncertainDecide,
    UncertainFound,
    Visit,
    VoidCount,
    VoidReasonScreen,
    VoidShown,
)
from kiosk.flow.screens_house import AtHouse, Disputed, Pick, Queue, SlipOut, TypeNumber, TypeWords, UsbStick
from kiosk.flow.screens_keys import CODE_DIGITS, NewPin, PinStage
from kiosk.flow.screens_lease import InLease
from kiosk.flow.screens_money import ChooseSecond, InMoney
from kiosk.flow.screens_override import InOverride, OverrideWitness
from kiosk.flow.screens_wish import InWish
from kiosk.flow.values import (
    CardTrouble,
    Face,
    Frame,
    HouseholdId,
    Offer,
    OperationId,
    OperatorName,
    ReadPhase,
    RefusalKey,
    Shift,
    Trouble,
)
from kiosk.flow.values_house import Scan
from kiosk.flow.waits import Wait

__all__ = [
    "CODE_DIGITS",
    "AnyScreen",
    "AtDoor",
    "AtHouse",
    "CannotSignReason",
    "ChooseOperator",
    "ChooseSource",
    "ChooseWitness",
    "CloseVariance",
    "Closed",
    "ConfirmFace",
    "ConfirmShutDown",
    "CountClose",
    "CountFloat",
    "Disputed",
    "EnterPin",
    "FaultScreen",
    "Halted",
    "HandOverCash",
    "HelpScreen",
    "Helped",
    "Idle",
    "InCash",
    "InPayout",
    "InVisit",
    "LayCard",
    "Menu",
    "NewPin",
    "Paid",
    "Pick",
    "PinStage",
    "Queue",
    "Reading",
    "RefusedScreen",
    "Resumable",
    "Route",
    "Screen",
    "SetDate",
    "ShowOffer",
    "Sign",
    "SlipOut",
    "Stable",
    "StillThere",
    "SyncState",
    "TakeCard",
    "TypeName",
    "TypeNumber",
    "TypeWords",
    "UncertainCount",
    "UncertainDecide",
    "UncertainFound",
    "UnpaidReasonScreen",
    "UsbStick",
    "Visit",
    "VoidCount",
    "VoidReasonScreen",
    "VoidShown",
    "Wait",
    "Waiting",
    "shift_of",
    "with_frame",
]


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody is signed in: date, notices, what to bring. ``awaited`` is the list of operators."""

    frame: Frame
    awaited: OperationId | None = None
    page: int = 0
    """Which notice is shown, where there are several."""


@dataclass(frozen=True, slots=True)
class ChooseOperator:
    """Who works today."""

    frame: Frame
    operators: tuple[OperatorName, ...]
    page: int = 0


@dataclass(frozen=True, slots=True)
class EnterPin:
    """The operator's PIN. ``under`` is what a locked screen goes back to."""

    frame: Frame
    operator: OperatorName
    typed: str = field(default="", repr=False)
    tries_left: int | None = None
    """Said after a wrong PIN; 0 is a locked slot."""
    awaited: OperationId | None = None
    under: Resumable | None = None


@dataclass(frozen=True, slots=True)
class SetDate:
    """No source proves the time: the operator enters the date (plan §5)."""

    frame: Frame
    shift: Shift
    typed: str = ""
    """Up to eight digits, ddmmyyyy."""
    awaited: OperationId | None = None
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Halted:
    """The device pays nothing (``frame.halt`` says why): what to do, before anything else. Goes away by itself."""

    frame: Frame
    shift: Shift | None
    """None once the device was wiped: nobody is signed in any more."""


@dataclass(frozen=True, slots=True)
class Route:
    """Today's households by hamlet in walking order."""

    frame: Frame
    shift: Shift
    page: int = 0
    search: str = ""
    """Keys of what was looked for; empty shows every household."""
    only: tuple[HouseholdId, ...] = ()
    """The households that a typed key could mean; empty shows every one."""
    scan: Scan | None = None
    """The card's QR that led to these households."""


@dataclass(frozen=True, slots=True)
class AtDoor:
    """One household: who lives there, what is due, who receives."""

    frame: Frame
    shift: Shift
    visit: Visit
    page: int = 0


@dataclass(frozen=True, slots=True)
class LayCard:
    """Lay the card on the reader. ``trouble`` says why it is asked again."""

    frame: Frame
    shift: Shift
    visit: Visit
    trouble: CardTrouble | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The chip is being read."""

    frame: Frame
    shift: Shift
    visit: Visit
    awaited: OperationId
    phase: ReadPhase = ReadPhase.OPENING
    done: int = 0
    of: int = 1


@dataclass(frozen=True, slots=True)
class ConfirmFace:
    """Is this the person? The agent compares."""

    frame: Frame
    shift: Shift
    visit: Visit
    face: Face


@dataclass(frozen=True, slots=True)
class ShowOffer:
    """Each line, then one sum in figures, words and banknotes: the recipient says whether it is right."""

    frame: Frame
    shift: Shift
    visit: Visit
    offer: Offer


@dataclass(frozen=True, slots=True)
class TakeCard:
    """All is done but the card still lies on the reader: said aloud, gone with the card."""

    frame: Frame
    shift: Shift
    visit: Visit


@dataclass(frozen=True, slots=True)
class RefusedScreen:
    """No: kind words to the recipient, exact ones to the agent, and what the agent can do."""

    frame: Frame
    shift: Shift
    visit: Visit | None
    key: RefusalKey
    exact: bool = False
    """The agent turned the screen and asked for the exact reason: never shown to a recipient unasked."""


@dataclass(frozen=True, slots=True)
class UnpaidReasonScreen:
    """Why this visit ends without payment."""

    frame: Frame
    shift: Shift
    visit: Visit


@dataclass(frozen=True, slots=True)
class Menu:
    """What an agent wants beside the way: sync, language, contrast, volume, close, lock, switch off."""

    frame: Frame
    under: Route


@dataclass(frozen=True, slots=True)
class SyncState:
    """Sent, waiting, last contact."""

    frame: Frame
    under: Route


@dataclass(frozen=True, slots=True)
class TypeName:
    """A name that is in no list: who handed out the cash, or who is the witness."""

    frame: Frame
    under: ChooseSource | ChooseWitness | ChooseSecond | OverrideWitness
    keys: str = ""
    """Telex keys as they were typed; ``telex.compose`` makes the name."""
    second: bool = False
    """The second half of the letters is shown."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An effect is under way. ``under`` is where a refusal to act goes back to, and holds what the answer needs."""

    frame: Frame
    wait: Wait
    awaited: OperationId
    under: Stable


@dataclass(frozen=True, slots=True)
class FaultScreen:
    """The device could not do it and nothing was changed: back to where it was asked."""

    frame: Frame
    trouble: Trouble
    under: Stable


@dataclass(frozen=True, slots=True)
class HelpScreen:
    """What the screen under this one is for, in large words, spoken."""

    frame: Frame
    under: Helped


@dataclass(frozen=True, slots=True)
class StillThere:
    """Nobody touched anything: one touch goes on, otherwise it locks."""

    frame: Frame
    seconds: int
    under: Resumable


@dataclass(frozen=True, slots=True)
class ConfirmShutDown:
    """Really switch off?"""

    frame: Frame
    under: Route


InVisit = AtDoor | LayCard | Reading | ConfirmFace | ShowOffer | UnpaidReasonScreen | TakeCard
InPayout = HandOverCash | Sign | CannotSignReason | ChooseWitness | Paid | VoidReasonScreen | VoidShown | VoidCount
InCash = UncertainFound | UncertainCount | UncertainDecide | CountFloat | ChooseSource | CountClose | CloseVariance
AroundHouse = AtHouse | Disputed | SlipOut | Pick | Queue | TypeNumber | TypeWords | UsbStick
Stable = (
    SetDate | Halted | InCash | Route | InVisit | InPayout | InMoney | InLease | RefusedScreen | Closed | Menu
    | SyncState | TypeName | AroundHouse | InWish | InOverride
)  # fmt: skip
"""Screens of a signed-in operator that wait for a person, not for the device."""
Helped = Stable | ChooseOperator | EnterPin | NewPin
"""Screens with a help page: the ways in have one too."""
Resumable = Stable | FaultScreen | HelpScreen
"""Screens that a lock or a warning lies over, and that come back as they were."""
Screen = Resumable | Idle | ChooseOperator | EnterPin | NewPin | StillThere | Waiting | ConfirmShutDown

AnyScreen = TypeVar("AnyScreen", bound=Screen)


def shift_of(screen: Screen) -> Shift | None:
    """The shift that a screen belongs to, looking under overlays; None before the sign-in."""
    match screen:
        case Idle() | ChooseOperator():
            return None
        case EnterPin():
            return None if screen.under is None else shift_of(screen.under)
        case Waiting() | FaultScreen() | HelpScreen() | Menu() | SyncState() | StillThere() | ConfirmShutDown():
            return shift_of(screen.under)
        case TypeName() | Pick() | TypeNumber() | TypeWords():
            return shift_of(screen.under)
        case _:
            return screen.shift


def with_frame(screen: AnyScreen, frame: Frame) -> AnyScreen:
    """The same screen in another frame, down through everything that lies under it."""
    changes: dict[str, Any] = {"frame": frame}
    under: Screen | None = getattr(screen, "under", None)
    if under is not None:
        changes["under"] = with_frame(under, frame)
    return replace(screen, **changes)
