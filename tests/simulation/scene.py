"""What there is in one world: people, kits with their agents and lines, the office, and the model that reads along."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from kiosk.payout import journal as j
from kiosk.payout.names import DeviceId, Mode, Period, UnixSeconds
from tests.simulation import office as offices
from tests.simulation.agent import IDLE, Agent, Said
from tests.simulation.kit import Identities, Kit, Power
from tests.simulation.network import Line
from tests.simulation.office import Office
from tests.simulation.people import Villager, village
from tests.simulation.truth import Boot, Journal, Truth

KITS = ("kit-1", "kit-2", "kiosk-1")
START = 1_793_494_800
"""2026-11-01 08:00 in Vietnam."""
HOUR, DAY = 3_600, 86_400
MONTHS = (Period(2026, 11), Period(2026, 12), Period(2027, 1), Period(2027, 2))
MONTH_STARTS = (0, 6 * DAY, 12 * DAY, 18 * DAY)
"""Months are short here: what matters is that lists follow one another and leases run out."""
PEOPLE = 105
STEPS = 178
"""Acts a run; half of them are walks along a hamlet."""
DOORS = 14
"""At most so many visits in one walk."""


@dataclass
class Outcome:
    """What one run came to."""

    seed: int
    payouts: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    story: list[str] = field(default_factory=list)


def keys_of(name: str) -> offices.KitKeys:
    """Fixed keys: the same kit in every run."""
    base = KITS.index(name) + 1
    return offices.KitKeys(bytes([base]) * 32, bytes([base + 64]) * 32)


class Scene:
    """Everything there is, and reading along."""

    def __init__(self, seed: int, folder: Path, templates: Path) -> None:
        self.seed, self.rng, self.folder, self.now = seed, Random(seed), folder, START
        self.mode = Mode.PRODUCTION if seed % 2 else Mode.PRACTICE
        shutil.copytree(templates / self.mode.value, folder / "district" / "life-1")
        self.office = Office(folder / "district", lambda: UnixSeconds(self.now))
        self.truth = Truth(production=self.mode is Mode.PRODUCTION)
        self.faults: Counter[str] = Counter()
        self.story: list[str] = []
        self.people: tuple[Villager, ...] = village(self.rng, PEOPLE)
        self.agents: dict[str, Agent] = {}
        self.lines: dict[str, Line] = {}
        self.images: dict[str, tuple[Path, Journal, Counter[int], set[str]]] = {}
        self.said: list[Said] = []
        self.heard: set[Said] = set()
        """Codes that agents told one another, and those that opened something."""
        self.backup: tuple[Path, dict[tuple[str, int], int]] | None = None
        self.covered: Counter[tuple[str, int]] = Counter()
        self.spooled: dict[str, dict[str, tuple[int, int, int]]] = {name: {} for name in KITS}
        self.life, self.month = 1, -1
        self.hides: Counter[str] = Counter()
        """For so many acts more a kit whose old card was put back is kept away from the network, to pay once more."""
        self.news: set[str] = set()
        """Kits whose agents were rung up: there is something new for them at the district."""
        self.starts: dict[str, list[bool]] = {name: [] for name in KITS}
        """For each entry that was read whether the kit came up there."""

    def build(self) -> None:
        """Kits with their agents and lines."""
        calm = self.seed % 7 == 0
        for name in KITS:
            line = Line(self.office, self.rng, self.faults, 0.0 if calm else 0.25)
            own = keys_of(name)
            district = self.office.home.keys
            who = Identities(
                offices.AREA,
                DeviceId(name),
                self.mode,
                own.sign,
                own.seal,
                district.signing_public,
                district.intake_public,
            )
            power = Power(self.rng, 0.0 if calm else 0.006)
            kit = Kit(self.folder / name, who, line, lambda: self.now, power)
            self.lines[name] = line
            self.agents[name] = Agent(kit, self.rng, self.truth.reached, practice=self.mode is Mode.PRACTICE)
            self.truth.journals[name] = Journal()
            self.truth.boots[name] = Boot(clock_proves=True)

    def close(self) -> None:
        """Everything off."""
        for agent in self.agents.values():
            agent.kit.off()
        self.office.close()

    def outcome(self) -> Outcome:
        """What it came to."""
        for agent in self.agents.values():
            self.faults.update(agent.kit.power.struck)
        violations = [f"seed {self.seed}: {each}" for each in self.truth.wrong]
        payouts = sum(not each.reversed for each in self.truth.claims.values())
        return Outcome(self.seed, payouts, self.faults, self.truth.reached, violations, self.story)

    def _idle(self) -> int:
        """How many have nobody left to pay: then days pass sooner and the office looks into it."""
        return sum(agent.last == IDLE for agent in self.agents.values())

    def tell(self, who: str, what: str) -> None:
        """A line of the story."""
        day, second = divmod(self.now - START, DAY)
        self.story.append(f"day {day:2d} {second // HOUR:02d}:{second % HOUR // 60:02d} {who}: {what}")

    # -- reading along -------------------------------------------------------------------------

    def _observe(self, name: str, agent: Agent) -> None:
        if agent.kit.on:
            known = len(self.truth.journals[name].hashes)
            if agent.books.standing.next_sequence > known:
                self._read(name, agent.books.store.entries(offices.EPOCH, known))

    def _read(self, name: str, entries: tuple[j.Entry, ...] | list[j.Entry]) -> None:
        marks = self.starts[name]
        for each in entries:
            del marks[int(each.sequence) :]
            marks.append(isinstance(each.fact, j.DeviceStarted))
            self.truth.entry(name, j.encode(each))

    def _leases(self, name: str, agent: Agent) -> None:
        self.truth.journals[name].leases = {str(each.id) for each in agent.books.pay_list.leases}
