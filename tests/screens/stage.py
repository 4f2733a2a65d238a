"""A window on which tests press: real widgets, real touches through Kivy, and a clock that the test moves."""

from __future__ import annotations

from kiosk.flow.events import Event
from kiosk.flow.screens import Screen
from kiosk.flow.values import Language
from kiosk.screens.hands import Hands
from kiosk.screens.host import KivyHost
from kiosk.screens.theme import PANELS, Size
from tests.screens.gallery import screens

SETTLED_S = 1.0


class Stage:
    """A host, a hand, what was meant by the touches, and the time."""

    def __init__(self) -> None:
        self.time_s = 0.0
        self.events: list[Event] = []
        first = next(screens(Language.VI))[1]
        self.host = KivyHost(PANELS[Size.SEVEN_INCH], self._hears, first, lambda: self.time_s)
        self.host.start()
        self.hands = Hands(self.host)

    def _hears(self, event: Event) -> None:
        self.events.append(event)

    def reset(self) -> None:
        """Forget events, and let the screen settle."""
        self.events.clear()
        self.time_s += SETTLED_S

    def let_go(self) -> None:
        """No finger stays on the glass after a test."""
        self.host.show(next(screens(Language.VI))[1])
        self.time_s += SETTLED_S

    def shows(self, name: str, language: Language = Language.VI, *, settled: bool = True) -> Screen:
        """Put a screen of the gallery on, and wait until it takes touches."""
        screen = dict(screens(language))[name]
        self.host.show(screen)
        if settled:
            self.time_s += SETTLED_S
        return screen

    def waits(self, seconds: float) -> None:
        """Let time pass."""
        self.time_s += seconds
