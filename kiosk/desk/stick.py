"""The courier's unsigned hint of what a USB stick is doing. Believed for the screen only; nothing is decided by it.

No clock is compared, for the two programs may not agree on the hour: a hint counts once it has changed under our eyes,
and for a while after that.
"""

from __future__ import annotations

import json
from pathlib import Path

from kiosk.desk.hours import Monotonic
from kiosk.durable import read_bounded
from kiosk.flow.stick import StickLight, StickState

MAX_HINT, MAX_FILES = 4_000, 1_000_000
SHOWN_SECONDS = 300.0
NOTHING = StickLight()


class StickWatch:
    """Looks at one file. The desk's thread only."""

    def __init__(self, hint: Path, monotonic: Monotonic) -> None:
        self._hint, self._monotonic = hint, monotonic
        self._version = self._stamp()
        self._changed_at: float | None = None

    def look(self) -> StickLight:
        """What is going on now; NONE for an old hint, an unreadable one, or none."""
        version = self._stamp()
        if version != self._version:
            self._version, self._changed_at = version, self._monotonic()
        if self._changed_at is None or self._monotonic() - self._changed_at > SHOWN_SECONDS:
            return NOTHING
        return _read(self._hint)

    def _stamp(self) -> tuple[int, int]:
        """Every hint is a new file under the old name."""
        try:
            found = self._hint.stat()
        except OSError:
            return (0, 0)
        return (found.st_ino, found.st_mtime_ns)


def _read(hint: Path) -> StickLight:
    try:
        raw = json.loads(read_bounded(hint, MAX_HINT) or b"")
        counts = [raw[name] for name in ("sent", "to_send", "brought", "to_bring")]
        state = StickState(raw["state"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return NOTHING
    if not all(type(each) is int and 0 <= each <= MAX_FILES for each in counts):
        return NOTHING
    return StickLight(state, *counts)
