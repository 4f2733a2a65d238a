"""Whole sheets: which rows are people, what each gives, and nothing that vanishes."""

from __future__ import annotations

from datetime import date

import pytest

from agent_sync.district.lists.findings import ErrorKind, HeldReason, NoticeKind, Warn
from kiosk.payout.names import Kind, Method, Programme, Role, Sex
from tests.agent_sync.lists.conftest import Judge
from tests.agent_sync.samples import (
    FIRST_ROW,
    HEADER,
    NOVEMBER,
    TITLE,
    Extra,
    Person,
    list_rows,
    total_row,
    village,
)

SAU, HANH, KHE = village(3)


def test_one_good_row(judge_people: Judge) -> None:
    result = judge_people(Person())
    (line,) = result.lines
    assert (line.line, line.sheet, line.row) == ("DS!3", "DS", FIRST_ROW)
    assert (line.full_name, line.id_number, line.amount) == ("Nguyễn Thị Sáu", "099141000016", 500_000)
    assert (line.date_of_birth, line.birth_year, line.sex) == (date(1941, 4, 12), 1941, Sex.FEMALE)
    assert (line.programme, line.period, line.kind) == (Programme.SOCIAL_PENSION, NOVEMBER, Kind.MONTHLY)
    assert (line.hamlet, line.address, line.method) == ("Ấp 3", "Ấp 3, xã Tân An Thử", Method.CASH)
    assert (line.warnings, result.held, result.errors, result.file_errors) == ((), (), (), ())
    assert (result.total, result.outcome, result.exit_code) == (500_000, "import", 0)


def test_a_bad_row_does_not_stop_the_others(judge_people: Judge) -> None:
    result = judge_people(SAU, Person(amount="abc"), KHE)
    assert [line.row for line in result.lines] == [3, 5]
    assert [(error.row, error.kind) for error in result.errors] == [(4, ErrorKind.AMOUNT_UNREADABLE)]
    assert result.outcome == "import"


def test_everything_wrong_with_a_row_is_said_at_once(judge_people: Judge) -> None:
    result = judge_people(Person(name=None, number="12A", amount=-1, birth="31/02/1941"))
    assert {error.kind for error in result.errors} == {
        *(ErrorKind.NAME_MISSING, ErrorKind.ID_NOT_DIGITS, ErrorKind.AMOUNT_NEGATIVE, ErrorKind.BIRTH_IMPOSSIBLE)
    }
    assert result.lines == result.held == ()


@pytest.mark.parametrize(
    ("person", "kind"),
    [
        (Person(amount=None), ErrorKind.AMOUNT_MISSING),
        (Person(amount="=1+1"), ErrorKind.AMOUNT_WITHOUT_VALUE),
        (Person(amount="#REF!"), ErrorKind.CELL_ERROR),
        (Person(amount=500_000.5), ErrorKind.AMOUNT_FRACTION),
        (Person(amount=0), ErrorKind.AMOUNT_ZERO),
        (Person(amount=10**10), ErrorKind.AMOUNT_TOO_LARGE),
        (Person(amount=True), ErrorKind.AMOUNT_UNREADABLE),
        (Person(name="=A1"), ErrorKind.CELL_ERROR),
        (Person(birth="01/01/2030"), ErrorKind.BIRTH_FUTURE),
        (Person(address="Ấp 3 " * 100), ErrorKind.TEXT_TOO_LONG),
    ],
)
def test_errors_of_a_row(judge_people: Judge, person: Person, kind: ErrorKind) -> None:
    result = judge_people(person)
    assert [error.kind for error in result.errors] == [kind]
    assert result.lines == result.held == ()


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (Person(number=None), HeldReason.ID_MISSING),
        (Person(number="020123456"), HeldReason.CMND_ONLY),
        (Person(number="99141000016"), HeldReason.ID_SHORT),
        (Person(amount=500), HeldReason.AMOUNT_SMALL),
        (Person(amount=60_000_000), HeldReason.AMOUNT_LARGE),
        (Person(note="đã mất ngày 02/11"), HeldReason.NOTE_SAYS_DECEASED),
        (Person(note="tạm dừng"), HeldReason.NOTE_SAYS_STOPPED),
        (Person(name="<script>"), HeldReason.NAME_UNUSUAL),
    ],
)
def test_lines_that_wait(judge_people: Judge, person: Person, reason: HeldReason) -> None:
    result = judge_people(person)
    assert [held.reasons for held in result.held] == [(reason,)]
    assert result.lines == ()
    assert result.total == 0


