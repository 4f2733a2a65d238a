"""Turns closed words of the domain into words of people, and says how a person is addressed.

Pure: it reads catalogues of this package and nothing else. Whoever wants a sentence gives an enum, never a string of
their own, so that a test can walk every enum through every language.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from kiosk import numerals
from kiosk.payout.names import Period, RefusalKey, Sex, Vnd
from kiosk.payout.people import BirthDate, Person


class AddressForm(StrEnum):
    """How a person is addressed and spoken of: never "bạn", never "khách hàng"."""

    ONG = "ong"
    BA = "ba"
    CU_ONG = "cu_ong"
    CU_BA = "cu_ba"
    ME = "me"
    ANH = "anh"
    CHI = "chi"


ELDER_FROM_AGE = 50
"""Younger payees (a daughter, a neighbour) are Anh or Chị."""


def address(person: Person, on: date, cu_from_age: int) -> AddressForm:
    """The form for ``person`` on a day, without a wish; ``cu_from_age`` in years is the district's policy."""
    if person.heroic_mother:
        return AddressForm.ME
    woman = person.sex is Sex.FEMALE
    age = _age(person.birth, on)
    if age >= cu_from_age:
        return AddressForm.CU_BA if woman else AddressForm.CU_ONG
    if age >= ELDER_FROM_AGE:
        return AddressForm.BA if woman else AddressForm.ONG
    return AddressForm.CHI if woman else AddressForm.ANH


def _age(birth: BirthDate, on: date) -> int:
    """Years of age; a birthday of which only the year is known counts as 1 January."""
    had_birthday = (birth.month or 1, birth.day or 1) <= (on.month, on.day)
    return on.year - birth.year - (0 if had_birthday else 1)


class Kindness(StrEnum):
    """What a recipient hears of a refusal: never a reproach, never a verdict on their card."""

    NOT_TODAY = "not_today"
    NOTHING_TODAY = "nothing_today"
    TO_ACCOUNT = "to_account"
    SEE_CARD = "see_card"
    SEE_PAPER = "see_paper"
    LOOKED_INTO = "looked_into"
    MACHINE = "machine"
    CONDOLENCE = "condolence"


_KINDNESS: dict[RefusalKey, Kindness] = {
    RefusalKey.NOTHING_DUE: Kindness.NOTHING_TODAY,
    RefusalKey.ALREADY_PAID: Kindness.NOTHING_TODAY,
    RefusalKey.NOT_CASH: Kindness.TO_ACCOUNT,
    RefusalKey.OUTSIDE_WINDOW: Kindness.NOTHING_TODAY,
    RefusalKey.CARD_ALTERED: Kindness.SEE_CARD,
    RefusalKey.CARD_NOT_GENUINE: Kindness.SEE_CARD,
    RefusalKey.CARD_REVOKED: Kindness.SEE_CARD,
    RefusalKey.CHIP_REVOKED: Kindness.SEE_CARD,
    RefusalKey.CARD_EXPIRED: Kindness.SEE_CARD,
    RefusalKey.LEVEL_TOO_LOW: Kindness.SEE_CARD,
    RefusalKey.CARD_LEFT: Kindness.SEE_CARD,
    RefusalKey.FACE_NOT_CONFIRMED: Kindness.SEE_CARD,
    RefusalKey.NOT_A_PAYEE: Kindness.SEE_PAPER,
    RefusalKey.PAYEE_TERM_ENDED: Kindness.SEE_PAPER,
    RefusalKey.PAYEE_NOT_YET: Kindness.SEE_PAPER,
    RefusalKey.PAYEE_OUT_OF_SCOPE: Kindness.SEE_PAPER,
    RefusalKey.ENTITLEMENT_HELD: Kindness.LOOKED_INTO,
    RefusalKey.SUM_CHANGED: Kindness.LOOKED_INTO,
    RefusalKey.ANOTHER_PERSON: Kindness.LOOKED_INTO,
    RefusalKey.TIME_NOT_PROVEN: Kindness.MACHINE,
    RefusalKey.BELOW_TIME_FLOOR: Kindness.MACHINE,
    RefusalKey.SUPPRESSED: Kindness.MACHINE,
    RefusalKey.ROLLED_BACK: Kindness.MACHINE,
    RefusalKey.FORKED: Kindness.MACHINE,
    RefusalKey.REVOKED: Kindness.MACHINE,
    RefusalKey.BATTERY_LOW: Kindness.MACHINE,
    RefusalKey.RECIPIENT_DECEASED: Kindness.CONDOLENCE,
}


