"""Why: a chip opens by something printed on the card; these are the two forms, checked before any command is sent."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from hardware.card.mrz import check_digit, parse_mrz_key

_CAN: Final = re.compile(r"[0-9]{6}")
_DATE: Final = re.compile(r"[0-9]{6}")
_DOCUMENT: Final = re.compile(r"[A-Z0-9<]{9,22}")


@dataclass(frozen=True, slots=True)
class Can:
    """Card access number; on a CCCD the last six digits of the personal number."""

    digits: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _CAN.fullmatch(self.digits):
            raise ValueError("a CAN is six digits")

    @classmethod
    def from_id_number(cls, id_number: str) -> "Can":
        """The CAN of a CCCD with that 12-digit number; ValueError if it is not 12 digits."""
        if not re.fullmatch(r"[0-9]{12}", id_number):
            raise ValueError("a personal number is twelve digits")
        return cls(id_number[-6:])

    @property
    def secret(self) -> bytes:
        """The password π of PACE (ICAO 9303-11 §9.7.3)."""
        return self.digits.encode("ascii")


@dataclass(frozen=True, slots=True)
class Mrz:
    """The three fields of a machine readable zone that open a chip; dates as YYMMDD."""

    document_number: str = field(repr=False)
    birth: str = field(repr=False)
    expiry: str = field(repr=False)

    def __post_init__(self) -> None:
        fields = (self.birth, self.expiry)
        if not _DOCUMENT.fullmatch(self.document_number) or not all(_DATE.fullmatch(part) for part in fields):
            raise ValueError("the MRZ's number or dates are not of their form")

    @classmethod
    def from_lines(cls, lines: str) -> "Mrz":
        """From the printed lines (two or three, joined or not); ValueError if their check digits are wrong."""
        return cls(*parse_mrz_key(lines))

    @property
    def information(self) -> bytes:
        """MRZ_information (ICAO 9303-11 §4.3.2): each field with its check digit."""
        parts = (self.document_number.ljust(9, "<"), self.birth, self.expiry)
        return "".join(part + check_digit(part) for part in parts).encode("ascii")

    @property
    def secret(self) -> bytes:
        """The password π of PACE."""
        return hashlib.sha1(self.information, usedforsecurity=False).digest()


Password = Can | Mrz
