"""What the screens cost against the smallest Kivy program of the same run, and against the limits of the plan.

A frame is drawn in software to its last pixel. Its processor time, of all threads together, is the figure to judge on
a machine that does other work too: the clock then counts the others.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

RUNS = 7
FRAME_MS, WORST_FRAME_MS, PHOTO_MS, GROWTH_PERCENT, FIRST = 16.0, 33.0, 150.0, 5.0, 2.5


def rows() -> list[dict[str, object]]:
    """The rows of bench.json for the screens."""
    pairs = [(_child("hello")["seconds"], _child("ours")["seconds"]) for _ in range(RUNS)]  # by turns: machines vary
    hello, ours = (statistics.median(each) for each in zip(*pairs, strict=True))
    walk = _child("walk")
    return [
        _row("screens: first usable screen", "s", ours, hello, "hello-world Kivy window", FIRST),
        _row("screens: show and draw, median", "ms", walk["median_ms"], FRAME_MS, "limit of the plan", 1.0),
        _row("screens: show and draw, p99", "ms", walk["p99_ms"], WORST_FRAME_MS, "limit of the plan", 1.0),
        _row("screens: processor time of a frame, median", "ms", walk["worked_median_ms"], FRAME_MS,
             "limit of the plan", 1.0),
        _row("screens: processor time of a frame, p99", "ms", walk["worked_p99_ms"], WORST_FRAME_MS,
             "limit of the plan", 1.0),
        _row("screens: reading done to photo shown", "ms", walk["photo_ms"], PHOTO_MS, "limit of the plan", 1.0),
        _row("screens: memory after 3,000 screens", "% grown", walk["growth_percent"], GROWTH_PERCENT,
             "limit of the plan", 1.0),
    ]  # fmt: skip


def _row(name: str, unit: str, ours: float, peer: float, peer_name: str, limit: float) -> dict[str, object]:
    ratio = ours / peer
    return {
        "name": name, "unit": unit, "ours": round(ours, 3), "peer": round(peer, 3), "peer_name": peer_name,
        "ratio": round(ratio, 3), "goal": f"<= {limit}", "holds": ratio <= limit,
    }  # fmt: skip


def _child(what: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench._window", what]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