@pytest.mark.parametrize(
    ("person", "warning"),
    [
        (Person(number=99141000016), Warn.LEADING_ZERO_RESTORED),
        (Person(birth=None), Warn.BIRTH_MISSING),
        (Person(birth="1942"), Warn.BIRTH_DIFFERS_FROM_ID),
        (Person(birth="1970", number="099170000016"), Warn.AGE_UNUSUAL),
        (Person(sex="Nam"), Warn.SEX_DIFFERS_FROM_ID),
        (Person(sex="?"), Warn.SEX_UNREADABLE),
        (Person(name="Nguyeãn Thò Saùu"), Warn.REPAIRED_VNI),
        (Person(name="NguyÔn ThÞ S¸u"), Warn.REPAIRED_TCVN3),
    ],
)
def test_oddities_are_told_and_paid(judge_people: Judge, person: Person, warning: Warn) -> None:
    result = judge_people(person)
    assert [line.warnings for line in result.lines] == [(warning,)]
    assert result.lines[0].full_name == "Nguyễn Thị Sáu"


def test_a_hidden_row_waits(judge: Judge) -> None:
    result = judge(list_rows([SAU, HANH]), Extra(hidden_rows=[FIRST_ROW]))
    assert [held.reasons for held in result.held] == [(HeldReason.HIDDEN_ROW,)]
    assert [line.row for line in result.lines] == [4]


@pytest.mark.parametrize("place", ["B3", "E3", "G3"])
def test_a_struck_row_waits(judge: Judge, place: str) -> None:
    result = judge(list_rows([SAU, HANH]), Extra(struck=[place]))
    assert [(held.line.row, held.reasons) for held in result.held] == [(3, (HeldReason.STRUCK_THROUGH,))]
    assert [line.row for line in result.lines] == [4]


def test_headings_give_the_hamlet_and_the_programme(judge: Judge) -> None:
    rows = [
        ["DANH SÁCH CHI TRẢ THÁNG 11/2026"], HEADER,
        ["I", "ẤP BẾN ĐÒ", None, None, None, None, 500_000], Person(address=None).cells(1),
        ["II. Thôn Cây Gạo: 1 người"], Person(number="099141000017", address=None).cells(2),
        ["Người khuyết tật"], Person(number="099141000018", address=None).cells(3),
    ]  # fmt: skip
    lines = judge(rows).lines + tuple(held.line for held in judge(rows).held)
    found = [(line.row, line.hamlet, line.programme) for line in lines]
    assert (8, "Thôn Cây Gạo", Programme.SOCIAL_ASSISTANCE) in found
    assert {hamlet for row, hamlet, _ in found if row == 4} == {"Ấp Bến Đò"}


def test_a_section_of_those_who_leave_waits(judge: Judge) -> None:
    rows = [[TITLE], HEADER, ["I. Đang hưởng"], SAU.cells(1), ["II. Giảm trong tháng"], HANH.cells(2)]
    result = judge(rows)
    assert [line.row for line in result.lines] == [4]
    assert [held.reasons for held in result.held] == [(HeldReason.DECREASE_SECTION,)]


def test_furniture_and_signatures_are_nobody(judge: Judge) -> None:
    rows = list_rows(
        [SAU],
        HEADER,
        [1, 2, 3, 4, 5, 6, 7, 8],
        HANH.cells(2),
        total_row(1_000_000),
        [None, None, None, None, None, None, "Trà Vinh, ngày 20 tháng 11 năm 2026"],
        [None, "Người lập biểu", None, None, "Kế toán", None, "TM. UBND XÃ"],
        [None, "(Ký, ghi rõ họ tên)", None, None, None, None, None],
        [None, "Nguyễn Văn Lập", None, None, "Trần Thị Toán"],
    )
    result = judge(rows)
    assert [line.full_name for line in result.lines] == [SAU.name, HANH.name]
    assert (result.errors, result.held, result.file_errors) == ((), (), ())


