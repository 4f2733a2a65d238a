"""The picture of the flow in the docs is the flow's."""

from __future__ import annotations

from typing import get_args
from xml.etree import ElementTree as ET

from kiosk.flow import screens as sc
from tests.flow.draw import COLUMNS, TARGET, svg
from tests.flow.explore import Way


def test_every_screen_is_drawn() -> None:
    drawn = {name for _, names in COLUMNS for name in names}
    assert drawn | {"Waiting"} == {screen.__name__ for screen in get_args(sc.Screen)}


def test_the_drawing_is_up_to_date(explored: tuple[Way, ...]) -> None:
    """``python -m tests.flow.draw`` writes it anew."""
    assert TARGET.read_text(encoding="utf-8") == svg(explored)


def test_the_drawing_is_well_formed(explored: tuple[Way, ...]) -> None:
    root = ET.fromstring(svg(explored))  # noqa: S314  # our own text
    assert root.tag.endswith("svg")
