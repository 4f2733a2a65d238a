"""From a receipt document to blocks and dots: the rim between the domain and the printer.

Callers need two functions: ``blocks_for`` and ``page_for``.
"""

from __future__ import annotations

from typing import assert_never

from hardware.printer.layout import Block, Size, Text, render
from hardware.printer.paper import Paper
from hardware.printer.raster import RasterPage, bytes_of
from kiosk.paper import payouts, slips, words
from kiosk.paper.payouts import Signature
from kiosk.payout.receipt import (
    CashReport,
    DeclinedSlip,
    EndOfDayList,
    GuidanceSlip,
    HandoverSlip,
    LeaseReleaseSlip,
    MethodSlip,
    PayoutReceipt,
    ReceiptDocument,
    ReversalSlip,
    StatementSlip,
    TestPage,
    VoidSlip,
)

__all__ = ["Signature", "blocks_for", "page_for"]


MOST_BYTES = {58: 24_800, 80: 28_800}
"""Of a receipt's ink by the roll's millimetres; heads and feeds take up to a thousand more."""


def page_for(document: ReceiptDocument, paper: Paper, signature: Signature | None = None) -> RasterPage:
    """The finished paper in dots. What had to be cleaned out of a text is noted at its end; a receipt with so many
    lines or such long names that a cheap printer would take too long over it has coarser large letters.

    Raises ``hardware.printer.errors.LayoutError`` when the document exceeds a page's bounds.
    """
    blocks = blocks_for(document, signature)
    page = render(blocks, paper)
    if page.flags:
        blocks = (*blocks, Text(words.CLEANED, Size.SMALL))
        noted = render(blocks, paper)
        page = RasterPage(paper, noted.rows, noted.bits, page.flags)
    if isinstance(document, PayoutReceipt) and bytes_of(page) > MOST_BYTES[paper.roll_mm]:
        return render(blocks, paper, coarse=True)
    return page


def blocks_for(document: ReceiptDocument, signature: Signature | None = None) -> tuple[Block, ...]:
    """The document in words. ``signature`` is drawn on payout receipts only."""
    if isinstance(document, PayoutReceipt):
        return payouts.payout(document, signature)
    if isinstance(document, VoidSlip | ReversalSlip | DeclinedSlip):
        return _payout_slip(document)
    return _slip(document)


def _payout_slip(document: VoidSlip | ReversalSlip | DeclinedSlip) -> tuple[Block, ...]:
    match document:
        case VoidSlip():
            return payouts.void(document)
        case ReversalSlip():
            return payouts.reversal(document)
        case DeclinedSlip():
            return payouts.declined(document)
        case _:
            assert_never(document)


def _slip(
    document: StatementSlip
    | GuidanceSlip
    | MethodSlip
    | LeaseReleaseSlip
    | CashReport
    | HandoverSlip
    | EndOfDayList
    | TestPage,
) -> tuple[Block, ...]:
    match document:
        case StatementSlip():
            return slips.statement(document)
        case GuidanceSlip():
            return slips.guidance(document)
        case MethodSlip():
            return slips.method(document)
        case LeaseReleaseSlip():
            return slips.lease_release(document)
        case CashReport():
            return slips.cash_report(document)
        case HandoverSlip():
            return slips.handover(document)
        case EndOfDayList():
            return slips.end_of_day(document)
        case TestPage():
            return slips.test_page(document)
        case _:
            assert_never(document)
