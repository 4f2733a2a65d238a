"""What an agent does with a kit that is on, and its mail."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.exchange import checkpoint as xc
from kiosk.exchange import spool
from kiosk.exchange.bundle import Addressee, read_public
from kiosk.exchange.errors import ExchangeError
from kiosk.payout.names import AreaId, DeviceId, RefusalKey
from tests.simulation import office as offices
from tests.simulation.agent import IDLE, Agent
from tests.simulation.kit import PowerCut
from tests.simulation.kit_nights import KitNights
from tests.simulation.scene import DAY, DOORS

Act = Callable[[str, Agent], None]
NEXT_DOOR = {
    f"refused: {each}" for each in (
        RefusalKey.CARD_ALTERED, RefusalKey.CARD_EXPIRED, RefusalKey.CARD_NOT_GENUINE, RefusalKey.NOT_A_PAYEE,
        RefusalKey.FACE_NOT_CONFIRMED, RefusalKey.ALREADY_PAID, RefusalKey.LEVEL_TOO_LOW, RefusalKey.SUM_CHANGED,
        RefusalKey.SIMULATED_IN_PRODUCTION,
    )
}  # fmt: skip
"""What concerns one recipient only: the agent goes on to the next."""


class KitDays(KitNights):
    """Acts with kits that are on."""

    def _act(self, name: str, agent: Agent) -> None:
        act = self._choose(name, agent)
        agent.last = act.__name__.strip("_")
        try:
            act(name, agent)
        except PowerCut:
            self.tell(name, agent.last)
            self._promised(name, agent)
            self._died(name, agent)
            return
        self._promised(name, agent)
        self.tell(name, agent.last)
        self._observe(name, agent)

    def _promised(self, name: str, agent: Agent) -> None:
        for payout, digest in agent.promises:
            self.truth.promise(name, payout, digest)
        agent.promises.clear()

    def _choose(self, name: str, agent: Agent) -> Act:
        """Power and mail may come at any time; then what the journal asks for first; then the day's work."""
        roll, pending = self.rng.random(), agent.books.standing.pending
        if roll < 0.012:
            return self._pull_the_plug
        if roll < (0.4 if self._ripe(name) else 0.03) and not pending:
            return self._switch_off
        hidden = self.hides[name] > 0
        self.hides[name] -= hidden
        unheard = name in self.truth.rolled_back and not hidden and not self.truth.journals[name].halted
        cut_off = agent.last in {"refused: suppressed", "refused: lease_expired"}
        told = agent.last == IDLE and name in self.news
        thief = self._paid_since(name) and not self._reported(name)
        if roll < (0.5 if cut_off or unheard or told or thief else 0.045):
            return self._mail
        if agent.last in {"refused: below_time_floor", "refused: time_not_proven"} and roll < 0.5:
            return self._repair_clock
        return self._unsettled(agent, roll) if pending else self._settled(agent, roll)

    def _unsettled(self, agent: Agent, roll: float) -> Act:
        """A payout under way comes before everything else (M2); a silly agent tries otherwise."""
        if roll > 0.9:
            return self._forbidden
        return self._finish if agent.books.standing.uncertain is None else self._resolve

    def _settled(self, agent: Agent, roll: float) -> Act:
        called = any(each.to == agent.kit.who.name and each not in self.heard for each in self.said)
        if self.said and self.rng.random() < (0.2 if called else 0.01):
            return self._take_over
        if not agent.books.hours.trusted().proven and roll < 0.6:
            return self._state_date
        if agent.books.standing.session is None:
            return self._open if roll < 0.9 else self._release
        return self._session_act(roll)

    def _session_act(self, roll: float) -> Act:
        for limit, act in (
            (0.13, self._close), (0.17, self._release), (0.18, self._reverse), (0.2, self._cash),
            (0.21, self._unpaid), (0.25, self._forbidden), (0.26, self._pocket), (0.27, self._state_date),
        ):  # fmt: skip
            if roll < limit:
                return act
        return self._visit

    def _visit(self, name: str, agent: Agent) -> None:
        """A walk along the hamlet: door after door, whoever is turned away, and each is looked at before the next."""
        agent.visit()
        for _ in range(self.rng.randrange(DOORS)):
            if not agent.promises and agent.last not in NEXT_DOOR:
                return
            self._promised(name, agent)
            self.tell(name, agent.last)
            self._observe(name, agent)
            self.now += self.rng.randrange(60, 15 * 60)
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
        self.said += agent.give_over()

    def _take_over(self, name: str, agent: Agent) -> None:
        """Mostly what was said to this agent; sometimes what was meant for another, or was used long ago."""
        mine = [each for each in self.said if each.to == name and each not in self.heard]
        said = self.rng.choice(self.said if not mine or self.rng.random() < 0.2 else mine)
        if agent.take_over(said):
            self.heard.add(said)

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
        line = self.lines[name]
        if self.hides[name]:
            line.up = False
        elif self.rng.random() < (0.1 if line.up else 0.5) and agent.kit.power.armed:
            line.up = not line.up
        agent.last = "exchanges with the district"
        if not agent.books.standing.pending:
            agent.kit.mail.post()
        self._spool_seen(name, agent)
        self._courier(name, agent)
        if line.up:
            self.news.discard(name)
        self._take_in(name, agent)

    def _spool_seen(self, name: str, agent: Agent) -> None:
        self.spooled[name].update(agent.kit.segments())

    def _take_in(self, name: str, agent: Agent) -> None:
        assert agent.kit.mail is not None
        self._observe(name, agent)
        said, hours = self._said(name, agent)
        arrived = agent.kit.mail.take_in()
        self._leases(name, agent)
        for each in arrived.refused:
            self.truth.reached[f"mail_{each}"] += 1
        self.truth.journals[name].floor = max([self.truth.journals[name].floor, *hours])
        self._heard(name, said)
        if agent.books.halted is not None:
            self.truth.reached["halted_rolled_back"] += 1
            self.truth.need(name in self.truth.rolled_back, "plan §5", f"{name} stopped without a reason")

    def _said(self, name: str, agent: Agent) -> tuple[list[xc.Checkpoint], list[int]]:
        """Genuine checkpoints that lie in the inbox, and the hours that new bundles name: known once they are read."""
        inbox = spool.Inbox(agent.kit.spool / "in")
        to = Addressee(AreaId(offices.AREA), DeviceId(name), offices.EPOCH, b"")
        found, hours = [], []
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
                    hours.append(int(header.time))
        return found, hours

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
            started = max((place for place, is_start in enumerate(self.starts[name]) if is_start), default=0)
            if knows and each.next > started:
                boot.fresh = True
