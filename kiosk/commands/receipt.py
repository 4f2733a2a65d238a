"""``tannha receipt``: the bytes of every sample paper, for a printer on the bench or an inspector.

Opens neither store nor journal. What it writes is what a printer would be sent, byte for byte.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from hardware.printer.errors import PrinterError
from hardware.printer.escpos import job_for
from hardware.printer.profiles import GENERIC_58, GENERIC_80, PROFILES, Profile
from kiosk.commands.common import EXIT_BAD_INPUT, EXIT_DONE, complain
from kiosk.paper import page_for
from kiosk.paper.samples import SAMPLES

_BY_PAPER = {"58": GENERIC_58, "80": GENERIC_80}


def add_parser(subparsers: Any) -> None:
    """Declare the command on the ``tannha`` parser."""
    parser = subparsers.add_parser("receipt", help="sample papers as ESC/POS bytes")
    parser.add_argument("--list", action="store_true", help="names of the samples, one a line")
    parser.add_argument("--sample", metavar="NAME", help="which paper")
    parser.add_argument("--paper", choices=sorted(_BY_PAPER), help="roll width in mm")
    parser.add_argument("--profile", choices=sorted(PROFILES), help="a printer instead of a paper")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the bytes go")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when done, 2 for bad input with one line on stderr."""
    if args.list:
        print("\n".join(SAMPLES))
        return EXIT_DONE
    profile = _profile(args)
    if args.sample is None or args.out is None or profile is None:
        return _bad("name a sample, a paper and a file: --sample NAME --paper 58|80 --out FILE")
    if args.sample not in SAMPLES:
        return _bad(f"no sample {args.sample[:40]!r}; tannha receipt --list names them")
    return _write(args.sample, profile, args.out)


def _profile(args: argparse.Namespace) -> Profile | None:
    if args.profile is not None:
        return PROFILES[args.profile]
    return None if args.paper is None else _BY_PAPER[args.paper]


def _write(name: str, profile: Profile, out: Path) -> int:
    sample = SAMPLES[name]
    try:
        page = page_for(sample.document, profile.paper, sample.signature)
        out.write_bytes(job_for(page, profile).stream)
    except (PrinterError, OSError) as error:
        return _bad(str(error))
    return EXIT_DONE


def _bad(message: str) -> int:
    return complain(f"receipt: {message}", EXIT_BAD_INPUT)
