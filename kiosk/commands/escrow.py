"""``tannha escrow``: the day a board dies. Holders make keys, two of three open, a new board adopts the store.

The holders' steps need no device: each is done on a computer of the holder's own, and a key never leaves it.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.commands.common import (
    EXIT_BAD_INPUT,
    EXIT_DONE,
    EXIT_NOT_PERMITTED,
    add_home,
    ask_pin,
    complain,
    settings_of,
)
from kiosk.desk import rotating
from kiosk.desk.hours import Hours
from kiosk.payout.names import OperatorId, UnixSeconds
from kiosk.store.errors import StoreError
from kiosk.vault import escrow, files
from kiosk.vault.errors import DamagedVault, NotPermitted, VaultError, WeakPin
from kiosk.vault.pin import CALIBRATE_SECONDS, calibrate


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Name the command and its options."""
    parser = subparsers.add_parser("escrow", help="the store key of a board that died: two of three holders")
    steps = parser.add_subparsers(dest="step", required=True)
    holder = steps.add_parser("holder", help="make a holder's key; prints the public half for the district")
    holder.add_argument("--out", type=Path, required=True, help="the file for the private key, kept offline")
    opened = steps.add_parser("open", help="one holder's step: the first gives a half, the second the store key")
    opened.add_argument("file", type=Path, help="the escrow file that the district wrote")
    opened.add_argument("--key", type=Path, required=True, help="this holder's private key")
    opened.add_argument("--half", type=Path, help="what the first holder's step wrote")
    opened.add_argument("--out", type=Path, required=True)
    adopt = steps.add_parser("adopt", help="give this board the store of one that died")
    adopt.add_argument("--key", type=Path, required=True, help="the store key; the file is removed afterwards")
    adopt.add_argument("--operator", required=True, help="id of the supervisor; a new PIN is asked for")
    add_home(adopt)


def run(args: argparse.Namespace) -> int:
    """Do one step."""
    try:
        print({"holder": _holder, "open": _open, "adopt": _adopt}[args.step](args))
    except FileExistsError:
        return complain(f"{args.out.name} exists: nothing is overwritten", EXIT_BAD_INPUT)
    except WeakPin as fault:
        return complain(f"this PIN cannot be used: {str(fault).replace('_', ' ')}", EXIT_BAD_INPUT)
    except NotPermitted as fault:
        return complain(str(fault), EXIT_NOT_PERMITTED)
    except (VaultError, StoreError) as fault:
        return complain(str(fault), EXIT_BAD_INPUT)
    return EXIT_DONE


def _holder(args: argparse.Namespace) -> str:
    key = X25519PrivateKey.generate()
    _write_private(args.out, key.private_bytes_raw())
    return key.public_key().public_bytes_raw().hex()


def _open(args: argparse.Namespace) -> str:
    sealed, private = escrow.read_escrow(files.read_bytes(args.file)), files.read_bytes(args.key)
    if args.half is None:
        _write_private(args.out, escrow.first_half(sealed, private))
        return "half is opened: the second holder goes on with it"
    _write_private(args.out, escrow.second_half(sealed, files.read_bytes(args.half), private))
    return "this is the store key: tannha escrow adopt, at once"


def _adopt(args: argparse.Namespace) -> str:
    key = files.read_bytes(args.key)
    hours = Hours(lambda: UnixSeconds(int(time.time())), time.monotonic)
    operator = (OperatorId(args.operator), ask_pin(f"new PIN for {args.operator}: "))
    params = calibrate(CALIBRATE_SECONDS, time.monotonic)
    device = rotating.adopt(settings_of(args.home), hours, key, operator, params)
    files.remove(args.key)
    return f"{device.device}: {args.operator} may sign in; rotate the store key now: tannha operator rotate"


def _write_private(path: Path, data: bytes) -> None:
    """A new file for its owner alone. Raises FileExistsError, DamagedVault."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError:
        raise
    except OSError as error:
        raise DamagedVault(f"{path.name} cannot be written: {error.strerror}") from error
