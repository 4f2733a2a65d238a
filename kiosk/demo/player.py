"""One pair of hands at the kiosk: waits for screens as a person would, touches, signs, lays cards, takes pictures."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from hardware.virtual.card.control import ask
from kiosk.app import Kiosk
from kiosk.flow.screens import Screen
from kiosk.screens.hands import Hands, NothingThere
from kiosk.screens.renderer import find

PATIENCE_SECONDS = 60.0
SETTLE_SECONDS = 0.5
"""A touch right after a screen came up is not taken (old hands tremble): a person waits longer than that."""
SAME_KEY_SHARE = 0.65
"""How much of that a person leaves between two presses of one key."""
FRAME_SECONDS = 0.01
S = TypeVar("S")
SIGNATURE = (
    ((120, 380), (200, 700), (290, 330), (380, 640), (450, 400), (560, 470), (640, 420)),
    ((650, 610), (740, 330), (880, 560)),
)


class Stuck(Exception):
    """The kiosk did not come to where it should be."""


class CardHand(Protocol):
    """Who lays cards on the reader and takes them away."""

    def lay(self, card: str) -> None:
        """Put a card on the reader, by the short key of its persona."""
        ...

    def take(self) -> None:
        """Take away what lies there."""
        ...


@dataclass(frozen=True, slots=True)
class RemoteHand:
    """Lays cards over the virtual card's control socket. Raises Stuck when it refuses."""

    control: Path

    def lay(self, card: str) -> None:
        """Put a card on the reader."""
        self._ask(do="lay", persona=card)

    def take(self) -> None:
        """Take it away."""
        self._ask(do="take")

    def _ask(self, **request: str) -> None:
        answer = ask(self.control, **request)
        if not answer.get("ok"):
            raise Stuck(f"the virtual card refused: {answer.get('message')}")


class Player:
    """Hands, eyes and a camera. Main thread only."""

    def __init__(self, kiosk: Kiosk, reader: CardHand, out: Path, settle: float = SETTLE_SECONDS) -> None:
        self._kiosk, self._hands = kiosk, Hands(kiosk.host)
        self._reader, self._out, self._settle = reader, out, settle
        self._pictures = 0
        self._last_key = ""
        out.mkdir(parents=True, exist_ok=True)

    # -- eyes -----------------------------------------------------------------------------------------------------

    @property
    def screen(self) -> Screen:
        """What stands there now."""
        return self._kiosk.screen

    def rest(self, seconds: float) -> None:
        """Let the kiosk live for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._kiosk.host.tick()
            time.sleep(FRAME_SECONDS)

    def until(self, what: str, so: Callable[[Screen], bool]) -> Screen:
        """Wait until the screen is as described. Raises Stuck."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not so(self.screen):
            if time.monotonic() > end:
                raise Stuck(f"waited for {what}, but the screen is {type(self.screen).__name__}")
            self._kiosk.host.tick()
            time.sleep(FRAME_SECONDS)
        self.rest(self._settle)
        return self.screen

    def see(self, kind: type[S]) -> S:
        """Wait for a kind of screen. Raises Stuck."""
        found = self.until(kind.__name__, lambda screen: isinstance(screen, kind))
        if not isinstance(found, kind):
            raise Stuck(f"{kind.__name__} was there for a moment only")
        return found

    def picture(self, name: str) -> None:
        """Keep what the window shows."""
        self._pictures += 1
        self._kiosk.host.screenshot(self._out / f"{self._pictures:02d}-{name}.png")

    # -- hands ----------------------------------------------------------------------------------------------------

    def touch(self, test_id: str) -> None:
        """Press a target. Raises Stuck when it is not on the screen."""
        if test_id == self._last_key:
            self.rest(self._settle * SAME_KEY_SHARE)
        self._last_key = test_id
        try:
            self._hands.touch(test_id)
        except NothingThere as nothing:
            raise Stuck(f"there is no {test_id} on {type(self.screen).__name__}") from nothing
        self.rest(self._settle / 16)

    def has(self, test_id: str) -> bool:
        """Whether a target is on the screen."""
        return find(self._kiosk.host.renderer, test_id) is not None

    def type(self, digits: str) -> None:
        """Digits on a pad."""
        for digit in digits:
            self.touch(f"digit-{digit}")

    def spell(self, keys: str) -> None:
        """Letters of the Telex pad, half of which show at a time."""
        for key in keys:
            if key != " " and not self.has(f"letter-{key}"):
                self.touch("other-letters")
            self.touch("space" if key == " " else f"letter-{key}")

    def count(self, counts: tuple[int, ...]) -> None:
        """Banknotes on the counting pad, from the largest on."""
        for number in counts:
            self.type(str(number))
            self.touch("next")

    def sign(self) -> None:
        """Two strokes on the pad."""
        self._hands.draw("sign-pad", SIGNATURE)
        self.rest(0.1)

    # -- the card ---------------------------------------------------------------------------------------------------

    def lay(self, card: str) -> None:
        """Put a card on the reader."""
        self._reader.lay(card)

    def take(self) -> None:
        """Take it away."""
        self._reader.take()

    @staticmethod
    def say(at: str) -> None:
        """Tell the stage how far the visit is."""
        print(json.dumps({"at": at}), flush=True)
