"""A reader that hangs: PC/SC waits for ever, the desk and the screen do not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from hardware.card.errors import ReaderSilent
from hardware.virtual.card.field import Field
from hardware.virtual.card.personas import card_of
from hardware.virtual.card.program import CardProgram
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.payout import journal as j
from tests.desk.area import Office
from tests.desk.test_payouts import HOMES, KHE, counter, facts, lay, offered, pcsc, printer, read

__all__ = ["counter", "pcsc", "printer"]  # fixtures
PATIENCE = 0.5


@dataclass
class HangingCard:
    """An honest card whose answer stays away while ``hangs``: from the reader's side, a reader that hangs."""

    inner: CardProgram
    hangs: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def atr(self) -> bytes:
        """The honest card's."""
        return self.inner.atr

    def power(self) -> None:
        """Power on or reset."""
        self.inner.power()

    def process(self, apdu: bytes) -> bytes:
        """An answer, sooner or later."""
        if self.hangs.is_set():
            self.let_go.wait(30)
        return self.inner.process(apdu)


@pytest.fixture
def hanging(counter: tuple[Office, Field]) -> Iterator[tuple[Office, HangingCard]]:
    """Bà Khế's card lies on a reader that can hang; it lets go at the end."""
    office, reader = counter
    office.station._patience = PATIENCE
    card = HangingCard(CardProgram(card_of(office.district.issuer, "ba-khe")))
    reader.lay(card)
    office.recorder.wait(ev.CardLaid)
    yield office, card
    card.let_go.set()


def test_a_read_that_hangs_is_told_and_the_next_card_reads(
    hanging: tuple[Office, HangingCard], counter: tuple[Office, Field]
) -> None:
    office, card = hanging
    card.hangs.set()
    silent = read(office, HOMES[KHE], KHE)
    assert silent == ev.CardFailed(silent.operation, v.CardTrouble.READER_SILENT)
    assert office.station.silent
    card.hangs.clear()
    card.let_go.set()
    _, reader = counter
    reader.take()
    office.recorder.wait(ev.CardTaken)
    office.station._patience = 10.0
    lay(office, reader, "ba-khe")
    assert isinstance(read(office, HOMES[KHE], KHE), ev.CardRead)
    late = [
        each for each in office.recorder.seen if isinstance(each, ev.CardRead) and each.operation == silent.operation
    ]
    assert late == []


def test_a_signature_that_hangs_leaves_no_payout_and_a_living_desk(hanging: tuple[Office, HangingCard]) -> None:
    office, card = hanging
    office.station._patience = 10.0
    answer = read(office, HOMES[KHE], KHE)
    assert isinstance(answer, ev.CardRead)
    made = offered(office, answer.operation, KHE)
    assert isinstance(made, ev.OfferMade)
    office.station._patience = PATIENCE
    card.hangs.set()
    total, notes = made.offer.total, made.offer.hand_over
    failed = office.ask(lambda o: ef.Authorise(o, answer.operation, KHE, total, notes), ev.Authorised, ev.Failed)
    assert failed == ev.Failed(failed.operation, v.Trouble.DEVICE)
    assert facts(office, j.PayoutAuthorised) == []


def test_whoever_asks_a_full_queue_is_told_at_once(hanging: tuple[Office, HangingCard]) -> None:
    office, card = hanging
    card.hangs.set()
    silent = read(office, HOMES[KHE], KHE)
    assert isinstance(silent, ev.CardFailed)
    for _ in range(8):
        with pytest.raises(ReaderSilent):
            office.station.sign(bytes(8))
