"""Pages of a payout without a card: why, who saw it, who agrees, the digits to say and the digits that were heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.flow import events as ev
from kiosk.flow import events_override as eo
from kiosk.flow import screens_override as so
from kiosk.flow.values import CardTrouble
from kiosk.flow.values_override import ConsentWay, OverrideReason
from kiosk.screens.area import Area
from kiosk.screens.page import Align, Audience, Icon, Page, Role
from kiosk.screens.pages_cash import whose_and_how_much, witnesses
from kiosk.screens.pages_face import card_and_face
from kiosk.screens.pages_in import beside_pad
from kiosk.screens.pages_lease import code_field, threes
from kiosk.screens.pages_visit import split
from kiosk.screens.sheet import Action, Look, Sheet
from kiosk.screens.theme import Panel, Type

Agreeing = so.OverrideConsent | so.OverrideSay | so.OverrideCode


def why(screen: so.OverrideWhy, panel: Panel) -> Page:
    """Four reasons, one touch."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(sheet.base(sheet.t("override.why")), back=True, apart=True)
    cells = area.grid(2, 2, sheet.mm(4)) if panel.wide else area.rows(4, sheet.mm(4))
    for cell, reason in zip(cells, OverrideReason, strict=True):
        sheet.button(cell, f"because-{reason}", sheet.w(reason), eo.OverrideBecause(reason), role=Role.ROW)
    return sheet.page


def witness(screen: so.OverrideWitness, panel: Panel) -> Page:
    """Who else knows this person."""
    names = screen.visit.household.witnesses
    return witnesses(Sheet(screen, panel, Audience.AGENT), names, "override.witness", "override.witness_words")


def consent(screen: so.OverrideConsent, panel: Panel) -> Page:
    """A card here, or a telephone."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = _about(sheet, sheet.actions(sheet.base(sheet.t("override.consent")), back=True, apart=True), screen)
    ways = [ConsentWay.TELEPHONE] if not screen.asked.supervisors else [ConsentWay.CARD, ConsentWay.TELEPHONE]
    for cell, way in zip(area.rows(2, sheet.mm(4)), ways, strict=False):
        icon = "person" if way is ConsentWay.CARD else "phone"
        sheet.button(cell, f"consent-{way}", sheet.w(way), eo.ConsentChosen(way), icon=icon, role=Role.ROW)
    return sheet.page


def _about(sheet: Sheet, area: Area, screen: Agreeing) -> Area:
    """Whose and how much: the office asks for both."""
    return whose_and_how_much(sheet, area, screen.asked.offer.recipient, screen.asked.offer.total)


def say(screen: so.OverrideSay, panel: Panel) -> Page:
    """The request in threes, as large as it goes."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    heard = Action("heard", "override.heard", ev.Confirm(), Look.YES)
    area = _about(sheet, sheet.actions(sheet.base(sheet.t("override.say")), heard, back=True), screen)
    card, rest = area.cut_top(sheet.line(Type.AGENT_AMOUNT, 1.6 if panel.wide else 2.6), sheet.mm(2))
    inside, digits = sheet.card(card), screen.asked.request
    rows = [digits] if panel.wide else [digits[:6], digits[6:]]
    for cell, part in zip(inside.rows(len(rows), 0), rows, strict=True):
        sheet.text(cell, threes(part), Type.AGENT_AMOUNT, bold=True, align=Align.CENTER, on=sheet.colours.card)
    sheet.text(rest, sheet.t("override.say_words", device=screen.asked.device), Type.AGENT_BODY, top=True)
    return sheet.page


def code(screen: so.OverrideCode, panel: Panel) -> Page:
    """The pad, and what was wrong with the last code."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    left = beside_pad(sheet, sheet.base(sheet.t("override.code")))
    words = sheet.t("override.code_hint") if screen.wrong is None else sheet.w(screen.wrong)
    code_field(sheet, left, screen.typed, words)
    return sheet.page


def choose_supervisor(screen: so.ChooseSupervisor, panel: Panel) -> Page:
    """Whose card."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(sheet.base(sheet.t("override.who")), back=True, apart=True)
    cells = area.grid(2, 2, sheet.mm(4)) if panel.wide else area.rows(4, sheet.mm(4))
    for cell, each in zip(cells, screen.asked.supervisors, strict=False):
        chosen = eo.SupervisorChosen(each.id)
        sheet.button(cell, f"supervisor-{each.id}", each.name, chosen, icon="person", role=Role.ROW)
    return sheet.page


def supervisor_card(screen: so.SupervisorCard, panel: Panel) -> Page:
    """Where the supervisor's card goes."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    actions = []
    if screen.awaited is None and screen.frame.card_present:
        actions = [Action("again", "override.read", ev.Confirm(), Look.YES)]
    area = sheet.actions(sheet.base(sheet.t("override.card")), *actions, back=True)
    picture, words = split(sheet, area, 0.38)
    icon = "reader" if screen.awaited is None else "reader_card"
    sheet.page.add(Icon(picture.fitted(1.25), icon, sheet.colours.ink, sheet.colours.paper))
    head, rest = words.cut_top(words.height * 0.4, sheet.mm(2))
    sheet.text(head, screen.supervisor.name, Type.AGENT_TITLE, bold=True)
    key = "override.lay" if screen.awaited is None else "card.keep"
    if screen.trouble is not None:
        key = f"CardTrouble.{CardTrouble(screen.trouble).value}"
    sheet.text(rest, sheet.t(key, you=sheet.you(None)), Type.AGENT_BODY, top=True)
    return sheet.page


def supervisor_face(screen: so.SupervisorFace, panel: Panel) -> Page:
    """Is it the supervisor?"""
    return card_and_face(screen, panel, "override.face")


PAGES: dict[type, Callable[[Any, Panel], Page]] = {
    so.OverrideWhy: why,
    so.OverrideWitness: witness,
    so.OverrideConsent: consent,
    so.OverrideSay: say,
    so.OverrideCode: code,
    so.ChooseSupervisor: choose_supervisor,
    so.SupervisorCard: supervisor_card,
    so.SupervisorFace: supervisor_face,
}
