"""What the screen is told of a USB stick: only what changed under our eyes, only for a while, and nothing malformed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent_sync import stick
from kiosk.desk.stick import SHOWN_SECONDS, StickWatch
from kiosk.durable import write_whole
from kiosk.flow.stick import StickLight, StickState

GOOD = {"state": "done", "sent": 12, "to_send": 12, "brought": 3, "to_bring": 3}


class Hint:
    """One hint file, its watch, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.path, self.now = folder / "stick.json", 0.0
        self.watch = StickWatch(self.path, lambda: self.now)

    def says(self, text: str) -> StickLight:
        """Write it as the courier does, and look."""
        write_whole(self.path, text.encode())
        return self.watch.look()


def test_a_hint_is_shown_for_a_while(tmp_path: Path) -> None:
    hint = Hint(tmp_path)
    assert hint.watch.look() == StickLight()
    assert hint.says(json.dumps(GOOD)) == StickLight(StickState.DONE, 12, 12, 3, 3)
    hint.now = SHOWN_SECONDS + 1
    assert hint.watch.look() == StickLight()
    assert hint.says(json.dumps(GOOD | {"state": "moving"})).state is StickState.MOVING


def test_what_lay_there_before_is_yesterdays(tmp_path: Path) -> None:
    write_whole(tmp_path / "stick.json", json.dumps(GOOD).encode())
    assert Hint(tmp_path).watch.look() == StickLight()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", json.dumps(GOOD | {"sent": -1}), json.dumps(GOOD | {"sent": True}), "[" * 3_000,
     json.dumps(GOOD | {"state": "eaten"}), json.dumps({"state": "done"}), json.dumps(GOOD) + " " * 5_000],
)  # fmt: skip
def test_a_malformed_hint_shows_nothing(tmp_path: Path, text: str) -> None:
    assert Hint(tmp_path).says(text) == StickLight()


def test_both_ends_speak_of_the_same_states() -> None:
    assert {str(each) for each in stick.State} == {str(each) for each in StickState} - {"none"}
