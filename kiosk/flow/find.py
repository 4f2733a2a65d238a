"""Finds a household by what an agent remembers of it, typed without a single diacritic.

Every word that was typed must begin a word of the names, the hamlet or the address: "lanh" finds Lành and Lánh, "sau
nguyen" finds Nguyễn Thị Sáu. Telex keys are understood as well: whoever types "SAUS" wants Sáu.
"""

from __future__ import annotations

import unicodedata

from kiosk.flow.telex import compose
from kiosk.flow.values import RouteRow


def folded(words: str) -> str:
    """Lower case without diacritics, đ as d."""
    apart = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def found(rows: tuple[RouteRow, ...], keys: str) -> tuple[RouteRow, ...]:
    """The rows that the keys mean, in their order; all of them for no keys."""
    asked = {folded(keys), folded(compose(keys))}
    return tuple(row for row in rows if any(_meant(row, each.split()) for each in asked))


def _meant(row: RouteRow, asked: list[str]) -> bool:
    known = folded(" ".join((*row.names, row.hamlet, row.address))).replace(",", " ").split()
    return all(any(word.startswith(each) for word in known) for each in asked)
