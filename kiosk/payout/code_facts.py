"""Digits that were typed here and opened nothing: counted in the journal, so that no restart forgets a try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.payout.names import CodeKind, OperatorId, RefusalKey, UnixSeconds

FREE_TRIES = 5
"""Wrong codes of one kind in a row before each further one costs an hour."""
WAIT_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class CodeRefused:
    """A code from the telephone or a QR was refused, and why."""

    TAG: ClassVar[str] = "code_refused"
    kind: CodeKind
    key: RefusalKey
    operator: OperatorId
    tries: int
    """How many of this kind in a row this makes: the district looks at the fifth."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong codes of one kind since the last right one."""

    count: int
    last: UnixSeconds

    def wait(self, now: UnixSeconds) -> bool:
        """True while no further code may be tried. A clock that was put back waits longer, never shorter."""
        return self.count >= FREE_TRIES and now < self.last + WAIT_SECONDS
