"""Finding and keeping the fonts of the paper.

Noto Sans draws every Vietnamese letter without clipping the tone marks of capitals. Latin text in
NFC needs no shaping, so it takes Pillow's basic layout, which is three times as fast.
"""

from __future__ import annotations

import os
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from hardware.printer.errors import LayoutError

FONT_SETTING = "TANNHA_FONTS"
"""Environment variable that names another folder with the same font files."""
_FOLDERS = (Path("/usr/share/fonts/truetype/noto"), Path("/usr/share/fonts"))


class Face(StrEnum):
    """The faces in use; the value is the file's name."""

    REGULAR = "NotoSans-Regular.ttf"
    BOLD = "NotoSans-Bold.ttf"


@lru_cache(maxsize=64)
def font(face: Face, pixels: int) -> ImageFont.FreeTypeFont:
    """The face at ``pixels`` per em. Raises LayoutError when the file is not installed."""
    try:
        return ImageFont.truetype(str(_file(face)), pixels, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise LayoutError(f"font {face.value} cannot be read") from error


@lru_cache(maxsize=16)
def _file(face: Face) -> Path:
    chosen = os.environ.get(FONT_SETTING)
    for folder in (Path(chosen),) if chosen else _FOLDERS:
        if (folder / face.value).is_file():
            return folder / face.value
        found = next(folder.rglob(face.value), None) if folder.is_dir() else None
        if found is not None:
            return found
    raise LayoutError(f"font {face.value} is not installed (package fonts-noto-core)")
