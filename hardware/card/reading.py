"""Why: what a read card comes to, as values other packages can hold without holding a reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum


class Integrity(StrEnum):
    """Do the files match the hashes of a security object whose signature holds?"""

    PASSED = "passed"
    FAILED = "failed"
    NOT_POSSIBLE = "not_possible"


class Chain(StrEnum):
    """Does the signer's certificate come from a root we were given?"""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN_ISSUER = "unknown_issuer"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_POSSIBLE = "not_possible"


class Chip(StrEnum):
    """Did the chip prove that it holds the private key behind the signed files?"""

    PASSED = "passed"
    FAILED = "failed"
    NOT_SUPPORTED = "not_supported"
    NOT_POSSIBLE = "not_possible"


class Level(StrEnum):
    """Identity level of DESIGN §7, as if the agent had confirmed the face."""

    A = "A"
    B = "B"
    C = "C"


class Access(StrEnum):
    """How the chip was opened."""

    PACE_CAN = "PACE-CAN"
    PACE_MRZ = "PACE-MRZ"
    BAC = "BAC"


class Sex(StrEnum):
    """As the card states it."""

    MALE = "male"
    FEMALE = "female"
    UNSPECIFIED = "unspecified"


class Warn(StrEnum):
    """What is odd about a card that could be read; never silent, never a verdict."""

    CARD_ACCESS_ASSUMED = "card_access_assumed"
    MRZ_CHECK_DIGITS = "mrz_check_digits"
    NUMBER_DIFFERS = "number_differs"
    NAME_DIFFERS = "name_differs"
    BIRTH_DIFFERS = "birth_differs"
    BIRTH_INCOMPLETE = "birth_incomplete"
    SEX_DIFFERS = "sex_differs"
    EXPIRY_DIFFERS = "expiry_differs"
    ISSUE_DIFFERS = "issue_differs"
    CARD_EXPIRED = "card_expired"
    CONTROL_CHARACTERS = "control_characters"
    FILE_HIDDEN = "file_hidden"
    FILE_MALFORMED = "file_malformed"
    NO_DETAILS = "no_details"
    NO_FACE = "no_face"
    SMALLER_READS = "smaller_reads"
    SESSION_RENEWED = "session_renewed"
    SIGNED_IN_FUTURE = "signed_in_future"
    SIGNING_TIME_UNKNOWN = "signing_time_unknown"
    CRL_OLD = "crl_old"
    CHIP_PROOF_SKIPPED = "chip_proof_skipped"


class Phase(IntEnum):
    """Steps of a read, in order; the screen has the words."""

    ACCESS = 1
    SECURITY = 2
    CHIP = 3
    PERSON = 4
    FACE = 5
    CHECKS = 6


@dataclass(frozen=True, slots=True)
class Checks:
    """The three verdicts, apart from each other."""

    integrity: Integrity
    chain: Chain
    chip: Chip


@dataclass(frozen=True, slots=True, repr=False)
class CardPerson:
    """Whom the card names; None where it does not say, `date_of_expiry` None also for a lifetime card."""

    id_number: str
    full_name: str
    date_of_birth: date | None
    sex: Sex
    nationality: str | None = None
    ethnicity: str | None = None
    religion: str | None = None
    place_of_origin: str | None = None
    place_of_residence: str | None = None
    personal_features: str | None = None
    date_of_issue: date | None = None
    date_of_expiry: date | None = None
    father_name: str | None = None
    mother_name: str | None = None
    spouse_name: str | None = None
    old_id_number: str | None = None

    def __repr__(self) -> str:
        """Says nothing about the person: reprs end up in logs."""
        return "CardPerson(...)"


@dataclass(frozen=True, slots=True)
class FaceImage:
    """The portrait as the card stores it: "image/jpeg" or "image/jp2"."""

    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChipReading:
    """Everything one read yields.

    `files` holds the raw files by name ("DG1", "DG2", "DG13", "DG14", "DG15", "SOD", "CardAccess").
    Fingerprints are SHA-256: of the signer's certificate, of DG15's SubjectPublicKeyInfo.
    `active` and `chip_authentication` are the two proofs behind `checks.chip`. `seconds` is wall time.
    """

    access: Access
    files: Mapping[str, bytes] = field(repr=False)
    person: CardPerson
    face: FaceImage | None
    checks: Checks
    active: Chip
    chip_authentication: Chip
    signer_fingerprint: bytes | None
    aa_key_fingerprint: bytes | None
    simulated: bool
    reader_name: str
    apdus: int
    sent_bytes: int
    received_bytes: int
    seconds: float
    warnings: tuple[Warn, ...] = ()
