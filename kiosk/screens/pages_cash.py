"""Pages with money on the table: hand over, sign or witness, paper; or put back and counted."""

from __future__ import annotations

from kiosk import text
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow.values import CannotSign, Named, PrintResult, Stroke, Vnd, VoidReason
from kiosk.screens.area import Area
from kiosk.screens.banknotes import stack
from kiosk.screens.pads import counting
from kiosk.screens.page import Align, Audience, Fill, Icon, Ink, Page, Role, Target
from kiosk.screens.sheet import Action, Look, Sheet
from kiosk.screens.theme import Panel, Type


def hand_over(screen: sc.HandOverCash, panel: Panel) -> Page:
    """The notes as they lie on the table; the recipient counts along."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    offer = screen.offer
    area = sheet.actions(
        sheet.base(),
        Action("not-all", "hand.no", ev.Decline(), Look.NO),
        Action("got-all", "hand.yes", ev.Confirm(), Look.YES, "yes"),
    )
    head, area = area.cut_top(sheet.line(Type.TITLE, 1.05 if panel.wide else 2.1), sheet.mm(1.5))
    if panel.wide:
        free, head = head.cut_right(head.width * 0.32)
        sheet.text(free, sheet.t("no_fee"), Type.BODY, align=Align.RIGHT, bold=True, colour=sheet.colours.yes)
    sheet.text(head, sheet.t("hand.title", you=sheet.you(offer.payee.form)), Type.TITLE, bold=True)
    amount, area = area.cut_top(sheet.line(Type.AMOUNT, 1), sheet.mm(1.5))
    sheet.text(
        amount, text.figures(offer.total), Type.AMOUNT, align=Align.CENTER, bold=True, colour=sheet.colours.on_no
    )
    if offer.hand_over.back.amount:
        change, area = area.cut_bottom(sheet.line(Type.BODY, 1.1 if panel.wide else 2.1), sheet.mm(1.5))
        words = sheet.t(
            "hand.change",
            you=sheet.you(offer.payee.form),
            give=text.figures(offer.hand_over.give.amount),
            back=text.figures(offer.hand_over.back.amount),
        )
        sheet.text(change, words, Type.BODY, align=Align.CENTER, bold=True)
    stack(sheet, area, offer.hand_over.give, Type.TITLE, columns=3 if panel.wide else 2)
    return sheet.page


def sign(screen: sc.Sign, panel: Panel) -> Page:
    """A pad as large as the screen allows."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    words = sheet.t("sign.title", you=sheet.you(screen.offer.payee.form), sum=text.figures(screen.offer.total))
    return signing(sheet, words, screen.strokes, "sign.cannot")


def signing(sheet: Sheet, words: str, strokes: tuple[Stroke, ...], cannot: str) -> Page:
    """A pad under a sentence, and the way of those who do not sign on it."""
    actions = [Action("cannot-sign", cannot, ev.AskCannotSign())]
    if strokes:
        actions += [
            Action("clear", "sign.clear", ev.StrokesCleared()),
            Action("signed", "sign.done", ev.Confirm(), Look.YES),
        ]
    area = sheet.actions(sheet.base(), *actions, back=not strokes)
    head, area = area.cut_top(sheet.line(Type.TITLE, 1.05 if sheet.panel.wide else 2.1), sheet.mm(2.5))
    sheet.text(head, words, Type.TITLE, bold=True)
    colours = sheet.colours
    sheet.page.add(Fill(area, colours.card, sheet.mm(2), colours.ink, sheet.mm(0.5)))
    line = Area(area.x + area.width * 0.08, area.y + area.height * 0.24, area.width * 0.84, sheet.mm(0.4))
    sheet.page.add(Fill(line, colours.line), Ink(area, strokes, colours.ink))
    sheet.page.pad = Target("sign-pad", area, Role.ROW, None)
    return sheet.page


def cannot_sign(screen: sc.CannotSignReason, panel: Panel) -> Page:
    """Why an ink print."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(sheet.base(sheet.t("cannot.title")), back=True, apart=True)
    cells = area.grid(2, 3, sheet.mm(4)) if panel.wide else area.rows(5, sheet.mm(4))
    for cell, reason in zip(cells, CannotSign, strict=False):
        sheet.button(cell, f"cannot-{reason}", sheet.w(reason), ev.CannotSignChosen(reason), role=Role.ROW)
    return sheet.page


def choose_witness(screen: sc.ChooseWitness, panel: Panel) -> Page:
    """Who saw it, and where the print goes."""
    return witnesses(
        Sheet(screen, panel, Audience.AGENT), screen.visit.household.witnesses, "witness.title", "witness.words"
    )


def witnesses(sheet: Sheet, names: tuple[str, ...], title: str, words: str) -> Page:
    """Those of the house who can bear witness, or a name that is typed."""
    wide = sheet.panel.wide
    other = Action("other", "name.other", ev.AskName(), icon="person")
    area = sheet.actions(sheet.base(sheet.t(title)), other, back=True, apart=True)
    head, area = area.cut_top(sheet.line(Type.AGENT_BODY, 2.2 if wide else 4.2), sheet.mm(2))
    sheet.text(head, sheet.t(words), Type.AGENT_BODY)
    cells = area.grid(2, 2, sheet.mm(4)) if wide else area.rows(4, sheet.mm(4))
    for index, (cell, name) in enumerate(zip(cells, names, strict=False)):
        sheet.button(cell, f"witness-{index}", name, ev.WitnessChosen(index), icon="person", role=Role.ROW)
    if not names:
        sheet.text(area, sheet.t("witness.none"), Type.AGENT_TITLE, align=Align.CENTER)
    return sheet.page


def paid(screen: sc.Paid, panel: Panel) -> Page:
    """Done and safe; then the paper."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = sheet.actions(sheet.base(), *_paper_actions(screen))
    no_paper = screen.result is PrintResult.FAILED  # then there is more to say, and to copy
    high = area.height * (0.08 if no_paper else 0.2)
    picture, words = area.cut_left(area.width * 0.26, sheet.mm(5)) if panel.wide else area.cut_top(high, sheet.mm(2))
    sheet.page.add(Icon(picture.fitted(1), "done", sheet.colours.yes, sheet.colours.paper))
    head, rest = words.cut_top(sheet.line(Type.TITLE, 1.05 if panel.wide else 2.1), sheet.mm(2))
    offer = screen.offer
    sheet.text(head, sheet.t("paid.title", you=sheet.you(offer.payee.form)), Type.TITLE, bold=True)
    if not no_paper:
        amount, rest = rest.cut_top(sheet.line(Type.AMOUNT, 1), sheet.mm(1))
        sheet.text(amount, text.figures(offer.total), Type.AMOUNT, bold=True, colour=sheet.colours.on_no)
    _paper(sheet, rest, screen)
    return sheet.page


