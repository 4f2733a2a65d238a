"""Small shapes that several messages share: what is held, and how bytes are written in JSON."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from kiosk.exchange.errors import BadBytes, FaultKey

_DIGEST = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DEVICE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """The newest district state that a device has in force. All zero before the first bundle."""

    incarnation: int = 0
    version: int = 0
    revocation_serial: int = 0


NOTHING_HELD = Held()


def is_digest(text: str) -> bool:
    """True for 64 lower-case hexadecimal digits."""
    return _DIGEST.fullmatch(text) is not None


def is_id(text: str) -> bool:
    """True for a short name that is safe in file names and URLs: 1 to 64 of ``A-Za-z0-9._-``."""
    return _ID.fullmatch(text) is not None


def is_device_id(text: str) -> bool:
    """True for a name that a receipt number and a QR can hold: 1 to 64 of ``A-Za-z0-9_-``."""
    return _DEVICE_ID.fullmatch(text) is not None


def key_bytes(text: str) -> bytes:
    """32 bytes from 64 hexadecimal digits. Raises BadBytes."""
    if not is_digest(text):
        raise BadBytes(FaultKey.MALFORMED, "not a key")
    return bytes.fromhex(text)


def to_base64(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """Bytes of base64url without padding, in its one canonical spelling. Raises BadBytes."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadBytes(FaultKey.MALFORMED, "base64") from error
    if to_base64(data) != text:
        raise BadBytes(FaultKey.MALFORMED, "base64")
    return data


def from_base32(text: str) -> bytes | None:
    """What base32 without padding says (RFC 4648 §6); None for anything but its one canonical spelling."""
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error:
        return None
    return raw if base64.b32encode(raw).rstrip(b"=").decode() == text else None
