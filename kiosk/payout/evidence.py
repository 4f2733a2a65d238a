"""What is known of the person in front of the device, and how much that is worth (plan §7).

The chip's three verdicts stay apart: files whole, issuer known, chip not copied. The level is
computed from them here and nowhere else, and starts from the bottom: nothing passes by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kiosk.payout.names import CitizenNumber, ConsentWay, Digest, Level, OperatorId, OverrideReason, RefusalKey
from kiosk.payout.people import Payee


class Integrity(StrEnum):
    """Do the files hash to what a valid SOD signature says? (ICAO 9303-11 §5.1)."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_POSSIBLE = "not_possible"


class Chain(StrEnum):
    """Does the document signer lead to an issuer in the trust store?"""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN_ISSUER = "unknown_issuer"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_POSSIBLE = "not_possible"


class Chip(StrEnum):
    """Did the chip prove that it holds its private key (AA or CA)?"""

    PASSED = "passed"
    FAILED = "failed"
    NOT_SUPPORTED = "not_supported"
    NOT_POSSIBLE = "not_possible"


class CardDoubt(StrEnum):
    """Where a read card contradicts the pay list, its printed QR or itself: named, shown, written down, never silent.

    The gravest come first: a screen with little room shows those.
    """

    CARD_NUMBER = "card_number"
    QR_NUMBER = "qr_number"
    """The QR that was scanned off this card carries another number than its chip."""
    LIST_NAME = "list_name"
    LIST_BIRTH = "list_birth"
    LIST_SEX = "list_sex"
    QR_NAME = "qr_name"
    """Other letters, marks or order: both were printed by one office, so they must be the same."""
    QR_BIRTH = "qr_birth"
    QR_SEX = "qr_sex"
    QR_ISSUED = "qr_issued"
    LIST_SPELLING = "list_spelling"
    """The same letters; diacritics or the order of the names differ."""
    CARD_NAME = "card_name"
    CARD_BIRTH = "card_birth"
    CARD_SEX = "card_sex"
    CARD_EXPIRY = "card_expiry"
    CARD_ZONE = "card_zone"
    """Check digits of the machine readable zone."""
    CARD_FILE = "card_file"
    """A file that is hidden, broken, or holds characters that hide."""


ANOTHER_PERSON = frozenset({CardDoubt.LIST_NAME, CardDoubt.LIST_BIRTH})
"""Together they say that another person's number stands on the list's line."""


@dataclass(frozen=True, slots=True)
class ChipChecks:
    """The three verdicts of one reading."""

    integrity: Integrity
    chain: Chain
    chip: Chip


NO_CHIP = ChipChecks(Integrity.NOT_POSSIBLE, Chain.NOT_POSSIBLE, Chip.NOT_POSSIBLE)


@dataclass(frozen=True, slots=True)
class IdentityEvidence:
    """Who the card says it is, what its chip proved, and what the agent saw."""

    number: CitizenNumber
    full_name: str
    birth: date | None
    checks: ChipChecks
    card_expires: date | None = None
    face_confirmed: bool = False
    active_authentication: bool = False
    """True when the chip verdict came from Active Authentication, not only from CA."""
    signer_observed: bool = False
    """The document signer is listed by the district as observed."""
    key_pinned: bool = False
    """This AA key was seen before with this same person."""
    key_revoked: bool = False
    """The district revoked this AA key: the card was reported lost, or its chip cloned."""
    simulated: bool = False
    attachment: Digest | None = None
    """Salted hash of SOD, DG1 and DG15, kept outside the journal (M3)."""
    doubts: tuple[CardDoubt, ...] = ()
    card_left: bool = False
    """A card that can sign was taken away, twice, before it signed the payout: what is left is the device's word."""


@dataclass(frozen=True, slots=True)
class Override:
    """What stands in for a chip (chi đặc cách, plan §6): a reason, a witness, and a supervisor who is not here."""

    reason: OverrideReason
    witness: Digest
    """Salted hash of the witness's name, kept outside the journal (M3)."""
    consent: Digest
    """TELEPHONE: hash of code and request, which the district computes again. CARD: the supervisor's chip files."""
    way: ConsentWay = ConsentWay.TELEPHONE
    given_by: OperatorId = OperatorId("")
    """CARD: whose card it was. By telephone the district knows which officer spoke."""
    request: str = ""
    """TELEPHONE: the twelve digits that were read out to the district."""


def level(evidence: IdentityEvidence) -> Level:
    """The identity level of plan §7; C unless every condition of a better one holds."""
    checks = evidence.checks
    if checks.integrity is not Integrity.PASSED or checks.chip is not Chip.PASSED:
        return Level.C
    if not evidence.face_confirmed or names_another(evidence):
        return Level.C
    if checks.chain is Chain.PASSED:
        return Level.B if evidence.card_left else Level.A
    if evidence.card_left:
        return Level.C
    known = evidence.signer_observed or evidence.key_pinned
    if checks.chain is Chain.UNKNOWN_ISSUER and evidence.active_authentication and known:
        return Level.B
    return Level.C


def names_another(evidence: IdentityEvidence) -> bool:
    """True when nobody can say whom the number stands for: the chip holds two, or the list means somebody else."""
    return CardDoubt.CARD_NUMBER in evidence.doubts or ANOTHER_PERSON.issubset(evidence.doubts)


def card_refusal(evidence: IdentityEvidence, day: date) -> RefusalKey | None:
    """Why this card proves nothing at all, or None. Kind words for it are found elsewhere."""
    checks = evidence.checks
    if checks.integrity is Integrity.FAILED:
        return RefusalKey.CARD_ALTERED
    if checks.chain is Chain.FAILED or checks.chip is Chip.FAILED:
        return RefusalKey.CARD_NOT_GENUINE
    if checks.chain is Chain.REVOKED:
        return RefusalKey.CARD_REVOKED
    if evidence.key_revoked:
        return RefusalKey.CHIP_REVOKED
    if evidence.card_expires is not None and evidence.card_expires < day:
        return RefusalKey.CARD_EXPIRED
    return None


def match(evidence: IdentityEvidence, payees: tuple[Payee, ...]) -> Payee | None:
    """The payee whose citizen number the card carries; the first role listed wins."""
    for payee in payees:
        if payee.person.number == evidence.number:
            return payee
    return None
