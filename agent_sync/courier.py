"""The device's only voice on the network: moves sealed files both ways and reads none of them.

It holds a TLS client key and nothing else, so whoever takes it over can delay and no more. It never
deletes from spool/out: the kiosk does, once a checkpoint covers a file. What it has delivered it
remembers only to spare the line; forgetting costs a duplicate, which the district recognises.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from enum import StrEnum

from agent_sync import api, courier_home
from agent_sync.courier_home import CourierHome
from agent_sync.errors import BadAnswer, NotTrusted, SyncError, Unreachable
from agent_sync.wire import Wire
from kiosk.durable import write_whole
from kiosk.exchange import spool
from kiosk.exchange.errors import BadBytes, SpoolFault

log = logging.getLogger("tannha.courier")

FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 300.0
LOOK_S = 0.5
"""How often a pausing courier looks whether somebody asked it to try now."""
CALM_PAUSE_S = 20.0
EAGER_PAUSE_S = 1.0
RESEND_S = 6 * 3600
"""A file that is still in spool/out after this long is offered again: no checkpoint covered it."""


Clock = Callable[[], float]
"""Seconds since 1970."""


class Need(StrEnum):
    """The two directions; neither ever waits for the other."""

    UPLOAD = "upload"
    DOWNLOAD = "download"


@dataclass(slots=True)
class Backoff:
    """Pauses that double with each failure, between half and all of that by chance, and start anew with a success."""

    rng: random.Random
    failures: int = 0

    def failed(self) -> None:
        """One more failure in a row."""
        self.failures = min(self.failures + 1, 30)

    def succeeded(self) -> None:
        """The line works."""
        self.failures = 0

    def pause(self) -> float:
        """Seconds until the next try after a failure."""
        top = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** max(0, self.failures - 1))
        return top / 2 + self.rng.random() * top / 2


@dataclass(slots=True)
class Status:
    """What the courier says of itself: a hint for the screen, signed by nobody."""

    last_contact: int = 0
    waiting: int = 0
    sent: int = 0
    refused: int = 0
    fault: str = ""


@dataclass(slots=True)
class Courier:
    """One round at a time, by hand or in a loop. Not shared between threads except as `run` does."""

    home: CourierHome
    wire: Wire
    clock: Clock = field(default=time.time)
    batch_files: int = api.MAX_BATCH_FILES
    status: Status = field(default_factory=Status)
    _delivered: dict[str, float] = field(default_factory=dict)
    _ordered: frozenset[str] = frozenset()
    """Digests of the orders that were placed: each once in this life, the kiosk knows a repeated one."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def upload(self) -> int:
        """Send everything that waits, in bounded batches; how many files the district took.

        Raises SyncError when the line fails; what was answered before that stays answered.
        """
        taken = 0
        for kind, path in ((spool.FileKind.SEGMENT, self._segments), (spool.FileKind.ATTACHMENT, self._attachments)):
            waiting = [each for each in self._outbox() if each.kind is kind]
            while waiting:
                batch, waiting = self._next_batch(waiting)
                taken += self._deliver(path(), batch)
        return taken

    def download(self) -> int:
        """Fetch orders, bundle and checkpoint; how many files were placed in spool/in. Raises SyncError."""
        placed, wrong = 0, None
        for fetch in (self._fetch_orders, self._fetch_bundle, self._fetch_checkpoint):
            try:
                placed += fetch()
            except BadAnswer as error:  # one thing that the district cannot give keeps nothing else away
                wrong = error
        if wrong is not None:
            raise wrong
        return placed

    def write_status(self) -> None:
        """Leave the hint for the kiosk's screen. A hint that cannot be written stops nothing."""
        try:
            waiting = [each for each in self._all() if each.kind is spool.FileKind.SEGMENT]
            with self._lock:  # also around the file: both directions write it
                self.status.waiting = len([each for each in waiting if each.name not in self._delivered])
                text = json.dumps({name: getattr(self.status, name) for name in Status.__slots__}, sort_keys=True)
                write_whole(self.home.status, text.encode(), mode=0o640)
        except OSError as error:
            log.warning("status: %s", error.strerror)

    # -- up ------------------------------------------------------------------------------------

    def _segments(self) -> str:
        return api.segments_path(self.home.link.area, self.home.link.device)

    def _attachments(self) -> str:
        return api.attachments_path(self.home.link.area, self.home.link.device)

    def _all(self) -> tuple[spool.SpoolFile, ...]:
        return spool.Outbox(self.home.out).files()

    def _outbox(self) -> list[spool.SpoolFile]:
        """Files to offer now: what was never delivered in this life, then what was long ago and still lies there."""
        now = self.clock()
        present = self._all()
        names = {each.name for each in present}
        self._delivered = {name: at for name, at in self._delivered.items() if name in names}
        new = [each for each in present if each.name not in self._delivered]
        # Old ones after new ones: on a bad line offering again must not keep the rest from ever being offered.
        return new + [each for each in present if now - self._delivered.get(each.name, now) >= RESEND_S]

    def _next_batch(
        self, waiting: list[spool.SpoolFile]
    ) -> tuple[list[tuple[spool.SpoolFile, bytes]], list[spool.SpoolFile]]:
        """Files from the front that fit one body. One that vanished was acknowledged meanwhile."""
        batch: list[tuple[spool.SpoolFile, bytes]] = []
        size = 0
        for index, each in enumerate(waiting):
            data = _read(each)
            if data is None:
                continue
            size += len(data) + 4
            if batch and (size > api.MAX_BATCH_BYTES or len(batch) == self.batch_files):
                return batch, waiting[index:]
            batch.append((each, data))
        return batch, []

    def _deliver(self, path: str, batch: list[tuple[spool.SpoolFile, bytes]]) -> int:
        if not batch:
            return 0
        answer = api.read_answer(self.wire.post(path, api.pack([data for _, data in batch]), (200,)).body)
        if len(answer.files) != len(batch):
            raise BadAnswer("the answer is not about this batch")
        self._reached()
        said = {each.digest: each for each in answer.files}
        return sum(self._note(file, said.get(hashlib.sha256(data).hexdigest())) for file, data in batch)

    def _note(self, file: spool.SpoolFile, answer: api.FileAnswer | None) -> bool:
        """Believe an answer only about exactly the bytes that were sent."""
        if answer is None:
            log.warning("damaged on the way: %s", file.name)
            return False
        if answer.outcome is api.FileOutcome.REFUSED:
            self.status.refused += 1
            log.warning("refused by the district: %s (%s)", file.name, answer.reason)
            # Offered again later: the kiosk decides what becomes of it, never the courier.
            self._delivered[file.name] = self.clock()
            return False
        self._delivered[file.name] = self.clock()
        self.status.sent += 1
        return True

    # -- down ----------------------------------------------------------------------------------

    def _fetch_bundle(self) -> int:
        held = self.home.bundle_tag()
        answer = self.wire.get(api.bundle_path(self.home.link.area, self.home.link.device), held, (200, 304))
        self._reached()
        if answer.status == 304:
            return 0
        self._place(spool.FileKind.BUNDLE, "newest", answer.body)
        self.home.keep_bundle_tag(answer.tag)
        return 1

    def _fetch_orders(self) -> int:
        answer = self.wire.get(api.orders_path(self.home.link.area, self.home.link.device), "", (200, 204))
        self._reached()
        files = (
            {} if answer.status == 204 else {hashlib.sha256(each).hexdigest(): each for each in _frames(answer.body)}
        )
        fresh = files.keys() - self._ordered
        for digest in sorted(fresh):
            self._place(spool.FileKind.ORDER, digest, files[digest])
        self._ordered = frozenset(files)
        return len(fresh)

    def _fetch_checkpoint(self) -> int:
        """Of the newest epoch that ever lay here: it speaks for the earlier ones too."""
        newest = max((each for each in map(_epoch, self._all()) if each is not None), default=0)
        if newest > self.home.link.epoch:
            self.home = courier_home.moved(self.home, newest)
        epoch = self.home.link.epoch
        answer = self.wire.get(api.checkpoint_path(self.home.link.area, self.home.link.device, epoch), "", (200,))
        self._reached()
        self._place(spool.FileKind.CHECKPOINT, f"{epoch:06d}", answer.body)
        return 1

    def _place(self, kind: spool.FileKind, name: str, data: bytes) -> None:
        """By rename, over an older file of the same kind that nobody consumed yet."""
        spool.Inbox(self.home.inbox).deliver(kind, name, data)

    def _reached(self) -> None:
        with self._lock:
            self.status.last_contact = int(self.clock())
            self.status.fault = ""


