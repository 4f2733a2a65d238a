"""Pages before the first door: idle, sign-in, date, uncertain payouts, cash float."""

from __future__ import annotations

from kiosk import text
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow.telex import LETTERS
from kiosk.flow.values import Language, Outcome, PrintResult
from kiosk.flow.way_in import OPERATORS_ON_PAGE
from kiosk.flow.way_name import name_of
from kiosk.screens.area import Area
from kiosk.screens.pads import counting, number_pad, pad_width
from kiosk.screens.page import Align, Audience, Fill, Icon, Page, Role
from kiosk.screens.sheet import Action, Look, Sheet
from kiosk.screens.theme import AGENT_TARGET, KEY_GAP, OPPOSING_GAP, RECIPIENT_ROW, Panel, Type

SHORT = 26
"""Letters of a name; longer words are set smaller."""
LANGUAGES = ((Language.VI, "Tiếng Việt"), (Language.EN, "English"), (Language.KM, "ភាសាខ្មែរ"))


def idle(screen: sc.Idle, panel: Panel) -> Page:
    """Nobody is signed in: the day, what is new, where the code is shown and the card laid, and one large way in."""
    sheet = Sheet(screen, panel, Audience.RECIPIENT)
    area = _ways_in(sheet, sheet.base())
    day, area = area.cut_top(sheet.line(Type.BODY, 1.15), sheet.mm(1))
    if panel.wide:
        free, day = day.cut_right(day.width * 0.38, sheet.mm(2))
        picture, news = area.cut_left(area.width * 0.56, sheet.mm(4))
    else:
        picture, news = area.cut_top(area.height * 0.44, sheet.mm(1))
        free, news = news.cut_bottom(sheet.line(Type.BODY), sheet.mm(0.5))
    sheet.text(day, text.long_day(screen.frame.today, sheet.language), Type.BODY, bold=True)
    align = Align.RIGHT if panel.wide else Align.LEFT
    sheet.text(free, sheet.t("no_fee"), Type.BODY, align=align, bold=True, colour=sheet.colours.on_no)
    _places(sheet, picture)
    _news(sheet, news, screen)
    return sheet.page


def _ways_in(sheet: Sheet, area: Area) -> Area:
    """Three languages, and the way in at the lower right, where the main answer always stands; the rest above."""
    wide = sheet.panel.wide
    row, rest = area.cut_bottom(sheet.mm(RECIPIENT_ROW + 0.1 if wide else 2 * RECIPIENT_ROW + OPPOSING_GAP + 0.2),
                                sheet.mm(3))  # fmt: skip
    if wide:
        begin, languages = row.cut_right(row.width * 0.235, sheet.mm(OPPOSING_GAP))
        cells = languages.columns(3, sheet.mm(KEY_GAP))
    else:
        *cells, begin = row.grid(2, 2, sheet.mm(OPPOSING_GAP))
    for cell, (language, name) in zip(cells, LANGUAGES, strict=True):
        back, ink, outline = sheet.look(Look.PLAIN)
        sheet.page.add(Fill(cell, back, sheet.mm(2.8), outline, sheet.mm(0.5)))
        sheet.language_label(cell.inset(sheet.mm(1), sheet.mm(0.9)), name, language, ink, back)
        sheet.target(f"language-{language}", cell, Role.ACTION, ev.LanguageChosen(language))
    sheet.button(begin, "begin", sheet.t("idle.begin"), ev.Begin(), look=Look.YES)
    return rest


def _places(sheet: Sheet, area: Area) -> None:
    """Where the code is shown, and where the card is laid: the same two pictures as between two people."""
    inside, on = sheet.card(area), sheet.colours.card
    steps = (("qr", "idle.show"), ("reader", "idle.lay"))
    for cell, (icon, key) in zip(inside.columns(2, sheet.mm(2)), steps, strict=True):
        words, picture = cell.cut_bottom(sheet.line(Type.BODY, 1.05), sheet.mm(1))
        sheet.page.add(Icon(picture.fitted(1.15), icon, sheet.colours.ink, on))
        sheet.text(words, sheet.t(key), Type.BODY, align=Align.CENTER, bold=True, on=on)


