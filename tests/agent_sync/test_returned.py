"""What becomes of a lease that was not paid: rolled over, recalled for another device, or freed from a lost kit."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select, update

from agent_sync.district import cli, ids, leases, returned, security
from agent_sync.district.cases import CaseKind
from agent_sync.district.database import Database
from agent_sync.district.errors import BadInput, NotPermitted, Unknown
from agent_sync.district.schema import case_table, chain, lease
from agent_sync.district.security import OfficerRole
from agent_sync.district.states import LeaseState
from hardware.virtual.card.personas import PERSONAS
from kiosk.payout import journal as j
from kiosk.payout.names import (
    MAX_AMOUNT,
    CitizenNumber,
    Digest,
    Kind,
    Outcome,
    Period,
    Programme,
    Sequence,
    UnixSeconds,
    Vnd,
)
from tests.agent_sync.field_kit import MONTH, FieldKit, Seat
from tests.agent_sync.test_intake import send
from tests.agent_sync.test_stand_ins import taken

DAY = 86_400
SAU = CitizenNumber(PERSONAS["ba-sau"].id_number)
PASSWORD = "một mật khẩu thật dài"


@pytest.fixture
def other(seat: Seat) -> FieldKit:
    """A second kit, which holds nothing yet."""
    kiosk = seat.enrol("KIOSK2")
    kiosk.begin()
    return kiosk


def after(seat: Seat, days: int) -> int:
    """The office ``days`` later; its hour."""
    now = ids.server_clock() + days * DAY
    seat.database.close()
    seat.database = Database(seat.database.url, lambda: UnixSeconds(now))
    return now


def speaks(seat: Seat, kit: FieldKit, at: int) -> None:
    """The kit is switched on at this hour, and its whole journal arrives."""
    kit.now = at
    kit.write(j.DeviceStarted("test", True))
    send(seat, kit, kit.seal())


def next_month(seat: Seat, kit: FieldKit, at: int) -> leases.Granted:
    with seat.database.write() as connection:
        return leases.grant(connection, seat.home.area, kit.device, leases.Wanted(MONTH), UnixSeconds(at), "test")


def states(seat: Seat, kit: FieldKit) -> dict[str, int]:
    with seat.database.read() as connection:
        found = connection.execute(select(lease.c.state).where(lease.c.device == kit.device)).scalars().all()
    return {each: found.count(each) for each in sorted(set(found))}


def cases(seat: Seat) -> set[str]:
    with seat.database.read() as connection:
        return set(connection.execute(select(case_table.c.kind)).scalars())


# -- roll-over -------------------------------------------------------------------------------------------------------


def test_what_nobody_collected_is_leased_again_as_the_same_entitlement(
    seat: Seat, kit: FieldKit, other: FieldKit
) -> None:
    kit.pay("ba-khe")
    paid = {each.entitlement for each in kit.leases_of("ba-khe")}
    held = {each.id: each.entitlement for each in seat.bundle(kit).sealed.pay_list.leases}
    now = after(seat, 35)
    speaks(seat, kit, now - DAY)
    done = next_month(seat, other, now + 30 * DAY)
    again = {each.entitlement: each.id for each in seat.bundle(other).sealed.pay_list.leases}
    assert set(again) == set(held.values()) - paid, "the same entitlements, and nothing that was paid"
    assert not set(again.values()) & set(held), "under new leases"
    assert (done.granted, done.rolled_over, done.locked) == (len(again), len(again), 0)
    assert seat.bundle(kit).sealed.pay_list.leases == tuple(
        each for each in kit.pay_list.leases if each.entitlement in paid
    )
    other.pay("ba-sau")
    send(seat, other, other.seal())
    assert cases(seat) == set()


@pytest.mark.parametrize("why", ["silent", "clock ran ahead", "hour not proven", "not ended", "forked"])
def test_a_lease_whose_outcome_is_not_known_stays_locked(seat: Seat, kit: FieldKit, other: FieldKit, why: str) -> None:
    now = after(seat, 20 if why == "not ended" else 35)
    if why == "silent":
        send(seat, kit, kit.seal())
    elif why == "hour not proven":
        kit.now = now
        place = Sequence(len(kit.entries))
        fact = j.DeviceStarted("test", True)
        entry = j.Entry(kit.device, kit.epoch, place, UnixSeconds(now), False, kit.head, fact)
        kit.entries.append(entry)
        send(seat, kit, kit.seal())
    else:
        speaks(seat, kit, now + (DAY if why == "clock ran ahead" else -1))
    if why == "forked":
        with seat.database.write() as connection:
            connection.execute(update(chain).values(branches=1))
    done = next_month(seat, other, now + 30 * DAY)
    assert (done.granted, done.rolled_over) == (0, 0)
    assert (done.locked > 0) == (why != "not ended")


def test_an_open_payout_is_waited_for_however_late_it_is(seat: Seat, kit: FieldKit, other: FieldKit) -> None:
    """Cash was on the table when the battery died: nobody else pays before that bag was counted."""
    authorised = kit.authorise("ba-sau")
    open_ = {each.entitlement for each in kit.leases_of("ba-sau")}
    now = after(seat, 35)
    speaks(seat, kit, now - 60)
    next_month(seat, other, now + 30 * DAY)
    assert not open_ & {each.entitlement for each in seat.bundle(other).sealed.pay_list.leases}
    fact = authorised.fact
    assert isinstance(fact, j.PayoutAuthorised)
    kit.write(j.UncertainResolved(fact.payout, Outcome.NOT_PAID, Vnd(kit.opening), kit.operator))
    send(seat, kit, kit.seal())
    assert next_month(seat, other, now + 30 * DAY).rolled_over == len(open_)


# -- recall, and through the district to another device ----------------------------------------------------------------


def recall(seat: Seat, kit: FieldKit, *numbers: CitizenNumber) -> returned.Recalled:
    with seat.database.write() as connection:
        return returned.recall(connection, seat.home.area, kit.device, numbers)


def accepts(seat: Seat, kit: FieldKit) -> None:
    """The kit takes its newest bundle and says so."""
    held = seat.bundle(kit).header.held
    kit.write(j.BundleAccepted(held.incarnation, held.version, held.revocation_serial, Digest("0" * 64)))
    send(seat, kit, kit.seal())


def test_a_recalled_lease_goes_to_another_device_once_its_holder_says_that_it_is_gone(
    seat: Seat, kit: FieldKit, other: FieldKit
) -> None:
    mine = {each.entitlement for each in kit.leases_of("ba-sau")}
    done = recall(seat, kit, SAU)
    assert (done.back, done.asked, done.handed_over) == (0, len(mine), 0)
    assert next_month(seat, other, ids.server_clock() + DAY).granted == 0, "the kit may be paying them right now"
    accepts(seat, kit)
    assert kit.leases_of("ba-sau") == [], "and nothing else was taken"
    assert kit.leases_of("ba-khe")
    assert next_month(seat, other, ids.server_clock() + DAY).granted == len(mine)
    seat.bundle(other)
    other.pay("ba-sau")
    send(seat, other, other.seal())
    assert cases(seat) == set()


def test_what_was_paid_before_the_recall_came_stays_paid(seat: Seat, kit: FieldKit, other: FieldKit) -> None:
    mine = len(kit.leases_of("ba-sau"))
    recall(seat, kit, SAU)
    kit.pay("ba-sau")
    accepts(seat, kit)
    assert next_month(seat, other, ids.server_clock() + DAY).granted == 0
    assert (cases(seat), states(seat, kit)["spent"]) == (set(), mine)


def test_a_payout_after_the_recall_was_confirmed_is_kept_and_opens_a_case(
    seat: Seat, kit: FieldKit, other: FieldKit
) -> None:
    held = kit.pay_list
    recall(seat, kit, SAU)
    accepts(seat, kit)
    next_month(seat, other, ids.server_clock() + DAY)
    kit.pay_list = held
    kit.pay("ba-sau")
    send(seat, kit, kit.seal())
    assert cases(seat) == {CaseKind.LEASE_NOT_LIVE.value}


def test_a_lease_that_never_left_the_district_is_free_at_once(seat: Seat, other: FieldKit) -> None:
    assert next_month(seat, other, ids.server_clock() + DAY).granted > 0
    done = recall(seat, other)
    assert done.back > 0
    assert (done.asked, states(seat, other)) == (0, {LeaseState.RETURNED.value: done.back})


def test_a_lease_given_over_by_telephone_is_not_recalled(seat: Seat, kit: FieldKit, other: FieldKit) -> None:
    """The stand-in keeps its record outside any bundle: it ends by its hour, and rolls over."""
    taken(seat, kit, other)
    send(seat, kit, kit.seal())
    done = recall(seat, other)
    assert (done.back, done.asked, done.handed_over) == (0, 0, 1)


def test_a_recall_asks_an_active_holder(seat: Seat, kit: FieldKit) -> None:
    with pytest.raises(Unknown):
        recall(seat, kit, CitizenNumber("000000000000"))
    assert cli.main(["revoke", "device:kit-01", "--reason", "mất", "--home", str(seat.home.folder)]) == 0
    with pytest.raises(NotPermitted):
        recall(seat, kit)


def correct(seat: Seat, amount: int, period: Period = MONTH) -> None:
    owed = leases.Owed(SAU, Programme.SOCIAL_PENSION, period, Kind.MONTHLY)
    with seat.database.write() as connection:
        leases.correct_sum(connection, seat.home.area, owed, Vnd(amount))


def test_a_wrong_sum_is_recalled_corrected_and_granted_again(seat: Seat, kit: FieldKit, other: FieldKit) -> None:
    (wrong,) = {each.amount for each in kit.leases_of("ba-sau")}
    with pytest.raises(NotPermitted):
        correct(seat, wrong + 250_000)
    recall(seat, kit, SAU)
    with pytest.raises(NotPermitted):
        correct(seat, wrong + 250_000)
    accepts(seat, kit)
    correct(seat, wrong + 250_000)
    next_month(seat, other, ids.server_clock() + DAY)
    seat.bundle(other)
    assert {each.amount for each in other.leases_of("ba-sau")} == {wrong + 250_000}
    other.pay("ba-sau")
    send(seat, other, other.seal())
    assert cases(seat) == set()


@pytest.mark.parametrize("amount", [0, -1, MAX_AMOUNT + 1])
def test_a_sum_is_corrected_within_bounds_and_for_what_is_owed(seat: Seat, amount: int) -> None:
    with pytest.raises(BadInput):
        correct(seat, amount)
    with pytest.raises(Unknown):
        correct(seat, 500_000, Period(2001, 1))


# -- a lost device -----------------------------------------------------------------------------------------------------


def run(seat: Seat, *command: str) -> int:
    return cli.main([*command, "--home", str(seat.home.folder), "--by", "an"])


def officers(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    with seat.database.write() as connection:
        for login in ("an", "binh"):
            security.add_officer(connection, seat.home.area, login, login, OfficerRole.SUPERVISOR, PASSWORD)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n" * 3))


def free(seat: Seat, kit: FieldKit) -> leases.Granted:
    with seat.database.write() as connection:
        return leases.free(connection, seat.home.area, kit.device, "an", "binh")


def test_a_lost_kits_leases_are_locked_until_expiry_and_grace_then_two_officers_share_the_risk(
    seat: Seat, kit: FieldKit, other: FieldKit
) -> None:
    now = after(seat, 31)
    before = free(seat, kit)
    assert (before.granted, before.already > 0) == (0, True), "ended, but within the grace"
    now = after(seat, 33)
    assert next_month(seat, other, now + DAY).granted == 0, "one officer's command does not reach them"
    assert free(seat, kit).granted == before.already
    assert cases(seat) == {CaseKind.ACCEPTED_RISK.value}
    assert next_month(seat, other, now + DAY).granted == before.already


def test_the_lost_kit_comes_back_and_has_paid_then_both_claims_are_kept(
    seat: Seat, kit: FieldKit, other: FieldKit
) -> None:
    kit.pay("ba-sau")
    now = after(seat, 33)
    free(seat, kit)
    next_month(seat, other, now + DAY)
    seat.bundle(other)
    other.now = now
    other.pay("ba-sau")
    send(seat, other, other.seal())
    send(seat, kit, kit.seal())
    assert CaseKind.DOUBLE_CLAIM.value in cases(seat)


def test_one_officer_alone_frees_nothing(seat: Seat, kit: FieldKit, monkeypatch: pytest.MonkeyPatch) -> None:
    officers(seat, monkeypatch)
    assert run(seat, "device", "leases-free", kit.device, "--second", "an") == 3
    assert run(seat, "device", "leases-free", kit.device, "--second", "binh") == 0
    assert states(seat, kit).keys() == {LeaseState.LIVE.value}, "nothing has ended yet"
