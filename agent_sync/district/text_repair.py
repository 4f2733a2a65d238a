"""Repairs Vietnamese text from before Unicode: TCVN3 (.VnTime), VNI-Windows, broken UTF-8, NFD.

Communes still keep lists typed with 8-bit fonts. Such a cell holds Latin-1 characters that only
look right in that font; a name imported like that would never match a citizen card. A wrong
"repair" is as bad, so a reading is accepted only when it turns every word into a possible
Vietnamese syllable and the text as it stands does not.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, assert_never


class Encoding(StrEnum):
    """How the characters of a text are to be read."""

    UNICODE = "unicode"
    TCVN3 = "tcvn3"
    VNI = "vni"
    BROKEN_UTF8 = "broken_utf8"


LEGACY: Final = (Encoding.TCVN3, Encoding.VNI, Encoding.BROKEN_UTF8)

# TCVN 5712:1993, table VN3: the letters from A1 to AE, then the toned small letters from B5 on.
_TCVN3_PLAIN: Final = dict(zip(range(0xA1, 0xAF), "ĂÂÊÔƠƯĐăâêôơưđ", strict=True))
_TCVN3_TONED: Final[dict[int, str]] = {
    **dict(zip(range(0xB5, 0xBA), "àảãáạ", strict=True)),
    **dict(zip(range(0xBB, 0xBF), "ằẳẵắ", strict=True)),
    **dict(zip(range(0xC6, 0xCD), "ặầẩẫấậè", strict=True)),
    **dict(zip(range(0xCE, 0xD9), "ẻẽéẹềểễếệìỉ", strict=True)),
    **dict(zip(range(0xDC, 0xE0), "ĩíịò", strict=True)),
    **dict(zip(range(0xE1, 0xF0), "ỏõóọồổỗốộờởỡớợù", strict=True)),
    **dict(zip(range(0xF1, 0xFF), "ủũúụừửữứựỳỷỹýỵ", strict=True)),
}
_TCVN3: Final = _TCVN3_PLAIN | _TCVN3_TONED

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_TONES: Final = frozenset((_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT))

# VNI-Windows writes a base letter and then one sign for its marks, or one sign for a whole letter.
_VNI_TONE: Final = {"ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT}
_VNI_CIRCUMFLEX: Final = {"â": "", "á": _ACUTE, "à": _GRAVE, "å": _HOOK, "ã": _TILDE, "ä": _DOT}
_VNI_BREVE: Final = {"ê": "", "é": _ACUTE, "è": _GRAVE, "ú": _HOOK, "ü": _TILDE, "ë": _DOT}
_VNI_LETTER: Final = {
    "ñ": "đ",
    "ô": "ơ",
    "ö": "ư",
    "í": "í",
    "ì": "ì",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
}

_ONSETS: Final = (
    *("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr"),
    *("b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", ""),
)
_RIME_TABLE: Final = """a ai ao au ay am an ang anh ap at ac ach ăm ăn ăng ăp ăt ăc âu ây âm ân âng âp ât âc
    e eo em en eng ep et ec ê êu êm ên ênh êp êt êch êng i ia iu im in inh ip it ich
    iêu iêm iên iêng iêp iêt iêc o oi om on ong op ot oc oong ooc
    oa oai oay oan oang oanh oat oac oach oam oao oăn oăng oăt oăc oăm oe oen oeo oet
    ô ôi ôm ôn ông ôp ôt ôc ơ ơi ơm ơn ơp ơt u ua ui um un ung up ut uc
    uân uâng uât uây uê uêch uênh uên uôi uôm uôn uông uôt uôc uơ uy uya uyên uyêt uynh uych
    uyt uyu uyn uyp ư ưa ưi ưu ưng ưc ưt ưm ưn ươi ươu ươm ươn ương ươp ươt ươc
    y yêu yêm yên yêng yêt ynh yt"""
_RIMES: Final = frozenset(_RIME_TABLE.split())
_STOPS: Final = ("c", "p", "t", "ch")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_VOWEL: Final = re.compile(r"[^bcdđghklmnpqrstvxfjwz]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text in NFC and the encoding it was taken to be in (UNICODE: nothing was repaired)."""

    text: str
    encoding: Encoding


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether a word can be a Vietnamese syllable: onset, rime and at most one tone."""
    letters: list[str] = []
    tones: list[tuple[int, str]] = []
    for mark in unicodedata.normalize("NFD", word.lower()):
        if mark in _TONES:
            tones.append((len(letters) - 1, mark))
        elif unicodedata.combining(mark) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + mark)
        else:
            letters.append(mark)
    if len(tones) > 1:
        return False
    place, tone = tones[0] if tones else (None, None)
    return any(_fits("".join(letters), onset, place, tone) for onset in _ONSETS)


def _fits(plain: str, onset: str, place: int | None, tone: str | None) -> bool:
    if not plain.startswith(onset):
        return False
    rime = plain[len(onset) :]
    if onset == "gi" and not rime:
        return True
    if rime not in _RIMES:
        return False
    if rime.endswith(_STOPS):
        # A stopped syllable carries sắc or nặng, and is never written without a tone.
        return tone in (_ACUTE, _DOT) and place is not None and place - len(onset) in _tone_places(rime)
    return place is None or place - len(onset) in _tone_places(rime)


def _tone_places(rime: str) -> tuple[int, ...]:
    """Where the tone may stand: on the marked vowel, else before a consonant, else by the two spellings of hoà/hòa."""
    shaped = [index for index, letter in enumerate(rime) if letter in "ăâêôơư"]
    if shaped:
        return (shaped[-1],)
    vowels = [index for index, letter in enumerate(rime) if letter in "aeiouy"]
    if len(vowels) < len(rime):
        return (vowels[-1],)
    if len(vowels) == 3:
        return (1,)
    return (0, 1) if rime in ("oa", "oe", "uy") else (0,)


def decode(text: str, encoding: Encoding) -> str | None:
    """Read the text in that encoding; None if a character of it cannot stand there."""
    match encoding:
        case Encoding.UNICODE:
            return unicodedata.normalize("NFC", text)
        case Encoding.TCVN3:
            return _from_tcvn3(text)
        case Encoding.VNI:
            return _from_vni(text)
        case Encoding.BROKEN_UTF8:
            return _from_broken_utf8(text)
        case _:
            assert_never(encoding)


def _from_tcvn3(text: str) -> str | None:
    out: list[str] = []
    for char in text:
        if char < "\x80" or char == "\xa0":
            out.append(char)
        elif (letter := _TCVN3.get(ord(char))) is not None:
            out.append(letter)
        else:
            return None
    joined = "".join(out)
    # .VnTimeH shows small letters as capitals: "NGUYÔN" was typed with half of them small.
    capitals = re.search("[A-Z]{2}|[A-Z][^A-Za-z ]+[A-Z]", joined) and not re.search("[a-z]", joined)
    return joined.upper() if capitals else joined


def _from_vni(text: str) -> str | None:
    out: list[str] = []
    for char in text:
        if char < "\x80" or char == "\xa0":
            out.append(char)
            continue
        low = char.lower()
        marked = _vni_marked(out[-1] if out else "", low)
        if marked is not None:
            out[-1] = marked
        elif low in _VNI_LETTER:
            letter = _VNI_LETTER[low]
            out.append(letter.upper() if char != low else letter)
        else:
            return None
    return "".join(out)


def _vni_marked(base: str, sign: str) -> str | None:
    plain = base.lower()
    marks: str | None = None
    if plain in "aeouyơư" and plain:
        marks = _VNI_TONE.get(sign)
    if marks is None and plain in ("a", "e", "o") and sign in _VNI_CIRCUMFLEX:
        marks = _CIRCUMFLEX + _VNI_CIRCUMFLEX[sign]
    if marks is None and plain == "a" and sign in _VNI_BREVE:
        marks = _BREVE + _VNI_BREVE[sign]
    return None if marks is None else unicodedata.normalize("NFC", base + marks)


def _from_broken_utf8(text: str) -> str | None:
    """UTF-8 bytes that were once read as Windows-1252: "Nguyá»…n"."""
    raw = bytearray()
    for char in text:
        try:
            raw += char.encode("cp1252")
        except UnicodeEncodeError:
            if ord(char) > 0xFF:
                return None
            raw.append(ord(char))
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def _marked_words_fit(read: str) -> bool:
    """All words beyond plain ASCII are possible syllables or abbreviations (đ, QĐ), one at least a syllable."""
    words = [word for word in _WORD.findall(read) if not word.isascii()]
    good = [word for word in words if is_syllable(word)]
    # One letter alone proves nothing: "500.000ñ" is a sum in VNI, not the syllable ủ.
    return any(len(word) > 1 for word in good) and all(word in good or not _VOWEL.search(word) for word in words)


def readings(text: str) -> tuple[Encoding, ...]:
    """The encodings in which every marked word of the text is a possible Vietnamese syllable.

    Empty for text without marks. A soft hyphen or a sign such as ª makes UNICODE impossible only
    if another reading exists: it is the letter ư or ê of TCVN3.
    """
    if text.isascii():
        return ()
    fits = [e for e in LEGACY if (r := decode(text, e)) is not None and _marked_words_fit(r)]
    if _fits_as_it_stands(text):
        return (Encoding.UNICODE, *fits)
    return tuple(fits)


def _fits_as_it_stands(text: str) -> bool:
    read = unicodedata.normalize("NFC", text)
    odd = any("\xa1" <= c <= "\xff" and not (c.isalpha() and c not in "ªº") for c in read)
    return not odd and _marked_words_fit(read)


def repair(text: str, hint: Encoding | None = None) -> Repaired:
    """Read a text as Unicode unless it can only be something older.

    ``hint`` (the cell's font, the rest of the sheet) decides where several readings are possible
    and is ignored where its reading is not.
    """
    found = readings(text)
    if hint in found:
        chosen = hint or Encoding.UNICODE
    elif Encoding.UNICODE in found or not found:
        chosen = Encoding.UNICODE
    else:
        chosen = found[0]
    read = decode(text, chosen)
    return Repaired(text if read is None else read, chosen)


def is_ambiguous(text: str) -> bool:
    """Whether both the text as it stands and an older reading of it are possible."""
    found = readings(text)
    return Encoding.UNICODE in found and len(found) > 1


def font_hint(font: str) -> Encoding | None:
    """The encoding that a font's name stands for: ".VnTime" is TCVN3, "VNI-Times" is VNI."""
    name = font.strip().lower()
    if name.startswith(".vn"):
        return Encoding.TCVN3
    if name.startswith(("vni-", "vni ")):
        return Encoding.VNI
    return None


def sheet_hint(texts: list[str]) -> Encoding | None:
    """The older encoding that a sheet's own unmistakable texts agree on, if they do.

    One certain text is enough only while nothing certain speaks for Unicode.
    """
    certain = [found[0] for t in texts if len(found := readings(t)) == 1]
    legacy = {e for e in certain if e is not Encoding.UNICODE}
    if len(legacy) != 1:
        return None
    only = legacy.pop()
    return only if certain.count(only) > 4 * certain.count(Encoding.UNICODE) else None
