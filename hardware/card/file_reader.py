"""Why: cards and readers differ in how much they hand over at once; this finds the largest read that works, once per
kind of card, and goes on where it stopped when the card slips.
"""

import logging
from collections.abc import Callable
from typing import Final

from hardware.card import tlv
from hardware.card.apdu import (
    END_OF_FILE,
    FILE_NOT_FOUND,
    OK,
    READ_BINARY,
    READ_BINARY_ODD,
    SECURITY_STATUS,
    SELECT,
    Command,
    Response,
)
from hardware.card.channel import Channel
from hardware.card.errors import CardRefused, MalformedCard, ReaderFault, SecureMessagingError
from hardware.card.files import FileId

log = logging.getLogger(__name__)

STEPS: Final = (2048, 1024, 256, 223, 160)
"""Bytes asked for at once. 223 is what fits a short answer under AES protection."""

SHORT_STEP: Final = 223
MAX_RENEWALS: Final = 8
MAX_TAMPERED: Final = 1
MAX_REMEMBERED: Final = 64
ODD_FROM: Final = 0x8000
ODD_OVERHEAD: Final = 4
MISSING: Final = frozenset({FILE_NOT_FOUND, SECURITY_STATUS, 0x6A83, 0x6A88, 0x6985, 0x6A80})
NO_SFI: Final = frozenset({0x6981, 0x6986, 0x6A86, 0x6A81, 0x6D00, 0x6B00})

_remembered: dict[bytes, int] = {}


def forget_sizes() -> None:
    """Forget what was learnt about cards; for tests and after a change of reader."""
    _remembered.clear()


def allows_extended(atr: bytes) -> bool:
    """Whether the card's capabilities (ISO/IEC 7816-4 §12.1.1.9) do not rule extended length out."""
    history = _historical(atr)
    at = history.find(b"\x73") if history[:1] in (b"\x80", b"\x00") else -1
    return at < 0 or at + 3 >= len(history) or bool(history[at + 3] & 0x40)


def _historical(atr: bytes) -> bytes:
    """The historical bytes of an answer to reset (ISO/IEC 7816-3 §8.2)."""
    if len(atr) < 2:
        return b""
    count, at, follows = atr[1] & 0x0F, 2, atr[1] >> 4
    while follows:
        at += follows.bit_count()
        follows = atr[at - 1] >> 4 if follows & 8 and at <= len(atr) else 0
    return atr[at : at + count]


