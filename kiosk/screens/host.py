"""The Kivy application around the renderer: a window that cannot be closed, configured or dragged into by accident.

``prepare_environment`` must have been called before this module is imported: Kivy opens its window while it loads.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from kivy.app import App
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.config import Config
from kivy.core.window import Window

from kiosk.flow.events import Event
from kiosk.flow.screens import Screen
from kiosk.screens.renderer import Renderer
from kiosk.screens.theme import Panel


class KivyHost(App):
    """Shows screens and reports touches. Everything but ``post`` and ``call_soon`` belongs to the main thread."""

    def __init__(
        self, panel: Panel, on_event: Callable[[Event], None], first: Screen, now: Callable[[], float] = monotonic
    ) -> None:
        super().__init__()
        self.panel, self._first = panel, first
        self.renderer = Renderer(panel, on_event, now)

    def build(self) -> Any:
        """Kivy's hook: the one widget."""
        _harden()
        Window.size = (self.panel.width, self.panel.height)
        Window.clearcolor = (0, 0, 0, 1)
        self.renderer.show(self._first)
        return self.renderer

    def open_settings(self, *_: Any) -> bool:
        """F1 opens nothing here."""
        return False

    def show(self, screen: Screen) -> None:
        """Draw a screen now. Main thread only."""
        self.renderer.show(screen)

    def post(self, screen: Screen) -> None:
        """Draw a screen soon, from any thread."""
        self.call_soon(lambda: self.show(screen))

    def call_soon(self, work: Callable[[], None]) -> None:
        """Run something on the main thread, from any thread."""
        Clock.schedule_once(lambda _: work(), 0)

    def start(self) -> None:
        """Open without giving up control: tests and the demo tick by themselves."""
        self._run_prepare()
        self.tick(2)

    def tick(self, frames: int = 1) -> None:
        """Let so many frames pass."""
        for _ in range(frames):
            EventLoop.idle()

    def screenshot(self, path: Path) -> None:
        """Write what the window shows as PNG."""
        from PIL import Image  # noqa: PLC0415  # pictures are for demo and tests, the kiosk need not load it

        self.renderer.canvas.ask_update()
        self.tick(1)
        width, height = self.panel.width, self.panel.height
        raw = Window.screenshot_bytes() if hasattr(Window, "screenshot_bytes") else _pixels(width, height)
        image = Image.frombytes("RGB", (width, height), raw).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        image.save(path, compress_level=3)


def _pixels(width: int, height: int) -> bytes:
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels  # noqa: PLC0415  # needs an open window

    return bytes(glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE))


def _harden() -> None:
    """No second input provider, no close, no dropped files, no keys (FACTS §5)."""
    for name, _ in Config.items("input"):
        if name != "mouse":
            Config.remove_option("input", name)
    Window.bind(on_request_close=_refuse, on_drop_file=_refuse, on_keyboard=_refuse, on_key_down=_refuse)


def _refuse(*_: Any, **__: Any) -> bool:
    return True
