"""Why: the only module that talks to PC/SC. It turns its error codes into our tree and owns the reader exclusively."""

import contextlib
import logging
import time
from collections.abc import Iterator
from typing import Any, Final, NoReturn, Self

from smartcard import scard

from hardware.card.errors import CardRemoved, NoCard, NoReader, ReaderBusy, ReaderFault, UnsupportedCard

log = logging.getLogger(__name__)

MAX_APDU: Final = 65_544
POLL_MS: Final = 500

_REMOVED: Final = frozenset(
    {
        scard.SCARD_W_REMOVED_CARD,
        scard.SCARD_W_RESET_CARD,
        scard.SCARD_E_NO_SMARTCARD,
        scard.SCARD_W_UNPOWERED_CARD,
        scard.SCARD_W_UNRESPONSIVE_CARD,
        scard.SCARD_E_READER_UNAVAILABLE,
        scard.SCARD_E_INVALID_HANDLE,
    }
)
_NO_SERVICE: Final = frozenset(
    {scard.SCARD_E_NO_SERVICE, scard.SCARD_E_SERVICE_STOPPED, scard.SCARD_E_NO_READERS_AVAILABLE}
)


def _fail(code: int) -> NoReturn:
    message = str(scard.SCardGetErrorMessage(code)).strip().rstrip(".")
    if code in _REMOVED:
        raise CardRemoved(message)
    if code == scard.SCARD_E_SHARING_VIOLATION:
        raise ReaderBusy(message)
    if code in _NO_SERVICE or code == scard.SCARD_E_UNKNOWN_READER:
        raise NoReader(message)
    raise ReaderFault(message)


def _check(code: int) -> None:
    if code != scard.SCARD_S_SUCCESS:
        _fail(code)


@contextlib.contextmanager
def _context() -> Iterator[Any]:
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    _check(code)
    try:
        yield context
    finally:
        scard.SCardReleaseContext(context)


def list_readers() -> tuple[str, ...]:
    """Names of the readers PC/SC knows, in its order; empty without readers. Raises NoReader without a service."""
    with _context() as context:
        code, names = scard.SCardListReaders(context, [])
        if code == scard.SCARD_E_NO_READERS_AVAILABLE:
            return ()
        _check(code)
        return tuple(names)


def find_reader(wanted: str) -> str:
    """The reader of that name, or the only one whose name contains it. Raises NoReader."""
    names = list_readers()
    if wanted in names:
        return wanted
    matching = [name for name in names if wanted.casefold() in name.casefold()]
    if not matching:
        raise NoReader(f"no reader named {wanted!r}")
    return matching[0]


def without_le(apdu: bytes) -> bytes:
    """The T=0 form of a short command with data (ISO/IEC 7816-3 §12.2.5): Le stays away, the card answers 61xx."""
    case_4 = len(apdu) > 6 and apdu[4] and len(apdu) == 6 + apdu[4]
    return apdu[:-1] if case_4 else apdu


