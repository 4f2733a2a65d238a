"""A receipt that was lost: printed again after a restart it says the same, and is counted."""

from __future__ import annotations

from pathlib import Path

from hardware.virtual.card.field import Field
from kiosk.desk.received import Received, received
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.flow.effects_money import ListPayouts
from kiosk.flow.events_money import PayoutsListed
from kiosk.payout import journal as j
from tests.desk.area import Office
from tests.desk.test_payouts import KHE, authorised, counter, facts, pcsc, printer

__all__ = ["counter", "pcsc", "printer"]


def test_a_receipt_lost_and_printed_again_after_a_restart_says_the_same(
    counter: tuple[Office, Field], tmp_path: Path
) -> None:
    office, reader = counter
    offer, payout = authorised(office, reader, "ba-khe", KHE)
    office.ask(lambda o: ef.Complete(o, payout, offer.hand_over, (), v.CannotSign.TREMOR, "Đinh Văn Củ"), ev.Completed)
    office.ask(lambda o: ef.Print(o, payout, 0), ev.Printed)
    office.lock()
    office.sign_in()
    (row,) = office.ask(ListPayouts, PayoutsListed).rows
    assert (row.payout, row.prints) == (payout, 1)
    assert office.ask(lambda o: ef.Print(o, payout, row.prints), ev.Printed).result is v.PrintResult.PRINTED
    assert [each.fact.copy for each in facts(office, j.ReceiptPrinted) if isinstance(each.fact, j.ReceiptPrinted)] == [
        0,
        1,
    ]
    assert len(list((tmp_path / "paper").glob("*.png"))) == 4, "for the recipient and for the ink print, twice"
    assert _received(office, payout) == Received(None, v.CannotSign.TREMOR, "Đinh Văn Củ")


def _received(office: Office, payout: v.PayoutId) -> Received:
    """Asked in the thread that owns the store."""
    found: list[Received] = []
    office.desk._jobs.put(lambda: found.append(received(office.desk._require(), payout)))
    office.sync()
    return found[0]
