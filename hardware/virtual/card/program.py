"""Why: the card's side of ISO 7816-4 and ICAO 9303-11: one state machine from command bytes to answer bytes.

It keeps the standards' states strictly (nothing readable before access, a broken session is gone), so that a reader
that cheats fails here as it would in the field.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hardware.card import tlv
from hardware.card.access import APPLICATION
from hardware.card.apdu import (
    AUTH_BLOCKED,
    CLA_UNKNOWN,
    END_OF_FILE,
    EXTERNAL_AUTHENTICATE,
    FILE_NOT_FOUND,
    GENERAL_AUTHENTICATE,
    GET_CHALLENGE,
    GET_RESPONSE,
    INS_UNKNOWN,
    INTERNAL_AUTHENTICATE,
    MANAGE_SECURITY_ENVIRONMENT,
    OK,
    READ_BINARY,
    READ_BINARY_ODD,
    SECURITY_STATUS,
    SELECT,
    SM_INCORRECT,
    WRONG_LENGTH,
    WRONG_OFFSET,
    Command,
    Response,
)
from hardware.card.errors import CardError
from hardware.card.files import CARD_ACCESS, CARD_SECURITY, FILES
from hardware.card.secure_messaging import SecureMessaging
from hardware.virtual.card.authentication import ActiveSigner, BacChip, ChipAgreement, PaceChip
from hardware.virtual.card.lds import CardImage
from hardware.virtual.card.protection import parse_command, unwrap_command, wrap_response

WRONG_DATA: Final = 0x6A80
CONDITIONS: Final = 0x6985
WRONG_P1P2: Final = 0x6A86
REFUSED: Final = 0x6300

_BY_FID: Final = {item.fid: item.name for item in FILES.values()}
_BY_SFI: Final = {item.sfi: item.name for item in FILES.values()}
_MF_BY_FID: Final = {CARD_ACCESS.fid: CARD_ACCESS.name, CARD_SECURITY.fid: CARD_SECURITY.name}
_MF_BY_SFI: Final = {CARD_ACCESS.sfi: CARD_ACCESS.name, CARD_SECURITY.sfi: CARD_SECURITY.name}


def answer_to_reset(*, extended: bool) -> bytes:
    """A contactless card's ATR (PC/SC part 3): historical bytes with card capabilities, and the check byte."""
    history = bytes((0x80, 0x73, 0xC8, 0x21, 0x40 if extended else 0x00, 0x90, 0x00))
    body = bytes((0x80 | len(history), 0x80, 0x01)) + history
    check = 0
    for byte in body:
        check ^= byte
    return b"\x3b" + body + bytes((check,))


@dataclass(slots=True)
class _State:
    """What a card forgets when it loses power."""

    session: SecureMessaging | None = None
    application: bool = False
    opened: bool = False
    selected: str | None = None
    pace: PaceChip | None = None
    bac: BacChip | None = None
    agreement: ChipAgreement | None = None
    pending: bytes = b""
    switch_to: SecureMessaging | None = None


