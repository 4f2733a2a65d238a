"""Pages of what somebody says: a sum that is not right, and the number under which it was written down."""

from __future__ import annotations

from kiosk import text
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow.values import PrintResult, VoidReason
from kiosk.screens.page import Align, Audience, Page
from kiosk.screens.sheet import Action, Look, Sheet
from kiosk.screens.theme import Panel, Type


def disputed(screen: sc.Disputed, panel: Panel) -> Page:
    """The sum stays as it is; the recipient chooses, and both ways lead to paper in hand."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = sheet.actions(
        sheet.base(),
        Action("leave-it", "said.decline", ev.Decline(), Look.NO),
        Action("take-it", "said.accept", ev.Confirm(), Look.YES),
        back=True,
    )
    amount, words = area.cut_top(sheet.line(Type.AMOUNT, 1), sheet.mm(2))
    sheet.text(amount, text.figures(screen.offer.total), Type.AMOUNT, align=Align.CENTER, bold=True)
    sheet.text(words, sheet.t("said.ask", you=sheet.you(screen.offer.payee.form)), Type.TITLE, bold=True)
    return sheet.page


def slip_out(screen: sc.SlipOut, panel: Panel) -> Page:
    """The number, large enough to be copied when the printer is dead."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    actions = [
        Action("reprint", "paper.again", ev.AskReprint()),
        Action("go-on", "go_on", ev.Confirm(), Look.YES),
    ]
    area = sheet.actions(sheet.base(), *(actions if screen.awaited is None else ()))
    payee = screen.visit.payee
    you = sheet.you(None if payee is None else payee.person.form)
    head, area = area.cut_top(area.height * 0.36, sheet.mm(2))
    voided = isinstance(screen.about, VoidReason)
    sheet.text(head, sheet.t("void.slip") if voided else sheet.w(screen.about), Type.TITLE, bold=True)
    number, words = area.cut_top(area.height * 0.4, sheet.mm(2))
    sheet.text(number, screen.number, Type.TITLE, align=Align.CENTER, bold=True, colour=sheet.colours.on_no)
    if screen.awaited is not None:
        sheet.under_way(words)
        return sheet.page
    result = PrintResult(screen.result)
    key = "void.printed" if voided and result is PrintResult.PRINTED else f"said.{result.value}"
    sheet.text(words, f"{sheet.t(key, you=you)} {sheet.printer(result)}".rstrip(), Type.BODY)
    return sheet.page
