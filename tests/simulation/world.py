"""One deterministic world from a seed: three kits, a district, bad lines, weak batteries, and a calendar.

Every step is one small act of somebody; after each the independent model reads what the journals say now.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from unittest import mock

from agent_sync.district import ids
from agent_sync.district.cases import CaseKind
from agent_sync.district.states import LeaseState
from agent_sync.errors import SyncError
from kiosk.exchange import checkpoint as xc
from kiosk.exchange import spool
from kiosk.exchange.bundle import Addressee, read_public
from kiosk.exchange.errors import ExchangeError
from kiosk.payout import journal as j
from kiosk.payout.names import AreaId, CitizenNumber, DeviceId, Kind, Mode, Period
from tests.simulation import office as offices
from tests.simulation.agent import IDLE, Agent
from tests.simulation.kit import Identities, Kit, Power, PowerCut
from tests.simulation.network import Line
from tests.simulation.office import Office
from tests.simulation.people import HAMLETS, Villager, month_lines, village
from tests.simulation.truth import Boot, Grant, Journal, Right, Truth

KITS = ("kit-1", "kit-2", "kiosk-1")
START = 1_793_494_800
"""2026-11-01 08:00 in Vietnam."""
HOUR, DAY = 3_600, 86_400
MONTHS = (Period(2026, 11), Period(2026, 12), Period(2027, 1))
MONTH_STARTS = (0, 8 * DAY, 16 * DAY)
"""Months are short here: what matters is that lists follow one another and leases run out."""
PEOPLE = 72
STEPS = 520
"""Acts a run; a third of them are visits."""


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


def make_templates(folder: Path) -> None:
    """One district of each mode with three kits, to be copied for every run."""
    for mode in Mode:
        offices.found(folder / mode.value, mode, {name: keys_of(name) for name in KITS})


@contextmanager
def seeded(rng: Random, now: Callable[[], int]) -> Iterator[None]:
    """One source of chance and one clock for everything that asks the standard library or the district's clock."""
    with (
        mock.patch("secrets.token_bytes", lambda n=32: rng.randbytes(n)),
        mock.patch("secrets.token_hex", lambda n=32: rng.randbytes(n).hex()),
        mock.patch.object(ids, "now", now),
    ):
        yield


def run(seed: int, templates: Path) -> Outcome:
    """One world from beginning to end."""
    with tempfile.TemporaryDirectory(prefix=f"tannha-sim-{seed}-", dir=templates) as folder:
        world = World(seed, Path(folder), templates)
        with seeded(Random(seed + 1), lambda: world.now):
            world.build()
            try:
                world.live()
                world.settle()
            finally:
                world.close()
    return world.outcome()


