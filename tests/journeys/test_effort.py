"""What a payout costs people and how long the machine lets them wait: touches of each, seconds of neither.

The card answers as slowly as over the air (106 to 424 kbit/s, 18 ms an APDU), the printer is a 58 mm Bluetooth one
that takes 9,000 bytes and prints 60 mm a second. Counting cash is nobody's fault and not counted.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from kivy.clock import Clock
from kivy.input.providers.mouse import MouseMotionEvent

from hardware.printer.profiles import BLUETOOTH_58
from hardware.virtual.card.field import Field
from hardware.virtual.printer.server import Server, new_machine
from kiosk.flow import screens as sc
from kiosk.screens.hands import Hands
from kiosk.screens.page import Audience
from tests.desk.area import Office, until_empty
from tests.journeys.conftest import SECOND_READER_PORT, Road
from tests.journeys.test_visits import KHE, start

RECIPIENT_TOUCHES, AGENT_TOUCHES, MACHINE_SECONDS = 6, 5, 45.0
ROWS_PER_SECOND = 480


class CountingHands(Hands):
    """Notes whose finger comes down; a pen stroke is a touch too.

    A page is touched by whom it speaks to, but the last one faces her only to say what she got: whether the slip came
    out, and that the next may come, is said by the agent, who has the printer in hand.
    """

    def __init__(self, road: Road) -> None:
        super().__init__(road.kiosk.host)
        self.road = road
        self.fingers: Counter[Audience] = Counter()

    def _down(self, x: float, y: float) -> MouseMotionEvent:
        screen = self.road.kiosk.screen
        page = self.host.renderer.show(screen)
        self.fingers[Audience.AGENT if isinstance(screen, sc.Paid) else page.audience] += 1
        return super()._down(x, y)


class Stopwatch:
    """Adds up the time in which a person can only wait."""

    def __init__(self, road: Road) -> None:
        self.road, self.seconds, self._last = road, 0.0, time.monotonic()
        Clock.schedule_interval(self.looks, 0)

    def looks(self, _: float) -> None:
        """Every frame: was it the machine's turn since the last?"""
        now, screen = time.monotonic(), self.road.kiosk.screen
        printing = isinstance(screen, sc.Paid) and screen.awaited is not None
        if printing or isinstance(screen, sc.Waiting | sc.Reading):
            self.seconds += now - self._last
        self._last = now


@pytest.fixture
def slow_road(tmp_path: Path, pcsc: str) -> Iterator[Road]:
    """A device with a printer as slow as those that agents carry."""
    (tmp_path / "paper").mkdir()
    server = Server(new_machine(BLUETOOTH_58, tmp_path / "paper", 30_000))
    server.wires.rows_per_second = ROWS_PER_SECOND
    server.listen_tcp(0)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    office = Office(tmp_path / "device", server.port)
    office.desk.stop()
    office.settings = replace(office.settings, printer=replace(office.settings.printer, profile=BLUETOOTH_58.name))
    until_empty(office.settings.reader)
    with Field(SECOND_READER_PORT) as field:
        road = Road(office, field, server, tmp_path)
        yield road
        field.take()
        road.kiosk.close()
        road.kiosk.host.stop()
    server.stop()
    thread.join(5)


def test_a_payout_is_six_touches_for_her_five_for_the_agent_and_45_seconds_of_the_machine(slow_road: Road) -> None:
    start(slow_road)
    hands = CountingHands(slow_road)
    slow_road.player._hands = hands
    watch = Stopwatch(slow_road)
    row = slow_road.visit._row(KHE)
    slow_road.player.touch(f"household-{row.household}")
    slow_road.player.see(sc.AtDoor)
    slow_road.player.touch("payee-ba-khe")
    slow_road.player.see(sc.LayCard)
    slow_road.player.lay("ba-khe:slow")
    slow_road.visit._look_at_face("khe")
    slow_road.visit._hand_over("khe")
    slow_road.visit._signature("khe")
    slow_road.visit._paper("khe")
    Clock.unschedule(watch.looks)
    print(f"touches {dict(hands.fingers)}, machine {watch.seconds:.1f} s")
    assert 0 < hands.fingers[Audience.RECIPIENT] <= RECIPIENT_TOUCHES
    assert 0 < hands.fingers[Audience.AGENT] <= AGENT_TOUCHES
    assert 1.0 < watch.seconds <= MACHINE_SECONDS
