"""An act on slots and its fact are two writes: what is meant is kept first, so that neither ever stands alone.

The fact is made and signed before the first slot changes, for the place in the journal that comes next. Nothing
else is written before it is settled; so a journal that has moved on says that the fact is in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from kiosk.desk.books import Books
from kiosk.payout import canonical
from kiosk.payout.key_facts import KeysChanged, signed_bytes
from kiosk.payout.names import Digest
from kiosk.store.errors import StoreError, StoreLost
from kiosk.vault.errors import VaultError
from kiosk.vault.slot_files import SlotChange
from kiosk.vault.slots import Vault
from kiosk.vault.unlocked import Unlocked

KEPT = "key-act"


@dataclass(frozen=True, slots=True)
class Intention:
    """What is about to happen to slots, and the signed fact behind the entry ``previous``."""

    previous: Digest
    fact: KeysChanged
    change: SlotChange


def signed(books: Books, by: Unlocked, fact: KeysChanged) -> KeysChanged:
    """The fact, signed by the one who does it, for the next place in the journal."""
    standing = books.standing
    return replace(fact, signature=by.sign(signed_bytes(standing.device, standing.head, fact)).hex())


def keep(books: Books, fact: KeysChanged, change: SlotChange) -> None:
    """Durable before the first slot changes. Raises StoreError: then nothing has changed."""
    meant = Intention(books.standing.head, fact, change)
    books.store.keep(KEPT, canonical.to_bytes(canonical.encode(meant)))


def settle(books: Books, vault: Vault) -> None:
    """Finish what was begun and write it down; forget what was not begun. Raises VaultError, StoreError."""
    kept = books.store.kept(KEPT)
    if not kept:
        return
    meant = canonical.decode(Intention, canonical.from_bytes(kept))
    if meant.previous == books.standing.head:
        _finish(books, vault, meant)
    books.store.keep(KEPT, b"")


def _finish(books: Books, vault: Vault, meant: Intention) -> None:
    if vault.begun(meant.change):
        vault.finish(meant.change)
        books.write(meant.fact)
    elif meant.fact.sealed is not None:
        books.store.shred([meant.fact.sealed], books.hours.trusted().now)


@contextmanager
def settled(opened: Sequence[Books], vault: Vault) -> Iterator[None]:
    """Around one act of the vault: at its end, however it ends, slots and journal say the same.

    ``opened`` holds the books that were open by then. Raises StoreLost when the two cannot be brought together
    now: the process ends, and the next sign-in settles it.
    """
    try:
        yield
    except (VaultError, StoreError):
        _now(opened, vault)
        raise
    _now(opened, vault)


def _now(opened: Sequence[Books], vault: Vault) -> None:
    try:
        for books in opened:
            settle(books, vault)
    except (VaultError, StoreError) as fault:
        raise StoreLost("slots and journal could not be brought together") from fault
