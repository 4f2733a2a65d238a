"""Reads a sum that is written out in words: "Một trăm hai mươi lăm triệu năm trăm nghìn đồng chẵn".

The total of a list stands there a second time, in words. Words are not changed by a slipped key, so
they are worth comparing.
"""

from __future__ import annotations

from typing import Final

from agent_sync.district.lists.words import fold

_DIGITS: Final = {
    "khong": 0,
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "lam": 5,
    "nham": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
}
_SCALES: Final = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_FILLERS: Final = frozenset(("linh", "le", "va"))
_END: Final = frozenset(("dong", "chan", "d", "vnd"))


def read_words(text: str) -> int | None:
    """The sum in đồng after the last colon, None if the words are no number."""
    words = fold(text.rpartition(":")[2]).split()
    total = group = digit = 0
    seen = False
    for word in words:
        if word in _END:
            break
        if word in _DIGITS:
            digit, seen = _DIGITS[word], True
        elif word in ("muoi", "tram") and (seen or word == "muoi"):
            group += (digit or (word == "muoi")) * (10 if word == "muoi" else 100)
            digit, seen = 0, True
        elif word in _SCALES and seen:
            scale = _SCALES[word]
            group += digit
            # "hai nghìn tỷ": a scale after a scale lifts everything said so far.
            total = (total + group) * scale if scale == 10**9 else total + group * scale
            group = digit = 0
        elif word not in _FILLERS:
            return None
    return total + group + digit if seen else None