def _news(sheet: Sheet, area: Area, screen: sc.Idle) -> None:
    """The notices one at a time, the newest first; a touch shows the next. Without any, what to bring."""
    notices = screen.frame.notices
    if len(notices) < 2:
        sheet.text(area, notices[0] if notices else sheet.t("idle.bring"), Type.BODY)
        return
    at = screen.page % len(notices)
    inside, on = sheet.card(area), sheet.colours.card
    sheet.text(inside, f"{notices[at]} ({at + 1}/{len(notices)})", Type.BODY, on=on)
    sheet.target("next-notice", area, Role.ACTION, ev.Scrolled((at + 1) % len(notices)))


def choose_operator(screen: sc.ChooseOperator, panel: Panel) -> Page:
    """Who works today."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.base(sheet.t("operator.title"))
    actions = []
    if len(screen.operators) > OPERATORS_ON_PAGE:
        last = (len(screen.operators) - 1) // OPERATORS_ON_PAGE
        page = 0 if screen.page == last else screen.page + 1
        actions.append(Action("more", "more", ev.Scrolled(page)))
    area = sheet.actions(area, *actions, back=True, apart=True)
    shown = screen.operators[screen.page * OPERATORS_ON_PAGE :][:OPERATORS_ON_PAGE]
    cells = area.grid(2, 2, sheet.mm(4)) if panel.wide else area.rows(4, sheet.mm(4))
    for cell, each in zip(cells, shown, strict=False):
        sheet.button(cell, f"operator-{each.id}", each.name, ev.OperatorChosen(each.id), icon="person",
                     kind=Type.AGENT_TITLE, role=Role.ROW)  # fmt: skip
    return sheet.page


def enter_pin(screen: sc.EnterPin, panel: Panel) -> Page:
    """The PIN: dots only, the pad at the right where the thumb is. After a wrong one, the way for who forgot it."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    forgot = Action("forgot", "pin.forgot", ev.AskNewPin(), icon="key")
    wrong = screen.tries_left is not None
    left = beside_pad(sheet, sheet.base(sheet.t("pin.title")), *([forgot] if wrong and not panel.wide else []))
    if wrong and panel.wide:
        row, left = left.cut_bottom(sheet.mm(AGENT_TARGET + 0.06), sheet.mm(KEY_GAP))
        sheet.button(row, forgot.test_id, sheet.t(forgot.key), forgot.event, icon=forgot.icon, role=Role.ROW)
    name, left = left.cut_top(sheet.line(Type.AGENT_TITLE, 2), sheet.mm(2))
    sheet.text(name, screen.operator.name, Type.AGENT_TITLE, bold=True)
    if screen.tries_left != 0:
        dots, left = left.cut_top(sheet.mm(12 if panel.wide else 9), sheet.mm(2))
        pin_dots(sheet, dots, len(screen.typed), under_way=screen.awaited is not None)
    sheet.text(left, _pin_words(sheet, screen), Type.AGENT_BODY, top=True)
    return sheet.page


def _pin_words(sheet: Sheet, screen: sc.EnterPin) -> str:
    if screen.awaited is not None:
        return sheet.t("pin.wait")
    if screen.tries_left == 0:
        return sheet.t("pin.locked")
    if screen.tries_left is not None:
        return sheet.t("pin.wrong", n=str(screen.tries_left))
    return sheet.t("pin.resume" if screen.under is not None else "pin.hint")


def pin_dots(sheet: Sheet, area: Area, count: int, *, under_way: bool) -> None:
    """A dot for each digit, never the digit; a moving bar while the key is stretched (about a second)."""
    if under_way:
        sheet.under_way(area)
        return
    card = sheet.card(area)
    side = min(sheet.mm(4.2), card.width / 14)
    for place in range(count):
        x = card.x + place * side * 1.15
        sheet.page.add(
            Fill(Area(x, card.middle[1] - side / 2, side, side).inset(side * 0.12), sheet.colours.ink, side / 2)
        )


