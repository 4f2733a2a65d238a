"""Why: the machine readable zone (ICAO 9303-5 and -4) stands in DG1 and opens older cards; its dates lack a century."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from hardware.card.errors import MalformedCard

_ALPHABET: Final = re.compile(r"[A-Z0-9<]*")
_WEIGHTS: Final = (7, 3, 1)
LIFETIME_EXPIRY: Final = "991231"


@dataclass(frozen=True, slots=True, repr=False)
class MrzData:
    """The fields of a zone as they stand there; dates as YYMMDD, fillers stripped from names and numbers."""

    kind: str
    issuer: str
    document_number: str
    birth: str
    sex: str
    expiry: str
    nationality: str
    surname: str
    given_names: str
    optional: str
    checks_hold: bool

    def __repr__(self) -> str:
        """Says nothing about the person: reprs end up in logs."""
        return "MrzData(...)"

    @property
    def full_name(self) -> str:
        """Surname and given names in this order, without diacritics, as the zone has them."""
        return f"{self.surname} {self.given_names}".strip()


def check_digit(text: str) -> str:
    """ICAO 9303-3 §4.9."""
    values = (0 if char == "<" else int(char, 36) for char in text)
    return str(sum(value * _WEIGHTS[index % 3] for index, value in enumerate(values)) % 10)


def _clean(text: str) -> str:
    return text.replace("<", " ").strip()


def _names(text: str) -> tuple[str, str]:
    surname, _, given = text.partition("<<")
    return " ".join(_clean(surname).split()), " ".join(_clean(given).split())


def parse_mrz(text: str) -> MrzData:
    """A zone of 90 (TD1), 72 (TD2) or 88 (TD3) characters; MalformedCard otherwise; check digits are told."""
    if not _ALPHABET.fullmatch(text):
        raise MalformedCard("the MRZ has characters outside its alphabet")
    match len(text):
        case 90:
            return _td1(text)
        case 72:
            return _two_lines(text, 36)
        case 88:
            return _two_lines(text, 44)
        case _:
            raise MalformedCard("the MRZ has no known length")


def _long_number(number: str, check: str, optional: str) -> tuple[str, str, str]:
    """A number longer than nine characters runs on into the optional field (ICAO 9303-5 note j)."""
    rest, _, remaining = optional.partition("<")
    if check != "<" or not 2 <= len(rest) <= 13:
        return number, check, optional
    return number + rest[:-1], rest[-1], remaining


def _td1(text: str) -> MrzData:
    first, second, third = text[:30], text[30:60], text[60:]
    number, check, optional = _long_number(first[5:14], first[14], first[15:])
    composite = first[5:] + second[:7] + second[8:15] + second[18:29]
    pairs = ((number, check), (second[:6], second[6]), (second[8:14], second[14]), (composite, second[29]))
    surname, given = _names(third)
    return MrzData(
        kind=_clean(first[:2]),
        issuer=_clean(first[2:5]),
        document_number=_clean(number),
        birth=second[:6],
        sex=second[7],
        expiry=second[8:14],
        nationality=_clean(second[15:18]),
        surname=surname,
        given_names=given,
        optional=optional.rstrip("<"),
        checks_hold=all(check_digit(part) == digit for part, digit in pairs),
    )


def _two_lines(text: str, width: int) -> MrzData:
    first, second = text[:width], text[width:]
    surname, given = _names(first[5:])
    composite = second[:10] + second[13:20] + second[21 : width - 1]
    pairs = [(second[:9], second[9]), (second[13:19], second[19]), (second[21:27], second[27])]
    pairs.append((composite, second[width - 1]))
    return MrzData(
        kind=_clean(first[:2]),
        issuer=_clean(first[2:5]),
        document_number=_clean(second[:9]),
        birth=second[13:19],
        sex=second[20],
        expiry=second[21:27],
        nationality=_clean(second[10:13]),
        surname=surname,
        given_names=given,
        optional=second[28 : width - (2 if width == 44 else 1)].rstrip("<"),
        checks_hold=all(check_digit(part) == digit for part, digit in pairs),
    )


def parse_mrz_key(lines: str) -> tuple[str, str, str]:
    """(document number, birth, expiry) from printed lines; ValueError if they do not hold together."""
    text = "".join(lines.upper().split())
    try:
        data = parse_mrz(text)
    except MalformedCard as error:
        raise ValueError(str(error)) from error
    if not data.checks_hold:
        raise ValueError("the MRZ's check digits do not hold")
    return data.document_number.replace(" ", "<").ljust(9, "<"), data.birth, data.expiry


def expand_date(yymmdd: str, latest: date) -> date | None:
    """The last such day that is not after `latest`; None where the zone leaves day or month open.

    MRZ years have two digits: somebody born 1926 and somebody born 2026 read alike, so the caller says
    which day must not be passed. DG13, where there is one, has the century and wins.
    """
    if not re.fullmatch(r"[0-9]{6}", yymmdd):
        return None
    year, month, day = int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:])
    for century in (latest.year // 100, latest.year // 100 - 1):
        found = _date(century * 100 + year, month, day)
        if found is not None and found <= latest:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def expand_expiry(yymmdd: str, issued: date | None) -> date | None:
    """Expiry as a date; None for the CCCD's lifetime mark 991231 or where it is open."""
    if yymmdd == LIFETIME_EXPIRY or not re.fullmatch(r"[0-9]{6}", yymmdd):
        return None
    century = (issued.year if issued else 2000) // 100
    found = _date(century * 100 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    if found is not None and issued is not None and found < issued:
        return _date(found.year + 100, found.month, found.day)
    return found
