"""The printer driver: says what it knows and nothing more.

``printed`` needs the printer's own word that the last row is on paper. Whatever was sent without
that word is ``unknown``, and the operator is asked. ``failed`` means that not one byte of the paper
was handed over. A job is never resumed: a broken one is followed by a reprint, marked as such.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from hardware.printer.dialogue import Dialogue, Patience
from hardware.printer.errors import PortLost, PortStalled, PortUnavailable, PrinterError
from hardware.printer.escpos import Job, job_for
from hardware.printer.ports import Connect
from hardware.printer.profiles import Confirmation, Profile
from hardware.printer.raster import RasterPage
from hardware.printer.state import PrinterState

_ASK_EVERY_BYTES = 2048
_CLEAR_HEAD = bytes(8)
"""First on every connection: the last one may have been cut inside a command's head, and the printer
would take a status question for the size of a picture. NULs make it a picture of no size."""

__all__ = ["Patience", "PrintOutcome", "Printer", "Reason", "Result"]


class Result(StrEnum):
    """What became of a job."""

    PRINTED = "printed"
    UNKNOWN = "unknown"
    FAILED = "failed"


class Reason(StrEnum):
    """Why a job is not known to be printed; each is one sentence on the agent's screen."""

    NONE = "none"
    ASK_OPERATOR = "ask_operator"
    NO_PAPER = "no_paper"
    COVER_OPEN = "cover_open"
    HOT = "hot"
    OFFLINE = "offline"
    ERROR = "error"
    SILENT = "silent"
    STALLED = "stalled"
    CONNECTION_LOST = "connection_lost"
    NOT_CONNECTED = "not_connected"


_REASON_OF = {
    PrinterState.READY: Reason.ASK_OPERATOR,
    PrinterState.PAPER_LOW: Reason.ASK_OPERATOR,
    PrinterState.NO_PAPER: Reason.NO_PAPER,
    PrinterState.COVER_OPEN: Reason.COVER_OPEN,
    PrinterState.HOT: Reason.HOT,
    PrinterState.OFFLINE: Reason.OFFLINE,
    PrinterState.ERROR: Reason.ERROR,
    PrinterState.UNKNOWN: Reason.SILENT,
}


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """What is known of a job: at least ``sent`` of ``size`` bytes went out; ``state`` was read last.

    ``first_byte_s``: seconds from the call until the first bytes of the paper were on the wire.
    """

    result: Result
    reason: Reason
    state: PrinterState
    sent: int = 0
    size: int = 0
    first_byte_s: float = 0.0

    @property
    def offer_reprint(self) -> bool:
        """Whether the screen should offer to print again."""
        return self.result is not Result.PRINTED


@dataclass(slots=True)
class _Progress:
    """How far one job has come."""

    job: Job
    started: float
    begun: bool = False
    sent: int = 0
    first_byte_s: float = 0.0

    def outcome(self, reason: Reason, state: PrinterState) -> PrintOutcome:
        """PRINTED without a reason, FAILED when nothing was handed over, UNKNOWN between."""
        result = Result.PRINTED if reason is Reason.NONE else Result.UNKNOWN
        if not self.begun:
            result = Result.FAILED
        return PrintOutcome(result, reason, state, self.sent, self.job.size, self.first_byte_s)


