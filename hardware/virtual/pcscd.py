"""Why: demo and tests need a running PC/SC service with the virtual reader, whoever starts them.

There is one virtual reader on a machine: whoever uses it holds a lock meanwhile, so that two test runs, or a test and
a demo, do not lay their cards on each other's reader.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hardware.card.errors import CardError, NoReader
from hardware.card.pcsc import list_readers

READER: Final = "Virtual PCD 00 00"
START_S: Final = 15.0
STOP_S: Final = 5.0
POLL_S: Final = 0.05
LOCK_S: Final = 240.0
LOCK: Final = Path(tempfile.gettempdir()) / "tannha-virtual-reader.lock"

_holders: list[int] = []


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
def _only_user() -> Iterator[None]:
    """Hold the machine's lock on the virtual reader; nested use within one process is one use."""
    if _holders:
        yield
        return
    handle = os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        _take(handle)
        _holders.append(handle)
        yield
    finally:
        _holders.clear()
        os.close(handle)


def _take(handle: int) -> None:
    end = time.monotonic() + LOCK_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > end:
                raise NoReader("another program uses the virtual reader") from error
            time.sleep(POLL_S)
        else:
            return


@contextlib.contextmanager
def running_pcscd() -> Iterator[str]:
    """The name of the virtual reader, with a service running; stops what it started. Raises NoReader."""
    with _only_user():
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
