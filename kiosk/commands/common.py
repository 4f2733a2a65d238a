"""What every command shares: exit codes, one clear line on stderr, where the settings file lies."""

from __future__ import annotations

import argparse
import getpass
import sys
import tomllib
from pathlib import Path

from kiosk.settings import Settings, SettingsFault, from_mapping

EXIT_DONE, EXIT_FAILED, EXIT_BAD_INPUT, EXIT_NOT_PERMITTED = 0, 1, 2, 3
DEFAULT_HOME = Path("/var/lib/tannha")
SETTINGS_FILE = "settings.toml"
MAX_SETTINGS = 64 * 1024


def complain(message: str, code: int) -> int:
    """One line on stderr; the exit code back."""
    print(f"tannha: {' '.join(message.split())}", file=sys.stderr)
    return code


def add_home(parser: argparse.ArgumentParser) -> None:
    """The option that says where slots, store and spool lie."""
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME, help=f"the device's folder (default {DEFAULT_HOME})")


def ask_pin(prompt: str) -> str:
    """A PIN that is not shown; one line of standard input when that is no terminal."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline(64).strip()


def settings_of(home: Path) -> Settings:
    """The settings of a device: ``settings.toml`` in its folder, or the defaults. Raises SettingsFault."""
    path = home / SETTINGS_FILE
    try:
        with path.open("rb") as stream:
            text = stream.read(MAX_SETTINGS + 1)
    except FileNotFoundError:
        return Settings(home)
    except OSError as error:
        raise SettingsFault(f"{path.name} cannot be read: {error.strerror}") from error
    if len(text) > MAX_SETTINGS:
        raise SettingsFault(f"{path.name} is too large")
    try:
        return from_mapping(home, tomllib.loads(text.decode("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsFault(f"{path.name} is not TOML: {error}") from error
