"""A VietQR as banking apps show it: the account of a whole code, nothing of a changed, cut or foreign one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.vietqr import BankAccount, bank_account, crc16

ALNUM = st.text("0123456789ABCDEFGHKLMNabcdefghkmn", min_size=4, max_size=19)


def tlv(key: str, value: str) -> str:
    return f"{key}{len(value):02d}{value}"


def vietqr(bank: str = "970405", number: str = "1903204567", service: str = "QRIBFTTA", holder: str = "") -> str:
    """A code as NAPAS prescribes it, its checksum at the end."""
    napas = tlv("00", "A000000727") + tlv("01", tlv("00", bank) + tlv("01", number)) + tlv("02", service)
    named = tlv("59", holder) if holder else ""
    body = tlv("00", "01") + tlv("01", "11") + tlv("38", napas) + tlv("53", "704") + tlv("58", "VN") + named + "6304"
    return f"{body}{crc16(body.encode()):04X}"


def test_the_checksum_is_the_one_of_the_standard() -> None:
    assert crc16(b"123456789") == 0x29B1


def test_bank_and_account_of_a_code() -> None:
    assert bank_account(vietqr()) == BankAccount("970405", "1903204567")
    named = bank_account(f" {vietqr(holder='NGUYEN THI LANH')}\n")
    assert named == BankAccount("970405", "1903204567", "NGUYEN THI LANH")
    assert "1903" not in repr(named)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0002",
        "079041000317|023456789|Nguyễn Thị Lành|14021941|Nữ|Ấp Trung Hòa|01052021",
        vietqr(service="QRIBFTTC"),
        vietqr(bank="97040"),
        vietqr(number="123"),
        vietqr(number="1234 5678"),
        vietqr().replace("A000000727", "A000000728"),
        vietqr()[:-4] + "0000",
        vietqr()[:-1],
        vietqr() + tlv("99", "x"),
        tlv("01", "11") + vietqr(),
        vietqr() * 6,
    ],
)
def test_anything_else_is_no_account(text: str) -> None:
    assert bank_account(text) is None


def test_a_name_that_could_hide_something_is_left_out() -> None:
    found = bank_account(vietqr(holder="LANH\u202e|1"))
    assert found is not None
    assert found.holder == ""


@given(st.text("0123456789", min_size=6, max_size=6), ALNUM)
def test_every_account_comes_back_as_it_was(bank: str, number: str) -> None:
    assert bank_account(vietqr(bank, number)) == BankAccount(bank, number)


@given(st.data())
def test_one_changed_character_is_seen(data: st.DataObject) -> None:
    code = vietqr()
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda each: each != code[place] and not each.isspace()))
    assert bank_account(code[:place] + other + code[place + 1 :]) is None


@given(st.text(max_size=600) | st.from_regex(r"\A000201(38[0-9]{2}.{0,80})?([0-9]{4}.{0,20}){0,5}\Z"))
def test_no_text_breaks_it(text: str) -> None:
    found = bank_account(text)
    assert found is None or (len(found.bank) == 6 and 4 <= len(found.number) <= 19)
