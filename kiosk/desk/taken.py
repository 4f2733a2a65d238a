"""Leases that were taken over from another device: their records are kept here, for no bundle brings them (plan §6).

People's data lies in the encrypted store beside the journal, never in it. The record is kept before the fact is
written: a fact without its record could not be paid, a record without its fact pays nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.exchange import release
from kiosk.exchange.bundle import StandIn
from kiosk.payout import canonical
from kiosk.payout.names import DeviceId, LeaseId
from kiosk.payout.paylist import PayList
from kiosk.payout.standing import Standing
from kiosk.store.store import Store


@dataclass(frozen=True, slots=True)
class Taken:
    """One lease that was taken over: the record, and what its code is checked with if somebody types it again."""

    record: release.LeaseRecord
    stand_in: StandIn


def keep(store: Store, taken: Taken) -> None:
    """Durable before the fact. Raises StoreError."""
    store.keep(_name(taken.stand_in.lease), canonical.to_bytes(canonical.encode(taken)))


def all_taken(store: Store, standing: Standing) -> tuple[Taken, ...]:
    """Every lease that the journal says was taken over in this epoch. Raises EncodingFault if the store lies."""
    bodies = (store.kept(_name(lease)) for lease in sorted(standing.taken))
    return tuple(canonical.decode(Taken, canonical.from_bytes(body)) for body in bodies if body is not None)


def _name(lease: LeaseId) -> str:
    return f"taken-{lease}"


def merged(listed: PayList, taken: tuple[Taken, ...]) -> PayList:
    """The list with everybody who came by telephone; what the bundle says itself stands first."""
    people = {each.person.id: each for each in listed.recipients}
    owed = {each.id: each for each in listed.entitlements}
    payees = dict.fromkeys(listed.payees)
    for each in taken:
        people.setdefault(each.record.recipient.person.id, each.record.recipient)
        owed.setdefault(each.record.entitlement.id, each.record.entitlement)
        payees |= dict.fromkeys(each.record.payees)
    return replace(
        listed,
        recipients=tuple(people.values()),
        payees=tuple(payees),
        entitlements=tuple(owed.values()),
        leases=(*listed.leases, *(each.record.lease for each in taken)),
    )


def used_before(taken: tuple[Taken, ...], me: DeviceId, code: str) -> bool:
    """Whether these digits opened one of these records already: told twice, or told again after a new grant."""
    return any(release.take(each.stand_in, me, code) is not None for each in taken)
