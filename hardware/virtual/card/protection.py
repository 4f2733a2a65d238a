"""Why: the card's end of secure messaging: the mirror of what the reader wraps and unwraps (ICAO 9303-11 §9.8)."""

from typing import Final

from hardware.card import tlv
from hardware.card.apdu import Command, Response
from hardware.card.errors import SecureMessagingError
from hardware.card.secure_messaging import DO_CRYPTOGRAM, DO_CRYPTOGRAM_ODD, DO_LE, DO_MAC, DO_STATUS, SecureMessaging
from hardware.card.symmetric import pad, same

_EXTENDED: Final = 65_536


def parse_command(apdu: bytes) -> Command | None:
    """A command APDU in short or extended form (ISO/IEC 7816-4 §5.2); None if the lengths do not fit."""
    if len(apdu) < 4:
        return None
    cla, ins, p1, p2 = apdu[:4]
    body = apdu[4:]
    if not body:
        return Command(ins, p1, p2, cla=cla)
    if len(body) == 1:
        return Command(ins, p1, p2, le=body[0] or 256, cla=cla)
    if body[0]:
        return _short(ins, p1, p2, cla, body)
    return _long(ins, p1, p2, cla, body)


def _short(ins: int, p1: int, p2: int, cla: int, body: bytes) -> Command | None:
    data, rest = body[1 : 1 + body[0]], body[1 + body[0] :]
    if len(data) != body[0] or len(rest) > 1:
        return None
    return Command(ins, p1, p2, data, (rest[0] or 256) if rest else None, cla)


def _long(ins: int, p1: int, p2: int, cla: int, body: bytes) -> Command | None:
    if len(body) == 3:
        return Command(ins, p1, p2, le=int.from_bytes(body[1:]) or _EXTENDED, cla=cla, wide=True)
    count = int.from_bytes(body[1:3])
    data, rest = body[3 : 3 + count], body[3 + count :]
    if len(data) != count or len(rest) not in (0, 2) or not count:
        return None
    le = (int.from_bytes(rest) or _EXTENDED) if rest else None
    return Command(ins, p1, p2, data, le, cla, wide=True)


def unwrap_command(session: SecureMessaging, command: Command) -> Command:
    """The plain command; SecureMessagingError if it does not verify."""
    counter = session.advance()
    objects = tuple(tlv.walk(command.data, der=False))
    if not objects or objects[-1].tag != DO_MAC:
        raise SecureMessagingError("a command without MAC")
    covered = b"".join(item.raw for item in objects[:-1])
    head = bytes((command.cla, command.ins, command.p1, command.p2))
    message = pad(head, session.suite.block) + covered if covered else head
    if not same(objects[-1].value, session.mac(counter, message)):
        raise SecureMessagingError("a command's MAC is wrong")
    data, le = b"", None
    for item in objects[:-1]:
        match item.tag:
            case x if x == DO_CRYPTOGRAM:
                data = session.decipher(counter, item.value[1:])
            case x if x == DO_CRYPTOGRAM_ODD:
                data = session.decipher(counter, item.value)
            case x if x == DO_LE:
                le = int.from_bytes(item.value) or (256 if len(item.value) == 1 else _EXTENDED)
            case _:
                raise SecureMessagingError("a command with an unknown part")
    return Command(command.ins, command.p1, command.p2, data, le, command.cla & ~0x0C, command.wide)


def wrap_response(session: SecureMessaging, response: Response, *, odd: bool) -> bytes:
    """The protected answer data; the status word goes along in the clear too."""
    counter = session.advance()
    body = b""
    if response.data:
        sealed = session.encipher(counter, response.data)
        body = tlv.encode(DO_CRYPTOGRAM_ODD, sealed) if odd else tlv.encode(DO_CRYPTOGRAM, b"\x01", sealed)
    body += tlv.encode(DO_STATUS, response.sw.to_bytes(2))
    return body + tlv.encode(DO_MAC, session.mac(counter, body))
