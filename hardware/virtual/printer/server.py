"""The virtual printer's outside: a TCP port or a pseudo-terminal, and a control socket.

One thread, one loop, no locks: bytes, deeds and time reach the machine one after the other, so that
a status answered is a status of everything that came before.
"""

from __future__ import annotations

import os
import pty
import select
import selectors
import socket
import struct
import termios
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hardware.printer.profiles import Profile
from hardware.virtual.printer.control import MAX_LINE, Wires, answer, count_bytes
from hardware.virtual.printer.machine import ENDLESS, Machine
from hardware.virtual.printer.roll import Roll

_READ = 1024
_TICK_S = 0.02


@dataclass(slots=True)
class Server:
    """Serves ``machine`` on what ``listen_*`` opened, until ``stop`` is called."""

    machine: Machine
    wires: Wires = field(default_factory=Wires)
    port: int = 0
    serial_path: str = ""
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _host: socket.socket | int | None = None
    """The connected host: a TCP client, or the pty's master side."""
    _listener: socket.socket | None = None
    _wake: tuple[socket.socket, socket.socket] = field(default_factory=socket.socketpair)
    _running: bool = True
    _last_s: float = field(default_factory=time.monotonic)

    def listen_tcp(self, port: int, host: str = "127.0.0.1") -> None:
        """Take one host at a time on a TCP port (0: any free one)."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        listener.bind((host, port))
        listener.listen(4)
        self.port = listener.getsockname()[1]
        self._listener = listener
        self._selector.register(listener, selectors.EVENT_READ, self._accept)

    def listen_serial(self) -> None:
        """A pseudo-terminal; ``serial_path`` is what the host opens."""
        master, slave = pty.openpty()
        tty.setraw(slave, termios.TCSANOW)
        os.set_blocking(master, False)
        self.serial_path = os.ttyname(slave)
        self._host = master
        self._selector.register(master, selectors.EVENT_READ, self._from_host)

    def listen_control(self, path: Path) -> None:
        """A Unix socket for JSON lines."""
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(4)
        self._selector.register(listener, selectors.EVENT_READ, self._accept_control)

    def run(self) -> None:
        """The loop."""
        self._selector.register(self._wake[0], selectors.EVENT_READ, self._woken)
        while self._running:
            for key, _ in self._selector.select(_TICK_S if self.machine.busy else None):
                key.data(key.fileobj)
            self._turn()
        self._shut()

    def stop(self) -> None:
        """End the loop, from any thread, any number of times."""
        if self._running:
            self._running = False
            with suppress(OSError):  # the loop may have seen it by itself and be gone already
                self._wake[1].send(b"x")

    def _turn(self) -> None:
        """Print what time allows, answer, and look whether the buffer has room."""
        self.machine.work(self._rows_due())
        self._reply()
        if self.wires.cut_now:
            self._hang_up()
        self._mind_the_buffer()

    def _accept(self, listener: Any) -> None:
        client, _ = listener.accept()
        if self._host is not None or self.wires.dropped:
            client.close()
            return
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._host = client
        self._selector.register(client, selectors.EVENT_READ, self._from_host)

    def _from_host(self, host: Any) -> None:
        limit = min(_READ, self.wires.bytes_until or _READ)
        try:
            data = _read(host, limit)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._hang_up()
            return
        self.machine.receive(data)
        self.machine.work(self._rows_due())
        count_bytes(len(data), self.machine, self.wires)

    def _rows_due(self) -> int:
        """Rows that the pace allows since the last look."""
        now = time.monotonic()
        passed, self._last_s = now - self._last_s, now
        pace = self.wires.rows_per_second
        return int(passed * pace) + 1 if pace else ENDLESS

    def _reply(self) -> None:
        if self._host is None or not self.machine.answers:
            return
        with suppress(OSError):
            sent = _write(self._host, bytes(self.machine.answers))
            del self.machine.answers[:sent]

    def _mind_the_buffer(self) -> None:
        """A full buffer is not read from: the host's writes then stall, as on a real wire."""
        if self._host is None:
            return
        listening = self._host in self._selector.get_map()
        if self.machine.takes_bytes and not listening:
            self._selector.register(self._host, selectors.EVENT_READ, self._from_host)
        elif not self.machine.takes_bytes and listening:
            self._selector.unregister(self._host)

    def _hang_up(self) -> None:
        """Break the connection hard, as a pulled cable or a dead printer does."""
        self.wires.cut_now = False
        host, self._host = self._host, None
        self.machine.answers.clear()
        if host is None:
            return
        if host in self._selector.get_map():
            self._selector.unregister(host)
        if isinstance(host, socket.socket):
            host.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            host.close()
        else:
            os.close(host)

    def _accept_control(self, listener: Any) -> None:
        client, _ = listener.accept()
        heard = bytearray()

        def speak(sock: Any) -> None:
            self._deeds(sock, heard)

        self._selector.register(client, selectors.EVENT_READ, speak)

    def _deeds(self, client: Any, heard: bytearray) -> None:
        data = client.recv(MAX_LINE)
        heard += data
        if not data or (len(heard) > MAX_LINE and b"\n" not in heard):
            self._selector.unregister(client)
            client.close()
            return
        while b"\n" in heard:
            line, _, rest = bytes(heard).partition(b"\n")
            heard[:] = rest
            self._catch_up()
            reply = answer(line, self.machine, self.wires)
            self._turn()
            with suppress(OSError):
                client.sendall(reply)

    def _catch_up(self) -> None:
        """Take in what the host has sent already, so that a deed follows all bytes before it."""
        for _ in range(1024):
            host = self._host
            if host is None or not self.machine.takes_bytes or not _readable(host):
                return
            self._from_host(host)
            self._turn()

    def _woken(self, sock: Any) -> None:
        sock.recv(16)

    def _shut(self) -> None:
        self._hang_up()
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._wake[1].close()
        self._selector.close()


def _read(host: socket.socket | int, count: int) -> bytes:
    return host.recv(count) if isinstance(host, socket.socket) else os.read(host, count)


def _readable(host: socket.socket | int) -> bool:
    return bool(select.select([host], [], [], 0)[0])


def _write(host: socket.socket | int, data: bytes) -> int:
    return host.send(data) if isinstance(host, socket.socket) else os.write(host, data)


def new_machine(profile: Profile, folder: Path, paper_mm: int = 30_000) -> Machine:
    """A printer as new, with ``paper_mm`` of paper; strips go to ``folder`` as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    return Machine(profile, Roll(profile.paper, folder, profile.paper.dots(paper_mm)))


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Run the loop in a thread of its own for as long as the block lasts."""
    thread = threading.Thread(target=server.run, name="virtual-printer", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(timeout=5)