def beside_pad(sheet: Sheet, area: Area, *actions: Action) -> Area:
    """The pad with a tick, back, help and what else may be done beneath the words; the rest for words."""
    if sheet.panel.wide:
        pad, left = area.cut_right(pad_width(sheet), sheet.mm(8))
        number_pad(sheet, pad, ev.Confirm())
    else:
        pad, left = area.cut_bottom(sheet.mm(4 * AGENT_TARGET + 3 * KEY_GAP + 2), sheet.mm(4))
        number_pad(sheet, pad, ev.Confirm())
    return sheet.actions(left, *actions, back=True)


def set_date(screen: sc.SetDate, panel: Panel) -> Page:
    """Day, month, year in eight digits."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    left = beside_pad(sheet, sheet.base(sheet.t("date.title")))
    field, left = left.cut_top(sheet.mm(14), sheet.mm(3))
    digits = screen.typed.ljust(8, "_")
    sheet.text(sheet.card(field), f"{digits[:2]} / {digits[2:4]} / {digits[4:]}", Type.AGENT_AMOUNT, bold=True,
               on=sheet.colours.card)  # fmt: skip
    sheet.text(left, sheet.t("date.wrong" if screen.wrong else "date.hint"), Type.AGENT_BODY, top=True)
    return sheet.page


def uncertain_found(screen: sc.UncertainFound, panel: Panel) -> Page:
    """First of all: a payout of which nobody knows yet."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.base(sheet.t("uncertain.title"))
    area = sheet.actions(area, Action("count", "uncertain.count", ev.Confirm(), Look.YES, "note"), back=True)
    case = screen.case
    who, area = area.cut_top(area.height * (0.42 if panel.wide else 0.36), sheet.mm(3))
    inside = sheet.card(who, chosen=True)
    name, amount = inside.rows(2, 0)
    sheet.text(name, f"{sheet.w(case.recipient.form)} {case.recipient.full_name}", Type.AGENT_TITLE, bold=True,
               on=sheet.colours.chosen)  # fmt: skip
    sheet.text(amount, text.figures(case.total), Type.AGENT_AMOUNT, bold=True, on=sheet.colours.chosen)
    paper = "none" if case.paper is None else PrintResult(case.paper).value
    words = sheet.t("uncertain.words", at=case.started, paper=sheet.t(f"uncertain.paper.{paper}"))
    sheet.text(area, words, Type.AGENT_BODY, top=True)
    return sheet.page


def uncertain_count(screen: sc.UncertainCount, panel: Panel) -> Page:
    """Count what is in the bag."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.base(sheet.t("count.title"))
    counting(sheet, area, screen.count, None, Action("counted", "count.done", ev.Confirm(), Look.YES, "yes"))
    return sheet.page


def uncertain_decide(screen: sc.UncertainDecide, panel: Panel) -> Page:
    """Both possibilities beside the count; the operator decides."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.base(sheet.t("uncertain.title"))
    area = sheet.actions(
        area,
        Action("not-paid", "uncertain.not_paid", ev.OutcomeChosen(Outcome.NOT_PAID), Look.NO),
        Action("paid", "uncertain.paid", ev.OutcomeChosen(Outcome.PAID), Look.YES),
        back=True,
    )
    case, counted = screen.case, screen.count.notes.amount
    top, area = area.cut_top(sheet.line(Type.AGENT_AMOUNT, 1.3), sheet.mm(3))
    sheet.text(top, sheet.t("uncertain.counted", sum=text.figures(counted)), Type.AGENT_AMOUNT, bold=True)
    cells = area.columns(2, sheet.mm(5)) if panel.wide else area.rows(2, sheet.mm(4))
    pairs = (("uncertain.if_not", case.expected_if_not_paid), ("uncertain.if_paid", case.expected_if_paid))
    for cell, (key, expected) in zip(cells, pairs, strict=True):
        fits = expected == counted
        inside, on = sheet.card(cell, chosen=fits), sheet.colours.chosen if fits else sheet.colours.card
        words, amount = inside.cut_top(inside.height * 0.5)
        sheet.text(words, sheet.t(key), Type.AGENT_BODY, on=on)
        if fits:
            mark, amount = amount.cut_right(sheet.mm(9), sheet.mm(1))
            sheet.page.add(Icon(mark.fitted(1), "yes", sheet.colours.ink, on))
        sheet.text(amount, text.figures(expected), Type.AGENT_AMOUNT, bold=True, on=on)
    return sheet.page


