"""A district as a real process over TLS, and the files of a kit beside it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from agent_sync.district import home as homes
from tests.agent_sync.field_kit import FieldKit, Seat

START_S = 90.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """One process of a district."""

    seat: Seat
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def get(self, path: str) -> tuple[int, bytes]:
        """A plain request with the area's CA."""
        context = ssl.create_default_context(cafile=str(self.seat.home.ca_certificate))
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=10, context=context)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def kill(self) -> None:
        """As if the power went."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """In order."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


def start(seat: Seat, port: int, *more: str) -> Server:
    """Start a process and wait until it answers."""
    command = [sys.executable, "-m", "agent_sync.district.cli", "serve", "--home", str(seat.home.folder)]
    process = subprocess.Popen([*command, "--port", str(port), *more], env=os.environ | {"PYTHONWARNINGS": "default"})
    server = Server(seat, port, process)
    end = time.monotonic() + START_S
    while True:
        try:
            answer = json.loads(server.get("/v1/health")[1])
        except (OSError, http.client.HTTPException):
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.05)
        else:
            assert answer["status"] == "ok"
            return server


@contextmanager
def serving(seat: Seat) -> Iterator[Server]:
    """A running district whose address stands in its settings."""
    port = free_port()
    readdress(seat, f"https://localhost:{port}")
    server = start(seat, port)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def readdress(seat: Seat, url: str) -> None:
    """Let invitations lead to ``url``."""
    settings = replace(seat.home.settings, url=url)
    homes.save_settings(seat.home.folder, settings)
    seat.home = replace(seat.home, settings=settings)


def spool_of(home: Path) -> Path:
    """A device's folder with an empty spool."""
    for each in ("out", "in"):
        (home / "spool" / each).mkdir(parents=True, exist_ok=True)
    return home / "spool"


__all__ = ["FieldKit", "Server", "free_port", "readdress", "serving", "spool_of", "start"]
