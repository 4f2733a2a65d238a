"""Ways to a door and through it, from a touch to the journal: nothing between finger and disk is played."""

from __future__ import annotations

import pytest

from kiosk.flow import screens as sc
from kiosk.flow import values as v
from tests.journeys.conftest import Road

SAU, KHE = "Nguyễn Thị Sáu", "Phạm Thị Khế"


def start(road: Road) -> None:
    """Signed in, with the float the route needs."""
    road.visit.sign_in()
    road.visit.take_cash()


def at_card(road: Road, recipient: str = KHE, payee: str = "") -> None:
    """As far as "lay the card"."""
    start(road)
    road.visit.to_card(recipient, payee or recipient, "card")


def at_face(road: Road, card: str = "ba-khe", recipient: str = KHE) -> None:
    """As far as the photo."""
    at_card(road, recipient)
    road.player.lay(card)
    road.player.see(sc.ConfirmFace)


def at_cash(road: Road) -> None:
    """As far as the notes on the table."""
    at_face(road)
    road.player.touch("them")
    road.player.see(sc.ShowOffer)
    road.player.touch("right-sum")
    road.player.see(sc.HandOverCash)


def test_who_cannot_sign_gives_an_ink_print_with_a_witness_and_the_post_keeps_a_copy(road: Road) -> None:
    start(road)
    road.visit.pay(KHE, "ba-khe", ink_print=True)
    assert road.slips() == 2, "hers, and the agent's copy with room for the print"


def test_a_forged_card_gets_kind_words_and_the_agent_the_exact_ones(road: Road) -> None:
    start(road)
    road.visit.forged_card(SAU)
    assert road.player.see(sc.Route).shift.in_drawer == 2_000_000


def test_a_second_payment_is_refused(road: Road) -> None:
    start(road)
    road.visit.pay(KHE, "ba-khe")
    road.visit.second_payment(KHE, "ba-khe")


def test_a_card_pulled_out_mid_read_is_asked_for_again_and_then_paid(road: Road) -> None:
    at_card(road)
    road.player.lay("ba-khe:removed")
    again = road.player.until("the card again", lambda now: isinstance(now, sc.LayCard) and now.trouble is not None)
    assert isinstance(again, sc.LayCard)
    assert again.trouble is v.CardTrouble.REMOVED
    road.player.take()
    road.player.rest(0.5)
    road.player.lay("ba-khe")
    road.player.see(sc.ConfirmFace)


def test_the_neighbours_card_is_another_card(road: Road) -> None:
    at_card(road)
    road.player.lay("ba-sau")
    again = road.player.until("trouble", lambda now: isinstance(now, sc.LayCard) and now.trouble is not None)
    assert isinstance(again, sc.LayCard)
    assert again.trouble is v.CardTrouble.OTHER_CARD


def test_a_card_that_lies_there_already_is_read_at_once(road: Road) -> None:
    start(road)
    road.player.lay("ba-khe")
    road.player.until("the card", lambda now: now.frame.card_present)
    road.visit.to_door(KHE)
    road.player.touch("payee-ba-khe")
    road.player.see(sc.ConfirmFace)


def test_a_face_that_is_not_hers_is_not_paid(road: Road) -> None:
    at_face(road)
    road.player.touch("not-them")
    refused = road.player.see(sc.RefusedScreen)
    assert refused.key is v.RefusalKey.FACE_NOT_CONFIRMED


def test_the_card_taken_at_the_photo_takes_the_person_with_it(road: Road) -> None:
    at_face(road)
    road.player.take()
    road.player.until("the card again", lambda now: isinstance(now, sc.LayCard))


def disputed(road: Road) -> None:
    """As far as "the sum is not right"."""
    at_face(road)
    road.player.touch("them")
    road.player.see(sc.ShowOffer)
    road.player.touch("wrong-sum")
    road.player.see(sc.Disputed)


def test_a_disputed_sum_that_is_left_ends_as_unpaid_with_a_numbered_slip(road: Road) -> None:
    disputed(road)
    road.player.touch("leave-it")
    assert road.player.see(sc.SlipOut).number.startswith("KIT7-1-")
    assert road.slips() == 1
    road.player.touch("go-on")
    road.player.until("the way on", lambda now: isinstance(now, sc.TakeCard | sc.Route))
    road.player.take()
    route = road.player.see(sc.Route)
    row = next(row for row in route.shift.rows if KHE in row.names)
    assert row.status is v.VisitStatus.UNPAID


def test_a_disputed_sum_that_is_taken_is_paid_after_a_numbered_slip(road: Road) -> None:
    disputed(road)
    road.player.touch("take-it")
    assert road.player.see(sc.SlipOut).result is v.PrintResult.PRINTED
    road.player.touch("go-on")
    road.player.see(sc.HandOverCash)


