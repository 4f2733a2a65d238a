"""Talking with a printer over an open port: questions, answers, and telling the two kinds apart.

Status bytes and process ids come back on one wire, late and mixed. The digits of a process id can
look like status bytes, so frames are cut out first; and an id that arrives while a status is being
asked for is kept, because it is the only proof that paper left the printer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from hardware.printer.escpos import PROCESS_ID_HEADER, PROCESS_ID_LENGTH, status_query
from hardware.printer.ports import PrinterPort
from hardware.printer.state import PrinterState, StatusBytes, is_status_byte

_FRAME = re.compile(re.escape(PROCESS_ID_HEADER) + rb"([\x20-\x7e]{4})\x00")
_MOST_HEARD = 4096
"""Bytes of chatter in one exchange before we stop listening."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Time limits in seconds: one status answer, one stalled write, the end of a print."""

    status_s: float = 0.4
    write_s: float = 4.0
    finish_s: float = 8.0


@dataclass(slots=True)
class Dialogue:
    """One open port and what was heard on it."""

    port: PrinterPort
    patience: Patience
    now: Callable[[], float]
    finished: set[bytes] = field(default_factory=set)
    """Process ids that the printer has reported as printed."""
    talks: bool = False
    """Whether the last round of questions got any answer: the silent are not asked between."""
    _heard: bytes = b""

    def send(self, data: bytes) -> None:
        """Write all. Raises PortLost or PortStalled."""
        self.port.write(data, self.patience.write_s)

    def status(self) -> StatusBytes:
        """DLE EOT 1 to 4, one after the other; the first silence ends the questions."""
        self._forget()
        replies: list[int | None] = [None] * 4
        for number in range(1, 5):
            self.send(status_query(number))
            replies[number - 1] = self._status_byte()
            if replies[number - 1] is None:
                break
        self.talks = replies[0] is not None
        return StatusBytes.of(replies)

    def in_trouble(self) -> bool:
        """One quick question (DLE EOT 1: on line?). Only a clear no counts; silence is no news."""
        self._forget()
        self.send(status_query(1))
        reply = self._status_byte()
        self.talks = reply is not None
        return StatusBytes(printer=reply).state is PrinterState.OFFLINE

    def wait_printed(self, ident: bytes) -> bool:
        """Whether the printer reports ``ident`` in time. Gives up early when it says it is stuck."""
        deadline = self.now() + self.patience.finish_s
        while ident not in self.finished and (left := deadline - self.now()) > 0:
            if not self._listen(min(left, self.patience.status_s)) and self._stuck():
                break
        return ident in self.finished

    def _stuck(self) -> bool:
        return not self.status().state.can_print

    def _status_byte(self) -> int | None:
        deadline = self.now() + self.patience.status_s
        while (byte := self._next_status()) is None:
            left = deadline - self.now()
            if left <= 0 or not self._listen(left):
                return None
        return byte

    def _next_status(self) -> int | None:
        """Take the first status byte out of what was heard, unless a frame may still be arriving."""
        for index, byte in enumerate(self._heard):
            if byte == PROCESS_ID_HEADER[0] and _may_grow(self._heard[index:]):
                return None
            if is_status_byte(byte):
                self._heard = self._heard[index + 1 :]
                return byte
        return None

    def _listen(self, seconds: float) -> bool:
        """Read once; cut finished process ids out. False when nothing came."""
        got = self.port.read(64, seconds)
        self._heard = (self._heard + got)[-_MOST_HEARD:]
        for frame in _FRAME.finditer(self._heard):
            self.finished.add(frame[1])
        self._heard = _FRAME.sub(b"", self._heard)
        return bool(got)

    def _forget(self) -> None:
        """Late answers to earlier questions are no answer to the next one."""
        for _ in range(_MOST_HEARD):
            if not self._listen(0.0):
                break
        keep = max(self._heard.rfind(PROCESS_ID_HEADER), -1)
        self._heard = self._heard[keep:] if keep >= 0 and _may_grow(self._heard[keep:]) else b""


def _may_grow(tail: bytes) -> bool:
    """Whether ``tail`` is the beginning of a process id whose rest has not come yet."""
    if len(tail) >= PROCESS_ID_LENGTH:
        return False
    return tail[:2] == PROCESS_ID_HEADER[: len(tail)]