class PcscLink:
    """A card in a PC/SC reader, held exclusively from construction until `close`."""

    def __init__(self, reader_name: str) -> None:
        """Raises NoReader, ReaderBusy, NoCard, ReaderFault."""
        self._reader_name = reader_name
        code, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        _check(code)
        self._card: Any = None
        self._protocol = 0
        try:
            self._connect()
            self._atr = self._read_atr()
        except BaseException:
            self.close()
            raise

    def _connect(self) -> None:
        code, card, protocol = scard.SCardConnect(
            self._context,
            self._reader_name,
            scard.SCARD_SHARE_EXCLUSIVE,
            scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
        )
        if code in (scard.SCARD_E_NO_SMARTCARD, scard.SCARD_W_REMOVED_CARD):
            raise NoCard("no card lies on the reader")
        if code in (scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_E_PROTO_MISMATCH):
            raise UnsupportedCard("the card does not answer to reset")
        _check(code)
        self._card, self._protocol = card, protocol

    def _read_atr(self) -> bytes:
        code, _, _, _, atr = scard.SCardStatus(self._card)
        _check(code)
        return bytes(atr)

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._atr

    @property
    def reader_name(self) -> str:
        """The reader's PC/SC name."""
        return self._reader_name

    def transmit(self, apdu: bytes) -> bytes:
        """One command; the answer with its status word. Raises CardRemoved, ReaderFault."""
        if len(apdu) > MAX_APDU:
            raise ReaderFault("a command longer than any reader takes")
        if self._card is None:
            raise CardRemoved("the card was let go")
        pci = scard.SCARD_PCI_T1 if self._protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0
        code, answer = scard.SCardTransmit(
            self._card, pci, list(apdu if pci == scard.SCARD_PCI_T1 else without_le(apdu))
        )
        _check(code)
        return bytes(byte & 0xFF for byte in answer)

    def reset(self) -> None:
        """Warm reset. Raises CardRemoved, ReaderFault."""
        if self._card is None:
            raise CardRemoved("the card was let go")
        code, self._protocol = scard.SCardReconnect(
            self._card,
            scard.SCARD_SHARE_EXCLUSIVE,
            scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
            scard.SCARD_RESET_CARD,
        )
        _check(code)

    def present(self) -> bool:
        """Whether this very card still lies there."""
        if self._card is None:
            return False
        code = scard.SCardStatus(self._card)[0]
        return bool(code == scard.SCARD_S_SUCCESS)

    def close(self) -> None:
        """Let go of card and service; safe to call twice."""
        if self._card is not None:
            scard.SCardDisconnect(self._card, scard.SCARD_RESET_CARD)
            self._card = None
        if self._context is not None:
            scard.SCardReleaseContext(self._context)
            self._context = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def card_present(reader_name: str) -> bool:
    """Whether a card lies on the reader now. Raises NoReader, ReaderFault."""
    with _context() as context:
        return _state(context, reader_name, 0, scard.SCARD_STATE_UNAWARE)[0]


def _state(context: Any, reader_name: str, timeout_ms: int, known: int) -> tuple[bool, int]:
    code, states = scard.SCardGetStatusChange(context, timeout_ms, [(reader_name, known)])
    if code in (scard.SCARD_E_TIMEOUT, scard.SCARD_E_CANCELLED):
        return bool(known & scard.SCARD_STATE_PRESENT), known
    _check(code)
    event = int(states[0][1])
    if event & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
        raise NoReader("the reader is gone")
    return bool(event & scard.SCARD_STATE_PRESENT), event


def _told(before: int, event: int, *, present: bool) -> bool | None:
    """What an event means: coming, going, or (by PC/SC's counter) another card where one lay."""
    was_present = bool(before & scard.SCARD_STATE_PRESENT)
    if before == scard.SCARD_STATE_UNAWARE or present != was_present:
        return present
    again = present and (event >> 16) != (before >> 16)
    return True if again else None


class CardWatch:
    """Tells, from one thread, when a card is laid on a reader or taken away.

    Keeps the last state between calls, so that a quick take-and-lay is not lost: PC/SC counts the events.
    """

    def __init__(self, reader_name: str) -> None:
        """Raises NoReader, ReaderFault."""
        self._reader_name = reader_name
        code, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        _check(code)
        self._known = int(scard.SCARD_STATE_UNAWARE)

    def wait_for_change(self, timeout_s: float) -> bool | None:
        """Block until the card comes or goes: True laid, False taken, None nothing within `timeout_s` seconds.

        The first call answers at once with what lies there. Raises NoReader, ReaderFault.
        """
        end = time.monotonic() + timeout_s
        while True:
            before = self._known
            left = max(0, int((end - time.monotonic()) * 1000))
            present, event = _state(self._context, self._reader_name, left, before)
            if event == before:
                return None
            self._known = event & ~int(scard.SCARD_STATE_CHANGED)
            told = _told(before, event, present=present)
            if told is not None:
                return told

    def cancel(self) -> None:
        """Wake a `wait_for_change` that blocks in another thread."""
        scard.SCardCancel(self._context)

    def close(self) -> None:
        """Let go of the service."""
        scard.SCardReleaseContext(self._context)


def wait_for_change(reader_name: str, timeout_s: float) -> bool | None:
    """One change on a reader from now on: True laid, False taken, None nothing within `timeout_s` seconds."""
    watch = CardWatch(reader_name)
    try:
        watch.wait_for_change(0)
        return watch.wait_for_change(timeout_s)
    finally:
        watch.close()
