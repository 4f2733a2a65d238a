"""What the tests of the house share: where it stands, and how to act as root in CI and on a developer's machine."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def top() -> Path:
    return Path(__file__).resolve().parents[2]


def _own_environment() -> dict[str, str]:
    """Ours, without what an outer ``make`` hands down: a make inside ``make test`` would talk of its directory."""
    outer = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"}
    return {name: value for name, value in os.environ.items() if name not in outer} | {"LC_ALL": "C.UTF-8"}


@pytest.fixture(scope="session")
def run(top: Path) -> Run:
    def call(*command: str | Path, cwd: Path = top) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=_own_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return call


@pytest.fixture(scope="session")
def run_as_root(run: Run) -> Run:
    """Root in CI; a developer needs sudo without a password, as .ci/bootstrap does."""
    if os.geteuid() == 0:
        return run

    def call(*command: str | Path) -> subprocess.CompletedProcess[str]:
        return run("sudo", "-n", *command)

    return call
