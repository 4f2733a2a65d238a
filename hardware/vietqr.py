"""The VietQR of a bank account, as a banking app shows it: which bank, which account.

EMVCo Merchant-Presented QR (v1.1): two digits of id, two of length, the value; field 38 is NAPAS's own and holds bank
and account. The last field is a CRC-16 over all before it. Nothing that was scanned is believed: what does not hold to
the form in every field that is used is no account at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_TEXT, MAX_FIELDS = 512, 40
NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
"""The service "transfer to an account"; QRIBFTTC is a card's number, which nobody keeps here."""
DONG, VIETNAM = "704", "VN"
_HEAD = re.compile(r"([0-9]{2})([0-9]{2})", re.ASCII)
_BANK = re.compile(r"[0-9]{6}", re.ASCII)
_ACCOUNT = re.compile(r"[0-9A-Za-z]{4,19}", re.ASCII)
_HOLDER = re.compile(r"[^\W\d_][\w .'-]{0,24}")
_CRC = re.compile(r"[0-9A-F]{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A bank's code (NAPAS BIN), an account, and its holder where the code names one."""

    bank: str
    number: str = field(repr=False)
    holder: str = field(default="", repr=False)


def bank_account(text: str) -> BankAccount | None:
    """The account that a VietQR names; None for any other code, and for one that was changed or cut."""
    text = text.strip()
    fields = _fields(text)
    if fields is None or list(fields)[:1] != ["00"] or list(fields)[-1] != "63" or fields["00"] != "01":
        return None
    if fields.get("53") != DONG or fields.get("58") != VIETNAM or not _whole(text, fields["63"]):
        return None
    named = _fields(fields.get("38", ""))
    if named is None or named.get("00") != NAPAS or named.get("02", TO_ACCOUNT) != TO_ACCOUNT:
        return None
    return _account(_fields(named.get("01", "")), fields.get("59", ""))


def _account(pair: dict[str, str] | None, holder: str) -> BankAccount | None:
    if pair is None or not _BANK.fullmatch(pair.get("00", "")) or not _ACCOUNT.fullmatch(pair.get("01", "")):
        return None
    return BankAccount(pair["00"], pair["01"], holder if _HOLDER.fullmatch(holder) else "")


def _fields(text: str) -> dict[str, str] | None:
    """Ids and values in their order; None when a length lies, an id comes twice, or something is left over."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text) <= MAX_TEXT and len(found) < MAX_FIELDS:
        head = _HEAD.match(text, at)
        if head is None or head[1] in found:
            return None
        end = head.end() + int(head[2])
        if head[2] == "00" or end > len(text):
            return None
        found[head[1]] = text[head.end() : end]
        at = end
    return found if found and at == len(text) else None


def _whole(text: str, said: str) -> bool:
    body = text[:-4].encode("utf-8", "replace")
    return _CRC.fullmatch(said) is not None and int(said, 16) == crc16(body)


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 1021, start FFFF (EMVCo QRCPS §4.7.3)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