def test_nobody_at_home_is_noted_and_can_be_visited_again(road: Road) -> None:
    start(road)
    road.visit.to_door(KHE)
    road.player.touch("unpaid")
    road.player.see(sc.UnpaidReasonScreen)
    road.player.touch("unpaid-absent")
    road.player.see(sc.Route)
    road.visit.pay(KHE, "ba-khe")


def test_a_void_after_cash_was_shown_needs_a_count(road: Road) -> None:
    at_cash(road)
    road.player.touch("not-all")
    road.player.see(sc.VoidReasonScreen)
    road.player.touch("void-recipient_declined")
    road.player.see(sc.VoidShown)
    road.player.touch("shown")
    road.player.see(sc.VoidCount)
    road.player.count(road.visit.drawer.counts)
    road.player.touch("counted")
    assert road.player.see(sc.SlipOut).result is v.PrintResult.PRINTED
    road.player.touch("go-on")
    door = road.player.see(sc.AtDoor)
    assert door.shift.in_drawer == 2_000_000


def test_the_lock_keeps_the_work_and_the_pin_brings_it_back(road: Road) -> None:
    start(road)
    road.player.touch("menu")
    road.player.see(sc.Menu)
    road.player.touch("lock")
    road.player.see(sc.EnterPin)
    road.visit.type_pin()
    road.player.see(sc.Menu)


def test_a_wrong_pin_is_counted_and_the_fifth_locks_the_slot(road: Road) -> None:
    player = road.player
    player.see(sc.Idle)
    player.touch("begin")
    player.see(sc.ChooseOperator)
    player.touch("operator-tam")
    player.see(sc.EnterPin)
    for left in (4, 3, 2, 1, 0):
        player.type("314159")
        player.touch("done")
        player.until(
            f"{left} tries",
            lambda now, left=left: isinstance(now, sc.EnterPin) and now.tries_left == left,  # type: ignore[misc]
        )
    player.type("271828")
    assert isinstance(player.screen, sc.EnterPin)
    assert player.screen.typed == "", "a locked slot takes no digits"


def test_after_a_power_cut_the_uncertain_payout_comes_first(road: Road) -> None:
    at_cash(road)
    road.player.take()
    road.cut_power()
    road.visit.sign_in_only()
    found = road.player.see(sc.UncertainFound)
    assert found.case.total == 500_000
    road.player.touch("count")
    road.player.see(sc.UncertainCount)
    road.player.count((3, 0, 0, 0, 0, 0, 0, 0, 0))
    road.player.touch("counted")
    decide = road.player.see(sc.UncertainDecide)
    assert decide.case.expected_if_paid == decide.count.notes.amount, "the notes are gone: it was paid"
    road.player.touch("paid")
    road.player.until("the day", lambda now: isinstance(now, sc.Route | sc.SetDate))


def test_no_paper_is_said_and_the_reprint_is_marked(road: Road) -> None:
    at_cash(road)
    road.printer.machine.roll.left = 0
    road.player.touch("got-all")
    road.player.see(sc.Sign)
    road.player.sign()
    road.player.touch("signed")
    paid = road.player.until("the slip", lambda now: isinstance(now, sc.Paid) and now.awaited is None)
    assert isinstance(paid, sc.Paid)
    assert paid.result is v.PrintResult.FAILED
    road.printer.machine.roll.left = 100_000
    road.player.touch("reprint")
    road.player.until("the reprint", lambda now: isinstance(now, sc.Paid) and now.result is v.PrintResult.PRINTED)
    assert road.slips() == 1


def test_a_full_disk_is_said_and_the_signature_can_be_given_again(road: Road) -> None:
    at_cash(road)
    road.player.touch("got-all")
    road.player.see(sc.Sign)
    road.fill_disk(full=True)
    road.player.scribble()
    road.player.touch("signed")
    fault = road.player.see(sc.FaultScreen)
    assert fault.trouble is v.Trouble.DISK_FULL
    road.fill_disk(full=False)
    road.player.touch("go-on")
    road.player.see(sc.Sign)
    road.player.touch("signed")
    road.player.see(sc.Paid)


@pytest.mark.parametrize("language", ["en", "km"])
def test_another_language_is_one_touch_away(road: Road, language: str) -> None:
    road.player.see(sc.Idle)
    road.player.touch(f"language-{language}")
    assert road.player.screen.frame.language == language


def test_help_lies_over_the_screen_and_goes_away(road: Road) -> None:
    start(road)
    road.player.touch("help")
    road.player.see(sc.HelpScreen)
    road.player.touch("understood")
    road.player.see(sc.Route)
