"""``tannha enrol begin|finish``: make this device known to a district by the QR that its officer shows."""

from __future__ import annotations

import argparse
import time

from kiosk.commands.common import (
    EXIT_BAD_INPUT,
    EXIT_FAILED,
    EXIT_NOT_PERMITTED,
    add_home,
    ask_pin,
    complain,
    settings_of,
)
from kiosk.desk import enrolment
from kiosk.exchange import enrolment as xe
from kiosk.exchange.errors import ExchangeError
from kiosk.payout.names import Mode, OperatorId, UnixSeconds
from kiosk.store.errors import StoreError
from kiosk.vault.errors import NotPermitted, VaultError
from kiosk.vault.pin import CALIBRATE_SECONDS, Argon2Params, calibrate


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Name the command and its options."""
    parser = subparsers.add_parser("enrol", help="make this device known to a district")
    steps = parser.add_subparsers(dest="step", required=True)
    begin = steps.add_parser("begin", help="make keys and a request from the officer's QR")
    begin.add_argument("--qr", required=True, help="the text of the QR, tannha1:...")
    begin.add_argument("--label", required=True, help="what staff call this device")
    begin.add_argument("--operator", required=True, help="id of the first supervisor")
    begin.add_argument("--name", required=True, help="the supervisor's name")
    begin.add_argument("--quick", action="store_true", help="practice only: the least key stretching that is allowed")
    finish = steps.add_parser("finish", help="take the district's grant")
    for each in (begin, finish):
        add_home(each)


def run(args: argparse.Namespace) -> int:
    """Do one step. The PIN is asked for, or read from standard input when that is no terminal."""
    try:
        return _begin(args) if args.step == "begin" else _finish(args)
    except NotPermitted as fault:
        return complain(str(fault), EXIT_NOT_PERMITTED)
    except enrolment.NotYet as fault:
        return complain(f"{fault}: confirm it at the district, run tannha-sync, and try again", EXIT_FAILED)
    except ExchangeError as fault:
        return complain(f"this invitation or grant cannot be used: {fault.key}", EXIT_BAD_INPUT)
    except (VaultError, StoreError) as fault:
        return complain(str(fault), EXIT_BAD_INPUT)


def _begin(args: argparse.Namespace) -> int:
    if args.quick and xe.from_qr(args.qr).mode is Mode.PRODUCTION:
        raise NotPermitted("--quick is for practice: in production every guess must cost its second")
    params = Argon2Params() if args.quick else calibrate(CALIBRATE_SECONDS, time.monotonic)
    operator = (OperatorId(args.operator), args.name, ask_pin("PIN: "))
    print(enrolment.begin(settings_of(args.home), args.qr, args.label, operator, params))
    return 0


def _finish(args: argparse.Namespace) -> int:
    device = enrolment.finish(settings_of(args.home), ask_pin("PIN: "), UnixSeconds(int(time.time())))
    print(f"{device.device} {device.mode}")
    return 0
