"""Lines against each other and against what the district already has: nothing is paid twice unseen."""

from __future__ import annotations

import pytest

from agent_sync.district.lists import KnownEntitlement, KnownWorld
from agent_sync.district.lists.findings import HeldReason, Warn
from kiosk.payout.names import CitizenNumber, Kind, Period, Programme, Vnd
from tests.agent_sync.lists.conftest import Judge
from tests.agent_sync.samples import NOVEMBER, TITLE, Person, list_rows, village

OCTOBER = Period(2026, 10)
NUMBER = CitizenNumber("099141000016")
ARREARS_ROWS = [[TITLE], ["Họ tên", "CCCD", "Truy lĩnh T10/2026"], ["Nguyễn Thị Sáu", NUMBER, 500_000]]


def known(period: Period, kind: Kind, *, is_open: bool, number: CitizenNumber = NUMBER) -> KnownWorld:
    return KnownWorld((KnownEntitlement(number, Programme.SOCIAL_PENSION, period, kind, Vnd(500_000), is_open),))


def held(result: object) -> list[tuple[int, tuple[HeldReason, ...]]]:
    return [(each.line.row, each.reasons) for each in result.held]  # type: ignore[attr-defined]


def test_of_two_equal_lines_the_second_waits(judge_people: Judge) -> None:
    result = judge_people(Person(), Person(name="NGUYEN THI SAU"))
    assert [line.row for line in result.lines] == [3]
    assert held(result) == [(4, (HeldReason.DUPLICATE_LINE,))]


def test_lines_that_differ_in_the_sum_both_wait(judge_people: Judge) -> None:
    result = judge_people(Person(), Person(amount=600_000))
    assert held(result) == [(3, (HeldReason.DUPLICATE_DIFFERS,)), (4, (HeldReason.DUPLICATE_DIFFERS,))]


def test_one_number_with_two_names_waits_on_both_sides(judge_people: Judge) -> None:
    result = judge_people(Person(), Person(name="Lê Thị Hạnh", amount=700_000))
    assert [reasons[0] for _, reasons in held(result)] == [HeldReason.NUMBER_SHARED] * 2
    assert result.total == 0


def test_a_restored_number_meets_the_written_one(judge_people: Judge) -> None:
    assert held(judge_people(Person(), Person(number=99141000016))) == [(4, (HeldReason.DUPLICATE_LINE,))]


def test_two_programmes_of_one_person_are_two_entitlements(judge: Judge) -> None:
    header = ["Họ tên", "CCCD", "Số tiền", "Đối tượng"]
    people = [["Lê Thị Hạnh", NUMBER, 500_000, "Hưu trí xã hội"], ["Lê Thị Hạnh", NUMBER, 500_000, "Thương binh"]]
    assert len(judge([["DANH SÁCH THÁNG 11/2026"], header, *people]).lines) == 2


def test_namesakes_with_the_same_birth_are_told(judge_people: Judge) -> None:
    result = judge_people(Person(), Person(number="099141000017"))
    assert all(Warn.NAMESAKE in line.warnings for line in result.lines)
    assert len(result.lines) == 2


def test_one_payee_for_many_is_told(judge: Judge) -> None:
    header = ["Họ tên", "CCCD", "Số tiền", "Người nhận thay"]
    people = [[p.name, p.number, 500_000, "Trần Thị Lan 099175000052"] for p in village(6)]
    assert all(Warn.PAYEE_FOR_MANY in line.warnings for line in judge([[TITLE], header, *people]).lines)
    assert not any(Warn.PAYEE_FOR_MANY in line.warnings for line in judge([[TITLE], header, *people[:5]]).lines)


def test_a_line_that_was_imported_already_waits(judge_people: Judge) -> None:
    for is_open in (True, False):
        result = judge_people(Person(), known=known(NOVEMBER, Kind.MONTHLY, is_open=is_open))
        assert held(result) == [(3, (HeldReason.ALREADY_IMPORTED,))]


@pytest.mark.parametrize(("is_open", "reason"), [(True, HeldReason.MATCHES_OPEN), (False, HeldReason.ALREADY_SETTLED)])
def test_arrears_of_a_month_that_the_district_knows_wait(judge: Judge, is_open: bool, reason: HeldReason) -> None:
    assert held(judge(ARREARS_ROWS, known=known(OCTOBER, Kind.MONTHLY, is_open=is_open))) == [(3, (reason,))]


def test_arrears_of_a_month_that_nobody_knows_are_paid(judge: Judge) -> None:
    for world in (KnownWorld(), known(Period(2026, 9), Kind.MONTHLY, is_open=True)):
        assert [line.kind for line in judge(ARREARS_ROWS, known=world).lines] == [Kind.ARREARS]


def test_another_persons_entitlement_changes_nothing(judge_people: Judge) -> None:
    world = known(NOVEMBER, Kind.MONTHLY, is_open=True, number=CitizenNumber("099141000099"))
    assert len(judge_people(Person(), known=world).lines) == 1


def test_arrears_of_the_very_month_that_the_list_pays_wait(judge: Judge) -> None:
    rows = [[TITLE], ["Họ tên", "CCCD", "Số tiền", "Truy lĩnh T11/2026"], ["Nguyễn Thị Sáu", NUMBER, 500_000, 500_000]]
    result = judge(rows)
    assert [line.kind for line in result.lines] == [Kind.MONTHLY]
    assert HeldReason.MONTHLY_IN_SAME_LIST in held(result)[0][1]


def test_a_whole_village_is_paid(judge: Judge) -> None:
    result = judge(list_rows(village(60)))
    assert (len(result.lines), result.total, result.held) == (60, 30_000_000, ())
