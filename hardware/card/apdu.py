"""Why: one place that knows how commands are laid out (ISO/IEC 7816-4 §5) and what status words mean."""

from dataclasses import dataclass, replace
from typing import Final

SHORT_LC: Final = 255
SHORT_LE: Final = 256
EXTENDED_LE: Final = 65_536

SELECT: Final = 0xA4
READ_BINARY: Final = 0xB0
READ_BINARY_ODD: Final = 0xB1
GET_RESPONSE: Final = 0xC0
GET_CHALLENGE: Final = 0x84
EXTERNAL_AUTHENTICATE: Final = 0x82
INTERNAL_AUTHENTICATE: Final = 0x88
MANAGE_SECURITY_ENVIRONMENT: Final = 0x22
GENERAL_AUTHENTICATE: Final = 0x86

OK: Final = 0x9000
END_OF_FILE: Final = 0x6282
WRONG_LENGTH: Final = 0x6700
SECURITY_STATUS: Final = 0x6982
AUTH_BLOCKED: Final = 0x6983
REFERENCE_BLOCKED: Final = 0x6984
SM_MISSING: Final = 0x6987
SM_INCORRECT: Final = 0x6988
FILE_NOT_FOUND: Final = 0x6A82
WRONG_OFFSET: Final = 0x6B00
INS_UNKNOWN: Final = 0x6D00
CLA_UNKNOWN: Final = 0x6E00


@dataclass(frozen=True, slots=True)
class Command:
    """A command APDU; `le` is the number of bytes wanted (None: no answer data)."""

    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None
    cla: int = 0x00
    wide: bool = False

    @property
    def extended(self) -> bool:
        """Whether it goes out in the extended form: because it must, or because its answer grows under protection."""
        return self.wide or len(self.data) > SHORT_LC or (self.le or 0) > SHORT_LE

    def encode(self) -> bytes:
        """The bytes on the wire, short form where it fits."""
        head = bytes((self.cla, self.ins, self.p1, self.p2))
        return head + (self._extended_body() if self.extended else self._short_body())

    def _short_body(self) -> bytes:
        lc = bytes((len(self.data),)) + self.data if self.data else b""
        return lc + (b"" if self.le is None else bytes((self.le & 0xFF,)))

    def _extended_body(self) -> bytes:
        lc = b"\x00" + len(self.data).to_bytes(2) + self.data if self.data else b""
        if self.le is None:
            return lc
        return lc + (b"" if self.data else b"\x00") + (self.le & 0xFFFF).to_bytes(2)

    def with_le(self, le: int | None) -> "Command":
        """The same command asking for another number of bytes."""
        return replace(self, le=le)


@dataclass(frozen=True, slots=True)
class Response:
    """Answer data and status word."""

    data: bytes
    sw: int

    @property
    def ok(self) -> bool:
        """Status 9000."""
        return self.sw == OK
