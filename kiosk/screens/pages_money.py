"""Pages of cash between payouts: what is in the bag and since when, counted moves, a payout taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk import text
from kiosk.flow import events as ev
from kiosk.flow import events_lease as el
from kiosk.flow import events_money as em
from kiosk.flow import screens_money as sm
from kiosk.flow.telex import compose
from kiosk.flow.values import PrintResult
from kiosk.flow.values_house import Wording
from kiosk.flow.values_money import CashWay, NoticeKind, PaidRow, ReversalReason
from kiosk.flow.way_money import ROWS_ON_PAGE, shown_payouts
from kiosk.screens.area import Area
from kiosk.screens.pads import counting
from kiosk.screens.page import Align, Audience, Page, Role
from kiosk.screens.pages_cash import did_it_come_out, whose_and_how_much
from kiosk.screens.pages_close import DAY_HOURS, table
from kiosk.screens.sheet import Action, Look, Sheet
from kiosk.screens.theme import Panel, Type


def money_menu(screen: sm.MoneyMenu, panel: Panel) -> Page:
    """What is in the bag, how long it has been out, and what can be done with it."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(sheet.base(sheet.t("menu.money")), back=True, apart=True)
    head, area = area.cut_top(sheet.line(Type.AGENT_BODY, 1.2 if panel.wide else 2.4), sheet.mm(2))
    left, right = head.columns(2, sheet.mm(2)) if panel.wide else head.cut_top(head.height / 2)
    sheet.text(left, sheet.t("route.cash", sum=text.figures(screen.shift.in_drawer)), Type.AGENT_BODY, bold=True)
    align = Align.RIGHT if panel.wide else Align.LEFT
    sheet.text(right, since(sheet, screen.shift.cash_hours), Type.AGENT_BODY, align=align)
    entries: list[tuple[str, str, str, ev.Event]] = [
        ("cash-added", sheet.t("money.add"), "down", em.AskMove(CashWay.ADDED)),
        ("cash-returned", sheet.t("money.return"), "up", em.AskMove(CashWay.RETURNED)),
        ("payouts", sheet.t("money.payouts"), "yes", em.AskPayouts()),
        ("release", sheet.t("money.release"), "next", el.AskRelease()),
        ("accept", sheet.t("money.accept"), "hand", el.AskAccept()),
    ]
    if screen.shift.colleagues:
        entries.append(("cash-handed_over", sheet.t("money.hand"), "person", em.AskMove(CashWay.HANDED_OVER)))
    cells = area.grid(3, 2, sheet.mm(3.6)) if panel.wide else area.grid(2, 3, sheet.mm(3.6))
    for cell, (test_id, label, icon, event) in zip(cells, entries, strict=False):
        sheet.button(cell, test_id, label, event, icon=icon, role=Role.ROW)
    return sheet.page


