"""The process that is killed: commits until it dies, and says after each commit that it is durable.

Run as ``python -m tests.store.child create|write|open|rekey PATH [COMMITS|KEY]``. Each line on stdout is the
next sequence after a commit that returned. Exit 0: done; 9: StoreLost; other faults are tracebacks.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kiosk.payout import journal as j
from kiosk.store import DiskFull, Store, StoreLost, engine
from tests.store import scribe

LOST = 9


def say(word: object) -> None:
    """One unbuffered line: what was said survives the kill."""
    os.write(1, f"{word}\n".encode())


def commit(store: Store, fact: j.Fact) -> None:
    """One commit; after DiskFull once more, as the operator would after making room."""
    try:
        scribe.write(store, fact)
    except DiskFull:
        say("full")
        scribe.write(store, fact)
    say(store.standing().next_sequence)


def write(path: Path, commits: int) -> None:
    """Authorise and complete in turn, on top of whatever is there."""
    with Store.open(path, scribe.KEY) as store:
        for _ in range(commits):
            pending = store.standing().open_payout
            if pending is None:
                commit(store, scribe.authorised(store.standing(), store.standing().next_sequence))
            else:
                commit(store, scribe.completed(pending.id))


def main(arguments: list[str]) -> int:
    """Do one thing until done or dead."""
    path = Path(arguments[1])
    try:
        match arguments[0]:
            case "create":
                Store.create(path, scribe.KEY, scribe.IDENTITY, scribe.EPOCH, scribe.NOON).close()
            case "rekey":
                engine.rekey(path, scribe.KEY, bytes.fromhex(arguments[2]))
            case "open":
                Store.open(path, scribe.KEY).close()
            case _:
                write(path, int(arguments[2]))
    except StoreLost:
        return LOST
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
