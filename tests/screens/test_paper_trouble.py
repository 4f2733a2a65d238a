"""Whatever a printer may say of a paper and of itself reaches the screen with what to do, and only paper is touched."""

from __future__ import annotations

from itertools import product

import pytest

from hardware.printer.state import PrinterState
from kiosk import text
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow import values as v
from kiosk.flow.effects_lease import PrintCodes
from kiosk.flow.effects_money import PrintNotice
from kiosk.screens.compose import compose
from kiosk.screens.page import Text
from kiosk.screens.theme import PANELS, Size
from tests.flow.explore import HERE, HOUSE, SHIFT
from tests.flow.walker import Walker
from tests.screens import gallery
from tests.screens.gallery_paper import OPERATION, Papers, printing

PANEL = PANELS[Size.SEVEN_INCH]
PRINTS = (ef.Print, PrintNotice, PrintCodes, ef.PrintCashReport)
BESIDE = (ef.NotePaper, ef.Speak)
"""What a paper may ask for beside a paper: what somebody saw, and a sentence. Nothing that decides a payout."""
LOOK = ("said.unknown", "closed.unknown", "paper.look")
VISIT = sc.Visit(HOUSE, HOUSE.payees[0], v.Language.VI, OPERATION, (gallery.LANH.id,))
PAPERS = dict(printing(HERE, SHIFT, VISIT, gallery.offer(), gallery.LINES))


def page_of(walker: Walker, language: v.Language) -> tuple[str, dict[str, ev.Event | None]]:
    """Everything that is written there, and what can be touched."""
    page = compose(walker.does(ev.LanguageChosen(language)), PANEL)
    words = " ".join(each.words for each in page.elements if isinstance(each, Text))
    return words, {each.test_id: each.event for each in page.targets}


def told(words: str, result: v.PrintResult, light: v.PrinterLight, language: v.Language) -> bool:
    """Whether the page says what it has to say, no more and no less."""
    says = text.word(light, language) in words
    match result:
        case v.PrintResult.FAILED:
            return says
        case v.PrintResult.UNKNOWN if light is v.PrinterLight.READY:
            return not says and any(text.phrase(key, language) in words for key in LOOK)
        case v.PrintResult.UNKNOWN:
            return says
        case v.PrintResult.PRINTED:
            return says is (light is v.PrinterLight.PAPER_LOW)


@pytest.mark.parametrize("screen", PAPERS.values(), ids=PAPERS)
def test_every_answer_of_a_printer_is_said_with_what_to_do_and_the_paper_is_offered_again(screen: Papers) -> None:
    for language, result, light in product(v.Language, v.PrintResult, v.PrinterLight):
        walker, now = Walker(screen), result
        walker.does(ev.StateSeen(printer=light), ev.Printed(OPERATION, result))
        words, targets = page_of(walker, language)
        if "paper-no" in targets:  # a recipient's paper: first somebody looks
            assert result is v.PrintResult.UNKNOWN
            walker.does(ev.PaperSeen(printed=False))
            (words, targets), now = page_of(walker, language), v.PrintResult.FAILED
        assert told(words, now, light, language), (language, result, light, words)
        again = [event for name, event in targets.items() if name in {"reprint", "print"}]
        assert again == [ev.AskReprint()]
        walker.does(*(each for each in again if each is not None))
        assert [each for each in walker.effects if isinstance(each, PRINTS)], (language, result, light)
        assert all(isinstance(each, (*PRINTS, *BESIDE)) for each in walker.effects)


def test_the_screens_know_every_state_of_the_driver() -> None:
    assert {each.value for each in v.PrinterLight} == {each.value for each in PrinterState}
