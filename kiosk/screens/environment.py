"""What must be said to Kivy and SDL before Kivy is imported for the first time.

Kivy reads its environment and opens its window while modules load. So this module imports nothing of it, and a program
calls it first.
"""

from __future__ import annotations

import ctypes
import logging
import os
import tempfile

M_MMAP_THRESHOLD, LARGE_BYTES = -3, 64 * 1024
"""mallopt(3). A size of its own, even that of the default, ends glibc's habit of raising it."""


def prepare_environment(*, headless: bool, size: str = "1024x600", fullscreen: bool = False) -> None:
    """Set the environment for a window of ``size`` (``WIDTHxHEIGHT``); headless draws in memory (FACTS §5).

    A fresh KIVY_HOME each time: no configuration that someone left behind opens a keyboard or a second input provider.
    """
    _keep_memory_flat()
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


def _keep_memory_flat() -> None:
    """Large textures come and go with every screen: each gets pages of its own, and gives them back.

    glibc would soon keep them on its heap, where what is small and stays lies between: over 3,000 screens that grew
    by 6 %, and by 1 % this way. A libc without mallopt does without.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
