"""Nothing of a person is logged on the whole way of a payout, and a reading that was given up is not kept."""

from __future__ import annotations

import logging
import unicodedata

import pytest

from hardware.card.cccd import fold
from hardware.virtual.card.field import Field
from hardware.virtual.card.personas import PERSONAS
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from tests.desk.area import PIN, Office
from tests.desk.test_payouts import HOMES, KHE, authorised, complete, counter, lay, pcsc, printer, read

__all__ = ["counter", "pcsc", "printer"]  # fixtures


def test_a_whole_payout_leaves_nobodys_name_in_any_log(
    counter: tuple[Office, Field], caplog: pytest.LogCaptureFixture
) -> None:
    office, reader = counter
    persona = PERSONAS["ba-khe"]
    with caplog.at_level(logging.DEBUG):
        offer, payout = authorised(office, reader, persona.key, KHE)
        complete(office, offer, payout)
        office.ask(lambda o: ef.Print(o, payout, 0), ev.Printed)
        office.sync()
    logged = unicodedata.normalize("NFC", caplog.text)
    assert logged.count("INS ") > 20, "the read itself was logged"
    number, born = persona.id_number, f"{persona.birth:%d/%m/%Y}"
    secrets = (number, number[-6:], number[-4:], persona.full_name, fold(persona.full_name), born, persona.hamlet, PIN)
    for secret in (*secrets, *persona.full_name.split(), f"{persona.birth:%y%m%d}"):
        assert secret not in logged.split() if len(secret) < 5 else secret not in logged


def test_a_reading_that_was_given_up_is_forgotten(counter: tuple[Office, Field]) -> None:
    office, reader = counter
    lay(office, reader, "ba-khe")
    answer = read(office, HOMES[KHE], KHE)
    assert isinstance(answer, ev.CardRead)
    assert list(office.desk._cards.readings) == [answer.operation]
    office.desk.perform(ef.StopReading(answer.operation))
    office.ask(ef.ListOperators, ev.OperatorsListed)
    assert office.desk._cards.readings == {}
