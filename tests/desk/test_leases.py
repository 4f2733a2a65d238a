"""Leases by telephone at a real desk: durable before the code, no data before the code, every misuse its own key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.exchange import bundle as xb
from kiosk.exchange import release
from kiosk.flow import effects_lease as ef
from kiosk.flow import events as ev
from kiosk.flow import events_lease as el
from kiosk.flow.effects import LoadRoute, SetClock
from kiosk.payout import journal as j
from kiosk.payout.names import (
    DeviceId,
    EntitlementId,
    Epoch,
    HouseholdId,
    Kind,
    LeaseId,
    Period,
    PersonId,
    Programme,
    RefusalKey,
    UnixSeconds,
    Vnd,
)
from kiosk.payout.paylist import Entitlement, Lease
from kiosk.payout.people import Recipient
from tests.desk.area import DEVICE, NOW, Office, pay_list, person

HOLDER, OTHER = DeviceId("KIT9"), DeviceId("KIOSK2")
HANH = person("me-hanh")


def record(number: int = 1, expires_at: int = NOW + 86_400) -> release.LeaseRecord:
    """Mẹ Hạnh's month, leased to another kit."""
    owed = Entitlement(
        EntitlementId("me-hanh-11"),
        HANH.id,
        Programme.MERIT,
        Period(2026, 11),
        Kind.MONTHLY,
        "Sheet1!9",
        Vnd(500_000),
    )
    held = Lease(LeaseId(f"far-{number}"), owed.id, HOLDER, Epoch(3), owed.amount, "cd" * 16, UnixSeconds(expires_at))
    recipient = Recipient(HANH, HouseholdId("h9"), "Ấp Kênh Xáng", "Số 9", 9)
    return release.LeaseRecord(recipient, (), owed, held)


def offered(found: release.LeaseRecord, me: DeviceId = DEVICE) -> tuple[xb.StandIn, str]:
    """What the stand-in's bundle carries, and the code that the holder would say."""
    secret = release.new_secret(found.lease.id, me)
    return release.make_stand_in(secret, HOLDER, found), release.release_code(secret)


def working(office: Office, *stand_ins: xb.StandIn, secrets: tuple[xb.LeaseSecret, ...] = ()) -> None:
    """Signed in, with a bundle that names this device as holder and stand-in."""
    office.district.send_bundle(office.settings, 2, stand_ins=stand_ins, lease_secrets=secrets)
    office.work()


def take(office: Office, code: str, number: str = HANH.number) -> el.LeaseGot | ev.Refused:
    return office.ask(lambda o: ef.TakeLease(o, number, code), el.LeaseGot, ev.Refused)


def give(office: Office, who: str = "ba-khe") -> el.LeasesReleased | ev.Refused:
    return office.ask(lambda o: ef.ReleaseLeases(o, PersonId(who)), el.LeasesReleased, ev.Refused)


def no(answer: object) -> RefusalKey:
    assert isinstance(answer, ev.Refused)
    return answer.key


def facts(office: Office) -> list[j.Fact]:
    office.sync()
    return [each.fact for each in office.district.entries(office.settings)]


def test_a_lease_is_given_over_once_and_its_code_can_be_shown_again(office: Office) -> None:
    secret = release.new_secret(LeaseId("l1-ba-khe-11"), OTHER)
    working(office, secrets=(secret,))
    answer = give(office)
    assert isinstance(answer, el.LeasesReleased)
    assert [each.code for each in answer.codes] == [release.release_code(secret)]
    assert (answer.row.stand_in, answer.row.given) == (OTHER, True)
    again = give(office)
    assert isinstance(again, el.LeasesReleased)
    assert again.codes == answer.codes
    released = [each for each in facts(office) if isinstance(each, j.LeaseReleased)]
    assert released == [j.LeaseReleased(LeaseId("l1-ba-khe-11"), OTHER, released[0].operator)], "one fact, two looks"


def test_without_a_named_stand_in_nothing_is_given(office: Office) -> None:
    working(office)
    assert no(give(office)) is RefusalKey.NO_STAND_IN
    assert not [each for each in facts(office) if isinstance(each, j.LeaseReleased)]


def test_the_list_says_whose_right_lies_here(office: Office) -> None:
    secret = release.new_secret(LeaseId("l1-ba-khe-11"), OTHER)
    working(office, secrets=(secret,))
    listed = office.ask(ef.ListLeases, el.LeasesListed)
    rows = {each.recipient.id: each for each in listed.rows}
    assert rows[PersonId("ba-khe")].stand_in == OTHER
    assert rows[PersonId("ba-sau")].total == 1_000_000
    assert not any(each.given for each in listed.rows)


