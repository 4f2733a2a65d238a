"""``tannha kiosk``: the touch app of an enrolled device."""

from __future__ import annotations

import argparse
import logging

from kiosk.commands.common import EXIT_BAD_INPUT, EXIT_DONE, add_home, complain, settings_of
from kiosk.screens.display import NoDisplay
from kiosk.screens.environment import prepare_environment
from kiosk.vault.errors import VaultError
from kiosk.voice import voice_for


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Name the command and its options."""
    parser = subparsers.add_parser("kiosk", help="open the touch app")
    parser.add_argument("--windowed", action="store_true", help="a window instead of the whole screen")
    add_home(parser)


def run(args: argparse.Namespace) -> int:
    """Run until it is switched off."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    settings = settings_of(args.home)
    prepare_environment(headless=False, size=settings.panel.value, fullscreen=not args.windowed)
    from kiosk.app import Kiosk  # noqa: PLC0415  # opens a window while it loads

    try:
        Kiosk(settings, voice_for(settings.voice)).run()
    except VaultError as fault:
        return complain(f"{fault}: enrol this device first (tannha enrol begin)", EXIT_BAD_INPUT)
    except NoDisplay as fault:
        return complain(str(fault), EXIT_BAD_INPUT)
    return EXIT_DONE
