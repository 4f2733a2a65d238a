"""Evidence leaves the device as soon as the district has a copy of it in its backup (docs/data.md).

A little at a time, between two jobs: each step looks at a few entries, destroys what they name, and remembers how
far it came. A step that was cut is done again; shredding twice changes nothing.
"""

from __future__ import annotations

import logging

from kiosk.desk.books import Books
from kiosk.exchange.attachment import referenced
from kiosk.store.values import Outbox

log = logging.getLogger("tannha.shredding")
ENTRIES_AT_ONCE = 60
"""About twenty payouts: some milliseconds of the desk's time."""


def shred_due(books: Books) -> int:
    """Shred what the next few backed-up entries name; how many pieces. Raises StoreError."""
    for box in books.store.outboxes():
        first = _reached(books, box)
        if first < box.backed_up:
            return _step(books, box, first)
    return 0


def _reached(books: Books, box: Outbox) -> int:
    kept = books.store.kept(_mark(box))
    return 0 if kept is None else int(kept)


def _step(books: Books, box: Outbox, first: int) -> int:
    end = min(first + ENTRIES_AT_ONCE, box.backed_up)
    names = referenced(books.store.entries(box.epoch, first, end - 1))
    done = books.store.shred(names, books.hours.trusted().now) if names else 0
    books.store.keep(_mark(box), str(end).encode())
    if done:
        log.info("%d pieces of evidence are shredded: the district has them", done)
    return done


def _mark(box: Outbox) -> str:
    return f"shredded-{box.epoch}"
