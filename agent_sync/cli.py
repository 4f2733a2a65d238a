"""`tannha-sync`: the courier's command line. One clear line on stderr, never a traceback."""

from __future__ import annotations

import argparse
import json
import logging
import random
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from agent_sync import courier_home, stick
from agent_sync.courier import Backoff, Courier, once, run
from agent_sync.enrol import Patience, enrol
from agent_sync.errors import BadHome, NotTrusted, SyncError
from agent_sync.wire import HttpsWire
from kiosk.exchange.errors import ExchangeError

DEFAULT_HOME = Path("/var/lib/tannha-sync")
ENROL_SECONDS = 15 * 60


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 not reached, 2 bad input, 3 not permitted."""
    args = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s", stream=sys.stderr)
    try:
        return int(args.run(args))
    except BadHome as error:
        return _complain(str(error), 2)
    except NotTrusted as error:
        return _complain(str(error), 3)
    except (SyncError, ExchangeError) as error:
        return _complain(str(error), 1)
    except OSError as error:
        return _complain(f"{error.strerror}: {error.filename}" if error.filename else str(error), 2)


def _complain(message: str, code: int) -> int:
    print("tannha-sync: " + " ".join(message.split()), file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="tannha-sync", description="The courier of Tận Nhà.")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--home", type=Path, default=DEFAULT_HOME, help="the courier's folder")
    shared.add_argument("--spool", type=Path, help="the device's spool; default HOME/spool or the shared one")
    sub = top.add_subparsers(required=True, metavar="COMMAND")
    sub.add_parser("run", parents=[shared], help="carry files both ways until stopped").set_defaults(run=_run)
    sub.add_parser("once", parents=[shared], help="one round each way").set_defaults(run=_once)
    sub.add_parser("status", parents=[shared], help="what was sent and what waits").set_defaults(run=_status)
    join = sub.add_parser("enrol", parents=[shared], help="carry the enrolment of a QR")
    join.add_argument("qr", help="the QR's text")
    join.add_argument("--wait", type=float, default=ENROL_SECONDS, help="seconds")
    join.set_defaults(run=_enrol)
    usb = sub.add_parser("stick", parents=[shared], help="the same files over a USB stick")
    usb.add_argument("folder", type=Path, help="where the stick is mounted")
    usb.set_defaults(run=_stick)
    return top


def _courier(args: argparse.Namespace) -> Courier:
    home = courier_home.load(args.home, args.spool)
    return Courier(home, HttpsWire(home.link.url, home.ca, home.client))


def _run(args: argparse.Namespace) -> int:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(_courier(args), stop, random.Random())  # noqa: S311 - jitter
    return 0


def _once(args: argparse.Namespace) -> int:
    courier, backoff = _courier(args), Backoff(random.Random(0))  # noqa: S311 - jitter
    for act in (courier.upload, courier.download):
        once(courier, act, backoff)
    courier.write_status()
    return 1 if courier.status.fault else 0


def _status(args: argparse.Namespace) -> int:
    home = courier_home.load(args.home, args.spool)
    text = home.status.read_text(encoding="utf-8")[:4_000] if home.status.exists() else "{}"
    print(json.dumps({"device": home.link.device, "url": home.link.url} | json.loads(text), sort_keys=True))
    return 0


def _enrol(args: argparse.Namespace) -> int:
    home = enrol(args.home, args.spool, args.qr, Patience(time.monotonic() + args.wait))
    print(json.dumps({"device": home.link.device, "area": home.link.area}))
    return 0


def _stick(args: argparse.Namespace) -> int:
    home = courier_home.load(args.home, args.spool)
    carried = stick.exchange(home, args.folder)
    print(json.dumps({"to_stick": carried.sent, "from_stick": carried.brought}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
