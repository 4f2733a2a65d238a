"""Why: the Vietnamese identity card keeps its holder's particulars in DG13, in a form of its own, with diacritics.

Layout as seen on cards: 6D { SEQUENCE { version, OID, SET of SEQUENCE { INTEGER n, value... } } }. Fields are found by
their number, may be missing, and unknown ones are kept apart. DG1's zone is the fallback and the cross-check.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from hardware.card import tlv
from hardware.card.errors import MalformedCard
from hardware.card.files import MAX_TEXT, clean_text
from hardware.card.mrz import LIFETIME_EXPIRY, MrzData, expand_date, expand_expiry
from hardware.card.reading import CardPerson, Sex, Warn

MAX_FIELDS: Final = 64
MAX_PARTS: Final = 8
_DATE: Final = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_TEXT: Final = {tlv.UTF8: "utf-8", tlv.PRINTABLE: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}
_SEX: Final = {"nam": Sex.MALE, "m": Sex.MALE, "nữ": Sex.FEMALE, "nu": Sex.FEMALE, "f": Sex.FEMALE}

NUMBER, NAME, BIRTH, SEX, NATIONALITY, ETHNICITY, RELIGION, ORIGIN, RESIDENCE, FEATURES = range(1, 11)
ISSUED, EXPIRES, PARENTS, SPOUSE, OLD_NUMBER, OPAQUE = range(11, 17)


@dataclass(frozen=True, slots=True, repr=False)
class Particulars:
    """DG13 by field number; each field one or more texts."""

    fields: Mapping[int, tuple[str, ...]]
    cleaned: bool = False

    def __repr__(self) -> str:
        """Says nothing about the person."""
        return "Particulars(...)"

    def text(self, number: int, index: int = 0) -> str | None:
        """One text, or None where the field is missing or empty."""
        values = self.fields.get(number, ())
        return values[index] or None if index < len(values) else None

    def day(self, number: int) -> date | None:
        """A field of the form dd/mm/yyyy."""
        return parse_day(self.text(number) or "")


def parse_day(text: str) -> date | None:
    """dd/mm/yyyy; None for anything else (also for "Không thời hạn")."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


def parse_dg13(data: bytes) -> Particulars:
    """DG13 of a CCCD or Căn cước. Raises MalformedCard."""
    outer = tlv.parse(tlv.parse_file(data, 0x6D).value, tlv.SEQUENCE).children()
    entries = next((item.children() for item in outer if item.tag == tlv.SET), None)
    if entries is None or len(entries) > MAX_FIELDS:
        raise MalformedCard("DG13 is not of its form")
    fields: dict[int, tuple[str, ...]] = {}
    cleaned = False
    for entry in entries:
        number, raw = _field(entry)
        texts = tuple(clean_text(text) for text in raw)
        cleaned |= any(
            unicodedata.normalize("NFC", text).strip() != kept for text, kept in zip(raw, texts, strict=True)
        )
        fields.setdefault(number, texts)
    return Particulars(_unswap(fields), cleaned)


def _field(entry: tlv.Tlv) -> tuple[int, tuple[str, ...]]:
    parts = entry.expect(tlv.SEQUENCE).children()
    if not parts:
        raise MalformedCard("DG13 has an empty field")
    texts: list[str] = []
    for part in parts[1:]:
        nested = part.children() if part.tag in (tlv.SEQUENCE, tlv.SET) else (part,)
        texts += [_text(item) for item in nested[:MAX_PARTS]]
    return tlv.integer(parts[0]), tuple(texts[:MAX_PARTS])


def _text(item: tlv.Tlv) -> str:
    if len(item.value) > MAX_TEXT:
        raise MalformedCard("DG13 has a text that is too long")
    if item.tag not in _TEXT:
        return ""
    try:
        return item.value.decode(_TEXT[item.tag])
    except UnicodeDecodeError as error:
        raise MalformedCard("DG13 has a text in a broken encoding") from error


