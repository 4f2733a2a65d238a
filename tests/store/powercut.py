"""Cuts the power, fills or breaks the disk at one chosen system call, and says what the child had promised."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from kiosk.payout.standing import Status
from kiosk.store import Store
from tests.store import scribe

COMMITS = 30
PATIENCE = 600
"""Seconds until a child counts as hung: a second when alone, minutes at the lowest priority of a busy machine."""


@dataclass(frozen=True)
class Cut:
    """How a run of the child ended."""

    code: int
    """Exit code; 137 or -9 when it was killed."""
    promised: int
    """Next sequence after the last commit that the child said was durable; 0 for none."""
    full: int
    """How often it met a full disk."""

    @property
    def killed(self) -> bool:
        """True when the fault struck."""
        return self.code in {-9, 137}


def run(inject: str, *arguments: str) -> Cut:
    """Run the child under strace with one injected fault, for instance ``fsync:signal=SIGKILL:when=3``."""
    call = inject.split(":", 1)[0]
    command = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={inject}"]
    child = [sys.executable, "-m", "tests.store.child", *arguments]
    done = subprocess.run([*command, *child], capture_output=True, text=True, timeout=PATIENCE)
    words = done.stdout.split()
    numbers = [int(word) for word in words if word.isdigit()]
    if done.returncode not in {0, 9, -9, 137}:
        raise AssertionError(done.stderr[-2_000:])
    return Cut(done.returncode, numbers[-1] if numbers else 0, words.count("full"))


def calls(path: Path, log: Path) -> list[str]:
    """Every write, flush and promise of an undisturbed run, in order: names of the calls, or ``promise``."""
    prepare(path)
    watched = "trace=fsync,fdatasync,pwrite64,write"
    command = ["strace", "-f", "-qq", "-o", str(log), "-e", watched]
    child = [sys.executable, "-m", "tests.store.child", "write", str(path), str(COMMITS)]
    subprocess.run([*command, *child], capture_output=True, check=True, timeout=PATIENCE)
    found = re.findall(r"^\d+ +(\w+)\((\d+)", log.read_text(), re.MULTILINE)
    return ["promise" if (call, file) == ("write", "1") else call for call, file in found]


def prepare(path: Path) -> None:
    """A store with an open session."""
    with Store.create(path, scribe.KEY, scribe.IDENTITY, scribe.EPOCH, scribe.NOON) as store:
        scribe.write(store, scribe.session_opened())


def check(path: Path, cut: Cut, before: int = 2) -> None:
    """All that was promised is there, at most one commit more, and the chain verifies (M2, M3)."""
    with Store.open(path, scribe.KEY) as store:
        there = int(store.standing().next_sequence)
        assert store.verify() == there
        assert max(cut.promised, before) <= there <= max(cut.promised, before) + 1
        settled = [each for each in store.standing().payouts.values() if each.status is Status.COMPLETED]
        assert len(settled) == (there - 2) // 2
        assert (store.standing().open_payout is None) == (there % 2 == 0)
        scribe.write(store, scribe.j.DeviceStarted("after the cut", True))
        assert (store.standing().uncertain is None) == (there % 2 == 0)


def write_through(path: Path, inject: str) -> Cut:
    """Prepare, run into the fault, check what is left."""
    prepare(path)
    cut = run(inject, "write", str(path), str(COMMITS))
    check(path, cut)
    return cut
