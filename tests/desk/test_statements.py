"""What is said at a household: in the journal under a number, its words outside, and no sum changes."""

from __future__ import annotations

import pytest

from kiosk.desk.statements import words_of
from kiosk.exchange.attachment import referenced
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.flow.effects_house import ReadAccount, TakeStatement
from kiosk.flow.effects_money import PrintNotice
from kiosk.flow.values_house import Statement
from kiosk.flow.values_wish import BankCode, PayWay, Wish
from kiosk.payout import canonical
from kiosk.payout import journal as j
from kiosk.payout.names import PersonId, Vnd
from kiosk.payout.statements import StatementKind
from tests.desk.area import Office
from tests.desk.test_payouts import facts
from tests.hardware.test_vietqr import vietqr

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
    assert say(office, Statement(StatementKind.PAPERS, SAU, "guardianship,citizen_card")).result is v.PrintResult.FAILED
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


def test_a_way_to_be_paid_is_a_fact_without_the_account(office: Office) -> None:
    office.work()
    wish = Wish(PayWay.BANK, BankCode("970405"), "1903204567", "TRAN THI SAU")
    say(office, Statement(StatementKind.METHOD, SAU, "bank", wish=wish, strokes=(((1, 1), (500, 500)),)))
    (entry,) = facts(office, j.StatementTaken)
    assert isinstance(entry.fact, j.StatementTaken)
    assert (entry.fact.about, entry.fact.choice) == (StatementKind.METHOD, "bank")
    body = canonical.to_bytes(canonical.encode(entry))
    assert b"1903204567" not in body
    assert b"970405" not in body
    assert referenced([entry]) == {entry.fact.words, entry.fact.signature}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            Statement(StatementKind.METHOD, SAU, wish=Wish(PayWay.BANK, BankCode("970405"), "19032045", "A B")),
            "Cách nhận: Tài khoản ngân hàng\nNgân hàng: Agribank (970405)\nSố tài khoản: 19032045\nChủ tài khoản: A B",
        ),
        (
            Statement(StatementKind.METHOD, SAU, wish=Wish(PayWay.BANK, BankCode("970999"), "19032045")),
            "Cách nhận: Tài khoản ngân hàng\nNgân hàng: 970999\nSố tài khoản: 19032045",
        ),
        (Statement(StatementKind.METHOD, SAU, wish=Wish(PayWay.CASH)), "Cách nhận: Tiền mặt"),
        (
            Statement(StatementKind.METHOD, SAU, wish=Wish(PayWay.OPEN_ACCOUNT, number="0912345678")),
            "Cách nhận: Muốn mở tài khoản\nSố điện thoại: 0912345678",
        ),
        (
            Statement(StatementKind.METHOD, SAU, wish=Wish(PayWay.BANK, BankCode("970405"), "19", "A B", True)),
            "Cách nhận: Tài khoản ngân hàng\nNgân hàng: Agribank (970405)\nSố tài khoản: 19\nTên khác trên mã QR: A B",
        ),
        (Statement(StatementKind.CARD_HANDED, SAU, words="0042"), "Thẻ ngân hàng, bốn số cuối 0042"),
        (
            Statement(
                StatementKind.DATA,
                SAU,
                compared=(
                    v.Compared(v.DataField.BIRTH, "14/02/1941", "1940", differs=True),
                    v.Compared(v.DataField.SEX, "", "female"),
                ),
            ),
            "Ngày sinh khác nhau: thẻ ghi 14/02/1941, danh sách ghi 1940\nGiới tính khớp: –",
        ),
    ],
)
def test_what_an_officer_will_read(said: Statement, words: str) -> None:
    assert words_of(said) == words


def test_a_scanned_account_fills_bank_and_number(office: Office) -> None:
    office.work()
    read = office.ask(lambda o: ReadAccount(o, vietqr("970436", "0071000")), ev.AccountRead)
    assert read.wish == Wish(PayWay.BANK, BankCode("970436"), "0071000")
    assert office.ask(lambda o: ReadAccount(o, "0123456789"), ev.AccountRead).wish is None
