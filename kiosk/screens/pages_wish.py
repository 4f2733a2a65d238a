"""Pages of what is written down for one recipient: whose, which way, which account, the pen; chip against list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.flow import events as ev
from kiosk.flow import screens_wish as sw
from kiosk.flow.values import Compared, DataField, Sex
from kiosk.flow.values_house import PAPERS, PEOPLE_ON_PAGE, Number
from kiosk.flow.values_wish import BANKS, BANKS_ON_PAGE, NO_BANK, PayWay, Right, Wish, bank_name
from kiosk.screens.area import Area
from kiosk.screens.page import Align, Audience, Icon, Page, Role
from kiosk.screens.pages_cash import signing
from kiosk.screens.pages_visit import split
from kiosk.screens.sheet import Action, Look, Sheet
from kiosk.screens.theme import Panel, Type

GROUP = 4
MOBILE = 10


def _leafing(page: int, count: int, on_page: int) -> list[Action]:
    """One button that turns the pages, round and round."""
    pages = -(-count // on_page)
    following = page + 1 if page + 1 < pages else 0
    return [Action("next-page", "", ev.Scrolled(following), icon="down")] if pages > 1 else []


def choose_whom(screen: sw.ChooseWhom, panel: Panel) -> Page:
    """Everybody of the house who receives something."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    people = screen.visit.household.recipients
    turn = _leafing(screen.page, len(people), PEOPLE_ON_PAGE)
    area = sheet.actions(sheet.base(sheet.t("whom.title")), *turn, back=True, apart=True)
    shown = people[screen.page * PEOPLE_ON_PAGE :][:PEOPLE_ON_PAGE]
    cells = area.grid(2, 3, sheet.mm(3.2)) if panel.wide else area.rows(PEOPLE_ON_PAGE, sheet.mm(3.2))
    for cell, each in zip(cells, shown, strict=False):
        called = f"{sheet.w(each.person.form)} {each.person.full_name}"
        sheet.button(cell, f"whom-{each.person.id}", called, ev.PayeeChosen(each.person.id), icon="person",
                     role=Role.ROW)  # fmt: skip
    return sheet.page


def choose_way(screen: sw.ChooseWay, panel: Panel) -> Page:
    """Two ways, both of them as large; none is praised."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = sheet.actions(sheet.base(), back=True, apart=True)
    head, area = area.cut_top(sheet.line(Type.TITLE, 1.2 if panel.wide else 2.1), sheet.mm(1.5))
    key = "wish.ask_where" if screen.no_cash else "wish.ask"
    sheet.text(head, sheet.t(key, you=sheet.you(screen.whom.form)), Type.TITLE, bold=True)
    ways = _WHERE if screen.no_cash else _CASH_OR_NOT
    cells = area.columns(2, sheet.mm(6)) if panel.wide else area.rows(2, sheet.mm(6))
    for cell, (name, icon, event) in zip(cells, ways, strict=True):
        _way(sheet, cell, name, icon, event)
    return sheet.page


_CASH_OR_NOT: tuple[tuple[str, str, ev.Event], ...] = (
    ("cash", "cash", ev.Picked(PayWay.CASH)), ("no_cash", "bank", ev.Decline()),
)  # fmt: skip
_WHERE: tuple[tuple[str, str, ev.Event], ...] = (
    ("bank", "bank", ev.Picked(PayWay.BANK)), ("wallet", "phone", ev.Picked(PayWay.WALLET)),
)  # fmt: skip


def _way(sheet: Sheet, cell: Area, name: str, icon: str, event: ev.Event) -> None:
    inside = sheet.card(cell)
    if sheet.panel.wide:
        sign, words = inside.cut_top(inside.height * 0.4, sheet.mm(1))
    else:
        sign, words = inside.cut_left(inside.width * 0.24, sheet.mm(3))
    sheet.page.add(Icon(sign.fitted(1), icon, sheet.colours.yes, sheet.colours.card))
    align = Align.CENTER if sheet.panel.wide else Align.LEFT
    sheet.text(words, sheet.t(f"PayWay.{name}"), Type.ACTION, align=align, bold=True, on=sheet.colours.card)
    sheet.target(f"way-{name}", cell, Role.ACTION, event)


def give_account(screen: sw.GiveAccount, panel: Panel) -> Page:
    """The code goes before the scanner; whoever has none may have it typed, or wish for an account."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(
        sheet.base(sheet.t("account.title", name=screen.whom.full_name)),
        Action("no-account", "account.none", ev.AskNumber(Number.CALL)),
        Action("type-account", "account.type", ev.AskNumber(Number.ACCOUNT), Look.YES),
        back=True,
    )
    picture, words = split(sheet, area, 0.34)
    sheet.page.add(Icon(picture.fitted(1), "qr", sheet.colours.ink, sheet.colours.paper))
    sheet.text(words, sheet.t("account.wrong" if screen.wrong else "account.scan"), Type.AGENT_TITLE, bold=True)
    return sheet.page


