"""Leases that change hands: given over by a code that is said or shown, taken over by one that is heard or scanned.

Plan §6. A QR is the same code in the giver's signed words: it goes the same way, past the same rules.

`LeaseReleased` is durable before the code exists anywhere; a code that was given can be shown again, because a lease
that is gone and a code that nobody noted would help no one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.desk import checking, taken
from kiosk.desk.books import Books
from kiosk.desk.till import Till
from kiosk.exchange import handover, release
from kiosk.exchange.bundle import LeaseSecret, StandIn
from kiosk.flow import effects_lease as ef
from kiosk.flow import events as ev
from kiosk.flow import events_lease as el
from kiosk.flow import values as v
from kiosk.flow.values_money import LeaseCode, LeaseRow
from kiosk.payout import actions
from kiosk.payout.names import CitizenNumber, CodeKind, Epoch, LeaseId, PersonId, RefusalKey
from kiosk.payout.paylist import Entitlement, Lease
from kiosk.payout.people import Recipient
from kiosk.payout.receipt import LeaseReleaseSlip
from kiosk.payout.rules import Refusal

ShiftOf = Callable[[Books], v.Shift]
Held = tuple[Entitlement, Lease]
Taking = ef.TakeLease | ef.ScanLease


@dataclass(frozen=True, slots=True)
class _Told:
    """Twelve digits that came by voice or by QR, and the records that they may open or have opened."""

    code: str = field(repr=False)
    waiting: tuple[StandIn, ...]
    taken: tuple[taken.Taken, ...]
    epoch: Epoch | None = None
    """The giver's, where a QR named it."""


