"""Pages from the route to the offer: whose turn, who receives, the card, the face, the sum."""

from __future__ import annotations

from kiosk import text
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow.events_override import WithoutCard
from kiosk.flow.telex import compose
from kiosk.flow.values import (
    CardTrouble,
    Profile,
    ReadPhase,
    RefusalKey,
    RouteRow,
    UnpaidReason,
    VisitStatus,
)
from kiosk.flow.values_house import Wording
from kiosk.flow.way_card import CLOSED_STATUS, ROWS_ON_PAGE, shown_rows
from kiosk.flow.way_override import offered
from kiosk.screens.area import Area
from kiosk.screens.page import Align, Audience, Bar, Icon, Page, Role
from kiosk.screens.sheet import Action, Look, Sheet
from kiosk.screens.theme import Panel, Type

STATUS_ICON = {
    VisitStatus.WAITING: "waiting", VisitStatus.COME_BACK: "later", VisitStatus.PAID: "yes",
    VisitStatus.UNPAID: "unpaid", VisitStatus.SENT_TO_BANK: "bank",
}  # fmt: skip


def route(screen: sc.Route, panel: Panel) -> Page:
    """Today's households in walking order; the cash of the day is the agent's to see."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.base(sheet.t("route.title"))
    rows = shown_rows(screen)
    area = sheet.actions(
        area,
        *_route_actions(screen, len(rows), panel),
        back=bool(screen.search or screen.only) or screen.frame.profile is Profile.PAY_POINT,
    )
    head, area = area.cut_top(sheet.line(Type.AGENT_BODY, 1.05 if panel.wide else 2), sheet.mm(1.4))
    _summary(sheet, head, rows, screen)
    shown = rows[screen.page * ROWS_ON_PAGE :][:ROWS_ON_PAGE]
    for cell, row in zip(area.rows(ROWS_ON_PAGE, sheet.mm(2.4)), shown, strict=False):
        _row(sheet, cell, row)
    if not rows:
        key = "find.none" if screen.search else "route.empty"
        sheet.text(area, sheet.t(key), Type.AGENT_TITLE, align=Align.CENTER)
    return sheet.page


def _route_actions(screen: sc.Route, count: int, panel: Panel) -> list[Action]:
    """Leafing goes round and round; a narrow panel leafs forward only."""
    wide = panel.wide
    last = max(0, (count - 1) // ROWS_ON_PAGE)
    before, after = screen.page - 1 if screen.page else last, screen.page + 1 if screen.page < last else 0
    actions = [
        Action("find", "find" if wide else "", ev.AskWords(Wording.FIND), icon="find"),
        Action("menu", "menu" if wide else "", ev.OpenMenu(), icon="menu"),
    ]
    if last:
        actions.insert(0, Action("page-next", "", ev.Scrolled(after), icon="down"))
    if last and wide and not screen.search:
        actions.insert(0, Action("page-back", "", ev.Scrolled(before), icon="up"))
    return actions


def _summary(sheet: Sheet, area: Area, rows: tuple[RouteRow, ...], screen: sc.Route) -> None:
    open_rows = [row for row in rows if row.status not in CLOSED_STATUS]
    left, right = area.cut_left(area.width * 0.45) if sheet.panel.wide else area.cut_top(area.height / 2)
    counted = sheet.t("route.left", n=str(len(open_rows)), of=str(len(rows)))
    if screen.search:
        counted = sheet.t("find.found", words=compose(screen.search), n=str(len(rows)))
    sheet.text(left, counted, Type.AGENT_BODY, bold=True)
    words = sheet.t("route.cash", sum=text.figures(screen.shift.in_drawer))
    sheet.text(right, words, Type.AGENT_BODY, align=Align.RIGHT if sheet.panel.wide else Align.LEFT)


def _row(sheet: Sheet, cell: Area, row: RouteRow) -> None:
    done = row.status in CLOSED_STATUS
    inside = sheet.card(cell)
    on = sheet.colours.card
    sign, inside = inside.cut_left(sheet.mm(9), sheet.mm(2))
    sheet.page.add(
        Icon(sign.fitted(1), STATUS_ICON[row.status], sheet.colours.yes if done else sheet.colours.on_no, on)
    )
    name, where, due, state = _row_cells(sheet, inside)
    sheet.text(name, together(row.names), Type.AGENT_ACTION, bold=True, on=on)
    where_at = ", ".join(part for part in (row.hamlet, row.address) if part)
    place = f"{row.order}. {where_at}"
    sheet.text(where, place, Type.AGENT_SMALL, colour=sheet.colours.soft_ink, on=on)
    sheet.text(due, text.figures(row.due), Type.AGENT_ACTION, align=Align.RIGHT, bold=True, on=on)
    sheet.text(state, state_of(sheet, row), Type.AGENT_SMALL, align=Align.RIGHT, colour=sheet.colours.soft_ink, on=on)
    # a paid one and one by bank too: to see it again, to be told why not, to write something down
    sheet.target(f"household-{row.household}", cell, Role.ROW, ev.HouseholdChosen(row.household))


def _row_cells(sheet: Sheet, inside: Area) -> tuple[Area, Area, Area, Area]:
    """Where name, place, sum and state stand: two by two, or three lines on a narrow panel."""
    if not sheet.panel.wide:
        name, rest = inside.cut_top(inside.height * 0.4)
        where, last = rest.cut_top(rest.height * 0.54)
        state, due = last.columns(2, sheet.mm(1.5))
        return name, where, due, state
    right, left = inside.cut_right(inside.width * 0.3, sheet.mm(1.5))
    return (*left.cut_top(left.height * 0.56), *right.cut_top(right.height * 0.56))


def together(names: tuple[str, ...]) -> str:
    """The first in full, the others of the house by their given names, as people say it."""
    return ", ".join((names[0], *(name.split()[-1] for name in names[1:])))


SUSPENDED_AFTER = 3
"""Months in a row: what nobody collects for so long is suspended (Circular 02/2021)."""


def state_of(sheet: Sheet, row: RouteRow) -> str:
    """What is to be said of a household beside its sum: when to come back, what waits, or how it ended."""
    if row.status is VisitStatus.COME_BACK and row.come_back_at:
        return sheet.t("route.back_at", at=row.come_back_at)
    if row.status is VisitStatus.COME_BACK and row.next_visit is not None:
        return sheet.t("route.next_on", day=text.day(row.next_visit))
    if row.status is VisitStatus.WAITING and row.months > 1:
        return sheet.t("route.months" if row.months < SUSPENDED_AFTER else "route.suspended", n=str(row.months))
    return sheet.w(row.status)


def lay_card(screen: sc.LayCard, panel: Panel) -> Page:
    """Where the card goes, and why it is asked for again."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = sheet.base()
    actions = []
    if screen.trouble is not None and screen.frame.card_present:
        actions.append(Action("again", "card.again", ev.Confirm(), Look.YES))
    elif offered(screen):
        actions.append(Action("no-card", "card.none", WithoutCard()))
    area = sheet.actions(area, *actions, back=True)
    picture, words = split(sheet, area, 0.42)
    sheet.page.add(Icon(picture.fitted(1.25), "reader", sheet.colours.ink, sheet.colours.paper))
    form = None if screen.visit.payee is None else screen.visit.payee.person.form
    head, rest = words.cut_top(words.height * 0.55, sheet.mm(2))
    sheet.text(head, sheet.t("card.lay", you=sheet.you(form)), Type.TITLE, bold=True)
    key = "card.lay_hint" if screen.trouble is None else f"CardTrouble.{CardTrouble(screen.trouble).value}"
    sheet.text(rest, sheet.t(key, you=sheet.you(form)), Type.BODY, top=True)
    return sheet.page


