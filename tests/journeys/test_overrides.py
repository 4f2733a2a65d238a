"""Without a card, by touches: a supervisor agrees by the own card. The code by telephone is in ``test_balanced``."""

from __future__ import annotations

from kiosk.flow import screens as sc
from kiosk.flow import screens_override as so
from kiosk.payout import journal as j
from kiosk.payout.names import ConsentWay, Level
from tests.desk.area import HOA
from tests.desk.test_overrides import allowed
from tests.journeys.conftest import Road
from tests.journeys.test_money import facts, start

KHE = "Phạm Thị Khế"


def test_a_supervisor_agrees_with_the_own_card(road: Road) -> None:
    allowed(road.office)
    start(road)
    to_consent(road)
    road.player.touch("consent-card")
    road.player.see(so.SupervisorCard)
    road.player.lay("ba-khe")
    other = road.player.until("trouble", lambda now: isinstance(now, so.SupervisorCard) and now.trouble is not None)
    assert isinstance(other, so.SupervisorCard)
    road.player.take()
    road.player.rest(0.2)
    road.player.lay("con-lan")
    road.player.see(so.SupervisorFace)
    road.player.touch("them")
    road.player.see(sc.ShowOffer)
    road.visit._hand_over("override")
    road.visit._signature("override")
    road.visit._paper("override")
    paid = next(each for each in facts(road) if isinstance(each, j.PayoutAuthorised))
    assert paid.override is not None
    assert (paid.level, paid.override.way, paid.override.given_by) == (Level.C, ConsentWay.CARD, HOA)


def to_consent(road: Road, who: str = KHE) -> None:
    """From the route to the question who agrees."""
    road.visit.to_card(who, who, "override")
    road.player.touch("no-card")
    road.player.see(so.OverrideWhy)
    road.player.touch("because-card_lost")
    road.player.see(so.OverrideWitness)
    road.player.touch("other")
    road.player.see(sc.TypeName)
    road.player.spell("VOX VAWN BAYR")
    road.player.touch("done")
    road.player.see(so.OverrideConsent)


def without_card(road: Road, who: str) -> so.OverrideSay:
    """On to the numbers that are read out."""
    to_consent(road, who)
    road.player.touch("consent-telephone")
    return road.player.see(so.OverrideSay)
