"""How a recipient wishes to be paid, as the screens put it together: a way, and the account or telephone for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.flow.find import folded
from kiosk.payout.banks import BANKS, BankCode, bank_name, is_account
from kiosk.payout.statements import PayWay, Right

__all__ = ["BANKS", "BankCode", "PayWay", "Right", "Wish", "bank_name", "is_account"]
NO_BANK = BankCode("")
BANKS_ON_PAGE = 8
HOLDER_LETTERS = 25
"""Field 59 of the code holds no more."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is read back before anybody signs."""

    way: PayWay
    bank: BankCode = NO_BANK
    """Empty for a bank that is not in the table: the office asks."""
    number: str = field(default="", repr=False)
    """The account; the wallet's telephone; where to call whoever wishes to open an account."""
    holder: str = field(default="", repr=False)
    """As a VietQR names it; empty when nothing does."""
    other_name: bool = False
    """The VietQR names somebody else than the recipient: told to both, and written down."""


def names_another(holder: str, name: str) -> bool:
    """True when a code names somebody else: letters without marks, and no more of them than a code has room for."""
    said, known = (" ".join(folded(each).split()) for each in (holder, name))
    return bool(said) and said != (known[:HOLDER_LETTERS].rstrip() if len(said) >= HOLDER_LETTERS - 1 else known)
