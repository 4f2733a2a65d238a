"""The page for a new PIN: one question at a time, dots for digits, the pad where it always is."""

from __future__ import annotations

from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.screens.page import Align, Audience, Page
from kiosk.screens.pages_in import beside_pad, pin_dots
from kiosk.screens.sheet import Action, Look, Sheet
from kiosk.screens.theme import Panel, Type


def new_pin(screen: sc.NewPin, panel: Panel) -> Page:
    """What proves you, the new PIN, the new PIN again; then that it is done."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    if screen.stage is sc.PinStage.DONE:
        return _done(sheet)
    left = beside_pad(sheet, sheet.base(sheet.t("newpin.title")))
    ask, left = left.cut_top(sheet.line(Type.AGENT_TITLE, 2), sheet.mm(2))
    proof = "code" if screen.by_code else "old"
    key = proof if screen.stage is sc.PinStage.PROOF else screen.stage.value
    sheet.text(ask, sheet.t(f"newpin.{key}"), Type.AGENT_TITLE, bold=True)
    field, left = left.cut_top(sheet.mm(12 if panel.wide else 9), sheet.mm(2))
    if proof == key == "code":
        inside, on = (sheet.card(field), sheet.colours.card) if panel.wide else (field, sheet.colours.paper)
        sheet.text(inside, grouped(screen.typed), Type.AGENT_TITLE, bold=True, on=on)
    else:
        pin_dots(sheet, field, len(screen.typed), under_way=screen.awaited is not None)
    sheet.text(left, _words(sheet, screen, key), Type.AGENT_BODY, top=True)
    return sheet.page


def grouped(code: str) -> str:
    """A code as it is read out: its number, then groups of four. It is spent at once, so it may be seen."""
    return " ".join((code[:1], *(code[place : place + 4] for place in range(1, len(code), 4)))).strip() or "…"


def _done(sheet: Sheet) -> Page:
    area = sheet.actions(sheet.base(sheet.t("newpin.title")), Action("go-on", "go_on", ev.Confirm(), Look.YES, "yes"))
    sheet.text(area, sheet.t("newpin.done"), Type.AGENT_AMOUNT, align=Align.CENTER, bold=True)
    return sheet.page


def _words(sheet: Sheet, screen: sc.NewPin, key: str) -> str:
    if screen.awaited is not None:
        return sheet.t("newpin.wait")
    if screen.tries_left == 0:
        return sheet.t("newpin.code_spent" if screen.by_code else "pin.locked")
    if screen.fault is None:
        return sheet.t(f"newpin.{key}_hint")
    left = "" if screen.tries_left is None else " " + sheet.t("newpin.left", n=str(screen.tries_left))
    return sheet.w(screen.fault) + left
