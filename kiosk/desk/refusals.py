"""Files from outside that did not hold: each is kept with its key, the newest hundred, for whoever asks later.

Not in the journal: whoever holds the line could fill that with nonsense.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.exchange.errors import FaultKey
from kiosk.exchange.spool import SpoolFile
from kiosk.payout import canonical
from kiosk.payout.names import UnixSeconds
from kiosk.store.store import Store

KEPT = "refused-mail"
MOST = 100


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """One file that changed nothing: when, which, why."""

    at: UnixSeconds
    kind: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class _Kept:
    refused: tuple[RefusedFile, ...] = ()


def note(store: Store, at: UnixSeconds, file: SpoolFile, key: FaultKey) -> None:
    """Durable on return; the oldest leaves when there are too many. Raises StoreError."""
    fresh = RefusedFile(at, file.kind.name.lower(), file.name, key.value)
    kept = _Kept((*newest(store), fresh)[-MOST:])
    store.keep(KEPT, canonical.to_bytes(canonical.encode(kept)))


def newest(store: Store) -> tuple[RefusedFile, ...]:
    """What was refused, the newest last. Raises EncodingFault if the store lies."""
    kept = store.kept(KEPT)
    return () if kept is None else canonical.decode(_Kept, canonical.from_bytes(kept)).refused
