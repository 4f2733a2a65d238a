"""Whole ways with real touches through real widgets: what the flow needs, a finger must find on the page.

The desk answers at once and says what it was asked; everything else is real: pages, targets, Kivy's touches, the flow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest

from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow import values as v
from kiosk.flow.effects_house import TakeStatement
from kiosk.flow.machine import step
from kiosk.screens.compose import compose
from kiosk.screens.theme import PANELS, Size
from tests.flow.explore import CASE, FACE, HERE, HOUSE, REPORT, SHIFT, Way, ways
from tests.screens.gallery import HOA, LANH, MAI, OPERATORS, ROWS, SIGNATURE, offer
from tests.screens.stage import Stage

PIN = "258014"
BETWEEN_S = 0.5


class Journey:
    """A kiosk whose desk answers at once, under a hand that presses."""

    def __init__(self, stage: Stage, shift: v.Shift = SHIFT) -> None:
        self.stage, self.shift = stage, shift
        self.screen: sc.Screen = sc.Idle(HERE)
        self.asked: list[ef.Effect] = []
        self.printed = v.PrintResult.PRINTED
        self.report = REPORT
        self.refuses: dict[type, v.RefusalKey] = {}
        self._shown()

    def _shown(self) -> None:
        self.stage.host.show(self.screen)
        self.stage.waits(BETWEEN_S)

    def on(self, *kinds: type) -> None:
        """We must be here now."""
        assert isinstance(self.screen, kinds), type(self.screen).__name__

    def press(self, *test_ids: str) -> Journey:
        """One finger, one target after the other."""
        for test_id in test_ids:
            self.stage.events.clear()
            self.stage.hands.touch(test_id)
            self._meant(test_id)
        return self

    def sign(self) -> Journey:
        """Two strokes on the pad."""
        for stroke in SIGNATURE:
            self.stage.events.clear()
            self.stage.hands.draw("sign-pad", (stroke,))
            self._meant("sign-pad")
        return self

    def _meant(self, test_id: str) -> None:
        assert len(self.stage.events) == 1, f"{test_id} on {type(self.screen).__name__}: {self.stage.events}"
        self.happens(self.stage.events[0])

    def happens(self, event: ev.Event) -> Journey:
        """A touch or a device's word, and all that the desk answers to it."""
        self.screen, effects = step(self.screen, event)
        self._shown()
        for effect in effects:
            self.asked.append(effect)
            for answer in self._answers(effect):
                self.happens(answer)
        return self

    def last(self, kind: type[ef.Effect]) -> ef.Effect:
        """The newest effect of a kind."""
        return [effect for effect in self.asked if isinstance(effect, kind)][-1]

    def _answers(self, effect: ef.Effect) -> Iterator[ev.Event]:
        operation: v.OperationId | None = getattr(effect, "operation", None)
        if operation is None:
            return
        if type(effect) in self.refuses:
            yield ev.Refused(operation, self.refuses.pop(type(effect)))
            return
        match effect:
            case ef.ListOperators():
                yield ev.OperatorsListed(operation, OPERATORS)
            case ef.SignIn(pin=pin):
                right = pin == PIN
                yield ev.SignedIn(operation, self.shift) if right else ev.SignInRefused(operation, 4)
            case ef.SetClock():
                yield ev.ClockAccepted(operation)
            case ef.OpenSession():
                self.shift = replace(self.shift, session_open=True)
                yield ev.SessionOpened(operation, self.shift)
            case ef.ResolveUncertain(payout=payout):
                left = tuple(case for case in self.shift.uncertain if case.payout != payout)
                self.shift = replace(self.shift, uncertain=left)
                yield ev.UncertainSettled(operation, self.shift)
            case _:
                yield from self._more(effect, operation)

    def _more(self, effect: ef.Effect, operation: v.OperationId) -> Iterator[ev.Event]:
        match effect:
            case TakeStatement(statement=said):
                yield ev.StatementKept(operation, said.about, "D-1-9", v.PrintResult.PRINTED)
            case ef.LoadRoute():
                yield ev.RouteLoaded(operation, ROWS)
            case ef.LoadHousehold():
                yield ev.HouseholdLoaded(operation, HOUSE)
            case ef.ReadCard():
                yield ev.ReadProgress(operation, v.ReadPhase.PHOTO, 1, 2)
                yield ev.CardRead(operation, FACE)
            case ef.MakeOffer(face_confirmed=seen):
                no = ev.Refused(operation, v.RefusalKey.FACE_NOT_CONFIRMED)
                yield ev.OfferMade(operation, offer()) if seen else no
            case ef.Authorise():
                yield ev.Authorised(operation, v.PayoutId("D-1-6"))
            case ef.Complete():
                yield ev.Completed(operation, ROWS, 500_000, "482913")
            case ef.Print() | ef.PrintCashReport():
                yield ev.Printed(operation, self.printed)
            case ef.VoidPayout(_, _, reason):
                yield ev.Voided(operation, ROWS, reason, "D-1-7", self.printed)
            case _:
                yield from self._ends(effect, operation)

    def _ends(self, effect: ef.Effect, operation: v.OperationId) -> Iterator[ev.Event]:
        match effect:
            case ef.RecordUnpaid():
                yield ev.UnpaidNoted(operation, ROWS)
            case ef.CompareCount():
                yield ev.CountCompared(operation, self.report)
            case ef.CloseSession():
                yield ev.SessionClosed(operation, self.report)
            case _:
                return

    # -- parts of the way --

    def to_route(self) -> Journey:
        """Sign in."""
        return self.press("begin", f"operator-{MAI.id}", *(f"digit-{digit}" for digit in PIN), "done")

    def to_face(self, payee: v.PersonId = LANH.id) -> Journey:
        """The first household, its card on the reader."""
        self.press("household-h1", f"payee-{payee}")
        return self.happens(ev.CardLaid())

    def to_cash(self) -> Journey:
        """The money on the table."""
        return self.to_face().press("them", "right-sum")


