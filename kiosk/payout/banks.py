"""Names for the bank codes of a VietQR (NAPAS BIN): an account is read back with its bank's name.

A small table of codes that are known for certain. A code that is not in it is shown as it was read: nobody guesses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NewType

BankCode = NewType("BankCode", str)
"""Six digits that NAPAS gave to a bank; empty for one that nobody named."""

BANKS: Final[Mapping[BankCode, str]] = MappingProxyType({
    BankCode("970405"): "Agribank",
    BankCode("970449"): "LPBank",
    BankCode("970436"): "Vietcombank",
    BankCode("970415"): "VietinBank",
    BankCode("970418"): "BIDV",
    BankCode("970422"): "MB",
    BankCode("970403"): "Sacombank",
    BankCode("970407"): "Techcombank",
    BankCode("970416"): "ACB",
    BankCode("970432"): "VPBank",
    BankCode("970423"): "TPBank",
    BankCode("970437"): "HDBank",
    BankCode("970441"): "VIB",
    BankCode("970443"): "SHB",
    BankCode("970426"): "MSB",
    BankCode("970448"): "OCB",
    BankCode("970431"): "Eximbank",
    BankCode("970440"): "SeABank",
    BankCode("970428"): "Nam A Bank",
    BankCode("970409"): "Bac A Bank",
    BankCode("970425"): "ABBANK",
    BankCode("970412"): "PVcomBank",
    BankCode("970452"): "KienlongBank",
    BankCode("970419"): "NCB",
})  # fmt: skip
"""The banks with most branches in the countryside come first: in this order they are offered."""
_ACCOUNT = re.compile(r"[0-9A-Za-z]{4,19}", re.ASCII)


def bank_name(code: BankCode) -> str:
    """The bank as people call it, or its code."""
    return BANKS.get(code, code)


def is_account(number: str) -> bool:
    """What an account or a telephone wallet may look like: 4 to 19 digits or letters."""
    return _ACCOUNT.fullmatch(number) is not None
