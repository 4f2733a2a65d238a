"""An override that the district agrees to by telephone: twelve digits are read out, twelve are said back (plan §6).

Both ends share a key of this device. The device reads out a request that is good for one recipient, one sum and half
an hour; only who has the key can answer it, and the district writes down every answer that it gave. Whoever makes an
answer of their own, with the device's own key, is found out when the payout comes in.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.payout.names import DeviceId, Digest, PersonId, RefusalKey, UnixSeconds, Vnd

LIFE_SECONDS = 1_800
MARK_DIGITS, ANSWER_DIGITS = 3, 9
NONCE_DIGITS, CHECK_DIGITS = 6, 6
_TWELVE = re.compile(r"[0-9]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Consent:
    """What is asked for: this device may pay this recipient this sum without a chip, once."""

    device: DeviceId
    recipient: PersonId
    total: Vnd
    nonce: str
    """Six digits, random: no two requests of one device are alike for long."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the device remembers it, over restarts too."""

    consent: Consent
    at: UnixSeconds
    used: bool = False


def new_nonce() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**NONCE_DIGITS):0{NONCE_DIGITS}d}"


def request_digits(key: bytes, consent: Consent) -> str:
    """What is read out: the nonce, and six digits by which the district finds recipient and sum again."""
    return consent.nonce + _digits(key, b"tannha.override-request.v1\0", consent, CHECK_DIGITS)


def answer(key: bytes, consent: Consent) -> str:
    """What is said back: three digits that name the device, and nine that only the key makes.

    HMAC-SHA256(key, tag ‖ device ‖ 0 ‖ recipient ‖ 0 ‖ sum ‖ 0 ‖ nonce) mod 10^9.
    """
    return mark(consent.device) + _digits(key, b"tannha.override-answer.v1\0", consent, ANSWER_DIGITS)


def mark(device: DeviceId) -> str:
    """The first digits of every answer for this device: public, so that a code for another is told from a slip."""
    number = int.from_bytes(hashlib.sha256(b"tannha.override-mark.v1\0" + device.encode()).digest(), "big")
    return f"{number % 10**MARK_DIGITS:0{MARK_DIGITS}d}"


def proof(consent: Consent, code: str) -> Digest:
    """What the payout's fact carries: only who heard the code can make it, and it does not give the code away."""
    return Digest(hashlib.sha256(b"tannha.override-consent.v1\0" + _place(consent) + b"\0" + code.encode()).hexdigest())


def judge(key: bytes, asked: Asked, others: Iterable[Asked], code: str, now: UnixSeconds) -> RefusalKey | None:
    """Why ``code`` does not answer ``asked``, or None. ``others`` are earlier requests of this device."""
    if not _TWELVE.fullmatch(code):
        return RefusalKey.OVERRIDE_CODE_WRONG
    if _same(code, answer(key, asked.consent)):
        return _stale(asked, now)
    for each in others:
        if _same(code, answer(key, each.consent)):
            return _meant_otherwise(asked, each)
    theirs = not code.startswith(mark(asked.consent.device))
    return RefusalKey.OVERRIDE_OTHER_DEVICE if theirs else RefusalKey.OVERRIDE_CODE_WRONG


def fresh(asked: Asked, now: UnixSeconds) -> bool:
    """True while this request may still be answered. A clock that was put back ends it."""
    return not asked.used and asked.at <= now < asked.at + LIFE_SECONDS


def _stale(asked: Asked, now: UnixSeconds) -> RefusalKey | None:
    if asked.used:
        return RefusalKey.OVERRIDE_CODE_USED
    return None if fresh(asked, now) else RefusalKey.OVERRIDE_CODE_EXPIRED


def _meant_otherwise(asked: Asked, other: Asked) -> RefusalKey:
    if other.used:
        return RefusalKey.OVERRIDE_CODE_USED
    if other.consent.recipient != asked.consent.recipient:
        return RefusalKey.OVERRIDE_OTHER_RECIPIENT
    if other.consent.total != asked.consent.total:
        return RefusalKey.OVERRIDE_OTHER_SUM
    return RefusalKey.OVERRIDE_CODE_EXPIRED


def _same(typed: str, right: str) -> bool:
    return hmac.compare_digest(typed.encode(), right.encode())


def _digits(key: bytes, tag: bytes, consent: Consent, count: int) -> str:
    number = int.from_bytes(hmac.digest(key, tag + _place(consent), "sha256"), "big")
    return f"{number % 10**count:0{count}d}"


def _place(consent: Consent) -> bytes:
    parts = (consent.device, consent.recipient, str(consent.total), consent.nonce)
    return b"\0".join(each.encode() for each in parts)
