"""The demo for a person: the kiosk in a window, and beside it a small control desk that lays cards on the reader."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kiosk.demo.stage import OPERATOR_NAME, PIN, Roads, Stage


def _placed(left: int, top: int) -> dict[str, str]:
    """The environment that makes Kivy open its window there, so that the two lie side by side."""
    place = {"KCFG_GRAPHICS_POSITION": "custom", "KCFG_GRAPHICS_LEFT": str(left), "KCFG_GRAPHICS_TOP": str(top)}
    return {**os.environ, **place}


def open_demo(world: Path, roads: Roads) -> int:
    """Run until the kiosk is closed; its exit code."""
    with Stage(world, world / "papers", roads).open() as stage:
        print(f"demo: sign in as {OPERATOR_NAME}, PIN {PIN}; lay cards with the control desk", flush=True)
        desk = [sys.executable, "-m", "hardware.virtual.desk", "--card", str(stage.card_control)]
        desk += ["--printer", str(stage.printer_control)]
        kiosk = [str(Path(sys.executable).parent / "tannha"), "kiosk", "--windowed", "--home", str(stage.kiosk)]
        beside = subprocess.Popen(desk, env=_placed(10, 60))
        try:
            return subprocess.run(kiosk, check=False, env=_placed(560, 60)).returncode
        finally:
            beside.terminate()
            beside.wait()
