"""One deterministic world from a seed: three kits, a district, bad lines, weak batteries, and a calendar.

Every step is one small act of somebody; after each the independent model reads what the journals say now.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from unittest import mock

from agent_sync.district.cases import CaseKind
from kiosk.payout.names import Mode
from tests.simulation import office as offices
from tests.simulation import warm
from tests.simulation.agent import Agent
from tests.simulation.kit_days import KitDays
from tests.simulation.scene import HOUR, KITS, MONTH_STARTS, MONTHS, START, STEPS, Outcome, keys_of


def make_templates(folder: Path) -> None:
    """One district of each mode with three kits, to be copied for every run."""
    for mode in Mode:
        offices.found(folder / mode.value, mode, {name: keys_of(name) for name in KITS})


@contextmanager
def seeded(rng: Random) -> Iterator[None]:
    """One source of chance for everything that asks the standard library; snapshots often enough to matter.

    A spoken code is stretched less than in the field: what it proves is the same, and worlds are many.
    """
    with (
        mock.patch("secrets.token_bytes", lambda n=32: rng.randbytes(n)),
        mock.patch("secrets.token_hex", lambda n=32: rng.randbytes(n).hex()),
        mock.patch("kiosk.store.store.SNAPSHOT_EVERY", 20),
        mock.patch("kiosk.exchange.release.MEMORY_KIB", 8),
        mock.patch("kiosk.exchange.release.ITERATIONS", 1),
        mock.patch("kiosk.store.engine.create_engine", warm.create_engine),
        mock.patch("agent_sync.district.database.create_engine", warm.create_engine),
    ):
        yield


def run(seed: int, templates: Path) -> Outcome:
    """One world from beginning to end."""
    with tempfile.TemporaryDirectory(prefix=f"tannha-sim-{seed}-", dir=templates) as folder:
        world = World(seed, Path(folder), templates)
        with seeded(Random(seed + 1)):
            world.build()
            try:
                world.live()
                world.settle()
            except Exception as crash:  # noqa: BLE001 - whatever it is, it is told with its story
                world.truth.say("crash", f"{type(crash).__name__}: {str(crash)[:300]}")
            finally:
                world.close()
    return world.outcome()


class World(KitDays):
    """One life of everything."""

    # -- time ----------------------------------------------------------------------------------

    def live(self) -> None:
        """So many acts, minutes or nights apart."""
        for _ in range(STEPS):
            self._pass_time()
            self.step()
            if self.truth.wrong:
                return

    def _pass_time(self) -> None:
        night = self.rng.random() < (0.3 if self._idle() == len(KITS) else 0.03 + 0.06 * self._idle())
        self.now += self.rng.randrange(10 * HOUR, 32 * HOUR) if night else self.rng.randrange(60, 15 * 60)
        while self.month + 1 < len(MONTHS) and self.now - START >= MONTH_STARTS[self.month + 1]:
            self.month += 1
            self._new_month()

    def step(self) -> None:
        """One act of one of them."""
        name = self.rng.choice(KITS)
        agent = self.agents[name]
        if self.rng.random() < 0.045 + 0.035 * self._idle():
            self._office_act()
        elif not agent.kit.on:
            self._off_act(name, agent)
        else:
            self._act(name, agent)
        self._check(name)

    def _check(self, name: str) -> None:
        """What can be seen from outside after every step."""
        agent, line = self.agents[name], self.lines[name]
        self.truth.wrong += [f"plan §7: {each}" for each in agent.believed_cards]
        agent.believed_cards.clear()
        self.truth.wrong += [f"M6: the district refused {each}" for each in line.genuine_refused]
        line.genuine_refused.clear()
        if agent.last != "exchanges with the district":
            return
        here = agent.kit.segments()
        for file, (epoch, _, last) in list(self.spooled[name].items()):
            if file not in here:
                known = self.covered[name, epoch] > last
                self.truth.need(known, "M5", f"{name}: {file} was deleted before a backup had it")
                del self.spooled[name][file]

    # -- the end -------------------------------------------------------------------------------

    def settle(self) -> None:
        """Good weather: everybody comes in, settles, sends; then both sides must agree."""
        if self.truth.wrong:
            return
        for name, agent in self.agents.items():
            line = self.lines[name]
            line.bad, line.up, agent.kit.power.armed, self.hides[name] = 0.0, True, False, 0
            agent.kit.clock.offset, agent.kit.clock.frozen_at, agent.kit.clock.proves = 0, None, True
            agent.kit.off()
            self._boot(name, agent)
            self._come_in(name, agent)
        self.now += 7 * HOUR
        for name, agent in self.agents.items():
            agent.kit.courier._delivered.clear()
            self._mail(name, agent)
            self._check(name)
        for name, agent in self.agents.items():
            assert agent.kit.mail is not None
            self._observe(name, agent)
            agent.kit.mail.post()
            self._try(agent.kit.courier.upload)
        self._agree()

    def _come_in(self, name: str, agent: Agent) -> None:
        standing = agent.books.standing
        while standing.uncertain is not None:
            agent.resolve()
            standing = agent.books.standing
        agent.finish_open()
        while agent.books.standing.session is not None:
            agent.close_session()
        self._observe(name, agent)

    def _agree(self) -> None:
        """District and journals tell the same story, and every conflict has a case."""
        for name, agent in self.agents.items():
            journal, books = self.truth.journals[name], agent.books
            self.truth.need(books.store.verify() == len(journal.hashes), "M3", f"{name}: journal and model differ")
            missing = set(journal.hashes) - self.office.hashes(name)
            self.truth.need(not missing, "M6", f"{name}: {len(missing)} entries never arrived")
        ours = {
            (each.kit, each.payout, each.hash): each.total for each in self.truth.claims.values() if not each.reversed
        }
        known = {(row["device"], row["id"], row["hash"]): row["total"] for row in self.office.completed()}
        doubted = self.truth.rolled_back
        for place in ours.keys() ^ known.keys():
            self.truth.need(place[0] in doubted, "M6", f"counted on one side only: {place}, ours {place in ours}")
        self._cases()

    def _cases(self) -> None:
        cases = self.office.cases()
        kinds = Counter(case["kind"] for case in cases)
        for kind, count in kinds.items():
            self.truth.reached[f"case_{kind}"] += count
        blamed = {case["device"] for case in cases if case["kind"] in (CaseKind.FORK, CaseKind.ROLLED_BACK)}
        self.truth.need(blamed <= self.truth.rolled_back, "M6", f"a fork where nobody was rolled back: {blamed}")
        twice: Counter[str] = Counter()
        for row in self.office.completed():
            claim = self.truth.claims.get((row["device"], row["hash"]))
            twice.update(claim.entitlements if claim else ())
        named = {case["entitlement"] for case in cases if case["kind"] == CaseKind.DOUBLE_CLAIM.value}
        for each, count in twice.items():
            self.truth.need(count < 2 or each in named, "M6", f"{each} was paid {count} times and no case is open")
        sessions = [case for case in cases if case["kind"] == CaseKind.DOUBLE_CLAIM.value and not case["session"]]
        self.truth.need(not sessions, "M6", "a conflict without a named session")
        report = self.office.verify()
        for problem in report.problems:
            self.truth.need(problem.startswith("entitlement") and bool(twice), "verify", problem)
