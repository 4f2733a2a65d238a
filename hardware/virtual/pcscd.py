"""Why: demo and tests need a running PC/SC service with the virtual reader, whoever starts them."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from typing import Final

from hardware.card.errors import CardError, NoReader
from hardware.card.pcsc import list_readers

READER: Final = "Virtual PCD 00 00"
START_S: Final = 10.0
STOP_S: Final = 5.0
POLL_S: Final = 0.05


def reachable() -> bool:
    """Whether a PC/SC service answers and knows the virtual reader."""
    try:
        return any(name.startswith("Virtual PCD") for name in list_readers())
    except CardError:
        return False


def _command() -> list[str]:
    program = shutil.which("pcscd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        raise NoReader("pcscd is not installed")
    elevated = [] if os.geteuid() == 0 else ["sudo", "-n"]
    return [*elevated, program, "--foreground"]


def _wait(process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if reachable():
            return
        if process.poll() is not None:
            raise NoReader(f"pcscd ended at once with code {process.returncode}")
        time.sleep(POLL_S)
    raise NoReader("pcscd runs but does not offer the virtual reader; is vsmartcard-vpcd installed?")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_S)


@contextlib.contextmanager
def running_pcscd() -> Iterator[str]:
    """The name of the virtual reader, with a service running; stops what it started. Raises NoReader."""
    if reachable():
        yield READER
        return
    process = subprocess.Popen(
        _command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(process)
        yield READER
    finally:
        _stop(process)
