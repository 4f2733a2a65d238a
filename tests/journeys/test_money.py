"""Cash between payouts, by touches: what two people do with it, and what comes back."""

from __future__ import annotations

import io
import sys

import pytest

from agent_sync import courier_home, stick
from kiosk import cli
from kiosk.demo.stage import PIN
from kiosk.flow import screens as sc
from kiosk.flow import screens_money as sm
from kiosk.flow import values as v
from kiosk.flow.stick import StickState
from kiosk.payout import journal as j
from kiosk.payout.cash import Notes
from tests.desk.area import MINH, OPERATOR
from tests.journeys.conftest import Road

KHE, SAU = "Phạm Thị Khế", "Nguyễn Thị Sáu"
MINH_PIN = "593021"
MORE = Notes.of({500_000: 1, 20_000: 2})


def start(road: Road) -> None:
    """Signed in, with the float the route needs."""
    road.visit.sign_in()
    road.visit.take_cash()


def to_money(road: Road) -> sm.MoneyMenu:
    """The cash menu."""
    road.player.touch("menu")
    road.player.see(sc.Menu)
    road.player.touch("money")
    return road.player.see(sm.MoneyMenu)


def count(road: Road, notes: Notes) -> None:
    """The stack on the pad, and done."""
    road.player.count(notes.counts)
    road.player.touch("counted")


def done(road: Road) -> sm.Noted:
    """Written down and printed."""
    noted = road.player.until("the slip", lambda now: isinstance(now, sm.Noted) and now.awaited is None)
    assert isinstance(noted, sm.Noted)
    assert noted.result is v.PrintResult.PRINTED
    return noted


def facts(road: Road) -> list[j.Fact]:
    """All that lies sealed for the district after one round of mail."""
    road.player.touch("menu")
    road.player.see(sc.Menu)
    road.player.touch("sync")
    road.player.see(sc.SyncState)
    road.player.rest(2)
    road.player.touch("back")
    road.player.see(sc.Route)
    return [each.fact for each in road.office.district.entries(road.office.settings)]


def by_stick(road: Road) -> None:
    """Where there is no network: the courier and a stick, and the page that says when to take it out."""
    link = courier_home.Link("https://localhost:1", "a", "b", 1)
    kit = courier_home.CourierHome(road.folder, road.office.settings.outbox.parent, link)
    (road.folder / "stick").mkdir()
    road.player.touch("menu")
    road.player.see(sc.Menu)
    road.player.touch("sync")
    road.player.see(sc.SyncState)
    road.player.touch("stick")
    road.player.see(sc.UsbStick)
    carried = stick.exchange(kit, road.folder / "stick")
    assert carried.sent > 0
    told = road.player.until("the stick", lambda now: now.frame.stick.state is StickState.DONE)
    assert told.frame.stick.sent == carried.sent
    road.player.touch("done")
    road.player.see(sc.SyncState)
    road.player.touch("back")
    road.player.see(sc.Route)


@pytest.fixture
def two(road: Road, monkeypatch: pytest.MonkeyPatch) -> Road:
    """A device on which a second operator may sign in."""
    road.visit.sign_in_only()
    road.player.until("the day", lambda now: isinstance(now, sc.SetDate | sc.CountFloat))
    road.player.touch("back")
    road.player.see(sc.Idle)
    road.player.rest(1)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PIN}\n{MINH_PIN}"))
    home = str(road.office.settings.home)
    assert cli.main(["operator", "add", MINH, "--by", OPERATOR, "--home", home]) == 0
    return road


def sign_in_minh(road: Road) -> None:
    """The colleague's turn."""
    road.player.see(sc.Idle)
    road.player.touch("begin")
    road.player.see(sc.ChooseOperator)
    road.player.touch("operator-minh")
    road.player.see(sc.EnterPin)
    road.player.type(MINH_PIN)
    road.player.touch("done")