def count_float(screen: sc.CountFloat, panel: Panel) -> Page:
    """The bag in the morning, beside what the route needs."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.base(sheet.t("float.title"))
    counting(
        sheet, area, screen.count, screen.shift.plan, Action("counted", "float.done", ev.Confirm(), Look.YES, "next")
    )
    return sheet.page


def choose_source(screen: sc.ChooseSource, panel: Panel) -> Page:
    """From whom the cash came."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    other = Action("other", "name.other", ev.AskName(), icon="person")
    area = sheet.actions(sheet.base(sheet.t("source.title")), other, back=True, apart=True)
    words, area = area.cut_top(sheet.line(Type.AGENT_AMOUNT, 1.6), sheet.mm(2))
    total = text.figures(screen.count.notes.amount)
    sheet.text(words, sheet.t("source.words", sum=total), Type.AGENT_TITLE, bold=True)
    names = screen.shift.sources
    cells = area.grid(2, 2 if len(names) < 5 else 3, sheet.mm(4)) if panel.wide else area.rows(5, sheet.mm(3))
    for index, (cell, name) in enumerate(zip(cells, names, strict=False)):
        sheet.button(cell, f"source-{index}", name, ev.SourceChosen(index), icon="person", role=Role.ROW)
    if not names:
        sheet.text(area, sheet.t("source.none"), Type.AGENT_BODY, align=Align.CENTER)
    return sheet.page


def type_name(screen: sc.TypeName, panel: Panel) -> Page:
    """The name above the letters as it will be printed."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    typing(sheet, sheet.base(sheet.t("name.title")), name_of(screen), second=screen.second)
    return sheet.page


def typing(sheet: Sheet, area: Area, words: str, *, second: bool) -> None:
    """Half of the letters at a time, keys a thumb wide; above them what was typed."""
    field, area = area.cut_top(sheet.mm(AGENT_TARGET + 0.1), sheet.mm(KEY_GAP))
    signs: tuple[tuple[str, ev.Event], ...] = (("back", ev.Back()), ("help", ev.Help()))
    for sign, event in signs:
        cell, field = field.cut_left(sheet.mm(AGENT_TARGET + 0.1), sheet.mm(KEY_GAP))
        sheet.button(cell, sign, "", event, icon=sign)
    kind = Type.AGENT_ACTION if len(words) <= SHORT else Type.AGENT_SMALL
    sheet.text(sheet.card(field), words or "…", kind, bold=True, on=sheet.colours.card)
    wide = sheet.panel.wide
    _letters(sheet, area.grid(6, 3, sheet.mm(KEY_GAP)) if wide else area.grid(4, 5, sheet.mm(KEY_GAP)), second=second)


def _letters(sheet: Sheet, cells: list[Area], *, second: bool) -> None:
    half = len(LETTERS) // 2
    here, there = (LETTERS[half:], LETTERS[:half]) if second else (LETTERS[:half], LETTERS[half:])
    for cell, letter in zip(cells, here, strict=False):
        sheet.button(cell, f"letter-{letter}", letter, ev.Letter(letter), kind=Type.KEY, role=Role.KEY)
    swap, space, erase, done = *cells[half : half + 3], cells[-1]
    sheet.button(swap, "other-letters", f"{there[0]}…", ev.OtherLetters(), kind=Type.KEY, role=Role.KEY)
    sheet.button(space, "space", "", ev.Letter(" "), icon="space", role=Role.KEY)
    sheet.button(erase, "erase", "", ev.Erase(), icon="erase", role=Role.KEY)
    sheet.button(done, "done", "", ev.Confirm(), look=Look.YES, icon="yes", role=Role.KEY)
