"""The encrypted database of one device: journal, evidence, bundle, and how far they travelled."""

from kiosk.store.errors import (
    Broken,
    DiskFull,
    NewerSchema,
    Refused,
    StoreBusy,
    StoreError,
    StoreLost,
    WrongKey,
)
from kiosk.store.store import Store
from kiosk.store.values import HeldBundle, Identity, Outbox

__all__ = [
    "Broken",
    "DiskFull",
    "HeldBundle",
    "Identity",
    "NewerSchema",
    "Outbox",
    "Refused",
    "Store",
    "StoreBusy",
    "StoreError",
    "StoreLost",
    "WrongKey",
]
