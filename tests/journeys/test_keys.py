"""Another PIN and a forgotten one, by real touches on the real desk, with a lock in between."""

from __future__ import annotations

from kiosk.demo.stage import PIN
from kiosk.desk import orders
from kiosk.flow import screens as sc
from kiosk.flow.halt import Halt
from kiosk.vault.codes import new_codes
from kiosk.vault.unlocked import Unlocked
from tests.desk.area import OPERATOR
from tests.journeys.conftest import Road
from tests.journeys.test_visits import start

NEW_PIN, NEXT_PIN = "604173", "715294"


def answers(road: Road, *digits: str) -> None:
    """Each on the pad, each with the tick."""
    for each in digits:
        road.player.type(each)
        road.player.touch("done")
        road.player.until("the next question", lambda now: not getattr(now, "typed", ""))


def stage(road: Road, wanted: sc.PinStage) -> None:
    road.player.until(f"{wanted}", lambda now: isinstance(now, sc.NewPin) and now.stage is wanted)


def test_a_pin_is_changed_and_the_lock_takes_the_new_one(road: Road) -> None:
    start(road)
    road.player.touch("menu")
    road.player.see(sc.Menu)
    road.player.touch("new-pin")
    stage(road, sc.PinStage.PROOF)
    answers(road, PIN, NEW_PIN, NEW_PIN)
    stage(road, sc.PinStage.DONE)
    road.player.touch("go-on")
    road.player.see(sc.Route)
    road.player.touch("menu")
    road.player.touch("lock")
    assert road.player.see(sc.EnterPin).under is not None
    answers(road, NEW_PIN)
    road.player.see(sc.Menu)


def test_who_forgot_the_pin_comes_in_by_a_code_of_the_district(road: Road) -> None:
    supervisor = road.office.vault.unlock(OPERATOR, PIN)
    assert isinstance(supervisor, Unlocked)
    made = new_codes(1)
    code = made[0].typed
    road.office.vault.put_rescue_codes(supervisor, made)
    player = road.player
    player.see(sc.Idle)
    player.touch("begin")
    player.see(sc.ChooseOperator)
    player.touch("operator-tam")
    player.see(sc.EnterPin)
    player.type("111222")
    player.touch("done")
    player.until("the wrong PIN is said", lambda now: isinstance(now, sc.EnterPin) and now.tries_left == 4)
    player.touch("forgot")
    stage(road, sc.PinStage.PROOF)
    answers(road, code, NEXT_PIN, NEXT_PIN)
    player.until("a working day", lambda now: isinstance(now, sc.SetDate | sc.CountFloat))


def test_a_wiped_kit_says_so_when_it_is_switched_on(road: Road) -> None:
    orders.destroy(road.office.settings)
    road.cut_power()
    road.player.see(sc.Halted)
    assert road.kiosk.screen.frame.halt is Halt.WIPED
