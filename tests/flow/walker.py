"""Plays one day against the flow, with a desk that answers at once: what a person would expect to see next."""

from __future__ import annotations

from typing import TypeVar

from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow import values as v
from kiosk.flow.machine import step
from tests.flow.explore import FACE, HERE, HOUSE, REPORT, SHIFT
from tests.screens import gallery

S = TypeVar("S")
PAYOUT = v.PayoutId("D-1-6")


class Walker:
    """The present screen and everything that was asked of the world."""

    def __init__(self, screen: sc.Screen | None = None) -> None:
        self.screen: sc.Screen = screen or sc.Idle(HERE)
        self.effects: list[ef.Effect] = []

    def does(self, *events: ev.Event) -> sc.Screen:
        """One event after the other."""
        for event in events:
            self.screen, effects = step(self.screen, event)
            self.effects += effects
        return self.screen

    def on(self, kind: type[S]) -> S:
        """The present screen, which must be of this kind."""
        assert isinstance(self.screen, kind), f"on {type(self.screen).__name__}, not on {kind.__name__}"
        return self.screen

    def last(self, kind: type[S]) -> S:
        """The newest effect of a kind."""
        found = [effect for effect in self.effects if isinstance(effect, kind)]
        assert found, f"no {kind.__name__} was asked for"
        return found[-1]

    def number(self, kind: type[ef.Effect]) -> v.OperationId:
        """The operation of the newest effect of a kind."""
        operation: v.OperationId = getattr(self.last(kind), "operation")  # noqa: B009  # not every effect has one
        return operation

    def said(self) -> list[ef.Say]:
        """Everything that was spoken."""
        return [effect.say for effect in self.effects if isinstance(effect, ef.Speak)]

    # -- the way, as far as most tests need it --

    def signs_in(self, shift: v.Shift = SHIFT) -> None:
        """Idle to the first screen of the day."""
        self.does(ev.Begin())
        self.does(ev.OperatorsListed(self.number(ef.ListOperators), gallery.OPERATORS))
        self.does(ev.OperatorChosen(gallery.MAI.id), *(ev.Digit(digit) for digit in (2, 5, 8, 0, 1, 4)), ev.Confirm())
        self.does(ev.SignedIn(self.number(ef.SignIn), shift))

    def arrives(self, payee: v.PersonId = gallery.LANH.id) -> None:
        """The route to the card on the reader."""
        self.does(ev.HouseholdChosen(v.HouseholdId("h1")))
        self.does(ev.HouseholdLoaded(self.number(ef.LoadHousehold), HOUSE))
        self.does(ev.PayeeChosen(payee), ev.CardLaid())

    def is_recognised(self) -> None:
        """The card answers, the agent nods."""
        self.does(ev.CardRead(self.number(ef.ReadCard), FACE), ev.Confirm())

    def is_offered(self, offer: v.Offer | None = None) -> None:
        """The rules say yes."""
        self.does(ev.OfferMade(self.number(ef.MakeOffer), offer or gallery.offer()))

    def is_authorised(self) -> None:
        """The recipient says the sum is right, the chip signs."""
        self.does(ev.Confirm())
        self.does(ev.Authorised(self.number(ef.Authorise), PAYOUT))

    def signs(self) -> None:
        """All received, signed, saved."""
        self.does(ev.Confirm(), ev.StrokeDrawn(gallery.SIGNATURE[0]), ev.Confirm())
        self.does(ev.Completed(self.number(ef.Complete), gallery.ROWS, 500_000, "482913"))

    def closes(self, report: v.CashReport = REPORT) -> None:
        """From the route to the compared count."""
        self.does(ev.OpenMenu(), ev.AskClose(), ev.Digit(2), ev.Confirm())
        self.does(ev.CountCompared(self.number(ef.CompareCount), report))
