"""Fifty thousand random touches and card events: nothing crashes, no payout completes that was not authorised.

The desk here answers at once and at random; the money rules below it have their own simulation. A third of the touches
go anywhere on the glass, the rest to a target, so that the monkey gets deep into the ways. ``MONKEY_TOUCHES=5000`` is a
short run; ``tests/deep/journeys`` has the monkey that plays over the real desk.
"""

from __future__ import annotations

import os
import random

from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow import values as v
from kiosk.flow.machine import step
from tests.flow.explore import HERE, awaited, results
from tests.screens.stage import Stage

TOUCHES = int(os.environ.get("MONKEY_TOUCHES", "50000"))
BETWEEN_S = 0.5
ANSWERS: dict[sc.Wait, tuple[type, ...]] = {
    sc.Wait.OPENING: (ev.SessionOpened,), sc.Wait.ROUTE: (ev.RouteLoaded,), sc.Wait.HOUSEHOLD: (ev.HouseholdLoaded,),
    sc.Wait.OFFER: (ev.OfferMade, ev.OfferMade, ev.Refused), sc.Wait.SEALING: (ev.Authorised, ev.Authorised, ev.Failed),
    sc.Wait.COMPLETING: (ev.Completed, ev.Completed, ev.Failed), sc.Wait.VOIDING: (ev.Voided, ev.Failed),
    sc.Wait.SETTLING: (ev.UncertainSettled, ev.ClockAccepted), sc.Wait.NOTING: (ev.UnpaidNoted,),
    sc.Wait.COMPARING: (ev.CountCompared,), sc.Wait.CLOSING: (ev.SessionClosed, ev.Refused),
    sc.Wait.HOUSE: (ev.HousePlanned, ev.Failed),
}  # fmt: skip
"""What the desk can answer to a waiting screen; any other answer is tried too, and must do nothing."""
CARDS = (ev.CardLaid(), ev.CardTaken(), ev.IdleSoon(30), ev.IdleOver(), ev.StateSeen(printer=v.PrinterLight.NO_PAPER))


ONWARD = (
    ev.Begin, ev.OperatorChosen, ev.Confirm, ev.SourceChosen, ev.HouseholdChosen, ev.PayeeChosen, ev.OutcomeChosen,
    ev.WitnessChosen, ev.VarianceChosen,
)  # fmt: skip
"""What leads deeper into a way: half of the touches, now that there are so many ways aside."""


class Monkey:
    """Presses, and remembers which screens it saw and which payouts were authorised."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage, self.random = stage, random.Random(seed)
        self.screen: sc.Screen = sc.Idle(HERE)
        self.seen: set[type] = set()
        self.authorised: set[v.PayoutId] = set()
        self.completed: list[v.PayoutId] = []
        self.steps_of_payout = 0

    def happens(self, event: ev.Event) -> None:
        """One step; what it asks of the desk is remembered, not answered yet."""
        if isinstance(event, ev.Authorised):
            self.steps_of_payout += 1
            event = ev.Authorised(event.operation, v.PayoutId(f"D-1-{self.steps_of_payout}"))
        before = self.screen
        self.screen, effects = step(before, event)
        if isinstance(event, ev.Authorised) and isinstance(self.screen, sc.HandOverCash):
            self.authorised.add(event.payout)
        for effect in effects:
            if isinstance(effect, ef.Complete):
                assert effect.payout in self.authorised
                assert effect.strokes or (effect.cannot_sign is not None and effect.witness)
            if isinstance(effect, ef.VoidPayout):
                assert effect.payout in self.authorised
        if isinstance(event, ev.Completed) and isinstance(self.screen, sc.Paid) and isinstance(before, sc.Waiting):
            self.completed.append(self.screen.payout)
        self.seen.add(type(self.screen))
        if self.screen != before:
            self.stage.host.show(self.screen)

    def plays(self) -> None:
        """A touch, a device, or an answer of the desk."""
        self.stage.waits(BETWEEN_S)
        operation = awaited(self.screen)
        choice = self.random.random()
        if operation is not None and choice < 0.5:
            self.happens(self._answer(operation))
        elif choice > 0.95:
            self.happens(self.random.choice(CARDS))
        else:
            self._touches(self.random.random() < 0.33)

    def _answer(self, operation: v.OperationId) -> ev.Event:
        """Mostly what the desk would say, now and then anything."""
        wanted: tuple[type, ...] = ()
        if isinstance(self.screen, sc.Waiting):
            wanted = ANSWERS.get(self.screen.wait, ())
        elif isinstance(self.screen, sc.Reading):
            wanted = (ev.CardRead, ev.CardRead, ev.ReadProgress, ev.CardFailed)
        elif isinstance(self.screen, sc.EnterPin):
            wanted = (ev.SignedIn,)
        if not wanted or self.random.random() < 0.1:
            return self.random.choice(results(operation))
        kind = self.random.choice(wanted)
        return self.random.choice([each for each in results(operation) if isinstance(each, kind)])

    def _knows_the_way(self) -> str | None:
        """Now and then the monkey knows a PIN, and lays a card that is asked for."""
        if isinstance(self.screen, sc.EnterPin) and self.screen.awaited is None and self.random.random() < 0.8:
            return "done" if len(self.screen.typed) >= v.PIN_MIN else "digit-4"
        return None

    def _touches(self, blindly: bool) -> None:
        self.stage.events.clear()
        page = self.stage.host.renderer.show(self.screen)
        onward = [each.test_id for each in page.targets if isinstance(each.event, ONWARD)]
        known = self._knows_the_way()
        if known is not None:
            self.stage.hands.touch(known)
        elif isinstance(self.screen, sc.LayCard) and self.random.random() < 0.5:
            self.happens(ev.CardLaid())
        elif onward and self.random.random() < 0.5:
            self.stage.hands.touch(self.random.choice(onward))
        elif blindly or not page.targets:
            self.stage.hands.press(self.random.uniform(0, 1023), self.random.uniform(0, 599))
        elif page.pad is not None and self.random.random() < 0.5:
            self.stage.hands.draw("sign-pad", (((100, 100), (self.random.randint(0, 1000), 500)),))
        else:
            self.stage.hands.touch(self.random.choice(page.targets).test_id)
        assert len(self.stage.events) <= 1
        for event in tuple(self.stage.events):
            self.happens(event)


def test_fifty_thousand_random_touches(stage: Stage) -> None:
    monkey = Monkey(stage, seed=2026)
    stage.host.show(monkey.screen)
    for _ in range(TOUCHES):
        monkey.plays()
    assert len(monkey.completed) == len(set(monkey.completed)), "a payout completed twice"
    assert len(monkey.completed) >= max(1, TOUCHES // 5_000), "a monkey that never paid proves nothing"
    assert len(monkey.seen) >= 25
