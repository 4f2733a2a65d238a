"""The hand that lays out every page: bar on top, content, actions below, always in the same places.

Pages are composed through these few moves, so they look as if one person had made them, and a size that is right is
right everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk import text
from kiosk.flow import events as ev
from kiosk.flow.screens import HelpScreen, Resumable, Screen, shift_of
from kiosk.flow.speech import language_of
from kiosk.flow.values import AddressForm, Frame, Language, Mode, PrinterLight, PrintResult
from kiosk.screens.area import Area
from kiosk.screens.page import Align, Audience, Fill, Icon, Page, Pulse, Role, Stripes, Target, Text
from kiosk.screens.theme import (
    AGENT_TARGET,
    BAR,
    KEY_GAP,
    MARGIN,
    OPPOSING_GAP,
    RECIPIENT_BAR,
    RECIPIENT_ROW,
    Colour,
    Palette,
    Panel,
    Type,
    palette,
)


class Look(StrEnum):
    """How a button looks: the main answer is filled, everything else is outlined."""

    YES = "yes"
    NO = "no"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the row below; without a key it shows its sign only."""

    test_id: str
    key: str
    event: ev.Event
    look: Look = Look.PLAIN
    icon: str = ""


def next_language(now: Language) -> Language:
    """The language that one more touch chooses: round and round."""
    order = list(Language)
    return order[(order.index(now) + 1) % len(order)]


