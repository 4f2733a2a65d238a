"""Days at the till, in steps: authorise, pay, and what the fold says against a fact that cannot be."""

from __future__ import annotations

from copy import deepcopy

import pytest

from kiosk.payout import journal as j
from kiosk.payout import rules
from kiosk.payout.cash import NO_NOTES, CashSession, Notes
from kiosk.payout.names import Digest
from kiosk.payout.standing import ImpossibleFact
from tests.payout.world import Book, request

SIGNED = Digest("ab" * 32)
HALF_MILLION = Notes.of({500_000: 1})


def authorised(book: Book, number: int = 1, witness: j.Witness | None = None) -> j.PayoutAuthorised:
    fact = rules.authorise(request(number), book.standing)
    assert isinstance(fact, j.PayoutAuthorised)
    book.write(fact, witness)
    return fact


def paid(book: Book, number: int = 1) -> j.PayoutAuthorised:
    fact = authorised(book, number)
    book.write(j.PayoutCompleted(fact.payout, HALF_MILLION.counts, NO_NOTES.counts, signature=SIGNED))
    return fact


def till(book: Book) -> CashSession:
    session = book.standing.session
    assert session is not None
    return session


def refused(book: Book, fact: j.Fact) -> str:
    """What the fold says against a fact; the standing stays as it was."""
    before = deepcopy(book.standing)
    with pytest.raises(ImpossibleFact) as said:
        book.write(fact)
    assert book.standing == before
    return str(said.value)
