"""What the office enters and watches over: rounding, deaths and heirs, cash that is out, months uncollected."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from agent_sync.district import cash, cli, ids, reports, rests, standing_data, uncollected
from agent_sync.district import verify as verification
from agent_sync.district.cases import CaseKind
from agent_sync.district.database import Database
from agent_sync.district.intake import Intake
from agent_sync.district.schema import case_table, entitlement, lease, payee, payout_line, recipient
from agent_sync.district.uncollected import Stage
from hardware.virtual.card.personas import PERSONAS
from kiosk.payout import journal as j
from kiosk.payout.cash import Notes
from kiosk.payout.names import Kind, Period, ReversalReason, Role, UnixSeconds, UnpaidReason, Vnd
from kiosk.payout.rounding import RoundingRule, RoundingWay
from kiosk.payout.rules import local_day
from tests.agent_sync.field_kit import MONTH, FieldKit, Seat

SAU, LAN = PERSONAS["ba-sau"].id_number, PERSONAS["con-lan"].id_number
HOUR = 3600


def run(seat: Seat, *command: str) -> int:
    return cli.main([*command, "--home", str(seat.home.folder), "--by", "hoa"])


def answer(seat: Seat, capsys: pytest.CaptureFixture[str], *command: str) -> dict[str, object]:
    capsys.readouterr()
    assert run(seat, *command, "--json") == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def send(seat: Seat, kit: FieldKit) -> None:
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])


def open_kinds(seat: Seat) -> list[str]:
    with seat.database.read() as connection:
        return sorted(row[0] for row in connection.execute(select(case_table.c.kind)))


def clean(seat: Seat) -> bool:
    return verification.verify(seat.home, seat.database).problems == []


def today() -> date:
    return local_day(ids.server_clock())


# -- rounding --------------------------------------------------------------------------------------------------------


def owes(seat: Seat, kit: FieldKit, amount: int) -> None:
    """Bà Sáu's months are of this sum, and leased so."""
    owed = [each.entitlement for each in kit.leases_of("ba-sau")]
    with seat.database.write() as connection:
        connection.execute(update(entitlement).where(entitlement.c.id.in_(owed)).values(amount=amount))
        connection.execute(update(lease).where(lease.c.entitlement.in_(owed)).values(amount=amount))


def pay_rounded(kit: FieldKit, paid: int, rest: int) -> None:
    fact = kit.authorise("ba-sau").fact
    assert isinstance(fact, j.PayoutAuthorised)
    kit.entries.pop()
    line = fact.lines[0]
    lines = tuple(
        j.AuthorisedLine(each.entitlement, each.lease, line.programme, line.kind, each.period, Vnd(paid), Vnd(rest))
        for each in fact.lines
    )
    kit.complete(kit.authorise_lines(fact.recipient, lines, [], "ba-sau", chip=False))


