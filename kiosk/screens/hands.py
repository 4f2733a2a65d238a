"""Real touches from a program: demo and journeys press what a finger presses, by the same way through Kivy.

Nothing here calls a handler directly; a touch that misses its target fails as a finger's
would.
"""

from __future__ import annotations

from itertools import count

from kivy.base import EventLoop
from kivy.input.providers.mouse import MouseMotionEvent

from kiosk.flow.values import STROKE_SIDE, Stroke
from kiosk.screens.host import KivyHost
from kiosk.screens.renderer import find

_ids = count(1)


class NothingThere(LookupError):
    """No target with this test_id is on the screen."""


class Hands:
    """Touches the targets of a host by their stable ids. Main thread only."""

    def __init__(self, host: KivyHost) -> None:
        self.host = host

    def touch(self, test_id: str) -> None:
        """Press and lift in the middle of a target. Raises NothingThere."""
        spot = find(self.host.renderer, test_id)
        if spot is None:
            raise NothingThere(test_id)
        self.press(*spot.middle)

    def press(self, x: float, y: float) -> None:
        """One finger down and up at a point in pixels from the bottom left."""
        finger = self._down(x, y)
        self.host.tick()
        self._up(finger)
        self.host.tick()

    def draw(self, test_id: str, strokes: tuple[Stroke, ...]) -> None:
        """Strokes on a pad, in pad units. Raises NothingThere."""
        for stroke in strokes:
            spot = find(self.host.renderer, test_id)
            if spot is None:
                raise NothingThere(test_id)
            points = [
                (spot.x + x * spot.width / STROKE_SIDE, spot.y + y * spot.height / STROKE_SIDE) for x, y in stroke
            ]
            self._drag(points)

    def _drag(self, points: list[tuple[float, float]]) -> None:
        finger = self._down(*points[0])
        for x, y in points[1:]:
            finger.move(self._share(x, y))
            EventLoop.post_dispatch_input("update", finger)
        self.host.tick()
        self._up(finger)
        self.host.tick()

    def _share(self, x: float, y: float) -> tuple[float, float]:
        return x / self.host.panel.width, y / self.host.panel.height

    def _down(self, x: float, y: float) -> MouseMotionEvent:
        finger = MouseMotionEvent("hands", next(_ids), self._share(x, y), is_touch=True, type_id="touch")
        EventLoop.post_dispatch_input("begin", finger)
        return finger

    def _up(self, finger: MouseMotionEvent) -> None:
        EventLoop.post_dispatch_input("end", finger)
