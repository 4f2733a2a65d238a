"""What each `tannha-district` command does: open the home, do one thing, say what was done."""

from __future__ import annotations

import json
import sys
import time

from agent_sync.district import (
    backups,
    citus,
    device_secrets,
    devices,
    evidence,
    ids,
    orders,
    paper_days,
    queries,
    reports,
    revoked,
    security,
    staff,
    standing_data,
    usb,
    witness,
    world,
)
from agent_sync.district import (
    home as homes,
)
from agent_sync.district import verify as verification
from agent_sync.district.cases import CaseState
from agent_sync.district.console import Args, second_agrees
from agent_sync.district.console import opened as _open
from agent_sync.district.console import say as _say
from agent_sync.district.database import Database
from agent_sync.district.errors import BadInput, Unknown
from agent_sync.district.lists import ImportResult, import_command
from agent_sync.district.schema import notice
from agent_sync.district.security import OfficerRole
from agent_sync.district.server import Listen, run_server
from kiosk.exchange.shapes import is_digest, is_id
from kiosk.payout.names import NOTICE_LETTERS, AreaId, DeviceId, Mode, OperatorId
from kiosk.payout.operators import OperatorCard, OperatorRole

POLL_SECONDS = 0.1
DAY = 86_400
LEAST_DAYS = 90
"""Shorter than any period for complaints: no slip of the finger ends evidence early."""


def init(args: Args) -> int:
    """Make the home and an empty database."""
    url = args.database or f"sqlite:///{args.home.resolve() / 'district.db'}"
    hosts = tuple(dict.fromkeys((*homes.default_hosts(), *args.host)))
    settings = homes.Settings(
        area=AreaId(args.area), mode=Mode(args.mode), database=url, hosts=hosts,
        url=args.url or "https://localhost:8443", complaint_phone=args.phone, place=args.place,
        receipt_page=args.receipt_page,
    )  # fmt: skip
    home = homes.create(args.home, settings)
    database = Database(url)
    database.migrate()
    database.close()
    answer = {"area": home.area, "mode": args.mode, "ca": str(home.ca_certificate), "url": settings.url}
    return _say(args, answer, f"district {home.area} ({args.mode}) is ready in {args.home}")


def serve(args: Args) -> int:
    """Serve until stopped."""
    with _open(args) as (home, database):
        listen = Listen(args.host, args.port, client_certificate=args.require_client_certificate)
        return run_server(home, database, listen, witness_worker=not args.no_witness_worker)


def import_list(args: Args) -> int:
    """Judge a list; unless it is a dry run or refused, load it."""
    if args.dry_run:
        return _judged(args, import_command(args.file, args.period, args.programme, dry_run=True), None)
    with _open(args) as (home, database), database.write() as connection:
        known = world.known_world(connection, home.area)
        result = import_command(args.file, args.period, args.programme, known=known)
        if result.file_errors:
            return _judged(args, result, None)
        origin = world.Origin(args.file, args.by, args.commune or result.commune)
        stored = world.store_list(connection, home.area, result, origin)
        security.note(connection, home.area, args.by, "list_imported", stored.list_id)
    return _judged(args, result, stored)


def _judged(args: Args, result: ImportResult, stored: world.Imported | None) -> int:
    answer = result.to_json()
    if stored is not None:
        answer |= {"list": stored.list_id, "added": stored.added, "known": stored.known}
    for error in answer["file_errors"]:
        print(f"tannha-district: {error['kind']}: {error['message']}", file=sys.stderr)
    text = f"{answer['outcome']}: {len(result.lines)} payable, {len(result.held)} held, {len(result.errors)} errors"
    _say(args, answer, text)
    return result.exit_code


def operator_add(args: Args) -> int:
    """List a member of staff in bundles."""
    if not is_id(args.id) or not 0 < len(args.name) <= 120:
        raise BadInput("an operator has an id of up to 64 letters, digits, . _ - and a name")
    if args.public_key and not is_digest(args.public_key):
        raise BadInput("a public key has 64 hexadecimal digits")
    card = OperatorCard(OperatorId(args.id), args.name, OperatorRole(args.role), args.public_key)
    with _open(args) as (home, database), database.write() as connection:
        standing_data.add_agent(connection, home.area, card)
        if args.citizen_number:
            staff.name_card(connection, home.area, card.id, args.citizen_number)
        security.note(connection, home.area, args.by, "operator_added", args.id)
    return _say(args, {"operator": args.id, "role": args.role}, f"operator {args.id} is listed")


def officer_add(args: Args) -> int:
    """Add an officer; the password is one line on stdin."""
    password = sys.stdin.readline(security.MAX_PASSWORD + 2).rstrip("\n")
    with _open(args) as (home, database), database.write() as connection:
        security.add_officer(connection, home.area, args.login, args.name, OfficerRole(args.role), password)
        security.note(connection, home.area, args.by, "officer_added", args.login)
    return _say(args, {"officer": args.login}, f"officer {args.login} may sign in")


