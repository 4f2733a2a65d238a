"""The rig of the journeys: real widgets, a real card reader, a printer of bytes."""

from __future__ import annotations

import os

# Kivy would wait out each sixtieth of a second; a monkey has no time.
os.environ["KCFG_GRAPHICS_MAXFPS"] = "0"

from tests.journeys.conftest import pcsc, printer, road  # a window opens while it loads

__all__ = ["pcsc", "printer", "road"]
