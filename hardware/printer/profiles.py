"""What each printer family can do, as data.

The published profile databases disagree with the printers people carry, so these are our own. None
was checked against a real device yet: every field may be overridden by settings, and the list of
what to check on the first day with hardware is in ``docs/field-checks.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hardware.printer.paper import PAPER_58, PAPER_80, PAPER_80_180DPI, Paper


class Confirmation(StrEnum):
    """How we learn that the last dot row is on paper."""

    PROCESS_ID = "process_id"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Profile:
    """One family. ``band_rows`` bounds a raster command, ``chunk_bytes`` a single write,
    ``bytes_per_second`` the pace (0 = as fast as it takes them), ``feed_units_per_dot`` the size of
    the ESC J step, ``doubles`` whether it enlarges rasters (GS v 0 with m = 3), ``feed_out_mm`` the
    way from the head to the tear bar or cutter.
    """

    name: str
    title: str
    paper: Paper
    confirmation: Confirmation = Confirmation.OPERATOR
    cutter: bool = False
    band_rows: int = 128
    chunk_bytes: int = 1024
    bytes_per_second: int = 0
    feed_units_per_dot: int = 1
    doubles: bool = True
    feed_out_mm: int = 12
    baud: int = 115_200
    usb_in: int = 0x82
    usb_out: int = 0x01

    def __post_init__(self) -> None:
        if not (1 <= self.band_rows <= 1024 and 16 <= self.chunk_bytes <= 65_536):
            raise ValueError(f"profile {self.name}: band or chunk out of range")
        if not (0 <= self.bytes_per_second <= 10_000_000 and 1 <= self.feed_units_per_dot <= 4):
            raise ValueError(f"profile {self.name}: pace or feed step out of range")
        if self.baud not in BAUD_RATES or not 0 <= self.feed_out_mm <= 40:
            raise ValueError(f"profile {self.name}: speed or feed out of range")


BAUD_RATES = (9600, 19_200, 38_400, 57_600, 115_200)
"""Serial speeds to choose from. A receipt takes 2 s at the last and half a minute at the first."""

GENERIC_58 = Profile("generic-58", "58 mm", PAPER_58, chunk_bytes=512, band_rows=64)
GENERIC_80 = Profile("generic-80", "80 mm", PAPER_80, cutter=True)
BLUETOOTH_58 = Profile(
    "bluetooth-58",
    "58 mm Bluetooth",
    PAPER_58,
    chunk_bytes=128,
    band_rows=24,
    bytes_per_second=9000,
)
EPSON_TM_M30 = Profile(
    "epson-tm-m30",
    "Epson TM-m30",
    PAPER_80,
    Confirmation.PROCESS_ID,
    cutter=True,
    feed_units_per_dot=2,
    chunk_bytes=4096,
)
EPSON_TM_T88 = Profile(
    "epson-tm-t88",
    "Epson TM-T88",
    PAPER_80_180DPI,
    Confirmation.PROCESS_ID,
    cutter=True,
    feed_units_per_dot=2,
    chunk_bytes=4096,
)
EPSON_TM_T20 = Profile(
    "epson-tm-t20",
    "Epson TM-T20",
    PAPER_80,
    Confirmation.PROCESS_ID,
    cutter=True,
    feed_units_per_dot=2,
    chunk_bytes=4096,
)
XPRINTER_58 = Profile("xprinter-58", "Xprinter XP-58", PAPER_58, chunk_bytes=512, band_rows=64)
XPRINTER_80 = Profile("xprinter-80", "Xprinter XP-80", PAPER_80, cutter=True, chunk_bytes=2048)
BIXOLON_80 = Profile("bixolon-80", "Bixolon SRP-350", PAPER_80, cutter=True, chunk_bytes=2048)

PROFILES = {
    profile.name: profile
    for profile in (
        GENERIC_58,
        GENERIC_80,
        BLUETOOTH_58,
        EPSON_TM_M30,
        EPSON_TM_T88,
        EPSON_TM_T20,
        XPRINTER_58,
        XPRINTER_80,
        BIXOLON_80,
    )
}