def second_to_oneself(road: Road) -> None:
    """The agent's own name is no second person."""
    to_money(road)
    road.player.touch("cash-added")
    road.player.see(sm.CountMove)
    count(road, MORE)
    road.player.see(sm.ChooseSecond)
    road.player.touch("other")
    road.player.see(sc.TypeName)
    road.player.spell("LEE THIJ TAAM")
    road.player.touch("done")
    assert road.player.see(sc.RefusedScreen).key is v.RefusalKey.SECOND_PERSON_NEEDED
    road.player.touch("go-on")
    road.player.see(sc.Route)


def test_more_cash_comes_from_the_cashier_and_some_goes_back(road: Road) -> None:
    start(road)
    second_to_oneself(road)
    assert to_money(road).shift.in_drawer == 2_000_000
    road.player.touch("cash-added")
    road.player.see(sm.CountMove)
    count(road, MORE)
    road.player.see(sm.ChooseSecond)
    road.player.touch("second-0")
    assert done(road).shift.in_drawer == 2_540_000
    road.player.touch("next")
    to_money(road)
    road.player.touch("cash-returned")
    road.player.see(sm.CountMove)
    count(road, Notes.of({20_000: 2}))
    road.player.see(sm.ChooseSecond)
    road.player.touch("other")
    road.player.see(sc.TypeName)
    road.player.spell("DDINH THIJ CUCS")
    road.player.touch("done")
    assert done(road).notice.second == "Đinh Thị Cúc"
    road.player.touch("next")
    assert road.player.see(sc.Route).shift.in_drawer == 2_500_000
    assert road.slips() == 2
    by_stick(road)
    moved = [each for each in facts(road) if isinstance(each, j.CashAdded | j.CashReturned)]
    assert [(each.amount, each.second) for each in moved] == [(540_000, "Quỹ bưu cục"), (40_000, "Đinh Thị Cúc")]


def test_the_shift_is_handed_to_the_next_operator(two: Road) -> None:
    start(two)
    two.visit.pay(KHE, "ba-khe")
    to_money(two)
    two.player.touch("cash-handed_over")
    two.player.see(sm.CountMove)
    left = two.visit.drawer
    count(two, left)
    second = two.player.see(sm.ChooseSecond)
    assert second.names == ("Phạm Văn Minh",)
    two.player.touch("second-0")
    done(two)
    two.player.touch("next")
    assert two.player.see(sc.CloseVariance).report.variance == 0
    two.player.touch("close")
    two.player.until("the report", lambda now: isinstance(now, sc.Closed) and now.awaited is None)
    two.player.touch("sign-out")
    sign_in_minh(two)
    two.player.see(sc.CountFloat)
    count(two, left)
    source = two.player.see(sc.ChooseSource)
    assert "Lê Thị Tâm" in source.shift.sources
    two.player.touch(f"source-{source.shift.sources.index('Lê Thị Tâm')}")
    assert two.player.see(sc.Route).shift.in_drawer == left.amount
    two.visit.drawer = left
    two.visit.pay(SAU, "ba-sau")


def test_a_colleagues_open_session_is_closed_before_anybody_else_pays(two: Road) -> None:
    start(two)
    two.player.touch("menu")
    two.player.see(sc.Menu)
    two.player.touch("lock")
    two.player.see(sc.EnterPin)
    two.player.touch("back")
    sign_in_minh(two)
    other = two.player.see(sm.OtherSession)
    assert other.shift.session_of == v.OperatorName(OPERATOR, "Lê Thị Tâm")
    two.player.touch("close")
    two.player.see(sc.CountClose)
    count(two, two.visit.drawer)
    assert two.player.see(sc.CloseVariance).report.variance == 0
    two.player.touch("close")
    two.player.until("the report", lambda now: isinstance(now, sc.Closed) and now.awaited is None)
    two.player.touch("sign-out")
    sign_in_minh(two)
    two.player.see(sc.CountFloat)
