"""What notes can pay of a sum: all of it, or what the district's dated rounding rule makes of it (M7).

Nobody rounds by themselves. Without a rule that is in force on the day, a sum that no notes make waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from kiosk.payout.cash import SMALLEST
from kiosk.payout.names import Vnd


class RoundingWay(StrEnum):
    """Which way a sum goes to the next whole smallest note."""

    DOWN = "down"
    NEAREST = "nearest"
    """Half a note goes up."""
    UP = "up"


@dataclass(frozen=True, slots=True)
class RoundingRule:
    """The district's rule from a day on (ISO date, included), until the next rule begins."""

    since: str
    way: RoundingWay

    def __post_init__(self) -> None:
        if str(date.fromisoformat(self.since)) != self.since:
            raise ValueError(f"not a day: {self.since[:20]!r}")


def payable(owed: Vnd, rules: tuple[RoundingRule, ...], day: date) -> Vnd | None:
    """What notes pay of ``owed`` on ``day``, above nothing; None when the sum waits."""
    if owed % SMALLEST:
        begun = [each for each in rules if each.since <= day.isoformat()]
        if not begun:
            return None
        owed = _rounded(owed, max(begun, key=lambda each: each.since).way)
    return owed if owed > 0 else None


def _rounded(owed: Vnd, way: RoundingWay) -> Vnd:
    down = owed - owed % SMALLEST
    match way:
        case RoundingWay.DOWN:
            return Vnd(down)
        case RoundingWay.NEAREST:
            return Vnd(down + SMALLEST * (2 * (owed - down) >= SMALLEST))
        case RoundingWay.UP:
            return Vnd(down + SMALLEST)
        case _ as unknown:
            assert_never(unknown)
