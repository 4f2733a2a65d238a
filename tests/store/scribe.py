"""Writes a plausible working day into a store: what the desk does, without the desk."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.payout import epochs
from kiosk.payout import journal as j
from kiosk.payout.cash import Notes, fewest_notes
from kiosk.payout.evidence import Chain, Chip, ChipChecks, Integrity
from kiosk.payout.names import (
    AreaId,
    CannotSign,
    DeviceId,
    Digest,
    EntitlementId,
    Epoch,
    Kind,
    LeaseId,
    Level,
    Mode,
    OperatorId,
    PayoutId,
    PersonId,
    Programme,
    Role,
    SessionId,
    UnixSeconds,
    Vnd,
)
from kiosk.payout.names import (
    Sequence as Place,
)
from kiosk.payout.standing import Standing
from kiosk.store import Identity, Store

AREA, DEVICE, EPOCH = AreaId("A01"), DeviceId("KIT7"), Epoch(1)
IDENTITY = Identity(AREA, DEVICE, Mode.PRACTICE)
NOON = UnixSeconds(1_794_200_400)
KEY = bytes(range(32))
FLOAT = Notes.of({500_000: 4_000})
OPERATOR, SESSION = OperatorId("tam"), SessionId("s1")
GOOD = ChipChecks(Integrity.PASSED, Chain.PASSED, Chip.PASSED)


def entries_after(standing: Standing, facts: Sequence[j.Fact], at: int = NOON) -> list[j.Entry]:
    """The entries that would carry these facts now."""
    made: list[j.Entry] = []
    previous, sequence = standing.head, standing.next_sequence
    for fact in facts:
        entry = j.Entry(standing.device, standing.epoch, sequence, UnixSeconds(at), True, previous, fact)
        made.append(entry)
        previous, sequence = entry.hash, Place(sequence + 1)
    return made


def write(store: Store, *facts: j.Fact) -> Standing:
    """One transaction with these facts."""
    return store.append(entries_after(store.standing(), facts))


def session_opened(session: SessionId = SESSION, notes: Notes = FLOAT) -> j.SessionOpened:
    """The day begins with counted cash."""
    return j.SessionOpened(session, OPERATOR, notes.amount, notes.counts, "quỹ")


def authorised(standing: Standing, number: int, amount: int = 500_000) -> j.PayoutAuthorised:
    """The fact that would authorise recipient ``number`` now."""
    assert standing.session is not None
    line = j.AuthorisedLine(
        EntitlementId(f"e{number}"),
        LeaseId(f"l{number}"),
        Programme.SOCIAL_PENSION,
        Kind.MONTHLY,
        "2026-11",
        Vnd(amount),
    )
    return j.PayoutAuthorised(
        payout=j.payout_id(standing.device, standing.epoch, standing.next_sequence),
        device=standing.device,
        epoch=standing.epoch,
        previous_head=standing.head,
        session=standing.session.session,
        operator=OPERATOR,
        recipient=PersonId(f"p{number}"),
        payee=PersonId(f"p{number}"),
        role=Role.SELF,
        lines=(line,),
        total=Vnd(amount),
        level=Level.A,
        checks=GOOD,
        simulated=True,
        evidence=Digest("ab" * 32),
    )


def completed(payout: PayoutId, amount: int = 500_000) -> j.PayoutCompleted:
    """The cash was handed over, with an ink print."""
    notes = fewest_notes(Vnd(amount))
    assert notes is not None
    return j.PayoutCompleted(payout, notes.counts, Notes().counts, None, CannotSign.TREMOR, "Lê Thị Hai")


def pay(store: Store, number: int) -> PayoutId:
    """Two durable transactions, as the desk makes them."""
    fact = authorised(store.standing(), number)
    write(store, fact)
    write(store, completed(fact.payout, int(fact.total)))
    return fact.payout


def next_epoch(standing: Standing) -> j.Entry:
    """The first entry of the epoch after this one, carrying what was paid."""
    here = (standing.epoch, standing.head)
    fact = epochs.opening(standing, standing.order_serial + 1, here, (), ())
    epoch = Epoch(standing.epoch + 1)
    return j.Entry(standing.device, epoch, Place(0), NOON, True, j.GENESIS, fact)
