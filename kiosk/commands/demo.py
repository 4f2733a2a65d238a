"""``tannha demo``: a whole practice world on this machine, played by itself or by you."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from kiosk.commands.common import EXIT_FAILED, complain
from kiosk.demo import auto, interactive
from kiosk.demo.stage import Roads, StageFault, has_display


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Name the command and its options."""
    parser = subparsers.add_parser("demo", help="a practice district, courier, card, printer and kiosk on this machine")
    parser.add_argument("--auto", action="store_true", help="play a whole home visit without a person")
    parser.add_argument("--out", type=Path, default=Path("demo-output"), help="where pictures and summary go")
    parser.add_argument(
        "--bad-line", action="store_true", help="every connection to the district breaks sooner or later"
    )
    parser.add_argument("--stick", action="store_true", help="what is paid offline also travels on a USB stick")
    parser.add_argument("--database", default="", help="URL of an empty PostgreSQL database for the district")
    parser.add_argument("--keep", type=Path, help="keep the world in this folder instead of a temporary one")


def run(args: argparse.Namespace) -> int:
    """Play or open the demo; 1 with one line when it did not come to its end."""
    if args.keep is not None:
        return _demo(args, args.keep)
    with tempfile.TemporaryDirectory(prefix="tannha-demo-") as folder:
        return _demo(args, Path(folder))


def _demo(args: argparse.Namespace, world: Path) -> int:
    roads = Roads(args.database, args.bad_line, args.stick)
    try:
        if args.auto or os.environ.get("DEMO") == "auto" or not has_display():
            return auto.play(args.out, world, roads)
        return interactive.open_demo(world, roads)
    except StageFault as fault:
        return complain(f"{fault}; its logs are in {_keep_logs(world, args.out / 'logs')}", EXIT_FAILED)


def _keep_logs(world: Path, where: Path) -> Path:
    """The world goes, what its processes said stays."""
    where.mkdir(parents=True, exist_ok=True)
    for log in world.glob("*.log"):
        shutil.copy(log, where)
    return where
