"""Whether what is drawn can be seen by anybody.

Without a display SDL quietly draws into memory: the kiosk would run, answer the watchdog and report ready behind a dark
panel. SDL itself knows which driver it took, so it is asked.
"""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

UNSEEN = frozenset({"offscreen", "dummy", "evdev", ""})
"""Drivers of SDL that draw where nobody looks; empty: no window at all."""
_LIBRARY = re.compile(r"(/\S*libSDL2-2\S*\.so\S*)$", re.MULTILINE)
_MAPS = Path("/proc/self/maps")


class NoDisplay(RuntimeError):
    """The window is nowhere to be seen: no X server answers, no panel is connected."""


def driver() -> str:
    """The video driver that SDL took in this process, such as ``x11``; empty before a window was opened."""
    found = _LIBRARY.search(_MAPS.read_text(encoding="utf-8"))
    if found is None:
        return ""
    asked = ctypes.CDLL(found[1]).SDL_GetCurrentVideoDriver
    asked.restype = ctypes.c_char_p
    name: bytes | None = asked()
    return "" if name is None else name.decode("ascii", "replace")


def require_display(found: str) -> None:
    """Nothing, where somebody can see the window. Raises NoDisplay naming the driver."""
    if found in UNSEEN:
        raise NoDisplay(f"no display: the window is drawn by {found or 'nothing'}, where nobody sees it")
