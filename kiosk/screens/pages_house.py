"""Pages around a household: the plan, numbers, words, closed questions. The agent's alone."""

from __future__ import annotations

from kiosk import text
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow.telex import compose, composed
from kiosk.flow.values_house import ANSWERS, CAN_DIGITS, DAY_DIGITS, HOUR_DIGITS, Number, Plan, Topic, Wording
from kiosk.flow.way_house import count_found
from kiosk.screens.page import Audience, Icon, Page, Role
from kiosk.screens.pages_door import phone_words, shortened
from kiosk.screens.pages_in import beside_pad, typing
from kiosk.screens.sheet import Action, Look, Sheet, next_language
from kiosk.screens.theme import Panel, Type

LAST_LETTERS, LAST_LETTERS_NARROW = 78, 28
"""Of a long note the end is shown, where the next letter comes."""

NOTE_LETTERS = 34


def at_house(screen: sc.AtHouse, panel: Panel) -> Page:
    """What is planned here, each thing a button that says what stands now."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(sheet.base(screen.visit.household.row.names[0]), back=True, apart=True)
    head, area = area.cut_top(sheet.line(Type.AGENT_BODY, 1 if panel.wide else 2), sheet.mm(1.4))
    sheet.text(head, _place(sheet, screen), Type.AGENT_BODY, bold=True)
    cells = area.grid(3, 3, sheet.mm(2.2)) if panel.wide else area.grid(2, 4, sheet.mm(3))
    for cell, (test_id, label, icon, event) in zip(cells, _entries(sheet, screen), strict=False):
        sheet.button(cell, test_id, label, event, icon=icon, role=Role.ROW, kind=Type.AGENT_BODY)
    return sheet.page


def _place(sheet: Sheet, screen: sc.AtHouse) -> str:
    rows = screen.shift.rows
    home = screen.visit.household.row.household
    place = next((number for number, row in enumerate(rows, start=1) if row.household == home), 0)
    return sheet.t("house.place", n=str(place), of=str(len(rows)), hamlet=screen.visit.household.row.hamlet)


def _entries(sheet: Sheet, screen: sc.AtHouse) -> list[tuple[str, str, str, ev.Event]]:
    row = screen.visit.household.row
    come_back = sheet.t("house.come_back_at", at=row.come_back_at) if row.come_back_at else sheet.t("house.come_back")
    day = (
        sheet.t("house.next_visit")
        if row.next_visit is None
        else sheet.t("house.next_on", day=text.day(row.next_visit))
    )
    phone = sheet.t("house.phone") if row.phone is None else phone_words(sheet, row.phone.number, row.phone.owner)
    language = screen.visit.language
    return [
        ("move-up", sheet.t("house.up"), "up", ev.Planned(Plan.UP)),
        ("move-down", sheet.t("house.down"), "down", ev.Planned(Plan.DOWN)),
        ("come-back", come_back, "later", ev.AskNumber(Number.HOUR)),
        ("next-visit", day, "day", ev.AskNumber(Number.DAY)),
        ("phone", phone, "phone", ev.AskTopic(Topic.PHONE_OWNER)),
        ("note", shortened(row.note, NOTE_LETTERS) or sheet.t("house.note"), "pen", ev.AskWords(Wording.NOTE)),
        ("language", sheet.t(f"door.language.{language.value}"), "language",
         ev.LanguageChosen(next_language(language))),
        ("request", sheet.t("house.request"), "paper", ev.AskTopic(Topic.REQUEST)),
    ]  # fmt: skip


def capital(words: str) -> str:
    """The same words at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def type_number(screen: sc.TypeNumber, panel: Panel) -> Page:
    """The digits as they will be read, the pad at the right where the thumb is."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    left = beside_pad(sheet, sheet.base(sheet.t(f"number.{screen.what.value}")))
    field, left = left.cut_top(sheet.mm(14), sheet.mm(3))
    sheet.text(sheet.card(field), _spaced(screen), Type.AGENT_AMOUNT, bold=True, on=sheet.colours.card)
    words = sheet.t(f"number.{screen.what.value}.{'wrong' if screen.wrong else 'hint'}")
    if screen.owner is not None:
        words = f"{capital(sheet.w(screen.owner))}. {words}"
    sheet.text(left, words, Type.AGENT_BODY, top=True)
    return sheet.page


def _spaced(screen: sc.TypeNumber) -> str:
    match screen.what:
        case Number.HOUR:
            digits = screen.typed.ljust(HOUR_DIGITS, "_")
            return f"{digits[:2]} : {digits[2:]}"
        case Number.DAY:
            digits = screen.typed.ljust(DAY_DIGITS, "_")
            return f"{digits[:2]} / {digits[2:4]} / {digits[4:]}"
        case Number.CAN:
            return " ".join(screen.typed.ljust(CAN_DIGITS, "_"))
        case Number.ACCOUNT | Number.CARD_TAIL:
            return " ".join(screen.typed[at : at + 4] for at in range(0, len(screen.typed), 4)) or "…"
        case Number.PHONE | Number.WALLET | Number.CALL:
            return " ".join(each for each in (screen.typed[:4], screen.typed[4:7], screen.typed[7:]) if each) or "…"


def type_words(screen: sc.TypeWords, panel: Panel) -> Page:
    """Letters, and above them what they make; while looking for somebody, how many households that is."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    if screen.what is Wording.FIND:
        key = "words.find" if isinstance(screen.under, sc.Route) else "words.find_paid"
        shown, title = compose(screen.keys), sheet.t(key, n=str(count_found(screen)))
    else:
        shown, title = composed(screen.keys), sheet.t(f"words.{screen.what.value}")
    room = LAST_LETTERS if panel.wide else LAST_LETTERS_NARROW
    tail = shown if len(shown) <= room else f"…{shown[-room:]}"
    typing(sheet, sheet.base(title), tail, second=screen.second)
    return sheet.page


