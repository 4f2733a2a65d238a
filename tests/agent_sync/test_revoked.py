"""After a revocation: every fact is kept and asked about, and who may still be paid stays as it was (M6, issue 7)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from agent_sync.district import revoked, standing_data, verify
from agent_sync.district.cases import CaseKind
from agent_sync.district.errors import BadInput, Unknown
from agent_sync.district.intake import Intake
from agent_sync.district.schema import case_table, lease, payout, revocation
from agent_sync.district.states import LeaseState
from hardware.virtual.card.personas import PERSONAS
from kiosk.payout import journal as j
from kiosk.payout.device_facts import DeviceStarted
from kiosk.payout.lease_facts import LeaseReleased
from kiosk.payout.names import DeviceId, Epoch, LeaseId, Outcome, UnixSeconds, Vnd, VoidReason
from tests.agent_sync.field_kit import FieldKit, Seat


def revoke(seat: Seat, subject: str, since: int = 0) -> None:
    with seat.database.write() as connection:
        standing_data.revoke(connection, seat.home.area, subject, "mất máy", "hoa")
        connection.execute(update(revocation).values(since=since))


def send(seat: Seat, kit: FieldKit, first: int = 0) -> str:
    return Intake(seat.home, seat.database).receive(kit.device, [kit.seal(first)])[0].outcome.value


def cases(seat: Seat) -> list[dict[str, Any]]:
    with seat.database.read() as connection:
        return [dict(row) for row in connection.execute(select(case_table)).mappings()]


def kinds(seat: Seat) -> list[str]:
    return sorted(row["kind"] for row in cases(seat))


def lease_states(seat: Seat) -> set[str]:
    with seat.database.read() as connection:
        return set(connection.execute(select(lease.c.state)).scalars())


def test_segments_of_a_revoked_device_are_kept_and_open_one_case_a_session(seat: Seat, kit: FieldKit) -> None:
    revoke(seat, "device:kit-01")
    kit.pay("ba-sau")
    kit.pay("ba-khe")
    assert send(seat, kit) == "accepted"
    (case,) = cases(seat)
    assert (case["kind"], case["device"]) == (CaseKind.REVOKED_DEVICE.value, "kit-01")
    assert (case["session"], case["operator"]) == (kit.session, kit.operator)
    with seat.database.read() as connection:
        assert set(connection.execute(select(payout.c.state)).scalars()) == {"completed"}
    assert verify.verify(seat.home, seat.database).completed == 2


def test_its_word_changes_nothing_about_who_may_still_be_paid(seat: Seat, kit: FieldKit) -> None:
    revoke(seat, "device:kit-01")
    kit.pay("ba-sau")
    held = kit.leases_of("ba-khe")[0]
    kit.write(LeaseReleased(LeaseId(held.id), DeviceId("kit-02"), kit.operator))
    assert send(seat, kit) == "accepted"
    assert lease_states(seat) == {LeaseState.LIVE.value}


def test_what_was_paid_before_the_revocation_and_told_after_it_is_asked_about_too(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    assert send(seat, kit) == "accepted"
    assert kinds(seat) == []
    told = len(kit.entries)
    kit.pay("ba-khe")
    revoke(seat, "device:kit-01", since=kit.now + 3_600)
    assert send(seat, kit, told) == "accepted"
    assert kinds(seat) == [CaseKind.REVOKED_DEVICE.value]
    assert lease_states(seat) == {LeaseState.LIVE.value, LeaseState.SPENT.value}


def test_a_foreign_device_that_names_our_lease_does_not_spend_it(seat: Seat, kit: FieldKit) -> None:
    other = seat.enrol("kit-02")
    other.pay_list = kit.pay_list
    other.begin()
    other.pay("ba-sau")
    assert send(seat, other) == "accepted"
    assert CaseKind.LEASE_OTHER_DEVICE.value in kinds(seat)
    assert lease_states(seat) == {LeaseState.LIVE.value}


@pytest.mark.parametrize(("hours", "asked"), [(-1, [CaseKind.REVOKED_OPERATOR.value]), (1, [])])
def test_an_operator_is_asked_about_from_the_hour_of_the_revocation(
    seat: Seat, kit: FieldKit, hours: int, asked: list[str]
) -> None:
    kit.pay("ba-sau")
    revoke(seat, f"operator:{kit.operator}", since=kit.now + hours * 3_600)
    assert send(seat, kit) == "accepted"
    assert kinds(seat) == asked
    assert LeaseState.SPENT.value in lease_states(seat), "the device was not revoked"


@pytest.mark.parametrize(("hours", "asked"), [(-1, [CaseKind.REVOKED_CHIP.value]), (1, [])])
def test_a_chip_is_asked_about_from_the_hour_of_its_revocation(
    seat: Seat, kit: FieldKit, hours: int, asked: list[str]
) -> None:
    """A card that was reported lost and still paid: the cash fact stands, and somebody asks the person."""
    witness = kit.pay("ba-sau").witness
    assert witness is not None
    revoke(seat, f"chip:{witness.key}", since=kit.now + hours * 3_600)
    kit.pay("ba-khe")
    assert send(seat, kit) == "accepted"
    assert kinds(seat) == asked
    assert lease_states(seat) >= {LeaseState.SPENT.value}
    assert verify.verify(seat.home, seat.database).completed == 2
    with seat.database.read() as connection:
        assert revoked.subjects(connection, seat.home.area, f"chip:{PERSONAS['ba-sau'].id_number}") == (
            f"chip:{witness.key}",
        )
        with pytest.raises(Unknown):
            revoked.subjects(connection, seat.home.area, f"chip:{0:012d}")


@pytest.mark.parametrize("subject", ["chip:", "chip:AB", "chip:" + "A" * 64, "card:1", "device:"])
def test_a_revocation_that_would_match_nothing_is_refused(seat: Seat, subject: str) -> None:
    with seat.database.write() as connection, pytest.raises(BadInput):
        standing_data.revoke(connection, seat.home.area, subject, "mất thẻ", "hoa")


# -- the rest of what a person must look at ----------------------------------------------------


def test_an_hour_that_no_calendar_has_is_one_case(seat: Seat, kit: FieldKit) -> None:
    for _ in range(3):
        place, head = len(kit.entries), kit.head
        entry = j.Entry(kit.device, kit.epoch, place, UnixSeconds(2**40), True, head, DeviceStarted("x", True))  # type: ignore[arg-type]
        kit.entries.append(entry)
    assert send(seat, kit) == "accepted"
    assert kinds(seat) == [CaseKind.BAD_CLOCK.value]


@pytest.mark.parametrize(("counted", "asked"), [(Vnd(2_000_000), [CaseKind.VOID_AFTER_CASH.value]), (None, [])])
def test_a_void_is_a_case_only_after_cash_was_shown(
    seat: Seat, kit: FieldKit, counted: Vnd | None, asked: list[str]
) -> None:
    fact = kit.authorise("ba-sau").fact
    assert isinstance(fact, j.PayoutAuthorised)
    kit.write(j.PayoutVoided(fact.payout, VoidReason.RECIPIENT_DECLINED, counted))
    assert send(seat, kit) == "accepted"
    assert kinds(seat) == asked
    with seat.database.read() as connection:
        assert set(connection.execute(select(payout.c.state)).scalars()) == {"voided"}


def test_an_outcome_of_a_payout_that_never_was_is_a_case(seat: Seat, kit: FieldKit) -> None:
    nothing = j.payout_id(kit.device, Epoch(1), 99)  # type: ignore[arg-type]
    kit.write(j.UncertainResolved(nothing, Outcome.PAID, Vnd(0), kit.operator))
    assert send(seat, kit) == "accepted"
    assert kinds(seat) == [CaseKind.IMPOSSIBLE_FACT.value]


def test_one_challenge_under_two_facts_is_a_case_and_voids_both(seat: Seat, kit: FieldKit) -> None:
    first = kit.pay("ba-sau")
    second = kit.authorise("ba-sau", chip=False)
    kit.entries.pop()
    assert first.witness is not None
    kit.write(second.fact, first.witness)
    assert send(seat, kit) == "accepted"
    assert CaseKind.REPEATED_CHALLENGE.value in kinds(seat)
    with seat.database.read() as connection:
        assert set(connection.execute(select(payout.c.witness)).scalars()) == {"void"}


def test_a_journal_that_was_opened_for_another_area_is_a_case(seat: Seat) -> None:
    kit = seat.enrol("kit-03")
    kit.area, area = type(kit.area)("other-area"), kit.area
    kit.begin()
    kit.area = area
    assert send(seat, kit) == "accepted"
    assert CaseKind.MODE_DIFFERS.value in kinds(seat)
