"""Cash between payouts: added, returned, handed over, and a payout taken back (M4).

The fact is durable before anything is answered or printed; the slip of the last one can be printed again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from kiosk.desk.books import Books
from kiosk.desk.leases import Leases
from kiosk.desk.till import Till
from kiosk.flow import effects_money as ef
from kiosk.flow import events as ev
from kiosk.flow import events_money as em
from kiosk.flow import values as v
from kiosk.flow.effects_lease import LeaseEffect
from kiosk.flow.values_money import Notice, NoticeKind, PaidRow
from kiosk.payout import actions
from kiosk.payout.rules import VIETNAM, Refusal
from kiosk.payout.standing import PayoutState, Status

ShiftOf = Callable[[Books], v.Shift]
MAX_ROWS = 300
"""Payouts of one long day; older ones are the district's to take back."""


class Money:
    """Handlers of cash that moves outside a payout, and of leases that go from device to device."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._leases = Leases(till)

    def perform(self, books: Books, effect: ef.MoneyEffect | LeaseEffect, shift: ShiftOf) -> ev.Event:
        """Do one effect; the event that answers it. Raises StoreError."""
        match effect:
            case ef.MoveCash():
                return self._move(books, effect, shift)
            case ef.ListPayouts(operation):
                return em.PayoutsListed(operation, _payouts(books))
            case ef.Reverse():
                return self._reverse(books, effect, shift)
            case ef.PrintNotice(operation):
                return ev.Printed(operation, self._till.print_again())
            case _:
                return self._leases.perform(books, effect, shift)

    def _move(self, books: Books, effect: ef.MoveCash, shift: ShiftOf) -> ev.Event:
        fact = actions.move_cash(books.standing, effect.way, effect.notes, books.operator, effect.second)
        if isinstance(fact, Refusal):
            return ev.Refused(effect.operation, fact.key)
        entry = books.write(fact)
        self._till.keep_slip(self._till.issuer(books).handover(fact, effect.way, entry))
        notice = Notice(NoticeKind(effect.way.value), fact.amount, fact.second)
        return em.MoneyMoved(effect.operation, shift(books), notice)

    def _reverse(self, books: Books, effect: ef.Reverse, shift: ShiftOf) -> ev.Event:
        fact = actions.reverse(
            books.standing, effect.payout, effect.reason, effect.notes, books.operator, effect.second
        )
        if isinstance(fact, Refusal):
            return ev.Refused(effect.operation, fact.key)
        state = books.standing.payouts[effect.payout]
        entry = books.write(fact)
        self._till.keep_slip(self._till.issuer(books).reversal(state, fact, entry))
        about = books.board().recipient(state.recipient).person.full_name
        notice = Notice(NoticeKind.REVERSED, state.total, fact.second, about)
        return em.MoneyMoved(effect.operation, shift(books), notice)


def _payouts(books: Books) -> tuple[PaidRow, ...]:
    """Whatever stands as paid by this device in this epoch and is still on the list, the newest first."""
    names = {each.person.id: each.person.full_name for each in books.pay_list.payees}
    names |= {each.person.id: each.person.full_name for each in books.pay_list.recipients}
    done = [each for each in reversed(books.standing.payouts.values()) if each.status is Status.COMPLETED]
    known = [each for each in done if {each.recipient, each.payee} <= names.keys()]
    return tuple(_row(books, each, names[each.payee]) for each in known[:MAX_ROWS])


def _row(books: Books, state: PayoutState, payee: str) -> PaidRow:
    board = books.board()
    person = board.recipient(state.recipient).person
    at = datetime.fromtimestamp(state.settled_at or state.authorised_at, UTC).astimezone(VIETNAM)
    return PaidRow(state.id, board.named(person), payee, state.total, f"{at:%H:%M %d/%m/%Y}", state.prints)
