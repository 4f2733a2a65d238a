"""A card that leaves before it signed: asked for once more, then the device's word, and level and paper say so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardware.virtual.card.field import Field
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.payout import journal as j
from kiosk.payout.names import Level, Programme, RefusalKey, WitnessKind
from kiosk.payout.paylist import Policy
from tests.desk.area import Office, pay_list
from tests.desk.test_payouts import HOMES, KHE, complete, counter, facts, lay, offered, pcsc, printer, read

__all__ = ["counter", "pcsc", "printer"]  # fixtures


def confirmed_without_a_card(
    office: Office, reader: Field, *, card_left: bool
) -> ev.Authorised | ev.Refused | ev.Failed:
    """Bà Khế takes her card back as soon as she has seen the sum."""
    lay(office, reader, "ba-khe")
    answer = read(office, HOMES[KHE], KHE)
    assert isinstance(answer, ev.CardRead)
    made = offered(office, answer.operation, KHE)
    assert isinstance(made, ev.OfferMade)
    assert made.offer.level is Level.A
    reader.take()
    office.recorder.wait(ev.CardTaken)
    total, notes = made.offer.total, made.offer.hand_over
    return office.ask(
        lambda o: ef.Authorise(o, answer.operation, KHE, total, notes, card_left), ev.Authorised, ev.Refused, ev.Failed
    )


def level_b_pays(office: Office) -> None:
    """The district lets level B pay the pension."""
    policy = Policy(complaint_phone="1900 0000", level_b_programmes=(Programme.SOCIAL_PENSION,))
    office.district.send_bundle(office.settings, 2, replace(pay_list(2), policy=policy))
    office.sync()


def test_the_second_time_it_is_the_devices_word_at_level_b(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    level_b_pays(office)
    first = confirmed_without_a_card(office, reader, card_left=False)
    assert first == ev.Failed(first.operation, v.Trouble.CARD_GONE)
    done = confirmed_without_a_card(office, reader, card_left=True)
    assert isinstance(done, ev.Authorised)
    offer = next(each.offer for each in reversed(office.recorder.seen) if isinstance(each, ev.OfferMade))
    complete(office, offer, done.payout)
    entry = facts(office, j.PayoutAuthorised)[0]
    assert isinstance(entry.fact, j.PayoutAuthorised)
    assert (entry.witness, entry.fact.level) == (None, Level.B)
    assert entry.fact.evidence is not None
    books = office.desk._books
    assert books is not None
    state = books.standing.payouts[done.payout]
    assert (state.level, state.witness) == (Level.B, WitnessKind.DEVICE_WORD)
    printed = office.ask(lambda o: ef.Print(o, done.payout, 0), ev.Printed)
    assert printed.result is v.PrintResult.PRINTED


@pytest.mark.parametrize("lies_there", [True, False])
def test_where_level_b_does_not_pay_the_card_has_to_stay(counter: tuple[Office, Field], lies_there: bool) -> None:
    office, reader = counter
    if not lies_there:
        no = confirmed_without_a_card(office, reader, card_left=True)
        assert no == ev.Refused(no.operation, RefusalKey.CARD_LEFT)
        return
    lay(office, reader, "ba-khe")
    answer = read(office, HOMES[KHE], KHE)
    made = offered(office, answer.operation, KHE)
    assert isinstance(made, ev.OfferMade)
    total, notes = made.offer.total, made.offer.hand_over
    done = office.ask(lambda o: ef.Authorise(o, answer.operation, KHE, total, notes, card_left=True), ev.Authorised)
    complete(office, made.offer, done.payout)
    entry = facts(office, j.PayoutAuthorised)[0]
    assert entry.witness is not None, "a card that lies there signs, however often it was lifted before"
