"""Pages of leases that change hands: whose, really, the digits to say or show, the digits that were heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk import text
from kiosk.flow import events as ev
from kiosk.flow import events_lease as el
from kiosk.flow import screens_lease as sl
from kiosk.flow.values import PrintResult
from kiosk.flow.values_money import CODE_DIGITS, LeaseCode, LeaseRow
from kiosk.flow.way_lease import CODES_ON_PAGE, ROWS_ON_PAGE
from kiosk.screens import qr
from kiosk.screens.area import Area
from kiosk.screens.page import Align, Audience, Page, Role
from kiosk.screens.pages_in import beside_pad
from kiosk.screens.pages_money import leaf
from kiosk.screens.sheet import Action, Look, Sheet
from kiosk.screens.theme import Panel, Type


def choose_release(screen: sl.ChooseRelease, panel: Panel) -> Page:
    """Everybody whose right to be paid lies on this device."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    leaves = leaf(screen.page, len(screen.rows), ROWS_ON_PAGE, panel)
    area = sheet.actions(sheet.base(sheet.t("lease.which")), *leaves, back=True)
    shown = screen.rows[screen.page * ROWS_ON_PAGE :][:ROWS_ON_PAGE]
    for cell, row in zip(area.rows(ROWS_ON_PAGE, sheet.mm(2.4)), shown, strict=False):
        _row(sheet, cell, row)
    if not screen.rows:
        sheet.text(area, sheet.t("lease.none"), Type.AGENT_TITLE, align=Align.CENTER)
    return sheet.page


def _row(sheet: Sheet, cell: Area, row: LeaseRow) -> None:
    inside, on = sheet.card(cell), sheet.colours.card
    right, left = inside.cut_right(inside.width * (0.3 if sheet.panel.wide else 0.42), sheet.mm(1.5))
    name, where = left.cut_top(left.height * 0.56)
    sheet.text(name, _called(sheet, row), Type.AGENT_ACTION, bold=True, on=on)
    words = sheet.t("lease.given", device=row.stand_in) if row.given else row.address
    sheet.text(where, words, Type.AGENT_SMALL, colour=sheet.colours.soft_ink, on=on)
    sheet.text(right, text.figures(row.total), Type.AGENT_ACTION, align=Align.RIGHT, bold=True, on=on)
    sheet.target(f"release-{row.recipient.id}", cell, Role.ROW, el.ReleaseChosen(row.recipient.id))


def _called(sheet: Sheet, row: LeaseRow) -> str:
    return f"{sheet.w(row.recipient.form)} {row.recipient.full_name}"


def confirm_release(screen: sl.ConfirmRelease, panel: Panel) -> Page:
    """What it means, before it is done."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    row = screen.row
    key = "lease.again" if row.given else "lease.do"
    area = sheet.actions(
        sheet.base(sheet.t("lease.title")), Action("release", key, ev.Confirm(), Look.YES, "next"), back=True
    )
    name, area = area.cut_top(sheet.line(Type.AGENT_TITLE, 1.2 if panel.wide else 2.4), sheet.mm(2))
    sheet.text(name, _called(sheet, row), Type.AGENT_TITLE, bold=True)
    amount, area = area.cut_top(sheet.line(Type.AGENT_AMOUNT, 1.2), sheet.mm(2))
    sheet.text(amount, text.figures(row.total), Type.AGENT_AMOUNT, bold=True)
    device = row.stand_in or sheet.t("lease.nobody")
    sheet.text(area, sheet.t("lease.words", device=device), Type.AGENT_BODY, top=True)
    return sheet.page


def release_codes(screen: sl.ReleaseCodes, panel: Panel) -> Page:
    """One month: large digits in threes to say, beside them the QR that the other device scans."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    actions = []
    if screen.awaited is None:
        actions = leaf(screen.page, len(screen.codes), CODES_ON_PAGE, panel)[-1:]
        actions += [
            Action("print", "lease.print", ev.AskReprint()),
            Action("done", "noted.done", ev.Confirm(), Look.YES),
        ]
    area = sheet.actions(sheet.base(sheet.t("lease.say", device=screen.row.stand_in)), *actions)
    head, area = area.cut_top(sheet.line(Type.AGENT_BODY, 1.2 if panel.wide else 2.4), sheet.mm(1.5))
    sheet.text(head, _called(sheet, screen.row), Type.AGENT_BODY, bold=True)
    shown = screen.codes[screen.page * CODES_ON_PAGE :][:CODES_ON_PAGE]
    for each in shown:
        _code(sheet, area, each, _paper(sheet, screen))
    return sheet.page


