"""``tannha doctor``: what is wrong with this device, and what to do about it, in one line each."""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hardware.card.errors import CardError
from hardware.card.pcsc import list_readers
from hardware.printer.driver import Result
from hardware.printer.state import PrinterState
from kiosk.commands.common import EXIT_DONE, EXIT_FAILED, add_home, settings_of
from kiosk.desk import enrolled, enrolment
from kiosk.devices.printing import printer_for
from kiosk.exchange import spool
from kiosk.exchange.errors import ExchangeError
from kiosk.paper import page_for, words
from kiosk.payout.names import DeviceId, Mode, UnixSeconds
from kiosk.payout.receipt import Origin, TestPage
from kiosk.settings import Settings, SettingsFault
from kiosk.vault import rotation
from kiosk.vault.errors import VaultError

LEAST_FREE_BYTES = 200 * 1024 * 1024
BUILT = 1_790_000_000
"""2026-09-22: no honest clock is earlier than the program."""
FULL_SPOOL = 500
DAY = 86_400
OLD_KEY_DAYS = 400
"""A store key is to be changed once a year."""


class Health(StrEnum):
    """How one part is."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, how it is, and what to do. ``advice`` is empty when nothing is."""

    part: str
    health: Health
    state: str
    advice: str = ""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Name the command and its options."""
    parser = subparsers.add_parser("doctor", help="what is wrong with this device, and what to do")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    parser.add_argument("--print", action="store_true", dest="on_paper", help="print a test page as well")
    add_home(parser)


def run(args: argparse.Namespace) -> int:
    """Look at every part; 1 when one of them is bad."""
    settings = settings_of(args.home)
    findings = [check(settings) for check in (*CHECKS, *((paper,) if args.on_paper else ()))]
    bad = any(each.health is Health.BAD for each in findings)
    if args.json:
        rows = [{"part": f.part, "health": f.health, "state": f.state, "advice": f.advice} for f in findings]
        print(json.dumps({"healthy": not bad, "parts": rows}, ensure_ascii=False))
    else:
        for each in findings:
            print(f"{each.health.upper():8}{each.part:10}{each.state}{': ' + each.advice if each.advice else ''}")
    return EXIT_FAILED if bad else EXIT_DONE


def reader(settings: Settings) -> Finding:
    """Is there a card reader that PC/SC knows?"""
    try:
        names = [name for name in list_readers() if settings.reader.casefold() in name.casefold()]
    except CardError:
        return Finding("reader", Health.BAD, "no smart card service", "start pcscd: systemctl start pcscd.socket")
    if not names:
        return Finding("reader", Health.BAD, "no card reader", "plug the reader in, or try another cable")
    return Finding("reader", Health.GOOD, names[0])


def printer(settings: Settings) -> Finding:
    """Does the printer answer, and what does it say?"""
    try:
        driver = printer_for(settings.printer)
    except SettingsFault as fault:
        return Finding("printer", Health.BAD, "wrong setting", str(fault))
    if driver is None:
        return _NO_PRINTER
    state = driver.status()
    driver.close()
    return Finding("printer", *_PRINTER[state])


_NO_PRINTER = Finding("printer", Health.WARNING, "none is set", "set [printer] in settings.toml")


def paper(settings: Settings) -> Finding:
    """Print the test page: letters, greys and a code for a person to look at."""
    try:
        driver = printer_for(settings.printer)
    except SettingsFault as fault:
        return Finding("paper", Health.BAD, "wrong setting", str(fault))
    if driver is None:
        return _NO_PRINTER
    page = TestPage(_origin(settings), driver.profile.title, words.PRINTER[driver.status()])
    outcome = driver.print_page(page_for(page, driver.profile.paper))
    driver.close()
    if outcome.result is Result.FAILED:
        return Finding("paper", Health.BAD, f"not printed: {outcome.reason}", "see printer, then once more")
    return Finding("paper", Health.GOOD, f"{outcome.sent} bytes sent, {outcome.result}", "look at it: code 1 cm wide?")


def _origin(settings: Settings) -> Origin:
    try:
        known = enrolled.load(settings.slots)
    except VaultError:
        known = None
    return Origin(
        number=None,
        mode=Mode.PRODUCTION if known is None else known.mode,
        simulated=False,
        area="" if known is None else known.place,
        device=DeviceId("-") if known is None else known.device,
        agent="",
        place="",
        at=UnixSeconds(int(time.time())),
        complaint_phone="",
    )


_PRINTER = {
    PrinterState.READY: (Health.GOOD, "ready", ""),
    PrinterState.PAPER_LOW: (Health.WARNING, "paper runs out soon", "have a roll at hand"),
    PrinterState.NO_PAPER: (Health.BAD, "no paper", "put a new roll in"),
    PrinterState.COVER_OPEN: (Health.BAD, "cover open", "close the cover until it clicks"),
    PrinterState.HOT: (Health.WARNING, "too hot", "wait some minutes"),
    PrinterState.OFFLINE: (Health.BAD, "does not answer", "switch it on and check the cable"),
    PrinterState.ERROR: (Health.BAD, "reports an error", "switch it off and on again"),
    PrinterState.UNKNOWN: (Health.WARNING, "says nothing of itself", "tannha doctor --print, and look at the page"),
}


def clock(_settings: Settings) -> Finding:
    """Is the clock at least later than this program?"""
    if time.time() < BUILT:
        return Finding("clock", Health.BAD, "the clock is in the past", "connect to the district, or enter the date")
    return Finding("clock", Health.GOOD, time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()))


def disk(settings: Settings) -> Finding:
    """Is there room for a month?"""
    home = next((each for each in (settings.home, *settings.home.parents) if each.exists()), Path("/"))
    free = shutil.disk_usage(home).free
    state = f"{free // (1024 * 1024)} MiB free"
    if free < LEAST_FREE_BYTES:
        return Finding("disk", Health.BAD, state, "sync with the district, then make room")
    return Finding("disk", Health.GOOD, state)


def battery(settings: Settings) -> Finding:
    """What the kernel says of a battery; a device on mains has none."""
    for supply in sorted(Path("/sys/class/power_supply").glob("*")):
        percent = _small_number(supply / "capacity")
        if percent is not None:
            low = percent <= settings.battery_stop_percent
            advice = "charge it: no payout starts below this" if low else ""
            return Finding("battery", Health.BAD if low else Health.GOOD, f"{percent} %", advice)
    return Finding("battery", Health.GOOD, "none: on mains")


def _small_number(path: Path) -> int | None:
    try:
        text = path.read_text(encoding="ascii")[:8].strip()
    except (OSError, ValueError):
        return None
    return int(text) if text.isdigit() else None


def keys(settings: Settings) -> Finding:
    """Is the device enrolled, and are its slots whole?"""
    try:
        device = enrolled.load(settings.slots)
        if device.ended:
            return Finding("keys", Health.BAD, "wiped by the district's order", "bring it to the district")
        slots = enrolment.vault_of(settings, device.mode).slots()
    except VaultError as fault:
        return Finding("keys", Health.BAD, str(fault), "enrol this device: tannha enrol begin")
    locked = [slot.operator for slot in slots if slot.tries_left == 0]
    if locked:
        return Finding("keys", Health.WARNING, f"locked: {', '.join(locked)}", "a supervisor can open the slot")
    return Finding("keys", Health.GOOD, f"{device.device}, {device.mode}, {len(slots)} operators")


def escrow(settings: Settings) -> Finding:
    """Would a dead board take the store with it? How old is the store key, and was a new one cut short?"""
    try:
        device = enrolled.load(settings.slots)
    except VaultError:
        return Finding("escrow", Health.WARNING, "unknown", "enrol this device first")
    if (settings.slots / rotation.PENDING).exists():
        advice = "finish it: tannha operator rotate"
        return Finding("escrow", Health.BAD, "a change of the store key was cut short", advice)
    if device.escrow_at == 0:
        health = Health.BAD if device.mode is Mode.PRODUCTION else Health.WARNING
        advice = (
            "tannha operator escrow"
            if device.escrow_keys
            else "the district names three holders; the next sign-in after a sync seals it"
        )
        return Finding("escrow", health, "the store key is in nobody's keeping", advice)
    age = int((time.time() - device.key_since) // DAY)
    if age > OLD_KEY_DAYS:
        return Finding("escrow", Health.WARNING, f"the store key is {age} days old", "tannha operator rotate")
    return Finding("escrow", Health.GOOD, f"sealed for two of three holders, key {max(0, age)} days old")


def codes(settings: Settings) -> Finding:
    """Is there a way back in for who forgets the PIN far from a supervisor?"""
    try:
        left = enrolment.vault_of(settings, enrolled.load(settings.slots).mode).rescue_numbers()
    except VaultError:
        return Finding("codes", Health.WARNING, "unknown", "enrol this device first")
    if not left:
        return Finding("codes", Health.WARNING, "no one-time code is left", "tannha operator codes")
    return Finding("codes", Health.GOOD, f"{len(left)} one-time codes are left")


def trust(settings: Settings) -> Finding:
    """How many issuers of cards did the last bundle bring?"""
    try:
        issuers = enrolled.load(settings.slots).issuers
    except VaultError:
        return Finding("trust", Health.WARNING, "unknown", "enrol this device first")
    if issuers == 0:
        return Finding("trust", Health.BAD, "no issuer is known", "sync: the district's bundle brings them")
    return Finding("trust", Health.GOOD, f"{issuers} issuers")


def outgoing(settings: Settings) -> Finding:
    """How much waits for the courier?"""
    try:
        waiting = len(spool.Outbox(settings.outbox).files())
    except ExchangeError:
        return Finding("spool", Health.BAD, "no spool folder", "enrol this device, or mend the folder's rights")
    if waiting > FULL_SPOOL:
        return Finding("spool", Health.WARNING, f"{waiting} files wait", "sync over the network or a USB stick")
    return Finding("spool", Health.GOOD, f"{waiting} files wait")


def courier(settings: Settings) -> Finding:
    """Did the courier run lately? Its own unsigned word, shown as such."""
    try:
        age = time.time() - settings.courier_status.stat().st_mtime
    except OSError:
        return Finding("courier", Health.WARNING, "never ran here", "start tannha-sync")
    if age > 3600:
        return Finding("courier", Health.WARNING, f"silent for {int(age // 3600)} h", "restart tannha-sync")
    return Finding("courier", Health.GOOD, "running")


CHECKS: tuple[Callable[[Settings], Finding], ...] = (
    reader, printer, clock, disk, battery, keys, escrow, codes, trust, outgoing, courier,
)  # fmt: skip