@pytest.mark.parametrize("name", ["Tống Văn Cộng", "Công Tằng Tôn Nữ", "Tổng Thị Số", "Cộng Hoà Bình"])
def test_a_person_with_a_number_is_a_person_whatever_the_name(judge_people: Judge, name: str) -> None:
    assert [line.full_name for line in judge_people(Person(name=name)).lines] == [name]


@pytest.mark.parametrize("name", ["Tống Văn Cộng", "Tống Thị Tiền", "Công Tằng Tôn Nữ"])
def test_a_person_without_a_number_is_held_and_not_taken_for_a_sum(judge_people: Judge, name: str) -> None:
    result = judge_people(Person(name=name, number=None))
    assert [held.line.full_name for held in result.held] == [name]


def test_a_name_without_sum_between_people_is_an_error_and_below_them_a_notice(judge: Judge) -> None:
    stray = [None, "Lê Thị Sót"]
    between = judge([*list_rows([SAU]), stray, HANH.cells(2)])
    assert [(error.row, error.kind) for error in between.errors] == [(4, ErrorKind.ROW_INCOMPLETE)]
    below = judge([*list_rows([SAU, HANH]), stray])
    assert below.errors == ()
    assert NoticeKind.TEXT_OUTSIDE_ROWS in {notice.kind for notice in below.notices}


def test_a_sum_without_a_name_is_an_error(judge: Judge) -> None:
    result = judge([*list_rows([SAU]), total_row(700_000, ""), HANH.cells(2)])
    assert [(error.row, error.kind) for error in result.errors] == [(4, ErrorKind.NAME_MISSING)]


def test_merged_cells_lend_the_household_but_never_the_money(judge: Judge) -> None:
    rows = [
        [TITLE],
        ["STT", "Mã hộ", "Họ tên", "Số CCCD", "Ấp", "Số tiền"],
        [1, "H1", "Lê Văn Một", "099041000001", "Ấp 1", 500_000],
        [2, None, "Lê Thị Hai", "099141000002", None, None],
        [3, None, "Lê Thị Ba", "099141000003", None, 500_000],
    ]
    result = judge(rows, Extra(merged=["B3:B5", "E3:E5", "F3:F4"]))
    assert [(line.household, line.hamlet) for line in result.lines] == [("H1", "Ấp 1"), ("H1", "Ấp 1")]
    assert [(error.row, error.kind) for error in result.errors] == [(4, ErrorKind.AMOUNT_MISSING)]


def test_methods_accounts_and_telephones(judge: Judge) -> None:
    header = ["STT", "Họ tên", "CCCD", "Số tiền", "Hình thức nhận", "Số tài khoản", "SĐT"]
    rows = [
        [TITLE], header,
        [1, "Lê Văn Một", "099041000001", 500_000, "Chuyển khoản", "0123 456 789", "0912345678 (con trai)"],
        [2, "Lê Văn Hai", "099041000002", 500_000, None, "0123456789", None],
        [3, "Lê Văn Ba", "099041000003", 500_000, "ATM", None, "12"],
        [4, "Lê Văn Tư", "099041000004", 500_000, "bồ câu", None, None],
        [5, "Lê Văn Năm", "099041000005", 500_000, "Tiền mặt", None, None],
    ]  # fmt: skip
    result = judge(rows)
    found = [(line.row, line.method, line.account) for line in result.lines]
    assert found == [
        (3, Method.BANK, "0123456789"), (4, Method.BANK, "0123456789"), (5, Method.BANK, ""), (7, Method.CASH, "")
    ]  # fmt: skip
    assert (result.lines[0].phone, result.lines[0].phone_owner) == ("0912345678", "con trai")
    assert result.lines[1].warnings == (Warn.BIRTH_MISSING, Warn.METHOD_FROM_ACCOUNT)
    assert set(result.lines[2].warnings) >= {Warn.ACCOUNT_MISSING, Warn.PHONE_UNREADABLE}
    assert [held.reasons for held in result.held] == [(HeldReason.METHOD_UNKNOWN,)]


