"""``tannha card``: read one card and say what it is worth, without a sign-in, a store or a journal.

Trust comes from ``--trust`` alone; the level is the plan's (§7), as if the agent had confirmed the face.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from hardware.card.authenticity import level_of
from hardware.card.errors import CardError
from hardware.card.passwords import Can, Mrz, Password
from hardware.card.pcsc import PcscLink, find_reader
from hardware.card.reader import Progress, open_card
from hardware.card.reading import ChipReading, Level, Phase, Warn
from hardware.card.trust import TrustStore, describe
from hardware.card.trust_folder import import_file
from kiosk.commands.common import EXIT_BAD_INPUT, EXIT_DONE, complain

BAR_CELLS = 24


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Name the command and its options."""
    parser = subparsers.add_parser("card", help="read an identity card and check it")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    parser.add_argument("--reader", default="", metavar="NAME", help="the reader's name or a part of it")
    key = parser.add_mutually_exclusive_group()
    key.add_argument("--id", metavar="12DIGITS", help="the personal number; its last six digits open the chip")
    key.add_argument("--can", metavar="6DIGITS", help="the six digits that open the chip")
    key.add_argument("--mrz", metavar="LINES", help="the printed lines on the back")
    parser.add_argument("--trust", type=Path, metavar="DIR", help="folder of roots and revocation lists")
    parser.add_argument("--photo", type=Path, metavar="FILE", help="write the portrait there")
    _add_trust(parser)


def _add_trust(parser: argparse.ArgumentParser) -> None:
    below = parser.add_subparsers(dest="card_command", metavar="{trust}")
    trust = below.add_parser("trust", help="look at or add to a trust folder")
    actions = trust.add_subparsers(dest="trust_command", required=True)
    listing = actions.add_parser("list", help="what the folder holds")
    listing.add_argument("folder", type=Path)
    importing = actions.add_parser("import", help="let a certificate, revocation list or master list in")
    importing.add_argument("file", type=Path)
    importing.add_argument("--into", type=Path, required=True, metavar="DIR")
    importing.add_argument("--accept-signer", metavar="SHA256", help="a master list's signer, compared by hand")


def run(args: argparse.Namespace) -> int:
    """0 when read, 2 with one error otherwise."""
    try:
        work: Callable[[argparse.Namespace], int] = _trust if args.card_command == "trust" else _read
        return work(args)
    except CardError as error:
        return _refuse(args, error.key, str(error))
    except (ValueError, OSError) as error:
        return _refuse(args, "bad_input", str(error))


def _refuse(args: argparse.Namespace, key: str, message: str) -> int:
    if args.json:
        print(json.dumps({"error": key, "message": message}, ensure_ascii=False))
        return EXIT_BAD_INPUT
    return complain(f"{key}: {message}", EXIT_BAD_INPUT)


def _password(args: argparse.Namespace) -> Password:
    if args.id is not None:
        return Can.from_id_number(args.id)
    if args.can is not None:
        return Can(args.can)
    if args.mrz is not None:
        return Mrz.from_lines(args.mrz)
    raise ValueError("one of --id, --can or --mrz is needed")


def _read(args: argparse.Namespace) -> int:
    password = _password(args)
    trust = TrustStore() if args.trust is None else TrustStore.load(args.trust)
    with PcscLink(find_reader(args.reader)) as link:
        session = open_card(link, password, progress=None if args.json else _bar())
        reading = session.read(trust, date.today())  # noqa: DTZ011 - the day as the device's wall shows it
    if args.photo is not None and reading.face is not None:
        args.photo.touch(mode=0o600)
        args.photo.write_bytes(reading.face.data)
    level = level_in(reading, trust)
    print(json.dumps(as_json(reading, level), ensure_ascii=False) if args.json else _text(reading, level))
    return EXIT_DONE


def level_in(reading: ChipReading, trust: TrustStore) -> Level:
    """The level of a reading where the trust folder is all that is known; a chip with two numbers names nobody."""
    if Warn.NUMBER_DIFFERS in reading.warnings:
        return Level.C
    observed = reading.signer_fingerprint in trust.observed_signers
    return level_of(reading.checks, reading.active, signer_observed=observed, aa_key_pinned=False)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def as_json(reading: ChipReading, level: Level) -> dict[str, Any]:
    """What ``--json`` prints, in the plan's words (§8)."""
    return {
        "access": reading.access.value,
        "apdus": reading.apdus,
        "sent_bytes": reading.sent_bytes,
        "received_bytes": reading.received_bytes,
        "seconds": round(reading.seconds, 4),
        "checks": {name: _plain(value) for name, value in asdict(reading.checks).items()},
        "level": level.value,
        "simulated": reading.simulated,
        "person": {name: _plain(value) for name, value in asdict(reading.person).items()},
        "warnings": [warning.value for warning in reading.warnings],
    }


def _text(reading: ChipReading, level: Level) -> str:
    """A few lines for a person at a terminal."""
    shown = as_json(reading, level)
    lines = [f"{name:20} {value}" for name, value in shown["person"].items() if value is not None]
    lines += [f"{name:20} {value}" for name, value in shown["checks"].items()]
    if reading.signer_fingerprint is not None:
        lines.append(f"{'signer':20} {reading.signer_fingerprint.hex()}")
    lines.append(f"{'level':20} {level.value}{' (simulated)' if reading.simulated else ''}")
    traffic = f"{reading.apdus} APDUs, {reading.received_bytes} bytes, {reading.seconds:.2f} s"
    lines.append(f"{reading.access.value:20} {traffic}")
    lines += [f"{'warning':20} {warning.value}" for warning in reading.warnings]
    return "\n".join(lines)


def _bar() -> Progress:
    """A bar on stderr, where that is a terminal."""

    def show(phase: Phase, done: int, total: int) -> None:
        share = done / total if total else 1.0
        cells = round((phase - 1 + share) / len(Phase) * BAR_CELLS)
        end = "\n" if phase is Phase.CHECKS and done == total else ""
        print(f"\r[{'#' * cells:{BAR_CELLS}}] {phase.value}/{len(Phase)}", end=end, file=sys.stderr, flush=True)

    def silent(phase: Phase, done: int, total: int) -> None:
        del phase, done, total

    return show if sys.stderr.isatty() else silent


def _trust(args: argparse.Namespace) -> int:
    if args.trust_command == "list":
        return _list(args)
    accept = None if args.accept_signer is None else bytes.fromhex(args.accept_signer)
    result = import_file(args.into, args.file, accept)
    if args.json:
        print(json.dumps(asdict(result)))
    else:
        print(f"{result.certificates} certificates, {result.crls} revocation lists, {result.left_out} left out")
    return EXIT_DONE


def _list(args: argparse.Namespace) -> int:
    trust = TrustStore.load(args.folder)
    if not args.json:
        print("\n".join(describe(root) for root in trust.cscas))
        print(f"{len(trust.cscas)} roots, {len(trust.crls)} revocation lists, {len(trust.observed_signers)} observed")
        return EXIT_DONE
    roots = [{"sha256": root.fingerprint.hex(), "text": describe(root)} for root in trust.cscas]
    lists = [{"made": crl.this_update.isoformat(), "revoked": len(crl.revoked)} for crl in trust.crls]
    print(json.dumps({"roots": roots, "crls": lists, "observed": len(trust.observed_signers)}, ensure_ascii=False))
    return EXIT_DONE
