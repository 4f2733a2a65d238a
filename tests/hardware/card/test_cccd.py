"""The Vietnamese particulars: DG13, the zone, their centuries, and where sources disagree."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.card import tlv
from hardware.card.cccd import Stated, cross_check, differences, fold, id_number, parse_day, parse_dg13, person_of
from hardware.card.errors import MalformedCard
from hardware.card.files import clean_text
from hardware.card.mrz import MrzData, check_digit, expand_date, expand_expiry, parse_mrz
from hardware.card.passwords import Can, Mrz
from hardware.card.reading import Sex, Warn
from hardware.virtual.card.lds import dg13, mrz_text
from hardware.virtual.card.personas import PERSONAS
from tests.hardware.card.kit import TODAY

SAU = PERSONAS["ba-sau"]


def zone_of(key: str = "ba-sau") -> MrzData:
    return parse_mrz(mrz_text(PERSONAS[key]))


def entry(number: int, *values: bytes) -> bytes:
    return tlv.encode(tlv.SEQUENCE, tlv.encode_integer(number), *values)


def text(value: str) -> bytes:
    return tlv.encode(tlv.UTF8, value.encode())


def particulars(*entries: bytes) -> bytes:
    head = tlv.encode_integer(1) + tlv.encode_oid("1.0.10646.1.0.8")
    return tlv.encode(0x6D, tlv.encode(tlv.SEQUENCE, head, tlv.encode(tlv.SET, *entries)))


def test_the_zone_of_a_cccd() -> None:
    zone = zone_of()
    assert (zone.kind, zone.issuer, zone.document_number) == ("ID", "VNM", "141000016")
    assert (zone.birth, zone.sex, zone.expiry) == ("410412", "F", "991231")
    assert (zone.surname, zone.given_names, zone.full_name) == ("NGUYEN", "THI SAU", "NGUYEN THI SAU")
    assert id_number(zone) == "099141000016"
    assert zone.checks_hold


def test_the_standards_own_check_digits() -> None:
    assert check_digit("L898902C<") == "3"
    assert check_digit("690806") == "1"
    assert check_digit("940623") == "6"


@pytest.mark.parametrize("at", [5, 14, 36, 44])
def test_wrong_check_digits_are_told(at: int) -> None:
    lines = list(mrz_text(SAU))
    lines[at] = "7" if lines[at] != "7" else "8"
    assert not parse_mrz("".join(lines)).checks_hold


@pytest.mark.parametrize("lines", ["", "A" * 89, "a" * 90, "Ă" * 90, "A" * 91])
def test_what_is_no_zone(lines: str) -> None:
    with pytest.raises(MalformedCard):
        parse_mrz(lines)


def test_a_passport_zone() -> None:
    lines = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    zone = parse_mrz(lines)
    assert (zone.document_number, zone.full_name, zone.checks_hold) == ("L898902C3", "ERIKSSON ANNA MARIA", True)


def test_a_long_document_number_runs_into_the_optional_field() -> None:
    lines = "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<"
    zone = parse_mrz(lines)
    assert (zone.document_number, zone.checks_hold) == ("D23145890734", True)


def test_printed_lines_open_a_chip_only_if_they_hold_together() -> None:
    lines = mrz_text(SAU)
    spaced = "\n".join((lines[:30], lines[30:60], lines[60:]))
    assert Mrz.from_lines(spaced) == Mrz("141000016", "410412", "991231")
    with pytest.raises(ValueError):
        Mrz.from_lines(lines.replace("410412", "410413"))
    assert Can.from_id_number(SAU.id_number).digits == "000016"


# --- centuries and lifetimes ----------------------------------------


@pytest.mark.parametrize(
    ("short", "at", "expected"),
    [
        ("290615", TODAY, date(1929, 6, 15)),
        ("260615", TODAY, date(2026, 6, 15)),
        ("261130", TODAY, date(1926, 11, 30)),
        ("000229", TODAY, date(2000, 2, 29)),
        ("750230", TODAY, None),
        ("41<<<<", TODAY, None),
        ("410000", TODAY, None),
    ],
)
def test_birth_dates_get_the_last_century_that_is_not_ahead(short: str, at: date, expected: date | None) -> None:
    assert expand_date(short, at) == expected


def test_dg13_has_the_century_and_wins() -> None:
    thom = PERSONAS["ba-thom"]
    zone = zone_of("ba-thom")
    person = person_of(zone, parse_dg13(dg13(thom)), TODAY)
    assert person.date_of_birth == date(1929, 6, 15)
    older = replace(thom, birth=date(1926, 11, 2))
    zone_26 = parse_mrz(mrz_text(older))
    assert person_of(zone_26, parse_dg13(dg13(older)), TODAY).date_of_birth == date(1926, 11, 2)
    assert person_of(zone_26, None, TODAY).date_of_birth == date(2026, 11, 2)


def test_a_lifetime_card_has_no_expiry() -> None:
    assert expand_expiry("991231", date(2022, 3, 1)) is None
    assert expand_expiry("351123", date(2022, 3, 1)) == date(2035, 11, 23)
    assert expand_expiry("051123", date(2095, 3, 1)) == date(2105, 11, 23)
    assert expand_expiry("351123", None) == date(2035, 11, 23)


def test_dates_as_the_card_writes_them() -> None:
    assert parse_day("12/04/1941") == date(1941, 4, 12)
    assert parse_day("1-4-1941") == date(1941, 4, 1)
    assert [parse_day(word) for word in ("", "Không thời hạn", "31/02/1941", "1941", "12/04/41")] == [None] * 5


# --- DG13 ------------------------------------------------------------


def test_fields_are_found_by_number_in_any_order_and_may_be_missing() -> None:
    data = particulars(entry(9, text("Ấp Bến Đò")), entry(2, text("Nguyễn Thị Sáu")), entry(40, text("?")))
    person = person_of(zone_of(), parse_dg13(data), TODAY)
    assert person.full_name == "Nguyễn Thị Sáu"
    assert person.place_of_residence == "Ấp Bến Đò"
    assert person.id_number == "099141000016"
    assert person.spouse_name is None
    assert parse_dg13(data).fields[40] == ("?",)


def test_family_names_stand_in_a_sequence_or_bare() -> None:
    pair = tlv.encode(tlv.SEQUENCE, text("Nguyễn Văn Lành"), text("Lê Thị Dậu"))
    for data in (particulars(entry(13, pair)), particulars(entry(13, text("Nguyễn Văn Lành"), text("Lê Thị Dậu")))):
        person = person_of(zone_of(), parse_dg13(data), TODAY)
        assert (person.father_name, person.mother_name) == ("Nguyễn Văn Lành", "Lê Thị Dậu")


def test_swapped_old_number_and_opaque_field() -> None:
    opaque, old = "0123456789ABCDEF", "099000016"
    straight = parse_dg13(particulars(entry(15, text(old)), entry(16, text(opaque))))
    swapped = parse_dg13(particulars(entry(15, text(opaque)), entry(16, text(old))))
    assert straight.text(15) == swapped.text(15) == old
    assert straight.text(16) == swapped.text(16) == opaque


def test_decomposed_letters_become_composed_and_controls_go() -> None:
    decomposed = "Nguye\u0302\u0303n Thi\u0323 Sa\u0301u"
    assert parse_dg13(particulars(entry(2, text(decomposed)))).text(2) == "Nguyễn Thị Sáu"
    hostile = parse_dg13(particulars(entry(2, text("Nguyễn\x1b@ \x1dV0Thị\u202e Sáu"))))
    assert hostile.text(2) == "Nguyễn@ V0Thị Sáu"
    assert hostile.cleaned
    assert Warn.CONTROL_CHARACTERS in cross_check(zone_of(), hostile, person_of(zone_of(), hostile, TODAY), TODAY)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x6d\x00",
        b"\x6d\x02\x30\x00",
        particulars(tlv.encode(tlv.SEQUENCE)),
        particulars(entry(2, text("x" * 1001))),
        particulars(entry(2, tlv.encode(tlv.UTF8, b"\xff\xfe"))),
        particulars(*[entry(number, text("x")) for number in range(65)]),
    ],
)
def test_what_is_no_dg13(data: bytes) -> None:
    with pytest.raises(MalformedCard):
        parse_dg13(data)


@given(st.binary(max_size=300))
def test_any_bytes_end_in_our_own_error_or_in_fields(data: bytes) -> None:
    for candidate in (data, tlv.encode(0x6D, data), tlv.encode(0x6D, tlv.encode(tlv.SEQUENCE, data))):
        try:
            fields = parse_dg13(candidate).fields
        except MalformedCard:
            continue
        assert len(fields) <= 64


@given(st.text(max_size=80))
def test_clean_text_is_stable_and_printable(raw: str) -> None:
    once = clean_text(raw)
    assert clean_text(once) == once
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in once)


# --- where sources disagree --------------------------------------------


def warnings_of(**changes: str | None) -> set[Warn]:
    fields: dict[int, str | None] = {
        1: SAU.id_number,
        2: SAU.full_name,
        3: "12/04/1941",
        4: "Nữ",
        12: "Không thời hạn",
    }
    fields |= {int(name[1:]): value for name, value in changes.items()}
    data = particulars(*[entry(number, text(value)) for number, value in fields.items() if value is not None])
    details = parse_dg13(data)
    zone = zone_of()
    return set(cross_check(zone, details, person_of(zone, details, TODAY), TODAY))


def test_agreement_is_silent_and_each_disagreement_has_its_name() -> None:
    assert warnings_of() == set()
    assert warnings_of(_1="099141000017") == {Warn.NUMBER_DIFFERS}
    assert warnings_of(_2="Nguyễn Thị Bảy") == {Warn.NAME_DIFFERS}
    assert warnings_of(_3="13/04/1941") == {Warn.BIRTH_DIFFERS}
    assert warnings_of(_4="Nam") == {Warn.SEX_DIFFERS}
    assert warnings_of(_12="12/04/2035") == {Warn.EXPIRY_DIFFERS}
    assert warnings_of(_12="31/12/2099") == set()
    assert warnings_of(_12=None) == set()


def test_letters_with_and_without_marks_are_the_same_name() -> None:
    assert fold("Đặng Thị Thơm") == "DANG THI THOM"
    assert fold("  nguyễn   thị sáu ") == "NGUYEN THI SAU"
    assert warnings_of(_2="NGUYỄN THỊ SÁU") == set()


def test_a_name_too_long_for_the_zone_agrees_with_what_it_shows() -> None:
    long = replace(SAU, full_name="Nguyễn Lâm Hoàng Thị Như Quỳnh Hoa Mai")
    zone, details = parse_mrz(mrz_text(long)), parse_dg13(dg13(long))
    assert Warn.NAME_DIFFERS not in cross_check(zone, details, person_of(zone, details, TODAY), TODAY)


def test_an_expired_card_is_told() -> None:
    lan = PERSONAS["con-lan"]
    zone, details = zone_of("con-lan"), parse_dg13(dg13(lan))
    assert cross_check(zone, details, person_of(zone, details, TODAY), TODAY) == ()
    late = date(2036, 1, 1)
    assert cross_check(zone, details, person_of(zone, details, late), late) == (Warn.CARD_EXPIRED,)


def test_list_and_qr_against_the_chip() -> None:
    person = person_of(zone_of(), parse_dg13(dg13(SAU)), TODAY)
    same = Stated("099141000016", "NGUYEN THI SAU", date(1941, 4, 12), 1941, Sex.FEMALE, date(2022, 3, 1))
    assert differences(person, same) == ()
    assert differences(person, Stated()) == ()
    assert differences(person, Stated(number="099000016", name="Sáu Nguyễn Thị")) == ()
    wrong = Stated("099141000017", "Nguyễn Thị Bảy", date(1941, 4, 13), 1941, Sex.MALE, date(2022, 3, 2))
    assert differences(person, wrong) == (
        Warn.NUMBER_DIFFERS,
        Warn.NAME_DIFFERS,
        Warn.BIRTH_DIFFERS,
        Warn.SEX_DIFFERS,
        Warn.ISSUE_DIFFERS,
    )
    assert differences(person, Stated(birth_year=1942)) == (Warn.BIRTH_DIFFERS,)
