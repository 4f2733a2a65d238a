"""A pay point's queue by touch: a scan or six digits, then the card that already lies there or comes next."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import events as ev
from kiosk.flow import screens as sc
from kiosk.flow import values as v
from tests.desk.area import person
from tests.journeys.conftest import Road


def at_queue(road: Road) -> sc.Queue:
    """The device stands at a pay point, signed in, float counted."""
    road.visit.sign_in()
    road.player.see(sc.CountFloat)
    point = replace(road.kiosk.screen.frame, profile=v.Profile.PAY_POINT)
    road.kiosk.screen = sc.with_frame(road.kiosk.screen, point)
    road.player.count(road.player.see(sc.CountFloat).shift.plan.counts)
    road.player.touch("counted")
    road.player.see(sc.ChooseSource)
    road.player.touch("source-0")
    return road.player.see(sc.Queue)


def test_six_digits_then_the_card_that_lies_there_already(road: Road) -> None:
    at_queue(road)
    road.player.lay("ba-khe")
    road.player.until("the card", lambda now: now.frame.card_present)
    road.player.see(sc.Queue)
    road.player.touch("digits")
    road.player.see(sc.TypeNumber)
    road.player.type(person("ba-khe").number[-6:])
    road.player.touch("done")
    assert road.player.see(sc.ConfirmFace).face.payee.id == "ba-khe"


def test_a_scan_leads_to_the_card_and_the_next_person_finds_the_queue(road: Road) -> None:
    at_queue(road)
    who = person("ba-sau")
    road.kiosk.post(ev.Scanned(f"{who.number}||{who.full_name}|01011950|Nữ|Ấp Bến Đò|01012021"))
    assert road.player.see(sc.LayCard).visit.payee is not None
    road.player.touch("back")
    road.player.see(sc.AtDoor)
    road.player.touch("back")
    road.player.see(sc.Queue)


def test_a_stranger_is_told_kindly_and_the_queue_goes_on(road: Road) -> None:
    at_queue(road)
    road.kiosk.post(ev.Scanned("079000000000||Người Lạ|01011950|Nữ|Xa|01012021"))
    road.player.until("nobody", lambda now: isinstance(now, sc.Queue) and now.unknown)
    road.player.touch("list")
    road.player.see(sc.Route)
    road.player.touch("back")
    assert not road.player.see(sc.Queue).unknown
