"""Shows a screen's value and turns touches into events. Holds no business state.

One finger at a time, no accidental second press: two fingers on a PIN pad typed "91" and a fast double tap "55" before
this rule (FACTS §5).
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, Ellipse, Line, RoundedRectangle
from kivy.uix.widget import Widget

from kiosk.flow.events import Event, StrokeDrawn
from kiosk.flow.screens import Screen
from kiosk.flow.values import MAX_POINTS, STROKE_SIDE, Point
from kiosk.screens.area import Area
from kiosk.screens.compose import compose
from kiosk.screens.page import Page, Pulse, Target
from kiosk.screens.paint import Painter
from kiosk.screens.theme import Panel

SAME_KEY_S = 0.3
"""A second press of the same target comes no sooner."""
BEAT_S = 0.3
"""How long each dot of a pulse has its turn."""
NEW_SCREEN_S = 0.4
"""A touch that was meant for the screen before does not press a button of the new one."""


class Renderer(Widget):
    """The whole screen as one widget. ``on_event`` is told what a touch meant."""

    def __init__(self, panel: Panel, on_event: Callable[[Event], None], now: Callable[[], float] = monotonic) -> None:
        super().__init__(size=(panel.width, panel.height), size_hint=(None, None))
        self.panel, self.painter = panel, Painter(panel)
        self._on_event, self._now = on_event, now
        self._page: Page | None = None
        self._screen: Screen | None = None
        self._kind: type | None = None
        self._shown_at = -NEW_SCREEN_S
        self._last: tuple[str, float] = ("", -SAME_KEY_S)
        self._touch: Any = None
        self._pressed: Target | None = None
        self._stroke: list[Point] = []
        self._dots: list[Area] = []
        self._dot: Any = None

    def show(self, screen: Screen) -> Page:
        """Draw a screen's value; the page as it was laid out. The value that is shown already is not drawn again."""
        if self._page is not None and screen == self._screen:
            return self._page
        self._screen = screen
        page = compose(screen, self.panel)
        if type(screen) is not self._kind:
            self._kind, self._shown_at = type(screen), self._now()
            self._drop_touch()
            self.painter.forget()
        self._page = page
        self.canvas.clear()
        self.painter.paint(page, self.canvas)
        self._pulsing(page)
        return page

    def _pulsing(self, page: Page) -> None:
        """Let the dots take turns while something is under way; nothing ticks on any other page."""
        Clock.unschedule(self._beat)
        self._dots = [dot for each in page.elements if isinstance(each, Pulse) for dot in each.dots]
        if self._dots:
            with self.canvas:
                Color(*page.palette.yes.rgb, 1)
                self._dot = Ellipse(pos=(self._dots[0].x, self._dots[0].y), size=(self._dots[0].width,) * 2)
            Clock.schedule_interval(self._beat, BEAT_S)

    def _beat(self, _: float) -> None:
        self._dots = [*self._dots[1:], self._dots[0]]
        self._dot.pos = (self._dots[0].x, self._dots[0].y)

    def spot(self, test_id: str) -> Area | None:
        """Where the target with this id lies, or None when it is not on the screen."""
        page = self._page
        targets = [] if page is None else [*page.targets, *([page.pad] if page.pad else [])]
        return next((target.area for target in targets if target.test_id == test_id), None)

    def on_touch_down(self, touch: Any) -> bool:
        """Take the first finger; every other is ignored while it lies."""
        if self._touch is not None or self._page is None:
            return True
        if self._now() - self._shown_at < NEW_SCREEN_S:
            return True
        pad = self._page.pad
        if pad is not None and pad.area.contains(touch.x, touch.y):
            self._touch, self._stroke = touch, [_on_pad(pad.area, touch)]
            return True
        target = self._hit(touch)
        if target is not None:
            self._touch, self._pressed = touch, target
            self._highlight(target)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """A signature grows under the finger."""
        if touch is not self._touch or self._page is None or self._page.pad is None or not self._stroke:
            return True
        point = _on_pad(self._page.pad.area, touch)
        if len(self._stroke) < MAX_POINTS and point != self._stroke[-1]:
            self._trace(self._page.pad.area, self._stroke[-1], point)
            self._stroke.append(point)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """The finger leaves: a stroke is done, or a target it still lies on was meant."""
        if touch is not self._touch:
            return True
        pressed, stroke = self._pressed, self._stroke
        self._drop_touch()
        if stroke:
            self._on_event(StrokeDrawn(tuple(stroke)))
        elif pressed is not None and pressed.event is not None and self._meant(pressed, touch):
            self._last = (pressed.test_id, self._now())
            self._on_event(pressed.event)
        return True

    def _meant(self, pressed: Target, touch: Any) -> bool:
        last_id, last_at = self._last
        again = pressed.test_id == last_id and self._now() - last_at < SAME_KEY_S
        return pressed.area.contains(touch.x, touch.y) and not again

    def _hit(self, touch: Any) -> Target | None:
        for target in reversed(self._page.targets if self._page else []):
            if target.area.contains(touch.x, touch.y):
                return target
        return None

    def _drop_touch(self) -> None:
        self._touch, self._pressed, self._stroke = None, None, []
        self.canvas.after.clear()

    def _highlight(self, target: Target) -> None:
        area = target.area
        with self.canvas.after:
            Color(0, 0, 0, 0.22)
            RoundedRectangle(pos=(area.x, area.y), size=(area.width, area.height), radius=[self.panel.mm(2.8)])

    def _trace(self, area: Area, start: Point, end: Point) -> None:
        ends = [
            (area.x + x * area.width / STROKE_SIDE, area.y + y * area.height / STROKE_SIDE) for x, y in (start, end)
        ]
        with self.canvas.after:
            Color(*(self._page.palette.ink.rgb if self._page else (0, 0, 0)), 1)
            Line(points=[*ends[0], *ends[1]], width=2.6, cap="round")


def _on_pad(area: Area, touch: Any) -> Point:
    """A touch in pad units, kept inside the pad."""
    x = (touch.x - area.x) / area.width * STROKE_SIDE
    y = (touch.y - area.y) / area.height * STROKE_SIDE
    return max(0, min(STROKE_SIDE, round(x))), max(0, min(STROKE_SIDE, round(y)))


def find(root: Renderer, test_id: str) -> Area | None:
    """Where the target with this ``test_id`` lies, or None."""
    return root.spot(test_id)
