"""The one screen for a new PIN: proven by the old one, or by a one-time code for whoever forgot it.

What was typed lives in the screen's value until the desk has it; it is never shown, and a lock drops it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.flow.values import PIN_MAX, Frame, OperationId, OperatorName, PinFault, Shift

CODE_DIGITS = 13


class PinStage(StrEnum):
    """What is asked now."""

    PROOF = "proof"
    NEW = "new"
    AGAIN = "again"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class NewPin:
    """A new PIN for ``operator``. With a ``shift`` somebody is signed in and proves the old PIN; without, a code."""

    frame: Frame
    operator: OperatorName
    shift: Shift | None
    stage: PinStage = PinStage.PROOF
    typed: str = field(default="", repr=False)
    proof: str = field(default="", repr=False)
    new: str = field(default="", repr=False)
    awaited: OperationId | None = None
    fault: PinFault | None = None
    tries_left: int | None = None
    """Said with a wrong proof; 0 is a locked slot, or a code that is of no use any more."""

    @property
    def by_code(self) -> bool:
        """The PIN was forgotten: an officer reads out a code."""
        return self.shift is None

    @property
    def most(self) -> int:
        """How many digits fit."""
        return CODE_DIGITS if self.by_code and self.stage is PinStage.PROOF else PIN_MAX
