"""Cash in the drawer: banknotes, float, what to hand over, change, count and variance (M4).

Amounts are integers of đồng and notes are counted, never estimated. Change is proposed only from
notes that are there, exactly: nobody is paid short and nobody is owed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kiosk.payout.names import OperatorId, SessionId, Vnd

DENOMINATIONS: tuple[int, ...] = (
    500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000,
)  # fmt: skip
SMALLEST = Vnd(DENOMINATIONS[-1])
BUNDLE = 100
"""Notes come from the bank in sealed bundles of one hundred."""


@dataclass(frozen=True, slots=True)
class Notes:
    """A stack of banknotes: one count for each denomination, largest first."""

    counts: tuple[int, ...] = (0,) * len(DENOMINATIONS)

    def __post_init__(self) -> None:
        if len(self.counts) != len(DENOMINATIONS) or any(count < 0 for count in self.counts):
            raise ValueError("one count of zero or more for each denomination")

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> Notes:
        """From denomination -> count. Raises ValueError for a note that does not exist."""
        if unknown := counts.keys() - set(DENOMINATIONS):
            raise ValueError(f"no such note: {min(unknown)}")
        return cls(tuple(counts.get(each, 0) for each in DENOMINATIONS))

    def items(self) -> tuple[tuple[int, int], ...]:
        """(denomination, count) for the notes that are there."""
        pairs = zip(DENOMINATIONS, self.counts, strict=True)
        return tuple((note, count) for note, count in pairs if count)

    @property
    def amount(self) -> Vnd:
        """The sum in đồng."""
        return Vnd(sum(note * count for note, count in self.items()))

    @property
    def pieces(self) -> int:
        """How many notes."""
        return sum(self.counts)

    def __add__(self, other: Notes) -> Notes:
        return Notes(tuple(a + b for a, b in zip(self.counts, other.counts, strict=True)))

    def __sub__(self, other: Notes) -> Notes:
        return Notes(tuple(a - b for a, b in zip(self.counts, other.counts, strict=True)))

    def covers(self, other: Notes) -> bool:
        """True when ``other`` can be taken out of this stack."""
        return all(a >= b for a, b in zip(self.counts, other.counts, strict=True))


NO_NOTES = Notes()


@dataclass(frozen=True, slots=True)
class HandOver:
    """What goes over the table: notes given, and notes that come back as change."""

    give: Notes
    back: Notes = NO_NOTES

    @property
    def amount(self) -> Vnd:
        """What the recipient has in the end."""
        return Vnd(self.give.amount - self.back.amount)


def fewest_notes(amount: Vnd) -> Notes | None:
    """Fewest notes for an amount when no note is short; None below the smallest note.

    Greedy is exact because each of our denominations is canonical in this series.
    """
    counts, rest = [], int(amount)
    for note in DENOMINATIONS:
        counts.append(rest // note)
        rest %= note
    return Notes(tuple(counts)) if rest == 0 and amount >= 0 else None


def from_drawer(amount: Vnd, drawer: Notes) -> Notes | None:
    """Fewest notes for exactly ``amount`` out of what is in the drawer, or None.

    Greedy would miss 60,000 = 3 x 20,000 when there is one 50,000 and no 10,000. So every count
    of a note is tried from the most downwards, until what is left cannot beat the best any more.
    """
    if not _ends_fit(int(amount), drawer):
        return None
    found = _fewest(int(amount), 0, drawer.counts, {})
    return None if found is None else Notes(found)


_ROUND = 10_000
"""Every larger note is a multiple of this one: only smaller ones can make up a sum's end."""


def _ends_fit(amount: int, drawer: Notes) -> bool:
    """Whether the small notes can make the end of the sum at all: spares a search that cannot succeed."""
    ends = {0}
    for note, count in drawer.items():
        if note < _ROUND:
            ends = {(end + n * note) % _ROUND for end in ends for n in range(count + 1)}
    return amount % _ROUND in ends


_Known = dict[tuple[int, int], tuple[int, ...] | None]


def _fewest(amount: int, at: int, counts: tuple[int, ...], known: _Known) -> tuple[int, ...] | None:
    """Fewest notes from the denomination at ``at`` downwards; each remainder is solved once."""
    if amount == 0:
        return (0,) * (len(DENOMINATIONS) - at)
    if (at, amount) not in known:
        known[at, amount] = _search(amount, at, counts, known)
    return known[at, amount]


def _search(amount: int, at: int, counts: tuple[int, ...], known: _Known) -> tuple[int, ...] | None:
    """Two bounds end the search: smaller notes that cannot make up the rest, or not with fewer pieces."""
    note, best = DENOMINATIONS[at], None
    smaller = list(zip(DENOMINATIONS[at + 1 :], counts[at + 1 :], strict=True))
    most = sum(value * count for value, count in smaller)
    largest = next((value for value, count in smaller if count), note)
    unit = math.gcd(*(value for value, count in smaller if count))
    for n in range(min(counts[at], amount // note), -1, -1):
        rest = amount - n * note
        if rest > most or (best is not None and n + -(-rest // largest) >= sum(best)):
            break
        found = None if rest and rest % unit else _fewest(rest, at + 1, counts, known)
        if found is not None and (best is None or n + sum(found) < sum(best)):
            best = (n, *found)
    return best


def propose(amount: Vnd, drawer: Notes, change: Notes | None = None) -> HandOver | None:
    """How to hand over ``amount``: exactly if possible, otherwise with change coming back.

    ``change`` are the notes the recipient could give back; unknown means any single smaller
    note may be asked for ("trao 200.000, nhận lại 50.000"). None when neither is possible.
    """
    exact = from_drawer(amount, drawer)
    if exact is not None:
        return HandOver(exact)
    for back in reversed(DENOMINATIONS):
        returned = Notes.of({back: 1})
        if change is not None and not change.covers(returned):
            continue
        give = from_drawer(Vnd(amount + back), drawer)
        if give is not None:
            return HandOver(give, returned)
    return None


def plan_route(amounts: Iterable[Vnd]) -> Notes:
    """The fewest notes that pay exactly these payouts, in any order.

    Each note ends in exactly one payout, so the fewest for all is the sum of the fewest for
    each. Raises ValueError for an amount that no notes can make.
    """
    total = NO_NOTES
    for amount in amounts:
        notes = fewest_notes(amount)
        if notes is None:
            raise ValueError(f"no notes make {amount} đồng")
        total = total + notes
    return total


@dataclass(frozen=True, slots=True)
class CashSession:
    """One operator's cash between opening and close (M4). All sums in đồng."""

    session: SessionId
    operator: OperatorId
    opened_at: int
    opening: Vnd
    added: Vnd = Vnd(0)
    returned: Vnd = Vnd(0)
    paid: Vnd = Vnd(0)
    reversed: Vnd = Vnd(0)
    drawer: Notes = field(default=NO_NOTES)
    """The notes that should be there, if every proposal was followed."""

    @property
    def expected(self) -> Vnd:
        """What the drawer should hold: opening + added − returned − paid + reversed."""
        return Vnd(self.opening + self.added - self.returned - self.paid + self.reversed)


def variance(session: CashSession, counted: Vnd) -> Vnd:
    """Expected − counted: positive when cash is missing (M4)."""
    return Vnd(session.expected - counted)
