"""A lease by telephone as the district sees it: named, given over, taken, paid, and never granted to a third."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from agent_sync.district import bundles, standing_data, telephone
from agent_sync.district.errors import NotPermitted
from agent_sync.district.schema import case_table, lease
from agent_sync.district.verify import verify
from kiosk.exchange import release
from kiosk.payout import journal as j
from kiosk.payout.key_facts import KeyChange, KeysChanged
from kiosk.payout.names import CodeKind, OperatorId, RefusalKey
from tests.agent_sync.field_kit import FieldKit, Seat
from tests.agent_sync.test_intake import send


def named(seat: Seat, kit: FieldKit, other: FieldKit) -> int:
    with seat.database.write() as connection:
        return telephone.name_stand_in(connection, seat.home, kit.device, other.device)


def kinds(seat: Seat) -> list[str]:
    with seat.database.read() as connection:
        return sorted(connection.execute(select(case_table.c.kind)).scalars())


def holder_of(seat: Seat, which: str) -> tuple[str, str]:
    with seat.database.read() as connection:
        row = connection.execute(select(lease.c.device, lease.c.state).where(lease.c.id == which)).one()
    return row[0], row[1]


@pytest.fixture
def other(seat: Seat) -> FieldKit:
    """A second device, the stand-in."""
    kiosk = seat.enrol("KIOSK2")
    kiosk.begin()
    return kiosk


def taken(seat: Seat, kit: FieldKit, other: FieldKit) -> release.LeaseRecord:
    """The holder gives one person over; the stand-in types the code."""
    named(seat, kit, other)
    holder, stand_in = seat.bundle(kit), seat.bundle(other)
    mine = kit.leases_of("ba-khe")[0]
    secret = next(each for each in holder.sealed.lease_secrets if each.lease == mine.id)
    offered = next(each for each in stand_in.sealed.stand_ins if each.lease == mine.id)
    kit.write(j.LeaseReleased(mine.id, other.device, kit.operator))
    record = release.take(offered, other.device, release.release_code(secret))
    assert record is not None
    assert record.lease == mine
    other.write(j.LeaseTaken(mine.id, other.device, other.operator))
    return record


def pay(other: FieldKit, record: release.LeaseRecord) -> None:
    owed, held = record.entitlement, record.lease
    line = j.AuthorisedLine(owed.id, held.id, owed.programme, owed.kind, str(owed.period), owed.amount)
    entry = other.authorise_lines(owed.recipient, (line,), [held.nonce], "ba-khe")
    other.complete(entry)


@pytest.mark.parametrize("holder_first", [True, False], ids=["holder first", "stand-in first"])
def test_a_lease_by_telephone_is_paid_by_the_stand_in_and_balances(
    seat: Seat, kit: FieldKit, other: FieldKit, holder_first: bool
) -> None:
    record = taken(seat, kit, other)
    pay(other, record)
    for each in (kit, other) if holder_first else (other, kit):
        send(seat, each, each.seal())
    assert kinds(seat) == []
    assert holder_of(seat, record.lease.id) == ("KIOSK2", "spent")
    report = verify(seat.home, seat.database)
    assert (report.problems, report.completed) == ([], 1)


def test_a_released_lease_is_granted_to_nobody_else(seat: Seat, kit: FieldKit, other: FieldKit) -> None:
    record = taken(seat, kit, other)
    send(seat, kit, kit.seal())
    assert holder_of(seat, record.lease.id) == ("KIOSK2", "live")
    assert seat.lease(kit).granted == 0
    assert any(each.id == record.lease.id for each in seat.bundle(other).sealed.pay_list.leases)


def test_a_revoked_device_stands_in_for_nobody(seat: Seat, kit: FieldKit, other: FieldKit) -> None:
    with seat.database.write() as connection:
        standing_data.revoke(connection, seat.home.area, f"device:{other.device}", "lost", "officer")
    with pytest.raises(NotPermitted):
        named(seat, kit, other)


def test_naming_twice_changes_nothing_and_nobody_stands_in_for_themselves(
    seat: Seat, kit: FieldKit, other: FieldKit
) -> None:
    assert named(seat, kit, other) > 0
    assert named(seat, kit, other) == 0
    with pytest.raises(NotPermitted):
        named(seat, kit, kit)
    with seat.database.write() as connection:
        first = bundles.current(connection, seat.home, kit.device)
        assert bundles.current(connection, seat.home, kit.device).version == first.version


def test_a_slot_that_wrong_pins_locked_is_looked_at(seat: Seat, kit: FieldKit) -> None:
    kit.write(KeysChanged(KeyChange.SLOT_LOCKED, OperatorId("tam"), kit.operator))
    send(seat, kit, kit.seal())
    with seat.database.read() as connection:
        found = connection.execute(select(case_table.c.kind, case_table.c.operator)).all()
    assert [tuple(each) for each in found] == [("slot_locked", "tam")]


def test_the_fifth_wrong_code_in_a_row_is_looked_at(seat: Seat, kit: FieldKit) -> None:
    for tries in range(1, 7):
        kit.write(j.CodeRefused(CodeKind.LEASE, RefusalKey.RELEASE_CODE_WRONG, kit.operator, tries))
        if tries == 4:
            send(seat, kit, kit.seal())
            assert kinds(seat) == [], "a slip of the finger is nobody's business"
    send(seat, kit, kit.seal())
    assert kinds(seat) == ["codes_tried"] * 2
    assert verify(seat.home, seat.database).problems == []
