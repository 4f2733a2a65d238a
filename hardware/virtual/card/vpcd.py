"""Why: the wire between our card program and vpcd, the virtual reader below pcscd.

vpcd listens on TCP; each message is a two-byte length and that many bytes. One-byte messages are controls (0 power off,
1 power on, 2 reset, 4 give the ATR), longer ones command APDUs. Small messages without delay matter here: with the
kernel's defaults every APDU waits 44 ms.
"""

import contextlib
import socket
import struct
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


class _HungUp(Exception):
    """The other side closed the connection."""


def _receive(link: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = link.recv(count - len(parts))
        if not part:
            raise _HungUp
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


def serve(link: socket.socket, card: Card) -> bool:
    """Answer until the connection ends; it is closed then, which is the card being taken away.

    True if the other side hung up, False if the card left by itself.
    """
    with link, contextlib.suppress(OSError, _HungUp):
        while True:
            _quick(link)
            (length,) = struct.unpack(">H", _receive(link, 2))
            message = _receive(link, length)
            try:
                reply = _answer(card, message) if message else None
            except TakenAway:
                return False
            if reply is not None:
                link.sendall(struct.pack(">H", len(reply)) + reply)
    return True


def connect(host: str, port: int) -> socket.socket:
    """A connection to vpcd, which is a card in its field. Raises OSError."""
    link = socket.create_connection((host, port), CONNECT_TIMEOUT_S)
    link.settimeout(None)
    return link
