"""``python -m hardware.virtual.printer``: a printer for the demo, on loopback only."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from hardware.printer.profiles import PROFILES
from hardware.virtual.printer.server import Server, new_machine


def main(argv: list[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C. Prints one line with where it can be reached."""
    options = _options(argv)
    server = Server(new_machine(PROFILES[options.profile], options.out, options.paper_mm))
    if options.serial:
        server.listen_serial()
    else:
        server.listen_tcp(options.port)
    if options.control is not None:
        server.listen_control(options.control)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    print(f"virtual printer at {server.serial_path or server.port}", flush=True)
    server.run()
    return 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="hardware.virtual.printer", description=main.__doc__)
    parser.add_argument("--port", type=int, default=9100, help="TCP port on 127.0.0.1, 0 for any")
    parser.add_argument("--serial", action="store_true", help="a pseudo-terminal instead of TCP")
    parser.add_argument("--out", type=Path, required=True, help="folder for the receipts as PNG")
    parser.add_argument("--control", type=Path, help="Unix socket for JSON lines")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="generic-58")
    parser.add_argument("--paper-mm", type=int, default=30_000)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
