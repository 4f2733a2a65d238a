"""One-time codes for the day when nobody here knows a PIN: made here, kept by the district, read out by an officer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from kiosk.vault.errors import NotPermitted

DIGITS = 12
MOST_CODES = 9


@dataclass(frozen=True, slots=True)
class RescueCode:
    """A one-time code: its number, 1 to 9, and 12 digits."""

    number: int
    code: str

    @property
    def typed(self) -> str:
        """The 13 digits that an officer reads out and an operator types."""
        return f"{self.number}{self.code}"


def new_codes(count: int) -> tuple[RescueCode, ...]:
    """Fresh one-time codes of 12 digits, numbered from 1. Raises NotPermitted for more than `MOST_CODES`."""
    if not 1 <= count <= MOST_CODES:
        raise NotPermitted(f"1 to {MOST_CODES} codes at a time")
    return tuple(RescueCode(n, f"{secrets.randbelow(10**DIGITS):012d}") for n in range(1, count + 1))
