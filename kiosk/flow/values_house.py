"""Closed words of what an agent does for a household beside paying it: plan the walk, keep a number, write down."""

from __future__ import annotations

from enum import StrEnum

PHONE_MIN, PHONE_MAX = 9, 11
HOUR_DIGITS, DAY_DIGITS, CAN_DIGITS = 4, 8, 6


class Plan(StrEnum):
    """What an agent changes of the own day. Nothing of this touches what is owed."""

    UP = "up"
    DOWN = "down"
    COME_BACK = "come_back"
    NEXT_VISIT = "next_visit"
    PHONE = "phone"
    NOTE = "note"


class Number(StrEnum):
    """What is typed on the number pad."""

    HOUR = "hour"
    DAY = "day"
    PHONE = "phone"
    CAN = "can"
    """The last six digits of a citizen number: they open the chip, too."""


class Wording(StrEnum):
    """What is typed on the letter pad."""

    FIND = "find"
    NOTE = "note"


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


ANSWERS: dict[Topic, tuple[StrEnum, ...]] = {Topic.PHONE_OWNER: tuple(PhoneOwner)}
"""What may be answered, in the order in which it is shown."""

LONGEST = {Number.HOUR: HOUR_DIGITS, Number.DAY: DAY_DIGITS, Number.PHONE: PHONE_MAX, Number.CAN: CAN_DIGITS}
MAX_LETTERS = {Wording.FIND: 40, Wording.NOTE: 160}
"""Keys that are taken on a pad: a bound on typing."""
