"""Why: the protected channel of ICAO 9303-11 §9.8, for the reader's end and (mirrored) for the virtual card's."""

from dataclasses import dataclass
from typing import Final

from hardware.card import tlv
from hardware.card.apdu import EXTENDED_LE, SHORT_LE, SM_INCORRECT, SM_MISSING, Command, Response
from hardware.card.errors import MalformedCard, SecureMessagingError
from hardware.card.symmetric import (
    MAC_BYTES,
    SessionKeys,
    Suite,
    cbc_decrypt,
    cbc_encrypt,
    mac_padded,
    pad,
    same,
    unpad,
    zero_iv,
)

DO_CRYPTOGRAM: Final = 0x87
DO_CRYPTOGRAM_ODD: Final = 0x85
DO_LE: Final = 0x97
DO_STATUS: Final = 0x99
DO_MAC: Final = 0x8E
PADDING_INDICATOR: Final = b"\x01"
MAX_SHORT_DATA: Final = 200


@dataclass(slots=True)
class SecureMessaging:
    """Session keys and the send sequence counter; one of them on each end."""

    keys: SessionKeys
    counter: int = 0
    broken: bool = False

    @property
    def suite(self) -> Suite:
        """The session's cipher."""
        return self.keys.suite

    def wipe(self) -> None:
        """Overwrite the keys; the session is over."""
        self.broken = True
        self.keys.wipe()

    def _advance(self) -> bytes:
        self.counter = (self.counter + 1) % (1 << 8 * self.suite.block)
        return self.counter.to_bytes(self.suite.block)

    def _iv(self, counter: bytes) -> bytes:
        if self.suite is Suite.DES3:
            return zero_iv(self.suite)
        return cbc_encrypt(self.suite, bytes(self.keys.enc), zero_iv(self.suite), counter)

    def encipher(self, counter: bytes, data: bytes) -> bytes:
        """Padded CBC under the session's vector."""
        return cbc_encrypt(self.suite, bytes(self.keys.enc), self._iv(counter), pad(data, self.suite.block))

    def decipher(self, counter: bytes, data: bytes) -> bytes:
        """Undo `encipher`."""
        return unpad(cbc_decrypt(self.suite, bytes(self.keys.enc), self._iv(counter), data))

    def mac(self, counter: bytes, data: bytes) -> bytes:
        """MAC over counter and data, padded once together."""
        return mac_padded(self.suite, bytes(self.keys.mac), pad(counter + data, self.suite.block))

    def advance(self) -> bytes:
        """Step the counter (before each command and each answer) and give its bytes."""
        return self._advance()

    def wrap(self, command: Command) -> Command:
        """The protected form of a command."""
        if self.broken:
            raise SecureMessagingError("the protected session is over")
        counter = self._advance()
        cla = command.cla | 0x0C
        header = pad(bytes((cla, command.ins, command.p1, command.p2)), self.suite.block)
        body = self._cryptogram(command, counter) + _expected(command.le)
        mac = self.mac(counter, header + body) if body else self.mac(counter, header[:4])
        data = body + tlv.encode(DO_MAC, mac)
        return Command(command.ins, command.p1, command.p2, data, _outer_le(command), cla)

    def _cryptogram(self, command: Command, counter: bytes) -> bytes:
        if not command.data:
            return b""
        sealed = self.encipher(counter, command.data)
        if command.ins & 1:
            return tlv.encode(DO_CRYPTOGRAM_ODD, sealed)
        return tlv.encode(DO_CRYPTOGRAM, PADDING_INDICATOR, sealed)

    def unwrap(self, answer: Response) -> Response:
        """The plain form of a protected answer; SecureMessagingError on anything that does not verify."""
        try:
            return self._unwrap(answer)
        except MalformedCard as error:
            self.broken = True
            raise SecureMessagingError("a protected answer is malformed") from error
        except SecureMessagingError:
            self.broken = True
            raise

    def _unwrap(self, answer: Response) -> Response:
        counter = self._advance()
        objects = tuple(tlv.walk(answer.data, der=False))
        tags = tuple(item.tag for item in objects)
        if not objects:
            raise SecureMessagingError(_bare(answer.sw), answer.sw)
        if tags not in _SHAPES:
            raise SecureMessagingError("a protected answer has other parts than the standard's")
        covered = b"".join(item.raw for item in objects[:-1])
        mac = objects[-1].value
        if len(mac) != MAC_BYTES or not same(mac, self.mac(counter, covered)):
            raise SecureMessagingError("a protected answer's MAC is wrong")
        return Response(self._plain(objects[0], counter), _status(objects[-2], answer.sw))

    def _plain(self, item: tlv.Tlv, counter: bytes) -> bytes:
        if item.tag == DO_CRYPTOGRAM:
            if not item.value.startswith(PADDING_INDICATOR):
                raise SecureMessagingError("a cryptogram with another padding")
            return self.decipher(counter, item.value[1:])
        if item.tag == DO_CRYPTOGRAM_ODD:
            return self.decipher(counter, item.value)
        return b""


_SHAPES: Final = (
    (DO_CRYPTOGRAM, DO_STATUS, DO_MAC),
    (DO_CRYPTOGRAM_ODD, DO_STATUS, DO_MAC),
    (DO_STATUS, DO_MAC),
)


def _status(item: tlv.Tlv, outer: int) -> int:
    if len(item.value) != 2:
        raise SecureMessagingError("a protected status word is not two bytes")
    inner = int.from_bytes(item.value)
    if inner != outer:
        raise SecureMessagingError("the protected status word differs from the open one")
    return inner


def _bare(sw: int) -> str:
    if sw in (SM_MISSING, SM_INCORRECT):
        return f"the card ended the protected session ({sw:04X})"
    return f"an unprotected answer in a protected session ({sw:04X})"


def _expected(le: int | None) -> bytes:
    if le is None:
        return b""
    if le <= SHORT_LE:
        return tlv.encode(DO_LE, bytes((le & 0xFF,)))
    return tlv.encode(DO_LE, (le & 0xFFFF).to_bytes(2))


def _outer_le(command: Command) -> int:
    """Le of the protected command: everything, in the form the plain one needs."""
    wide = command.extended or len(command.data) > MAX_SHORT_DATA
    return EXTENDED_LE if wide else SHORT_LE
