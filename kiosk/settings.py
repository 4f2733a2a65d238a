"""What one device is set to: where its files lie, which reader and printer, which panel.

Settings choose drivers and sizes, never rules: money, mode and keys come from enrolment and from the
district's bundle. A pure module: it reads a mapping, the caller reads the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

E = TypeVar("E", bound=StrEnum)


class SettingsFault(ValueError):
    """A setting is missing, unknown, or out of bounds: names the key and what it may be."""


class PrinterKind(StrEnum):
    """How the printer is connected."""

    NETWORK = "network"
    USB = "usb"
    SERIAL = "serial"
    NONE = "none"


class PanelSize(StrEnum):
    """Panels whose millimetres are known (FACTS: 7" and 10.1" landscape, 480x800 portrait)."""

    SEVEN_INCH = "1024x600"
    TEN_INCH = "1280x800"
    PORTRAIT = "480x800"


class DeviceProfile(StrEnum):
    """Where the device works: a setting, not a fork."""

    HOME_VISIT = "home_visit"
    PAY_POINT = "pay_point"


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """Connection, model profile, and paper of the printer."""

    kind: PrinterKind = PrinterKind.NONE
    address: str = ""
    profile: str = "generic-58"
    baud: int = 115_200
    agent_copy: bool = False
    """The post keeps a copy of every receipt; else only where somebody cannot sign, because rolls run out."""
    differs: tuple[tuple[str, int | bool], ...] = ()
    """Fields of the model's profile in which this printer is otherwise, as the first day with it showed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between two devices of one model."""

    home: Path
    """Holds slots/, store/ and spool/ (plan §3, Files)."""
    profile: DeviceProfile = DeviceProfile.HOME_VISIT
    panel: PanelSize = PanelSize.SEVEN_INCH
    reader: str = ""
    """Part of the reader's PC/SC name; empty takes the first one."""
    printer: PrinterSettings = field(default_factory=PrinterSettings)
    voice: str = "vi"
    """Voice of espeak-ng; empty keeps the device silent."""
    cash_sources: tuple[str, ...] = ()
    """Who hands out cash at the post office, to choose from."""
    lock_after_seconds: int = 180
    battery_stop_percent: int = 10
    scanner: str = ""
    """Serial device of a QR scanner; empty has none."""
    power_supplies: Path = Path("/sys/class/power_supply")
    """Where the kernel tells of batteries; no setting of a file."""

    @property
    def slots(self) -> Path:
        """Operators' key slots."""
        return self.home / "slots"

    @property
    def store(self) -> Path:
        """The encrypted database."""
        return self.home / "store" / "tannha.db"

    @property
    def outbox(self) -> Path:
        """Sealed files on their way to the district."""
        return self.home / "spool" / "out"

    @property
    def inbox(self) -> Path:
        """What the courier brought."""
        return self.home / "spool" / "in"

    @property
    def courier_status(self) -> Path:
        """The courier's unsigned hint of when it last reached the district."""
        return self.home / "spool" / "status.json"

    @property
    def stick_hint(self) -> Path:
        """The courier's unsigned hint of what a USB stick is doing."""
        return self.home / "spool" / "stick.json"


MAX_SOURCES = 12
_KEYS = {
    "profile", "panel", "reader", "printer", "voice", "cash_sources", "lock_after_seconds", "battery_stop_percent",
    "scanner",
}  # fmt: skip


def from_mapping(home: Path, raw: Mapping[str, object]) -> Settings:
    """Check and take over what a settings file says. Raises SettingsFault."""
    if unknown := sorted(raw.keys() - _KEYS):
        raise SettingsFault(f"unknown setting: {unknown[0]}")
    return Settings(
        home=home,
        profile=_choice(DeviceProfile, raw, "profile", DeviceProfile.HOME_VISIT),
        panel=_choice(PanelSize, raw, "panel", PanelSize.SEVEN_INCH),
        reader=_text(raw, "reader", ""),
        printer=_printer(raw.get("printer", {})),
        voice=_text(raw, "voice", "vi"),
        cash_sources=_texts(raw, "cash_sources"),
        lock_after_seconds=_number(raw, "lock_after_seconds", 180, 30, 3600),
        scanner=_text(raw, "scanner", ""),
        battery_stop_percent=_number(raw, "battery_stop_percent", 10, 0, 90),
    )


def _printer(raw: object) -> PrinterSettings:
    if not isinstance(raw, Mapping):
        raise SettingsFault("printer must be a table")
    if unknown := sorted(raw.keys() - {"kind", "address", "profile", "baud", "agent_copy", "differs"}):
        raise SettingsFault(f"unknown setting: printer.{unknown[0]}")
    return PrinterSettings(
        kind=_choice(PrinterKind, raw, "kind", PrinterKind.NONE),
        address=_text(raw, "address", ""),
        profile=_text(raw, "profile", "generic-58"),
        baud=_number(raw, "baud", 115_200, 9_600, 921_600),
        agent_copy=_flag(raw, "agent_copy"),
        differs=_differs(raw.get("differs", {})),
    )


def _differs(raw: object) -> tuple[tuple[str, int | bool], ...]:
    if not isinstance(raw, Mapping) or not all(isinstance(value, int) for value in raw.values()):
        raise SettingsFault("printer.differs must be a table of numbers, true and false")
    return tuple(sorted(raw.items()))


def _flag(raw: Mapping[str, object], key: str) -> bool:
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise SettingsFault(f"{key} must be true or false")
    return value


def _choice(kind: type[E], raw: Mapping[str, object], key: str, default: E) -> E:
    value = raw.get(key, default)
    try:
        return kind(str(value))
    except ValueError as error:
        raise SettingsFault(f"{key} must be one of: {', '.join(kind)}") from error


def _text(raw: Mapping[str, object], key: str, default: str) -> str:
    value = raw.get(key, default)
    if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
        raise SettingsFault(f"{key} must be a short text")
    return value


def _texts(raw: Mapping[str, object], key: str) -> tuple[str, ...]:
    values = raw.get(key, ())
    if not isinstance(values, list | tuple) or len(values) > MAX_SOURCES:
        raise SettingsFault(f"{key} must be a list of at most {MAX_SOURCES} names")
    return tuple(_text({key: value}, key, "") for value in values)


def _number(raw: Mapping[str, object], key: str, default: int, low: int, high: int) -> int:
    value = raw.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise SettingsFault(f"{key} must be a whole number from {low} to {high}")
    return value
