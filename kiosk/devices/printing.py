"""Settings to a printer: which wire, which profile, which paper."""

from __future__ import annotations

import re
from dataclasses import replace

from hardware.printer.driver import Printer
from hardware.printer.ports import Connect, network, serial_line, usb_device
from hardware.printer.profiles import PROFILES, Profile
from kiosk.settings import PrinterKind, PrinterSettings, SettingsFault

_USB = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")
_ADJUSTABLE = {
    "band_rows", "bytes_per_second", "chunk_bytes", "cutter", "doubles", "feed_out_mm", "feed_units_per_dot", "usb_in",
    "usb_out",
}  # fmt: skip
_HOST = re.compile(r"(.{1,253}):([0-9]{1,5})")


def printer_for(settings: PrinterSettings) -> Printer | None:
    """The driver for a set printer; None where the device is set to have none. Raises SettingsFault."""
    if settings.kind is PrinterKind.NONE:
        return None
    profile = _profile(settings)
    return Printer(_connect(settings, profile), profile)


def _profile(settings: PrinterSettings) -> Profile:
    """The model's profile, with what this one printer does otherwise."""
    profile = PROFILES.get(settings.profile)
    if profile is None:
        raise SettingsFault(f"printer.profile must be one of: {', '.join(sorted(PROFILES))}")
    for name, value in settings.differs:
        if name not in _ADJUSTABLE or isinstance(value, bool) is not isinstance(getattr(profile, name), bool):
            raise SettingsFault(f"printer.differs: {name} is no such field, or not of its kind")
    try:
        return replace(profile, **dict(settings.differs))  # type: ignore[arg-type]
    except ValueError as error:
        raise SettingsFault(f"printer.differs: {error}") from error


def _connect(settings: PrinterSettings, profile: Profile) -> Connect:
    match settings.kind:
        case PrinterKind.NETWORK:
            host = _parts(_HOST, settings.address, "HOST:PORT")
            return network(host[1], int(host[2]))
        case PrinterKind.USB:
            ids = _parts(_USB, settings.address, "VVVV:PPPP")
            return usb_device(int(ids[1], 16), int(ids[2], 16), profile)
        case _:
            return serial_line(settings.address, profile, settings.baud)


def _parts(pattern: re.Pattern[str], address: str, form: str) -> re.Match[str]:
    match = pattern.fullmatch(address)
    if match is None:
        raise SettingsFault(f"printer.address must be {form}")
    return match
