"""A right to be paid that changes devices by telephone, by touches on both ends."""

from __future__ import annotations

from kiosk.exchange import release
from kiosk.flow import screens as sc
from kiosk.flow import screens_lease as sl
from kiosk.flow import values as v
from kiosk.payout import journal as j
from kiosk.payout.names import DeviceId, LeaseId
from tests.desk.test_leases import HANH, offered, record
from tests.journeys.conftest import Road
from tests.journeys.test_money import facts, start, to_money


def test_a_right_is_given_over_and_this_device_pays_no_more(road: Road) -> None:
    secret = release.new_secret(LeaseId("l1-ba-khe-11"), DeviceId("KIOSK2"))
    road.office.district.send_bundle(road.office.settings, 2, lease_secrets=(secret,))
    start(road)
    to_money(road)
    road.player.touch("release")
    road.player.see(sl.ChooseRelease)
    while not road.player.has("release-ba-khe"):
        road.player.touch("page-next")
    road.player.touch("release-ba-khe")
    road.player.see(sl.ConfirmRelease)
    road.player.touch("release")
    codes = road.player.see(sl.ReleaseCodes)
    assert [each.code for each in codes.codes] == [release.release_code(secret)]
    road.player.touch("print")
    road.player.until("the slip", lambda now: isinstance(now, sl.ReleaseCodes) and now.result is not None)
    road.player.touch("done")
    row = next(row for row in road.player.see(sc.Route).shift.rows if "Phạm Thị Khế" in row.names)
    assert row.due == 0
    assert any(isinstance(each, j.LeaseReleased) for each in facts(road))
    assert road.slips() == 1


def test_a_right_is_taken_over_by_its_code_and_paid(road: Road) -> None:
    stand_in, code = offered(record())
    road.office.district.send_bundle(road.office.settings, 2, stand_ins=(stand_in,))
    start(road)
    to_money(road)
    road.player.touch("accept")
    road.player.see(sl.TypeCitizen)
    road.player.type(HANH.number)
    road.player.touch("done")
    road.player.see(sl.TypeCode)
    road.player.type("000000000000")
    road.player.touch("done")
    refused = road.player.see(sc.RefusedScreen)
    assert refused.key is v.RefusalKey.RELEASE_CODE_WRONG
    road.player.touch("go-on")
    road.player.see(sc.Route)
    to_money(road)
    road.player.touch("accept")
    road.player.see(sl.TypeCitizen)
    road.player.type(HANH.number)
    road.player.touch("done")
    road.player.see(sl.TypeCode)
    road.player.type(code)
    road.player.touch("done")
    assert road.player.see(sl.LeaseTaken).row.total == 500_000
    road.player.touch("next")
    road.player.see(sc.Route)
    road.visit.pay(HANH.full_name, "me-hanh")
