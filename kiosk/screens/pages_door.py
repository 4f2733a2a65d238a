"""The page at a door: who lives there, what is due, what goes to an account, and who receives today."""

from __future__ import annotations

from kiosk import text
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow.values import PayeeOption, VisitStatus
from kiosk.flow.values import Role as PayeeRole
from kiosk.screens.area import Area
from kiosk.screens.page import Align, Audience, Fill, Icon, Page, Role
from kiosk.screens.pages_visit import state_of
from kiosk.screens.sheet import Action, Sheet
from kiosk.screens.theme import Panel, Type

NOTE_AT_DOOR = 26
"""Letters of a note beside address and telephone; all of it stands on the page of the household."""


def at_door(screen: sc.AtDoor, panel: Panel) -> Page:
    """Who lives here, and who receives today."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.base(sheet.t("door.who"))
    area = sheet.actions(
        area,
        Action("house", "door.house" if panel.wide else "", ev.AskHouse(), icon="house"),
        Action("unpaid", "door.unpaid" if panel.wide else "", ev.AskUnpaid(), icon="unpaid"),
        back=True,
    )
    words, area = area.cut_top(sheet.mm(9.8 * panel.roomy if panel.wide else 27), sheet.mm(0.6))
    _about(sheet, words, screen)
    _payees(sheet, area, screen)
    return sheet.page


def _payees(sheet: Sheet, area: Area, screen: sc.AtDoor) -> None:
    """All of them; or a few at a time, and in the last place how many there are besides."""
    wide, payees = sheet.panel.wide, screen.visit.household.payees
    cells = area.grid(2, 2, sheet.mm(2)) if wide else area.rows(3, sheet.mm(3))
    shown = payees
    if len(payees) > len(cells):
        few = len(cells) - 1
        pages = -(-len(payees) // few)
        at = screen.page % pages
        shown = payees[at * few :][:few]
        words = sheet.t("door.more", n=str(len(payees) - len(shown)))
        sheet.button(cells[-1], "more", words, ev.Scrolled((at + 1) % pages), icon="down", role=Role.ROW)
    for cell, payee in zip(cells, shown, strict=False):
        _payee(sheet, cell, payee)


def _elsewhere(sheet: Sheet, screen: sc.AtDoor) -> str:
    """What goes to a bank or wallet is said as such: it is not paid here. Empty when all is cash."""
    sent = [each for each in screen.visit.household.recipients if each.already_sent]
    total = text.figures(sum(line.amount for each in sent for line in each.already_sent))
    days = [each.sent_on for each in sent if each.sent_on is not None]
    if days:
        return sheet.t("door.sent_on", sum=total, day=text.day(max(days)))
    return sheet.t("door.sent", sum=total) if sent else ""


def _about(sheet: Sheet, area: Area, screen: sc.AtDoor) -> None:
    household = screen.visit.household
    due = sum(each.due for each in household.recipients)
    row = household.row
    later = row.status is VisitStatus.COME_BACK
    parts = [state_of(sheet, row) if later else row.hamlet, row.address]
    if row.phone is not None:
        parts.append(phone_words(sheet, row.phone.number, row.phone.owner))
    elsewhere = _elsewhere(sheet, screen)
    parts = [elsewhere, row.address] if elsewhere else [*parts, shortened(row.note, NOTE_AT_DOOR)]
    left, right = (
        area.cut_left(area.width * 0.68, sheet.mm(3)) if sheet.panel.wide else area.cut_top(area.height * 0.66)
    )
    sheet.text(left, " · ".join(part for part in parts if part), Type.AGENT_SMALL, colour=sheet.colours.soft_ink)
    sheet.text(right, text.figures(due), Type.AGENT_AMOUNT, align=Align.RIGHT, bold=True)


def shortened(words: str, letters: int) -> str:
    """The beginning of long words, cut between two of them."""
    if len(words) <= letters:
        return words
    return f"{words[:letters].rsplit(' ', 1)[0].rstrip(' ,·')}…"


def phone_words(sheet: Sheet, number: str, owner: str) -> str:
    """A telephone number, kept on one line, and whose it is."""
    whole = number.replace(" ", "\u00a0")
    return sheet.t("door.phone", number=whole, owner=owner) if owner else whole


def _payee(sheet: Sheet, cell: Area, payee: PayeeOption) -> None:
    colours = sheet.colours
    sheet.page.add(Fill(cell, colours.card, sheet.mm(2.4), colours.line, sheet.mm(0.3)))
    sign, inside = cell.inset(sheet.mm(2), sheet.mm(1)).cut_left(sheet.mm(7 * sheet.panel.roomy), sheet.mm(1.6))
    ink = colours.yes if payee.role is PayeeRole.SELF else colours.on_no
    sheet.page.add(Icon(sign.fitted(1), "person", ink, colours.card))
    name, role = inside.cut_top(inside.height * 0.56)
    called = f"{sheet.w(payee.person.form)} {payee.person.full_name}"
    sheet.text(name, called, Type.AGENT_ACTION, bold=True, on=colours.card)
    words = sheet.w(payee.role)
    if payee.valid_until is not None:
        words = sheet.t("door.paper", role=words, paper=payee.paper, until=text.day(payee.valid_until))
    sheet.text(role, words, Type.AGENT_SMALL, colour=sheet.colours.soft_ink, on=colours.card)
    sheet.target(f"payee-{payee.person.id}", cell, Role.ROW, ev.PayeeChosen(payee.person.id))
