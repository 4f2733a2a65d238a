"""Ways that people walk, from a touch to the journal: nothing between finger and disk is played."""

from __future__ import annotations

from kiosk.flow import screens as sc
from tests.journeys.conftest import Road


def start(road: Road) -> None:
    """Signed in, with the float the route needs."""
    road.visit.sign_in()
    road.visit.take_cash()


def test_a_recipient_is_paid_by_her_own_card_and_signs(road: Road) -> None:
    start(road)
    road.visit.pay("Nguyễn Thị Sáu", "ba-sau")
    assert road.slips() == 1
    route = road.player.see(sc.Route)
    assert route.shift.in_drawer == 1_000_000


def test_the_daughter_receives_for_her_father(road: Road) -> None:
    start(road)
    road.visit.pay("Trần Văn Tư", "con-lan", payee="Trần Thị Lan")
    assert road.slips() == 1
