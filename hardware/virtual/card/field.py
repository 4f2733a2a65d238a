"""Why: laying a card on the virtual reader and taking it away, from tests, demo and control desk alike."""

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Final, Self

from hardware.virtual.card.vpcd import Card, connect, serve

DEFAULT_PORT: Final = 35963
AGAIN_S: Final = 0.1
NOTICE_S: Final = 0.6
"""pcscd looks at the reader every 0.4 s: a card laid sooner after another one went would never be powered."""

_left: dict[tuple[str, int], float] = {}
"""When the last card left each reader: pcscd remembers it across `Field` objects, so they must too.

Asking pcscd does not help. A session closed on a card that just went makes it publish an empty reader at once,
while its polling thread still believes in the old card and takes a new one for it.
"""


class _Lying:
    """One card while it lies there, in a thread of its own.

    vpcd drops a card that comes before it has noticed that the last one went: a card that still lies there
    connects again, as a real one keeps lying there while the reader makes up its mind.
    """

    def __init__(self, address: tuple[str, int], card: Card) -> None:
        self._address = address
        self._card = card
        self._taken = threading.Event()
        self.left_at = 0.0
        self._link = connect(*address)
        self._thread = threading.Thread(target=self._run, name="virtual-card", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while serve(self._link, self._card) and not self._taken.wait(AGAIN_S):
            try:
                self._link = connect(*self._address)
            except OSError:
                break
        self.left_at = time.monotonic()

    def take(self) -> None:
        self._taken.set()
        while self._thread.is_alive():
            with contextlib.suppress(OSError):
                self._link.shutdown(socket.SHUT_RDWR)
            self._thread.join(AGAIN_S)


class Field:
    """The field of one virtual reader: empty, or with one card in it."""

    def __init__(self, port: int = DEFAULT_PORT, host: str = "127.0.0.1") -> None:
        self._address = (host, port)
        self._lying: _Lying | None = None

    def lay(self, card: Card) -> None:
        """Put a card on the reader; one that lies there is taken away first. Raises OSError without a vpcd."""
        self.take()
        time.sleep(max(0.0, _left.get(self._address, -NOTICE_S) + NOTICE_S - time.monotonic()))
        card.power()
        self._lying = _Lying(self._address, card)

    def take(self) -> None:
        """Take the card away; nothing happens if there is none."""
        if self._lying is not None:
            self._lying.take()
            _left[self._address] = self._lying.left_at
        self._lying = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.take()