def test_crosses_in_columns(judge: Judge) -> None:
    rows = [
        [TITLE],
        ["STT", "Họ tên", "Giới tính", None, "CCCD", "Số tiền", "Hình thức nhận", None],
        [None, None, "Nam", "Nữ", None, None, "Tiền mặt", "Chuyển khoản"],
        [1, "Lê Văn Một", "x", None, "099041000001", 500_000, None, "x"],
        [2, "Lê Thị Hai", None, "x", "099141000002", 500_000, "x", "x"],
    ]
    result = judge(rows, Extra(merged=["C2:D2", "G2:H2"]))
    assert [(line.sex, line.method) for line in result.lines] == [(Sex.MALE, Method.BANK)]
    assert [(held.line.sex, held.reasons) for held in result.held] == [(Sex.FEMALE, (HeldReason.METHOD_UNKNOWN,))]


def test_sums_in_the_column_of_their_method(judge: Judge) -> None:
    rows = [
        [TITLE],
        ["STT", "Họ tên", "CCCD", "Số tiền", None],
        [None, None, None, "Tiền mặt", "Tài khoản"],
        [1, "Lê Văn Một", "099041000001", 500_000, None],
        [2, "Lê Văn Hai", "099041000002", None, 500_000],
        [3, "Lê Văn Ba", "099041000003", 200_000, 300_000],
        [None, "Cộng", None, 700_000, 800_000],
    ]
    result = judge(rows, Extra(merged=["D2:E2"]))
    assert [(line.row, line.method, line.amount) for line in result.lines] == [
        (4, Method.CASH, 500_000), (5, Method.BANK, 500_000)
    ]  # fmt: skip
    assert [held.reasons for held in result.held] == [(HeldReason.METHOD_UNKNOWN,)]
    assert result.file_errors == ()


@pytest.mark.parametrize(
    ("address", "hamlet"),
    [("Tổ 5, ấp Tân Lập, xã X", "Ấp Tân Lập"), ("12/3 Lê Lợi, khóm 4", "Khóm 4"), ("Tổ 7", "Tổ 7"),
     ("Tổ dân phố 2, phường Y", "Tổ dân phố 2"), ("THÔN ĐÔNG, XÃ X", "Thôn Đông"), ("xã X", "")],
)  # fmt: skip
def test_the_hamlet_in_an_address(judge_people: Judge, address: str, hamlet: str) -> None:
    assert [line.hamlet for line in judge_people(Person(address=address)).lines] == [hamlet]


def test_guardians_and_alternates(judge: Judge) -> None:
    rows = [
        [TITLE],
        ["STT", "Họ tên", "CCCD", "Số tiền", "Người giám hộ", None, "Người được ủy quyền"],
        [None, None, None, None, "Họ tên", "Số CCCD", None],
        [1, "Lê Bé Ba", "099218000001", 500_000, "Lê Văn Cha", "099090000002", "Trần Thị Dì - 099190000003"],
        [2, "Lê Thị Tư", "099140000004", 500_000, None, None, "Lê Thị Tư"],
    ]
    first, second = judge(rows, Extra(merged=["E2:F2"])).lines
    assert [(p.role, p.full_name, p.id_number) for p in first.payees] == [
        (Role.ALTERNATE, "Trần Thị Dì", "099190000003"),
        (Role.GUARDIAN, "Lê Văn Cha", "099090000002"),
    ]
    assert second.payees == ()
    assert Warn.PAYEE_IS_RECIPIENT in second.warnings


def test_dates_that_an_american_excel_turned_round_are_told(judge_people: Judge) -> None:
    texts = [Person(number=f"09914100000{k}", birth=f"{k + 20}/05/1941") for k in range(1, 4)]
    turned = [Person(number=f"09914100001{k}", birth=date(1941, k, 5)) for k in range(1, 4)]
    lines = judge_people(*texts, *turned).lines
    assert [Warn.DAY_MONTH_SWAPPED in line.warnings for line in lines] == [False] * 3 + [True] * 3