@pytest.fixture
def day(stage: Stage) -> Journey:
    """A signed-in agent on the route; signing in is a journey of its own."""
    journey = Journey(stage)
    journey.screen = sc.Route(HERE, SHIFT)
    return journey.happens(ev.StateSeen())


def test_a_whole_payout(day: Journey) -> None:
    day.to_cash().press("got-all").sign().press("signed")
    day.on(sc.Paid)
    day.press("next").happens(ev.CardTaken())
    day.on(sc.Route)
    complete = day.last(ef.Complete)
    assert isinstance(complete, ef.Complete)
    assert len(complete.strokes) == 2


def test_a_payout_with_ink_print(day: Journey) -> None:
    day.to_cash().press("got-all", "cannot-sign", "cannot-tremor", "witness-0")
    day.on(sc.Paid)


def test_a_payout_with_a_witness_who_is_typed(day: Journey) -> None:
    day.to_cash().press("got-all", "cannot-sign", "cannot-blind", "other")
    day.press("letter-L", "letter-A", "other-letters", "letter-F", "done")
    day.on(sc.Paid)
    assert getattr(day.last(ef.Complete), "witness", "") == "Là"


def test_sign_again(day: Journey) -> None:
    day.to_cash().press("got-all").sign().press("clear").sign().press("signed")
    day.on(sc.Paid)


def test_back_from_signing_to_the_cash(day: Journey) -> None:
    day.to_cash().press("got-all", "back")
    day.on(sc.HandOverCash)


def test_two_payouts_for_a_daughter_with_a_paper(day: Journey) -> None:
    day.to_face(HOA.id).press("them", "right-sum", "got-all").sign().press("signed", "next")
    day.on(sc.ShowOffer)
    day.press("right-sum", "got-all").sign().press("signed", "next")
    day.on(sc.TakeCard)


def test_not_this_person(day: Journey) -> None:
    day.to_face().press("not-them", "for-agent", "unpaid", "unpaid-card_missing")
    day.on(sc.TakeCard)


def test_the_exact_reason_and_another_try(day: Journey) -> None:
    day.refuses[ef.ReadCard] = v.RefusalKey.CARD_EXPIRED
    day.to_face().press("for-agent", "back", "for-agent", "again")
    day.on(sc.AtDoor)


def test_the_sum_is_not_right(day: Journey) -> None:
    day.to_face().press("them", "wrong-sum", "leave-it", "go-on", "go-on")
    day.on(sc.Route)


def test_the_sum_is_not_right_and_taken(day: Journey) -> None:
    day.to_face().press("them", "wrong-sum", "back", "wrong-sum", "take-it", "go-on")
    day.on(sc.HandOverCash)


@pytest.mark.parametrize("reason", list(v.VoidReason))
def test_cash_goes_back(day: Journey, reason: v.VoidReason) -> None:
    day.to_cash().press(
        "not-all", f"void-{reason}", "shown", "note-200000", "digit-3", "next", "digit-4", "erase", "counted"
    )
    day.on(sc.SlipOut)
    day.press("go-on")
    day.on(sc.AtDoor)
    assert getattr(day.last(ef.VoidPayout), "counted", None) == v.Notes.of({200_000: 3})


@pytest.mark.parametrize("reason", list(v.UnpaidReason))
def test_a_visit_without_payment(day: Journey, reason: v.UnpaidReason) -> None:
    day.press("household-h1", "unpaid", f"unpaid-{reason}")
    if reason is v.UnpaidReason.DECEASED:
        day.press(f"died-{LANH.id}", "pick-neighbour")
    day.on(sc.Route)


def test_a_card_lifted_too_early_is_laid_again(day: Journey) -> None:
    day.to_face().happens(ev.CardTaken())
    day.on(sc.LayCard)
    day.happens(ev.CardLaid()).press("them", "right-sum")
    day.on(sc.HandOverCash)


def test_the_printer_is_silent(day: Journey) -> None:
    day.printed = v.PrintResult.UNKNOWN
    day.to_cash().press("got-all").sign().press("signed", "paper-no")
    day.printed = v.PrintResult.PRINTED
    day.press("reprint", "next")
    day.on(sc.TakeCard)