@dataclass(slots=True)
class CardProgram:
    """One chip. `process` takes a command APDU and gives the answer with its status word."""

    card: CardImage
    tries: int | None = field(init=False)
    _state: _State = field(init=False, default_factory=_State)

    def __post_init__(self) -> None:
        self.tries = self.card.profile.tries

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return answer_to_reset(extended=self.card.profile.extended)

    def power(self) -> None:
        """Power on or reset: everything but the retry counter is forgotten."""
        self._state = _State()

    def process(self, apdu: bytes) -> bytes:
        """One command."""
        command = parse_command(apdu)
        if command is None or (command.wide and not self.card.profile.extended):
            return self._plain_end(WRONG_LENGTH)
        if command.ins == GET_RESPONSE and command.cla == 0:
            return self._chunk(b"", OK, command.le or 0)
        if command.cla & 0x0C:
            return self._protected(command)
        if self._state.session is not None and command.ins != SELECT:
            # ISO 7816-4: an unprotected command ends the session.
            self._state.session = None
            self._state.opened = False
        response = self._plain(command)
        return self._chunk(response.data, response.sw, command.le or 0)

    def _plain_end(self, sw: int) -> bytes:
        self._state.session = None
        self._state.opened = False
        return sw.to_bytes(2)

    def _chunk(self, data: bytes, sw: int, wanted: int) -> bytes:
        """At most `wanted` bytes now, the rest on GET RESPONSE."""
        if data or sw != OK:
            self._state.pending = b""
        data = data or self._state.pending
        if len(data) <= wanted:
            self._state.pending = b""
            return data + sw.to_bytes(2)
        self._state.pending = data[wanted:]
        more = min(len(self._state.pending), 0xFF)
        return data[:wanted] + bytes((0x61, more))

    def _protected(self, command: Command) -> bytes:
        session = self._state.session
        if session is None:
            return self._plain_end(0x6882)
        try:
            plain = unwrap_command(session, command)
        except CardError:
            return self._plain_end(SM_INCORRECT)
        if self._asks_too_much(plain):
            return self._plain_end(WRONG_LENGTH)
        response = self._plain(plain)
        wrapped = wrap_response(session, response, odd=bool(plain.ins & 1))
        if self._state.switch_to is not None:
            self._state.session, self._state.switch_to = self._state.switch_to, None
        return self._chunk(wrapped, response.sw, command.le or 0)

    def _asks_too_much(self, command: Command) -> bool:
        profile = self.card.profile
        reads = command.ins in (READ_BINARY, READ_BINARY_ODD)
        return reads and not profile.clips_reads and (command.le or 0) > profile.read_limit

    def _plain(self, command: Command) -> Response:
        if command.cla & ~0x1C:
            return Response(b"", CLA_UNKNOWN)
        handler = _HANDLERS.get(command.ins)
        return Response(b"", INS_UNKNOWN) if handler is None else handler(self, command)

    def _select(self, command: Command) -> Response:
        if command.p1 == 0x04:
            return self._select_application(command.data)
        if command.data == b"\x3f\x00" or (command.p1 == 0 and not command.data):
            # The CCCD does not know its own master file by name.
            return Response(b"", INS_UNKNOWN)
        if command.p1 not in (0x00, 0x02) or len(command.data) != 2:
            return Response(b"", WRONG_P1P2)
        fid = int.from_bytes(command.data)
        name = (_BY_FID if self._state.application else _MF_BY_FID).get(fid)
        if name is None or name not in self.card.files or not self._selectable(name):
            return Response(b"", FILE_NOT_FOUND)
        if not self._readable(name):
            return Response(b"", SECURITY_STATUS)
        self._state.selected = name
        return Response(b"", OK)

    def _selectable(self, name: str) -> bool:
        return name != CARD_ACCESS.name or "select" in self.card.profile.card_access_by

    def _select_application(self, name: bytes) -> Response:
        if name != APPLICATION:
            return Response(b"", FILE_NOT_FOUND)
        self._state.application = True
        self._state.selected = None
        return Response(b"", OK)

    def _readable(self, name: str) -> bool:
        return name == CARD_ACCESS.name or (self._state.opened and self._state.session is not None)

    def _find(self, command: Command) -> tuple[str | None, int]:
        if not command.p1 & 0x80:
            return self._state.selected, command.p1 << 8 | command.p2
        sfi = command.p1 & 0x1F
        by_sfi = _BY_SFI if self._state.application else _MF_BY_SFI
        return by_sfi.get(sfi), command.p2

    def _read(self, command: Command) -> Response:
        if command.p1 & 0x80 and not self.card.profile.sfi_reads:
            return Response(b"", WRONG_P1P2)
        name, offset = self._find(command)
        if name == CARD_ACCESS.name and command.p1 & 0x80 and "sfi" not in self.card.profile.card_access_by:
            return Response(b"", FILE_NOT_FOUND)
        if name is None or name not in self.card.files:
            return Response(b"", FILE_NOT_FOUND)
        if not self._readable(name):
            return Response(b"", SECURITY_STATUS)
        self._state.selected = name
        return self._part(self.card.files[name], offset, command.le or 0)

    def _part(self, data: bytes, offset: int, wanted: int) -> Response:
        if offset > len(data):
            return Response(b"", WRONG_OFFSET)
        if offset + wanted > len(data) and self.card.profile.past_end_refused:
            return Response(b"", WRONG_LENGTH)
        part = data[offset : offset + min(wanted, self.card.profile.read_limit)]
        at_end = offset + len(part) == len(data)
        short = len(part) < wanted and (at_end or self.card.profile.clips_with_warning)
        return Response(part, END_OF_FILE if short else OK)

    def _read_odd(self, command: Command) -> Response:
        name = self._state.selected
        if name is None or not self._readable(name):
            return Response(b"", SECURITY_STATUS)
        offset = int.from_bytes(tlv.parse(command.data, 0x54, der=False).value)
        part = self._part(self.card.files[name], offset, max(0, (command.le or 0) - 4))
        if part.sw not in (OK, END_OF_FILE):
            return part
        return Response(tlv.encode(0x53, part.data), part.sw)

    def _manage(self, command: Command) -> Response:
        if (command.p1, command.p2) == (0xC1, 0xA4):
            return self._start_pace(command.data)
        if (command.p1, command.p2) == (0x41, 0xA4) and self._state.opened:
            self._state.agreement = ChipAgreement.start(self.card, command.data)
            return Response(b"", OK if self._state.agreement else WRONG_DATA)
        if (command.p1, command.p2) == (0x41, 0xA6) and self._state.opened:
            return self._key_agreement(command.data)
        return Response(b"", CONDITIONS)

    def _key_agreement(self, data: bytes) -> Response:
        """Chip Authentication with 3DES: the whole protocol in MSE:Set KAT."""
        agreement = ChipAgreement.whole(self.card)
        with contextlib.suppress(CardError):
            key = next(item.value for item in tlv.walk(data) if item.tag == 0x91)
            self._state.switch_to = agreement.session(key) if agreement else None
        return Response(b"", OK if self._state.switch_to else WRONG_DATA)

    def _start_pace(self, data: bytes) -> Response:
        if self.tries == 0:
            return Response(b"", AUTH_BLOCKED)
        self._state.pace = PaceChip.start(self.card, data)
        if self._state.pace is None:
            return Response(b"", WRONG_DATA)
        limit = self.card.profile.tries
        if self.tries is not None and limit is not None and self.tries < limit:
            return Response(b"", 0x63C0 | self.tries)
        return Response(b"", OK)

    def _general(self, command: Command) -> Response:
        try:
            if self._state.agreement is not None:
                return self._agree(command.data)
            if self._state.pace is None:
                return Response(b"", CONDITIONS)
            return self._pace_step(self._state.pace, command.data)
        except CardError:
            self._state.pace = None
            return Response(b"", WRONG_DATA)

    def _agree(self, data: bytes) -> Response:
        agreement, self._state.agreement = self._state.agreement, None
        if agreement is None:
            return Response(b"", CONDITIONS)
        key = tlv.parse(tlv.parse(data, 0x7C).value, 0x80).value
        self._state.switch_to = agreement.session(key)
        return Response(tlv.encode(0x7C), OK)

    def _pace_step(self, pace: PaceChip, data: bytes) -> Response:
        answer = pace.step(tlv.parse(data, 0x7C).children())
        if answer is None:
            self._state.pace = None
            return Response(b"", self._wrong_password())
        if pace.session is not None:
            self._state.session, self._state.opened, self._state.pace = pace.session, True, None
            self.tries = self.card.profile.tries
        return Response(tlv.encode(0x7C, answer), OK)

    def _wrong_password(self) -> int:
        if self.tries is None:
            return REFUSED
        self.tries = max(0, self.tries - 1)
        return 0x63C0 | self.tries

    def _challenge(self, _: Command) -> Response:
        if not self.card.profile.bac or not self._state.application:
            return Response(b"", CONDITIONS)
        self._state.bac = BacChip(self.card)
        return Response(self._state.bac.challenge, OK)

    def _external(self, command: Command) -> Response:
        bac, self._state.bac = self._state.bac, None
        if bac is None:
            return Response(b"", CONDITIONS)
        answer = bac.authenticate(command.data)
        if answer is None or bac.session is None:
            return Response(b"", REFUSED)
        self._state.session, self._state.opened = bac.session, True
        return Response(answer, OK)

    def _internal(self, command: Command) -> Response:
        if not self._state.opened or self._state.session is None:
            return Response(b"", SECURITY_STATUS)
        if self.card.active_key is None or "DG15" not in self.card.files:
            return Response(b"", INS_UNKNOWN)
        if len(command.data) != 8:
            return Response(b"", WRONG_LENGTH)
        return Response(ActiveSigner(self.card.active_key).sign(command.data), OK)


_HANDLERS: Final[dict[int, Callable[[CardProgram, Command], Response]]] = {
    SELECT: CardProgram._select,
    READ_BINARY: CardProgram._read,
    READ_BINARY_ODD: CardProgram._read_odd,
    MANAGE_SECURITY_ENVIRONMENT: CardProgram._manage,
    GENERAL_AUTHENTICATE: CardProgram._general,
    GET_CHALLENGE: CardProgram._challenge,
    EXTERNAL_AUTHENTICATE: CardProgram._external,
    INTERNAL_AUTHENTICATE: CardProgram._internal,
}