def run(courier: Courier, stop: threading.Event, rng: random.Random) -> None:
    """Both directions until ``stop``, each in its own thread with its own back-off.

    What nobody foresaw in one direction ends both and is raised: half a courier would look alive for ever.
    """
    with ThreadPoolExecutor(len(Need), thread_name_prefix="courier") as pool:
        directions = [pool.submit(_loop, courier, need, stop, random.Random(rng.random())) for need in Need]  # noqa: S311
        wait(directions, return_when=FIRST_EXCEPTION)
        stop.set()
    for each in directions:
        each.result()


def _loop(courier: Courier, need: Need, stop: threading.Event, rng: random.Random) -> None:
    backoff = Backoff(rng)
    act = courier.upload if need is Need.UPLOAD else courier.download
    while not stop.is_set():
        moved = once(courier, act, backoff)
        courier.write_status()
        eager = need is Need.UPLOAD or moved
        _rest(courier, need, stop, backoff.pause() if backoff.failures else (EAGER_PAUSE_S if eager else CALM_PAUSE_S))


def _rest(courier: Courier, need: Need, stop: threading.Event, seconds: float) -> None:
    """Pause, unless it stops, somebody at the kiosk asks to try now, or an upload has earned a new checkpoint."""
    outbox = spool.Outbox(courier.home.out)

    def news() -> tuple[int, int]:
        return outbox.woken_at(), courier.status.sent if need is not Need.UPLOAD else 0

    before, left = news(), seconds
    while left > 0 and news() == before and not stop.wait(min(left, LOOK_S)):
        left -= LOOK_S


def once(courier: Courier, act: Callable[[], int], backoff: Backoff) -> int:
    """One round in one direction; a fault is noted and slows the next round down.

    A line that broke after it had carried something is a line that flaps: its pauses start anew and do not add up.
    """
    before = courier.status.sent
    try:
        moved = act()
    except (SyncError, SpoolFault, BadBytes, OSError) as error:
        if isinstance(error, Unreachable) and courier.status.sent > before:
            backoff.succeeded()
        backoff.failed()
        courier.status.fault = "disk" if isinstance(error, OSError) else str(error.key)
        log.log(logging.ERROR if isinstance(error, NotTrusted) else logging.INFO, "%s: %s", act.__name__, error)
        return 0
    backoff.succeeded()
    return moved


def _frames(body: bytes) -> tuple[bytes, ...]:
    try:
        return api.unpack(body)
    except ValueError as error:
        raise BadAnswer("the answer with orders cannot be read") from error


def _epoch(file: spool.SpoolFile) -> int | None:
    place = spool.segment_place(file.name)
    return None if place is None else int(place[0])


def _read(file: spool.SpoolFile) -> bytes | None:
    try:
        return spool.read(file, api.MAX_BATCH_BYTES - 4)
    except SpoolFault:
        return None
