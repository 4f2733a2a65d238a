"""How often in a row a PIN was wrong, kept on disk before the answer; and the lock that the journal does not have yet.

Whoever locks a slot opens no store, so the fact waits here for the next one who does (desk/keyroom.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.payout.names import OperatorId
from kiosk.vault import files
from kiosk.vault.errors import DamagedVault

MAX_TRIES = 5


@dataclass(frozen=True, slots=True)
class TriesFile:
    """``tries-<operator>.json``: how often in a row it went wrong."""

    failed: int
    untold: bool = False
    """Five wrong PINs locked it, and no fact says so yet."""


_LOST = TriesFile(MAX_TRIES, untold=True)


@dataclass(frozen=True, slots=True)
class Tries:
    """The counters of one slots folder. Every method raises VaultDisk."""

    folder: Path

    def of(self, operator: OperatorId) -> TriesFile:
        """A counter that is missing or damaged counts as used up."""
        try:
            kept = files.read(self.path(operator), TriesFile)
        except DamagedVault:
            return _LOST
        return replace(kept, failed=max(0, kept.failed))

    def begin(self, operator: OperatorId, before: TriesFile) -> None:
        """One more, on disk before it is judged."""
        failed = before.failed + 1
        self.write(operator, TriesFile(failed, before.untold or failed >= MAX_TRIES))

    def forget(self, operator: OperatorId) -> None:
        """Give all tries back. A lock stays to be told; a new slot, which has no counter yet, was never locked."""
        before = self.of(operator)
        if before.failed:
            self.write(operator, TriesFile(0, before.untold and before is not _LOST))

    def told(self, operator: OperatorId) -> None:
        """Its lock stands in the journal. Twice is fine."""
        before = self.of(operator)
        if before.untold:
            self.write(operator, replace(before, untold=False))

    def write(self, operator: OperatorId, tries: TriesFile) -> None:
        """Replace a counter durably."""
        files.write(self.path(operator), tries)

    def path(self, operator: OperatorId) -> Path:
        """Where it lies."""
        return self.folder / f"tries-{operator}.json"
