"""The one thread that owns PC/SC: it says when a card is laid or taken, reads it, and lets it sign.

A card session lives in the thread that opened it, so every command to the card goes through this
queue. Nothing here decides anything: it hands on readings and card errors as they are. PC/SC has no time-out: a
reader that hangs holds this thread for ever, so whoever waits for it asks ``silent`` and never waits longer.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Protocol

from hardware.card.errors import CardError, CardRemoved, ReaderSilent
from hardware.card.passwords import Can
from hardware.card.pcsc import CardWatch, PcscLink, find_reader
from hardware.card.reader import CardSession, open_card
from hardware.card.reading import ChipReading, Phase
from hardware.card.trust import TrustStore

POLL_SECONDS = 0.2
"""How long the thread looks at the reader before it looks at its queue again."""
PATIENCE_SECONDS = 10.0
"""The longest that one command may take; a card that thinks asks the reader for more time within this."""

Progress = Callable[[Phase, int, int], None]
ReadDone = Callable[["ChipReading | CardError"], None]


class Watcher(Protocol):
    """Who wants to know about cards. Called in the reader's thread; must return at once."""

    def card_laid(self) -> None:
        """A card lies on the reader."""
        ...

    def card_taken(self) -> None:
        """The reader is empty, or gone."""
        ...

    def reader_alive(self) -> None:
        """The thread went round once more."""
        ...


@dataclass(frozen=True, slots=True)
class ReadJob:
    """One reading, opened with the payee's own CAN; never with a list of them (plan §4.1)."""

    can: str
    trust: TrustStore
    at: date
    progress: Progress
    done: ReadDone


@dataclass(frozen=True, slots=True)
class SignJob:
    """The chip's signature over 8 bytes, while the card that was read still lies there."""

    challenge: bytes
    answer: Future[bytes]


class CardStation:
    """Owns the reader. ``start`` and ``stop`` once; ``read`` and ``sign`` from any thread."""

    def __init__(
        self,
        watcher: Watcher,
        reader_filter: str = "",
        patience: float = PATIENCE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._watcher = watcher
        self._filter = reader_filter
        self._patience = patience
        self._monotonic = monotonic
        self._seen = monotonic()
        self._jobs: queue.Queue[ReadJob | SignJob] = queue.Queue(maxsize=4)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._watch: CardWatch | None = None
        self._present = False
        self._session: CardSession | None = None

    def start(self) -> None:
        """Begin to watch the reader."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and let go of the reader."""
        self._stop.set()
        self._thread.join(timeout=5)

    def read(self, job: ReadJob) -> None:
        """Queue a reading; its ``done`` is called once, as a rule in the reader's thread."""
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            job.done(ReaderSilent("the reader hangs"))

    def sign(self, challenge: bytes) -> bytes:
        """What INTERNAL AUTHENTICATE answers. Raises CardError when the card is gone, will not, or hangs."""
        job = SignJob(challenge, Future())
        try:
            self._jobs.put_nowait(job)
            return job.answer.result(timeout=self._patience)
        except (queue.Full, TimeoutError) as error:
            job.answer.cancel()
            raise ReaderSilent("the reader hangs") from error

    @property
    def silent(self) -> bool:
        """Whether the thread has shown no sign of life for longer than any command may take."""
        return self._monotonic() - self._seen > self._patience

    def _alive(self) -> None:
        self._seen = self._monotonic()
        self._watcher.reader_alive()

    # -- the thread -----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stop.is_set():
            self._alive()
            self._look()
            self._work()
        self._forget()

    def _look(self) -> None:
        """Wait a moment for a change of the reader and tell the watcher."""
        if not self._jobs.empty():
            return
        try:
            change = self._watching().wait_for_change(POLL_SECONDS)
        except CardError:
            self._watch = None
            self._tell(present=False)
            self._stop.wait(POLL_SECONDS)  # no reader at all: nothing else would slow this loop down
            return
        if change is not None:
            self._changed(present=change)

    def _watching(self) -> CardWatch:
        if self._watch is None:
            self._watch = CardWatch(find_reader(self._filter))
        return self._watch

    def _changed(self, *, present: bool) -> None:
        """A card that was taken and laid again between two looks is another card: say both."""
        if present and self._present:
            self._tell(present=False)
        self._tell(present=present)

    def _tell(self, *, present: bool) -> None:
        if present == self._present:
            return
        self._present = present
        if present:
            self._watcher.card_laid()
        else:
            self._forget()
            self._watcher.card_taken()

    def _work(self) -> None:
        try:
            job = self._jobs.get_nowait()
        except queue.Empty:
            return
        match job:
            case ReadJob():
                self._read(job)
            case SignJob():
                self._sign(job)

    def _read(self, job: ReadJob) -> None:
        self._forget()
        try:
            self._session = self._opened(job)
            reading = self._session.read(job.trust, job.at)
        except CardError as error:
            self._forget()
            job.done(error)
            return
        job.done(reading)

    def _opened(self, job: ReadJob) -> CardSession:
        link = PcscLink(find_reader(self._filter))
        try:
            return open_card(link, Can(job.can), progress=partial(self._went_on, job))
        except CardError:
            link.close()
            raise

    def _went_on(self, job: ReadJob, phase: Phase, done: int, of: int) -> None:
        """A long read over a slow link is alive as long as it gets on."""
        self._alive()
        job.progress(phase, done, of)

    def _sign(self, job: SignJob) -> None:
        if not job.answer.set_running_or_notify_cancel():
            return
        if self._session is None:
            job.answer.set_exception(CardRemoved("the card was taken away"))
            return
        try:
            job.answer.set_result(self._session.sign(job.challenge))
        except CardError as error:
            job.answer.set_exception(error)

    def _forget(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
