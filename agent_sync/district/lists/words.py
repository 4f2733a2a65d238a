"""Cleans the text of a cell and folds it for comparison.

Pasted text carries zero-width and direction characters that no officer can see and that make two
equal names different; they go before anything is compared. Folding is for recognising words and
repeated names only: what is kept and printed is the cleaned text with its marks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from agent_sync.district.lists.cells import Cell, CellKind, Sheet
from agent_sync.district.lists.findings import Warn
from agent_sync.district.text_repair import Encoding, is_ambiguous, readings, repair, sheet_hint

_REPAIR_WARNING: Final = {
    Encoding.TCVN3: Warn.REPAIRED_TCVN3,
    Encoding.VNI: Warn.REPAIRED_VNI,
    Encoding.BROKEN_UTF8: Warn.REPAIRED_BROKEN_UTF8,
}
_HIDDEN: Final = frozenset(("Cc", "Cf", "Co", "Cs", "Cn"))
_SAMPLE: Final = 2_000
"""Texts of a sheet that are looked at to know its encoding."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell's text, cleaned and in NFC, and what had to be done for it."""

    text: str
    warnings: tuple[Warn, ...] = ()
    unsure: bool = False
    """Readable both as it stands and in an older encoding, in a sheet that holds both."""


BLANK: Final = Reading("")


def clean(text: str) -> tuple[str, bool]:
    """NFC, one space between words, no invisible characters; and whether any were removed."""
    spaced = re.sub(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+", " ", text)
    kept = "".join(c for c in spaced if unicodedata.category(c) not in _HIDDEN)
    return " ".join(unicodedata.normalize("NFC", kept).split()), len(kept) != len(spaced)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Small letters without marks and punctuation: "Số  CCCD/ĐDCN" is "so cccd ddcn"."""
    flat = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(c for c in flat if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", bare).split())


@lru_cache(maxsize=20_000)
def _mended(raw: str, hint: Encoding | None, mixed: bool) -> Reading:
    mended = repair(raw, hint)
    text, hidden = clean(mended.text)
    warning = _REPAIR_WARNING.get(mended.encoding)
    warnings = ((warning,) if warning else ()) + ((Warn.HIDDEN_CHARACTERS,) if hidden else ())
    return Reading(text, warnings, mixed and is_ambiguous(raw))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the cells of one sheet with what the whole sheet says about its encoding."""

    hint: Encoding | None = None
    mixed: bool = False

    def read(self, cell: Cell | None) -> Reading:
        """The text of a cell; blank for no cell, for an error and for a formula without value."""
        if cell is None or cell.kind in (CellKind.ERROR, CellKind.NO_VALUE):
            return BLANK
        if cell.kind is not CellKind.TEXT:
            return Reading(cell.text)
        return _mended(cell.text, cell.font or self.hint, self.mixed and cell.font is None)

    def text(self, cell: Cell | None) -> str:
        """Only the text."""
        return self.read(cell).text


def reader_for(sheet: Sheet) -> Reader:
    """Look at a sheet's texts and decide how the doubtful ones are read."""
    texts = [c.text for row in sheet.rows for c in row.cells.values() if c.kind is CellKind.TEXT][:_SAMPLE]
    certain = {found[0] for text in texts if len(found := readings(text)) == 1}
    return Reader(sheet_hint(texts), mixed=len(certain) > 1)
