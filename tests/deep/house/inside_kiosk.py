"""Stands in for the kiosk inside its own unit: says what the sandbox lets it do, then lives or hangs as told.

Runs under the machine's own Python, with the watchdog that the package has installed.
"""

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, "/usr/lib/tannha-kiosk")

from smartcard import scard

from kiosk.watchdog import Notifier, Watchdog, interval_from

STORE = Path("/var/lib/tannha/store")


def tried(deed: Callable[[], object]) -> str:
    try:
        return str(deed())
    except OSError as fault:
        return type(fault).__name__ if fault.errno is None else os.strerror(fault.errno)


def readers() -> list[str] | int:
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if code != scard.SCARD_S_SUCCESS:
        return int(code)
    names: list[str] = scard.SCardListReaders(context, [])[1]
    return names


def report() -> dict[str, object]:
    return {
        "uid": os.getuid(),
        "display": os.environ.get("DISPLAY", ""),
        "network": tried(lambda: socket.socket(socket.AF_INET).close()),
        "write_etc": tried(lambda: Path("/etc/tannha/x").write_text("x")),
        "write_home": tried(lambda: Path("/root/x").write_text("x")),
        "write_store": tried(lambda: (STORE / "x").write_text("x")),
        "write_outbox": tried(lambda: Path("/var/lib/tannha/spool/out/segment").write_text("sealed")),
        "list_courier": tried(lambda: sorted(Path("/var/lib/tannha-sync").iterdir())),
        "memory": tried(lambda: Path("/dev/mem").open("rb").close()),
        "readers": readers(),
    }


def live(silent: str) -> None:
    """All three parts report from threads of their own; ``silent`` stops after its first word."""
    notifier = Notifier.from_environment(os.environ)
    interval = interval_from(os.environ)
    assert notifier is not None
    assert interval is not None
    watchdog = Watchdog(("main", "desk", "reader"), interval, time.monotonic, notifier.send)
    pulse = threading.Event()

    def part(name: str) -> None:
        watchdog.report(name)
        while name != silent:
            pulse.wait(interval / 4)
            watchdog.report(name)

    for name in ("main", "desk", "reader"):
        threading.Thread(target=part, args=(name,), daemon=True).start()
    watchdog.ready()
    while True:
        pulse.wait(interval / 2)
        watchdog.tick()


if __name__ == "__main__":
    (STORE / "report.json").write_text(json.dumps(report()))
    live((STORE / "silent").read_text() if (STORE / "silent").exists() else "")