def test_a_rounding_rule_goes_into_the_bundle_and_the_books_balance(
    seat: Seat, kit: FieldKit, capsys: pytest.CaptureFixture[str]
) -> None:
    since = today().isoformat()
    assert answer(seat, capsys, "rounding", "--since", since) == {"rounding": [{"since": since, "way": "down"}]}
    owes(seat, kit, 372_650)
    listed = seat.bundle(kit).sealed.pay_list
    assert listed.policy.rounding == (RoundingRule(since, RoundingWay.DOWN),)
    pay_rounded(kit, 372_000, 650)
    send(seat, kit)
    assert open_kinds(seat) == []
    assert clean(seat)
    with seat.database.read() as connection:
        made = reports.month(connection, seat.home.area, MONTH)
        rest = connection.execute(select(payout_line.c.rounding)).scalar()
    assert rest == 650
    assert made["rounding_vnd"] == 650 * (made["rounding_vnd"] // 650) > 0
    assert made["due_vnd"] == made["paid_vnd"] + made["rounding_vnd"] + made["unpaid_vnd"]
    assert "left by rounding" in reports.text(made)


def kept(seat: Seat) -> list[int]:
    with seat.database.read() as connection:
        return list(rests.balances(connection, seat.home.area).values())


def another_month(seat: Seat, kit: FieldKit, period: Period) -> None:
    """Bà Sáu is owed the same sum again, and the kit is leased that and nothing else of hers."""
    (paid,) = kit.leases_of("ba-sau")
    with seat.database.write() as connection:
        row = dict(connection.execute(select(entitlement).where(entitlement.c.id == paid.entitlement)).mappings().one())
        connection.execute(entitlement.insert().values(row | {"id": f"E-{period}", "period": str(period)}))
    assert seat.lease(kit, period).granted == 1
    listed = seat.bundle(kit).sealed.pay_list
    kit.pay_list = replace(listed, leases=tuple(each for each in listed.leases if each.id != paid.id))


def test_rests_of_rounding_gather_and_are_paid_once_they_make_a_note(seat: Seat, kit: FieldKit) -> None:
    """The receipt says "giữ lại, chi sau": 650 and 650 are a note of 1,000, and 300 go on waiting."""
    with seat.database.write() as connection:
        standing_data.set_rounding(connection, seat.home.area, RoundingRule(str(today()), RoundingWay.DOWN), today())
    owes(seat, kit, 372_650)
    pay_rounded(kit, 372_000, 650)
    send(seat, kit)
    assert seat.lease(kit).granted == 0
    assert kept(seat) == [650], "no note pays 650 đ"
    another_month(seat, kit, Period(2026, 12))
    pay_rounded(kit, 372_000, 650)
    send(seat, kit)
    assert seat.lease(kit, Period(2027, 1)).granted == 1
    assert kept(seat) == [300]
    listed = seat.bundle(kit).sealed.pay_list
    (rest,) = (each for each in listed.entitlements if each.kind is Kind.DIFFERENCE)
    assert (rest.amount, str(rest.period)) == (1_000, "2026-12")
    assert seat.lease(kit, Period(2027, 1)).granted == 0, "once"
    (lease_,) = (each for each in listed.leases if each.entitlement == rest.id)
    line = j.AuthorisedLine(rest.id, lease_.id, rest.programme, rest.kind, str(rest.period), rest.amount)
    kit.complete(kit.authorise_lines(rest.recipient, (line,), [lease_.nonce], "ba-sau"))
    send(seat, kit)
    assert (open_kinds(seat), kept(seat), clean(seat)) == ([], [300], True)
    with seat.database.read() as connection:
        made = reports.month(connection, seat.home.area, Period(2026, 12))
    assert (made["kept_vnd"], made["rounding_vnd"]) == (300, 650)
    assert "make no note yet: 300" in reports.text(made)


def test_what_was_rounded_up_is_set_off_against_rests_and_a_reversal_takes_its_rest_along(
    seat: Seat, kit: FieldKit
) -> None:
    since = str(today())
    with seat.database.write() as connection:
        standing_data.set_rounding(connection, seat.home.area, RoundingRule(since, RoundingWay.NEAREST), today())
    owes(seat, kit, 372_650)
    pay_rounded(kit, 373_000, -350)
    send(seat, kit)
    assert kept(seat) == [-350]
    assert seat.lease(kit).granted == 0, "nobody owes the district for a rule of its own"
    (paid,) = (each.fact for each in kit.entries if isinstance(each.fact, j.PayoutCompleted))
    kit.write(j.PayoutReversed(paid.payout, kit.session, ReversalReason.WRONG_PERSON, paid.given, kit.operator, "binh"))
    send(seat, kit)
    assert kept(seat) == []


@pytest.mark.parametrize(("paid", "rest"), [(372_000, 650), (373_000, -350), (372_000, 600)])
def test_what_no_rule_had_begun_to_round_is_a_case(seat: Seat, kit: FieldKit, paid: int, rest: int) -> None:
    tomorrow = RoundingRule((today() + timedelta(days=40)).isoformat(), RoundingWay.DOWN)
    with seat.database.write() as connection:
        standing_data.set_rounding(connection, seat.home.area, tomorrow, today())
    owes(seat, kit, 372_650)
    pay_rounded(kit, paid, rest)
    send(seat, kit)
    assert set(open_kinds(seat)) == {CaseKind.SUM_DIFFERS.value}


def test_no_rule_begins_in_the_past(seat: Seat, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(seat, "rounding", "--since", "2026-01-01") == 2
    assert "today or later" in capsys.readouterr().err
    assert answer(seat, capsys, "rounding") == {"rounding": []}


# -- deaths and heirs ------------------------------------------------------------------------------------------------


def test_a_death_its_reporter_and_the_heirs_make_the_leases(seat: Seat, capsys: pytest.CaptureFixture[str]) -> None:
    kit = seat.enrol("kit-09")
    died = min(f"{MONTH}-03", today().isoformat())
    told = ("--on", died, "--reported-by", "Trần Thị Lan, con gái", "--paper", "TLKT 12/2026")
    assert run(seat, "person", "death", SAU, *told) == 0
    with seat.database.read() as connection:
        kept = select(recipient).where(recipient.c.deceased_on.is_not(None))
        row = connection.execute(kept).mappings().one()
        owed = select(entitlement.c.id).where(entitlement.c.recipient == row["person"])
        months = set(connection.execute(owed).scalars())
    assert (row["deceased_on"], row["death_told_by"], row["death_paper"]) == (died, told[3], told[5])
    seat.lease(kit, Period(2027, 1))
    with seat.database.read() as connection:
        given = set(connection.execute(select(lease.c.entitlement)).scalars())
    assert not months & given, "nobody is known yet who receives"
    heir = ("--number", LAN, "--name", PERSONAS["con-lan"].full_name, "--paper", "TLKT 12/2026")
    assert run(seat, "person", "payee", SAU, *heir, "--role", "relative_of_deceased") == 0
    seat.lease(kit, Period(2027, 1))
    with seat.database.read() as connection:
        given = set(connection.execute(select(lease.c.entitlement)).scalars())
        until = {row[0] for row in connection.execute(owed.where(entitlement.c.period <= died[:7]))}
    assert months & given == until, "the months up to the death, and none after"
    listed = seat.bundle(kit).sealed.pay_list
    dead = next(each for each in listed.recipients if each.deceased_on)
    assert [(each.role, each.person.full_name) for each in listed.payees if each.recipient == dead.person.id] == [
        (Role.RELATIVE_OF_DECEASED, PERSONAS["con-lan"].full_name)
    ]


def test_a_funeral_sum_waits_for_its_organiser(seat: Seat) -> None:
    kit = seat.enrol("kit-09")
    with seat.database.write() as connection:
        who = connection.execute(select(entitlement.c.recipient, entitlement.c.list)).first()
        assert who is not None
        row = {
            "area": seat.home.area, "id": "E-funeral", "recipient": who[0], "programme": "social_pension",
            "period": str(MONTH), "kind": Kind.FUNERAL.value, "line": "9", "amount": 20_000_000, "method": "cash",
            "held": False, "list": who[1],
        }  # fmt: skip
        connection.execute(entitlement.insert().values(**row))
        values = {"deceased_on": "2026-11-03"}
        connection.execute(update(recipient).where(recipient.c.person == who[0]).values(**values))
    seat.lease(kit)
    with seat.database.write() as connection:
        assert "E-funeral" not in set(connection.execute(select(lease.c.entitlement)).scalars())
        some = connection.execute(select(payee.c.person)).scalar() or who[0]
        organiser = {"area": seat.home.area, "recipient": who[0], "person": some, "paper": "", "programmes": ""}
        terms = {"role": Role.FUNERAL_ORGANISER.value, "valid_from": None, "valid_until": None}
        connection.execute(payee.insert().values(**organiser, **terms))
    seat.lease(kit)
    with seat.database.read() as connection:
        given = set(connection.execute(select(lease.c.entitlement)).scalars())
        months = select(entitlement.c.id).where(entitlement.c.recipient == who[0], entitlement.c.kind == "monthly")
        assert "E-funeral" in given
        assert not given & set(connection.execute(months).scalars()), "months are a relative's"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("death", SAU, "--on", "2999-01-01", "--reported-by", "x"), "before its day"),
        (("death", SAU, "--on", "2026-11-03", "--reported-by", " "), "who told of the death"),
        (("death", "000000000000", "--on", "2020-11-03", "--reported-by", "x"), "nobody on a list"),
        (
            ("payee", SAU, "--number", LAN, "--name", "L", "--paper", "1", "--role", "funeral_organiser"),
            "after a death",
        ),
        (("payee", SAU, "--number", SAU, "--name", "L", "--paper", "1", "--role", "alternate"), "for themselves"),
        (("payee", SAU, "--number", LAN, "--name", " ", "--paper", "1", "--role", "alternate"), "the name"),
        (("payee", SAU, "--number", LAN, "--name", "L", "--paper", "", "--role", "alternate"), "the paper"),
        (
            ("payee", SAU, "--number", LAN, "--name", "L", "--paper", "1", "--role", "alternate",
             "--from", "2026-12-01", "--until", "2026-11-01"),
            "ends before",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_entered(
    seat: Seat, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], said: str
) -> None:
    assert run(seat, "person", *command) in (2, 3)
    assert said in capsys.readouterr().err


def test_an_alternate_is_entered_with_paper_term_and_programmes_and_corrected(seat: Seat) -> None:
    base = ("person", "payee", SAU, "--number", LAN, "--name", PERSONAS["con-lan"].full_name, "--role", "alternate")
    assert run(seat, *base, "--paper", "UQ 1") == 0
    assert run(seat, *base, "--paper", "UQ 2", "--until", "2026-12-31", "--programme", "social_pension") == 0
    assert run(seat, *base[:6], "Nguyễn Văn Khác", *base[7:], "--paper", "UQ 3") == 2, "another name"
    with seat.database.read() as connection:
        row = connection.execute(select(payee).where(payee.c.paper != "")).mappings().one()
    assert (row["paper"], row["valid_until"], row["programmes"]) == ("UQ 2", "2026-12-31", "social_pension")


def test_a_death_told_on_the_road_is_a_case_that_says_by_whom(seat: Seat, kit: FieldKit) -> None:
    who = kit.leases_of("ba-sau")[0]
    assert kit.pay_list is not None
    dead = next(each.recipient for each in kit.pay_list.entitlements if each.id == who.entitlement)
    kit.write(j.VisitUnpaid(kit.session, kit.operator, dead, UnpaidReason.DECEASED, (who.entitlement,), "neighbour"))
    kit.write(j.VisitUnpaid(kit.session, kit.operator, dead, UnpaidReason.ABSENT, (who.entitlement,)))
    send(seat, kit)
    with seat.database.read() as connection:
        row = connection.execute(select(case_table)).mappings().one()
    assert row["kind"] == CaseKind.DEATH_REPORTED.value
    assert json.loads(row["detail"])["told_by"] == "neighbour"


# -- cash that is out ------------------------------------------------------------------------------------------------


def held(seat: Seat) -> list[cash.Held]:
    with seat.database.read() as connection:
        return cash.held(connection, seat.home.area)


def test_the_cash_of_an_open_session_is_what_the_device_says(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    more = Notes.of({500_000: 2})
    kit.write(j.CashAdded(kit.session, more.amount, more.counts, kit.operator, "Quỹ"))
    kit.write(j.CashReturned(kit.session, Vnd(500_000), Notes.of({500_000: 1}).counts, kit.operator, "Quỹ"))
    send(seat, kit)
    standing = verification.stand(kit.entries)
    assert standing.session is not None
    (row,) = held(seat)
    assert (row.amount, row.since, row.open) == (standing.session.expected, standing.cash_since, True)
    assert not row.too_long


def test_the_clock_runs_over_closed_sessions_until_the_drawer_is_empty(
    seat: Seat, kit: FieldKit, capsys: pytest.CaptureFixture[str]
) -> None:
    began = kit.entries[-1].at
    kit.now -= 5 * HOUR
    kit.close_session()
    send(seat, kit)
    (row,) = held(seat)
    assert (row.amount, row.since, row.open) == (kit.opening, began, False)
    kit.open_session()
    send(seat, kit)
    assert [(each.since, each.open) for each in held(seat)] == [(began, True)], "the same money, another morning"
    out = {"device": "kit-01", "operator": "tam", "amount_vnd": kit.opening, "since": began, "session_open": True}
    later = Database(seat.home.settings.database, lambda: UnixSeconds(began + 73 * HOUR))
    with later.read() as connection:
        assert [(each.hours, each.too_long) for each in cash.held(connection, seat.home.area)] == [(73, True)]
    later.close()
    (told,) = answer(seat, capsys, "cash", "--limit-hours", "48")["cash"]  # type: ignore[misc]
    assert {name: told[name] for name in out} == out
    kit.write(
        j.CashReturned(kit.session, Vnd(kit.opening), kit.entries[-1].fact.notes, kit.operator, "Quỹ")  # type: ignore[union-attr]
    )
    kit.opening = 0
    kit.close_session()
    send(seat, kit)
    assert held(seat) == []
    assert run(seat, "cash", "--limit-hours", "0") == 2


# -- months that nobody collected ------------------------------------------------------------------------------------


def test_one_two_and_three_months_are_told_apart_and_a_paid_one_ends_the_run(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-khe")
    who = kit.leases_of("ba-sau")[0]
    assert kit.pay_list is not None
    sau = next(each.recipient for each in kit.pay_list.entitlements if each.id == who.entitlement)
    kit.write(j.VisitUnpaid(kit.session, kit.operator, sau, UnpaidReason.HOSPITAL, (who.entitlement,)))
    send(seat, kit)

    def of_sau(day: date) -> list[tuple[int, Stage]]:
        with seat.database.read() as connection:
            rows = uncollected.found(connection, seat.home.area, day)
        assert "Phạm Thị Khế" not in {each.name for each in rows}
        return [(each.months, each.stage) for each in rows if each.person == sau]

    mine = (entitlement.c.recipient == sau) & (entitlement.c.kind == Kind.MONTHLY.value)
    with seat.database.write() as connection:
        row = dict(
            connection.execute(select(entitlement).where(mine, entitlement.c.period == "2026-11")).mappings().one()
        )
        connection.execute(entitlement.delete().where(mine & (entitlement.c.period < "2026-11")))
        for at in ("2026-12", "2027-01"):
            connection.execute(entitlement.insert().values(**(row | {"id": f"E-{at}", "period": at})))
    assert of_sau(date(2026, 11, 30)) == [], "the month is not over"
    assert of_sau(date(2026, 12, 15)) == [(1, Stage.ALERT)]
    assert of_sau(date(2027, 1, 1)) == [(2, Stage.HOME_VISIT)]
    assert of_sau(date(2027, 2, 1)) == [(3, Stage.SUSPENSION)]
    assert of_sau(date(2027, 3, 1)) == [], "the list of the last month does not name her"
    with seat.database.read() as connection:
        told = uncollected.found(connection, seat.home.area, date(2026, 12, 15))
    assert {each.reason for each in told if each.person == sau} == {"hospital"}
    assert run(seat, "unpaid") == 0
