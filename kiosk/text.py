"""Turns closed words of the domain into words of people, and says how a person is addressed.

Pure: it reads catalogues of this package and nothing else. Whoever wants a sentence gives an enum, never a string of
their own, so that a test can walk every enum through every language.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from kiosk.payout.names import Sex
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
    """The form for ``person`` on a day; ``cu_from_age`` in years is the district's policy."""
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
