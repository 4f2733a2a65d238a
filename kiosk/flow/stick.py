"""What a USB stick is doing: a word that desk, flow and screens share. Only the courier moves the files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StickState(StrEnum):
    """How far an exchange over a stick is."""

    NONE = "none"
    MOVING = "moving"
    DONE = "done"
    """All is on its way and safe on both sides: the stick may be taken out."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StickLight:
    """The courier's unsigned word, shown as such: files for the district, and files from it."""

    state: StickState = StickState.NONE
    sent: int = 0
    to_send: int = 0
    brought: int = 0
    to_bring: int = 0

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(1.0, (self.sent + self.brought) / max(1, self.to_send + self.to_bring))
