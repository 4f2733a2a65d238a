"""The screens of cash and leases with people in them; the gallery shows them with all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kiosk.flow import screens as sc
from kiosk.flow import screens_money as sm
from kiosk.flow.values import (
    Count,
    Frame,
    Named,
    OperationId,
    OperatorId,
    OperatorName,
    PayoutId,
    PrintResult,
    Vnd,
)
from kiosk.flow.values import Shift as Day
from kiosk.flow.values_house import Wording
from kiosk.flow.values_money import CashWay, Notice, NoticeKind, PaidRow, ReversalReason

OPERATION = OperationId(7)


def paid_row(person: Named, number: int = 38) -> PaidRow:
    """A payout of this morning."""
    return PaidRow(PayoutId(f"MAI07-1-{number}"), person, "Trần Thị Mỹ Hòa", Vnd(6_953_000), "09:41 22/11/2026")


def screens(here: Frame, shift: Day, person: Named, count: Count) -> Iterator[tuple[str, sc.Screen]]:
    """Every kind of screen of this way."""
    day = replace(shift, colleagues=("Lê Quốc Khánh", "Nguyễn Hoàng Phương Thảo"), cash_hours=75)
    row = paid_row(person)
    yield "money", sm.MoneyMenu(here, day)
    yield "money-alone", sm.MoneyMenu(here, replace(shift, cash_hours=3))
    for way in CashWay:
        yield f"move-{way}", sm.CountMove(here, day, way, count)
        yield f"second-{way}", sm.ChooseSecond(here, day, sm.Move(way, count.notes))
    yield "second-reversal", sm.ChooseSecond(here, day, sm.Reversal(row, ReversalReason.WRONG_SUM, count.notes))
    yield "second-name", sc.TypeName(here, sm.ChooseSecond(here, day, sm.Move(CashWay.ADDED, count.notes)), "LYS")
    for kind in NoticeKind:
        about = person.full_name if kind is NoticeKind.REVERSED else ""
        notice = Notice(kind, Vnd(6_953_000), "Thủ quỹ Đinh Thị Kim Cúc", about)
        yield f"noted-{kind}", sm.Noted(here, day, notice, None, PrintResult.PRINTED)
    yield "noted-printing", sm.Noted(here, day, notice, OPERATION)
    yield "noted-failed", sm.Noted(here, day, notice, None, PrintResult.FAILED)
    rows = tuple(paid_row(person, number) for number in range(30, 38))
    yield "payouts", sm.ChoosePayout(here, day, rows)
    yield "payouts-none", sm.ChoosePayout(here, day, ())
    yield "payouts-found", sm.ChoosePayout(here, day, rows[:2], search="LANH")
    yield "payouts-find", sc.TypeWords(here, sm.ChoosePayout(here, day, rows), Wording.FIND, "LANHF")
    yield "payout", sm.PaidPayout(here, day, rows, row)
    yield "payout-printing", sm.PaidPayout(here, day, rows, row, OPERATION)
    yield "payout-unknown", sm.PaidPayout(here, day, rows, row, None, PrintResult.UNKNOWN)
    yield "payout-printed", sm.PaidPayout(here, day, rows, row, None, PrintResult.PRINTED, asked=True)
    yield "payout-failed", sm.PaidPayout(here, day, rows, row, None, PrintResult.FAILED)
    yield "reversal-reason", sm.ReversalReasonScreen(here, day, row)
    yield "reversal-count", sm.ReversalCount(here, day, row, ReversalReason.WRONG_SUM, count)
    other = OperatorName(OperatorId("o3"), "Nguyễn Hoàng Phương Thảo")
    yield "other-session", sm.OtherSession(here, replace(day, session_of=other))