def did_it_come_out() -> list[Action]:
    """Only a person can say whether the paper is out."""
    return [
        Action("paper-no", "paper.no", ev.PaperSeen(printed=False), Look.NO),
        Action("paper-yes", "paper.yes", ev.PaperSeen(printed=True), Look.YES),
    ]


def whose_and_how_much(sheet: Sheet, area: Area, whose: Named, total: Vnd) -> Area:
    """The headline of an agent's page about one sum; what is left below it."""
    name, area = area.cut_top(sheet.line(Type.AGENT_TITLE, 1.2 if sheet.panel.wide else 2.4), sheet.mm(1))
    sheet.text(name, f"{sheet.w(whose.form)} {whose.full_name}", Type.AGENT_TITLE, bold=True)
    amount, area = area.cut_top(sheet.line(Type.AGENT_AMOUNT, 1.1), sheet.mm(2))
    sheet.text(amount, text.figures(total), Type.AGENT_AMOUNT, bold=True)
    return area


def _paper_actions(screen: sc.Paid) -> list[Action]:
    if screen.awaited is not None:
        return []
    if screen.result is PrintResult.UNKNOWN:
        return did_it_come_out()
    return [
        Action("reprint", "paper.again", ev.AskReprint()),
        Action("next", "paid.next", ev.Confirm(), Look.YES, "next"),
    ]


def _paper(sheet: Sheet, area: Area, screen: sc.Paid) -> None:
    if screen.awaited is not None:
        bar, area = area.cut_bottom(sheet.mm(5), sheet.mm(1))
        sheet.under_way(bar)
        sheet.text(area, sheet.t("paper.printing"), Type.BODY)
        return
    match screen.result:
        case PrintResult.UNKNOWN:
            sheet.text(area, sheet.t("paper.ask"), Type.BODY, bold=True)
        case PrintResult.FAILED:
            wide = sheet.panel.wide
            copied, area = area.cut_bottom(sheet.line(Type.TITLE, 1.1 if wide else 2.1), sheet.mm(1))
            number = (" · " if wide else "\n").join((screen.payout, screen.code))
            sheet.text(copied, number, Type.TITLE, bold=True, colour=sheet.colours.on_no)
            sheet.text(area, f"{sheet.printer(screen.result)} {sheet.t('paper.copy')}", Type.BODY, bold=True)
        case _:
            words = sheet.t("paper.take", you=sheet.you(screen.offer.payee.form))
            sheet.text(area, f"{words} {sheet.printer(screen.result)}".rstrip(), Type.BODY)


def void_reason(screen: sc.VoidReasonScreen, panel: Panel) -> Page:
    """Why the cash goes back into the bag."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(sheet.base(sheet.t("void.title")), back=True, apart=True)
    words, area = area.cut_top(sheet.line(Type.AGENT_BODY, 2.2 if panel.wide else 4.2), sheet.mm(2))
    sheet.text(words, sheet.t("void.words"), Type.AGENT_BODY)
    cells = area.grid(2, 2, sheet.mm(4)) if panel.wide else area.rows(4, sheet.mm(4))
    for cell, reason in zip(cells, VoidReason, strict=True):
        sheet.button(cell, f"void-{reason}", sheet.w(reason), ev.VoidChosen(reason), role=Role.ROW)
    return sheet.page


def void_shown(screen: sc.VoidShown, panel: Panel) -> Page:
    """Whether any of it had left the bag."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(
        sheet.base(sheet.t("void.shown")),
        Action("not-shown", "void.not_shown", ev.Decline()),
        Action("shown", "void.was_shown", ev.Confirm()),
        back=True,
    )
    sheet.text(area, sheet.t("void.shown_words"), Type.AGENT_BODY)
    return sheet.page


def void_count(screen: sc.VoidCount, panel: Panel) -> Page:
    """All back in the bag: count it."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.base(sheet.t("count.title"))
    counting(sheet, area, screen.count, None, Action("counted", "void.done", ev.Confirm(), Look.YES, "yes"))
    return sheet.page