def device_add(args: Args) -> int:
    """Invite a device."""
    with _open(args) as (home, database), database.write() as connection:
        qr = devices.invite(connection, home, DeviceId(args.device), args.label, args.profile, again=args.again)
        security.note(
            connection, home.area, args.by, "device_invited", f"{args.device}{' again' if args.again else ''}"
        )
    return _say(args, {"device": args.device, "qr": qr}, qr)


def device_enrol(args: Args) -> int:
    """Confirm a device, waiting for its request if asked to."""
    deadline = time.monotonic() + args.wait
    with _open(args) as (home, database):
        while True:
            try:
                with database.write() as connection:
                    devices.confirm(connection, home, DeviceId(args.device), args.fingerprint)
                    security.note(connection, home.area, args.by, "device_confirmed", args.device)
                return _say(args, {"device": args.device, "state": "active"}, f"device {args.device} is enrolled")
            except Unknown:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(POLL_SECONDS)


def device_list(args: Args) -> int:
    """Every device, and who waits for confirmation."""
    with _open(args) as (home, database), database.read() as connection:
        rows = queries.devices_of(connection, home.area)
        asking = devices.waiting(connection, home)
    shown = [{name: row[name] for name in ("id", "label", "state", "epoch", "last_seen", "entries")} for row in rows]
    waiting = [{"device": each.device, "fingerprint": each.fingerprint} for each in asking]
    lines = [f"{row['id']}\t{row['state']}\t{row['label']}" for row in rows]
    lines += [f"{each.device}\tasks\t{each.fingerprint}" for each in asking]
    return _say(args, {"devices": shown, "asking": waiting}, "\n".join(lines) or "no devices")


def device_new_epoch(args: Args) -> int:
    """Order a new epoch."""
    with _open(args) as (home, database), database.write() as connection:
        serial = orders.order_new_epoch(connection, home, DeviceId(args.device), args.by)
        security.note(connection, home.area, args.by, "new_epoch_ordered", args.device)
    text = f"order {serial}: {args.device} opens a new epoch at its next contact, once its session is closed"
    return _say(args, {"device": args.device, "serial": serial}, text)


def device_floor_reset(args: Args) -> int:
    """Order a lower floor of time."""
    with _open(args) as (home, database), database.write() as connection:
        serial = orders.order_floor(connection, home, DeviceId(args.device), args.to, args.by)
        security.note(connection, home.area, args.by, "floor_reset_ordered", f"{args.device} {args.to}")
    answer = {"device": args.device, "serial": serial, "floor": args.to}
    return _say(args, answer, f"order {serial}: {args.device} lowers its floor of time at its next contact")


def device_revoke(args: Args) -> int:
    """Revoke a device and order its end."""
    kit = DeviceId(args.device)
    with _open(args) as (home, database), database.write() as connection:
        serial = orders.order_end(connection, home, kit, args.reason, args.by, wipe=args.wipe)
        security.note(connection, home.area, args.by, "device_ended", f"{args.device} wipe={args.wipe}")
    answer = {"device": args.device, "serial": serial, "wipe": args.wipe}
    return _say(args, answer, f"order {serial}: {args.device} is revoked{' and wiped' if args.wipe else ''}")


def device_codes(args: Args) -> int:
    """Read out a device's one-time codes; the look is noted."""
    with _open(args) as (home, database), database.write() as connection:
        found = device_secrets.codes_of(connection, home.area, DeviceId(args.device))
        security.note(connection, home.area, args.by, "codes_read", args.device)
    groups = [" ".join((each[:1], each[1:5], each[5:9], each[9:])) for each in found]
    return _say(args, {"device": args.device, "codes": list(found)}, "\n".join(groups))


def device_escrow(args: Args) -> int:
    """Write a device's newest escrow file; the look is noted."""
    with _open(args) as (home, database), database.write() as connection:
        data = device_secrets.escrow_of(connection, home.area, DeviceId(args.device))
        security.note(connection, home.area, args.by, "escrow_read", args.device)
    args.out.write_bytes(data)
    return _say(args, {"device": args.device, "file": str(args.out)}, f"{args.out}: for two of three holders")


def escrow_holders(args: Args) -> int:
    """Name the three escrow holders."""
    keys = tuple(each.lower() for each in args.key)
    with _open(args) as (home, database), database.write() as connection:
        device_secrets.name_holders(connection, home.area, keys)
        security.note(connection, home.area, args.by, "escrow_holders_named", " ".join(each[:8] for each in keys))
    return _say(args, {"holders": list(keys)}, "devices enrolled from now on seal their store key for these three")


