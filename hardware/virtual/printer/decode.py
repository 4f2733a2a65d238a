"""A stream of bytes turned back into the paper it makes: for pictures, tests and the sceptical.

``python -m hardware.virtual.printer.decode BYTES PNG --profile generic-58``
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from hardware.printer.profiles import PROFILES, Profile
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


def main(argv: list[str] | None = None) -> int:
    """Write the picture of a file of printer bytes. 0 when done, 2 when a file cannot be used."""
    parser = argparse.ArgumentParser(prog="hardware.virtual.printer.decode", description=main.__doc__)
    parser.add_argument("bytes", type=Path)
    parser.add_argument("png", type=Path)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="generic-58")
    options = parser.parse_args(argv)
    try:
        found = decoded(options.bytes.read_bytes(), PROFILES[options.profile])
        found.image.save(options.png, format="PNG")
    except OSError as error:
        print(f"decode: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
