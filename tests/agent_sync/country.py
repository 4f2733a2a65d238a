"""A village made wholesale: people, entitlements, leases and a kit's sealed days, as many as a measurement needs.

Witnesses are of the right shape and random: what intake costs does not depend on whether they hold.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from agent_sync.district.database import bulk_insert
from agent_sync.district.schema import entitlement, lease, person, recipient
from kiosk.exchange import segment
from kiosk.exchange.shapes import NOTHING_HELD
from kiosk.payout import journal as j
from kiosk.payout.cash import NO_NOTES, fewest_notes
from kiosk.payout.names import (
    CannotSign,
    Digest,
    EntitlementId,
    Kind,
    LeaseId,
    Level,
    PersonId,
    PrintResult,
    Programme,
    Role,
    Sequence,
    UnixSeconds,
    Vnd,
)
from tests.agent_sync.field_kit import CHECKS, MONTH, FieldKit, Seat, new_district

SUM = Vnd(500_000)
NOTES = fewest_notes(SUM)


@dataclass
class Village:
    """One kit and everybody it will pay."""

    seat: Seat
    kit: FieldKit
    leases: list[dict[str, Any]]

    def days(self, payouts: int, each: int) -> Iterator[bytes]:
        """Sealed segments of ``each`` payouts (three entries a payout), until all are paid once."""
        for first in range(0, payouts, each):
            start = len(self.kit.entries) if first else 0
            for held in self.leases[first : first + each]:
                self._pay(held)
            yield self._seal(start)

    def forget(self) -> None:
        """Keep the head of the journal only, so that a long run does not grow for what was sent."""
        entries = self.kit.entries
        entries[:-1] = [None] * (len(entries) - 1)  # type: ignore[list-item]

    def _seal(self, start: int) -> bytes:
        kit = self.kit
        assert kit.grant is not None
        fresh = kit.entries[start:]
        return segment.seal(
            fresh, area=kit.area, held=NOTHING_HELD, time=UnixSeconds(kit.now),
            district_key=bytes.fromhex(kit.grant.seal_key), sign=kit.sign,
        )  # fmt: skip

    def _pay(self, held: dict[str, Any]) -> None:
        kit = self.kit
        owed = EntitlementId(held["entitlement"])
        who = PersonId("P" + owed[1:])
        line = j.AuthorisedLine(owed, LeaseId(held["id"]), Programme.SOCIAL_PENSION, Kind.MONTHLY, str(MONTH), SUM)
        place = Sequence(len(kit.entries))
        fact = j.PayoutAuthorised(
            payout=j.payout_id(kit.device, kit.epoch, place), device=kit.device, epoch=kit.epoch,
            previous_head=kit.head, session=kit.session, operator=kit.operator, recipient=who, payee=who,
            role=Role.SELF, lines=(line,), total=SUM, level=Level.A, checks=CHECKS, simulated=True,
            evidence=Digest(secrets.token_hex(32)),
        )  # fmt: skip
        key = Digest(hashlib.sha256(who.encode()).hexdigest())
        kit.write(fact, j.Witness(secrets.token_hex(8), secrets.token_hex(64), key))
        assert NOTES is not None
        seen = Digest(secrets.token_hex(32))
        kit.write(j.PayoutCompleted(fact.payout, NOTES.counts, NO_NOTES.counts, None, CannotSign.TREMOR, seen))
        kit.write(j.ReceiptPrinted(fact.payout, 0, PrintResult.PRINTED))


def village(folder: Path, people: int, url: str = "", area: str = "tan-an") -> Village:
    """A district where one kit may pay ``people`` once."""
    seat = new_district(folder, url=url, area=area)
    kit = seat.enrol("kit-01")
    kit.begin()
    return Village(seat, kit, add_people(seat, kit, 0, people))


def add_people(seat: Seat, kit: FieldKit, first: int, people: int) -> list[dict[str, Any]]:
    """So many more whom the kit may pay once: their leases, by id and entitlement."""
    area, numbers = str(kit.area), range(first, first + people)
    with seat.database.write() as connection:
        bulk_insert(connection, person, [_person(area, each) for each in numbers])
        bulk_insert(connection, recipient, [_recipient(area, each) for each in numbers])
        bulk_insert(connection, entitlement, [_owed(area, each) for each in numbers])
        bulk_insert(connection, lease, [_lease(area, kit, each) for each in numbers])
    return [{"id": f"L-{each:024d}", "entitlement": f"E-{each:024d}"} for each in numbers]


def _person(area: str, each: int) -> tuple[Any, ...]:
    return _in_order(
        person, area=area, id=f"P-{each:024d}", number=f"{each:012d}", full_name="Nguyễn Thị Thử", birth="1941-04-12",
        sex="female", heroic_mother=False,
    )  # fmt: skip


def _recipient(area: str, each: int) -> tuple[Any, ...]:
    return _in_order(
        recipient, area=area, person=f"P-{each:024d}", household=f"H-{each}", commune="Tân An Thử",
        hamlet=f"Ấp {each % 20}", address="", walking_order=each, phone="", phone_owner="", language="vi", note="",
    )  # fmt: skip


def _owed(area: str, each: int) -> tuple[Any, ...]:
    return _in_order(
        entitlement, area=area, id=f"E-{each:024d}", recipient=f"P-{each:024d}", programme="social_pension",
        period=str(MONTH), kind="monthly", line="1", amount=SUM, method="cash", held=False, list="D-1",
    )  # fmt: skip


def _lease(area: str, kit: FieldKit, each: int) -> tuple[Any, ...]:
    return _in_order(
        lease, area=area, id=f"L-{each:024d}", entitlement=f"E-{each:024d}", device=kit.device, epoch=1, amount=SUM,
        nonce=secrets.token_hex(16), expires_at=kit.now + 40 * 86_400, granted_at=kit.now, granted_by="bench",
        state="live",
    )  # fmt: skip


def _in_order(table: Table, **values: Any) -> tuple[Any, ...]:
    """A row in the table's column order; what a migration added later is left as it is for everybody else."""
    return tuple(values.get(each.name, None if each.nullable else "") for each in table.columns)