def since(sheet: Sheet, hours: int) -> str:
    """The unspent-cash clock: hours on the first day, then days."""
    if hours < DAY_HOURS:
        return sheet.t("money.hours", n=str(hours))
    return sheet.t("money.days", n=str(hours // DAY_HOURS))


def count_move(screen: sm.CountMove, panel: Panel) -> Page:
    """Count what comes in or goes out."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.base(sheet.t(f"money.count.{screen.way.value}"))
    counting(sheet, area, screen.count, None, Action("counted", "count.done", ev.Confirm(), Look.YES, "yes"))
    return sheet.page


def choose_second(screen: sm.ChooseSecond, panel: Panel) -> Page:
    """Who is the other person."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    other = Action("other", "name.other", ev.AskName(), icon="person")
    area = sheet.actions(sheet.base(sheet.t("second.title")), other, back=True, apart=True)
    task = screen.task
    key = f"second.{task.way.value}" if isinstance(task, sm.Move) else "second.reversed"
    words, area = area.cut_top(sheet.line(Type.AGENT_BODY, 1.3 if panel.wide else 2.6), sheet.mm(2))
    sheet.text(words, sheet.t(key, sum=text.figures(task.notes.amount)), Type.AGENT_BODY, bold=True)
    cells = area.grid(2, 2, sheet.mm(4)) if panel.wide else area.rows(4, sheet.mm(4))
    for index, (cell, name) in enumerate(zip(cells, screen.names, strict=False)):
        sheet.button(cell, f"second-{index}", name, em.SecondChosen(index), icon="person", role=Role.ROW)
    return sheet.page


def noted(screen: sm.Noted, panel: Panel) -> Page:
    """Written down; two people sign the slip."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    actions = []
    if screen.awaited is None:
        key = "noted.close" if screen.notice.kind is NoticeKind.HANDED_OVER else "noted.done"
        actions = [Action("reprint", "paper.again", ev.AskReprint()), Action("next", key, ev.Confirm(), Look.YES)]
    notice = screen.notice
    area = sheet.actions(sheet.base(sheet.t(f"noted.{notice.kind.value}")), *actions)
    amount, area = area.cut_top(sheet.line(Type.AGENT_AMOUNT, 1.6), sheet.mm(2))
    sheet.text(amount, text.figures(notice.amount), Type.AGENT_AMOUNT, align=Align.CENTER, bold=True)
    paper, area = area.cut_bottom(paper_line(sheet, screen.result), sheet.mm(2))
    _paper(sheet, paper, screen)
    rows = [(sheet.t("second.who"), notice.second)]
    if notice.about:
        rows.append((sheet.t("noted.about"), notice.about))
    rows.append((sheet.t("noted.now"), text.figures(screen.shift.in_drawer)))
    table(sheet, area, rows)
    return sheet.page


def _paper(sheet: Sheet, area: Area, screen: sm.Noted) -> None:
    if screen.awaited is not None:
        sheet.under_way(area)
        return
    key = {PrintResult.PRINTED: "noted.sign", PrintResult.UNKNOWN: "paper.look"}.get(
        screen.result or PrintResult.FAILED, "noted.by_hand"
    )
    sheet.text(area, f"{sheet.t(key)} {sheet.printer(screen.result)}".rstrip(), Type.AGENT_BODY, bold=True)


def paper_line(sheet: Sheet, result: PrintResult | None) -> float:
    """Height for what became of a paper: a line, and as much again where the printer needs a hand."""
    return sheet.line(Type.AGENT_BODY, (1.3 if sheet.panel.wide else 2.6) * (2 if sheet.printer(result) else 1))


def choose_payout(screen: sm.ChoosePayout, panel: Panel) -> Page:
    """Completed payouts, the newest first."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    rows = shown_payouts(screen)
    find = Action("find", "find" if panel.wide else "", ev.AskWords(Wording.FIND), icon="find")
    area = sheet.actions(
        sheet.base(sheet.t("payouts.which")), *leaf(screen.page, len(rows), ROWS_ON_PAGE, panel), find, back=True
    )
    if screen.search:
        head, area = area.cut_top(sheet.line(Type.AGENT_BODY, 1.1), sheet.mm(1.4))
        words = sheet.t("payouts.found", words=compose(screen.search), n=str(len(rows)))
        sheet.text(head, words, Type.AGENT_BODY, bold=True)
    shown = rows[screen.page * ROWS_ON_PAGE :][:ROWS_ON_PAGE]
    for cell, row in zip(area.rows(ROWS_ON_PAGE, sheet.mm(2.4)), shown, strict=False):
        _paid_row(sheet, cell, row)
    if not rows:
        sheet.text(area, sheet.t("payouts.none"), Type.AGENT_TITLE, align=Align.CENTER)
    return sheet.page


def leaf(page: int, count: int, on_page: int, panel: Panel) -> list[Action]:
    """Earlier and later, where one page is not enough."""
    last = max(0, (count - 1) // on_page)
    if not last:
        return []
    onward = ev.Scrolled(page + 1 if page < last else 0)
    if not panel.wide:  # round and round, forward only
        return [Action("page-next", "", onward, icon="down")]
    return [
        Action("page-back", "earlier", ev.Scrolled(page - 1 if page else last), icon="up"),
        Action("page-next", "later", onward, icon="down"),
    ]


def _paid_row(sheet: Sheet, cell: Area, row: PaidRow) -> None:
    inside, on = sheet.card(cell), sheet.colours.card
    right, left = inside.cut_right(inside.width * (0.3 if sheet.panel.wide else 0.42), sheet.mm(1.5))
    name, who = left.cut_top(left.height * 0.56)
    called = f"{sheet.w(row.recipient.form)} {row.recipient.full_name}"
    sheet.text(name, called, Type.AGENT_ACTION, bold=True, on=on)
    words = sheet.t("payouts.row", at=row.at, payee=row.payee)
    sheet.text(who, words, Type.AGENT_SMALL, colour=sheet.colours.soft_ink, on=on)
    sheet.text(right, text.figures(row.total), Type.AGENT_ACTION, align=Align.RIGHT, bold=True, on=on)
    sheet.target(f"payout-{row.payout}", cell, Role.ROW, em.PayoutChosen(row.payout))


def paid_payout(screen: sm.PaidPayout, panel: Panel) -> Page:
    """One payout, and what can be done with it; the number stands there to be copied when the printer is dead."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    row = screen.row
    area = sheet.actions(sheet.base(sheet.t("payout.title")), *_payout_actions(screen), back=screen.awaited is None)
    asks = screen.result is PrintResult.UNKNOWN
    paper, area = area.cut_bottom(sheet.line(Type.AGENT_BODY, 1.2 if panel.wide else 2.4), sheet.mm(2))
    if screen.awaited is not None:
        sheet.under_way(paper.cut_top(sheet.mm(5))[0])
    else:
        key = "count" if screen.result is None else screen.result.value
        todo = "" if asks else sheet.printer(screen.result)
        sheet.text(paper, todo or sheet.t(f"payout.{key}", n=str(row.prints)), Type.AGENT_BODY, bold=True)
    area = whose_and_how_much(sheet, area, row.recipient, row.total)
    rows = [(sheet.t("payout.by"), row.payee), (sheet.t("payout.at"), row.at)]
    table(sheet, area, [*rows, (sheet.t("payout.number"), row.payout)])
    return sheet.page


def _payout_actions(screen: sm.PaidPayout) -> list[Action]:
    if screen.awaited is not None:
        return []
    if screen.result is PrintResult.UNKNOWN:
        return did_it_come_out()
    return [
        Action("reverse", "money.reverse", em.AskReversal()),
        Action("reprint", "payout.print", ev.AskReprint(), Look.YES),
    ]


def reversal_reason(screen: sm.ReversalReasonScreen, panel: Panel) -> Page:
    """Why a payout is taken back."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(sheet.base(sheet.t("reverse.why")), back=True, apart=True)
    words, area = area.cut_top(sheet.line(Type.AGENT_BODY, 2.4 if panel.wide else 4.4), sheet.mm(2))
    sum_ = text.figures(screen.row.total)
    sheet.text(words, sheet.t("reverse.words", name=screen.row.recipient.full_name, sum=sum_), Type.AGENT_BODY)
    cells = area.grid(2, 2, sheet.mm(4)) if panel.wide else area.rows(4, sheet.mm(4))
    for cell, reason in zip(cells, ReversalReason, strict=False):
        sheet.button(cell, f"reversal-{reason}", sheet.w(reason), em.ReversalChosen(reason), role=Role.ROW)
    return sheet.page


def reversal_count(screen: sm.ReversalCount, panel: Panel) -> Page:
    """The cash that came back; the whole sum and nothing else."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.base(sheet.t("reverse.count", sum=text.figures(screen.row.total)))
    counting(sheet, area, screen.count, None, Action("counted", "count.done", ev.Confirm(), Look.YES, "yes"))
    return sheet.page


def other_session(screen: sm.OtherSession, panel: Panel) -> Page:
    """Somebody else's cash."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(
        sheet.base(sheet.t("other.title")),
        Action("close", "other.close", ev.AskClose()),
        Action("sign-out", "closed.out", ev.Confirm(), Look.YES, "lock"),
    )
    name = "" if screen.shift.session_of is None else screen.shift.session_of.name
    sheet.text(area, sheet.t("other.words", name=name), Type.AGENT_TITLE, align=Align.CENTER, bold=True)
    return sheet.page


PAGES: dict[type, Callable[[Any, Panel], Page]] = {
    sm.MoneyMenu: money_menu,
    sm.CountMove: count_move,
    sm.ChooseSecond: choose_second,
    sm.Noted: noted,
    sm.ChoosePayout: choose_payout,
    sm.PaidPayout: paid_payout,
    sm.ReversalReasonScreen: reversal_reason,
    sm.ReversalCount: reversal_count,
    sm.OtherSession: other_session,
}
