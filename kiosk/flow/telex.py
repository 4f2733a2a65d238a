"""Vietnamese from a plain letter pad: the Telex way that every phone here types.

``tr a n f`` is ``TRÀN``: doubled letters and W make the vowels, S F R X J the tones, Z takes a tone away. A name is
typed letter by letter and composed anew each time, so a correction is one erased key.
"""

from __future__ import annotations

import unicodedata

MAX_KEYS = 60
LETTERS = "ABCDEGHIKLMNOPQRSTUVXYFJWZ"
"""All keys of the pad: the Vietnamese alphabet, and F, J, W, Z that only compose."""
_TONES = {"S": "\u0301", "F": "\u0300", "R": "\u0309", "X": "\u0303", "J": "\u0323"}
_DOUBLES = {"AA": "Â", "EE": "Ê", "OO": "Ô", "DD": "Đ", "AW": "Ă", "OW": "Ơ", "UW": "Ư"}
_VOWELS = frozenset("AĂÂEÊIOÔƠUƯY")
_MARKED = frozenset("ĂÂÊÔƠƯ")


def compose(keys: str) -> str:
    """What the keys say, word by word, in NFC and as names are written."""
    return " ".join(_word(word).capitalize() for word in keys.upper().split(" "))


def composed(keys: str) -> str:
    """A sentence instead of a name: small letters, the first one a capital."""
    words = " ".join(_word(word) for word in keys.upper().split()).lower()
    return words[:1].upper() + words[1:]


def fits(keys: str, key: str) -> bool:
    """A letter of the pad, or one space after a letter."""
    return (len(key) == 1 and key in LETTERS) or (key == " " and bool(keys) and not keys.endswith(" "))


def _word(keys: str) -> str:
    letters: list[str] = []
    tone = ""
    for key in keys:
        vowel = any(letter in _VOWELS for letter in letters)
        if vowel and key in _TONES:
            tone = _TONES[key]
        elif vowel and key == "Z":
            tone = ""
        elif not _joined(letters, key):
            letters.append(key)
    return _toned(letters, tone)


def _joined(letters: list[str], key: str) -> bool:
    """Make the last fitting letter another one (AA is Â, UOW is ƯƠ); False when nothing joins."""
    for place in range(len(letters) - 1, -1, -1):
        changed = _DOUBLES.get(letters[place] + key)
        if changed is None or (key == "D" and place):
            continue
        if key == "W" and _horn_before(letters, place):
            letters[place - 1] = "Ư"
            return True
        letters[place] = changed
        if changed == "Ơ" and place and letters[place - 1] == "U":
            letters[place - 1] = "Ư"
        return True
    return False


def _horn_before(letters: list[str], place: int) -> bool:
    """W goes to the U of UA and to the first of UU (MƯA, HƯU), but not after Q (QUĂN)."""
    before = letters[place - 1] if place else ""
    after_q = place > 1 and letters[place - 2] == "Q"
    return before == "U" and letters[place] in {"U", "A"} and not after_q


def _toned(letters: list[str], tone: str) -> str:
    place = _seat(letters)
    if tone and place is not None:
        letters[place] += tone
    return unicodedata.normalize("NFC", "".join(letters))


def _seat(letters: list[str]) -> int | None:
    """Where the tone sits: on a marked vowel, else before the last of an open cluster, else on its last."""
    vowels = [place for place, letter in enumerate(letters) if letter in _VOWELS]
    if len(vowels) > 1 and vowels[0] and (letters[vowels[0] - 1], letters[vowels[0]]) in {("Q", "U"), ("G", "I")}:
        vowels = vowels[1:]
    if not vowels:
        return None
    marked = [place for place in vowels if letters[place] in _MARKED]
    if marked:
        return marked[-1]
    closed = vowels[-1] < len(letters) - 1
    if len(vowels) == 1 or closed:
        return vowels[-1]
    open_pair = "".join(letters[place] for place in vowels[-2:])
    return vowels[-1] if len(vowels) == 2 and open_pair in {"OA", "OE", "UY"} else vowels[-2]