def test_a_sheet_in_an_old_font_is_read_throughout(judge: Judge) -> None:
    rows = [
        ["DANH SAÙCH CHI TRAÛ THAÙNG 11 NAÊM 2026"],
        ["STT", "Hoï vaø teân", "Naêm sinh", "Soá CCCD", "Ñòa chæ", "Soá tieàn"],
        [1, "Nguyeãn Thò Saùu", 1941, "099141000016", "AÁp 3", "500.000ñ"],
        [2, "Leâ Thò Bò", 1941, "099141000017", "AÁp 3", 500_000],
        [None, "Toång coäng", None, None, None, 1_000_000],
    ]
    result = judge(rows, programme=Programme.SOCIAL_PENSION)
    assert [(line.full_name, line.hamlet) for line in result.lines] == [
        ("Nguyễn Thị Sáu", "Ấp 3"),
        ("Lê Thị Bị", "Ấp 3"),
    ]
    assert result.file_errors == ()


def test_a_doubtful_name_in_a_mixed_sheet_waits(judge_people: Judge) -> None:
    result = judge_people(
        Person("Nguyễn Thị Sáu"), Person("NguyÔn V¨n Hä", "099041000001"), Person("Bé Lê", "099141000002")
    )
    assert [held.reasons for held in result.held] == [(HeldReason.ENCODING_UNSURE,)]


def test_sums_in_thousands_are_multiplied_and_told(judge: Judge) -> None:
    result = judge([[TITLE], ["ĐVT: 1.000 đồng"], HEADER, Person(amount=500).cells(1), total_row(500)])
    assert [(line.amount, line.warnings) for line in result.lines] == [(500_000, (Warn.THOUSANDS,))]
    assert result.file_errors == ()


def test_a_header_may_say_that_it_counts_in_thousands(judge: Judge) -> None:
    rows = [[TITLE], ["Họ tên", "CCCD", "Số tiền (1.000 đồng)"], ["Lê Văn Một", "099041000001", 500]]
    assert [line.amount for line in judge(rows).lines] == [500_000]


def test_two_tables_with_other_columns_in_one_sheet(judge: Judge) -> None:
    rows = [
        ["DANH SÁCH CHI TRẢ THÁNG 11/2026"],
        ["I. Hưu trí xã hội"],
        ["STT", "Họ và tên", "Số CCCD", "Số tiền"],
        ["Ấp 3"],
        [1, "Lê Thị Một", "099141000001", 500_000],
        [None, "Cộng", None, 500_000],
        ["II. Người khuyết tật"],
        ["STT", "Số CCCD", "Họ và tên", "Mức hưởng", "Truy lĩnh T10/2026"],
        [1, "099141000002", "Lê Thị Hai", 600_000, 100_000],
        [None, None, "Cộng", 600_000, 100_000],
    ]
    result = judge(rows)
    assert [(line.row, line.full_name, line.amount) for line in result.lines] == [
        (5, "Lê Thị Một", 500_000), (9, "Lê Thị Hai", 600_000), (9, "Lê Thị Hai", 100_000)
    ]  # fmt: skip
    assert result.lines[1].programme is Programme.SOCIAL_ASSISTANCE
    assert result.file_errors == ()


def test_half_a_header_on_a_new_page_is_nobody(judge: Judge) -> None:
    top = ["STT", "Họ tên", "CCCD", "Số tiền", None, None]
    below = [None, None, None, "Trợ cấp", "Truy lĩnh", "Tổng cộng"]
    first = [1, "Lê Thị Một", "099141000001", 500_000, None, 500_000]
    second = [2, "Lê Thị Hai", "099141000002", 500_000, None, 500_000]
    rows = [[TITLE], top, below, first, top, second, top, below]
    result = judge(rows, Extra(merged=["D2:F2"]))
    assert [line.row for line in result.lines] == [4, 6]
    assert (result.errors, result.file_errors) == ((), ())
