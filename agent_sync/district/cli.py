"""`tannha-district`: the administrator's and the demo's way to everything the district does.

Exit codes of the plan, §8: 0 done, 1 a check failed, 2 bad input, 3 not permitted. An error is one
clear line on stderr, never a traceback.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from agent_sync.district import care_commands, commands, lease_commands, override_commands, trust_commands
from agent_sync.district.errors import DistrictError
from agent_sync.district.home import AREA
from agent_sync.district.security import OfficerRole
from agent_sync.district.words import VIETNAM
from hardware.card.errors import CardError
from kiosk.payout.names import CitizenNumber, Kind, Mode, Period, Programme, Role, UnixSeconds
from kiosk.payout.operators import OperatorRole
from kiosk.payout.rounding import RoundingWay

DEFAULT_HOME = Path("/var/lib/tannha-district")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    args = parser().parse_args(argv)
    try:
        return int(args.run(args))
    except DistrictError as error:
        return _complain(str(error), error.exit_code)
    except CardError as error:
        return _complain(str(error), 2)
    except OperationalError:
        return _complain("the database cannot be reached", 2)
    except OSError as error:
        return _complain(f"{error.strerror}: {error.filename}" if error.filename else str(error), 2)
    except KeyboardInterrupt:
        return 130


def _complain(message: str, code: int) -> int:
    print("tannha-district: " + " ".join(message.split()), file=sys.stderr)
    return code


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="tannha-district", description="The district server of Tận Nhà.")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--home", type=Path, default=DEFAULT_HOME, help="the district's folder")
    shared.add_argument("--json", action="store_true", help="answer as JSON")
    shared.add_argument("--by", default="console", help="who does this, for the audit")
    sub = top.add_subparsers(required=True, metavar="COMMAND")
    _server_commands(sub, shared)
    _list_commands(sub, shared)
    _people_commands(sub, shared)
    _care_commands(sub, shared)
    _device_commands(sub, shared)
    _proof_commands(sub, shared)
    override_commands.add_to(sub, shared)
    trust_commands.add_to(sub, shared)
    return top


if TYPE_CHECKING:
    Sub = argparse._SubParsersAction[argparse.ArgumentParser]


def _server_commands(sub: Sub, shared: argparse.ArgumentParser) -> None:
    init = sub.add_parser("init", parents=[shared], help="make keys, CA, settings and the database")
    init.add_argument("--area", required=True, type=_area)
    init.add_argument("--mode", required=True, choices=[mode.value for mode in Mode])
    init.add_argument("--database", default="", help="sqlite: or postgresql: URL; default a file in the home")
    init.add_argument("--host", action="append", default=[], help="a further name of this server")
    init.add_argument("--url", default="", help="how kits reach it; default https://localhost:8443")
    init.add_argument("--place", default="")
    init.add_argument("--receipt-page", default="", help="public address that checks receipts (default: --url)")
    init.add_argument("--phone", default="", help="number for complaints, printed on receipts")
    init.set_defaults(run=commands.init)
    serve = sub.add_parser("serve", parents=[shared], help="serve kits and officers over TLS")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8443)
    serve.add_argument("--require-client-certificate", action="store_true", help="outer gate for the couriers' port")
    serve.add_argument("--no-witness-worker", action="store_true", help="leave witnesses to another process")
    serve.set_defaults(run=commands.serve)
    stick = sub.add_parser("stick", parents=[shared], help="take in and leave files on a USB stick")
    stick.add_argument("folder", type=Path)
    stick.set_defaults(run=commands.usb_stick)
    backup = sub.add_parser("backup", parents=[shared], help="back everything up and say so in checkpoints")
    backup.add_argument("--to", type=Path, required=True, help="the file to write")
    backup.set_defaults(run=commands.backup)
    restore = sub.add_parser("restore", parents=[shared], help="restore into an empty home; raises the incarnation")
    restore.add_argument("file", type=Path)
    restore.add_argument("--database", default="", help="restore into this database instead")
    restore.set_defaults(run=commands.restore)
    shards = sub.add_parser("citus", help="the SQL that shards the migrated tables by area on a Citus cluster")
    shards.set_defaults(run=commands.citus_sql)


def _list_commands(sub: Sub, shared: argparse.ArgumentParser) -> None:
    load = sub.add_parser("import-list", parents=[shared], help="judge a month's spreadsheet, and load it")
    load.add_argument("file", type=Path)
    load.add_argument("--period", type=_period)
    load.add_argument("--programme", type=_programme)
    load.add_argument("--commune", default="", help="which commune the list is of, if its title does not say")
    load.add_argument("--dry-run", action="store_true")
    load.set_defaults(run=commands.import_list)
    lease = sub.add_parser("lease", parents=[shared], help="grant what is open to exactly one device")
    lease.add_argument("--device", required=True)
    lease.add_argument("--period", required=True, type=_period, help="this month and what is left of earlier ones")
    lease.add_argument("--only-period", action="store_true")
    lease.add_argument("--hamlet", action="append", default=[])
    lease.add_argument("--commune", action="append", default=[])
    lease.add_argument("--days", type=int, default=31, help="until the leases expire")
    lease.set_defaults(run=lease_commands.lease)

    recall = sub.add_parser("recall", parents=[shared], help="ask a device for leases back, to grant them elsewhere")
    recall.add_argument("--device", required=True)
    recall.add_argument("--recipient", action="append", default=[], help="citizen number; all if none is named")
    recall.add_argument("--hamlet", action="append", default=[])
    recall.set_defaults(run=lease_commands.recall)
    sums = sub.add_parser("correct-sum", parents=[shared], help="a wrong sum, while no device holds it (recall first)")
    sums.add_argument("--recipient", required=True, help="citizen number")
    sums.add_argument("--programme", required=True, type=_programme)
    sums.add_argument("--period", required=True, type=_period)
    sums.add_argument("--kind", default=Kind.MONTHLY.value, choices=[each.value for each in Kind])
    sums.add_argument("--amount", required=True, type=int, help="in đồng")
    sums.add_argument("--reason", required=True)
    sums.set_defaults(run=lease_commands.correct_sum)
    named = sub.add_parser("stand-in", parents=[shared], help="name who may take a device's leases over by telephone")
    named.add_argument("--device", required=True, help="the holder of the leases")
    named.add_argument("--stand-in", required=True, help="as a rule the commune's kiosk")
    named.set_defaults(run=lease_commands.stand_in)


def _people_commands(sub: Sub, shared: argparse.ArgumentParser) -> None:
    operator = sub.add_parser("operator", help="staff who work at devices").add_subparsers(required=True)
    add = operator.add_parser("add", parents=[shared])
    add.add_argument("--id", required=True)
    add.add_argument("--name", required=True)
    add.add_argument("--role", choices=[role.value for role in OperatorRole], default=OperatorRole.AGENT.value)
    add.add_argument("--public-key", default="")
    add.add_argument("--citizen-number", default="", help="a supervisor's own: whose card may agree to an override")
    add.set_defaults(run=commands.operator_add)
    officer = sub.add_parser("officer", help="who signs in to the pages").add_subparsers(required=True)
    add = officer.add_parser("add", parents=[shared], help="the password is read from stdin")
    add.add_argument("--login", required=True)
    add.add_argument("--name", required=True)
    add.add_argument("--role", choices=[role.value for role in OfficerRole], default=OfficerRole.CLERK.value)
    add.set_defaults(run=commands.officer_add)


def _care_commands(sub: Sub, shared: argparse.ArgumentParser) -> None:
    person = sub.add_parser("person", help="what lists do not say of a person").add_subparsers(required=True)
    death = person.add_parser("death", parents=[shared], help="enter a death: who told of it, which paper")
    death.add_argument("number", type=_citizen, help="12 digits of who died")
    death.add_argument("--on", required=True, type=_day)
    death.add_argument("--reported-by", required=True, help="who told of it, and their place in the family or commune")
    death.add_argument("--paper", default="", help="number of the death certificate")
    death.set_defaults(run=care_commands.death)
    payee = person.add_parser("payee", parents=[shared], help="who may receive for a recipient, or after a death")
    payee.add_argument("recipient", type=_citizen, help="12 digits of the recipient")
    payee.add_argument("--number", required=True, type=_citizen, help="12 digits of who receives")
    payee.add_argument("--name", required=True)
    payee.add_argument("--role", required=True, choices=[role.value for role in Role if role is not Role.SELF])
    payee.add_argument("--paper", required=True, help="number of the authorisation, decision or certificate")
    payee.add_argument("--from", dest="valid_from", type=_day)
    payee.add_argument("--until", type=_day)
    payee.add_argument("--programme", action="append", default=[], choices=[each.value for each in Programme])
    payee.set_defaults(run=care_commands.payee)
    rounding = sub.add_parser("rounding", parents=[shared], help="what becomes of sums that no notes make")
    rounding.add_argument("--since", type=_day, help="the rule's first day, today or later")
    rounding.add_argument("--way", choices=[way.value for way in RoundingWay], default=RoundingWay.DOWN.value)
    rounding.set_defaults(run=care_commands.rounding)
    cash = sub.add_parser("cash", parents=[shared], help="who holds how much cash, since when")
    cash.add_argument("--limit-hours", type=int, help="from how many hours on that is too long")
    cash.set_defaults(run=care_commands.cash_out)
    unpaid = sub.add_parser("unpaid", parents=[shared], help="who has not collected for months")
    unpaid.set_defaults(run=care_commands.unpaid)


def _device_commands(sub: Sub, shared: argparse.ArgumentParser) -> None:
    device = sub.add_parser("device", help="kits and kiosks").add_subparsers(required=True)
    add = device.add_parser("add", parents=[shared], help="invite a device: prints the QR's text")
    add.add_argument("--device", required=True)
    add.add_argument("--label", default="")
    add.add_argument("--profile", choices=["home_visit", "pay_point"], default="home_visit")
    add.add_argument("--again", action="store_true", help="another kit takes the place of a known one, under its name")
    add.set_defaults(run=commands.device_add)
    enrol = device.add_parser("enrol", parents=[shared], help="confirm a device whose fingerprint agrees")
    enrol.add_argument("--device", required=True)
    enrol.add_argument("--fingerprint", help="what the device shows; a practice district may leave it out")
    enrol.add_argument("--wait", type=float, default=0.0, help="seconds to wait for the device to ask")
    enrol.set_defaults(run=commands.device_enrol)
    listed = device.add_parser("list", parents=[shared])
    listed.set_defaults(run=commands.device_list)
    _order_commands(device, shared)
    codes = device.add_parser("codes", parents=[shared], help="read out one-time codes for a forgotten PIN")
    codes.add_argument("--device", required=True)
    codes.set_defaults(run=commands.device_codes)
    escrow = device.add_parser("escrow", parents=[shared], help="write a device's escrowed store key to a file")
    escrow.add_argument("--device", required=True)
    escrow.add_argument("--out", type=Path, required=True)
    escrow.set_defaults(run=commands.device_escrow)
    holders = sub.add_parser("escrow-holders", parents=[shared], help="who opens a device's store key, two of three")
    holders.add_argument("--key", action="append", required=True, help="public key of a holder; three times")
    holders.set_defaults(run=commands.escrow_holders)
    revoke = sub.add_parser("revoke", parents=[shared], help="device:ID, operator:ID, chip:DIGEST or chip:NUMBER")
    revoke.add_argument("subject")
    revoke.add_argument("--reason", required=True)
    revoke.set_defaults(run=commands.revoke)
    notice = sub.add_parser(
        "notice", parents=[shared], help="a few words on every idle screen for 14 days: everybody reads them"
    )
    notice.add_argument("text")
    notice.set_defaults(run=commands.notice_add)


def _order_commands(device: Sub, shared: argparse.ArgumentParser) -> None:
    epoch = device.add_parser("new-epoch", parents=[shared], help="after a rollback or fork: a new journal, no leases")
    epoch.add_argument("device")
    epoch.set_defaults(run=commands.device_new_epoch)
    floor = device.add_parser("floor-reset", parents=[shared], help="lower the floor of time of a clock that ran ahead")
    floor.add_argument("device")
    floor.add_argument("--to", required=True, type=_moment, help="YYYY-MM-DD or YYYY-MM-DDTHH:MM, Vietnamese time")
    floor.set_defaults(run=commands.device_floor_reset)
    revoke = device.add_parser("revoke", parents=[shared], help="end a device: no payouts from it any more")
    revoke.add_argument("device")
    revoke.add_argument("--reason", required=True)
    revoke.add_argument("--wipe", action="store_true", help="destroy its keys and store; what it has not sent is kept")
    revoke.set_defaults(run=commands.device_revoke)
    again = device.add_parser("leases-again", parents=[shared], help="grant again what an old epoch left unpaid")
    again.add_argument("device")
    again.add_argument("--days", type=int, default=31, help="until the leases expire")
    again.add_argument("--second", help="login of a second officer (password on stdin) who shares the double-pay risk")
    again.set_defaults(run=lease_commands.device_leases_again)
    free = device.add_parser("leases-free", parents=[shared], help="let others pay what a silent device left")
    free.add_argument("device")
    free.add_argument("--second", required=True, help="login of a second officer (password on stdin): shares the risk")
    free.set_defaults(run=lease_commands.leases_free)


def _proof_commands(sub: Sub, shared: argparse.ArgumentParser) -> None:
    verify = sub.add_parser("verify", parents=[shared], help="prove chains, signatures, witnesses and cash again")
    verify.set_defaults(run=commands.verify)
    shred = sub.add_parser("shred", parents=[shared], help="destroy evidence whose time is over, but for open cases")
    shred.add_argument("--days", type=int, required=True, help="older than this; the commune's rule says how long")
    shred.set_defaults(run=commands.shred)
    paper = sub.add_parser("enter-day", parents=[shared], help="a lost kit's day from its end-of-day list's codes")
    paper.add_argument("file", type=Path, nargs="?", help="scanned codes, one a line; without it they come on stdin")
    paper.add_argument("--second", help="a second officer (password on the first line of stdin): only then entered")
    paper.set_defaults(run=commands.enter_day)
    report = sub.add_parser("report", parents=[shared], help="paid and unpaid of a month")
    report.add_argument("--period", required=True, type=_period)
    report.set_defaults(run=commands.report)
    case = sub.add_parser("case", help="what a person must look at").add_subparsers(required=True)
    listed = case.add_parser("list", parents=[shared])
    listed.set_defaults(run=commands.case_list)


def _area(text: str) -> str:
    if not AREA.fullmatch(text):
        raise argparse.ArgumentTypeError("2 to 39 of a-z, 0-9 and -")
    return text


def _moment(text: str) -> UnixSeconds:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a moment is YYYY-MM-DD or YYYY-MM-DDTHH:MM") from error
    return UnixSeconds(int((at if at.tzinfo else at.replace(tzinfo=VIETNAM)).timestamp()))


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError("a day is YYYY-MM-DD") from error


def _citizen(text: str) -> CitizenNumber:
    if not (len(text) == 12 and text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError("a citizen number has 12 digits")
    return CitizenNumber(text)


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _programme(text: str) -> Programme:
    try:
        return Programme(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"one of {', '.join(each.value for each in Programme)}") from error


if __name__ == "__main__":
    sys.exit(main())
