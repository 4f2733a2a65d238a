"""Every screen that waits for a paper, and how it looks when the printer is in trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kiosk.flow import screens as sc
from kiosk.flow import screens_lease as sl
from kiosk.flow import screens_money as sm
from kiosk.flow.values import (
    CashReport,
    Frame,
    Line,
    Offer,
    OperationId,
    PayoutId,
    PrinterLight,
    PrintResult,
    Shift,
    Vnd,
)
from kiosk.flow.values_money import LeaseCode, Notice, NoticeKind
from kiosk.payout.statements import StatementKind
from tests.screens.gallery_lease import lease_row
from tests.screens.gallery_money import paid_row

OPERATION = OperationId(7)
Papers = sc.Paid | sc.SlipOut | sm.Noted | sm.PaidPayout | sc.Closed | sl.ReleaseCodes
WORST = (
    (PrintResult.FAILED, PrinterLight.OFFLINE),
    (PrintResult.UNKNOWN, PrinterLight.UNKNOWN),
    (PrintResult.PRINTED, PrinterLight.PAPER_LOW),
)
"""The longest words of each result."""


def printing(
    here: Frame, shift: Shift, visit: sc.Visit, offer: Offer, lines: tuple[Line, ...]
) -> Iterator[tuple[str, Papers]]:
    """Each while its paper is under way."""
    who, payout = offer.recipient, PayoutId("MAI07-1-1038")
    report = CashReport(*(Vnd(amount) for amount in (14_250_000, 2_000_000, 500_000, 9_800_000, 500_000)),
                        Vnd(6_450_000), Vnd(6_450_000), Vnd(0), 17)  # fmt: skip
    notice = Notice(NoticeKind.REVERSED, Vnd(6_953_000), "Thủ quỹ Đinh Thị Kim Cúc", who.full_name)
    codes = tuple(LeaseCode(line, "481027739156") for line in lines)
    row = paid_row(who)
    yield "paid", sc.Paid(here, shift, visit, offer, payout, OPERATION, code="482913")
    slip = sc.SlipOut(here, shift, visit, StatementKind.COMPLAINT, payout, PrintResult.UNKNOWN, awaited=OPERATION)
    yield "slip", slip
    yield "noted", sm.Noted(here, shift, notice, OPERATION)
    yield "payout", sm.PaidPayout(here, shift, (row,), row, OPERATION)
    yield "closed", sc.Closed(here, shift, report, OPERATION)
    yield "codes", sl.ReleaseCodes(here, shift, lease_row(who, lines), codes, OPERATION)


def screens(
    here: Frame, shift: Shift, visit: sc.Visit, offer: Offer, lines: tuple[Line, ...]
) -> Iterator[tuple[str, sc.Screen]]:
    """Each with the longest words, and the paid one with all of them."""
    for result, light in WORST:
        for name, screen in printing(replace(here, printer=light), shift, visit, offer, lines):
            yield f"paper-{name}-{result}", replace(screen, awaited=None, result=result)
    for light in PrinterLight:
        payout = PayoutId("MAI07-1-1038")
        frame = replace(here, printer=light)
        yield f"paper-{light}", sc.Paid(frame, shift, visit, offer, payout, None, PrintResult.FAILED, code="482913")
