"""The story of the demo: one morning of a home-visit agent, from the PIN to the balanced float.

Four people are paid (one by her own hand after a forged card was shown in her name, one through his daughter, one
with two months and an ink print, one far from any network), one card and one second payment are refused.
"""

from __future__ import annotations

from kiosk.demo.player import Player, Stuck
from kiosk.demo.stage import PIN
from kiosk.flow import screens as sc
from kiosk.flow.stick import StickState
from kiosk.flow.values import RefusalKey, RouteRow
from kiosk.payout.cash import NO_NOTES

WITNESSED = "Phạm Thị Khế"
NEIGHBOUR = "DDINH VAWN CUR"
"""Đinh Văn Củ, as Telex keys: nobody witnesses the own ink print, and she lives alone."""


class Visit:
    """Plays the morning; each method is one thing that people do."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.drawer = NO_NOTES
        """What an honest agent has in the bag: the float less what was handed over."""

    def play(self, *, stick: bool = False) -> None:
        """The whole morning; with ``stick`` what was paid travels by USB before the line is back. Raises Stuck."""
        self.sign_in()
        self.take_cash()
        self.forged_card("Nguyễn Thị Sáu")
        self.pay("Nguyễn Thị Sáu", "ba-sau")
        self.player.say("first_paid")
        self.player.rest(1.5)
        self.pay("Trần Văn Tư", "con-lan", payee="Trần Thị Lan")
        self.second_payment("Nguyễn Thị Sáu", "ba-sau")
        self.pay(WITNESSED, "ba-khe", ink_print=True)
        self.pay("Lê Thị Hạnh", "me-hanh")
        if stick:
            self.by_stick()
        else:
            self.player.say("all_paid")
        self.sync()
        self.close()
        self.player.say("closed")
        self.all_acknowledged()
        self.player.say("end")

    # -- the morning --

    def sign_in(self) -> None:
        """From the idle screen to the first task of the day."""
        self.sign_in_only()
        first = self.player.until("the first task", lambda now: isinstance(now, sc.SetDate | sc.CountFloat))
        if isinstance(first, sc.SetDate):
            self._state_date(first)

    def sign_in_only(self) -> None:
        """Operator and PIN."""
        player = self.player
        player.see(sc.Idle)
        player.picture("idle")
        player.touch("begin")
        player.see(sc.ChooseOperator)
        player.picture("operator")
        player.touch("operator-tam")
        player.see(sc.EnterPin)
        self.type_pin()

    def type_pin(self) -> None:
        """The PIN and the tick."""
        self.player.type(PIN)
        self.player.picture("pin")
        self.player.touch("done")

    def _state_date(self, screen: sc.SetDate) -> None:
        """No clock chip here: the agent says what day it is."""
        self.player.type(f"{screen.frame.today:%d%m%Y}")
        self.player.picture("date")
        self.player.touch("done")

    def take_cash(self) -> None:
        """The float that the route needs, counted by denomination, from a named person."""
        player = self.player
        screen = player.see(sc.CountFloat)
        self.drawer = screen.shift.plan
        player.count(self.drawer.counts)
        player.picture("float")
        player.touch("counted")
        player.see(sc.ChooseSource)
        player.picture("source")
        player.touch("source-0")
        player.see(sc.Route)
        player.picture("route")

    # -- at a door --

    def pay(self, recipient: str, card: str, *, payee: str = "", ink_print: bool = False) -> None:
        """One visit from the door to the slip."""
        name = card
        self.to_card(recipient, payee or recipient, name)
        self.player.lay(card)
        self._look_at_face(name)
        self._hand_over(name)
        self._ink_print(name) if ink_print else self._signature(name)
        self._paper(name)
        self.player.say(f"paid:{name}")

    def to_door(self, recipient: str) -> sc.AtDoor:
        """From the route to a household's door."""
        row = self._row(recipient)
        self._turn_to(f"household-{row.household}")
        self.player.touch(f"household-{row.household}")
        return self.player.see(sc.AtDoor)

    def to_card(self, recipient: str, payee: str, name: str) -> None:
        """As far as \"lay the card\": who receives is chosen at the door."""
        player = self.player
        door = self.to_door(recipient)
        player.picture(f"{name}-door")
        chosen = next((each for each in door.visit.household.payees if each.person.full_name.startswith(payee)), None)
        if chosen is None:
            raise Stuck(f"{payee} may not receive here")
        player.touch(f"payee-{chosen.person.id}")
        player.see(sc.LayCard)
        player.picture(f"{name}-lay-card")

    def _row(self, recipient: str) -> RouteRow:
        route = self.player.see(sc.Route)
        found = [row for row in route.shift.rows if recipient in row.names]
        if not found:
            raise Stuck(f"{recipient} is not on the route")
        return found[0]

    def _turn_to(self, test_id: str) -> None:
        """Leaf through the route until the household is there."""
        for _ in range(12):
            if self.player.has(test_id):
                return
            self.player.touch("page-next")
        raise Stuck(f"{test_id} is on no page")

    def _look_at_face(self, name: str) -> None:
        player = self.player
        player.see(sc.ConfirmFace)
        player.picture(f"{name}-face")
        player.touch("them")
        player.see(sc.ShowOffer)
        player.picture(f"{name}-offer")

    def _hand_over(self, name: str) -> None:
        player = self.player
        player.touch("right-sum")
        notes = player.see(sc.HandOverCash).offer.hand_over
        self.drawer = self.drawer - notes.give + notes.back
        player.picture(f"{name}-hand-over")
        player.touch("got-all")
        player.see(sc.Sign)

    def _signature(self, name: str) -> None:
        self.player.sign()
        self.player.picture(f"{name}-sign")
        self.player.touch("signed")

    def _ink_print(self, name: str) -> None:
        player = self.player
        player.touch("cannot-sign")
        player.see(sc.CannotSignReason)
        player.picture(f"{name}-cannot-sign")
        player.touch("cannot-tremor")
        player.see(sc.ChooseWitness)
        player.picture(f"{name}-witness")
        player.touch("other")
        player.see(sc.TypeName)
        player.spell(NEIGHBOUR)
        player.picture(f"{name}-witness-name")
        player.touch("done")

    def _paper(self, name: str) -> None:
        player = self.player
        player.see(sc.Paid)
        player.until("the slip", lambda now: isinstance(now, sc.Paid) and now.awaited is None)
        player.picture(f"{name}-paid")
        if player.has("paper-yes"):
            player.touch("paper-yes")
            player.rest(0.5)
        player.touch("next")
        player.until("the card's turn", lambda now: isinstance(now, sc.TakeCard | sc.Route))
        if isinstance(player.screen, sc.TakeCard):
            player.picture(f"{name}-take-card")
        player.take()
        player.see(sc.Route)

    # -- what must not work --

    def forged_card(self, recipient: str) -> None:
        """A card that copies her particulars, from an issuer that nobody knows."""
        self.to_card(recipient, recipient, "forged")
        self.player.lay("forged")
        self._no("forged")

    def second_payment(self, recipient: str, card: str) -> None:
        """She was paid this morning; the same card again."""
        player = self.player
        self.to_card(recipient, recipient, "second")
        player.lay(card)
        player.see(sc.ConfirmFace)
        player.touch("them")
        self._no("second")

    def _no(self, name: str) -> None:
        player = self.player
        refused = player.see(sc.RefusedScreen)
        player.picture(f"{name}-refused")
        player.say(f"refused:{name}:{refused.key.value}")
        player.take()
        player.touch("for-agent")
        player.rest(0.5)
        player.picture(f"{name}-refused-agent")
        player.touch("go-on" if refused.key is RefusalKey.ALREADY_PAID else "again")
        player.see(sc.AtDoor)
        player.touch("back")
        player.see(sc.Route)

    # -- the end --

    def by_stick(self) -> None:
        """Still no network: the page that says when the stick may be taken out."""
        player = self.player
        player.touch("menu")
        player.see(sc.Menu)
        player.touch("sync")
        player.see(sc.SyncState)
        player.touch("stick")
        player.see(sc.UsbStick)
        player.picture("stick")
        player.say("all_paid")
        player.until("the stick", lambda now: now.frame.stick.brought > 0 and now.frame.stick.state is StickState.DONE)
        player.picture("stick-done")
        player.touch("done")
        player.see(sc.SyncState)
        player.touch("back")
        player.see(sc.Route)

    def sync(self) -> None:
        """The line is back: look how much waits."""
        player = self.player
        player.touch("menu")
        player.see(sc.Menu)
        player.picture("menu")
        player.touch("sync")
        player.see(sc.SyncState)
        self._answered()
        player.picture("sync")
        player.touch("back")
        player.rest(0.5)

    def _answered(self) -> None:
        """Ask again every few seconds, as an agent would, until nothing waits. Raises Stuck."""
        player = self.player
        for _ in range(30):
            if player.screen.frame.sync.waiting == 0:
                return
            player.touch("sync-now")
            player.rest(3.0)
        raise Stuck("the district did not answer")

    def close(self) -> None:
        """Count blind, compare, close."""
        player = self.player
        if isinstance(player.screen, sc.Route):
            player.touch("menu")
        player.see(sc.Menu)
        player.touch("close")
        player.see(sc.CountClose)
        player.count(self.drawer.counts)
        player.picture("count")
        player.touch("counted")
        compared = player.see(sc.CloseVariance)
        player.picture("balance")
        if compared.report.variance == 0:
            player.say("balanced")
        player.touch("close")
        player.see(sc.Closed)
        player.until("the report", lambda now: isinstance(now, sc.Closed) and now.awaited is None)
        player.picture("closed")

    def all_acknowledged(self) -> None:
        """Until the district's checkpoint covers the last entry."""
        self.player.until("the last checkpoint", lambda now: now.frame.sync.waiting == 0)
