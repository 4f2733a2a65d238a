"""Reads which commune a list is of out of its title ("ỦY BAN NHÂN DÂN XÃ TÂN AN THỬ").

Leases and routes are given out by commune, and nobody should have to type what the paper says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_NAMED: Final = re.compile(
    r"\b(xã(?!\s+(?:hội|viên|nghèo)\b)|phường|thị trấn|đặc khu)\s+"
    r"((?:[^\W\d_]+|\d{1,2}(?=$|\s*[,;.()\-–]))(?:\s+[^\W\d_]+){0,4})",
    re.IGNORECASE,
)
"""A kind of commune and up to five words or a number; "xã hội" is no commune."""
_NO_NAME: Final = re.compile(r"\s+(tháng|năm|kỳ|tỉnh|thành phố|quý|đợt|ngày|huyện|quận|được|theo)\b.*", re.IGNORECASE)


def title_commune(texts: Iterable[str]) -> str:
    """ "Xã Tân An Thử" out of a title; blank when it names none or several."""
    named = {name for text in texts for found in _NAMED.finditer(text) if (name := _name(found[1], found[2]))}
    return named.pop() if len(named) == 1 else ""


def _name(kind: str, rest: str) -> str:
    place = _NO_NAME.sub("", f" {rest}").strip()
    return place and f"{kind.capitalize()} {place.title() if place.isupper() else place}"