class Sheet:
    """A page being laid out for one screen on one panel."""

    def __init__(self, screen: Screen, panel: Panel, audience: Audience) -> None:
        self.frame: Frame = screen.frame
        self.panel = panel
        self.colours: Palette = palette(high_contrast=self.frame.high_contrast)
        self.language: Language = language_of(screen)
        self.page = Page(panel, self.colours, self.language, audience)
        self.recipient = audience is Audience.RECIPIENT
        signed_in = isinstance(screen, Resumable) and shift_of(screen) is not None
        self.lockable = signed_in and not isinstance(screen, HelpScreen)  # which has a lock of its own
        """Somebody is signed in, and the page waits for a person."""

    # -- words --

    def t(self, key: str, **slots: str) -> str:
        """A sentence in the page's language."""
        return text.phrase(key, self.language, **slots)

    def w(self, member: StrEnum) -> str:
        """The words of an enum's member."""
        return text.word(member, self.language)

    def printer(self, result: PrintResult | None) -> str:
        """What to do about the printer: while a paper is not known to be out, and before the next one where it is."""
        light = self.frame.printer
        match result:
            case PrintResult.FAILED:
                return self.w(light)
            case PrintResult.UNKNOWN:
                return "" if light is PrinterLight.READY else self.w(light)
            case _:
                return self.w(light) if light is PrinterLight.PAPER_LOW else ""

    def you(self, form: AddressForm | None) -> str:
        """How the person is addressed."""
        return text.you(form, self.language)

    # -- lengths --

    def mm(self, length: float) -> float:
        """Millimetres as pixels."""
        return self.panel.mm(length)

    def line(self, kind: Type, lines: float = 1) -> float:
        """Height in pixels of so many lines at the floor of a type; more where the panel has room."""
        return self.panel.pt(kind.floor) * 1.3 * lines * self.panel.roomy

    # -- frame --

    def base(self, title: str = "") -> Area:
        """Paper, bar on top, practice stripes; what is left for the rest.

        A touch on the bar locks: one touch, wherever the agent is, before a wet screen is wiped.
        """
        self.page.add(Fill(self.page.whole, self.colours.paper))
        high = RECIPIENT_BAR if self.recipient else BAR
        bar, rest = self.page.whole.cut_top(self.mm(high if self.panel.wide else BAR + 3))
        practice = self.frame.mode is Mode.PRACTICE
        back = self.colours.practice if practice else self.colours.bar
        ink = self.colours.on_practice if practice else self.colours.on_bar
        self.page.add(Fill(bar, back))
        if self.lockable:
            _, strip = bar.cut_bottom(self.mm(1))  # a key below is not missed upwards
            self.page.targets.append(Target("bar-lock", strip, Role.EDGE, ev.Lock()))
        air = 0.55 if self.recipient else 0.7
        self._bar(bar.inset(self.mm(MARGIN), self.mm(air if self.panel.wide else 0)), title, back, ink)
        if practice:
            edge = self.mm(1.4)
            self.page.add(Stripes(rest, edge, self.colours.practice, self.colours.on_practice))
            rest = rest.inset(edge * 0.6, 0)
        return rest.inset(self.mm(MARGIN), self.mm(2))

    def _bar(self, bar: Area, title: str, back: Colour, ink: Colour) -> None:
        lights, left = bar.cut_right(self.mm(34 if self.panel.wide else 29), self.mm(2))
        self._lights(lights, back, ink)
        if self.language is Language.KM and self.panel.wide and not self.recipient:
            left = left.inset(0, self.mm(0.4))  # what hangs below stays within the bar
        kind = Type.BODY if self.recipient else Type.BAR
        if self.frame.mode is Mode.PRACTICE:
            mark, left = left.cut_left(left.width * (0.48 if title else 1), self.mm(2))
            key = "practice.long" if self.panel.wide and not title else "practice.short"
            self.page.add(Text(mark, self.t(key), kind, ink, back, self.language, bold=True))
        if title or self.frame.mode is not Mode.PRACTICE:
            words = title or self.t("product")
            align = Align.RIGHT if self.frame.mode is Mode.PRACTICE else Align.LEFT
            self.page.add(Text(left, words, kind, ink, back, self.language, align, bold=True))

    def _lights(self, area: Area, back: Colour, ink: Colour) -> None:
        names = [f"sync_{'ok' if not self.frame.sync.waiting else 'waiting'}"]
        printer = self.frame.printer in {PrinterLight.READY, PrinterLight.PAPER_LOW}
        names.append("printer_ok" if printer else "printer_bad")
        if self.frame.battery is not None:
            names.append(f"battery_{min(4, self.frame.battery.percent // 20)}")
        if self.lockable:
            names.insert(0, "lock")
        side = self.mm(6)
        for place, name in enumerate(reversed(names)):
            cell = Area(area.right - (place + 1) * side - place * self.mm(1.2), area.y, side, area.height)
            self.page.add(Icon(cell.fitted(1), name, ink, back))

    # -- pieces --

    def text(
        self, area: Area, words: str, kind: Type, *, align: Align = Align.LEFT, bold: bool = False,
        top: bool = False, on: Colour | None = None, colour: Colour | None = None,
    ) -> None:  # fmt: skip
        """Words on the paper, or on a card when ``on`` names its colour."""
        ink = colour or self.colours.ink
        self.page.add(Text(area, words, kind, ink, on or self.colours.paper, self.language, align, bold, top))

    def language_label(self, area: Area, name: str, language: Language, ink: Colour, back: Colour) -> None:
        """A language's own name, in its own script."""
        self.page.add(Text(area, name, Type.ACTION, ink, back, language, Align.CENTER, bold=True))

    def target(self, test_id: str, area: Area, role: Role, event: ev.Event) -> None:
        """A place to touch that is drawn elsewhere."""
        self.page.targets.append(Target(test_id, area, role, event))

    def card(self, area: Area, *, chosen: bool = False) -> Area:
        """A raised piece of paper; its inside."""
        colour = self.colours.chosen if chosen else self.colours.card
        self.page.add(Fill(area, colour, self.mm(2.4), self.colours.line, self.mm(0.3)))
        return area.inset(self.mm(3), self.mm(1.4))

    def under_way(self, area: Area) -> None:
        """Dots that take turns in the middle of an area: nobody knows how long it will take."""
        high = min(area.height, self.mm(5))
        spot = area.inset(0, (area.height - high) / 2)
        self.page.add(Pulse(spot, self.colours.yes, self.colours.paper))

    def look(self, look: Look) -> tuple[Colour, Colour, Colour]:
        """Background, ink and outline of a button."""
        colours = self.colours
        match look:
            case Look.YES:
                return colours.yes, colours.on_yes, colours.yes
            case Look.NO:
                return colours.no, colours.on_no, colours.on_no
            case Look.PLAIN:
                return colours.card, colours.ink, colours.ink

    def button(
        self, area: Area, test_id: str, label: str, event: ev.Event, *, look: Look = Look.PLAIN, icon: str = "",
        kind: Type | None = None, role: Role = Role.ACTION,
    ) -> None:  # fmt: skip
        """A button with a label, a sign, or both."""
        back, ink, outline = self.look(look)
        self.page.add(Fill(area, back, self.mm(2.8), outline, self.mm(0.5)))
        inside = area.inset(self.mm(1.2), self.mm(0.9))
        if icon and not label:
            square = area.inset(self.mm(1.2), 0).fitted(1)
            self.page.add(Icon(square.inset(min(self.mm(3), area.height * 0.16)), icon, ink, back))
        if label:
            wanted = kind or (Type.ACTION if self.recipient else Type.AGENT_ACTION)
            align = Align.LEFT if icon else Align.CENTER
            self.page.add(Text(inside, label, wanted, ink, back, self.language, align, bold=True, icon=icon))
        self.page.targets.append(Target(test_id, area, role, event))

    # -- actions below --

    def actions(self, area: Area, *wide: Action, back: bool = False, apart: bool = False) -> Area:
        """The row of buttons below, the main one at the right; what is left above it.

        ``apart`` where rows of buttons stand above: they keep the same distance as among themselves.
        """
        side = self.mm((RECIPIENT_ROW if self.recipient else AGENT_TARGET) + 0.06)
        signs = self._signs(back=back)
        plain = len(wide) <= 1 or not any(each.key for each in wide)
        if self.panel.wide or (not self.recipient and plain):
            row, rest = area.cut_bottom(side, self.mm(KEY_GAP if apart or not self.panel.wide else 2))
            self._row(row, signs, list(wide), side)
            return rest
        main_ones = 2 if len(wide) > 2 or len(signs) > 2 else 1
        below, rest = area.cut_bottom(side, self.mm(OPPOSING_GAP))
        self._row(below, signs, list(wide[:-main_ones]), side)
        if not wide:
            return rest
        main, rest = rest.cut_bottom(side, self.mm(KEY_GAP if apart else 2))
        self._row(main, [], list(wide[-main_ones:]), side)
        return rest

    def _signs(self, *, back: bool) -> list[tuple[str, str, ev.Event]]:
        """Whoever looks at page after page finds each at its place: what is always there stands before what is not."""
        goes_back: list[tuple[str, str, ev.Event]] = [("back", "back", ev.Back())] if back else []
        if not self.recipient:
            return [*goes_back, ("help", "help", ev.Help())]
        return [("hear", "hear", ev.HearAgain()), ("help", "help", ev.Help()), *goes_back]

    def _label(self, action: Action) -> str:
        return self.t(action.key) if action.key else ""

    def _row(self, row: Area, signs: list[tuple[str, str, ev.Event]], wide: list[Action], side: float) -> None:
        for test_id, icon, event in signs:
            cell, row = row.cut_left(side, self.mm(KEY_GAP))
            self.button(cell, test_id, "", event, icon=icon)
        if signs:
            _, row = row.cut_left(0, self.mm(OPPOSING_GAP - KEY_GAP))
        weights = [7.0 + min(len(self._label(each)), 16) + (3 if each.look is Look.YES else 0) for each in wide]
        if wide and all(each.look is Look.PLAIN for each in wide) and self.panel.wide:
            empty = 0.28 if self.recipient else 0.5
            _, row = row.cut_left(row.width * (empty if len(wide) == 1 else 0))
        cells = row.weighted(weights, self.mm(OPPOSING_GAP)) if wide else []
        for cell, each in zip(cells, wide, strict=True):
            self.button(cell, each.test_id, self._label(each), each.event, look=each.look, icon=each.icon,
                        role=Role.OPPOSING)  # fmt: skip
