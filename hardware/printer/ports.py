"""The wires to a printer: network, serial (also Bluetooth), USB.

python-escpos finds and opens the device; reading and writing are done here, because its own
``_raw`` and ``_read`` know neither a time limit nor how much of a write went out, and a driver that
does not know that cannot be honest about half a receipt.
"""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import serial
import usb.core
from escpos import exceptions, printer

from hardware.printer.errors import PortLost, PortStalled, PortUnavailable
from hardware.printer.profiles import Profile

OPEN_TIMEOUT_S = 3.0
_SEND_BUFFER = 4096
"""Small, so that bytes which nobody takes show as a stall and do not count as sent."""


class PrinterPort(Protocol):
    """An open way to one printer. Closing twice is fine."""

    def write(self, data: bytes, timeout_s: float) -> None:
        """All of ``data``, or PortStalled (with what went out) or PortLost."""

    def read(self, count: int, timeout_s: float) -> bytes:
        """Up to ``count`` bytes; b"" when nothing came in time. PortLost when the wire broke."""

    def close(self) -> None:
        """Let the device go."""


Connect = Callable[[], PrinterPort]
"""Opens a port; raises PortUnavailable."""


@dataclass(slots=True)
class NetworkPort:
    """A raw TCP stream, by custom on port 9100."""

    sock: socket.socket

    def write(self, data: bytes, timeout_s: float) -> None:
        """See ``PrinterPort``. The time limit counts from the last byte the printer took."""
        sent = 0
        self.sock.settimeout(timeout_s)
        while sent < len(data):
            try:
                sent += self.sock.send(data[sent:])
            except TimeoutError as error:
                raise PortStalled("the printer takes no more bytes", sent) from error
            except OSError as error:
                raise PortLost(f"network printer: {error}") from error

    def read(self, count: int, timeout_s: float) -> bytes:
        """See ``PrinterPort``."""
        self.sock.settimeout(max(timeout_s, 0.001))
        try:
            data = self.sock.recv(count)
        except TimeoutError:
            return b""
        except OSError as error:
            raise PortLost(f"network printer: {error}") from error
        if not data:
            raise PortLost("the network printer closed the connection")
        return data

    def close(self) -> None:
        """See ``PrinterPort``."""
        self.sock.close()


@dataclass(slots=True)
class SerialPort:
    """A serial line, a USB serial adapter or a Bluetooth serial port (/dev/rfcomm0).

    pyserial sets speed and parity; bytes go through the descriptor itself, since pyserial sets the
    whole line up again for each new time limit and cannot say how much of a write went out.
    """

    line: serial.Serial

    def write(self, data: bytes, timeout_s: float) -> None:
        """See ``PrinterPort``. The time limit counts from the last byte the line took."""
        sent = 0
        while sent < len(data):
            try:
                if not select.select([], [self.line.fileno()], [], timeout_s)[1]:
                    raise PortStalled("the printer takes no more bytes", sent)
                sent += os.write(self.line.fileno(), data[sent:])
            except BlockingIOError:
                continue
            except (serial.SerialException, OSError) as error:
                raise PortLost(f"serial printer: {error}") from error

    def read(self, count: int, timeout_s: float) -> bytes:
        """See ``PrinterPort``; returns what has come as soon as there is something."""
        try:
            if not select.select([self.line.fileno()], [], [], timeout_s)[0]:
                return b""
            data = os.read(self.line.fileno(), count)
        except BlockingIOError:
            return b""
        except (serial.SerialException, OSError) as error:
            raise PortLost(f"serial printer: {error}") from error
        if not data:
            raise PortLost("the serial line was hung up")
        return data

    def close(self) -> None:
        """See ``PrinterPort``."""
        self.line.close()


@dataclass(slots=True)
class UsbPort:
    """USB printer class: one bulk endpoint each way."""

    opened: Any
    device: Any
    out_endpoint: int
    in_endpoint: int

    def write(self, data: bytes, timeout_s: float) -> None:
        """See ``PrinterPort``."""
        sent = 0
        while sent < len(data):
            try:
                sent += self.device.write(self.out_endpoint, data[sent:], _milliseconds(timeout_s))
            except usb.core.USBTimeoutError as error:
                raise PortStalled("the printer takes no more bytes", sent) from error
            except usb.core.USBError as error:
                raise PortLost(f"USB printer: {error}") from error

    def read(self, count: int, timeout_s: float) -> bytes:
        """See ``PrinterPort``. A bulk packet is read whole (64 bytes at least)."""
        try:
            data = self.device.read(self.in_endpoint, max(count, 64), _milliseconds(timeout_s))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise PortLost(f"USB printer: {error}") from error
        return bytes(data)

    def close(self) -> None:
        """See ``PrinterPort``."""
        self.opened.close()


def network(host: str, port: int = 9100) -> Connect:
    """A printer on the network. ``port`` 1 to 65535.

    Connected here and not by python-escpos, which leaves its socket open when nobody answers.
    """
    if not (host and len(host) <= 253 and 1 <= port <= 65_535):
        raise ValueError(f"no such address: {host[:40]!r}:{port}")

    def connect() -> PrinterPort:
        try:
            sock = socket.create_connection((host, port), OPEN_TIMEOUT_S)
        except OSError as error:
            raise PortUnavailable(f"network printer: {error}") from error
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        return NetworkPort(sock)

    return connect


def serial_line(device: str, profile: Profile, baud: int | None = None) -> Connect:
    """A serial or Bluetooth serial printer at ``device``; the speed is the profile's by default."""

    def connect() -> PrinterPort:
        opened = printer.Serial(device, baudrate=baud or profile.baud, timeout=OPEN_TIMEOUT_S, dsrdtr=False)
        line = _opened(opened)
        opened.device = False  # the line is ours now: its finaliser must not close it
        return SerialPort(line)

    return connect


def usb_device(vendor: int, product: int, profile: Profile) -> Connect:
    """A USB printer by vendor and product id (16 bit each)."""
    if not (0 < vendor < 0x10000 and 0 < product < 0x10000):
        raise ValueError("USB ids have 16 bits")

    def connect() -> PrinterPort:
        opened = _QuietUsb(vendor, product, in_ep=profile.usb_in, out_ep=profile.usb_out)
        return UsbPort(opened, _opened(opened), profile.usb_out, profile.usb_in)

    return connect


class _QuietUsb(printer.Usb):  # type: ignore[misc]
    """python-escpos resets the device when it opens it: a printer would lose what it is printing."""

    def _configure_usb(self) -> None:
        """Choose the first configuration only where none is active."""
        try:
            self.device.get_active_configuration()
        except usb.core.USBError:
            self.device.set_configuration()


def _opened(device: Any) -> Any:
    """Open through python-escpos; its several ways of saying no become one."""
    try:
        device.open()
    except (exceptions.Error, OSError, RuntimeError, usb.core.NoBackendError) as error:
        raise PortUnavailable(str(error).splitlines()[0][:200]) from error
    return device.device


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