@dataclass(slots=True)
class Printer:
    """One printer behind a way to connect to it. Not for two threads at once.

    The connection is kept (Bluetooth takes seconds to open) and dropped at its first fault. One
    that went stale while nothing was being printed is opened again without a word.
    """

    connect: Connect
    profile: Profile
    patience: Patience = field(default_factory=Patience)
    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    _open: Dialogue | None = None
    _left_open: bool = False
    """Whether the last job broke off, perhaps inside a raster command."""
    _idents: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def status(self) -> PrinterState:
        """The printer's state now. Cannot connect is OFFLINE, silence is UNKNOWN. Never raises."""
        try:
            return self._greet()[1]
        except PrinterError:
            return PrinterState.OFFLINE

    def print_page(self, page: RasterPage) -> PrintOutcome:
        """Send a page and find out what became of it. Never raises for what a printer may do.

        Raises ValueError when the page was laid out for another paper.
        """
        if page.paper.width != self.profile.paper.width:
            raise ValueError(f"a page for {page.paper.name} paper on {self.profile.name}")
        ident = b"%04d" % (next(self._idents) % 10_000)
        progress = _Progress(job_for(page, self.profile, ident), self.now())
        try:
            dialogue, state = self._greet()
        except PortUnavailable:
            return progress.outcome(Reason.NOT_CONNECTED, PrinterState.OFFLINE)
        except PortStalled:
            return progress.outcome(Reason.STALLED, PrinterState.OFFLINE)
        except PortLost:
            return progress.outcome(Reason.CONNECTION_LOST, PrinterState.OFFLINE)
        if not state.can_print:
            return progress.outcome(_REASON_OF[state], state)
        return self._run(dialogue, progress, ident)

    def close(self) -> None:
        """Let the device go; the next call opens it again."""
        if self._open is not None:
            self._open.port.close()
        self._open = None

    def _greet(self) -> tuple[Dialogue, PrinterState]:
        """An answered status on a live connection; a stale one is replaced once."""
        fresh = self._open is None
        dialogue = self._dialogue()
        try:
            if fresh:
                dialogue.send(_CLEAR_HEAD)
            return dialogue, dialogue.status().state
        except (PortLost, PortStalled):
            self.close()
            if fresh:
                raise
        return self._greet()

    def _dialogue(self) -> Dialogue:
        if self._open is None:
            self._open = Dialogue(self.connect(), self.patience, self.now)
        return self._open

    def _run(self, dialogue: Dialogue, progress: _Progress, ident: bytes) -> PrintOutcome:
        try:
            state = self._send(dialogue, progress)
            if not state.can_print:
                return progress.outcome(_REASON_OF[state], state)
            return progress.outcome(*self._finish(dialogue, ident))
        except PortStalled as stalled:
            progress.sent += stalled.sent if progress.begun else 0
            return self._after_stall(dialogue, progress)
        except PortLost:
            self.close()
            return progress.outcome(Reason.CONNECTION_LOST, PrinterState.OFFLINE)

    def _send(self, dialogue: Dialogue, progress: _Progress) -> PrinterState:
        """The job in chunks, at the profile's pace; READY, or the state in which we stopped.

        Between two commands, never inside one, the printer is asked whether it is in trouble:
        sending on into a printer without paper only fills its buffer with half a receipt.
        """
        unasked = 0
        self._flush(dialogue)
        self._left_open = progress.begun = True
        for piece in progress.job.pieces:
            self._send_piece(dialogue, piece, progress)
            unasked += len(piece)
            if dialogue.talks and unasked >= _ASK_EVERY_BYTES:
                unasked = 0
                if dialogue.in_trouble() and not (state := dialogue.status().state).can_print:
                    self._left_open = False
                    return state
        self._left_open = False
        return PrinterState.READY

    def _flush(self, dialogue: Dialogue) -> None:
        """After a job that broke off, NULs: they end the raster command that the printer may still
        wait in, as white rows, and are passed over where none is open."""
        if self._left_open:
            dialogue.send(bytes(self.profile.band_rows * self.profile.paper.row_bytes))
            self._left_open = False

    def _send_piece(self, dialogue: Dialogue, piece: bytes, progress: _Progress) -> None:
        for start in range(0, len(piece), self.profile.chunk_bytes):
            chunk = piece[start : start + self.profile.chunk_bytes]
            dialogue.send(chunk)
            if progress.sent == 0:
                progress.first_byte_s = self.now() - progress.started
            progress.sent += len(chunk)
            if self.profile.bytes_per_second:
                self.pause(len(chunk) / self.profile.bytes_per_second)

    def _finish(self, dialogue: Dialogue, ident: bytes) -> tuple[Reason, PrinterState]:
        """NONE only on the printer's own word; otherwise what it says of itself, or ask."""
        confirms = self.profile.confirmation is Confirmation.PROCESS_ID
        confirmed = confirms and dialogue.talks and dialogue.wait_printed(ident)
        state = dialogue.status().state
        late = ident in dialogue.finished
        return (Reason.NONE if confirmed or late else _REASON_OF[state]), state

    def _after_stall(self, dialogue: Dialogue, progress: _Progress) -> PrintOutcome:
        """The buffer is full: a real-time question may still get through and say why."""
        try:
            state = dialogue.status().state
        except (PortLost, PortStalled):
            state = PrinterState.OFFLINE
        self.close()
        told = not state.can_print and state is not PrinterState.OFFLINE
        return progress.outcome(_REASON_OF[state] if told else Reason.STALLED, state)
