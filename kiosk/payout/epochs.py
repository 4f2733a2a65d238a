"""From one epoch to the next: what the new one must carry, so that nobody is paid twice across the border (M1, M3).

A device that was rolled back or forked has another past than the district. The new epoch names both,
and takes over what either of them knows to be paid or spent.
"""

from __future__ import annotations

from collections.abc import Collection

from kiosk.payout import journal as j
from kiosk.payout.names import Digest, EntitlementId, Epoch, LeaseId
from kiosk.payout.states import Standing, Status


def opening(
    now: Standing,
    order: int,
    previous: tuple[Epoch, Digest],
    paid: Collection[EntitlementId],
    spent: Collection[LeaseId],
) -> j.EpochOpened:
    """The first fact of the epoch that ``order`` opens: what the district told, and what this epoch itself has done.

    What older epochs had carried here is carried on only where the district still names it: what is over
    (`agent_sync.district.orders`) is left behind, so that the lists do not grow with the years.
    """
    return j.EpochOpened(
        area=now.area,
        mode=now.mode,
        previous_epoch=previous[0],
        previous_head=previous[1],
        carried_paid=tuple(sorted({*paid, *own_paid(now)})),
        carried_spent=tuple(sorted({*spent, *own_spent(now)})),
        own_epoch=now.epoch,
        own_head=now.head,
        order=order,
        incarnation=now.incarnation,
        bundle_version=now.bundle_version,
        revocation_serial=now.revocation_serial,
        floor=now.proven_until,
    )


def fault(now: Standing, entry: j.Entry, fact: j.EpochOpened) -> str | None:
    """Why the new epoch cannot follow this standing; None when it can.

    ``now`` is the device's own end of the old epoch, or the old epoch as the district ordered it closed.
    The two are one unless the device was rolled back or forked: what it lost it cannot settle, but its
    own business is settled before it moves on (M2, M4).
    """
    own = (now.epoch, now.head) == (fact.own_epoch, fact.own_head)
    ordered = (now.epoch, now.head) == (fact.previous_epoch, fact.previous_head)
    checks = (
        (own or ordered, "the new epoch does not name the old head"),
        (entry.device == now.device, "an epoch of another device"),
        (entry.epoch > now.epoch, "an epoch must be newer than the one before"),
        ((fact.area, fact.mode) == (now.area, now.mode), "area and mode never change (M8)"),
        (own_paid(now) <= set(fact.carried_paid), "the new epoch forgets payouts"),
        (own_spent(now) <= set(fact.carried_spent), "the new epoch forgets leases that are gone"),
        (not own or is_settled(now), "an epoch opened over open business"),
        (not own or _carried(fact) == _held(now), "the new epoch changes what was in force"),
        (not own or fact.order > now.order_serial, "an order works once"),
    )
    return next((why for holds, why in checks if not holds), None)


def own_paid(now: Standing) -> set[EntitlementId]:
    """Paid in this very epoch; what it was opened with has no payout here."""
    return {entitlement for entitlement, payout in now.paid.items() if payout}


def own_spent(now: Standing) -> set[LeaseId]:
    """Leases that this very epoch has used up or given over."""
    gone = (Status.COMPLETED, Status.REVERSED)
    used = {line.lease for each in now.payouts.values() if each.status in gone for line in each.lines}
    return used | set(now.released)


def is_settled(now: Standing) -> bool:
    """Nothing is open: the drawer is counted and every payout has its outcome."""
    return now.session is None and not now.pending


def _carried(fact: j.EpochOpened) -> tuple[int, ...]:
    return (fact.incarnation, fact.bundle_version, fact.revocation_serial, fact.floor)


def _held(now: Standing) -> tuple[int, ...]:
    return (now.incarnation, now.bundle_version, now.revocation_serial, now.proven_until)
