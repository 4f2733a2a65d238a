"""The page on which a recipient sees the sum: whose it is, how much, what for, and with which notes it is made up."""

from __future__ import annotations

from kiosk import text
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow.values import Line, Offer
from kiosk.screens.area import Area
from kiosk.screens.banknotes import stack
from kiosk.screens.page import Align, Audience, Fill, Page
from kiosk.screens.sheet import Action, Look, Sheet
from kiosk.screens.theme import Panel, Type

KINDS_IN_A_ROW = 4
"""Kinds of banknotes that stand beside one another below the lines of an offer."""


def show_offer(screen: sc.ShowOffer, panel: Panel) -> Page:
    """Whose, how much in figures and words, what for, and which notes."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    offer = screen.offer
    area = sheet.actions(
        sheet.base(),
        Action("wrong-sum", "offer.no", ev.Decline(), Look.NO),
        Action("right-sum", "offer.yes", ev.Confirm(), Look.YES, "yes"),
    )
    lines = grouped(sheet, offer.lines)
    rest = _whose_and_how_much(sheet, area, offer, tight=len(offer.lines) > 2)
    kinds = len(offer.hand_over.give.items())
    if len(lines) > 2 and panel.wide:
        _lines(sheet, rest, lines, columns=3 if len(lines) == 3 else 2)
    elif panel.wide and kinds <= KINDS_IN_A_ROW and not any(line.rounding for line in offer.lines):
        notes, upper = rest.cut_bottom(rest.height * 0.36, sheet.mm(2))
        _table(sheet, upper, lines)
        stack(sheet, notes, offer.hand_over.give, Type.BODY, columns=kinds)
    elif panel.wide:
        left, right = rest.cut_left(rest.width * 0.56, sheet.mm(5))
        _lines(sheet, left, lines, columns=1)
        stack(sheet, right, offer.hand_over.give, Type.BODY, columns=1 if kinds < 3 else 2)
    elif kinds > 2:
        _lines(sheet, rest, lines, columns=1)
    else:
        notes, upper = rest.cut_bottom(sheet.line(Type.BODY, 1.2), sheet.mm(1.5))
        _lines(sheet, upper, lines, columns=1)
        stack(sheet, notes, offer.hand_over.give, Type.BODY, columns=2)
    return sheet.page


def _whose_and_how_much(sheet: Sheet, area: Area, offer: Offer, *, tight: bool) -> Area:
    name = f"{sheet.w(offer.recipient.form)} {offer.recipient.full_name}"
    high = sheet.line(Type.AMOUNT, 0.86)
    if sheet.panel.wide:
        head, area = area.cut_top(high, sheet.mm(0.8))
        left, right = head.cut_left(head.width * 0.41, sheet.mm(2))
    else:
        left, area = area.cut_top(sheet.line(Type.BODY, 1.9))
        right, area = area.cut_top(high)
    sheet.text(left, name, Type.BODY, bold=True)
    sum_align = Align.RIGHT if sheet.panel.wide else Align.CENTER
    sheet.text(right, text.figures(offer.total), Type.AMOUNT, align=sum_align, bold=True, colour=sheet.colours.on_no)
    many = 2.75 if tight and not sheet.panel.wide else 1.85
    one_line = sheet.panel.wide and offer.total % 1_000_000 == 0
    words, area = area.cut_top(sheet.line(Type.BODY, 0.95 if one_line else many), sheet.mm(1))
    sheet.text(words, text.in_words(offer.total, sheet.language), Type.BODY, align=sum_align)
    return area


def _table(sheet: Sheet, area: Area, lines: list[tuple[str, int]]) -> None:
    """What for at the left, how much under one another at the right."""
    colours = sheet.colours
    sheet.page.add(Fill(area, colours.card, sheet.mm(2.4), colours.line, sheet.mm(0.3)))
    for row, (words, amount) in zip(area.inset(sheet.mm(3), sheet.mm(0.8)).rows(len(lines), 0), lines, strict=True):
        right, left = row.cut_right(row.width * 0.27, sheet.mm(2))
        sheet.text(left, words, Type.BODY, on=colours.card)
        sheet.text(right, text.figures(amount), Type.BODY, align=Align.RIGHT, bold=True, on=colours.card)


def _lines(sheet: Sheet, area: Area, lines: list[tuple[str, int]], *, columns: int) -> None:
    rows = -(-len(lines) // columns)
    colours = sheet.colours
    sheet.page.add(Fill(area, colours.card, sheet.mm(2.4), colours.line, sheet.mm(0.3)))
    inside = area.inset(sheet.mm(2.5), 0)
    for cell, (words, amount) in zip(inside.grid(columns, rows, sheet.mm(0.5)), lines, strict=False):
        sheet.text(cell, f"{words}: {text.figures(amount)}", Type.BODY, on=colours.card)


def grouped(sheet: Sheet, lines: tuple[Line, ...]) -> list[tuple[str, int]]:
    """Each line by itself; when they are many, each programme with its months; the smallest together."""
    if len(lines) <= 2:
        return [(_line(sheet, each), each.amount) for each in lines]
    groups: dict[str, list[Line]] = {}
    for each in lines:
        groups.setdefault(_what(sheet, each), []).append(each)
    shown: list[tuple[str, int]] = [
        (_group(sheet, group), sum(each.amount for each in group)) for group in groups.values()
    ]
    most = 4 if sheet.panel.wide else 2
    if len(shown) <= most:
        return shown
    rest = shown[most - 1 :]
    together_ = sheet.t("offer.rest", n=str(len(rest)))
    return [*shown[: most - 1], (together_, sum(amount for _, amount in rest))]


def _line(sheet: Sheet, line: Line) -> str:
    words = sheet.t("offer.line", what=_what(sheet, line), month=text.month(line.period))
    if not line.rounding:
        return words
    return sheet.t("offer.kept" if line.rounding > 0 else "offer.added", line=words, sum=str(abs(line.rounding)))


def _group(sheet: Sheet, group: list[Line]) -> str:
    if len(group) == 1:
        return _line(sheet, group[0])
    months = len({each.period for each in group})
    return sheet.t("offer.group", what=_what(sheet, group[0]), n=str(months))


def _what(sheet: Sheet, line: Line) -> str:
    return sheet.w(line.programme) if line.kind == "monthly" else sheet.w(line.kind)
