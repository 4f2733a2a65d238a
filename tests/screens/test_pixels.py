"""Pixels: telling screens against golden pictures, with room for another driver's rounding.

``python -m tests.screens.golden`` draws the goldens anew; look at them before they are committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from kiosk.flow.values import Language
from kiosk.screens.page import Pulse
from tests.screens.golden import GOLDEN, NAMES
from tests.screens.stage import Stage

EACH_PIXEL = 24
"""A difference up to here, of 255, is another rasteriser's rounding of an edge."""
SHARE = 0.004
"""At most this share of pixels may differ by more."""


def picture(stage: Stage, name: str, language: str, folder: Path) -> Image.Image:
    stage.shows(name, Language(language))
    stage.host.screenshot(folder / "now.png")
    return Image.open(folder / "now.png").convert("RGB")


@pytest.mark.parametrize(("name", "language"), NAMES)
def test_a_screen_looks_as_it_was_approved(stage: Stage, name: str, language: str, tmp_path: Path) -> None:
    now = picture(stage, name, language, tmp_path)
    golden = Image.open(GOLDEN / f"{name}-{language}.png").convert("RGB")
    assert now.size == golden.size
    difference = ImageChops.difference(now, golden).convert("L").point(lambda value: 255 if value > EACH_PIXEL else 0)
    assert ImageStat.Stat(difference).mean[0] / 255 <= SHARE


def test_another_screen_is_another_picture(stage: Stage, tmp_path: Path) -> None:
    now = picture(stage, "offer", "vi", tmp_path)
    golden = Image.open(GOLDEN / "hand-over-vi.png").convert("RGB")
    difference = ImageChops.difference(now, golden).convert("L").point(lambda value: 255 if value > EACH_PIXEL else 0)
    assert ImageStat.Stat(difference).mean[0] / 255 > SHARE


def test_dots_take_turns_while_something_is_under_way(stage: Stage, tmp_path: Path) -> None:
    stage.shows("waiting-sealing")
    page = stage.host.renderer.show(stage.shows("waiting-sealing"))
    assert any(isinstance(each, Pulse) for each in page.elements)
    stage.host.screenshot(tmp_path / "one.png")
    stage.host.renderer._beat(0)
    stage.host.screenshot(tmp_path / "two.png")
    assert (tmp_path / "one.png").read_bytes() != (tmp_path / "two.png").read_bytes()


def test_a_signature_is_seen_while_it_is_drawn(stage: Stage, tmp_path: Path) -> None:
    empty = picture(stage, "sign", "vi", tmp_path)
    signed = picture(stage, "sign-done", "vi", tmp_path)
    pad = (40, 180, 980, 400)
    assert ImageChops.difference(empty.crop(pad), signed.crop(pad)).getbbox() is not None