def _paper(sheet: Sheet, screen: sl.ReleaseCodes) -> str:
    """What to do about a paper that is not known to be out; the codes stand below all the same."""
    if screen.awaited is not None:
        return sheet.t("printing")
    if screen.result is PrintResult.UNKNOWN:
        return sheet.printer(screen.result) or sheet.t("paper.look")
    return sheet.printer(screen.result)


def _code(sheet: Sheet, area: Area, each: LeaseCode, todo: str) -> None:
    if each.qr:
        area = _square(sheet, area, each.qr, todo or sheet.t("lease.show"))
    elif todo:
        hint, area = area.cut_bottom(sheet.line(Type.AGENT_BODY, 1.3 if sheet.panel.wide else 2.6), sheet.mm(1.5))
        sheet.text(hint, todo, Type.AGENT_BODY, bold=True)
    inside, on = sheet.card(area), sheet.colours.card
    month, code = inside.cut_top(inside.height * 0.4)
    sheet.text(month, f"{text.month(each.line.period)} · {text.figures(each.line.amount)}", Type.AGENT_BODY, on=on)
    lines = 2 if each.qr and sheet.panel.wide else 1
    part = CODE_DIGITS // lines
    for place, cell in enumerate(code.rows(lines, 0)):
        digits = each.code[place * part :][:part]
        sheet.text(cell, threes(digits), Type.AGENT_AMOUNT, bold=True, on=on)


def _square(sheet: Sheet, area: Area, words: str, below: str) -> Area:
    """The QR and what it is for; the area that is left for the digits."""
    if sheet.panel.wide:
        square, area = area.cut_right(min(area.height, area.width * 0.5), sheet.mm(2))
    else:
        square, area = area.cut_bottom(min(area.width, area.height * 0.6), sheet.mm(2))
    sheet.page.add(*qr.drawn(square, words))
    hint, area = area.cut_bottom(sheet.line(Type.AGENT_SMALL, 2.2), sheet.mm(1))
    sheet.text(hint, below, Type.AGENT_SMALL)
    return area


def threes(digits: str) -> str:
    """Twelve digits as they are said: three by three."""
    return "  ".join(digits[at : at + 3] for at in range(0, len(digits), 3))


def type_number(screen: sl.TypeCitizen, panel: Panel) -> Page:
    """The citizen number."""
    return _digits(Sheet(screen, panel, Audience.AGENT), screen.typed, "lease.number", "lease.number_hint")


def type_code(screen: sl.TypeCode, panel: Panel) -> Page:
    """The code from the telephone."""
    return _digits(Sheet(screen, panel, Audience.AGENT), screen.typed, "lease.code", "lease.code_hint")


def _digits(sheet: Sheet, typed: str, title: str, hint: str) -> Page:
    left = beside_pad(sheet, sheet.base(sheet.t(title)))
    code_field(sheet, left, typed, sheet.t(hint))
    return sheet.page


def code_field(sheet: Sheet, area: Area, typed: str, words: str) -> None:
    """Twelve places in two rows of threes, and what they are."""
    field, rest = area.cut_top(sheet.mm(24), sheet.mm(3))
    digits = typed.ljust(CODE_DIGITS, "_")
    upper, lower = sheet.card(field).rows(2, 0)
    half = CODE_DIGITS // 2
    sheet.text(upper, threes(digits[:half]), Type.AGENT_AMOUNT, bold=True, on=sheet.colours.card)
    sheet.text(lower, threes(digits[half:]), Type.AGENT_AMOUNT, bold=True, on=sheet.colours.card)
    sheet.text(rest, words, Type.AGENT_BODY, top=True)


def lease_taken(screen: sl.LeaseTaken, panel: Panel) -> Page:
    """Now this device may pay."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(
        sheet.base(sheet.t("lease.got")),
        Action("more", "lease.more", el.AskAccept()),
        Action("next", "noted.done", ev.Confirm(), Look.YES),
    )
    name, rest = area.rows(2, sheet.mm(2))
    sheet.text(name, _called(sheet, screen.row), Type.AGENT_TITLE, align=Align.CENTER, bold=True)
    sheet.text(rest, text.figures(screen.row.total), Type.AGENT_AMOUNT, align=Align.CENTER, bold=True)
    return sheet.page


PAGES: dict[type, Callable[[Any, Panel], Page]] = {
    sl.ChooseRelease: choose_release,
    sl.ConfirmRelease: confirm_release,
    sl.ReleaseCodes: release_codes,
    sl.TypeCitizen: type_number,
    sl.TypeCode: type_code,
    sl.LeaseTaken: lease_taken,
}
