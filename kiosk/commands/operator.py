"""``tannha operator``: who may sign in here, and the ways back in, done by a supervisor with the screen signed out.

A supervisor proves the own PIN first; everything is written into the journal and reaches the district with it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kiosk.commands.common import (
    EXIT_BAD_INPUT,
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_NOT_PERMITTED,
    add_home,
    ask_pin,
    complain,
    settings_of,
)
from kiosk.desk import enrolled, enrolment, opening, refusals, rotating
from kiosk.desk.hours import Hours
from kiosk.desk.keyroom import KeyRoom
from kiosk.payout.names import OperatorId, UnixSeconds
from kiosk.settings import Settings
from kiosk.store.errors import StoreBusy, StoreError
from kiosk.vault.codes import MOST_CODES
from kiosk.vault.errors import NotPermitted, VaultError, WeakPin
from kiosk.vault.pin import CALIBRATE_SECONDS, calibrate
from kiosk.vault.slots import PinRefused, Vault
from kiosk.vault.unlocked import Unlocked

Act = Callable[[KeyRoom, Unlocked, argparse.Namespace], str]


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Name the command and its options."""
    parser = subparsers.add_parser("operator", help="who may sign in here, and the ways back in")
    steps = parser.add_subparsers(dest="step", required=True)
    add_home(steps.add_parser("list", help="slots, tries and codes that are left"))
    for name, words in _ACTS_HELP.items():
        step = steps.add_parser(name, help=words)
        step.add_argument("--by", required=True, metavar="ID", help="the supervisor who does it; the PIN is asked for")
        if name == "codes":
            step.add_argument("--count", type=int, default=5, help=f"how many, at most {MOST_CODES}")
        elif name not in ("rotate", "escrow", "calibrate", "refused"):
            step.add_argument("id", help="whose slot")
        add_home(step)


def run(args: argparse.Namespace) -> int:
    """Do one thing. PINs are asked for, or read line by line from standard input when that is no terminal."""
    try:
        settings = settings_of(args.home)
        print(_list(settings) if args.step == "list" else _act(settings, args))
    except WeakPin as fault:
        return complain(f"this PIN cannot be used: {str(fault).replace('_', ' ')}", EXIT_BAD_INPUT)
    except NotPermitted as fault:
        return complain(str(fault), EXIT_NOT_PERMITTED)
    except StoreBusy:
        return complain("somebody is signed in at the screen: lock it first", EXIT_FAILED)
    except (VaultError, StoreError) as fault:
        return complain(str(fault), EXIT_BAD_INPUT)
    return EXIT_DONE


def _act(settings: Settings, args: argparse.Namespace) -> str:
    if args.step == "rotate":
        rotating.rotate(settings, _hours(), OperatorId(args.by), ask_pin(f"PIN of {args.by}: "))
        return "the store key is new; add the other operators and make codes again"
    with supervised(settings, OperatorId(args.by), ask_pin(f"PIN of {args.by}: ")) as (room, by):
        return _ACTS[args.step](room, by, args)


@contextmanager
def supervised(settings: Settings, operator: OperatorId, pin: str) -> Iterator[tuple[KeyRoom, Unlocked]]:
    """The key room, opened by one person's PIN. Raises NotPermitted, VaultError, StoreError."""
    device = enrolled.load(settings.slots)
    vault = enrolment.vault_of(settings, device.mode)
    by = vault.unlock(operator, pin)
    if isinstance(by, PinRefused):
        raise NotPermitted(f"{by.key.replace('_', ' ')}, {by.tries_left} tries left")
    try:
        books = opening.open_books(settings, device, vault, by, _hours())
        try:
            room = KeyRoom(settings, vault, books)
            room.tell_locks(by)
            yield room, by
        finally:
            books.store.close()
    finally:
        by.lock()


def _hours() -> Hours:
    return Hours(lambda: UnixSeconds(int(time.time())), time.monotonic)


def _list(settings: Settings) -> str:
    device = enrolled.load(settings.slots)
    vault = enrolment.vault_of(settings, device.mode)
    rows = [f"{each.operator}\t{each.role}\t{_tries(each.tries_left)}" for each in vault.slots()]
    return "\n".join([*rows, _codes(vault)])


def _tries(left: int) -> str:
    return f"{left} tries left" if left else "locked"


def _codes(vault: Vault) -> str:
    left = vault.rescue_numbers()
    return f"one-time codes left: {', '.join(map(str, left)) or 'none'}"


def _add(room: KeyRoom, by: Unlocked, args: argparse.Namespace) -> str:
    card = room.add(by, OperatorId(args.id), ask_pin(f"PIN for {args.id}: "))
    return f"{card.id} ({card.name}, {card.role}) may sign in"


def _reset(room: KeyRoom, by: Unlocked, args: argparse.Namespace) -> str:
    room.reset(by, OperatorId(args.id), ask_pin(f"new PIN for {args.id}: "))
    return f"{args.id} has a new PIN"


def _forgive(room: KeyRoom, by: Unlocked, args: argparse.Namespace) -> str:
    room.forgive(by, OperatorId(args.id))
    return f"{args.id} may try again"


def _remove(room: KeyRoom, by: Unlocked, args: argparse.Namespace) -> str:
    room.remove(by, OperatorId(args.id))
    return f"{args.id} cannot sign in any more"


def _make_codes(room: KeyRoom, by: Unlocked, args: argparse.Namespace) -> str:
    return f"{room.make_codes(by, args.count)} codes are made and go to the district with the next sync"


def _seal_escrow(room: KeyRoom, by: Unlocked, _: argparse.Namespace) -> str:
    room.seal_escrow(by)
    return "the store key is sealed for two of three holders and goes to the district with the next sync"


def _calibrate(room: KeyRoom, by: Unlocked, _: argparse.Namespace) -> str:
    params = calibrate(CALIBRATE_SECONDS, time.monotonic)
    room.vault.set_params(params, by)
    return f"{params.memory_kib // 1024} MiB, {params.iterations} passes: each slot takes them at its next sign-in"


def _refused(room: KeyRoom, _by: Unlocked, _: argparse.Namespace) -> str:
    found = refusals.newest(room.books.store)
    rows = (f"{time.strftime('%Y-%m-%d %H:%M', time.localtime(each.at))}\t{each.kind}\t{each.key}" for each in found)
    return "\n".join(rows) or "nothing was refused"


_ACTS: dict[str, Act] = {
    "add": _add, "reset": _reset, "forgive": _forgive, "remove": _remove, "codes": _make_codes,
    "escrow": _seal_escrow, "calibrate": _calibrate, "refused": _refused,
}  # fmt: skip
_ACTS_HELP = {
    "add": "let in somebody whom the district lists",
    "reset": "a new PIN for one who forgot it",
    "forgive": "open a slot that wrong PINs have locked",
    "remove": "take a slot away",
    "rotate": "another store key: every other slot and every code ends; finishes one that was cut short",
    "escrow": "seal the store key for the escrow holders",
    "calibrate": "measure this board again: a sign-in is to take about a second",
    "refused": "files from outside that did not hold, and why; the newest last",
    "codes": "new one-time codes for a forgotten PIN, read out by the district",
}
