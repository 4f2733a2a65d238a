"""How every command begins and ends: the home is opened, something is done, one answer is printed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from agent_sync.district import home as homes
from agent_sync.district import security
from agent_sync.district.database import Database
from agent_sync.district.errors import NotPermitted

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


def second_agrees(args: Args, home: homes.Home, database: Database) -> None:
    """Another officer than the one who asks, by the own password. A wrong try is counted."""
    password = sys.stdin.readline(security.MAX_PASSWORD + 2).rstrip("\n")
    with database.write() as connection:
        agreed = security.agrees(connection, home.area, args.second, password)
        known = security.may_decide(connection, home.area, args.by)
    if not (agreed and known) or args.second == args.by:
        raise NotPermitted("two different officers decide this: --by and --second, who gives the password")
