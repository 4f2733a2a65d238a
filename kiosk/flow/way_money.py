"""Cash between payouts: added, returned, handed to the next operator, and a payout taken back.

Everything is counted first, then a second person is named, then the journal has it, then a slip is printed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk.flow import events as ev
from kiosk.flow import events_money as em
from kiosk.flow import way_lease
from kiosk.flow.effects import CompareCount, NotePaper, Print
from kiosk.flow.effects_money import ListPayouts, MoveCash, PrintNotice, Reverse
from kiosk.flow.find import found_paid
from kiosk.flow.screens import CountClose, RefusedScreen, TypeName, TypeWords, Wait, Waiting
from kiosk.flow.screens_money import (
    ChoosePayout,
    ChooseSecond,
    CountMove,
    MoneyMenu,
    Move,
    Noted,
    OtherSession,
    PaidPayout,
    Reversal,
    ReversalCount,
    ReversalReasonScreen,
)
from kiosk.flow.steps import Step, ask, counted, fault, go, key_heard, leave
from kiosk.flow.values import Count, PrintResult
from kiosk.flow.values_house import Wording
from kiosk.flow.values_money import NoticeKind, PaidRow
from kiosk.flow.way_in import start_of_day

ROWS_ON_PAGE = 3


def money_menu(screen: MoneyMenu, event: ev.Event) -> Step:
    """What is to be done with the cash."""
    match event:
        case em.AskMove(way):
            return go(CountMove(screen.frame, screen.shift, way, Count()))
        case em.AskPayouts():
            return ask(screen, Wait.LISTING, ListPayouts)
        case ev.Back():
            return go(start_of_day(screen.frame, screen.shift))
        case _:
            return way_lease.opened(screen, event)


def count_move(screen: CountMove, event: ev.Event) -> Step:
    """Count what changes hands; nothing is no movement."""
    if (count := counted(screen.count, event)) is not None:
        return key_heard(replace(screen, count=count))
    match event:
        case ev.Confirm() if screen.count.notes.amount:
            return go(ChooseSecond(screen.frame, screen.shift, Move(screen.way, screen.count.notes)))
        case ev.Back():
            return go(MoneyMenu(screen.frame, screen.shift))
        case _:
            return go(screen)


def choose_second(screen: ChooseSecond, event: ev.Event) -> Step:
    """With whom: one of the known ones, or a name that is typed."""
    match event:
        case em.SecondChosen(index) if 0 <= index < len(screen.names):
            return with_second(screen, screen.names[index])
        case ev.AskName():
            return go(TypeName(screen.frame, screen))
        case ev.Back():
            return go(_count_again(screen))
        case _:
            return go(screen)


def _count_again(screen: ChooseSecond) -> CountMove | ReversalCount:
    task = screen.task
    count = Count(task.notes.counts)
    if isinstance(task, Move):
        return CountMove(screen.frame, screen.shift, task.way, count)
    return ReversalCount(screen.frame, screen.shift, task.row, task.reason, count)


def with_second(screen: ChooseSecond, name: str) -> Step:
    """The other person is known: let the desk write it down."""
    task = screen.task
    if isinstance(task, Move):
        return ask(screen, Wait.MOVING, lambda operation: MoveCash(operation, task.way, task.notes, name))
    payout = task.row.payout
    return ask(screen, Wait.REVERSING, lambda operation: Reverse(operation, payout, task.reason, task.notes, name))


def noted(screen: Noted, event: ev.Event) -> Step:
    """The slip; after a hand-over the empty drawer is closed."""
    match event:
        case ev.Printed(operation, result) if operation == screen.awaited:
            return go(replace(screen, awaited=None, result=result))
        case ev.AskReprint() if screen.awaited is None:
            return _print(screen)
        case ev.Confirm() if screen.awaited is None and screen.notice.kind is NoticeKind.HANDED_OVER:
            empty = CountClose(screen.frame, screen.shift, Count())
            return ask(empty, Wait.COMPARING, lambda operation: CompareCount(operation, empty.count.notes))
        case ev.Confirm() if screen.awaited is None:
            return go(start_of_day(screen.frame, screen.shift))
        case _:
            return go(screen)


def _print(screen: Noted) -> Step:
    operation = screen.frame.next_operation
    printing = replace(screen, frame=screen.frame.issued(), awaited=operation, result=None)
    return go(printing, PrintNotice(operation))


def choose_payout(screen: ChoosePayout, event: ev.Event) -> Step:
    """Which payout is meant."""
    match event:
        case em.PayoutChosen(payout):
            found = [row for row in shown_payouts(screen) if row.payout == payout]
            return go(PaidPayout(screen.frame, screen.shift, screen.rows, found[0]) if found else screen)
        case ev.Scrolled(page) if 0 <= page * ROWS_ON_PAGE < len(shown_payouts(screen)):
            return go(replace(screen, page=page))
        case ev.AskWords(Wording.FIND):
            return go(TypeWords(screen.frame, screen, Wording.FIND, screen.search))
        case ev.Back() if screen.search:
            return go(replace(screen, search="", page=0))
        case ev.Back():
            return go(MoneyMenu(screen.frame, screen.shift))
        case _:
            return go(screen)


def shown_payouts(screen: ChoosePayout) -> tuple[PaidRow, ...]:
    """The payouts that were looked for, or all of them."""
    return found_paid(screen.rows, screen.search)


def paid_payout(screen: PaidPayout, event: ev.Event) -> Step:
    """Its receipt once more, marked as a reprint; or all of it back."""
    match event:
        case ev.Printed(operation, result) if operation == screen.awaited:
            return go(replace(screen, awaited=None, result=result))
        case _ if screen.awaited is not None:
            return go(screen)
        case ev.PaperSeen(printed) if screen.result is PrintResult.UNKNOWN and not screen.asked:
            result = PrintResult.PRINTED if printed else PrintResult.FAILED
            noted = NotePaper(screen.row.payout, screen.row.prints - 1, printed)
            return go(replace(screen, result=result, asked=True), noted)
        case ev.AskReprint() | em.AskReversal() if screen.result is PrintResult.UNKNOWN and not screen.asked:
            return go(screen)  # first: did it come out?
        case ev.AskReprint():
            return _reprint(screen)
        case em.AskReversal():
            return go(ReversalReasonScreen(screen.frame, screen.shift, screen.row))
        case ev.Back():
            return go(ChoosePayout(screen.frame, screen.shift, screen.rows))
        case _:
            return go(screen)


def _reprint(screen: PaidPayout) -> Step:
    operation, copy = screen.frame.next_operation, screen.row.prints
    row = replace(screen.row, prints=copy + 1)
    rows = tuple(row if each.payout == row.payout else each for each in screen.rows)
    frame = screen.frame.issued()
    printing = PaidPayout(frame, screen.shift, rows, row, operation)
    return go(printing, Print(operation, row.payout, copy))


def reversal_reason(screen: ReversalReasonScreen, event: ev.Event) -> Step:
    """Why."""
    match event:
        case em.ReversalChosen(reason):
            return go(ReversalCount(screen.frame, screen.shift, screen.row, reason, Count()))
        case ev.Back():
            return ask(MoneyMenu(screen.frame, screen.shift), Wait.LISTING, ListPayouts)
        case _:
            return go(screen)


def reversal_count(screen: ReversalCount, event: ev.Event) -> Step:
    """Count what came back; only the whole sum goes on."""
    if (count := counted(screen.count, event)) is not None:
        return key_heard(replace(screen, count=count))
    match event:
        case ev.Confirm() if screen.count.notes.amount == screen.row.total:
            task = Reversal(screen.row, screen.reason, screen.count.notes)
            return go(ChooseSecond(screen.frame, screen.shift, task))
        case ev.Back():
            return go(ReversalReasonScreen(screen.frame, screen.shift, screen.row))
        case _:
            return go(screen)


def other_session(screen: OtherSession, event: ev.Event) -> Step:
    """Sign out for the colleague, or count and close for them."""
    match event:
        case ev.AskClose():
            return go(CountClose(screen.frame, screen.shift, Count()))
        case ev.Confirm():
            return leave(screen.frame)
        case _:
            return go(screen)


def answered(waiting: Waiting, event: ev.Event) -> Step:
    """Answers to requests of this way."""
    under = waiting.under
    match event, under:
        case em.MoneyMoved(_, shift, notice), ChooseSecond():
            return _print(Noted(under.frame, shift, notice, None))
        case em.PayoutsListed(_, rows), MoneyMenu():
            return go(ChoosePayout(under.frame, under.shift, rows))
        case ev.Refused(_, key), ChooseSecond():
            return go(RefusedScreen(under.frame, under.shift, None, key, exact=True))
        case ev.Failed(), _:
            return fault(waiting, event)
        case _:
            return go(waiting)


WAYS: dict[type, Callable[[Any, ev.Event], Step]] = {
    MoneyMenu: money_menu,
    CountMove: count_move,
    ChooseSecond: choose_second,
    Noted: noted,
    ChoosePayout: choose_payout,
    PaidPayout: paid_payout,
    ReversalReasonScreen: reversal_reason,
    ReversalCount: reversal_count,
    OtherSession: other_session,
}
