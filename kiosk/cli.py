"""``tannha``: one program for the device, its demo and its small tools.

A command is a module of ``kiosk.commands``; only the one that was asked for is loaded, so that reading a
card or printing a sample never opens a window.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from types import ModuleType

from kiosk.commands.common import EXIT_BAD_INPUT, EXIT_DONE, complain
from kiosk.settings import SettingsFault

COMMANDS = ("kiosk", "demo", "enrol", "operator", "escrow", "card", "receipt", "doctor")


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit codes of the plan, §8."""
    given = sys.argv[1:] if argv is None else argv
    wanted = next((word for word in given if word in COMMANDS), None)
    parser = argparse.ArgumentParser(prog="tannha", description="Tận Nhà: allowances paid to the right person, once.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="{" + ",".join(COMMANDS) + "}")
    modules = {name: _module(name) for name in COMMANDS if wanted in (None, name)}
    for module in modules.values():
        module.add_parser(subparsers)
    args = parser.parse_args(given)
    try:
        return int(modules[args.command].run(args))
    except SettingsFault as fault:
        return complain(str(fault), EXIT_BAD_INPUT)
    except KeyboardInterrupt:
        return complain("stopped", EXIT_DONE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader of our output went away
        return EXIT_DONE


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"kiosk.commands.{name}")


if __name__ == "__main__":
    sys.exit(main())
