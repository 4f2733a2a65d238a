"""A QR on the panel: black on white in every palette and in whole pixels, for a scanner sees edges, not shades."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

import qrcode

from kiosk.screens.area import Area
from kiosk.screens.page import Fill
from kiosk.screens.theme import Colour

QUIET = 4
"""Modules of white around the code, as its standard wants them."""
BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)
_MASK = 3
"""One fixed mask, as on paper: trying all eight takes eight times as long, and every reader takes any of them."""


def drawn(area: Area, content: str) -> list[Fill]:
    """The white ground and the black runs of each row, as large as the area allows, in its middle."""
    rows = _rows(content)
    dot = int(min(area.width, area.height) // (len(rows) + 2 * QUIET))
    whole = dot * (len(rows) + 2 * QUIET)
    x, y = round(area.middle[0] - whole / 2), round(area.middle[1] - whole / 2)
    fills = [Fill(Area(x, y, whole, whole), WHITE)]
    for up, row in enumerate(reversed(rows), start=QUIET):
        at = QUIET
        for dark, run in groupby(row):
            wide = len(list(run))
            if dark:
                fills.append(Fill(Area(x + at * dot, y + up * dot, wide * dot, dot), BLACK))
            at += wide
    return fills


@lru_cache(maxsize=2)
def _rows(content: str) -> tuple[tuple[bool, ...], ...]:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_L, border=0, mask_pattern=_MASK)
    code.add_data(content, optimize=0)
    code.make(fit=True)
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())
