"""How every command begins and ends: the home is opened, something is done, one answer is printed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from agent_sync.district import home as homes
from agent_sync.district.database import Database

Args = argparse.Namespace


@contextmanager
def opened(args: Args) -> Iterator[tuple[homes.Home, Database]]:
    """The home that ``--home`` names, with its database at the newest schema."""
    home = homes.load(args.home)
    database = Database(home.settings.database)
    try:
        database.migrate()
        yield home, database
    finally:
        database.close()


def say(args: Args, answer: dict[str, Any], text: str) -> int:
    """Print the answer as JSON or as words; exit code 0."""
    print(json.dumps(answer, ensure_ascii=False, sort_keys=True) if args.json else text)
    return 0
