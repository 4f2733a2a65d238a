"""What happens to a kit that is switched off: copied, put back, its clock spoiled, its courier at work."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable

from agent_sync.errors import SyncError
from kiosk.store import Store
from tests.simulation import office as offices
from tests.simulation.agent import Agent
from tests.simulation.kit import STORE_KEY, PowerCut
from tests.simulation.office_days import OfficeDays
from tests.simulation.scene import DAY, HOUR
from tests.simulation.truth import Boot, Journal


class KitNights(OfficeDays):
    """Acts on kits that are off, and switching them on."""

    def _off_act(self, name: str, agent: Agent) -> None:
        roll = self.rng.random()
        if roll < 0.3 and self._worth_copying(name):
            self._copy_card(name, agent)
        elif roll < 0.7 and self._ripe(name):
            self._put_back(name, agent)
        elif roll < 0.35:
            self._spoil_clock(name, agent)
        elif roll < 0.43:
            self._courier(name, agent)
        else:
            self._boot(name, agent)

    def _payable(self, image: Journal) -> set[str]:
        """Entitlements that a kit in this state would still pay."""
        held = (self.truth.grants[each] for each in image.leases - image.gone)
        owed = {each.entitlement for each in held if each.expires > self.now + HOUR}
        return {each for each in owed if self.truth.rights[each].cash} - image.paid.keys()

    def _worth_copying(self, name: str) -> bool:
        """A thief copies a card that can still pay; now and then somebody copies any."""
        return name not in self.images and (
            len(self._payable(self.truth.journals[name])) > 5 or self.rng.random() < 0.1
        )

    def _paid_since(self, name: str) -> bool:
        """The copied card could pay again what was paid or given over since: that is what a thief waits for."""
        if name not in self.images or self.seed % 3 == 2:
            return False
        journal, again = self.truth.journals[name], self._payable(self.images[name][1])
        given = {self.truth.grants[each].entitlement for each in journal.gone}
        return len(again & journal.paid.keys()) > 2 or bool(again & given - journal.paid.keys())

    def _reported(self, name: str) -> bool:
        """And the district has heard of it: then a second claim shows there."""
        known = self.office.reach().get((name, int(offices.EPOCH)), 0)
        return known > len(self.images[name][1].hashes)

    def _ripe(self, name: str) -> bool:
        if self._paid_since(name):
            return self._reported(name)
        return name in self.images and self.seed % 3 < 2 and self.rng.random() < 0.02

    def _copy_card(self, name: str, agent: Agent) -> None:
        folder = self.folder / f"image-{name}"
        agent.kit.image(folder)
        self._catch_up(name, agent)
        self.images[name] = (
            folder, self.truth.image(name), Counter(agent.hands.drawer), set(self.truth.journals[name].gone)
        )  # fmt: skip
        self.tell(name, "somebody copies its card")

    def _catch_up(self, name: str, agent: Agent) -> None:
        """Read a switched-off kit's journal without switching it on, which would write."""
        with Store.open(agent.kit.path, STORE_KEY) as store:
            self._read(name, store.entries(offices.EPOCH, len(self.truth.journals[name].hashes)))

    def _put_back(self, name: str, agent: Agent) -> None:
        self._catch_up(name, agent)
        folder, image, _, gone = self.images.pop(name)
        lost = self.truth.journals[name].gone - gone
        given = {lease for lease, (giver, _) in self.truth.given.items() if giver == name}
        self.faults["rollback_before_release" if lost & given else "rollback_other"] += 1
        self.faults["rollback_after_release"] += bool(gone & given)
        agent.kit.put_back(folder)
        self.truth.roll_back(name, image)
        self.hides[name] = self.rng.choice((0, 10, 20))
        self.lines[name].up = self.lines[name].up and not self.hides[name]
        shutil.rmtree(folder)
        self.tell(name, "an old card is put back")

    def _spoil_clock(self, name: str, agent: Agent) -> None:
        clock = agent.kit.clock
        clock.offset, clock.frozen_at, clock.proves = 0, None, True
        match self.rng.choice(("right", "right", "frozen", "back", "ahead")):
            case "frozen":
                clock.frozen_at, clock.proves = self.now - self.rng.randrange(20) * DAY, False
                self.faults["frozen_clock"] += 1
            case "back":
                clock.offset = -self.rng.randrange(1, 40) * DAY
                self.faults["clock_set_back"] += 1
            case "ahead":
                clock.offset = self.rng.randrange(1, 9) * DAY
                self.faults["clock_ahead"] += 1
            case _:
                pass
        self.tell(name, f"its clock: {clock}")

    def _boot(self, name: str, agent: Agent) -> None:
        self.tell(name, "is switched on")
        try:
            agent.kit.boot(agent.name)
        except PowerCut:
            self._died(name, agent)
            return
        self._observe_boot(name, agent)

    def _observe_boot(self, name: str, agent: Agent) -> None:
        books, journal = agent.books, self.truth.journals[name]
        fresh = books.store.entries(offices.EPOCH, len(journal.hashes))
        before = [each for each in fresh if each.sequence < books.booted_at]
        self._read(name, before)
        self.truth.boots[name] = Boot(agent.kit.clock.proves)
        self._read(name, fresh[len(before) :])
        self._leases(name, agent)

    def _died(self, name: str, agent: Agent) -> None:
        agent.kit.off()
        self.tell(name, "the power is gone")

    def _courier(self, name: str, agent: Agent) -> None:
        """One round of the real courier; it runs whether or not somebody is signed in."""
        if self.rng.random() < 0.1:
            agent.kit.courier._delivered.clear()
        self._try(agent.kit.courier.upload)
        self._try(agent.kit.courier.download)

    def _try(self, errand: Callable[[], object]) -> None:
        try:
            errand()
        except SyncError:
            self.truth.reached["courier_stopped"] += 1
