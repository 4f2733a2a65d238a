"""How a payout was received: the signature, or why there is none and who saw the ink print.

Read back from journal and evidence, never remembered: a receipt that is printed again after a restart says the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from hardware.printer.layout import Strokes
from kiosk.desk.books import Books
from kiosk.flow.values import STROKE_SIDE, Stroke
from kiosk.payout import canonical
from kiosk.payout import journal as j
from kiosk.payout.names import CannotSign, Digest, PayoutId
from kiosk.payout.receipt import ReceiptNumber

LOOK_AHEAD = 16
"""Entries that are read at once: as a rule a payout ends a few entries behind its beginning."""


@dataclass(frozen=True, slots=True)
class Received:
    """What the receipt shows of it. Shredded evidence, and a payout resolved by a count, show nothing."""

    strokes: Strokes | None = None
    cannot_sign: CannotSign | None = None
    witness: str = ""


def received(books: Books, payout: PayoutId) -> Received:
    """The end of a completed payout of this epoch. Raises StoreError."""
    fact = _completion(books, payout)
    if fact is None:
        return Received()
    signature, witness = _content(books, fact.signature), _content(books, fact.witness)
    return Received(_strokes(signature), fact.cannot_sign, witness.decode("utf-8"))


def _completion(books: Books, payout: PayoutId) -> j.PayoutCompleted | None:
    number, end = ReceiptNumber.parse(payout), books.standing.next_sequence
    for first in range(number.sequence, end, LOOK_AHEAD):
        for entry in books.store.entries(number.epoch, first, first + LOOK_AHEAD - 1):
            match entry.fact:
                case j.PayoutCompleted(payout=ended) if ended == payout:
                    return entry.fact
                case j.UncertainResolved(payout=ended) if ended == payout:
                    return None
    return None


def _content(books: Books, digest: Digest | None) -> bytes:
    found = None if digest is None else books.store.attachment(digest)
    return b"" if found is None else found.content


def _strokes(content: bytes) -> Strokes | None:
    if not content:
        return None
    drawn = canonical.decode(tuple[Stroke, ...], canonical.from_bytes(content))
    return Strokes(STROKE_SIDE, STROKE_SIDE, drawn)
