"""What a printer says of itself, read from the four real-time status bytes.

Silence and nonsense are ``unknown``, never ``ready``: a cheap printer that answers nothing may be
out of paper, and an agent who trusts it hands a recipient nothing.

Bit layout: Epson ESC/POS, DLE EOT n. A true status byte always reads 0xx1xx10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_FIXED_MASK = 0b1001_0011
_FIXED_BITS = 0b0001_0010


class PrinterState(StrEnum):
    """The closed union of states."""

    READY = "ready"
    NO_PAPER = "no_paper"
    PAPER_LOW = "paper_low"
    COVER_OPEN = "cover_open"
    HOT = "hot"
    OFFLINE = "offline"
    ERROR = "error"
    UNKNOWN = "unknown"

    @property
    def can_print(self) -> bool:
        """Whether sending a receipt makes sense: also to a printer that never answers."""
        return self in (PrinterState.READY, PrinterState.PAPER_LOW, PrinterState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class StatusBytes:
    """The answers to DLE EOT 1 to 4; None where the printer was silent or talked nonsense."""

    printer: int | None = None
    offline: int | None = None
    error: int | None = None
    paper: int | None = None

    @classmethod
    def of(cls, replies: Sequence[int | None]) -> StatusBytes:
        """From four replies in order; bytes without the fixed bits count as no reply."""
        first, second, third, fourth = (r if is_status_byte(r) else None for r in replies)
        return cls(first, second, third, fourth)

    @property
    def state(self) -> PrinterState:
        """The one state that matters most to a person with the printer in hand."""
        for found, state in self._findings():
            if found:
                return state
        known = None not in (self.printer, self.offline, self.paper)
        return PrinterState.READY if known else PrinterState.UNKNOWN

    def _findings(self) -> tuple[tuple[bool, PrinterState], ...]:
        """In the order of what to mend first; an answer to one question is enough to know of it."""
        return (
            (_bit(self.offline, 2), PrinterState.COVER_OPEN),
            (_bit(self.paper, 5) or _bit(self.offline, 5), PrinterState.NO_PAPER),
            (_bit(self.error, 6), PrinterState.HOT),
            (_bit(self.error, 5) or _bit(self.error, 3) or _bit(self.error, 2), PrinterState.ERROR),
            (_bit(self.offline, 6), PrinterState.ERROR),
            (_bit(self.printer, 3), PrinterState.OFFLINE),
            (self._complete and _bit(self.paper, 2), PrinterState.PAPER_LOW),
        )

    @property
    def _complete(self) -> bool:
        return None not in (self.printer, self.offline, self.paper)


def is_status_byte(value: int | None) -> bool:
    """Whether a byte carries the fixed bits of a real-time status."""
    return value is not None and value & _FIXED_MASK == _FIXED_BITS


def _bit(value: int | None, bit: int) -> bool:
    return value is not None and bool(value >> bit & 1)