def kindness(key: RefusalKey) -> Kindness:
    """The kind sentence for a refusal; whatever is the office's own affair is only "not today"."""
    return _KINDNESS.get(key, Kindness.NOT_TODAY)


class UnknownWords(KeyError):
    """A catalogue has no entry for a key: a fault of the program, found by the tests of this module."""


_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPES = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}
LOCALE = Path(__file__).parent / "locale"
SLOT = re.compile(r"\{(\w+)\}")


def read_catalogue(source: str) -> dict[str, str]:
    """Entries of a gettext .po file: msgid and msgstr over one or more quoted lines, comments, nothing else.

    Read as text rather than compiled: what a translator edits is what the screen shows.
    """
    entries: dict[str, str] = {}
    parts = {"msgid": "", "msgstr": ""}
    field = "msgid"
    for line in [*source.splitlines(), 'msgid ""']:
        if line.startswith("msgid") and parts["msgid"]:
            entries[parts["msgid"]] = parts["msgstr"]
        if line.startswith("msgid"):
            parts = {"msgid": "", "msgstr": ""}
        if line.startswith(("msgid", "msgstr")):
            field = line.split(" ", 1)[0]
        if not line.startswith("#") and (quoted := _STRING.search(line)):
            parts[field] += re.sub(r'\\[n"\\]', lambda found: _ESCAPES[found[0]], quoted[1])
    return entries


@cache
def catalogue(language: str) -> dict[str, str]:
    """All entries of a language. Raises FileNotFoundError for one that is not shipped."""
    return read_catalogue((LOCALE / f"{language}.po").read_text(encoding="utf-8"))


def phrase(key: str, language: str, **slots: str) -> str:
    """A sentence with its slots filled. Raises UnknownWords for a key or slot that does not exist.

    ``{You}`` is ``you`` with a capital: the address stands at the beginning of a sentence as often as inside one.
    """
    try:
        sentence = catalogue(language)[key]
        if "you" in slots:
            slots["You"] = slots["you"][:1].upper() + slots["you"][1:]
        return SLOT.sub(lambda found: slots[found[1]], sentence)
    except KeyError as missing:
        raise UnknownWords(f"{language}: {key}: {missing}") from missing


def word(member: StrEnum, language: str) -> str:
    """The words for a member of a closed enum: its entry is ``Enum.value``."""
    return phrase(f"{type(member).__name__}.{member.value}", language)


def you(form: AddressForm | None, language: str) -> str:
    """How somebody is addressed in a sentence; without a form, respectfully open."""
    return phrase("address.open" if form is None else f"you.{form.value}", language)


def figures(amount: int) -> str:
    """An amount as it is printed, ``1.250.000 đ``, its unit never on another line."""
    return numerals.in_figures(Vnd(amount)).replace(" ", "\u00a0")


def in_words(amount: int, language: str) -> str:
    """An amount in words, with its unit."""
    return numerals.in_words(Vnd(amount), numerals.Language(language))


def digits_in_words(number: str, language: str) -> str:
    """A number that is no sum, digit by digit."""
    return numerals.digits_in_words(number, numerals.Language(language))


def month(period: Period) -> str:
    """A month as it is read on paper: ``11/2026``."""
    return f"{period.month:02d}/{period.year}"


def day(on: date) -> str:
    """A day as it is read on paper: ``22/11/2026``."""
    return f"{on.day:02d}/{on.month:02d}/{on.year}"


def long_day(on: date, language: str) -> str:
    """A day with its weekday: ``Chủ nhật, 22/11/2026``."""
    return f"{phrase(f'weekday.{on.isoweekday()}', language)}, {day(on)}"
