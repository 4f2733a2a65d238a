"""Number pad and counting pad: keys that a thumb in the rain finds, and a sum that is always in sight."""

from __future__ import annotations

from kiosk import text
from kiosk.flow import events as ev
from kiosk.flow.values import DENOMINATIONS, Count, Notes
from kiosk.screens.area import Area
from kiosk.screens.banknotes import banknote
from kiosk.screens.page import Align, Fill, Role, Target
from kiosk.screens.sheet import Action, Look, Sheet
from kiosk.screens.theme import AGENT_TARGET, KEY_GAP, Type

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "erase", "0", "next")
WIDE_KEYS = ("1", "2", "3", "erase", "4", "5", "6", "0", "7", "8", "9", "next")


def pad_width(sheet: Sheet) -> float:
    """Pixels that a pad of three columns takes."""
    return sheet.mm(3 * (AGENT_TARGET + 1.2) + 2 * KEY_GAP)


def number_pad(sheet: Sheet, area: Area, done: ev.Event, *, flat: bool = False) -> None:
    """Ten digits, one to erase, one to go on. ``flat`` is four columns by three rows."""
    cells = area.grid(4, 3, sheet.mm(KEY_GAP)) if flat else area.grid(3, 4, sheet.mm(KEY_GAP))
    for cell, key in zip(cells, WIDE_KEYS if flat else KEYS, strict=True):
        _key(sheet, cell, key, done)


def _key(sheet: Sheet, cell: Area, key: str, done: ev.Event) -> None:
    if key == "erase":
        sheet.button(cell, "erase", "", ev.Erase(), icon="erase", role=Role.KEY)
    elif key == "next":
        icon = "yes" if isinstance(done, ev.Confirm) else "next"
        sheet.button(cell, "done" if icon == "yes" else "next", "", done, look=Look.YES, icon=icon, role=Role.KEY)
    else:
        sheet.button(cell, f"digit-{key}", key, ev.Digit(int(key)), kind=Type.KEY, role=Role.KEY)


def counting(sheet: Sheet, area: Area, count: Count, plan: Notes | None, action: Action) -> None:
    """Nine denominations with their counts, the sum below, the pad beside or beneath them."""
    if sheet.panel.wide:
        pad, left = area.cut_right(pad_width(sheet), sheet.mm(5))
        number_pad(sheet, pad, ev.NextNote())
        left = sheet.actions(left, action, back=True)
    else:
        left = sheet.actions(area, action, back=True)
        pad, left = left.cut_bottom(sheet.mm(3 * (AGENT_TARGET + 0.1) + 2 * KEY_GAP), sheet.mm(2.4))
        number_pad(sheet, pad, ev.NextNote(), flat=True)
    total, cells = left.cut_bottom(sheet.line(Type.AGENT_TITLE, 0.84), sheet.mm(0.2))
    for index, cell in enumerate(cells.grid(3, 3, sheet.mm(KEY_GAP))):
        _denomination(sheet, cell, index, count, plan)
    label, amount = total.cut_left(total.width * 0.4)
    sheet.text(label, sheet.t("count.sum"), Type.AGENT_BODY, colour=sheet.colours.soft_ink)
    sheet.text(amount, text.figures(count.notes.amount), Type.AGENT_TITLE, align=Align.RIGHT, bold=True)


def _denomination(sheet: Sheet, cell: Area, index: int, count: Count, plan: Notes | None) -> None:
    chosen = index == count.at
    colours = sheet.colours
    back = colours.chosen if chosen else colours.card
    sheet.page.add(
        Fill(cell, back, sheet.mm(2), colours.ink if chosen else colours.line, sheet.mm(0.7 if chosen else 0.3))
    )
    sheet.page.targets.append(Target(f"note-{DENOMINATIONS[index]}", cell, Role.KEY, ev.NoteChosen(index)))
    inside = cell.inset(sheet.mm(1.4), sheet.mm(0.8))
    if plan is not None:
        need, inside = inside.cut_bottom(sheet.line(Type.AGENT_SMALL, 0.92), sheet.mm(0.2))
        words = sheet.t("float.need", n=str(plan.counts[index]))
        sheet.text(need, words, Type.AGENT_SMALL, align=Align.RIGHT, colour=colours.soft_ink, on=back)
    left, number = inside.cut_left(inside.width * 0.5, sheet.mm(0.8))
    banknote(sheet, left.fitted(2.1), DENOMINATIONS[index])
    sheet.text(number, str(count.counts[index]), Type.AGENT_AMOUNT, align=Align.RIGHT, bold=True, on=back)
