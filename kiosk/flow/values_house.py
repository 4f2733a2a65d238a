"""Closed words of what an agent does for a household beside paying it: plan the walk, keep a number, write down."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.flow.values import AddressForm, Compared, Stroke
from kiosk.flow.values_wish import Wish
from kiosk.payout.names import DeathTeller, PersonId, Vnd
from kiosk.payout.receipt import MissingPaper
from kiosk.payout.statements import StatementKind

PHONE_MIN, PHONE_MAX = 9, 11
HOUR_DIGITS, DAY_DIGITS, CAN_DIGITS, TAIL_DIGITS = 4, 8, 6, 4
ACCOUNT_MAX, PEOPLE_ON_PAGE = 19, 6


@dataclass(frozen=True, slots=True)
class Scan:
    """What was scanned off a card, and for whose card it counts: it is compared with what the chip says."""

    text: str = field(repr=False)
    whom: tuple[PersonId, ...]


class Plan(StrEnum):
    """What an agent changes of the own day. Nothing of this touches what is owed."""

    UP = "up"
    DOWN = "down"
    COME_BACK = "come_back"
    NEXT_VISIT = "next_visit"
    PHONE = "phone"
    NOTE = "note"
    FORM = "form"
    """How somebody wishes to be addressed."""


class Number(StrEnum):
    """What is typed on the number pad."""

    HOUR = "hour"
    DAY = "day"
    PHONE = "phone"
    CAN = "can"
    """The last six digits of a citizen number: they open the chip, too."""
    ACCOUNT = "account"
    WALLET = "wallet"
    """The telephone that a wallet belongs to."""
    CALL = "call"
    """Where the bank may call whoever wishes to open an account."""
    CARD_TAIL = "card_tail"
    """The last four digits of a bank card that is handed over; nobody keeps more of it."""


class ReceiptVerdict(StrEnum):
    """What a device can say of a receipt's code without a network."""

    GENUINE = "genuine"
    TAKEN_BACK = "taken_back"
    """Paid by this device, and reversed since."""
    NO_MONEY = "no_money"
    """Of practice, or of a simulated card."""
    UNKNOWN_DEVICE = "unknown_device"
    NOT_GENUINE = "not_genuine"


@dataclass(frozen=True, slots=True)
class SeenReceipt:
    """A receipt whose code was scanned; without a signature that holds nothing is said of it but that."""

    verdict: ReceiptVerdict
    number: str = ""
    total: Vnd = Vnd(0)
    day: str = ""
    """``dd/mm/yyyy``."""


class Wording(StrEnum):
    """What is typed on the letter pad."""

    FIND = "find"
    NOTE = "note"
    COMPLAINT = "complaint"
    INCIDENT = "incident"


class PhoneOwner(StrEnum):
    """Whose telephone it is: families share one."""

    SELF = "self"
    SON = "son"
    DAUGHTER = "daughter"
    GRANDCHILD = "grandchild"
    NEIGHBOUR = "neighbour"
    HAMLET_HEAD = "hamlet_head"


class Topic(StrEnum):
    """A question with a closed list of answers."""

    PHONE_OWNER = "phone_owner"
    REQUEST = "request"
    WHO_DIED = "who_died"
    """Answered with one of the household's recipients."""
    DEATH = "death"
    FORM = "form"
    """How one of the household wishes to be addressed."""


class Request(StrEnum):
    """What is written down at a household, on a numbered slip."""

    COMPLAINT = "complaint"
    PAPERS = "papers"
    INCIDENT = "incident"
    METHOD = "method"
    CARD_HANDED = "card_handed"
    FORM = "form"
    """Not on a slip: it is only how the kiosk speaks to somebody from now on."""


ANSWERS: dict[Topic, tuple[StrEnum, ...]] = {
    Topic.PHONE_OWNER: tuple(PhoneOwner),
    Topic.REQUEST: tuple(Request),
    Topic.WHO_DIED: (),
    Topic.DEATH: tuple(DeathTeller),
    Topic.FORM: tuple(AddressForm),
}
"""What may be answered, in the order in which it is shown."""
PAPERS = tuple(each for each in MissingPaper if each is not MissingPaper.PHONE_NUMBER)
"""What may be missing; a telephone number has its own button."""

LONGEST = {Number.HOUR: HOUR_DIGITS, Number.DAY: DAY_DIGITS, Number.PHONE: PHONE_MAX, Number.CAN: CAN_DIGITS,
           Number.ACCOUNT: ACCOUNT_MAX, Number.WALLET: PHONE_MAX, Number.CALL: PHONE_MAX,
           Number.CARD_TAIL: TAIL_DIGITS}  # fmt: skip
MAX_LETTERS = {Wording.FIND: 40, Wording.NOTE: 160, Wording.COMPLAINT: 240, Wording.INCIDENT: 240}
"""Keys that are taken on a pad: a bound on typing."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Something to be written down for one recipient."""

    about: StatementKind
    recipient: PersonId
    choice: str = ""
    words: str = field(default="", repr=False)
    total: Vnd | None = None
    wish: Wish | None = None
    compared: tuple[Compared, ...] = field(default=(), repr=False)
    strokes: tuple[Stroke, ...] = field(default=(), repr=False)