def split(sheet: Sheet, area: Area, share: float) -> tuple[Area, Area]:
    """A picture and words: side by side, or one above the other."""
    if sheet.panel.wide:
        return area.cut_left(area.width * share, sheet.mm(6))
    return area.cut_top(area.height * min(share, 0.36), sheet.mm(2))


def reading(screen: sc.Reading, panel: Panel) -> Page:
    """The card lies still, the bar moves."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = sheet.actions(sheet.base(), Action("back", "stop", ev.Back()))
    picture, words = split(sheet, area, 0.42)
    sheet.page.add(Icon(picture.fitted(1.25), "reader_card", sheet.colours.ink, sheet.colours.paper))
    head, rest = words.cut_top(words.height * 0.44, sheet.mm(3))
    sheet.text(head, sheet.t("card.keep"), Type.TITLE, bold=True)
    bar, rest = rest.cut_top(sheet.mm(8), sheet.mm(2))
    phases = list(ReadPhase)
    share = (phases.index(screen.phase) + screen.done / screen.of) / len(phases)
    sheet.page.add(Bar(bar, share, sheet.colours.yes, sheet.colours.key))
    sheet.text(rest, sheet.w(screen.phase), Type.BODY, top=True)
    return sheet.page


def unpaid_reason(screen: sc.UnpaidReasonScreen, panel: Panel) -> Page:
    """Nine reasons, one touch."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(sheet.base(sheet.t("unpaid.title")), back=True, apart=True)
    cells = area.grid(3, 3, sheet.mm(3.2)) if panel.wide else area.grid(2, 5, sheet.mm(3.2))
    for cell, reason in zip(cells, UnpaidReason, strict=False):
        sheet.button(cell, f"unpaid-{reason}", sheet.w(reason), ev.UnpaidChosen(reason), kind=Type.AGENT_ACTION,
                     role=Role.ROW)  # fmt: skip
    return sheet.page


