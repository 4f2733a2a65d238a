"""The agent's own plan of the day: order of the walk, hours and days agreed upon, telephones, notes.

Kept beside the journal, because it is no fact about money: the newest wins, and nothing is lost with it that a list or
a receipt would need.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.payout import canonical
from kiosk.payout.names import HouseholdId, PersonId
from kiosk.payout.people import Phone
from kiosk.store.store import Store
from kiosk.text import AddressForm

KEPT = "plan"
MAX_HOUSES = 1_000
MAX_NOTE = 200


@dataclass(frozen=True, slots=True)
class House:
    """What is planned for one household."""

    household: HouseholdId
    come_back_on: str = ""
    """ISO date of the hour below: yesterday's hour is no appointment."""
    come_back_at: str = ""
    next_visit: str = ""
    """ISO date."""
    phone: str = ""
    phone_owner: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Called:
    """How somebody wishes to be addressed, against what age and sex would say."""

    person: PersonId
    form: AddressForm


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The whole plan of one device."""

    order: tuple[HouseholdId, ...] = ()
    """Every household in walking order, once it was changed by hand; empty follows the list."""
    houses: tuple[House, ...] = ()
    called: tuple[Called, ...] = ()

    def form(self, person: PersonId) -> AddressForm | None:
        """The form this person wishes for, if they said so."""
        return next((each.form for each in self.called if each.person == person), None)

    def with_form(self, person: PersonId, form: AddressForm) -> DayPlan:
        """The plan with this wish in it; the oldest leave when there are too many."""
        others = tuple(each for each in self.called if each.person != person)
        return replace(self, called=(*others, Called(person, form))[-MAX_HOUSES:])

    def house(self, household: HouseholdId) -> House:
        """What is planned there, maybe nothing."""
        return next((each for each in self.houses if each.household == household), House(household))

    def with_house(self, house: House) -> DayPlan:
        """The plan with this house in it, the newest last; the oldest leave when there are too many."""
        others = tuple(each for each in self.houses if each.household != house.household)
        return replace(self, houses=(*others, house)[-MAX_HOUSES:])

    def moved(self, walk: tuple[HouseholdId, ...], household: HouseholdId, by: int) -> DayPlan:
        """``household`` one place further up (-1) or down (+1) in ``walk``; at its ends nothing changes."""
        here = walk.index(household)
        there = here + by
        if not 0 <= there < len(walk):
            return self
        order = list(walk)
        order[here], order[there] = order[there], order[here]
        return replace(self, order=tuple(order)[:MAX_HOUSES])


def phone_of(house: House) -> Phone | None:
    """The telephone that the agent noted."""
    return Phone(house.phone, house.phone_owner) if house.phone else None


def load(store: Store) -> DayPlan:
    """The plan as it was kept; an empty one before the first. Raises EncodingFault if the store lies."""
    kept = store.kept(KEPT)
    return DayPlan() if kept is None else canonical.decode(DayPlan, canonical.from_bytes(kept))


def save(store: Store, plan: DayPlan) -> None:
    """Durable on return. Raises StoreError."""
    store.keep(KEPT, canonical.to_bytes(canonical.encode(plan)))
