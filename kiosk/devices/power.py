"""How long the device will still run: below a set charge no new payout starts (a payout under way is always finished).

Read from the kernel's power supplies each time it matters; nothing is remembered. A device without a battery hangs on
the mains and never stops.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MAX_SUPPLIES = 16
MAX_VALUE = 64
"""Bytes of one sysfs attribute that are read."""
_FED = frozenset({"Charging", "Full", "Not charging"})
"""States of a battery that is not being drained (Documentation/ABI/testing/sysfs-class-power)."""


@dataclass(frozen=True, slots=True)
class Charge:
    """The weakest battery, in percent, and whether something feeds it."""

    percent: int
    charging: bool


def charge(supplies: Path) -> Charge | None:
    """What the kernel says of the batteries under ``supplies``; None without one that answers."""
    found = [each for each in map(_battery, _folders(supplies)) if each is not None]
    return min(found, key=lambda each: each.percent) if found else None


def too_low(now: Charge | None, stop_percent: int) -> bool:
    """True when no new payout may start."""
    return now is not None and not now.charging and now.percent < stop_percent


def _folders(supplies: Path) -> list[Path]:
    try:
        return sorted(supplies.iterdir())[:MAX_SUPPLIES]
    except OSError:
        return []


def _battery(folder: Path) -> Charge | None:
    percent = _value(folder / "capacity")
    if _value(folder / "type") != "Battery" or not (percent.isascii() and percent.isdigit()):
        return None
    return Charge(min(int(percent), 100), _value(folder / "status") in _FED)


def _value(path: Path) -> str:
    """One attribute; empty where it cannot be read (a battery that was pulled out answers ENODEV)."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_VALUE).decode("ascii", "replace").strip()
    except OSError:
        return ""
