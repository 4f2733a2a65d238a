"""Ids, units and closed words of the domain.

A plain ``str`` or ``int`` tells nobody whether it is a lease or a person, đồng or notes. These
types make mixing them up a type error, and every closed set of words an enum that tests can walk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

AreaId = NewType("AreaId", str)
DeviceId = NewType("DeviceId", str)
OperatorId = NewType("OperatorId", str)
SessionId = NewType("SessionId", str)
PersonId = NewType("PersonId", str)
"""The district's opaque id of a person. Never the citizen number: facts carry no personal data."""
HouseholdId = NewType("HouseholdId", str)
EntitlementId = NewType("EntitlementId", str)
LeaseId = NewType("LeaseId", str)
PayoutId = NewType("PayoutId", str)
CitizenNumber = NewType("CitizenNumber", str)
"""The 12-digit personal number (số định danh cá nhân) that is printed on the CCCD."""

Vnd = NewType("Vnd", int)
"""An amount of money in whole đồng. Never a float (M7)."""
Epoch = NewType("Epoch", int)
Sequence = NewType("Sequence", int)
UnixSeconds = NewType("UnixSeconds", int)
"""Seconds since 1970-01-01T00:00:00Z."""
Digest = NewType("Digest", str)
"""A SHA-256 value as 64 lower-case hexadecimal digits."""

MAX_AMOUNT = Vnd(1_000_000_000)
"""No single entitlement is larger: a bound on input, not a policy."""