SETTLED = frozenset({RefusalKey.ALREADY_PAID, RefusalKey.NOTHING_DUE, RefusalKey.NOT_CASH})
"""Nothing to try again, and nobody to note as unpaid."""


def refused(screen: sc.RefusedScreen, panel: Panel) -> Page:
    """Kind words for the recipient; the exact ones only when the agent asks for them."""
    return _exact(screen, panel) if screen.exact else _kind(screen, panel)


def _kind(screen: sc.RefusedScreen, panel: Panel) -> Page:
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = sheet.actions(sheet.base(), Action("for-agent", "refused.agent", ev.AskExact()))
    form = None if screen.visit is None or screen.visit.payee is None else screen.visit.payee.person.form
    words = sheet.t(f"Kindness.{text.kindness(screen.key).value}", you=sheet.you(form))
    sheet.text(area, words, Type.TITLE, bold=True)
    return sheet.page


def _exact(screen: sc.RefusedScreen, panel: Panel) -> Page:
    sheet = Sheet(screen, panel, Audience.AGENT)
    actions = [Action("go-on", "go_on", ev.Confirm(), Look.YES)]
    if screen.visit is not None and screen.key not in SETTLED:
        actions = [
            Action("unpaid", "refused.unpaid", ev.AskUnpaid(), icon="unpaid"),
            Action("again", "refused.again", ev.Confirm(), Look.YES),
        ]
    if offered(screen):
        actions.insert(1, Action("override", "refused.override", WithoutCard()))
    area = sheet.actions(sheet.base(sheet.t("refused.title")), *actions, back=True)
    sheet.text(area, sheet.w(screen.key), Type.AGENT_AMOUNT, bold=True)
    return sheet.page


def take_card(screen: sc.TakeCard, panel: Panel) -> Page:
    """The card still lies there."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = sheet.actions(sheet.base(), Action("go-on", "go_on", ev.Confirm(), Look.YES))
    picture, words = split(sheet, area, 0.42)
    sheet.page.add(Icon(picture.fitted(1.25), "reader_take", sheet.colours.ink, sheet.colours.paper))
    form = None if screen.visit.payee is None else screen.visit.payee.person.form
    sheet.text(words, sheet.t("card.take", you=sheet.you(form)), Type.TITLE, bold=True)
    return sheet.page