class World:
    """Everything there is."""

    def __init__(self, seed: int, folder: Path, templates: Path) -> None:
        self.seed, self.rng, self.folder, self.now = seed, Random(seed), folder, START
        self.mode = Mode.PRODUCTION if seed % 2 else Mode.PRACTICE
        shutil.copytree(templates / self.mode.value, folder / "district" / "life-1")
        self.office = Office(folder / "district")
        self.truth = Truth(production=self.mode is Mode.PRODUCTION)
        self.faults: Counter[str] = Counter()
        self.story: list[str] = []
        self.people: tuple[Villager, ...] = village(self.rng, PEOPLE)
        self.agents: dict[str, Agent] = {}
        self.lines: dict[str, Line] = {}
        self.images: dict[str, tuple[Path, Journal, Counter[int], set[str]]] = {}
        self.released: dict[str, str] = {}
        self.backup: tuple[Path, dict[tuple[str, int], int]] | None = None
        self.covered: Counter[tuple[str, int]] = Counter()
        self.spooled: dict[str, dict[str, tuple[int, int, int]]] = {name: {} for name in KITS}
        self.life, self.month = 1, -1

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

    def tell(self, who: str, what: str) -> None:
        """A line of the story."""
        day, second = divmod(self.now - START, DAY)
        self.story.append(f"day {day:2d} {second // HOUR:02d}:{second % HOUR // 60:02d} {who}: {what}")

    # -- time ----------------------------------------------------------------------------------

    def live(self) -> None:
        """So many acts, minutes or nights apart."""
        for _ in range(STEPS):
            self._pass_time()
            self.step()
            if self.truth.wrong:
                return

    def _pass_time(self) -> None:
        idle = all(agent.last == IDLE for agent in self.agents.values())
        night = self.rng.random() < (0.4 if idle else 0.03)
        self.now += self.rng.randrange(10 * HOUR, 32 * HOUR) if night else self.rng.randrange(60, 15 * 60)
        while self.month + 1 < len(MONTHS) and self.now - START >= MONTH_STARTS[self.month + 1]:
            self.month += 1
            self._new_month()

    def step(self) -> None:
        """One act of one of them."""
        name = self.rng.choice(KITS)
        agent = self.agents[name]
        if self.rng.random() < 0.06:
            self._office_act()
        elif not agent.kit.on:
            self._off_act(name, agent)
        else:
            self._act(name, agent)
        self._check(name)

    # -- the office ----------------------------------------------------------------------------

    def _new_month(self) -> None:
        """The commune's list comes, with arrears for people who were not known to be paid."""
        period, asked = MONTHS[self.month], {}
        if self.month:
            earlier = MONTHS[self.month - 1]
            asked = {each.number: earlier for each in self.people if self.rng.random() < 0.2}
            self.faults["arrears_row"] += len(asked)
        held = self.office.import_lines(month_lines(self.people, period, asked), f"list-{period}")
        self.truth.reached["arrears_held"] += sum(each.line.kind is Kind.ARREARS for each in held)
        self.tell("office", f"loads {period}, {len(asked)} rows of arrears, {len(held)} held")
        self._learn_rights()
        self._grant()

    def _learn_rights(self) -> None:
        for row in self.office.entitlements():
            right = Right(
                row["id"], row["recipient"], row["programme"], row["period"], row["kind"], row["amount"],
                row["method"] == "cash",
            )  # fmt: skip
            self.truth.rights[right.entitlement] = right

    def _grant(self) -> None:
        """Each hamlet to its kit, sometimes to another one; whatever has a lease keeps it."""
        end = START + (MONTH_STARTS[self.month] + 7 * DAY)
        end = max(end, self.now + 2 * DAY)
        silent = {row["device"] for row in self.office.leases(LeaseState.LIVE)} & self.truth.rolled_back
        for hamlet, own in zip(HAMLETS, KITS, strict=True):
            name = self.rng.choice(KITS) if self.rng.random() < 0.2 else own
            if name in self.truth.rolled_back:
                continue
            try:
                self.office.grant(name, MONTHS[self.month], (hamlet,), end)
            except offices.leases.NotPermitted:
                self.truth.reached["grant_waits_after_restore"] += 1
        self._learn_grants()
        if silent:
            self.truth.reached["lease_of_a_doubted_kit_stays_locked"] += 1

    def _learn_grants(self) -> None:
        for row in self.office.leases():
            grant = Grant(row["id"], row["entitlement"], row["device"], row["amount"], row["expires_at"])
            self.truth.grants.setdefault(grant.lease, grant)

    def _office_act(self) -> None:
        match self.rng.choice(("grant", "roll_over", "roll_over", "backup", "restore")):
            case "grant":
                self.tell("office", "grants whatever is open")
                self._grant()
            case "roll_over":
                self._roll_over()
            case "backup":
                self._backup()
            case _:
                if self.life < 3 and self.backup is not None and self.rng.random() < 0.08:
                    self._restore()

    def _roll_over(self) -> None:
        trusted = [name for name in KITS if name not in self.truth.rolled_back]
        taken = self.office.roll_over(trusted)
        self.truth.reached["rolled_over"] += len(taken)
        if taken:
            self.tell("office", f"takes {len(taken)} expired leases back and grants them anew")
            self._grant()

    def _backup(self) -> None:
        path = self.folder / f"backup-{self.life}-{len(self.story)}.tar"
        reach = self.office.backup(path)
        self.backup = (path, reach)
        for place, below in reach.items():
            self.covered[place] = max(self.covered[place], below)
        self.faults["backup"] += 1
        self.tell("office", "makes a backup")

    def _restore(self) -> None:
        assert self.backup is not None
        self.life += 1
        self.office.restore(self.backup[0], self.life)
        self.faults["district_restored"] += 1
        self.tell("office", f"burns down and comes back from the backup, life {self.life}")

    # -- a kit that is off ---------------------------------------------------------------------

    def _off_act(self, name: str, agent: Agent) -> None:
        roll = self.rng.random()
        if roll < 0.10 and name not in self.images:
            self._copy_card(name, agent)
        elif roll < 0.20 and name in self.images and self.seed % 3 == 0:
            self._put_back(name, agent)
        elif roll < 0.28:
            self._spoil_clock(name, agent)
        elif roll < 0.36:
            self._courier(name, agent)
        else:
            self._boot(name, agent)

    def _copy_card(self, name: str, agent: Agent) -> None:
        folder = self.folder / f"image-{name}"
        agent.kit.image(folder)
        self._catch_up(name, agent)
        self.images[name] = (
            folder, self.truth.image(name), Counter(agent.hands.drawer), set(self.truth.journals[name].gone)
        )  # fmt: skip
        self.tell(name, "somebody copies its card")

    def _catch_up(self, name: str, agent: Agent) -> None:
        """Read a switched-off kit's journal: boot and off again without writing would change it, so open the store."""
        from tests.simulation.kit import STORE_KEY
        from kiosk.store import Store

        with Store.open(agent.kit.path, STORE_KEY) as store:
            self._read(name, store.entries(offices.EPOCH, len(self.truth.journals[name].hashes)))

    def _put_back(self, name: str, agent: Agent) -> None:
        self._catch_up(name, agent)
        folder, image, _, gone = self.images.pop(name)
        lost = self.truth.journals[name].gone - gone
        freed = {each for each in lost if each in self.released}
        self.faults["rollback_before_release" if freed else "rollback_other"] += 1
        if any(each in gone for each in self.released if self.released[each] == name):
            self.faults["rollback_after_release"] += 1
        agent.kit.put_back(folder)
        self.truth.roll_back(name, image)
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

    # -- a kit that is on ----------------------------------------------------------------------

    def _act(self, name: str, agent: Agent) -> None:
        act = self._choose(name, agent)
        agent.last = act.__name__.strip("_")
        try:
            act(name, agent)
        except PowerCut:
            self.tell(name, agent.last)
            self._died(name, agent)
            return
        self.tell(name, agent.last)
        self._observe(name, agent)

    def _choose(self, name: str, agent: Agent) -> Callable[[str, Agent], None]:
        standing, roll = agent.books.standing, self.rng.random()
        if roll < 0.012:
            return self._pull_the_plug
        if roll < 0.03 and not standing.pending:
            return self._switch_off
        cut_off = agent.last in {"refused: suppressed", "refused: lease_expired", IDLE}
        if roll < (0.4 if cut_off else 0.08):
            return self._mail
        if agent.last in {"refused: below_time_floor", "refused: time_not_proven"} and roll < 0.5:
            return self._repair_clock
        if standing.uncertain is not None:
            return self._resolve if roll < 0.9 else self._forbidden
        if standing.open_payout is not None:
            return self._finish if roll < 0.9 else self._forbidden
        if not agent.books.hours.trusted().proven and roll < 0.6:
            return self._state_date
        if standing.session is None:
            return self._open if roll < 0.9 else self._release
        return self._session_act(roll)

    def _session_act(self, roll: float) -> Callable[[str, Agent], None]:
        for limit, act in (
            (0.13, self._close), (0.145, self._release), (0.16, self._reverse), (0.19, self._cash), (0.21, self._unpaid),
            (0.25, self._forbidden), (0.26, self._pocket), (0.27, self._state_date),
        ):  # fmt: skip
            if roll < limit:
                return act
        return self._visit

    def _visit(self, name: str, agent: Agent) -> None:
        agent.visit()

    def _open(self, name: str, agent: Agent) -> None:
        agent.open_session()

    def _close(self, name: str, agent: Agent) -> None:
        agent.close_session()

    def _resolve(self, name: str, agent: Agent) -> None:
        agent.resolve()

    def _finish(self, name: str, agent: Agent) -> None:
        agent.finish_open()

    def _reverse(self, name: str, agent: Agent) -> None:
        agent.reverse()

    def _cash(self, name: str, agent: Agent) -> None:
        agent.move_cash()

    def _unpaid(self, name: str, agent: Agent) -> None:
        agent.unpaid()

    def _pocket(self, name: str, agent: Agent) -> None:
        agent.pocket()

    def _forbidden(self, name: str, agent: Agent) -> None:
        agent.forbidden()

    def _release(self, name: str, agent: Agent) -> None:
        other = self.rng.choice([each for each in KITS if each != name])
        lease = agent.release(other)
        if lease is not None:
            self.released[lease] = name

    def _state_date(self, name: str, agent: Agent) -> None:
        """Mostly today's date; a silly agent is days off."""
        silly = self.rng.random() < 0.1
        off = self.rng.choice((-30, -3, 2)) * DAY if silly else 0
        self.truth.reached["silly_date"] += silly
        before = agent.books.standing.next_sequence
        agent.state_date(self.now + off)
        if agent.books.standing.next_sequence > before:
            self.truth.boots[name].stated = True

    def _repair_clock(self, name: str, agent: Agent) -> None:
        """Somebody notices: the chip is set right and the kit started anew."""
        clock = agent.kit.clock
        clock.offset, clock.frozen_at, clock.proves = 0, None, True
        agent.last = "has its clock put right"
        self._observe(name, agent)
        agent.kit.off()

    def _pull_the_plug(self, name: str, agent: Agent) -> None:
        agent.last = "the battery falls out"
        self.faults["power_off"] += 1
        self._observe(name, agent)
        agent.kit.off()

    def _switch_off(self, name: str, agent: Agent) -> None:
        agent.last = "is switched off"
        self._observe(name, agent)
        agent.kit.off()

    # -- mail ----------------------------------------------------------------------------------

    def _mail(self, name: str, agent: Agent) -> None:
        """Seal, send, fetch, take in."""
        assert agent.kit.mail is not None
        if self.rng.random() < 0.1 and agent.kit.power.armed:
            line = self.lines[name]
            line.up = not line.up
        agent.last = "exchanges with the district"
        if not agent.books.standing.pending:
            agent.kit.mail.post()
        self._spool_seen(name, agent)
        self._courier(name, agent)
        self._take_in(name, agent)

    def _spool_seen(self, name: str, agent: Agent) -> None:
        self.spooled[name].update(agent.kit.segments())

    def _courier(self, name: str, agent: Agent) -> None:
        """One round of the real courier; it runs whether or not somebody is signed in."""
        if self.rng.random() < 0.1:
            agent.kit.courier._delivered.clear()
        for act in (agent.kit.courier.upload, agent.kit.courier.download):
            try:
                act()
            except SyncError:
                self.truth.reached["courier_stopped"] += 1

    def _take_in(self, name: str, agent: Agent) -> None:
        assert agent.kit.mail is not None
        self._observe(name, agent)
        said = self._said(name, agent)
        arrived = agent.kit.mail.take_in()
        self._leases(name, agent)
        for each in arrived.refused:
            self.truth.reached[f"mail_{each}"] += 1
        self._heard(name, said)
        if agent.books.halted is not None:
            self.truth.reached["halted_rolled_back"] += 1
            self.truth.need(name in self.truth.rolled_back, "plan §5", f"{name} stopped without a reason")

    def _said(self, name: str, agent: Agent) -> list[xc.Checkpoint]:
        """Genuine checkpoints that lie in the inbox."""
        inbox = spool.Inbox(agent.kit.spool / "in")
        to = Addressee(AreaId(offices.AREA), DeviceId(name), offices.EPOCH, b"")
        found = []
        for file in inbox.files():
            if file.kind is spool.FileKind.CHECKPOINT:
                try:
                    found.append(xc.read_checkpoint(spool.read(file), agent.kit.who.district_sign, to))
                except ExchangeError:
                    self.truth.reached["checkpoint_refused"] += 1
            elif file.kind is spool.FileKind.BUNDLE and not agent.books.standing.pending:
                header, _ = read_public(spool.read(file), agent.kit.who.district_sign)
                held = agent.books.standing
                if (header.held.incarnation, header.held.version) > (held.incarnation, held.bundle_version):
                    journal = self.truth.journals[name]
                    journal.floor = max(journal.floor, header.time)
        return found

    def _heard(self, name: str, said: list[xc.Checkpoint]) -> None:
        """What a kit must know after it read a checkpoint of the district's present life (plan §5)."""
        journal, boot = self.truth.journals[name], self.truth.boots[name]
        for each in said:
            if each.incarnation != self.life:
                continue
            journal.floor = max(journal.floor, each.time)
            here = journal.hashes[: each.next]
            knows = len(here) == each.next and (not here or here[-1] == each.head)
            journal.halted = journal.halted or not knows
            started = max((place for place, is_start in enumerate(self.starts(name)) if is_start), default=0)
            if knows and each.next > started:
                boot.fresh = True

    def starts(self, name: str) -> list[bool]:
        """For each entry that was read whether the kit came up there."""
        return self._starts.setdefault(name, [])

    @property
    def _starts(self) -> dict[str, list[bool]]:
        return self.__dict__.setdefault("_start_marks", {})

    # -- reading along -------------------------------------------------------------------------

    def _observe(self, name: str, agent: Agent) -> None:
        if agent.kit.on:
            known = len(self.truth.journals[name].hashes)
            if agent.books.standing.next_sequence > known:
                self._read(name, agent.books.store.entries(offices.EPOCH, known))
                self.truth.kept_promises(name)

    def _read(self, name: str, entries: tuple[j.Entry, ...] | list[j.Entry]) -> None:
        marks = self.starts(name)
        for each in entries:
            del marks[int(each.sequence) :]
            marks.append(isinstance(each.fact, j.DeviceStarted))
            self.truth.entry(name, j.encode(each))

    def _leases(self, name: str, agent: Agent) -> None:
        self.truth.journals[name].leases = {str(each.id) for each in agent.books.pay_list.leases}

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
            line.bad, line.up, agent.kit.power.armed = 0.0, True, False
            agent.kit.clock.offset, agent.kit.clock.frozen_at, agent.kit.clock.proves = 0, None, True
            agent.kit.off()
            self._boot(name, agent)
            self._come_in(name, agent)
        for _ in range(2):
            self.now += 7 * HOUR
            for name, agent in self.agents.items():
                agent.kit.courier._delivered.clear()
                self._mail(name, agent)
                self._check(name)
        for name, agent in self.agents.items():
            assert agent.kit.mail is not None
            agent.kit.mail.post()
            self._courier(name, agent)
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


__all__ = ["CitizenNumber", "Outcome", "World", "make_templates", "run"]