def _unswap(fields: dict[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """Some cards swap the old number (9 or 12 digits) and the opaque 16 hex digits."""
    old, opaque = fields.get(OLD_NUMBER, ("",)), fields.get(OPAQUE, ("",))
    if old and opaque and len(old[0]) == 16 and re.fullmatch(r"[0-9]{9}([0-9]{3})?|", opaque[0]):
        return {**fields, OLD_NUMBER: opaque, OPAQUE: old}
    return fields


def fold(text: str) -> str:
    """Letters of the machine readable zone: no diacritics, Đ as D, upper case, single spaces."""
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    letters = "".join(char for char in plain if unicodedata.category(char) != "Mn")
    return " ".join(re.sub(r"[^A-Z ]", " ", letters.upper()).split())


def id_number(zone: MrzData) -> str:
    """The 12-digit personal number where the zone carries it, else its document number."""
    match = re.match(r"[0-9]{12}", zone.optional)
    return match[0] if match else zone.document_number


def sex_named(text: str | None) -> Sex | None:
    """The sex that a Vietnamese card's text names, or None."""
    return _SEX.get(unicodedata.normalize("NFC", text or "").strip().casefold())


def _sex(text: str | None, zone: MrzData) -> Sex:
    return sex_named(text) or {"M": Sex.MALE, "F": Sex.FEMALE}.get(zone.sex, Sex.UNSPECIFIED)


def person_of(zone: MrzData, details: Particulars | None, at: date) -> CardPerson:
    """Who the card names: DG13 where there is one, the zone for what is missing. `at` settles the zone's century."""
    extra = details or Particulars({})
    issued = extra.day(ISSUED)
    return CardPerson(
        id_number=extra.text(NUMBER) or id_number(zone),
        full_name=extra.text(NAME) or zone.full_name,
        date_of_birth=extra.day(BIRTH) or expand_date(zone.birth, at),
        sex=_sex(extra.text(SEX), zone),
        nationality=extra.text(NATIONALITY) or zone.nationality or None,
        ethnicity=extra.text(ETHNICITY),
        religion=extra.text(RELIGION),
        place_of_origin=extra.text(ORIGIN),
        place_of_residence=extra.text(RESIDENCE),
        personal_features=extra.text(FEATURES),
        date_of_issue=issued,
        date_of_expiry=expand_expiry(zone.expiry, issued),
        father_name=extra.text(PARENTS, 0),
        mother_name=extra.text(PARENTS, 1),
        spouse_name=extra.text(SPOUSE),
        old_id_number=extra.text(OLD_NUMBER),
    )


def cross_check(zone: MrzData, details: Particulars | None, person: CardPerson, at: date) -> tuple[Warn, ...]:
    """Where DG1 and DG13 disagree with each other, or the card with the day it is read on."""
    found: list[Warn] = []
    if not zone.checks_hold:
        found.append(Warn.MRZ_CHECK_DIGITS)
    if person.date_of_birth is None:
        found.append(Warn.BIRTH_INCOMPLETE)
    if person.date_of_expiry is not None and person.date_of_expiry < at:
        found.append(Warn.CARD_EXPIRED)
    if details is None:
        return (*found, Warn.NO_DETAILS)
    if details.cleaned:
        found.append(Warn.CONTROL_CHARACTERS)
    return (*found, *_differences(zone, details))


def _differences(zone: MrzData, details: Particulars) -> list[Warn]:
    found: list[Warn] = []
    number = details.text(NUMBER)
    if number is not None and number != id_number(zone):
        found.append(Warn.NUMBER_DIFFERS)
    if not names_agree(zone, details.text(NAME)):
        found.append(Warn.NAME_DIFFERS)
    born = details.day(BIRTH)
    if born is not None and zone.birth.isdigit() and f"{born:%y%m%d}" != zone.birth:
        found.append(Warn.BIRTH_DIFFERS)
    sex = sex_named(details.text(SEX))
    if sex is not None and sex is not {"M": Sex.MALE, "F": Sex.FEMALE}.get(zone.sex, Sex.UNSPECIFIED):
        found.append(Warn.SEX_DIFFERS)
    if not _expiry_agrees(zone, details):
        found.append(Warn.EXPIRY_DIFFERS)
    return found


def names_agree(zone: MrzData, name: str | None) -> bool:
    """Whether a name with diacritics is the zone's; a zone cut off at its width agrees with what it shows."""
    if name is None:
        return True
    full, shown = fold(name), fold(zone.full_name)
    return full == shown or (len(shown) >= 27 and full.startswith(shown))


def _expiry_agrees(zone: MrzData, details: Particulars) -> bool:
    text = details.text(EXPIRES)
    if text is None:
        return True
    stated = parse_day(text)
    if stated is None or (stated.year, stated.month, stated.day) == (2099, 12, 31):
        return zone.expiry == LIFETIME_EXPIRY
    return f"{stated:%y%m%d}" == zone.expiry


@dataclass(frozen=True, slots=True, repr=False)
class Stated:
    """What another source says of the same person: the card's QR, or a pay list. None where it is silent."""

    number: str | None = None
    name: str | None = None
    birth: date | None = None
    birth_year: int | None = None
    sex: Sex | None = None
    issued: date | None = None

    def __repr__(self) -> str:
        """Says nothing about the person."""
        return "Stated(...)"


def differences(person: CardPerson, stated: Stated) -> tuple[Warn, ...]:
    """Where the chip and another source disagree; the source's old nine-digit number is the chip's too.

    Names count as the same without diacritics and whatever their order is ("Thị Sáu Nguyễn"), for lists are
    typed by hand; an exact comparison is the caller's to make.
    """
    found: list[Warn] = []
    if stated.number is not None and stated.number not in (person.id_number, person.old_id_number):
        found.append(Warn.NUMBER_DIFFERS)
    if stated.name is not None and sorted(fold(stated.name).split()) != sorted(fold(person.full_name).split()):
        found.append(Warn.NAME_DIFFERS)
    if not _birth_agrees(person.date_of_birth, stated):
        found.append(Warn.BIRTH_DIFFERS)
    if stated.sex is not None and stated.sex is not person.sex:
        found.append(Warn.SEX_DIFFERS)
    if None not in (stated.issued, person.date_of_issue) and stated.issued != person.date_of_issue:
        found.append(Warn.ISSUE_DIFFERS)
    return tuple(found)


def _birth_agrees(birth: date | None, stated: Stated) -> bool:
    if birth is None:
        return True
    whole = stated.birth is None or stated.birth == birth
    return whole and stated.birth_year in (None, birth.year)