def choose_bank(screen: sw.ChooseBank, panel: Panel) -> Page:
    """Banks by their names, eight at a time; one that is not there is asked for by the office."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(
        sheet.base(sheet.t("bank.title")),
        *_leafing(screen.page, len(BANKS), BANKS_ON_PAGE),
        Action("bank-other", "bank.other", ev.BankChosen(NO_BANK)),
        back=True,
        apart=True,
    )
    shown = list(BANKS.items())[screen.page * BANKS_ON_PAGE :][:BANKS_ON_PAGE]
    cells = area.grid(3, 3, sheet.mm(3)) if panel.wide else area.grid(2, 4, sheet.mm(3))
    for cell, (code, name) in zip(cells, shown, strict=False):
        sheet.button(cell, f"bank-{code}", name, ev.BankChosen(code), role=Role.ROW)
    return sheet.page


def read_back(screen: sw.ReadBack, panel: Panel) -> Page:
    """The number large and in groups, as it is said aloud."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = sheet.actions(
        sheet.base(),
        Action("wrong-number", "wish.no", ev.Decline(), Look.NO),
        Action("right-number", "wish.yes", ev.Confirm(), Look.YES, "yes"),
    )
    wish = screen.wish
    head, area = area.cut_top(sheet.line(Type.TITLE, 1.1 if panel.wide else 2.2), sheet.mm(1.5))
    sheet.text(head, sheet.t(f"wish.{wish.way.value}", you=sheet.you(screen.whom.form)), Type.TITLE, bold=True)
    if not wish.number:
        sheet.text(area, sheet.t("wish.cash_same", you=sheet.you(screen.whom.form)), Type.BODY, top=True)
        return sheet.page
    number, area = area.cut_top(area.height * (0.56 if panel.wide else 0.5), sheet.mm(1.5))
    digits = grouped_digits(wish.number, phone=wish.way is not PayWay.BANK)
    sheet.text(sheet.card(number), digits, Type.KEY, align=Align.CENTER, bold=True, on=sheet.colours.card)
    doubt = sheet.colours.on_no if wish.other_name else None
    sheet.text(area, _belongs(sheet, wish), Type.BODY, bold=True, colour=doubt)
    return sheet.page


def grouped_digits(number: str, *, phone: bool) -> str:
    """``0123 4567 89``: four at a time, as people read a card; ``0912 345 678`` as they say a telephone number."""
    if phone and len(number) == MOBILE:
        return f"{number[:4]} {number[4:7]} {number[7:]}"
    return " ".join(number[start : start + GROUP] for start in range(0, len(number), GROUP))


def _belongs(sheet: Sheet, wish: Wish) -> str:
    if wish.way is not PayWay.BANK:
        return sheet.t(f"wish.{wish.way.value}_hint")
    bank = bank_name(wish.bank) if wish.bank else sheet.t("bank.other")
    key = "wish.other_holder" if wish.other_name else "wish.holder"
    return sheet.t(key, bank=bank, holder=wish.holder) if wish.holder else bank


