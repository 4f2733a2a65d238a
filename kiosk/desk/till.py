"""The till: sessions, hand-over, void, count, close, and the paper for it (plan §4.5 to §4.9).

Each handler writes its fact first and answers then, so that what a screen shows is already durable.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from hardware.printer.driver import Printer
from hardware.printer.layout import Strokes, warm
from hardware.printer.raster import RasterPage
from hardware.printer.state import PrinterState
from kiosk.desk.books import Books
from kiosk.desk.hours import Monotonic
from kiosk.desk.received import received
from kiosk.desk.slips import Issuer, session_name
from kiosk.devices.power import Charge
from kiosk.exchange.attachment import Attachment, AttachmentKind, new_attachment
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.paper import page_for
from kiosk.payout import actions, canonical
from kiosk.payout import journal as j
from kiosk.payout.cash import CashSession
from kiosk.payout.names import Digest, Method, SessionId, UnixSeconds
from kiosk.payout.receipt import MAX_DAY_ROWS, CopyKind, ReceiptDocument
from kiosk.payout.rules import Refusal
from kiosk.payout.standing import PayoutState, Status

log = logging.getLogger("tannha.till")
LOOK_SECONDS = 5.0
ShiftOf = Callable[[Books], v.Shift]
Post = Callable[[ev.Event], None]


class Till:
    """Handlers of the effects between authorisation and close."""

    def __init__(self, printer: Printer | None, monotonic: Monotonic, post: Post, *, agent_copy: bool = False) -> None:
        """``agent_copy``: of every receipt, not only where somebody cannot sign."""
        self._printer, self._monotonic, self._post, self._agent_copy = printer, monotonic, post, agent_copy
        self._slip: ReceiptDocument | None = None
        self._slip_prints = 0
        self._closed: tuple[CashSession, j.SessionClosed, UnixSeconds, int] | None = None
        self._looked = 0.0

    def perform(self, books: Books, effect: ef.Effect, shift: ShiftOf) -> tuple[ev.Event, ...]:
        """Do one effect; the events that answer it. Raises StoreError."""
        match effect:
            case ef.OpenSession():
                return (self._open_session(books, effect, shift),)
            case ef.LoadRoute(operation):
                return (ev.RouteLoaded(operation, books.board().rows()),)
            case ef.LoadHousehold(operation, household):
                return (ev.HouseholdLoaded(operation, books.board().household(household)),)
            case ef.ResolveUncertain():
                return (self._resolve(books, effect, shift),)
            case ef.CompareCount(operation, notes):
                return (ev.CountCompared(operation, books.board().report(notes)),)
            case ef.CloseSession():
                return (self._close(books, effect),)
            case ef.Complete() | ef.VoidPayout() | ef.RecordUnpaid():
                return (self._visit(books, effect),)
            case _:
                return self._paper(books, effect)

    def _visit(self, books: Books, effect: ef.Complete | ef.VoidPayout | ef.RecordUnpaid) -> ev.Event:
        match effect:
            case ef.Complete():
                return self._complete(books, effect)
            case ef.VoidPayout():
                return self._void(books, effect)
            case ef.RecordUnpaid():
                return self._unpaid(books, effect)

    # -- session --------------------------------------------------------------------------------------------------

    def _open_session(self, books: Books, effect: ef.OpenSession, shift: ShiftOf) -> ev.Event:
        name = session_name(books.standing.device, books.standing, books.operator.id)
        fact = actions.open_session(
            books.standing, SessionId(name), books.operator.id, effect.notes, effect.received_from
        )
        if isinstance(fact, Refusal):
            return ev.Refused(effect.operation, fact.key)
        books.write(fact)
        return ev.SessionOpened(effect.operation, shift(books))

    def _close(self, books: Books, effect: ef.CloseSession) -> ev.Event:
        session = books.standing.session
        fact = actions.close_session(books.standing, books.operator.id, effect.notes, effect.reason, "")
        if isinstance(fact, Refusal) or session is None:
            key = fact.key if isinstance(fact, Refusal) else v.RefusalKey.NO_SESSION
            return ev.Refused(effect.operation, key)
        report = books.board().report(effect.notes)
        entry = books.write(fact)
        self._closed = (session, fact, entry.at, report.payouts)
        return ev.SessionClosed(effect.operation, report)

    # -- payout ---------------------------------------------------------------------------------------------------

    def _complete(self, books: Books, effect: ef.Complete) -> ev.Event:
        drawn, witness = drawn_of(effect.strokes), _witnessed(effect.witness)
        fact = _completed(effect, _digest(drawn), _digest(witness))
        books.write(fact, attachments=tuple(each for each in (drawn, witness) if each is not None))
        code = j.slip_code(books.standing.payouts[effect.payout].authorised_hash)
        return ev.Completed(effect.operation, books.board().rows(), _in_drawer(books), code)

    def _void(self, books: Books, effect: ef.VoidPayout) -> ev.Event:
        counted = None if effect.counted is None else effect.counted.amount
        fact = actions.void(books.standing, effect.payout, effect.reason, counted)
        if isinstance(fact, Refusal):
            return ev.Failed(effect.operation, v.Trouble.STORE)
        entry = books.write(fact)
        slip = self.issuer(books).not_paid(books.standing.payouts[effect.payout], fact, entry)
        result = self.print_slip(slip)
        return ev.Voided(effect.operation, books.board().rows(), fact.reason, str(slip.origin.number), result)

    def _resolve(self, books: Books, effect: ef.ResolveUncertain, shift: ShiftOf) -> ev.Event:
        fact = actions.resolve(books.standing, effect.payout, effect.outcome, effect.counted.amount, books.operator.id)
        if isinstance(fact, Refusal):
            return ev.Failed(effect.operation, v.Trouble.STORE)
        books.write(fact)
        return ev.UncertainSettled(effect.operation, shift(books))

    def _unpaid(self, books: Books, effect: ef.RecordUnpaid) -> ev.Event:
        session, board = books.standing.session, books.board()
        if session is None:
            return ev.Failed(effect.operation, v.Trouble.STORE)
        note = "" if effect.told_by is None else effect.told_by.value
        people = board.household(effect.household).recipients
        for each in (one for one in people if effect.who in (None, one.person.id)):
            open_ids = tuple(owed.id for owed in board.payable(each.person.id) if owed.method is Method.CASH)
            if open_ids:
                who = each.person.id
                books.write(j.VisitUnpaid(session.session, books.operator.id, who, effect.reason, open_ids, note))
        return ev.UnpaidNoted(effect.operation, books.board().rows())

    # -- paper ----------------------------------------------------------------------------------------------------

    def _paper(self, books: Books, effect: ef.Effect) -> tuple[ev.Event, ...]:
        match effect:
            case ef.Print():
                return (ev.Printed(effect.operation, self._print_receipt(books, effect)),)
            case ef.NotePaper(payout, copy, printed):
                books.write(j.PaperSeen(payout, copy, printed))
                return ()
            case ef.PrintCashReport(operation):
                return (ev.Printed(operation, self._print_report(books)),)
            case _:
                raise TypeError(f"nobody performs {type(effect).__name__}")

    def _print_receipt(self, books: Books, effect: ef.Print) -> v.PrintResult:
        """Print, then write down what became of it; a printer never touches the payout (plan §4.7)."""
        state = books.standing.payouts[effect.payout]
        done, issuer = received(books, effect.payout), self.issuer(books)
        kept = self._agent_copy or done.cannot_sign is not None
        copies = [CopyKind.ORIGINAL, CopyKind.AGENT] if kept else [CopyKind.ORIGINAL]
        results = [
            self._print(issuer.receipt(state, state.prints, done.cannot_sign, done.witness, copy), done.strokes)
            for copy in copies
        ]
        worst = max(results, key=_SEVERITY.index)
        books.write(j.ReceiptPrinted(effect.payout, state.prints, worst))
        return worst

    def _print_report(self, books: Books) -> v.PrintResult:
        if self._closed is None:
            return v.PrintResult.FAILED
        session, closed, at, payouts = self._closed
        simulated = books.mode is v.Mode.PRACTICE
        issuer = self.issuer(books)
        paid = _only_here(books, session)
        lists = (paid[first : first + MAX_DAY_ROWS] for first in range(0, len(paid), MAX_DAY_ROWS))
        papers: tuple[ReceiptDocument, ...] = (
            issuer.cash_report(session, closed, at, payouts, simulated),
            *(issuer.day_list(each, at, simulated=simulated) for each in lists),
        )
        return max((self._print(paper, None) for paper in papers), key=_SEVERITY.index)

    def print_slip(self, document: ReceiptDocument) -> v.PrintResult:
        """Any paper that needs no signature on it."""
        return self._print(document, None)

    def print_new(self, document: ReceiptDocument) -> v.PrintResult:
        """A slip that can be asked for again."""
        self.keep_slip(document)
        return self.print_again()

    def keep_slip(self, document: ReceiptDocument) -> None:
        """The slip of what was done last: printed as often as it is asked for."""
        self._slip, self._slip_prints = document, 0

    def print_again(self) -> v.PrintResult:
        """The kept slip, from the second time on marked as a reprint of the same number."""
        if self._slip is None:
            return v.PrintResult.FAILED
        again = replace(self._slip, origin=replace(self._slip.origin, reprint=self._slip_prints))
        self._slip_prints += 1
        return self._print(again, None)

    def _print(self, document: ReceiptDocument, signature: Strokes | None) -> v.PrintResult:
        if self._printer is None:
            return v.PrintResult.FAILED
        page: RasterPage = page_for(document, self._printer.profile.paper, signature)
        outcome = self._printer.print_page(page)
        log.info("paper: %s (%s) %s", outcome.result, outcome.reason, " ".join(sorted(page.flags)))
        self._show(outcome.state)  # before the result: the page that says "no slip" says at once what to do
        return v.PrintResult(outcome.result.value)

    @staticmethod
    def issuer(books: Books) -> Issuer:
        """Who issues papers now."""
        return Issuer(books.pay_list, books.standing, books.operator.name, books.keys.sign)

    def warm(self) -> None:
        """Load the paper's fonts before the first recipient waits for a slip."""
        if self._printer is not None:
            warm(self._printer.profile.paper)

    def close(self) -> None:
        """Let the printer go."""
        if self._printer is not None:
            self._printer.close()

    @staticmethod
    def look_at_battery(now: Charge | None, post: Post) -> None:
        """Show how full the battery is; a device without one shows none."""
        if now is not None:
            post(ev.StateSeen(battery=v.Battery(now.percent, now.charging)))

    def look(self) -> None:
        """Ask the printer how it is, not more often than every few seconds."""
        now = self._monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        self._show(PrinterState.OFFLINE if self._printer is None else self._printer.status())

    def _show(self, state: PrinterState) -> None:
        self._post(ev.StateSeen(printer=v.PrinterLight(state.value)))