def revoke(args: Args) -> int:
    """Revoke a device, an operator, a chip key, or every chip key seen with a person."""
    with _open(args) as (home, database), database.write() as connection:
        serial = 0
        for subject in revoked.subjects(connection, home.area, args.subject):
            serial = standing_data.revoke(connection, home.area, subject, args.reason, args.by)
            security.note(connection, home.area, args.by, "revoked", subject)
    return _say(args, {"serial": serial, "subject": args.subject}, f"revoked {args.subject}, serial {serial}")


def notice_add(args: Args) -> int:
    """Put a notice on the idle screen of every device."""
    if not 0 < len(args.text) <= NOTICE_LETTERS:
        raise BadInput(f"a notice has 1 to {NOTICE_LETTERS} letters")
    row = {"id": ids.fresh("N-"), "text": args.text, "added_at": ids.server_clock(), "withdrawn": False}
    with _open(args) as (home, database), database.write() as connection:
        connection.execute(notice.insert().values(area=home.area, **row))
    return _say(args, {"notice": row["id"]}, "the next bundles bring it")


def shred(args: Args) -> int:
    """Destroy evidence whose time is over; what belongs to an open case waits."""
    if args.days < LEAST_DAYS:
        raise BadInput(f"evidence is kept for at least {LEAST_DAYS} days: people may still complain")
    with _open(args) as (home, database), database.write() as connection:
        done = evidence.shred_before(connection, home.area, ids.now(connection) - args.days * DAY)
        security.note(connection, home.area, args.by, "evidence_shredded", f"{done} older than {args.days} days")
    return _say(args, {"shredded": done, "days": args.days}, f"{done} pieces of evidence are shredded")


def enter_day(args: Args) -> int:
    """Show what scanned rows of an end-of-day list are to the books; with two officers, enter them."""
    with _open(args) as (home, database):
        if args.second is not None:
            second_agrees(args, home, database)
        with sys.stdin if args.file is None else args.file.open(encoding="utf-8", errors="replace") as lines:
            codes = paper_days.codes_in(lines)
        officers = None if args.second is None else (args.by, args.second)
        with database.write() as connection:
            judged = paper_days.enter(database, connection, home, codes, officers)
            security.note(connection, home.area, args.by, "day_from_paper", f"{len(judged)} rows, {args.second}")
    answer = paper_days.told(judged, entered=args.second is not None)
    _say(args, answer, paper_days.text(answer))
    return 1 if answer["no_proof"] else 0


def verify(args: Args) -> int:
    """Prove everything again; 1 when something does not hold."""
    with _open(args) as (home, database):
        while witness.check_pending(database, home.area):
            pass
        found = verification.verify(home, database)
    answer = found.to_json()
    text = "\n".join([
        f"{found.payouts} payouts, {found.completed} completed, {found.completed_vnd} đ",
        f"chain verified: {found.chain_verified}",
        f"chip witnesses: {found.chip_witness_verified} of {found.chip_witnesses}",
        (f"evidence over: {found.chip_witness_shredded} can be proved no more, "
        f"{found.chip_witness_shredded_verified} of them was proved before"),
        f"open cases: {found.cases}", *found.problems,
    ])  # fmt: skip
    _say(args, answer, text)
    return 0 if found.chain_verified else 1


def report(args: Args) -> int:
    """Paid and unpaid of a month."""
    with _open(args) as (home, database), database.read() as connection:
        made = reports.month(connection, home.area, args.period)
    return _say(args, made, reports.text(made))


def case_list(args: Args) -> int:
    """Open cases."""
    with _open(args) as (home, database), database.read() as connection:
        rows = queries.cases_of(connection, home.area, CaseState.OPEN, 0)
    shown = [row | {"detail": json.loads(row["detail"])} for row in rows]
    text = "\n".join(f"{row['id']}\t{row['kind']}\t{row['device']}\t{row['session']}" for row in rows)
    return _say(args, {"cases": shown}, text or "no open cases")


def usb_stick(args: Args) -> int:
    """Exchange files with a stick."""
    with _open(args) as (home, database):
        done = usb.exchange(home, database, args.folder)
        with database.write() as connection:
            security.note(connection, home.area, args.by, "stick", json.dumps(done.outcomes))
    return _say(args, {"devices": done.devices, "outcomes": done.outcomes}, f"{done.devices} devices: {done.outcomes}")


def citus_sql(_args: Args) -> int:
    """Print the statements; nothing is changed."""
    print("\n".join(citus.statements()))
    return 0


def backup(args: Args) -> int:
    """Back up and note in every chain how far it is covered."""
    with _open(args) as (home, database):
        made = backups.make(home, database, args.to)
    return _say(args, {"file": str(args.to), "size": made.size, "sha256": made.digest}, f"backed up to {args.to}")


def restore(args: Args) -> int:
    """Restore into an empty home."""
    life = backups.restore(args.file, args.home, args.database)
    return _say(args, {"incarnation": life}, f"restored; incarnation {life}; grants wait for every device's report")