def sign_statement(screen: sw.SignStatement, panel: Panel) -> Page:
    """A pad, or the slip."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    key = "wish.sign_card" if screen.statement.wish is None else "wish.sign"
    return signing(sheet, sheet.t(key, you=sheet.you(screen.whom.form)), screen.strokes, "wish.on_paper")


def missing_papers(screen: sw.MissingPapers, panel: Panel) -> Page:
    """Every paper a button that stays marked; one slip for all of them."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    done = [Action("papers-done", "papers.done", ev.Confirm(), Look.YES)] if screen.chosen else []
    area = sheet.actions(sheet.base(sheet.t("papers.title", name=screen.whom.full_name)), *done, back=True, apart=True)
    cells = area.grid(3, 3, sheet.mm(3)) if panel.wide else area.grid(2, 5, sheet.mm(3))
    for cell, paper in zip(cells, PAPERS, strict=False):
        marked = paper in screen.chosen
        sheet.button(cell, f"paper-{paper.value}", _capital(sheet.w(paper)), ev.Picked(paper),
                     look=Look.YES if marked else Look.PLAIN, icon="yes" if marked else "", role=Role.ROW)  # fmt: skip
    return sheet.page


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def review_data(screen: sw.ReviewData, panel: Panel) -> Page:
    """Four lines, two columns; what differs is marked."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(
        sheet.base(sheet.t("review.title")),
        *(Action(f"right-{each.value}", f"Right.{each.value}", ev.Picked(each)) for each in Right),
        back=True,
    )
    head, area = area.cut_top(sheet.line(Type.AGENT_BODY, 1.1 if panel.wide else 1.8), sheet.mm(1))
    names = ("", sheet.t("review.chip"), sheet.t("review.list"))
    for cell, words in zip(_cells(sheet, head), names, strict=True):
        sheet.text(cell, words, Type.AGENT_BODY, bold=True, colour=sheet.colours.soft_ink)
    for row, each in zip(area.rows(len(DataField), sheet.mm(0.8)), screen.face.compared, strict=False):
        _line(sheet, row, each)
    return sheet.page


def _cells(sheet: Sheet, row: Area) -> list[Area]:
    """Where the field's name stands, and its two readings: beside it, or under it on a narrow panel."""
    inside = row.inset(sheet.mm(2), sheet.mm(0.4))
    if sheet.panel.wide:
        return inside.weighted([1.2, 2.0, 2.0], sheet.mm(2))
    name, values = inside.cut_top(inside.height * 0.36)
    return [name, *values.columns(2, sheet.mm(2))]


def _line(sheet: Sheet, row: Area, each: Compared) -> None:
    sheet.card(row, chosen=each.differs)
    on = sheet.colours.chosen if each.differs else sheet.colours.card
    name, *values = _cells(sheet, row)
    sheet.text(name, sheet.w(each.what), Type.AGENT_SMALL, colour=sheet.colours.soft_ink, on=on)
    for cell, words in zip(values, (each.chip, each.listed), strict=True):
        sheet.text(cell, _value(sheet, each, words), Type.AGENT_BODY, bold=each.differs, on=on)


def _value(sheet: Sheet, each: Compared, value: str) -> str:
    return sheet.w(Sex(value)) if each.what is DataField.SEX and value else value or "–"


PAGES: dict[type, Callable[[Any, Panel], Page]] = {
    sw.ChooseWhom: choose_whom,
    sw.ChooseWay: choose_way,
    sw.GiveAccount: give_account,
    sw.ChooseBank: choose_bank,
    sw.ReadBack: read_back,
    sw.SignStatement: sign_statement,
    sw.MissingPapers: missing_papers,
    sw.ReviewData: review_data,
}
