"""Marks where Khmer words end: Khmer has no spaces, and a line may break only between words.

``python -m tests.tools.khmer_words`` writes a zero-width space (U+200B) between the words of every sentence of the
Khmer catalogue. The words are those of ICU's dictionary, the one that browsers break lines with (Debian: libicu).
"""

from __future__ import annotations

import ctypes
import re
import sys
from ctypes.util import find_library
from itertools import pairwise

from kiosk.text import LOCALE

TARGET = LOCALE / "km.po"
END = "\u200b"
WORD_BREAKS = 1
"""UBRK_WORD of ICU's unicode/ubrk.h."""
KHMER = re.compile("[\u1780-\u17ff\u200b]+")
SENTENCE_END = "។៖៕?!…"


class NoDictionary(OSError):
    """ICU is not installed."""


def _icu() -> tuple[ctypes.CDLL, str]:
    """The library and the version that its symbols end with. Raises NoDictionary."""
    name = find_library("icuuc")
    if name is None or (version := re.search(r"\.so\.([0-9]+)", name)) is None:
        raise NoDictionary("libicuuc")
    return ctypes.CDLL(name), f"_{version[1]}"


def words(run: str) -> list[str]:
    """The words of one unbroken piece of Khmer; Khmer lies in one UTF-16 unit a letter."""
    library, version = _icu()
    units = (ctypes.c_uint16 * len(run))(*map(ord, run))
    error = ctypes.c_int(0)
    opened = getattr(library, f"ubrk_open{version}")
    opened.restype = ctypes.c_void_p
    breaks = opened(WORD_BREAKS, b"km", units, len(run), ctypes.byref(error))
    if error.value > 0:
        raise NoDictionary(f"ICU error {error.value}")
    following = getattr(library, f"ubrk_next{version}")
    following.argtypes = [ctypes.c_void_p]
    places = [0]
    while (place := following(breaks)) >= 0:
        places.append(place)
    close = getattr(library, f"ubrk_close{version}")
    close.argtypes = [ctypes.c_void_p]
    close(breaks)
    return [run[start:end] for start, end in pairwise(places)]


def marked(sentence: str) -> str:
    """The sentence with a mark between any two words; a sign of punctuation stays with the word before it."""

    def piece(found: re.Match[str]) -> str:
        parts = words(found[0].replace(END, ""))
        joined = "".join(part if not place or part[0] in SENTENCE_END else END + part
                         for place, part in enumerate(parts))  # fmt: skip
        return joined + (END if found[0].endswith(END) and found.end() < len(sentence) else "")

    return KHMER.sub(piece, sentence)


def main() -> int:
    """Mark the catalogue in place."""
    lines = TARGET.read_text(encoding="utf-8").split("\n")
    done = [marked(line) if line.startswith(("msgstr", '"')) else line for line in lines]
    TARGET.write_text("\n".join(done), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
