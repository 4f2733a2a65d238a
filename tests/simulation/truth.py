"""What must always be true, written from the plan's §2 and not from the code.

It reads journals as plain JSON, keeps its own books of who was owed what, who held which right to
pay and what lay in each drawer, and says what is wrong. It imports nothing of the project.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Fact = dict[str, Any]
GENESIS = "0" * 64
TAG = b"tannha.entry.v1\0"
NOTES = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000)
TWO_DAYS = 48 * 3600


def worth(counts: list[int]) -> int:
    """Sum of counted notes in đồng."""
    return sum(note * count for note, count in zip(NOTES, counts, strict=True))


@dataclass(frozen=True)
class Right:
    """What one line of one list owes one person (M1)."""

    entitlement: str
    person: str
    programme: str
    period: str
    kind: str
    amount: int
    cash: bool

    @property
    def month(self) -> tuple[str, str, str]:
        """Person, programme and month: arrears of a month and the month itself are the same money."""
        return self.person, self.programme, self.period


@dataclass(frozen=True)
class Grant:
    """A lease as the district gave it: one kit, one sum, one end."""

    lease: str
    entitlement: str
    kit: str
    amount: int
    expires: int


@dataclass
class Session:
    """One operator's cash by this model's own arithmetic (M4)."""

    name: str
    operator: str
    opening: int
    added: int = 0
    returned: int = 0
    paid: int = 0
    reversed: int = 0

    @property
    def expected(self) -> int:
        """Opening + added − returned − paid + reversed."""
        return self.opening + self.added - self.returned - self.paid + self.reversed


@dataclass
class Payout:
    """One payout of one kit."""

    id: str
    hash: str
    session: str
    lines: list[Fact]
    total: int
    state: str = "open"


@dataclass
class Boot:
    """What a kit knows of the hour since it came up."""

    clock_proves: bool
    stated: bool = False
    fresh: bool = False


@dataclass
class Journal:
    """One kit as its journal tells it. Copied with an image, put back with it."""

    hashes: list[str] = field(default_factory=list)
    payouts: dict[str, Payout] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)
    paid: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """Leases that can never pay again here."""
    session: Session | None = None
    floor: int = 0
    leases: set[str] = field(default_factory=set)
    """Leases of the bundle in force."""
    taken: set[str] = field(default_factory=set)
    """Leases that another kit gave over."""
    halted: bool = False


@dataclass
class Claim:
    """A payout that was declared completed once, on whatever branch."""

    kit: str
    payout: str
    hash: str
    entitlements: tuple[str, ...]
    total: int
    reversed: bool = False


@dataclass
class Truth:
    """The whole world as it must be."""

    production: bool = False
    may_say_not_shown: bool = False
    """Whether its operators ever say that no cash had left the drawer: such a void needs no count (M2)."""
    rights: dict[str, Right] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    journals: dict[str, Journal] = field(default_factory=dict)
    given: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By lease who gave it over, and to whom."""
    boots: dict[str, Boot] = field(default_factory=dict)
    claims: dict[tuple[str, str], Claim] = field(default_factory=dict)
    """By kit and hash of the authorisation: a lost branch keeps its claims, the cash is gone."""
    confirmed: dict[str, dict[str, str]] = field(default_factory=dict)
    """By kit: payouts that a screen confirmed, with their authorisations' hashes."""
    rollbacks: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)

    def say(self, rule: str, what: str) -> None:
        """Something is not as the plan says."""
        self.wrong.append(f"{rule}: {what}")

    def need(self, holds: bool, rule: str, what: str) -> None:
        """Say so unless it holds."""
        if not holds:
            self.say(rule, what)

    @property
    def rolled_back(self) -> set[str]:
        """Kits that got an old image back at least once."""
        return set(self.rollbacks)

    # -- the journal ---------------------------------------------------------------------------

    def entry(self, kit: str, body: bytes) -> None:
        """The next entry of a kit's journal, as canonical bytes."""
        entry, journal = json.loads(body), self.journals[kit]
        before = journal.hashes[-1] if journal.hashes else GENESIS
        self.need(entry["sequence"] == len(journal.hashes), "M3", f"{kit}: a gap before {entry['sequence']}")
        self.need(entry["previous"] == before, "M3", f"{kit}: entry {entry['sequence']} does not follow")
        own = hashlib.sha256(TAG + body).hexdigest()
        journal.hashes.append(own)
        fact = entry["fact"]
        handler = getattr(self, "_" + fact["type"], None)
        if handler is not None:
            handler(kit, journal, fact, entry | {"hash": own})
        if entry["time_proven"]:
            journal.floor = max(journal.floor, entry["at"])

    def _device_started(self, kit: str, journal: Journal, fact: Fact, entry: Fact) -> None:
        for each in journal.pending:
            journal.payouts[each].state = "uncertain"
            self.reached["uncertain"] += 1
        for payout, digest in self.confirmed.get(kit, {}).items():
            found = journal.payouts.get(payout)
            kept = found is not None and found.hash == digest and found.state in {"completed", "reversed"}
            self.need(kept, "M2", f"{kit}: {payout} was confirmed on the screen and is lost")

    def _session_opened(self, kit: str, journal: Journal, fact: Fact, entry: Fact) -> None:
        self.need(journal.session is None, "M4", f"{kit}: a session over another")
        self.need(worth(fact["notes"]) == fact["opening"], "M4", f"{kit}: opening is not its notes")
        journal.session = Session(fact["session"], fact["operator"], fact["opening"])
        self.reached["session_opened"] += 1

    def _moved(self, kit: str, journal: Journal, fact: Fact) -> Session:
        session = journal.session or Session("", "", 0)
        self.need(journal.session is not None, "M4", f"{kit}: cash without a session")
        two = bool(fact["second"]) and fact["second"] != fact["operator"]
        self.need(two, "M4", f"{kit}: cash moved by one person alone")
        return session

    def _cash_added(self, kit: str, journal: Journal, fact: Fact, entry: Fact) -> None:
        self._moved(kit, journal, fact).added += fact["amount"]
        self.reached["cash_added"] += 1

    def _cash_returned(self, kit: str, journal: Journal, fact: Fact, entry: Fact) -> None:
        self._moved(kit, journal, fact).returned += fact["amount"]
        self.reached["cash_returned"] += 1

    def _payout_authorised(self, kit: str, journal: Journal, fact: Fact, entry: Fact) -> None:
        name, lines = fact["payout"], fact["lines"]
        self.need(not journal.pending, "M2", f"{kit}: {name} over a payout that is not settled")
        self.need(journal.session is not None, "M4", f"{kit}: {name} without a session")
        self.need(not journal.halted, "M5", f"{kit}: {name} although the district knows more than this kit")
        self.need(not (self.production and fact["simulated"]), "M8", f"{kit}: a simulated card pays")
        sums = all(isinstance(line["amount"], int) for line in lines)
        self.need(sums and fact["total"] == sum(line["amount"] for line in lines), "M7", f"{kit}: {name} adds up wrong")
        self._hour(kit, journal, entry)
        for line in lines:
            self._line(kit, journal, line, entry)
        people = {self.rights[line["entitlement"]].person for line in lines}
        self.need(people == {fact["recipient"]}, "M1", f"{kit}: {name} mixes people")
        journal.payouts[name] = Payout(name, entry["hash"], fact["session"], lines, fact["total"])
        journal.pending.append(name)
        self.reached["authorised"] += 1
        self.reached["several_months"] += len({line["period"] for line in lines}) > 1

    def _hour(self, kit: str, journal: Journal, entry: Fact) -> None:
        """No payout without proven time, none below the floor (plan §5)."""
        boot = self.boots[kit]
        self.need(entry["at"] >= journal.floor, "time", f"{kit}: pays below the floor")
        near = entry["at"] - journal.floor <= TWO_DAYS
        proven = boot.fresh or boot.stated or (boot.clock_proves and near)
        self.need(proven, "time", f"{kit}: pays without proven time")

    def _line(self, kit: str, journal: Journal, line: Fact, entry: Fact) -> None:
        """M1 and plan §6: a live lease of this kit, with this sum, for what is owed in cash."""
        right, grant = self.rights.get(line["entitlement"]), self.grants.get(line["lease"])
        if right is None or grant is None:
            self.say("M1", f"{kit}: pays {line['entitlement']} that nobody listed or granted")
            return
        what = f"{kit}: pays {right.entitlement}"
        self.need(right.cash, "M1", f"{what} that goes to a bank")
        mine = kit in {grant.kit, self.given.get(grant.lease, ("", ""))[1]}
        self.need(mine and grant.entitlement == right.entitlement, "M1", f"{what} under another's lease")
        held = line["lease"] in journal.leases | journal.taken
        self.need(held, "M1", f"{what} under a lease that its bundle does not hold")
        self.reached["paid_under_a_taken_lease"] += line["lease"] in journal.taken
        self.need(line["lease"] not in journal.gone, "M1", f"{what} under a lease that is gone")
        self.need(max(entry["at"], journal.floor) < grant.expires, "M1", f"{what} under an expired lease")
        self.need(right.entitlement not in journal.paid, "M1", f"{what} a second time")
        self.need(line["amount"] == grant.amount == right.amount, "M7", f"{what} with another sum")

    def _payout_completed(self, kit: str, journal: Journal, fact: Fact, entry: Fact) -> None:
        payout = self._settle(kit, journal, fact["payout"], "open", "completed")
        if payout is not None:
            given = worth(fact["given"]) - worth(fact["back"])
            self.need(given == payout.total, "M4", f"{kit}: {payout.id} handed over {given}")
            self._paid(kit, journal, payout)

    def _payout_voided(self, kit: str, journal: Journal, fact: Fact, entry: Fact) -> None:
        self._settle(kit, journal, fact["payout"], "open", "voided")
        counted = fact.get("counted") is not None
        self.need(counted or self.may_say_not_shown, "M2", f"{kit}: a void without a count")

    def _uncertain_resolved(self, kit: str, journal: Journal, fact: Fact, entry: Fact) -> None:
        paid = fact["outcome"] == "paid"
        payout = self._settle(kit, journal, fact["payout"], "uncertain", "completed" if paid else "voided")
        self.reached["resolved_paid" if paid else "resolved_not_paid"] += 1
        if paid and payout is not None:
            self._paid(kit, journal, payout)

    def _settle(self, kit: str, journal: Journal, name: str, before: str, after: str) -> Payout | None:
        payout = journal.payouts.get(name)
        if payout is None or payout.state != before:
            self.say("M2", f"{kit}: {name} is settled and was not {before}")
            return None
        payout.state = after
        journal.pending.remove(name)
        self.reached[after] += 1
        return payout

    def _paid(self, kit: str, journal: Journal, payout: Payout) -> None:
        if journal.session is not None:
            journal.session.paid += payout.total
        owed = tuple(line["entitlement"] for line in payout.lines)
        for line in payout.lines:
            journal.paid[line["entitlement"]] = payout.id
            journal.gone.add(line["lease"])
        self.claims[kit, payout.hash] = Claim(kit, payout.id, payout.hash, owed, payout.total)
        for each in owed:
            self._once(each)

    def _once(self, entitlement: str) -> None:
        """M1 over all devices: completed − reversed <= 1, and one more for each time that a holder was rolled back."""
        right = self.rights[entitlement]
        same = [each for each in self.rights.values() if each.month == right.month and each.kind != "difference"]
        names = {each.entitlement for each in same}
        held = [claim for claim in self.claims.values() if not claim.reversed and names & set(claim.entitlements)]
        if len(held) <= 1:
            return
        excused = sum(self.rollbacks[kit] for kit in {claim.kit for claim in held})
        self.need(len(held) <= 1 + excused, "M1", f"{entitlement} was paid {len(held)} times: {held}")
        self.reached["paid_twice_after_rollback"] += 1

    def _payout_reversed(self, kit: str, journal: Journal, fact: Fact, entry: Fact) -> None:
        payout = journal.payouts.get(fact["payout"])
        session = self._moved(kit, journal, fact)
        if payout is None or payout.state != "completed":
            self.say("M1", f"{kit}: {fact['payout']} is reversed and was not completed")
            return
        payout.state = "reversed"
        session.reversed += payout.total
        for line in payout.lines:
            journal.paid.pop(line["entitlement"], None)
        self.claims[kit, payout.hash].reversed = True
        self.reached["reversed"] += 1

    def _lease_released(self, kit: str, journal: Journal, fact: Fact, entry: Fact) -> None:
        self.need(not journal.pending, "plan §6", f"{kit}: a release while a payout is open")
        self.need(fact["lease"] not in journal.gone, "plan §6", f"{kit}: a lease released twice")
        journal.gone.add(fact["lease"])
        self.given[fact["lease"]] = (kit, fact["stand_in"])
        self.reached["released"] += 1

    def _lease_taken(self, kit: str, journal: Journal, fact: Fact, entry: Fact) -> None:
        """Only what the holder has durably given up, only by its one stand-in, once (plan §6)."""
        _, stand_in = self.given.get(fact["lease"], ("", ""))
        self.need(stand_in == kit, "plan §6", f"{kit}: takes {fact['lease']} that nobody gave it")
        again = fact["lease"] in journal.taken | journal.gone
        self.need(not again, "plan §6", f"{kit}: takes {fact['lease']} a second time")
        self.need(not journal.pending, "plan §6", f"{kit}: takes a lease while a payout is open")
        journal.taken.add(fact["lease"])
        self.reached["taken"] += 1

    def _session_closed(self, kit: str, journal: Journal, fact: Fact, entry: Fact) -> None:
        session = journal.session
        self.need(not journal.pending, "M2", f"{kit}: a session closed over a payout that is not settled")
        if session is None:
            self.say("M4", f"{kit}: a session closed that was not open")
            return
        off = session.expected - fact["counted"]
        self.need(worth(fact["notes"]) == fact["counted"], "M4", f"{kit}: the count is not its notes")
        self.need(fact["variance"] == off, "M4", f"{kit}: variance {fact['variance']}, by our books {off}")
        self.need(off == 0 or fact["reason"] != "none", "M4", f"{kit}: a variance without a reason")
        journal.session = None
        self.reached["session_closed"] += 1
        self.reached["variance"] += off != 0

    # -- what happens outside journals ---------------------------------------------------------

    def image(self, kit: str) -> Journal:
        """The kit as it is now, to be put back by a rollback."""
        return copy.deepcopy(self.journals[kit])

    def roll_back(self, kit: str, image: Journal) -> None:
        """Somebody put an old image back: what the kit knew since is lost to it, not to the world."""
        if len(image.hashes) < len(self.journals[kit].hashes):
            self.rollbacks[kit] += 1
        self.journals[kit] = copy.deepcopy(image)
        done = {each.id for each in image.payouts.values() if each.state in {"completed", "reversed"}}
        self.confirmed[kit] = {name: each for name, each in self.confirmed.get(kit, {}).items() if name in done}

    def promise(self, kit: str, payout: str, digest: str) -> None:
        """A screen confirmed this payout: from here on it survives everything (M2)."""
        self.confirmed.setdefault(kit, {})[payout] = digest
