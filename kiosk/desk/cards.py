"""The reader at the desk: one card at a time, opened with one known number, forgotten when the visit ends.

What the reader's thread brings comes back as a job of the desk; a reading that was given up meanwhile is dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from hardware.card.errors import CardError
from hardware.card.reading import ChipReading, Phase
from kiosk.desk.books import Books
from kiosk.desk.reading import Reading, phase, trouble
from kiosk.devices.station import CardStation, ReadJob
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.payout.names import CitizenNumber
from kiosk.payout.rules import local_day

log = logging.getLogger("tannha.desk")
Job = Callable[[], None]
CAN_DIGITS = 6


class Cards:
    """Readings of this visit."""

    def __init__(self, station: CardStation, post: Callable[[ev.Event], None], later: Callable[[Job], None]) -> None:
        """``later`` queues a job of the desk; ``post`` sends an event to the screen."""
        self._station = station
        self._post = post
        self._later = later
        self._asked: v.OperationId | None = None
        self.readings: dict[v.OperationId, Reading] = {}

    def read(
        self, books: Books, operation: v.OperationId, number: CitizenNumber, then: Callable[[ChipReading], None]
    ) -> None:
        """Read the card with this citizen number; ``then`` gets it as a job of the desk. Faults are posted here."""
        self.forget()

        def progress(step: Phase, done: int, of: int) -> None:
            self._post(ev.ReadProgress(operation, phase(step), done, of))

        def finished(result: ChipReading | CardError) -> None:
            self._later(lambda: self._answered(operation, result, then))

        self._asked = operation
        day = local_day(books.hours.trusted().now)
        self._station.read(ReadJob(number[-CAN_DIGITS:], books.trust(), day, progress, finished))

    def _answered(
        self, operation: v.OperationId, result: ChipReading | CardError, then: Callable[[ChipReading], None]
    ) -> None:
        if self._asked != operation:
            return  # given up meanwhile: what it brought is forgotten
        self._asked = None
        if isinstance(result, CardError):
            log.info("card: %s", result.key)
            self._post(ev.CardFailed(operation, trouble(result)))
        else:
            then(result)

    def forget(self) -> None:
        """Nothing that was read is known any more."""
        self.readings.clear()
        self._asked = None

    def miss_reader(self) -> None:
        """A read that hangs is told after a while; the watchdog starts the kiosk anew if it goes on hanging."""
        if self._asked is not None and self._station.silent:
            self._post(ev.CardFailed(self._asked, v.CardTrouble.READER_SILENT))
            self.forget()

    def sign(self, challenge: bytes) -> bytes:
        """The card that was read signs 8 bytes. Raises CardError."""
        return self._station.sign(challenge)
