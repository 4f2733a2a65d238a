"""What is said at a household: in the journal under a number, its words outside, and no sum changes."""

from __future__ import annotations

import pytest

from kiosk.exchange.attachment import referenced
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.flow.effects_house import TakeStatement
from kiosk.flow.effects_money import PrintNotice
from kiosk.flow.values_house import Statement
from kiosk.payout import canonical
from kiosk.payout import journal as j
from kiosk.payout.names import PersonId, Vnd
from kiosk.payout.statements import StatementKind
from tests.desk.area import Office
from tests.desk.test_payouts import facts

SAU = PersonId("ba-sau")


def say(office: Office, statement: Statement) -> ev.StatementKept:
    return office.ask(lambda o: TakeStatement(o, statement), ev.StatementKept)


def test_a_complaint_is_kept_under_its_number_and_its_words_outside_the_journal(office: Office) -> None:
    office.work()
    kept = say(office, Statement(StatementKind.COMPLAINT, SAU, words="Thiếu một tháng"))
    (entry,) = facts(office, j.StatementTaken)
    assert kept.number == f"{entry.device}-{entry.epoch}-{entry.sequence}"
    assert isinstance(entry.fact, j.StatementTaken)
    assert (entry.fact.recipient, entry.fact.about) == (SAU, StatementKind.COMPLAINT)
    assert "tháng".encode() not in canonical.to_bytes(canonical.encode(entry))
    assert referenced([entry]) == {entry.fact.words}


@pytest.mark.parametrize("about", [StatementKind.SUM_ACCEPTED, StatementKind.SUM_DECLINED])
def test_a_disputed_sum_changes_no_sum(office: Office, about: StatementKind) -> None:
    office.work()
    before = office.ask(ef.LoadRoute, ev.RouteLoaded).rows
    say(office, Statement(about, SAU, total=Vnd(1_000_000)))
    assert office.ask(ef.LoadRoute, ev.RouteLoaded).rows == before


def test_a_dead_printer_never_touches_the_fact(office: Office) -> None:
    office.work()
    assert say(office, Statement(StatementKind.PAPERS, SAU, "guardianship")).result is v.PrintResult.FAILED
    assert len(facts(office, j.StatementTaken)) == 1


def test_the_slip_of_what_was_said_last_is_tried_again(office: Office) -> None:
    office.work()
    assert office.desk._till.print_again() is v.PrintResult.FAILED
    say(office, Statement(StatementKind.PAPERS, SAU, "guardianship"))
    assert office.ask(PrintNotice, ev.Printed).result is v.PrintResult.FAILED
    again = office.desk._till._slip
    assert again is not None
    assert (again.origin.reprint, office.desk._till._slip_prints) == (0, 2)


def test_without_an_open_session_nobody_answers_for_it(office: Office) -> None:
    office.sign_in()
    said = Statement(StatementKind.INCIDENT, SAU, words="Mất điện")
    failed = office.ask(lambda o: TakeStatement(o, said), ev.StatementKept, ev.Failed)
    assert isinstance(failed, ev.Failed)
