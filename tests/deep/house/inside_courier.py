"""Stands in for the courier, or the district server, inside its own unit: says what the sandbox lets it do."""

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

SPOOL = Path("/var/lib/tannha/spool")


def tried(deed: Callable[[], object]) -> str:
    try:
        return str(deed())
    except OSError as fault:
        return type(fault).__name__ if fault.errno is None else os.strerror(fault.errno)


def deliver() -> str:
    (SPOOL / "in/.part").write_text("bundle")
    (SPOOL / "in/.part").rename(SPOOL / "in/bundle")
    return "delivered"


def report() -> dict[str, object]:
    return {
        "uid": os.getuid(),
        "network": tried(lambda: socket.socket(socket.AF_INET).close()),
        "list_store": tried(lambda: sorted(Path("/var/lib/tannha/store").iterdir())),
        "list_slots": tried(lambda: sorted(Path("/var/lib/tannha/slots").iterdir())),
        "read_outbox": tried((SPOOL / "out/segment").read_text),
        "write_outbox": tried(lambda: (SPOOL / "out/forged").write_text("x")),
        "deliver": tried(deliver),
        "status": tried(lambda: (SPOOL / "status.json").write_text("{}")),
        "write_etc": tried(lambda: Path("/etc/tannha/x").write_text("x")),
        "state": tried(lambda: Path("own").write_text("x")),
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(report()))