def test_the_printer_failed_and_the_number_is_copied(day: Journey) -> None:
    day.printed = v.PrintResult.FAILED
    day.to_cash().press("got-all").sign().press("signed", "next")
    day.on(sc.TakeCard)


def test_the_cash_of_the_morning(stage: Stage) -> None:
    journey = Journey(stage, replace(SHIFT, session_open=False)).to_route()
    journey.press("digit-9", "note-50000", "digit-4", "counted", "source-0")
    journey.on(sc.Route)
    assert getattr(journey.last(ef.OpenSession), "notes", None) == v.Notes.of({500_000: 9, 50_000: 4})


def test_what_is_uncertain_comes_first(stage: Stage) -> None:
    journey = Journey(stage, replace(SHIFT, uncertain=(CASE,))).to_route()
    journey.press("count", "digit-1", "counted", "not-paid")
    journey.on(sc.Route)


def test_the_date_is_entered(stage: Stage) -> None:
    journey = Journey(stage)
    journey.screen = sc.Idle(replace(HERE, time_proven=False))
    journey.happens(ev.StateSeen())
    journey.to_route().press(
        "digit-2", "digit-2", "digit-1", "digit-1", "digit-2", "digit-0", "digit-2", "digit-6", "done"
    )
    journey.on(sc.Route)


def test_close_with_balanced_cash(day: Journey) -> None:
    day.press("menu", "close", "digit-2", "counted", "close", "sign-out")
    day.on(sc.Idle)


@pytest.mark.parametrize("reason", [each for each in v.VarianceReason if each is not v.VarianceReason.NONE])
def test_close_with_a_difference(day: Journey, reason: v.VarianceReason) -> None:
    day.report = replace(REPORT, variance=v.Vnd(20_000))
    day.press("menu", "close", "counted", f"variance-{reason}", "close", "reprint", "sign-out")
    day.on(sc.Idle)


def test_a_wrong_pin_then_the_right_one(stage: Stage) -> None:
    journey = Journey(stage).press("begin", f"operator-{MAI.id}", *(f"digit-{digit}" for digit in "111111"), "done")
    journey.on(sc.EnterPin)
    journey.press(*(f"digit-{digit}" for digit in PIN), "done")
    journey.on(sc.Route)


def test_lock_and_come_back_in_the_middle_of_cash(day: Journey) -> None:
    day.to_cash().press("help", "lock", *(f"digit-{digit}" for digit in PIN), "done")
    day.on(sc.HelpScreen)
    day.press("understood")
    day.on(sc.HandOverCash)


def test_a_warning_and_one_touch(day: Journey) -> None:
    day.to_cash().happens(ev.IdleSoon(30)).press("still-here")
    day.on(sc.HandOverCash)


def test_the_menu(day: Journey) -> None:
    day.press("menu", "volume", "contrast", "language", "sync", "sync-now", "back", "menu", "off", "stay")
    assert not any(isinstance(effect, ef.ShutDown) for effect in day.asked)
    day.press("menu", "off", "off")
    assert isinstance(day.last(ef.ShutDown), ef.ShutDown)


def test_pages_of_the_route(day: Journey) -> None:
    day.press("page-next")
    assert day.screen.page == 1  # type: ignore[union-attr]
    day.press("household-h4")
    day.on(sc.AtDoor)


def test_the_recipients_language(day: Journey) -> None:
    day.press("household-h1", "house", "language", "language", "back", f"payee-{LANH.id}")
    assert day.screen.visit.language is v.Language.KM  # type: ignore[union-attr]


NOT_ON_EVERY_PAGE = {
    ev.Lock, ev.LanguageChosen, ev.HearAgain, ev.Back,  # behind help, at the door, where there is something to hear
}  # fmt: skip
NOT_ASKED_YET = {("RefusedScreen", ev.AskUnpaid), ("RefusedScreen", ev.Confirm), ("LayCard", ev.AskUnpaid),
                 ("SyncState", ev.Confirm), ("Paid", ev.AskReprint), ("TypeName", ev.Letter)}  # fmt: skip


@pytest.mark.parametrize("size", list(Size))
def test_every_way_of_the_flow_can_be_touched(size: Size) -> None:
    """What moves the flow for a person stands on the page as a target; exceptions are named above."""
    pages: dict[int, tuple[Way, set[type]]] = {}
    for way in ways():
        moves = way.end != way.start or bool(way.effects)
        if not moves or not isinstance(way.event, get_args(ev.Intent)) or type(way.event) in NOT_ON_EVERY_PAGE:
            continue
        if id(way.start) not in pages:
            page = compose(way.start, PANELS[size])
            offered = {type(target.event) for target in page.targets} | ({ev.StrokeDrawn} if page.pad else set())
            pages[id(way.start)] = (way, offered)
        name = type(way.start).__name__
        known = (name, type(way.event)) in NOT_ASKED_YET
        assert known or type(way.event) in pages[id(way.start)][1], (name, way.event)
