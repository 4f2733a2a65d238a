"""Fifty thousand random touches, cards, printer troubles and power cuts over the virtual devices: no crash, and the
journal that comes of it keeps every money rule by the books of ``tests.simulation.truth``, which share no code with us.

Below the fingers all is real: desk, store, vault, PC/SC, APDUs, ESC/POS. The monkey knows its PIN, and half of the time
it touches what leads on; otherwise it touches anything, or anywhere. ``MONKEY_TOUCHES=2500 MONKEY_SEED=7`` is one piece
of a long run: twenty pieces of other seeds make one.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from kivy.app import App

from hardware.virtual.card.faults import FAULTS
from hardware.virtual.card.personas import PERSONAS
from kiosk.demo.player import Stuck
from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.payout import journal as j
from kiosk.payout.cash import DENOMINATIONS
from kiosk.payout.names import EntitlementId, Epoch, Kind, LeaseId, Method, Period, UnixSeconds
from kiosk.payout.paylist import PayList
from kiosk.screens.page import Role
from kiosk.store.store import Store
from kiosk.vault.unlocked import Unlocked
from tests.desk.area import NOW, OPERATOR, PIN, pay_list
from tests.journeys.conftest import Road
from tests.simulation.truth import Boot, Grant, Journal, Right, Truth

TOUCHES = int(os.environ.get("MONKEY_TOUCHES", "50000"))
SEED = int(os.environ.get("MONKEY_SEED", "2026"))
NEW_LIST_EVERY, MONTHS = 500, 60
KIT = "KIT7"
SEEN_WITHIN = 50
"""Looks of 20 ms that a card may take to be seen by the service and the kiosk."""
PATIENCE = 500
"""Looks of 10 ms at a screen that works."""
ASIDE = sc.TypeNumber | sc.TypeWords | sc.TypeName | sc.Pick | sc.AtHouse | sc.HelpScreen | sc.NewPin | sc.RefusedScreen
"""Ways aside that a random hand would hardly ever find back from."""
ONWARD = (
    ev.Begin, ev.OperatorChosen, ev.Confirm, ev.SourceChosen, ev.HouseholdChosen, ev.PayeeChosen, ev.OutcomeChosen,
    ev.WitnessChosen, ev.VarianceChosen,
)  # fmt: skip
FULL_BAG = (90,) * len(DENOMINATIONS)
"""Without cash nobody is paid, and random digits are none."""
PRINTER: tuple[Callable[[Road], None], ...] = (
    lambda road: setattr(road.printer.machine.faults, "cover_open", True),
    lambda road: setattr(road.printer.machine.faults, "silent", True),
    lambda road: setattr(road.printer.machine.roll, "left", 500),
)


def mended(road: Road) -> None:
    """The agent closes the cover and puts a new roll in."""
    faults = road.printer.machine.faults
    faults.cover_open = faults.silent = False
    road.printer.machine.roll.left = 30_000


def longer_list(version: int) -> PayList:
    """Another month for everybody with every version, so that there is always somebody to pay."""
    listed = pay_list(version)
    owed, leases = list(listed.entitlements), list(listed.leases)
    for month in range(min(version - 1, MONTHS)):
        for entitlement, lease in zip(listed.entitlements, listed.leases, strict=True):
            if entitlement.period.month != 11:
                continue
            name = EntitlementId(f"{entitlement.recipient}-m{month}")
            period = Period(2020 + month // 12, month % 12 + 1)
            owed.append(replace(entitlement, id=name, period=period, kind=Kind.MONTHLY))
            nonce = f"{len(leases):032x}"
            leases.append(replace(lease, id=LeaseId(f"l-{name}"), entitlement=name, nonce=nonce))
    return replace(listed, entitlements=tuple(owed), leases=tuple(leases))


class Monkey:
    """Plays with one road."""

    def __init__(self, road: Road, seed: int) -> None:
        self.road, self.random = road, random.Random(seed)
        self.seen: Counter[str] = Counter()
        self.version = 1

    def plays(self, turn: int) -> None:
        """One touch, or something that happens around the kiosk."""
        chance, before = self.random.random(), self.screen
        self.seen[type(self.screen).__name__] += 1
        if turn % NEW_LIST_EVERY == 0:
            self._new_list()
        elif chance < 0.03:
            self.random.choice((*PRINTER, mended, mended, mended))(self.road)
        elif chance < 0.032:
            self.road.cut_power()
        elif (isinstance(self.screen, sc.LayCard | sc.TakeCard) and chance < 0.6) or chance < 0.04:
            self._card()
        else:
            self._touches()
        if isinstance(self.screen, sc.Waiting | sc.Reading):
            self._waits()
        elif self.screen is not before:
            self.road.skip(0.5)
        if App.get_running_app() is None:
            self.road.cut_power()  # it was switched off, and is switched on again

    def _waits(self) -> None:
        """Desk and reader work in real time; now and then it has no patience and goes on touching."""
        for _ in range(PATIENCE if self.random.random() < 0.9 else 1):
            self.road.player.rest(0.01)
            if not isinstance(self.screen, sc.Waiting | sc.Reading):
                return

    @property
    def screen(self) -> sc.Screen:
        """What stands there."""
        return self.road.kiosk.screen

    def _new_list(self) -> None:
        self.version += 1
        self.road.office.district.send_bundle(self.road.office.settings, self.version, longer_list(self.version))

    def _card(self) -> None:
        before = self.screen.frame.card_present
        if before:
            self.road.field.take()
        else:
            self._lays()
        for _ in range(SEEN_WITHIN):
            if self.screen.frame.card_present is not before:
                return
            self.road.player.rest(0.02)

    def _lays(self) -> None:
        key = self.random.choice(list(PERSONAS))
        payee = self.screen.visit.payee if isinstance(self.screen, sc.LayCard) else None
        if payee is not None and self.random.random() < 0.8:
            key = str(payee.person.id)
        fault = f":{self.random.choice(list(FAULTS))}" if self.random.random() < 0.1 else ""
        self.road.player.lay(key + fault)

    def _touches(self) -> None:
        hands, page = self.road.player._hands, self.road.kiosk.host.renderer.show(self.screen)
        back = [each.test_id for each in page.targets if isinstance(each.event, ev.Back | ev.Confirm)]
        onward = [each.test_id for each in page.targets if isinstance(each.event, ONWARD)]
        if isinstance(self.screen, sc.EnterPin):
            hands.touch(self._next_of(PIN, self.screen.typed))
        elif isinstance(self.screen, sc.SetDate):
            hands.touch(self._next_of(f"{self.screen.frame.today:%d%m%Y}", self.screen.typed))
        elif isinstance(self.screen, sc.CountFloat) and sum(self.screen.count.notes.counts) == 0:
            with suppress(Stuck):  # the idle lock, or a power cut, may come between
                self.road.player.count(FULL_BAG)
        elif page.pad is not None and self.random.random() < 0.5:
            hands.draw("sign-pad", (((100, 100), (self.random.randint(0, 1000), 500)),))
        elif isinstance(self.screen, ASIDE) and back and self.random.random() < 0.4:
            hands.touch(self.random.choice(back))
        elif onward and self.random.random() < 0.6:
            hands.touch(self.random.choice(onward))
        elif page.targets and self.random.random() < 0.7:
            seldom = [each for each in page.targets if each.role is not Role.EDGE or self.random.random() < 0.05]
            hands.touch(self.random.choice(seldom or page.targets).test_id)
        else:
            hands.press(self.random.uniform(0, 1023), self.random.uniform(0, 599))

    @staticmethod
    def _next_of(wanted: str, typed: str) -> str:
        if wanted == typed:
            return "done"
        return f"digit-{wanted[len(typed)]}" if wanted.startswith(typed) else "erase"


def judged(road: Road, monkey: Monkey) -> Truth:
    """The whole journal, read by books that know nothing of ours."""
    unlocked = road.office.vault.unlock(OPERATOR, PIN)
    assert isinstance(unlocked, Unlocked)
    with Store.open(road.office.settings.store, bytes(unlocked.store_key)) as store:
        entries = store.entries(Epoch(1))
    truth = Truth(may_say_not_shown=True)  # fingers say anything
    listed = longer_list(monkey.version)
    for each in listed.entitlements:
        truth.rights[each.id] = Right(
            each.id,
            each.recipient,
            each.programme,
            str(each.period),
            each.kind,
            each.amount,
            each.method is Method.CASH,
        )  # fmt: skip
    for lease in listed.leases:
        truth.grants[lease.id] = Grant(lease.id, lease.entitlement, KIT, lease.amount, lease.expires_at)
    truth.journals[KIT] = Journal(leases=set(truth.grants))
    truth.boots[KIT] = Boot(clock_proves=False, stated=True)
    for entry in entries:
        truth.entry(KIT, j.encode(entry))
    return truth


def test_a_monkey_breaks_nothing(road: Road) -> None:
    monkey = Monkey(road, seed=SEED)
    for turn in range(1, TOUCHES + 1):
        monkey.plays(turn)
    road.kiosk.close()
    truth = judged(road, monkey)
    print(dict(truth.reached), dict(monkey.seen))
    assert truth.wrong == []
    assert truth.reached["completed"] >= TOUCHES // 2_500, "a monkey that never paid proves nothing"
    assert len(monkey.seen) >= 20


def test_the_list_grows_without_paying_a_month_twice() -> None:
    grown = longer_list(MONTHS + 1)
    assert len({each.id for each in grown.entitlements}) == len(grown.entitlements) == len(grown.leases)
    assert UnixSeconds(NOW) < min(lease.expires_at for lease in grown.leases)
