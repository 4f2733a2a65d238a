"""Without a card, by touches, at a real district: the officer's code pays, and everything is proven afterwards."""

from __future__ import annotations

import json

import pytest

from agent_sync.district import cli, security, verify
from agent_sync.district.security import OfficerRole
from hardware.virtual.printer.server import Server
from kiosk.flow import screens as sc
from kiosk.flow import screens_override as so
from kiosk.payout import journal as j
from kiosk.payout.names import ConsentWay, Level
from tests.desk.area import HOA
from tests.desk.test_overrides import allowed
from tests.journeys.conftest import Road, sent_out
from tests.journeys.real_area import KIT, Area
from tests.journeys.test_money import facts, start

KHE = "Phạm Thị Khế"


def officer(area: Area, capsys: pytest.CaptureFixture[str], *command: str) -> dict[str, object]:
    """What the officer at the console is told."""
    assert cli.main(["override", *command, "--home", str(area.seat.home.folder), "--by", "hoa", "--json"]) == 0
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def test_a_code_by_telephone_pays_and_the_district_proves_it(
    area: Area, printer: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with area.seat.database.write() as connection:
        security.add_officer(connection, area.seat.home.area, "hoa", "Lê Thị Hoa", OfficerRole.CLERK, "a long password")
    officer(area, capsys, "caps", "--payout", "5000000", "--day", "9000000", "--times", "2")
    area.sign_in()
    area.meet()
    with sent_out(area, printer) as road:
        road.visit.sign_in()
        road.visit.take_cash()
        say = without_card(road)
        spoken = ("--device", KIT, "--request", say.asked.request, "--sum", str(say.asked.offer.total))
        assert officer(area, capsys, "look", *spoken)["full_name"] == KHE
        code = str(officer(area, capsys, "give", *spoken, "--reason", "card_lost")["code"])
        road.player.touch("heard")
        road.player.see(so.OverrideCode)
        road.player.type("000000000000")
        road.player.touch("done")
        wrong = road.player.until("a refusal", lambda now: isinstance(now, so.OverrideCode) and now.wrong is not None)
        assert isinstance(wrong, so.OverrideCode)
        road.player.type(code)
        road.player.touch("done")
        assert road.player.see(sc.ShowOffer).visit.override is not None
        road.visit._hand_over("override")
        road.visit._signature("override")
        road.visit._paper("override")
        road.visit.close()
    report = verify.verify(area.seat.home, area.seat.database)
    assert (report.problems, report.cases_by_kind, report.completed) == ([], {}, 1)
    assert (report.cash_variance_vnd, report.open_or_uncertain) == (0, 0)


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


def to_consent(road: Road) -> None:
    """From the route to the question who agrees."""
    road.visit.to_card(KHE, KHE, "override")
    road.player.touch("no-card")
    road.player.see(so.OverrideWhy)
    road.player.touch("because-card_lost")
    road.player.see(so.OverrideWitness)
    road.player.touch("other")
    road.player.see(sc.TypeName)
    road.player.spell("VOX VAWN BAYR")
    road.player.touch("done")
    road.player.see(so.OverrideConsent)


def without_card(road: Road) -> so.OverrideSay:
    """On to the numbers that are read out."""
    to_consent(road)
    road.player.touch("consent-telephone")
    return road.player.see(so.OverrideSay)
