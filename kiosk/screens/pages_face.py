"""Is it this person? The picture from the chip beside what the card says, and where that does not agree.

What disagrees is said before the answer is asked for, on the same page: an agent who says yes has seen it.
"""

from __future__ import annotations

from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow.screens_override import SupervisorFace
from kiosk.flow.values import Face
from kiosk.screens.area import Area
from kiosk.screens.page import Audience, Fill, Icon, Page, Photo, Role
from kiosk.screens.pages_visit import split
from kiosk.screens.sheet import Action, Look, Sheet
from kiosk.screens.theme import Panel, Type

DOUBT_LINES = 3


def confirm_face(screen: sc.ConfirmFace, panel: Panel) -> Page:
    """The picture from the chip beside what the card says: is it this person?"""
    return card_and_face(screen, panel, "face.title")


def card_and_face(screen: sc.ConfirmFace | SupervisorFace, panel: Panel, title: str) -> Page:
    """The same for whoever lays a card: a payee, or a supervisor who agrees."""
    sheet = Sheet(screen, panel, Audience.AGENT)
    area = sheet.actions(
        sheet.base(sheet.t(title)),
        Action("not-them", "face.no", ev.Decline(), Look.NO, "no"),
        Action("them", "face.yes", ev.Confirm(), Look.YES, "yes"),
        back=True,
    )
    picture, words = split(sheet, area, 0.34 if panel.wide else 0.4)
    frame = picture.fitted(0.78)
    sheet.page.add(Fill(frame, sheet.colours.card, sheet.mm(2), sheet.colours.line, sheet.mm(0.4)))
    face = screen.face
    if face.photo:
        sheet.page.add(Photo(frame.inset(sheet.mm(1)), face.photo))
    else:
        sheet.page.add(Icon(frame.inset(sheet.mm(5)).fitted(1), "person", sheet.colours.soft_ink, sheet.colours.card))
    _identity(sheet, words, screen)
    return sheet.page


def _identity(sheet: Sheet, area: Area, screen: sc.ConfirmFace | SupervisorFace) -> None:
    face = screen.face
    name, rest = area.cut_top(sheet.line(Type.AGENT_AMOUNT, 1.9 if face.doubts else 2.1), sheet.mm(2))
    sheet.text(name, f"{sheet.w(face.payee.form)} {face.payee.full_name}", Type.AGENT_AMOUNT, bold=True)
    born = f"{sheet.w(face.sex)} · {sheet.t('face.born', day=face.birth)}"
    facts = [born, sheet.t("face.number", tail=face.number_tail)]
    if isinstance(screen, sc.ConfirmFace):
        facts.append(sheet.w(face.role))
    if face.doubts:
        facts = [born]
    if face.simulated:
        facts.append(sheet.t("face.simulated"))
    for fact in facts:
        cell, rest = rest.cut_top(min(sheet.line(Type.AGENT_BODY, 1.15), rest.height / 2), 0)
        sheet.text(cell, fact, Type.AGENT_BODY, bold=fact == facts[-1] and face.simulated)
    if face.doubts:
        _doubts(sheet, rest.cut_top(0, sheet.mm(1))[1], face, DOUBT_LINES - face.simulated)
    elif rest.height > sheet.line(Type.AGENT_BODY, 2):
        sheet.text(rest, sheet.t("face.ask"), Type.AGENT_BODY, colour=sheet.colours.soft_ink)


def _doubts(sheet: Sheet, area: Area, face: Face, room: int) -> None:
    """What does not agree, in exact words, each on a line; a touch puts chip and list side by side."""
    doubts = face.doubts
    shown = doubts if len(doubts) <= room else doubts[: room - 1]
    lines = [sheet.t(f"CardDoubt.{each.kind.value}", other=each.other) for each in shown]
    if len(doubts) > len(shown):
        lines.append(sheet.t("face.more_doubts", count=str(len(doubts) - len(shown))))
    inside = sheet.card(area, chosen=True)
    if any(each.differs for each in face.compared):
        sign, inside = inside.cut_right(sheet.mm(8), sheet.mm(1.5))
        sheet.page.add(Icon(sign.fitted(1), "find", sheet.colours.ink, sheet.colours.chosen))
        sheet.target("review", area, Role.ROW, ev.AskReview())
    words = "\n".join(lines)
    sheet.text(inside, words, Type.AGENT_SMALL, bold=True, on=sheet.colours.chosen)
