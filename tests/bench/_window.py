"""What runs in a process of its own for the bench of the screens: Kivy's window opens once in a process.

``hello``: the smallest Kivy program, up to its first frame. ``ours``: ours, up to a screen that takes touches.
``walk``: the gallery in turn, three thousand screens, frames timed and memory watched.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time

START = time.perf_counter()

from kiosk.screens.environment import prepare_environment  # noqa: E402

prepare_environment(headless=True)
# Kivy would wait out each sixtieth of a second: what is asked for is the work, not the wait.
os.environ["KCFG_GRAPHICS_MAXFPS"] = "0"
SCREENS, WARM = 3_000, 300


def hello() -> dict[str, float]:
    """Seconds to the first frame of a label."""
    from kivy.app import App  # noqa: PLC0415
    from kivy.base import EventLoop  # noqa: PLC0415
    from kivy.uix.label import Label  # noqa: PLC0415

    class Hello(App):
        def build(self) -> object:
            return Label(text="Hello")

    Hello()._run_prepare()
    EventLoop.idle()
    return {"seconds": time.perf_counter() - START}


def ours() -> dict[str, float]:
    """Seconds to the first screen."""
    from kiosk.flow.screens import Idle  # noqa: PLC0415
    from kiosk.flow.values import Language  # noqa: PLC0415
    from kiosk.screens.host import KivyHost  # noqa: PLC0415
    from kiosk.screens.theme import PANELS, Size  # noqa: PLC0415
    from tests.screens.gallery import frame  # noqa: PLC0415

    host = KivyHost(PANELS[Size.SEVEN_INCH], lambda _: None, Idle(frame(Language.VI)))
    host.start()
    return {"seconds": time.perf_counter() - START}


def walk() -> dict[str, float]:
    """Median and 99th percentile of show and draw, to the last pixel: milliseconds by the clock and of the processor.

    With them the growth of memory in percent, and the milliseconds to the photo.
    """
    from kivy.graphics.opengl import glFinish  # noqa: PLC0415

    from kiosk.flow.values import Language  # noqa: PLC0415
    from kiosk.screens.host import KivyHost  # noqa: PLC0415
    from kiosk.screens.theme import PANELS, Size  # noqa: PLC0415
    from tests.screens.gallery import screens  # noqa: PLC0415

    gallery = [screen for _, screen in screens(Language.VI)]
    face = dict(screens(Language.VI))["face"]
    host = KivyHost(PANELS[Size.SEVEN_INCH], lambda _: None, gallery[0])
    host.start()

    def shown(screen: object) -> tuple[float, float]:
        start, worked = time.perf_counter(), time.process_time()
        host.show(screen)  # type: ignore[arg-type]
        host.tick()
        glFinish()
        return (time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000

    first_photo, _ = shown(face)
    for place in range(max(WARM, len(gallery))):  # each page was seen once: what grows after that is no first sight
        shown(gallery[place % len(gallery)])
    before = _resident_mib()
    taken = [shown(gallery[place % len(gallery)]) for place in range(SCREENS)]
    growth = (_resident_mib() - before) / before * 100
    clock, processor = zip(*taken, strict=True)
    return {
        "median_ms": statistics.median(clock),
        "p99_ms": statistics.quantiles(clock, n=100)[98],
        "worked_median_ms": statistics.median(processor),
        "worked_p99_ms": statistics.quantiles(processor, n=100)[98],
        "growth_percent": growth,
        "photo_ms": first_photo,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _resident_mib() -> float:
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps({"hello": hello, "ours": ours, "walk": walk}[sys.argv[1]]()))
