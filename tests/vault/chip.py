"""A TPM 2.0 in software (swtpm), as a process of its own: what a board's chip is to the vault."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

from kiosk.vault.tpm import TpmFactor


class Chip:
    """One software TPM; `stop` and `start` are a reboot of the same chip."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_pair()
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir()

    def start(self) -> None:
        """Power on."""
        command = ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.folder}"]
        ports = ["--server", f"type=tcp,port={self.port}", "--ctrl", f"type=tcp,port={self.port + 1}"]
        self.process = subprocess.Popen([*command, *ports, "--flags", "not-need-init,startup-clear"])
        _wait_for(self.port)

    def stop(self) -> None:
        """Power off; its state stays."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)

    @property
    def tcti(self) -> str:
        """How tpm2-tools reach it."""
        return f"swtpm:port={self.port}"

    @property
    def factor(self) -> TpmFactor:
        """The vault's driver for it."""
        return TpmFactor(self.tcti)


def _free_pair() -> int:
    """A port whose neighbour is free too: swtpm's control channel is the next one."""
    for _ in range(50):
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise AssertionError("no two free ports")


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("swtpm does not listen")
