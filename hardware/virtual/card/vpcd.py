"""Why: the wire between our card program and vpcd, the virtual reader below pcscd.

vpcd listens on TCP; each message is a two-byte length and that many bytes. One-byte messages are controls (0 power off,
1 power on, 2 reset, 4 give the ATR), longer ones command APDUs. Small messages without delay matter here: with the
kernel's defaults every APDU waits 44 ms.
"""

import contextlib
import socket
import struct
from collections.abc import Iterator
from typing import Final, Protocol

POWER_OFF: Final = 0
POWER_ON: Final = 1
RESET: Final = 2
GIVE_ATR: Final = 4
CONNECT_TIMEOUT_S: Final = 5.0


class Card(Protocol):
    """What vpcd needs of a card."""

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        ...

    def power(self) -> None:
        """Power on or reset."""
        ...

    def process(self, apdu: bytes) -> bytes:
        """One command APDU."""
        ...


class TakenAway(Exception):
    """Raised by a card program to say that it leaves the field in the middle of things."""


def _receive(link: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = link.recv(count - len(parts))
        if not part:
            raise TakenAway
        parts += part
    return bytes(parts)


def _quick(link: socket.socket) -> None:
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _answer(card: Card, message: bytes) -> bytes | None:
    if len(message) > 1:
        return card.process(message)
    match message[0]:
        case x if x in (POWER_ON, RESET, POWER_OFF):
            card.power()
            return None
        case x if x == GIVE_ATR:
            return card.atr
        case _:
            return None


def serve(link: socket.socket, card: Card) -> None:
    """Answer until either side hangs up; the socket is closed then, which is the card being taken away."""
    with link, contextlib.suppress(ConnectionError, TakenAway, OSError):
        while True:
            _quick(link)
            (length,) = struct.unpack(">H", _receive(link, 2))
            message = _receive(link, length)
            reply = _answer(card, message) if message else None
            if reply is not None:
                link.sendall(struct.pack(">H", len(reply)) + reply)


@contextlib.contextmanager
def connected(host: str, port: int) -> Iterator[socket.socket]:
    """A connection to vpcd, which is a card in its field; leaving the block takes the card away."""
    link = socket.create_connection((host, port), CONNECT_TIMEOUT_S)
    link.settimeout(None)
    try:
        _quick(link)
        yield link
    finally:
        with contextlib.suppress(OSError):
            link.shutdown(socket.SHUT_RDWR)
        link.close()