class FileReader:
    """Reads elementary files of the selected application over one channel.

    `renew` opens the chip anew after a session broke and selects the application again.
    """

    def __init__(self, channel: Channel, renew: Callable[[], None]) -> None:
        self._channel = channel
        self._renew = renew
        self._atr = channel.link.atr
        default = STEPS[0] if allows_extended(self._atr) else SHORT_STEP
        self._step = _remembered.get(self._atr, default)
        self.renewals = 0
        self.stepped_down = False
        self._tampered = 0

    @property
    def extended(self) -> bool:
        """Whether this card still counts as able to take extended length."""
        return self._step > SHORT_STEP

    def read(self, file: FileId, progress: Callable[[int, int], None]) -> bytes | None:
        """A whole file; None if the card says it is not there or not for us.

        `progress` gets bytes done and bytes in all. Raises MalformedCard, SecureMessagingError, CardRefused,
        CardRemoved, ReaderFault.
        """
        data = bytearray()
        total = 0
        by_sfi = True
        while not data or len(data) < total:
            try:
                part = self._part(file, len(data), total, by_sfi)
            except (SecureMessagingError, ReaderFault, CardRefused) as error:
                self._recover(error)
                by_sfi = False
                continue
            if part is None:
                return None
            data += part
            total = total or _whole(file, data)
            progress(min(len(data), total), total)
        return bytes(data[:total])

    def _part(self, file: FileId, offset: int, total: int, by_sfi: bool) -> bytes | None:
        if offset == 0:
            return self._first(file, by_sfi)
        if not by_sfi:
            self._select(file)
        return self._at(offset, min(self._step, total - offset))

    def _command(self, p1: int, p2: int, size: int) -> Command:
        return Command(READ_BINARY, p1, p2, le=size, wide=size > SHORT_STEP)

    def _first(self, file: FileId, by_sfi: bool) -> bytes | None:
        if by_sfi:
            response = self._channel.send(self._command(0x80 | file.sfi, 0, self._step))
            if response.sw in (OK, END_OF_FILE):
                return _some(response)
            if response.sw in MISSING:
                return None
            if response.sw not in NO_SFI:
                return self._header_first(file)
        return self._selected_first(file)

    def _selected_first(self, file: FileId) -> bytes | None:
        if not self._select(file):
            return None
        response = self._channel.send(self._command(0, 0, self._step))
        if response.sw in (OK, END_OF_FILE):
            return _some(response)
        return None if response.sw in MISSING else self._header_first(file)

    def _header_first(self, file: FileId) -> bytes | None:
        """For cards that refuse to be asked for more than a file holds."""
        if not self._select(file):
            return None
        response = self._channel.send(self._command(0, 0, 4))
        if response.sw in MISSING:
            return None
        if response.sw not in (OK, END_OF_FILE):
            raise CardRefused(READ_BINARY, response.sw)
        return _some(response)

    def _select(self, file: FileId) -> bool:
        response = self._channel.send(Command(SELECT, 0x02, 0x0C, file.fid.to_bytes(2)))
        if response.sw in MISSING:
            return False
        if not response.ok:
            raise CardRefused(SELECT, response.sw)
        return True

    def _at(self, offset: int, size: int) -> bytes:
        if offset >= ODD_FROM:
            return self._at_odd(offset, size)
        response = self._channel.send(self._command(offset >> 8, offset & 0xFF, size))
        if response.sw not in (OK, END_OF_FILE):
            raise CardRefused(READ_BINARY, response.sw)
        return _some(response)[:size]

    def _at_odd(self, offset: int, size: int) -> bytes:
        """Beyond 32 KB the offset travels in the data field (ISO/IEC 7816-4 §11.3.3)."""
        where = tlv.encode(0x54, offset.to_bytes(3))
        wanted = min(size + ODD_OVERHEAD, self._step)
        response = self._channel.send(Command(READ_BINARY_ODD, 0, 0, where, wanted, wide=wanted > SHORT_STEP))
        if response.sw not in (OK, END_OF_FILE):
            raise CardRefused(READ_BINARY_ODD, response.sw)
        value = tlv.parse(response.data, 0x53, der=False).value
        if not value:
            raise MalformedCard("a file ends before its own length")
        return value[:size]

    def _recover(self, error: SecureMessagingError | ReaderFault | CardRefused) -> None:
        """Make the reads smaller unless the answer was tampered with, and open the chip anew."""
        tampered = isinstance(error, SecureMessagingError) and error.sw is None
        self._tampered += tampered
        self.renewals += 1
        if self.renewals > MAX_RENEWALS or self._tampered > MAX_TAMPERED:
            raise error
        if not tampered:
            self._step_down(error)
        log.info("opening the chip anew, reads of %d bytes", self._step)
        self._renew()

    def _step_down(self, error: Exception) -> None:
        smaller = [step for step in STEPS if step < self._step]
        if not smaller:
            raise error
        self._step = smaller[0]
        self.stepped_down = True
        if len(_remembered) < MAX_REMEMBERED:
            _remembered[self._atr] = self._step


def _some(response: Response) -> bytes:
    if not response.data:
        raise MalformedCard("a file ends before its own length")
    return response.data


def _whole(file: FileId, data: bytearray) -> int:
    """The file's length by its own header, bounded before anything more is read."""
    tag, head, length = tlv.header(bytes(data[:8]))
    if tag != file.tag:
        raise MalformedCard(f"{file.name} starts with another tag")
    if head + length > file.max_bytes:
        raise MalformedCard(f"{file.name} claims to be larger than any")
    return head + length
