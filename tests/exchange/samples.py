"""A day's journal of synthetic people, as one device would write it."""

from __future__ import annotations

import hashlib
import random

from kiosk.payout import journal as j
from kiosk.payout import names as n
from kiosk.payout.evidence import Chain, Chip, ChipChecks, Integrity

AREA = n.AreaId("training-hoa-binh")
DEVICE = n.DeviceId("k07")
EPOCH = n.Epoch(3)
START = n.UnixSeconds(1_795_000_000)
PASSED = ChipChecks(Integrity.PASSED, Chain.PASSED, Chip.PASSED)


class Writer:
    """Appends facts as the desk does: each entry upon the one before."""

    def __init__(self, device: n.DeviceId = DEVICE, epoch: n.Epoch = EPOCH) -> None:
        self.device, self.epoch, self.at = device, epoch, int(START)
        self.entries: list[j.Entry] = []

    @property
    def head(self) -> n.Digest:
        return self.entries[-1].hash if self.entries else j.GENESIS

    @property
    def next(self) -> n.Sequence:
        return n.Sequence(len(self.entries))

    def add(self, fact: j.Fact, witness: j.Witness | None = None, *, proven: bool = True) -> j.Entry:
        entry = j.Entry(self.device, self.epoch, self.next, n.UnixSeconds(self.at), proven, self.head, fact, witness)
        self.entries.append(entry)
        return entry


def hexes(source: random.Random, length: int) -> str:
    return source.randbytes(length).hex()


def pay(writer: Writer, source: random.Random, response_bytes: int = 64) -> None:
    """One visit: authorised with a chip witness, completed, receipt printed."""
    writer.at += source.randrange(60, 300)

    def digest() -> n.Digest:
        return n.Digest(hashlib.sha256(source.randbytes(8)).hexdigest())

    amount = n.Vnd(source.choice((500_000, 750_000, 1_000_000, 2_789_000)))
    line = j.AuthorisedLine(
        n.EntitlementId(hexes(source, 8)), n.LeaseId(hexes(source, 8)), n.Programme.SOCIAL_PENSION,
        n.Kind.MONTHLY, "2026-11", amount,
    )  # fmt: skip
    payout = j.payout_id(writer.device, writer.epoch, writer.next)
    person = n.PersonId(hexes(source, 8))
    writer.add(
        j.PayoutAuthorised(
            payout, writer.device, writer.epoch, writer.head, n.SessionId("k07-3-s1"), n.OperatorId("lan"),
            person, person, n.Role.SELF, (line,), amount, n.Level.A, PASSED, simulated=False, evidence=digest(),
        ),
        j.Witness(hexes(source, 8), hexes(source, response_bytes), digest()),
    )  # fmt: skip
    writer.at += source.randrange(20, 90)
    given = tuple(source.randrange(3) for _ in range(9))
    writer.add(j.PayoutCompleted(payout, given, (0,) * 9, signature=digest()))
    writer.at += source.randrange(3, 9)
    writer.add(j.ReceiptPrinted(payout, 0, n.PrintResult.PRINTED))


def day(payouts: int, seed: int = 7, response_bytes: int = 64) -> list[j.Entry]:
    """Epoch opened, session opened, ``payouts`` visits."""
    source, writer = random.Random(seed), Writer()
    writer.add(j.EpochOpened(AREA, n.Mode.PRACTICE, n.Epoch(2), n.Digest(hexes(source, 32))))
    writer.add(j.DeviceStarted("0.1.0", time_proven=False), proven=False)
    writer.add(
        j.SessionOpened(n.SessionId("k07-3-s1"), n.OperatorId("lan"), n.Vnd(50_000_000), (100,) + (0,) * 8, "Hà")
    )
    for _ in range(payouts):
        pay(writer, source, response_bytes)
    return writer.entries
