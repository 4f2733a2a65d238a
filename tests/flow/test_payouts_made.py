"""What was paid, once more: a receipt that was lost is printed again and counted, or the payout is taken back."""

from __future__ import annotations

from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import events_money as em
from kiosk.flow import screens as sc
from kiosk.flow import screens_money as sm
from kiosk.flow import values as v
from kiosk.flow.effects_money import ListPayouts, PrintNotice
from kiosk.flow.screens_cash import Visit
from kiosk.flow.values_house import Wording
from tests.flow.explore import HERE, HOUSE, SHIFT
from tests.flow.walker import Walker
from tests.screens import gallery_house
from tests.screens.gallery import LANH, THUAN
from tests.screens.gallery_money import paid_row

LISTED = (paid_row(LANH, 38), paid_row(THUAN, 31))


def listed() -> Walker:
    """The list of what was paid stands on the screen."""
    walker = Walker(sm.MoneyMenu(HERE, SHIFT))
    walker.does(em.AskPayouts())
    walker.does(em.PayoutsListed(walker.number(ListPayouts), LISTED))
    return walker


def test_a_payout_is_found_and_its_receipt_printed_with_the_next_number() -> None:
    walker = listed()
    walker.does(ev.AskWords(Wording.FIND), *(ev.Letter(key) for key in "LANHF"), ev.Confirm())
    assert walker.on(sm.ChoosePayout).search == "LANHF"
    walker.does(em.PayoutChosen(LISTED[0].payout), ev.AskReprint(), ev.AskReprint())
    asked = walker.last(ef.Print)
    assert (asked.payout, asked.copy) == (LISTED[0].payout, 1)
    assert sum(isinstance(each, ef.Print) for each in walker.effects) == 1, "a second touch prints nothing"
    walker.does(ev.Back())
    walker.on(sm.PaidPayout)
    walker.does(ev.Printed(asked.operation, v.PrintResult.UNKNOWN), ev.PaperSeen(printed=False))
    assert walker.last(ef.NotePaper) == ef.NotePaper(LISTED[0].payout, 1, printed=False)
    walker.does(ev.AskReprint())
    assert walker.last(ef.Print).copy == 2
    walker.does(ev.Printed(walker.number(ef.Print), v.PrintResult.PRINTED), ev.Back())
    assert [row.prints for row in walker.on(sm.ChoosePayout).rows] == [3, 1]


def test_only_the_agent_sees_what_was_paid_and_the_reversal_asks_why() -> None:
    walker = listed()
    walker.does(em.PayoutChosen(LISTED[1].payout), em.AskReversal())
    assert walker.on(sm.ReversalReasonScreen).row == LISTED[1]
    assert walker.said() == []


def test_the_slip_of_what_was_said_is_printed_again_and_awaited() -> None:
    slip = dict(gallery_house.screens(HERE, SHIFT, Visit(HOUSE)))["slip-complaint"]
    walker = Walker(slip)
    walker.does(ev.AskReprint(), ev.AskReprint(), ev.Confirm())
    assert walker.on(sc.SlipOut).awaited == walker.number(PrintNotice)
    walker.does(ev.Printed(walker.number(PrintNotice), v.PrintResult.PRINTED))
    assert walker.on(sc.SlipOut).result is v.PrintResult.PRINTED
