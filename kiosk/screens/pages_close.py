"""Pages beside the way: menu, sync, close of session, waiting, help, faults, warnings."""

from __future__ import annotations

from kiosk import text
from kiosk.flow import events as ev
from kiosk.flow import events_money as em
from kiosk.flow import screens as sc
from kiosk.flow.stick import StickState
from kiosk.flow.values import CashReport, PrintResult, SyncLight, VarianceReason
from kiosk.flow.way_in import closable
from kiosk.screens.area import Area
from kiosk.screens.pads import counting
from kiosk.screens.page import Align, Audience, Bar, Icon, Page, Role
from kiosk.screens.sheet import Action, Look, Sheet, next_language
from kiosk.screens.theme import KEY_GAP, OPPOSING_GAP, RECIPIENT_ROW, Panel, Type

DAY_HOURS = 24


def menu(screen: sc.Menu, panel: Panel) -> Page:
    """Everything beside the way, always in the same places."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(sheet.base(sheet.t("menu")), back=True, apart=True)
    louder = screen.frame.volume // 20 * 20 + 20 if screen.frame.volume < 100 else 0  # round and round
    other = next_language(screen.frame.language)
    entries: list[tuple[str, str, str, ev.Event]] = [
        ("lock", sheet.t("menu.lock"), "lock", ev.Lock()),
        ("new-pin", sheet.t("menu.pin"), "key", ev.AskNewPin()),
        ("sync", sheet.t("menu.sync"), "sync_waiting", ev.AskSync()),
        ("money", sheet.t("menu.money"), "note", em.AskMoney()),
        ("close", sheet.t("menu.close"), "yes", ev.AskClose()),
        ("volume", sheet.t("menu.volume", n=str(screen.frame.volume)), "hear", ev.VolumeChosen(louder)),
        ("contrast", sheet.t("menu.contrast"), "contrast", ev.ContrastChosen(not screen.frame.high_contrast)),
        ("language", sheet.t("menu.language"), "language", ev.LanguageChosen(other)),
        ("off", sheet.t("menu.off"), "power", ev.AskShutDown()),
    ]
    cells = area.grid(3, 3, sheet.mm(3.6)) if panel.wide else area.grid(2, 5, sheet.mm(3.6))
    for cell, (test_id, label, icon, event) in zip(cells, entries, strict=False):
        sheet.button(cell, test_id, label, event, icon=icon, role=Role.ROW)
    return sheet.page


def sync_state(screen: sc.SyncState, panel: Panel) -> Page:
    """Sent, waiting, last contact: from the courier's hint, and said to be one."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    sync = screen.frame.sync
    area = sheet.actions(
        sheet.base(sheet.t("sync.title")),
        Action("stick", "sync.stick", ev.AskStick(), icon="usb"),
        Action("sync-now", "sync.now", ev.AskSync(), Look.YES),
        back=True,
    )
    verdict, area = area.cut_top(sheet.line(Type.AGENT_TITLE, 1.3 if panel.wide else 2.6), sheet.mm(2))
    late = sync.hours_ago is None or sync.hours_ago >= DAY_HOURS
    colour = sheet.colours.yes if not sync.waiting else sheet.colours.on_no if late else sheet.colours.ink
    words = sheet.t("sync.some_wait" if sync.waiting else "sync.all_sent", n=str(sync.waiting))
    sheet.text(verdict, words, Type.AGENT_TITLE, bold=True, colour=colour)
    rows = [
        (sheet.t("sync.sent"), str(sync.sent)),
        (sheet.t("sync.last"), _contact(sheet, sync)),
        (sheet.t("sync.line"), sheet.t("sync.on" if sync.online else "sync.off")),
    ]
    table(sheet, area, rows)
    return sheet.page


