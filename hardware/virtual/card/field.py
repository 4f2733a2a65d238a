"""Why: laying a card on the virtual reader and taking it away, from tests, demo and control desk alike."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Final, Self

from hardware.virtual.card.vpcd import CONNECT_TIMEOUT_S, Card, serve

DEFAULT_PORT: Final = 35963
JOIN_S: Final = 5.0


class Field:
    """The field of one virtual reader: empty, or with one card in it."""

    def __init__(self, port: int = DEFAULT_PORT, host: str = "127.0.0.1") -> None:
        self._address = (host, port)
        self._link: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def lay(self, card: Card) -> None:
        """Put a card on the reader; one that lies there is taken away first. Raises OSError without a vpcd."""
        self.take()
        link = socket.create_connection(self._address, CONNECT_TIMEOUT_S)
        link.settimeout(None)
        card.power()
        self._link = link
        self._thread = threading.Thread(target=serve, args=(link, card), name="virtual-card", daemon=True)
        self._thread.start()

    def take(self) -> None:
        """Take the card away; nothing happens if there is none."""
        if self._link is not None:
            with contextlib.suppress(OSError):
                self._link.shutdown(socket.SHUT_RDWR)
            self._link.close()
        if self._thread is not None:
            self._thread.join(JOIN_S)
        self._link = self._thread = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.take()