def test_a_code_brings_the_person_and_the_right_to_pay_and_survives_a_restart(office: Office) -> None:
    stand_in, code = offered(record())
    working(office, stand_in)
    assert "Hạnh" not in str([each.names for each in office.ask(LoadRoute, ev.RouteLoaded).rows]), (
        "nobody's data before"
    )
    got = take(office, code)
    assert isinstance(got, el.LeaseGot)
    assert (got.row.recipient.full_name, got.row.total) == (HANH.full_name, 500_000)
    assert any(HANH.full_name in row.names and row.due == 500_000 for row in got.shift.rows)
    office.cut_power()
    office.start()
    signed = office.sign_in()
    assert isinstance(signed, ev.SignedIn)
    assert any(HANH.full_name in row.names and row.due == 500_000 for row in signed.shift.rows)


def test_a_code_works_once(office: Office) -> None:
    stand_in, code = offered(record())
    working(office, stand_in)
    assert isinstance(take(office, code), el.LeaseGot)
    assert no(take(office, code)) is RefusalKey.RELEASE_CODE_USED


def test_a_code_of_an_earlier_grant_is_told_apart_from_a_wrong_one(office: Office) -> None:
    stand_in, code = offered(record())
    working(office, stand_in)
    assert isinstance(take(office, code), el.LeaseGot)
    anew, newer = offered(record(2))
    office.district.send_bundle(office.settings, 3, stand_ins=(anew,))
    office.sync()
    assert no(take(office, code)) is RefusalKey.RELEASE_CODE_USED
    assert no(take(office, "000000000000")) is RefusalKey.RELEASE_CODE_WRONG
    assert isinstance(take(office, newer), el.LeaseGot)


@pytest.mark.parametrize("number", [person("ba-sau").number, "0" * 12])
def test_who_is_not_named_here_is_not_taken_over(office: Office, number: str) -> None:
    stand_in, code = offered(record())
    working(office, stand_in)
    assert no(take(office, code, number)) is RefusalKey.NOT_THE_STAND_IN


def test_a_code_meant_for_another_stand_in_opens_nothing(office: Office) -> None:
    mine, _ = offered(record())
    _, theirs = offered(record(), OTHER)
    working(office)
    assert no(take(office, theirs)) is RefusalKey.NOT_THE_STAND_IN, "a lease has one: this is not it"
    office.district.send_bundle(office.settings, 3, stand_ins=(mine,))
    office.sync()
    assert no(take(office, theirs)) is RefusalKey.RELEASE_CODE_WRONG, "of another grant, no device can tell more"


def test_an_expired_lease_is_not_taken_over(office: Office) -> None:
    stand_in, code = offered(record(expires_at=NOW - 1))
    working(office, stand_in)
    assert no(take(office, code)) is RefusalKey.LEASE_EXPIRED


def test_an_expired_lease_is_not_given_over(office: Office) -> None:
    listed = pay_list(2)
    old = tuple(replace(each, expires_at=UnixSeconds(NOW - 1)) for each in listed.leases)
    secret = release.new_secret(LeaseId("l1-ba-khe-11"), OTHER)
    office.district.send_bundle(office.settings, 2, replace(listed, leases=old), lease_secrets=(secret,))
    office.work()
    assert no(give(office)) is RefusalKey.LEASE_EXPIRED


def test_wrong_codes_are_counted_over_a_restart_and_the_sixth_waits_an_hour(office: Office) -> None:
    stand_in, code = offered(record())
    working(office, stand_in)
    for guess in range(3):
        assert no(take(office, f"{guess:012d}")) is RefusalKey.RELEASE_CODE_WRONG
    office.cut_power()
    office.start()
    office.sign_in()
    office.ask(lambda o: SetClock(o, date(2026, 11, 9)), ev.ClockAccepted)
    for guess in range(3, 5):
        assert no(take(office, f"{guess:012d}")) is RefusalKey.RELEASE_CODE_WRONG
    assert no(take(office, code)) is RefusalKey.RELEASE_CODE_LOCKED, "even the right one waits"
    office.desk._hours.operator_said(UnixSeconds(NOW + 3_700))
    assert isinstance(take(office, code), el.LeaseGot)
    tried = [each for each in facts(office) if isinstance(each, j.CodeRefused)]
    assert [each.tries for each in tried] == [1, 2, 3, 4, 5]
    assert not any(code in str(each) for each in tried), "the digits themselves are nowhere"
