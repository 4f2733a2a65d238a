"""A lease that is given over by QR: the twelve digits of the telephone, signed by the device that shows them.

The signature says whose they are before a digit is tried; what opens the record is still the code (see ``release``).
It names two devices and a lease, and nobody's data. Byte for byte in ``docs/protocol.md`` §7.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.exchange.claim import Sign, Verify
from kiosk.exchange.keys import SIGNATURE_LENGTH
from kiosk.exchange.release import DIGITS
from kiosk.exchange.shapes import from_base32, is_device_id
from kiosk.payout.names import DeviceId, Epoch, LeaseId

MARK = "TNL1"
DOMAIN = b"tannha/lease-handover/v1\x00"
"""Put before the payload when signing, so that no other signed thing can pass for a hand-over."""
MAX_TEXT = 436
_VERSION = 1
_HEAD = 1 + 4 + 5
"""Version, epoch, code."""
_TEXT = re.compile(r"TNL1([A-Z2-7]{1,432})")


class HandoverRefusal(StrEnum):
    """Why a scanned text gives nothing over."""

    NOT_A_HANDOVER = "not_a_handover"
    MALFORMED = "malformed"
    UNKNOWN_DEVICE = "unknown_device"
    BAD_SIGNATURE = "bad_signature"


@dataclass(frozen=True, slots=True)
class Handover:
    """What the QR states: ``giver`` gave ``lease`` over in its ``epoch``, and ``stand_in`` opens it with ``code``."""

    giver: DeviceId
    epoch: Epoch
    lease: LeaseId
    stand_in: DeviceId
    code: str = field(repr=False)
    """Twelve digits."""


def encode_handover(handover: Handover, sign: Sign) -> str:
    """The QR's content in upper case, so that a QR packs it in alphanumeric mode.

    Empty for ids that are not 1 to 64 letters, digits, dashes or underscores: then there are only the digits to say.
    """
    payload = _payload(handover)
    if payload is None:
        return ""
    return MARK + base64.b32encode(payload + sign(DOMAIN + payload)).rstrip(b"=").decode()


def verify_handover(scanned: str, key_of: Callable[[DeviceId, Epoch], Verify | None]) -> Handover | HandoverRefusal:
    """A hand-over that its giver signed, or why not. Never raises on input."""
    match = _TEXT.fullmatch(scanned.strip()) if len(scanned) <= MAX_TEXT else None
    if match is None:
        return HandoverRefusal.NOT_A_HANDOVER
    raw = from_base32(match[1]) or b""
    payload, signature = raw[:-SIGNATURE_LENGTH], raw[-SIGNATURE_LENGTH:]
    handover = _parsed(payload)
    if handover is None:
        return HandoverRefusal.MALFORMED
    verify = key_of(handover.giver, handover.epoch)
    if verify is None:
        return HandoverRefusal.UNKNOWN_DEVICE
    return handover if verify(signature, DOMAIN + payload) else HandoverRefusal.BAD_SIGNATURE


def _payload(handover: Handover) -> bytes | None:
    names = (handover.giver, handover.lease, handover.stand_in)
    if not all(map(is_device_id, names)):
        return None
    head = bytes((_VERSION,)) + handover.epoch.to_bytes(4, "big") + int(handover.code).to_bytes(5, "big")
    return head + b"".join(bytes((len(each),)) + each.encode("ascii") for each in names)


def _parsed(payload: bytes) -> Handover | None:
    """What can be encoded, and is spelt as it would be: another version, cut or left-over bytes are not."""
    epoch, code = int.from_bytes(payload[1:5], "big"), int.from_bytes(payload[5:_HEAD], "big")
    at, names = _HEAD, []
    for _ in range(3):
        length = int.from_bytes(payload[at : at + 1], "big")
        names.append(payload[at + 1 : at + 1 + length].decode("latin-1"))
        at += 1 + length
    giver, lease, stand_in = names
    found = Handover(DeviceId(giver), Epoch(epoch), LeaseId(lease), DeviceId(stand_in), f"{code:0{DIGITS}d}")
    return found if len(found.code) == DIGITS and _payload(found) == payload else None