_SEVERITY = (v.PrintResult.PRINTED, v.PrintResult.UNKNOWN, v.PrintResult.FAILED)


def _only_here(books: Books, session: CashSession) -> list[PayoutState]:
    """What a session paid, while the district has not said that it holds it: lost with the kit, were it lost now."""
    standing, box = books.standing, books.store.outbox(books.standing.epoch)
    if box is not None and box.acknowledged >= standing.next_sequence - 1:
        return []  # all but the close itself
    mine = (each for each in standing.payouts.values() if each.session == session.session)
    return [each for each in mine if each.status is Status.COMPLETED]


def drawn_of(strokes: tuple[v.Stroke, ...]) -> Attachment | None:
    """The signature as evidence: its points, as canonical JSON."""
    if not strokes:
        return None
    content = canonical.to_bytes([[list(point) for point in stroke] for stroke in strokes])
    return new_attachment(AttachmentKind.STROKES, content)


def _witnessed(name: str) -> Attachment | None:
    """Who saw the ink print: a name, so it lies outside the journal like the signature."""
    return new_attachment(AttachmentKind.WITNESS, name.encode("utf-8")) if name else None


def _digest(attachment: Attachment | None) -> Digest | None:
    return None if attachment is None else attachment.digest


def _completed(effect: ef.Complete, signature: Digest | None, witness: Digest | None) -> j.PayoutCompleted:
    return j.PayoutCompleted(
        payout=effect.payout,
        given=effect.hand_over.give.counts,
        back=effect.hand_over.back.counts,
        signature=signature,
        cannot_sign=effect.cannot_sign,
        witness=witness,
    )


def _in_drawer(books: Books) -> int:
    session = books.standing.session
    return 0 if session is None else int(session.expected)