def pick(screen: sc.Pick, panel: Panel) -> Page:
    """Every answer a button."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(sheet.base(sheet.t(f"Topic.{screen.topic.value}")), back=True, apart=True)
    answers = ANSWERS[screen.topic]
    columns = 3 if panel.wide and len(answers) > 4 else 2
    rows = max(3 if panel.wide else 4, -(-len(answers) // columns))
    cells = area.grid(columns, rows, sheet.mm(3.2))
    if screen.topic is Topic.WHO_DIED:
        for cell, each in zip(cells, screen.under.visit.household.recipients, strict=False):
            who, name = each.person.id, each.person.full_name
            sheet.button(cell, f"died-{who}", name, ev.PayeeChosen(who), look=Look.PLAIN, role=Role.ROW)
    for cell, answer in zip(cells, answers, strict=False):
        sheet.button(
            cell, f"pick-{answer.value}", capital(sheet.w(answer)), ev.Picked(answer), look=Look.PLAIN, role=Role.ROW
        )
    return sheet.page


def queue(screen: sc.Queue, panel: Panel) -> Page:
    """Between two people: the day, what is new, and in two pictures what to do."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = sheet.actions(
        sheet.base(),
        Action("list", "queue.list", ev.AskList()),
        Action("digits", "queue.digits", ev.AskNumber(Number.CAN), Look.YES),
    )
    lines = 2.1 if panel.wide else 3.2 if screen.receipt is None else 4.4
    head, area = area.cut_top(sheet.line(Type.BODY, lines), sheet.mm(1.5))
    sheet.text(head, _news(sheet, screen), Type.BODY, bold=screen.unknown or screen.receipt is not None)
    halves = area.columns(2, sheet.mm(6)) if panel.wide else area.rows(2, sheet.mm(3))
    for cell, (icon, key) in zip(halves, (("qr", "queue.scan"), ("reader", "queue.lay")), strict=True):
        picture, words = cell.cut_left(cell.width * 0.42, sheet.mm(2))
        sheet.page.add(Icon(picture.fitted(1), icon, sheet.colours.ink, sheet.colours.paper))
        sheet.text(words, sheet.t(key), Type.BODY, bold=True)
    return sheet.page


def _news(sheet: Sheet, screen: sc.Queue) -> str:
    if screen.receipt is not None:
        seen = screen.receipt
        return sheet.t(f"receipt.{seen.verdict.value}", sum=text.figures(seen.total), day=seen.day, number=seen.number)
    if screen.unknown:
        return sheet.t("queue.unknown")
    day = text.long_day(screen.frame.today, sheet.language)
    return f"{day}. {screen.frame.notices[0] if screen.frame.notices else sheet.t('no_fee') + '.'}"
