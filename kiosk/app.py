"""The running kiosk: three threads that meet in one place (plan §3, Threads).

The main thread owns the window and the flow. The desk's worker and the reader's thread send events, which
come in through Kivy's clock; an effect goes out to the desk, or to the voice. The watchdog ticks only while all
three answer. Import this after ``prepare_environment``: Kivy opens its window while it loads.
"""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path
from typing import Protocol, get_args

from kivy.clock import Clock

from hardware.scanner import Scanner
from kiosk.desk import enrolled, enrolment
from kiosk.desk.desk import Desk, Equipment
from kiosk.desk.ended import EndedDesk
from kiosk.desk.hours import Hours, Monotonic, SystemClock
from kiosk.devices.printing import printer_for
from kiosk.devices.station import CardStation
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.flow.machine import step
from kiosk.flow.screens import Idle, Screen
from kiosk.payout.names import UnixSeconds
from kiosk.payout.rules import local_day
from kiosk.screens.display import driver, require_display
from kiosk.screens.host import KivyHost
from kiosk.screens.theme import PANELS, Size
from kiosk.settings import Settings
from kiosk.watchdog import Notifier, Seconds, Watchdog, interval_from

log = logging.getLogger("tannha.app")
WARN_SECONDS = 30
PARTS = ("main", "desk", "reader")
UNWATCHED = Seconds(15.0)
EXIT_RESTART = 70
"""sysexits.h EX_SOFTWARE: the unit starts the kiosk anew, and the store is opened anew."""
ACTIVITY = (*get_args(ev.Intent), ev.CardLaid, ev.Scanned)
"""What shows that somebody is there."""


class Voice(Protocol):
    """What speaks and beeps."""

    def speak(self, sentence: ef.Speak) -> None:
        """Say it; the sentence before is cut short."""
        ...

    def beep(self) -> None:
        """A key was heard."""
        ...

    def set_volume(self, percent: int) -> None:
        """Loudness."""
        ...

    def close(self) -> None:
        """Be quiet."""
        ...


class Silent:
    """A device that is set to say nothing."""

    def speak(self, sentence: ef.Speak) -> None:
        """Nothing is said."""

    def beep(self) -> None:
        """Nothing is heard."""

    def set_volume(self, percent: int) -> None:
        """There is nothing to set."""

    def close(self) -> None:
        """There is nothing to end."""


class Kiosk:
    """One kiosk from the first screen to the last. Main thread only, except ``post`` and what the protocols say."""

    def __init__(
        self,
        settings: Settings,
        voice: Voice,
        clock: SystemClock = lambda: UnixSeconds(int(time.time())),
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        """``clock`` is the hour, ``monotonic`` what fingers and idle times are measured with."""
        device = enrolled.load(settings.slots)
        self._settings, self._voice, self._now = settings, voice, monotonic
        self._device = device
        self.screen: Screen = Idle(self._first_frame(clock()))
        self.host = KivyHost(PANELS[Size(settings.panel.value)], self.handle, self.screen, monotonic)
        self._station = CardStation(self, settings.reader)
        equipment = Equipment(self._station, printer_for(settings.printer))
        self._desk = EndedDesk(settings, self) if device.ended else self._open_desk(equipment, clock)
        self._touched = self._now()
        self._scanner = Scanner(Path(settings.scanner), self._scanned) if settings.scanner else None
        self._watchdog = _watchdog()

    def _open_desk(self, equipment: Equipment, clock: SystemClock) -> Desk:
        vault = enrolment.vault_of(self._settings, self._device.mode)
        return Desk(self._settings, vault, equipment, Hours(clock, time.monotonic), self)

    def _first_frame(self, now: UnixSeconds) -> v.Frame:
        return v.Frame(
            mode=self._device.mode,
            today=local_day(now),
            profile=v.Profile(self._settings.profile.value),
            place=self._device.place,
            notices=self._device.notices_at(now),
            time_proven=False,
        )

    # -- life -----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Start the threads and the clock of this kiosk."""
        self._desk.start()
        self._station.start()
        if self._scanner is not None:
            self._scanner.start()
        Clock.schedule_interval(self._second, 1.0)

    def run(self) -> None:
        """Open, show, and come back when the kiosk was switched off. Raises NoDisplay before anything was started."""
        require_display(driver())
        self.open()
        Clock.schedule_once(lambda _: self._watchdog.ready(), 0)
        self.host.run()
        self.close()

    def close(self) -> None:
        """Finish what is queued and let every device go."""
        Clock.unschedule(self._second)
        self._desk.stop()
        self._station.stop()
        if self._scanner is not None:
            self._scanner.stop()
        self._voice.close()

    # -- events and effects -----------------------------------------------------------------------------------------

    def post(self, event: ev.Event) -> None:
        """Hand in an event from any thread."""
        self.host.call_soon(lambda: self.handle(event))

    def handle(self, event: ev.Event) -> None:
        """One step of the flow: show what changed, do what is to be done."""
        if isinstance(event, ACTIVITY):
            self._touched = self._now()
        after, effects = step(self.screen, event)
        changed = after != self.screen
        self.screen = after
        if changed:
            self.host.show(after)
        for effect in effects:
            self._perform(effect)

    def _perform(self, effect: ef.Effect) -> None:
        match effect:
            case ef.Speak():
                self._voice.speak(effect)
            case ef.Beep():
                self._voice.beep()
            case ef.SetVolume(percent):
                self._voice.set_volume(percent)
            case ef.ShutDown():
                self.host.stop()
            case _:
                self._desk.perform(effect)

    def _second(self, _: float) -> None:
        self._watchdog.report("main")
        self._watchdog.tick()
        idle = self._now() - self._touched
        left = self._settings.lock_after_seconds - idle
        if left <= 0:
            self._touched = self._now()
            self.handle(ev.IdleOver())
        elif left <= WARN_SECONDS:
            self.handle(ev.IdleSoon(int(left)))

    # -- what the threads call ----------------------------------------------------------------------------------------

    def desk_alive(self) -> None:
        """The desk's worker went round."""
        self._watchdog.report("desk")

    def reader_alive(self) -> None:
        """The reader's thread went round."""
        self._watchdog.report("reader")

    def card_laid(self) -> None:
        """A card lies on the reader."""
        self.post(ev.CardLaid())

    def card_taken(self) -> None:
        """The reader is empty."""
        self.post(ev.CardTaken())

    def _scanned(self, text: str) -> None:
        self.post(ev.Scanned(text))

    def fatal(self, why: str) -> None:
        """The disk failed: whatever was under way comes back as uncertain (M2)."""
        log.critical("%s", why)
        os._exit(EXIT_RESTART)


def _watchdog() -> Watchdog:
    """Tells systemd, where there is one."""
    notifier = Notifier.from_environment(os.environ)
    interval = interval_from(os.environ) or UNWATCHED
    return Watchdog(PARTS, Seconds(2 * interval), time.monotonic, notifier.send if notifier else log.debug)