class Leases:
    """Handlers of leases that change hands."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._slips: tuple[LeaseReleaseSlip, ...] = ()

    def perform(self, books: Books, effect: ef.LeaseEffect, shift: ShiftOf) -> ev.Event:
        """Do one effect; the event that answers it. Raises StoreError."""
        match effect:
            case ef.ListLeases(operation):
                return el.LeasesListed(operation, _rows(books))
            case ef.ReleaseLeases():
                return self._release(books, effect, shift)
            case ef.TakeLease():
                return _take(books, effect, shift, lambda: _heard(books, effect))
            case ef.ScanLease():
                return _take(books, effect, shift, lambda: _scanned(books, effect))
            case ef.PrintCodes(operation):
                results = [self._till.print_slip(each) for each in self._slips]
                return ev.Printed(operation, max(results, key=_ORDER.index, default=v.PrintResult.FAILED))

    def _release(self, books: Books, effect: ef.ReleaseLeases, shift: ShiftOf) -> ev.Event:
        held, secrets = _held(books, effect.recipient), _secrets(books)
        for _, lease in held:
            if lease.id in books.standing.released and lease.id in secrets:
                continue  # given already: only its code is shown again
            secret = secrets.get(lease.id)
            stand_in = None if secret is None else secret.stand_in
            fact = actions.release(books.standing, lease, stand_in, books.operator.id, books.hours.trusted())
            if isinstance(fact, Refusal):
                return ev.Refused(effect.operation, fact.key)
            books.write(fact)
        if not held:
            return ev.Refused(effect.operation, RefusalKey.NOTHING_DUE)
        codes = {lease.id: release.release_code(secrets[lease.id]) for _, lease in held}
        self._slips = tuple(_slip(books, each, codes[each[1].id], secrets[each[1].id]) for each in held)
        lines = tuple(
            LeaseCode(_line(owed), codes[lease.id], _qr(books, secrets[lease.id], codes[lease.id]))
            for owed, lease in held
        )
        row = _row(books, books.board().recipient(effect.recipient))
        return el.LeasesReleased(effect.operation, shift(books), row, lines)


_ORDER = (v.PrintResult.PRINTED, v.PrintResult.UNKNOWN, v.PrintResult.FAILED)


def _secrets(books: Books) -> dict[LeaseId, LeaseSecret]:
    return {} if books.sealed is None else {each.lease: each for each in books.sealed.lease_secrets}


def _held(books: Books, person: PersonId) -> tuple[Held, ...]:
    """What is still owed under a lease that this device has, or had and gave over."""
    standing, leases = books.standing, books.leases()
    owed = (each for each in books.board().listed(person) if each.id not in standing.paid and each.id in leases)
    gone = standing.spent - standing.released
    return tuple((each, leases[each.id]) for each in owed if leases[each.id].id not in gone)


def _rows(books: Books) -> tuple[LeaseRow, ...]:
    rows = (_row(books, each) for each in books.pay_list.recipients if _held(books, each.person.id))
    return tuple(rows)


def _row(books: Books, recipient: Recipient) -> LeaseRow:
    held, secrets = _held(books, recipient.person.id), _secrets(books)
    devices = [secrets[lease.id].stand_in for _, lease in held if lease.id in secrets]
    return LeaseRow(
        recipient=books.board().named(recipient.person),
        address=", ".join(part for part in (recipient.hamlet, recipient.address) if part),
        lines=tuple(_line(owed) for owed, _ in held),
        stand_in=devices[0] if devices else "",
        given=bool(held) and all(lease.id in books.standing.released for _, lease in held),
    )


def _line(owed: Entitlement) -> v.Line:
    return v.Line(owed.programme, owed.kind, owed.period, owed.amount)


def _slip(books: Books, held: Held, code: str, secret: LeaseSecret) -> LeaseReleaseSlip:
    owed, lease = held
    issuer = Till.issuer(books)
    return issuer.release(owed, code, secret.stand_in, lease.expires_at, books.hours.trusted().now)


def _qr(books: Books, secret: LeaseSecret, code: str) -> str:
    standing = books.standing
    said = handover.Handover(standing.device, standing.epoch, secret.lease, secret.stand_in, code)
    return handover.encode_handover(said, books.keys.sign)


def _heard(books: Books, effect: ef.TakeLease) -> _Told:
    """Digits that were typed are for every record that waits for this person."""
    number = CitizenNumber(effect.number)
    waiting = release.candidates(_stand_ins(books), number)
    mine = tuple(each for each in books.taken() if each.record.recipient.person.number == number)
    return _Told(effect.code, waiting, mine)


def _scanned(books: Books, effect: ef.ScanLease) -> _Told | ev.Refused:
    """A QR is for the one record that it names, signed by the device that the district named as its holder."""
    found = handover.verify_handover(effect.scanned, lambda device, epoch: checking.check_of(books, device, epoch))
    if found is handover.HandoverRefusal.NOT_A_HANDOVER:  # a citizen card, say: nobody tried anything
        return ev.Refused(effect.operation, RefusalKey.LEASE_QR_NOT_GENUINE)
    if isinstance(found, handover.HandoverRefusal):
        return _wrong(books, effect, RefusalKey.LEASE_QR_NOT_GENUINE)
    if found.stand_in != books.standing.device:
        return ev.Refused(effect.operation, RefusalKey.NOT_THE_STAND_IN)
    waiting = tuple(each for each in _stand_ins(books) if each.lease == found.lease)
    if any(each.holder != found.giver for each in waiting):
        return _wrong(books, effect, RefusalKey.LEASE_QR_NOT_GENUINE)
    mine = tuple(each for each in books.taken() if each.stand_in.lease == found.lease)
    return _Told(found.code, waiting, mine, found.epoch)


def _stand_ins(books: Books) -> tuple[StandIn, ...]:
    return () if books.sealed is None else books.sealed.stand_ins


def _take(books: Books, effect: Taking, shift: ShiftOf, listen: Callable[[], _Told | ev.Refused]) -> ev.Event:
    """The code is tried on every record that it may open; a wrong one opens none, and is counted."""
    standing, me = books.standing, books.standing.device
    if locked := actions.try_code(standing, CodeKind.LEASE, books.hours.trusted()):
        return ev.Refused(effect.operation, locked.key)
    told = listen()
    if isinstance(told, ev.Refused):
        return told
    fresh = [each for each in told.waiting if each.lease not in standing.taken]
    for stand_in in fresh:
        record = release.take(stand_in, me, told.code)
        if record is not None and told.epoch in {None, record.lease.epoch}:
            return _taken_over(books, effect, taken.Taken(record, stand_in), shift)
        if record is not None:
            return _wrong(books, effect, RefusalKey.LEASE_OTHER_EPOCH)
    if taken.used_before(told.taken, me, told.code):
        return _wrong(books, effect, RefusalKey.RELEASE_CODE_USED)
    if not fresh:
        return ev.Refused(effect.operation, RefusalKey.NOT_THE_STAND_IN)
    return _wrong(books, effect, RefusalKey.RELEASE_CODE_WRONG)


def _wrong(books: Books, effect: Taking, key: RefusalKey) -> ev.Refused:
    """Durable before anybody learns that it was wrong: pulling the plug does not give a try back."""
    books.write(actions.code_refused(books.standing, CodeKind.LEASE, key, books.operator.id))
    return ev.Refused(effect.operation, key)


def _taken_over(books: Books, effect: Taking, found: taken.Taken, shift: ShiftOf) -> ev.Event:
    lease = found.record.lease
    fact = actions.take_over(books.standing, lease, books.operator.id, books.hours.trusted())
    if isinstance(fact, Refusal):
        return ev.Refused(effect.operation, fact.key)
    taken.keep(books.store, found)
    books.write(fact)
    row = _row(books, books.board().recipient(found.record.recipient.person.id))
    return el.LeaseGot(effect.operation, shift(books), row)