def _contact(sheet: Sheet, sync: SyncLight) -> str:
    """When the district last answered: how long ago, and after a day the date too."""
    if sync.last_contact is None or sync.hours_ago is None:
        return sheet.t("sync.never")
    if sync.hours_ago == 0:
        return sheet.t("sync.just_now")
    if sync.hours_ago < DAY_HOURS:
        return sheet.t("sync.hours_ago", n=str(sync.hours_ago))
    return sheet.t("sync.days_ago", n=str(sync.hours_ago // DAY_HOURS), day=text.day(sync.last_contact))


def usb_stick(screen: sc.UsbStick, panel: Panel) -> Page:
    """One picture, one sentence, one bar: put it in, wait, take it out."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    stick = screen.frame.stick
    done = stick.state is StickState.DONE
    action = [Action("done", "noted.done", ev.Confirm(), Look.YES, "yes")] if done else []
    area = sheet.actions(sheet.base(sheet.t("stick.title")), *action, back=True)
    left, right = (
        area.cut_left(area.width * 0.32, sheet.mm(4)) if panel.wide else area.cut_top(area.height * 0.28, sheet.mm(2))
    )
    colours = sheet.colours
    colour = {StickState.DONE: colours.yes, StickState.FAILED: colours.on_no}.get(stick.state, colours.ink)
    sheet.page.add(Icon(left.fitted(1), "done" if done else "usb", colour, colours.paper))
    bar, right = right.cut_bottom(sheet.mm(6), sheet.mm(2))
    counts, words = right.cut_bottom(sheet.line(Type.AGENT_BODY, 2.6 if panel.wide else 4.4), sheet.mm(2))
    sheet.text(words, sheet.t(f"stick.{stick.state}"), Type.AGENT_TITLE, bold=True, colour=colour)
    if stick.state is StickState.NONE:
        sheet.text(counts, sheet.t("stick.waiting", n=str(screen.frame.sync.waiting)), Type.AGENT_BODY)
        return sheet.page
    for cell, (key, part, whole) in zip(
        counts.rows(2, 0),
        (("stick.sent", stick.sent, stick.to_send), ("stick.brought", stick.brought, stick.to_bring)),
        strict=True,
    ):
        sheet.text(cell, sheet.t(key, n=str(part), of=str(whole)), Type.AGENT_BODY)
    if not done:
        sheet.page.add(Bar(bar, stick.share, colour, colours.key))
    return sheet.page


def table(sheet: Sheet, area: Area, rows: list[tuple[str, str]]) -> None:
    """Names at the left, numbers at the right."""
    inside = sheet.card(area)
    for cell, (name, value) in zip(inside.rows(len(rows), sheet.mm(0.6)), rows, strict=True):
        left, right = cell.cut_left(cell.width * 0.46, sheet.mm(1))
        sheet.text(left, name, Type.AGENT_BODY, on=sheet.colours.card)
        sheet.text(right, value, Type.AGENT_BODY, align=Align.RIGHT, bold=True, on=sheet.colours.card)


def confirm_shut_down(screen: sc.ConfirmShutDown, panel: Panel) -> Page:
    """Really?"""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(
        sheet.base(sheet.t("menu.off")),
        Action("stay", "off.no", ev.Decline()),
        Action("off", "off.yes", ev.Confirm(), Look.YES, "power"),
    )
    sheet.text(area, sheet.t("off.ask"), Type.AGENT_AMOUNT, align=Align.CENTER, bold=True)
    return sheet.page


def count_close(screen: sc.CountClose, panel: Panel) -> Page:
    """What is left in the bag; nobody says yet what should be."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.base(sheet.t("close.title"))
    counting(sheet, area, screen.count, None, Action("counted", "count.done", ev.Confirm(), Look.YES, "yes"))
    return sheet.page


def _report_rows(sheet: Sheet, report: CashReport) -> list[tuple[str, str]]:
    rows = [("close.opening", report.opening), ("close.added", report.added), ("close.returned", report.returned),
            ("close.paid", report.paid), ("close.reversed", report.reversed)]  # fmt: skip
    shown = [
        (sheet.t(key), text.figures(amount)) for key, amount in rows if amount or key in {"close.opening", "close.paid"}
    ]
    shown.append((sheet.t("close.expected"), text.figures(report.expected)))
    shown.append((sheet.t("close.counted"), text.figures(report.counted)))
    return shown


def close_variance(screen: sc.CloseVariance, panel: Panel) -> Page:
    """Count against books; a difference wants a reason."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    report = screen.report
    actions = []
    if report.variance == 0 or screen.reason is not None:
        actions.append(Action("close", "close.done", ev.Confirm(), Look.YES, "yes"))
    area = sheet.actions(sheet.base(sheet.t("close.title")), *actions, back=True)
    if report.variance == 0:
        words, area = area.cut_bottom(sheet.line(Type.AGENT_TITLE, 1.4), sheet.mm(2))
        sheet.text(words, sheet.t("close.balanced"), Type.AGENT_TITLE, align=Align.CENTER, bold=True)
        table(sheet, area, _report_rows(sheet, report))
        return sheet.page
    left, right = (
        area.cut_left(area.width * 0.52, sheet.mm(4)) if panel.wide else area.cut_top(area.height * 0.42, sheet.mm(3))
    )
    table(sheet, left, _report_rows(sheet, report)[-2:])
    _reasons(sheet, right, screen)
    return sheet.page


def _reasons(sheet: Sheet, area: Area, screen: sc.CloseVariance) -> None:
    variance = screen.report.variance
    words, area = area.cut_top(sheet.line(Type.AGENT_TITLE, 1.3), sheet.mm(1.5))
    key = "close.missing" if variance > 0 else "close.over"
    sheet.text(
        words, sheet.t(key, sum=text.figures(abs(variance))), Type.AGENT_TITLE, bold=True, colour=sheet.colours.on_no
    )
    reasons = [each for each in VarianceReason if each is not VarianceReason.NONE]
    for cell, reason in zip(area.grid(2, 2, sheet.mm(3.2)), reasons, strict=True):
        look = Look.YES if reason is screen.reason else Look.PLAIN
        sheet.button(cell, f"variance-{reason}", sheet.w(reason), ev.VarianceChosen(reason), look=look, role=Role.ROW)


def closed(screen: sc.Closed, panel: Panel) -> Page:
    """The session is closed."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    actions = [Action("sign-out", "closed.out", ev.Confirm(), Look.YES, "lock")]
    if screen.awaited is None:
        actions.insert(0, Action("reprint", "paper.again", ev.AskReprint()))
    area = sheet.actions(sheet.base(sheet.t("closed.title")), *actions)
    todo = sheet.printer(screen.result)
    lines = (1.2 if panel.wide else 2.1) * (2 if todo else 1)
    words, area = area.cut_bottom(sheet.line(Type.AGENT_BODY, lines), sheet.mm(2))
    if screen.awaited is not None:
        key = "printing"
    else:
        key = f"closed.{'none' if screen.result is None else PrintResult(screen.result).value}"
    sheet.text(words, f"{sheet.t(key)} {todo}".rstrip(), Type.AGENT_BODY, bold=True)
    table(sheet, area, _report_rows(sheet, screen.report))
    return sheet.page


def waiting(screen: sc.Waiting, panel: Panel) -> Page:
    """A moment."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = sheet.base()
    picture, words = area.cut_top(area.height * 0.5, sheet.mm(3))
    sheet.page.add(Icon(picture.fitted(1).inset(sheet.mm(3)), "waiting", sheet.colours.yes, sheet.colours.paper))
    head, bar = words.cut_top(words.height * 0.6)
    sheet.text(head, sheet.w(screen.wait), Type.TITLE, align=Align.CENTER, bold=True)
    sheet.under_way(bar.cut_top(sheet.mm(5))[0])
    return sheet.page


def fault(screen: sc.FaultScreen, panel: Panel) -> Page:
    """The device could not; nothing was changed."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(sheet.base(sheet.t("fault.title")), Action("go-on", "go_on", ev.Confirm(), Look.YES))
    sheet.text(area, sheet.w(screen.trouble), Type.AGENT_AMOUNT, align=Align.CENTER, bold=True)
    return sheet.page


def halted(screen: sc.Halted, panel: Panel) -> Page:
    """The device pays nothing: one sentence why, one what to do, and the one or two things that can be done here."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    shift, frame = screen.shift, screen.frame
    actions = [Action("sync-now", "halt.sync", ev.AskSync(), icon="sync_waiting")]
    if shift is not None and closable(shift):
        actions.append(Action("close", "menu.close", ev.AskClose(), Look.YES, "yes"))
    area = sheet.actions(sheet.base(sheet.t("halt.title")), *actions, back=shift is not None)
    last, area = area.cut_bottom(sheet.line(Type.AGENT_BODY, 1.3), sheet.mm(2))
    sheet.text(last, sheet.t("halt.waiting", n=str(frame.sync.waiting)), Type.AGENT_BODY)
    why, todo = area.cut_top(area.height * 0.42, sheet.mm(3))
    sheet.text(why, sheet.t(f"halt.{frame.halt}.why"), Type.AGENT_TITLE, bold=True, colour=sheet.colours.on_no)
    inside = sheet.card(todo, chosen=True)
    sheet.text(inside, sheet.t(f"halt.{frame.halt}.do"), Type.AGENT_AMOUNT, bold=True, on=sheet.colours.chosen)
    return sheet.page


def help_screen(screen: sc.HelpScreen, panel: Panel) -> Page:
    """What the screen under this one wants, in a few large words."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = sheet.base(sheet.t("help.title"))
    row, area = area.cut_bottom(sheet.mm(RECIPIENT_ROW), sheet.mm(3))
    hear, rest = row.cut_left(sheet.mm(20.3), sheet.mm(3))
    sheet.button(hear, "hear", "", ev.HearAgain(), icon="hear")
    lock, rest = rest.cut_left(sheet.mm(20.3), sheet.mm(OPPOSING_GAP if panel.wide else KEY_GAP))
    sheet.button(lock, "lock", "", ev.Lock(), icon="lock")
    sheet.button(rest, "understood", sheet.t("help.back"), ev.Confirm(), look=Look.YES,
                 icon="back" if panel.wide else "")  # fmt: skip
    sheet.text(area, sheet.t(f"help.{type(screen.under).__name__}"), Type.TITLE)
    return sheet.page


def still_there(screen: sc.StillThere, panel: Panel) -> Page:
    """One touch goes on."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = sheet.base()
    button, area = area.cut_bottom(sheet.mm(26), sheet.mm(3))
    sheet.button(button, "still-here", sheet.t("still.yes"), ev.Confirm(), look=Look.YES, icon="hand")
    number, words = area.cut_top(area.height * 0.5)
    sheet.text(number, str(screen.seconds), Type.AMOUNT, align=Align.CENTER, bold=True, colour=sheet.colours.on_no)
    sheet.text(words, sheet.t("still.ask"), Type.TITLE, align=Align.CENTER)
    return sheet.page
