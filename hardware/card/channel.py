"""Why: every command goes through here, so that 61xx, 6Cxx, counting, timing and logging are done once.

Logged are instruction, status word, lengths and times; never a byte of content.
"""

import logging
import time
from dataclasses import dataclass
from typing import Final

from hardware.card.apdu import GET_RESPONSE, INS_UNKNOWN, OK, Command, Response
from hardware.card.errors import CardRefused, CardRemoved, MalformedCard
from hardware.card.link import CardLink
from hardware.card.secure_messaging import SecureMessaging

log = logging.getLogger(__name__)

MAX_CHAIN: Final = 64
MAX_ANSWER: Final = 131_072


@dataclass(slots=True)
class Traffic:
    """What crossed the link so far."""

    apdus: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0


class Channel:
    """Commands out, answers in; protected once `protect` was given a session."""

    def __init__(self, link: CardLink) -> None:
        self._link = link
        self._protection: SecureMessaging | None = None
        self.traffic = Traffic()

    @property
    def link(self) -> CardLink:
        """The reader's end."""
        return self._link

    @property
    def protected(self) -> bool:
        """Whether commands go out under secure messaging."""
        return self._protection is not None

    def protect(self, session: SecureMessaging) -> None:
        """Protect all further commands; an earlier session's keys are wiped."""
        self.unprotect()
        self._protection = session

    def unprotect(self) -> None:
        """Forget the session and its keys."""
        if self._protection is not None:
            self._protection.wipe()
        self._protection = None

    def send(self, command: Command) -> Response:
        """One command, protected if a session stands; the status word is the caller's to judge.

        Raises SecureMessagingError, CardRemoved, ReaderFault, MalformedCard.
        """
        if self._protection is None:
            return self._exchange(command)
        answer = self._exchange(self._protection.wrap(command))
        return self._protection.unwrap(answer)

    def demand(self, command: Command) -> bytes:
        """Like `send`, but CardRefused unless the card said 9000."""
        response = self.send(command)
        if not response.ok:
            raise CardRefused(command.ins, response.sw)
        return response.data

    def _exchange(self, command: Command) -> Response:
        response = self._once(command)
        if response.sw >> 8 == 0x6C:
            response = self._once(command.with_le(response.sw & 0xFF or 256))
        return self._rest(response) if response.sw >> 8 == 0x61 else response

    def _rest(self, response: Response) -> Response:
        data = bytearray(response.data)
        for _ in range(MAX_CHAIN):
            more = self._once(Command(GET_RESPONSE, 0, 0, le=response.sw & 0xFF or 256))
            if more.sw == INS_UNKNOWN:
                raise CardRefused(GET_RESPONSE, more.sw)
            data += more.data
            response = more
            if response.sw >> 8 != 0x61:
                return Response(bytes(data), response.sw)
            if not more.data or len(data) > MAX_ANSWER:
                break
        raise MalformedCard("an answer does not end")

    def _once(self, command: Command) -> Response:
        apdu = command.encode()
        start = time.perf_counter()
        answer = self._link.transmit(apdu)
        self._count(len(apdu), len(answer))
        if len(answer) < 2:
            # Readers report a card that loses power in mid-command as an answer without status word.
            raise CardRemoved("the card stopped answering")
        if len(answer) > MAX_ANSWER:
            raise MalformedCard("a giant answer")
        response = Response(answer[:-2], int.from_bytes(answer[-2:]))
        self._log(command, len(apdu), response, time.perf_counter() - start)
        return response

    def _count(self, sent: int, received: int) -> None:
        self.traffic.apdus += 1
        self.traffic.sent_bytes += sent
        self.traffic.received_bytes += received

    def _log(self, command: Command, sent: int, response: Response, seconds: float) -> None:
        level = logging.DEBUG if response.sw == OK else logging.INFO
        log.log(
            level,
            "INS %02X sent %d received %d SW %04X in %.1f ms",
            command.ins,
            sent,
            len(response.data),
            response.sw,
            seconds * 1000,
        )
