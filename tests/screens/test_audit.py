"""Every page on every panel in every language keeps the sizes, contrasts and gaps; and the audit can find faults."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from kiosk.flow import screens as sc
from kiosk.flow.events import Confirm
from kiosk.flow.values import Language
from kiosk.screens import qr
from kiosk.screens.area import Area
from kiosk.screens.compose import PAGES, compose
from kiosk.screens.page import Audience, Fill, Page, Role, Target, Text
from kiosk.screens.paint import Painter
from kiosk.screens.theme import HIGH, LIGHT, PANELS, Colour, Panel, Size, Type, contrast
from tests.screens.audit import audit
from tests.screens.gallery import screens, with_help

PANEL = PANELS[Size.SEVEN_INCH]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("size", list(Size))
def test_no_page_breaks_a_rule(size: Size, language: Language) -> None:
    panel = PANELS[size]
    painter = Painter(panel)
    found = [
        (name, each.rule, each.detail)
        for name, screen in with_help(language)
        for each in audit(compose(screen, panel), painter.fitted)
    ]
    assert found == []


@pytest.mark.parametrize("size", list(Size))
def test_the_qr_of_a_lease_is_large_and_of_whole_pixels(size: Size) -> None:
    panel = PANELS[size]
    page = compose(dict(screens(Language.VI))["codes"], panel)
    dots = [each.area for each in page.elements if isinstance(each, Fill) and each.colour == qr.BLACK]
    assert max(each.right for each in dots) - min(each.x for each in dots) >= panel.mm(30)
    assert all(length == int(length) for each in dots for length in (each.x, each.y, each.width, each.height))


@pytest.mark.parametrize("size", list(Size))
def test_high_contrast_breaks_no_rule(size: Size) -> None:
    panel = PANELS[size]
    painter = Painter(panel)
    for name, screen in screens(Language.VI):
        loud = sc.with_frame(screen, replace(screen.frame, high_contrast=True))
        assert audit(compose(loud, panel), painter.fitted) == [], name


@pytest.mark.parametrize(("months", "said"), [(1, "Chờ chi"), (2, "2 tháng"), (3, "3 tháng, sắp bị dừng")])
def test_the_route_warns_of_months_that_nobody_collected(months: int, said: str) -> None:
    """Two months wait to be paid together; from the third on the allowance is near its suspension."""
    screen = dict(screens(Language.VI))["route"]
    assert isinstance(screen, sc.Route)
    row = replace(screen.shift.rows[0], months=months)
    page = compose(replace(screen, shift=replace(screen.shift, rows=(row,))), PANEL)
    assert said in [each.words for each in page.elements if isinstance(each, Text)]


def test_every_screen_has_a_page_and_is_in_the_gallery() -> None:
    assert set(PAGES) == set(get_args(sc.Screen))
    assert {type(screen) for _, screen in with_help(Language.VI)} == set(PAGES)


def test_every_target_id_is_found_once() -> None:
    for name, screen in with_help(Language.VI):
        ids = [target.test_id for target in compose(screen, PANEL).targets]
        assert len(ids) == len(set(ids)), name


# -- planted faults: an audit that finds nothing proves nothing --


def page(audience: Audience = Audience.RECIPIENT) -> Page:
    blank = Page(PANEL, LIGHT, Language.VI, audience)
    blank.add(Fill(blank.whole, LIGHT.paper))
    return blank


def words(text: str, area: Area, kind: Type = Type.BODY, ink: Colour = LIGHT.ink) -> Text:
    return Text(area, text, kind, ink, LIGHT.paper, Language.VI)


def rules(page: Page, panel: Panel = PANEL) -> set[str]:
    return {each.rule for each in audit(page, Painter(panel).fitted)}


BIG = Area(20, 300, 900, 200)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (words("Xin chào", Area(20, 300, 60, 20)), "overflow"),
        (words("Đúng ✓", BIG), "glyph"),
        (words("nhỏ", BIG, Type.AGENT_SMALL), "text size"),
        (words("nhạt", BIG, ink=Colour.of("998877")), "contrast"),
        (words("ngoài", Area(900, 300, 300, 200)), "outside"),
        (Text(BIG, "trên thẻ", Type.BODY, LIGHT.ink, LIGHT.card, Language.VI), "ground"),
    ],
)
def test_a_planted_text_fault_is_found(text: Text, rule: str) -> None:
    blank = page()
    blank.add(text)
    assert rules(blank) == {rule}


def test_words_over_words_are_found() -> None:
    blank = page()
    blank.add(words("một hai ba", BIG), words("bốn năm sáu", BIG))
    assert rules(blank) == {"overlap"}


def test_words_across_the_edge_of_a_card_are_found() -> None:
    blank = page()
    blank.add(Fill(Area(20, 300, 120, 200), LIGHT.paper), words("ra ngoài thẻ này", BIG))
    assert rules(blank) == {"edge"}


def test_a_khmer_word_that_is_cut_is_found() -> None:
    blank = page()
    blank.add(words("អត្តសញ្ញាណប័ណ្ណអត្តសញ្ញាណប័ណ្ណ", Area(20, 100, 170, 400)))
    assert rules(blank) == {"broken word"}


def target(name: str, x: float, side: float = 140, role: Role = Role.OPPOSING) -> Target:
    return Target(name, Area(x, 100, side, side), role, Confirm())


@pytest.mark.parametrize(
    ("targets", "rule"),
    [
        ([target("small", 20, 100)], "target size"),
        ([target("yes", 20), target("no", 180)], "gap"),
        ([target("one", 20, role=Role.KEY), target("two", 165, role=Role.KEY)], "gap"),
        ([target("far", 950)], "outside"),
        ([target("same", 20), target("same", 400)], "test id"),
        ([target(str(n), 20 + 200 * n) for n in range(4)], "choices"),
    ],
)
def test_a_planted_target_fault_is_found(targets: list[Target], rule: str) -> None:
    blank = page()
    blank.targets += targets
    assert rules(blank) == {rule}


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast(Colour.of("000000"), Colour.of("ffffff")) == pytest.approx(21)
    assert contrast(HIGH.ink, HIGH.paper) == pytest.approx(21)
