"""What must be said to Kivy and SDL before Kivy is imported for the first time.

Kivy reads its environment and opens its window while modules load. So this module imports nothing of it, and a program
calls it first.
"""

from __future__ import annotations

import logging
import os
import tempfile


def prepare_environment(*, headless: bool, size: str = "1024x600", fullscreen: bool = False) -> None:
    """Set the environment for a window of ``size`` (``WIDTHxHEIGHT``); headless draws in memory (FACTS §5).

    A fresh KIVY_HOME each time: no configuration that someone left behind opens a keyboard or a second input provider.
    """
    width, height = size.split("x")
    os.environ.update(
        KIVY_NO_ARGS="1",
        # Otherwise Kivy takes stderr and the root logger: a traceback would vanish.
        KIVY_LOG_MODE="PYTHON",
        KIVY_NO_FILELOG="1",
        KIVY_HOME=tempfile.mkdtemp(prefix="tannha-kivy-"),
        KCFG_KIVY_EXIT_ON_ESCAPE="0",
        KCFG_KIVY_LOG_LEVEL="error",
        KCFG_KIVY_KEYBOARD_MODE="",
        KCFG_GRAPHICS_WIDTH=width,
        KCFG_GRAPHICS_HEIGHT=height,
        KCFG_GRAPHICS_RESIZABLE="0",
        KCFG_GRAPHICS_FULLSCREEN="auto" if fullscreen else "0",
        KCFG_GRAPHICS_MULTISAMPLES="0" if headless else "2",
        KCFG_INPUT_MOUSE="mouse,disable_multitouch",
    )
    # A new configuration is "upgraded" from nothing each time, and Kivy would warn of it.
    logging.getLogger("kivy").setLevel(logging.ERROR)
    if headless:
        os.environ.update(SDL_VIDEODRIVER="offscreen", SDL_AUDIODRIVER="dummy", LIBGL_ALWAYS_SOFTWARE="1")