NOTICE_LETTERS = 80
"""No notice is longer: it stands in large letters beside the pictures of the idle screen."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar month that an allowance belongs to."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (2000 <= self.year <= 2100 and 1 <= self.month <= 12):
            raise ValueError(f"no such period: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``YYYY-MM``. Raises ValueError for anything else."""
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if match is None:
            raise ValueError(f"not a period: {text[:20]!r}")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def next(self) -> Period:
        """The month after this one."""
        return Period(self.year + self.month // 12, self.month % 12 + 1)


class Mode(StrEnum):
    """Fixed at enrolment (M8). It is not the profile (pay point, home visit)."""

    PRODUCTION = "production"
    PRACTICE = "practice"


class Programme(StrEnum):
    """Allowance programmes that the post pays out."""

    SOCIAL_PENSION = "social_pension"
    SOCIAL_ASSISTANCE = "social_assistance"
    MERIT = "merit"
    MERIT_RELATIVE = "merit_relative"


class Kind(StrEnum):
    """What an entitlement is within its programme and period."""

    MONTHLY = "monthly"
    ARREARS = "arrears"
    DIFFERENCE = "difference"
    FUNERAL = "funeral"


class Method(StrEnum):
    """How the recipient chose to be paid. Only CASH is handed out by a device."""

    CASH = "cash"
    BANK = "bank"
    WALLET = "wallet"


class Role(StrEnum):
    """In which capacity a payee receives."""

    SELF = "self"
    ALTERNATE = "alternate"
    GUARDIAN = "guardian"
    RELATIVE_OF_DECEASED = "relative_of_deceased"
    FUNERAL_ORGANISER = "funeral_organiser"


class Sex(StrEnum):
    """Sex as the citizen card states it."""

    FEMALE = "female"
    MALE = "male"


class Level(StrEnum):
    """Identity levels of the plan, §7."""

    A = "A"
    B = "B"
    C = "C"


class WitnessKind(StrEnum):
    """What stands behind a payout: the chip's signature, or only the device's word."""

    CHIP = "chip"
    DEVICE_WORD = "device_word"


class VoidReason(StrEnum):
    """Why an authorised payout was not completed."""

    RECIPIENT_DECLINED = "recipient_declined"
    DISPUTED_SUM = "disputed_sum"
    NOT_ENOUGH_CASH = "not_enough_cash"
    OPERATOR_ERROR = "operator_error"


class ReversalReason(StrEnum):
    """Why a completed payout was taken back."""

    WRONG_PERSON = "wrong_person"
    WRONG_SUM = "wrong_sum"
    RECIPIENT_DECEASED = "recipient_deceased"


class UnpaidReason(StrEnum):
    """Why a visit ended without a payout."""

    ABSENT = "absent"
    MOVED = "moved"
    DECEASED = "deceased"
    HOSPITAL = "hospital"
    REFUSED = "refused"
    CARD_MISSING = "card_missing"
    PAPER_MISSING = "paper_missing"
    NOT_ENOUGH_CASH = "not_enough_cash"
    CONFUSED_WITHOUT_GUARDIAN = "confused_without_guardian"


class DeathTeller(StrEnum):
    """Who told the agent of a death: the office asks them, and papers decide."""

    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    HAMLET_HEAD = "hamlet_head"
    COMMUNE = "commune"


class CannotSign(StrEnum):
    """Why the recipient gave an ink print instead of a signature."""

    ILLITERATE = "illiterate"
    TREMOR = "tremor"
    BLIND = "blind"
    INJURED = "injured"
    UNABLE = "unable"


class CashWay(StrEnum):
    """Which way cash moves within a session, always between two people (M4)."""

    ADDED = "added"
    RETURNED = "returned"
    HANDED_OVER = "handed_over"
    """Everything, to the next operator: the session closes with an empty drawer."""


class OverrideReason(StrEnum):
    """Why somebody is paid without a chip that proves them (chi đặc cách)."""

    CARD_LOST = "card_lost"
    CHIP_BROKEN = "chip_broken"
    CARD_EXPIRED = "card_expired"
    READER_BROKEN = "reader_broken"


class ConsentWay(StrEnum):
    """How a supervisor agrees to an override: by the own citizen card on this reader, or by a code that is said."""

    CARD = "card"
    TELEPHONE = "telephone"


class CodeKind(StrEnum):
    """What a code that is typed here is for."""

    LEASE = "lease"
    OVERRIDE = "override"


class PrintResult(StrEnum):
    """What the printer could say of a job. Silence is UNKNOWN, never PRINTED."""

    PRINTED = "printed"
    UNKNOWN = "unknown"
    FAILED = "failed"


class Outcome(StrEnum):
    """How the operator resolved an uncertain payout, by cash count and paper."""

    PAID = "paid"
    NOT_PAID = "not_paid"


class VarianceReason(StrEnum):
    """Why counted cash differs from expected cash at closing."""

    NONE = "none"
    COUNTING = "counting"
    CHANGE_ERROR = "change_error"
    DAMAGED_NOTE = "damaged_note"
    UNEXPLAINED = "unexplained"


class RefusalKey(StrEnum):
    """Every way in which the rules say no. Each has two texts: kind and exact."""

    NO_SESSION = "no_session"
    UNCERTAIN_OPEN = "uncertain_open"
    PAYOUT_OPEN = "payout_open"
    TIME_NOT_PROVEN = "time_not_proven"
    BELOW_TIME_FLOOR = "below_time_floor"
    SUPPRESSED = "suppressed"
    ROLLED_BACK = "rolled_back"
    FORKED = "forked"
    REVOKED = "revoked"
    SIMULATED_IN_PRODUCTION = "simulated_in_production"
    NOTHING_DUE = "nothing_due"
    MIXED_RECIPIENTS = "mixed_recipients"
    REPEATED_ENTITLEMENT = "repeated_entitlement"
    ALREADY_PAID = "already_paid"
    NOT_CASH = "not_cash"
    ENTITLEMENT_HELD = "entitlement_held"
    NO_LEASE = "no_lease"
    LEASE_EXPIRED = "lease_expired"
    LEASE_OTHER_DEVICE = "lease_other_device"
    LEASE_OTHER_EPOCH = "lease_other_epoch"
    LEASE_SPENT = "lease_spent"
    LEASE_RELEASED = "lease_released"
    SUM_CHANGED = "sum_changed"
    NOT_A_PAYEE = "not_a_payee"
    ANOTHER_PERSON = "another_person"
    PAYEE_TERM_ENDED = "payee_term_ended"
    PAYEE_NOT_YET = "payee_not_yet"
    PAYEE_OUT_OF_SCOPE = "payee_out_of_scope"
    FACE_NOT_CONFIRMED = "face_not_confirmed"
    CARD_ALTERED = "card_altered"
    CARD_NOT_GENUINE = "card_not_genuine"
    CARD_REVOKED = "card_revoked"
    CHIP_REVOKED = "chip_revoked"
    CARD_EXPIRED = "card_expired"
    LEVEL_TOO_LOW = "level_too_low"
    CARD_LEFT = "card_left"
    RECIPIENT_DECEASED = "recipient_deceased"
    NOT_ENOUGH_CASH = "not_enough_cash"
    OUTSIDE_WINDOW = "outside_window"
    BATTERY_LOW = "battery_low"
    VARIANCE_UNEXPLAINED = "variance_unexplained"
    NOT_IN_THIS_STATE = "not_in_this_state"
    SESSION_OPEN = "session_open"
    SESSION_OF_OTHER = "session_of_other"
    SECOND_PERSON_NEEDED = "second_person_needed"
    MORE_THAN_THERE = "more_than_there"
    NOT_THE_SUM = "not_the_sum"
    AWAITS_ROUNDING = "awaits_rounding"
    NO_STAND_IN = "no_stand_in"
    NOT_THE_STAND_IN = "not_the_stand_in"
    RELEASE_CODE_WRONG = "release_code_wrong"
    RELEASE_CODE_USED = "release_code_used"
    LEASE_TAKEN = "lease_taken"
    LEASE_QR_NOT_GENUINE = "lease_qr_not_genuine"
    OVERRIDE_NOT_ALLOWED = "override_not_allowed"
    OVERRIDE_OVER_CAP = "override_over_cap"
    OVERRIDE_OVER_DAY_CAP = "override_over_day_cap"
    OVERRIDE_TOO_OFTEN = "override_too_often"
    OVERRIDE_NOT_SUPERVISOR = "override_not_supervisor"
    OVERRIDE_CODE_WRONG = "override_code_wrong"
    OVERRIDE_CODE_USED = "override_code_used"
    OVERRIDE_CODE_EXPIRED = "override_code_expired"
    OVERRIDE_OTHER_RECIPIENT = "override_other_recipient"
    OVERRIDE_OTHER_SUM = "override_other_sum"
    OVERRIDE_OTHER_DEVICE = "override_other_device"
    OVERRIDE_CODE_LOCKED = "override_code_locked"
    RELEASE_CODE_LOCKED = "release_code_locked"
