"""Names, payees, telephones, methods and programmes as lists write them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_sync.district.lists.cells import Cell, CellKind
from agent_sync.district.lists.findings import ErrorKind, HeldReason, Warn
from agent_sync.district.lists.people import (
    Name,
    note_reasons,
    read_method,
    read_name,
    read_payee,
    read_phone,
    read_programme,
    read_sex,
    same_name,
    title_programme,
)
from agent_sync.district.lists.verdicts import ListedPayee
from agent_sync.district.lists.words import Reader, Reading, clean, fold
from kiosk.payout.names import CitizenNumber, Method, Programme, Role, Sex


def name(written: str) -> Name | ErrorKind:
    return read_name(Reader().read(Cell(CellKind.TEXT, written)))


@pytest.mark.parametrize(
    "written",
    ["Nguyễn Thị Sáu", " Nguyễn  Thị\nSáu ", unicodedata.normalize("NFD", "Nguyễn Thị Sáu"), "Nguyễn\u00a0Thị Sáu"],
)
def test_one_name(written: str) -> None:
    assert name(written) == Name("Nguyễn Thị Sáu")


def test_what_nobody_sees_is_removed_and_told() -> None:
    assert name("Nguyễn\u200b Thị \u202eSáu\ufeff") == Name("Nguyễn Thị Sáu", warnings=(Warn.HIDDEN_CHARACTERS,))


def test_forms_of_address_are_not_the_name() -> None:
    assert name("Bà Nguyễn Thị Sáu") == Name("Nguyễn Thị Sáu", Sex.FEMALE, warnings=(Warn.HONORIFIC_REMOVED,))
    assert name("Cụ. Lê Văn Tám") == Name("Lê Văn Tám", warnings=(Warn.HONORIFIC_REMOVED,))
    assert name("Anh Đào") == Name("Anh Đào")


def test_a_death_beside_the_name_is_seen() -> None:
    read = name("Trần Văn Tư (đã mất)")
    assert isinstance(read, Name)
    assert (read.full, read.aside, read.reasons) == ("Trần Văn Tư", "đã mất", (HeldReason.NAME_SAYS_DECEASED,))


@pytest.mark.parametrize("written", ["H'Bia Niê", "Công Tằng Tôn Nữ Thị Huế", "Tống Văn Tổng", "ទេព សុខា", "K’Brêu Đạ"])
def test_uncommon_names_are_names(written: str) -> None:
    assert name(written) == Name(written)


@pytest.mark.parametrize(
    "written", ["=HYPERLINK(1)", "@SUM Lan", "Lê Văn <b>", "Trần Văn Т", "+84 Lan Anh", "-2+cmd|' /C calc'!A0"]
)
def test_what_is_no_name_waits(written: str) -> None:
    read = name(written)
    assert isinstance(read, Name)
    assert HeldReason.NAME_UNUSUAL in read.reasons


@pytest.mark.parametrize("written", ["Nguyễn Thị Hai 2", "Lan"])
def test_odd_names_are_told_and_paid(written: str) -> None:
    read = name(written)
    assert isinstance(read, Name)
    assert (read.reasons, read.warnings) == ((), (Warn.NAME_UNUSUAL,))


@pytest.mark.parametrize(
    ("written", "kind"),
    [("123", ErrorKind.NAME_UNREADABLE), ("A" * 90, ErrorKind.TEXT_TOO_LONG), ("A" * 900, ErrorKind.TEXT_TOO_LONG),
     ("(Sáu)", ErrorKind.NAME_MISSING)],
)  # fmt: skip
def test_what_cannot_be_a_name(written: str, kind: ErrorKind) -> None:
    assert name(written) is kind


def test_a_name_from_a_font_without_capitals_gets_them() -> None:
    assert name("Lª ¸nh H¹nh") == Name("Lê Ánh Hạnh", warnings=(Warn.REPAIRED_TCVN3,))


def payee(written: str, number: str = "") -> tuple[ListedPayee | None, list[Warn]]:
    cell = Cell(CellKind.TEXT, number) if number else None
    return read_payee(Role.ALTERNATE, Reading(written), cell, number)


@pytest.mark.parametrize(
    "written",
    [
        "Trần Thị Lan - CCCD 099175000052",
        "Trần Thị Lan (099175000052)",
        "Bà Trần Thị Lan, 099175000052",
        "Trần Thị Lan 099175000052",
    ],
)
def test_a_payee_with_the_number_in_the_same_cell(written: str) -> None:
    assert payee(written) == (ListedPayee(Role.ALTERNATE, "Trần Thị Lan", CitizenNumber("099175000052")), [])


def test_a_payee_with_a_number_of_its_own_cell() -> None:
    assert payee("Trần Thị Lan (con gái)", "099175000052")[0] == ListedPayee(
        Role.ALTERNATE, "Trần Thị Lan", CitizenNumber("099175000052")
    )


def test_a_payee_without_a_good_number_is_named_only() -> None:
    assert payee("Trần Thị Lan") == (ListedPayee(Role.ALTERNATE, "Trần Thị Lan"), [Warn.PAYEE_WITHOUT_ID])
    assert payee("Trần Thị Lan", "12") == (ListedPayee(Role.ALTERNATE, "Trần Thị Lan"), [Warn.PAYEE_ID_UNREADABLE])
    assert payee("-") == (None, [])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0912345678", ("0912345678", "")),
        ("912345678", ("0912345678", "")),
        ("0912 345 678 (con trai)", ("0912345678", "con trai")),
        ("+84 912 345 678", ("0912345678", "")),
        ("02943.855.246", ("02943855246", "")),
        ("con gái: 0912345678", ("0912345678", "con gái")),
        ("12", ("", "")),
        ("không có", ("", "")),
    ],
)
def test_telephones(written: str, expected: tuple[str, str]) -> None:
    assert read_phone(written) == expected


@pytest.mark.parametrize(
    ("written", "method"),
    [("Tiền mặt", Method.CASH), ("TM", Method.CASH), ("Chuyển khoản", Method.BANK), ("CK", Method.BANK),
     ("ATM", Method.BANK),
     ("Ví điện tử", Method.WALLET), ("ViettelMoney", Method.WALLET), ("bồ câu", None)],
)  # fmt: skip
def test_methods(written: str, method: Method | None) -> None:
    assert read_method(written) is method


@pytest.mark.parametrize(
    ("written", "programme"),
    [
        ("Hưu trí xã hội", Programme.SOCIAL_PENSION),
        ("social_pension", Programme.SOCIAL_PENSION),
        ("Người khuyết tật đặc biệt nặng", Programme.SOCIAL_ASSISTANCE),
        ("BTXH", Programme.SOCIAL_ASSISTANCE),
        ("Thương binh 2/4", Programme.MERIT),
        ("Bà mẹ Việt Nam anh hùng", Programme.MERIT),
        ("Thân nhân người có công", Programme.MERIT_RELATIVE),
        ("Tuất liệt sĩ", Programme.MERIT_RELATIVE),
        ("Khác", None),
    ],
)
def test_programmes(written: str, programme: Programme | None) -> None:
    assert read_programme(written) is programme


def test_old_age_says_nothing_against_the_social_pension() -> None:
    assert read_programme("Người cao tuổi") is Programme.SOCIAL_ASSISTANCE
    assert read_programme("Người cao tuổi", Programme.SOCIAL_PENSION) is Programme.SOCIAL_PENSION
    assert read_programme("Khuyết tật", Programme.SOCIAL_PENSION) is Programme.SOCIAL_ASSISTANCE


@pytest.mark.parametrize(
    ("title", "programme"),
    [
        ("DANH SÁCH CHI TRẢ TRỢ CẤP NGƯỜI CÓ CÔNG THÁNG 11/2026", Programme.MERIT),
        ("DANH SÁCH NGƯỜI CÓ CÔNG VÀ THÂN NHÂN NGƯỜI CÓ CÔNG", None),
        ("DANH SÁCH THÂN NHÂN LIỆT SĨ", Programme.MERIT_RELATIVE),
        ("HƯU TRÍ XÃ HỘI VÀ BẢO TRỢ XÃ HỘI", None),
        ("DANH SÁCH CHI TRẢ", None),
    ],
)
def test_programmes_of_titles(title: str, programme: Programme | None) -> None:
    assert title_programme([title]) is programme


@pytest.mark.parametrize(
    ("note", "reasons"),
    [
        ("chết ngày 01/11", (HeldReason.NOTE_SAYS_DECEASED,)),
        ("Từ trần", (HeldReason.NOTE_SAYS_DECEASED,)),
        ("Tạm dừng chi trả", (HeldReason.NOTE_SAYS_STOPPED,)),
        ("đã chuyển đi nơi khác", (HeldReason.NOTE_SAYS_STOPPED,)),
        ("Ốm nặng, chi tại nhà", ()),
        ("", ()),
    ],
)
def test_notes_that_speak_against_paying(note: str, reasons: tuple[HeldReason, ...]) -> None:
    assert note_reasons(note) == reasons


def test_sexes() -> None:
    assert [read_sex(text) for text in ("Nam", "NỮ", "Nu", "M", "?")] == [
        *(Sex.MALE, Sex.FEMALE, Sex.FEMALE, Sex.MALE),
        None,
    ]


def test_the_same_name_in_another_hand() -> None:
    assert same_name("Nguyễn Thị Sáu", "NGUYEN THI  SAU")
    assert not same_name("Nguyễn Thị Sáu", "Nguyễn Thị Bảy")


@given(st.text(max_size=60))
def test_cleaning_and_folding_once_is_enough(written: str) -> None:
    once = clean(written)[0]
    assert clean(once) == (once, False)
    assert fold(fold(written)) == fold(written)


@given(st.text(max_size=200))
def test_any_text_as_a_name_is_answered(written: str) -> None:
    read = name(written)
    assert isinstance(read, ErrorKind) or (0 < len(read.full) <= 80 and read.full.isprintable())
