"""Finds a household by what an agent remembers of it, typed without a single diacritic.

Every word that was typed must begin a word of the names, the hamlet or the address: "lanh" finds Lành and Lánh, "sau
nguyen" finds Nguyễn Thị Sáu. Telex keys are understood as well: whoever types "SAUS" wants Sáu.
"""

from __future__ import annotations

import unicodedata

from kiosk.flow.telex import compose
from kiosk.flow.values import RouteRow
from kiosk.flow.values_money import PaidRow


def folded(words: str) -> str:
    """Lower case without diacritics, đ as d."""
    apart = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def found(rows: tuple[RouteRow, ...], keys: str) -> tuple[RouteRow, ...]:
    """The rows that the keys mean, in their order; all of them for no keys."""
    return tuple(row for row in rows if _meant(" ".join((*row.names, row.hamlet, row.address)), keys))


def found_paid(rows: tuple[PaidRow, ...], keys: str) -> tuple[PaidRow, ...]:
    """The payouts that the keys mean, by recipient or payee, in their order; all of them for no keys."""
    return tuple(row for row in rows if _meant(f"{row.recipient.full_name} {row.payee}", keys))


def _meant(words: str, keys: str) -> bool:
    known = folded(words).replace(",", " ").split()
    asked = {folded(keys), folded(compose(keys))}
    return any(all(any(word.startswith(part) for word in known) for part in each.split()) for each in asked)
