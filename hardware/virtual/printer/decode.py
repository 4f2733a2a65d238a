"""A stream of bytes turned back into the paper it makes: for pictures, tests and the sceptical."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from hardware.printer.profiles import Profile
from hardware.virtual.printer.machine import Counters, Machine
from hardware.virtual.printer.roll import Roll, picture

_NOWHERE = Path("/nonexistent")
_ENOUGH_ROWS = 120_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """The paper as a picture with the roll's margins, and what the stream held."""

    image: Image.Image
    counted: Counters
    rows: int


def decoded(stream: bytes, profile: Profile) -> Decoded:
    """What a printer of ``profile`` makes of ``stream`` on a fresh roll, before anybody tears it."""
    machine = Machine(profile, Roll(profile.paper, _NOWHERE, _ENOUGH_ROWS, keep=True))
    machine.receive(stream)
    machine.work()
    strip = machine.roll.strip
    return Decoded(picture(profile.paper, strip), machine.counted, len(strip))
