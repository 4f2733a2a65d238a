"""The bank codes of a VietQR: a wrong name beside an account would send somebody's money astray."""

from __future__ import annotations

import pytest

from kiosk.payout.banks import BANKS, BankCode, bank_name, is_account

OFFERED = """
    970405 Agribank · 970449 LPBank · 970436 Vietcombank · 970415 VietinBank · 970418 BIDV · 970422 MB
    970403 Sacombank · 970407 Techcombank · 970416 ACB · 970432 VPBank · 970423 TPBank · 970437 HDBank
    970441 VIB · 970443 SHB · 970426 MSB · 970448 OCB · 970431 Eximbank · 970440 SeABank · 970428 Nam A Bank
    970409 Bac A Bank · 970425 ABBANK · 970412 PVcomBank · 970452 KienlongBank · 970419 NCB
"""


def test_every_code_has_its_bank_in_the_order_in_which_they_are_offered() -> None:
    listed = [each.strip() for line in OFFERED.strip().splitlines() for each in line.split("·")]
    assert [f"{code} {name}" for code, name in BANKS.items()] == listed


def test_a_code_that_nobody_knows_is_shown_as_it_was_read() -> None:
    assert bank_name(BankCode("970405")) == "Agribank"
    assert bank_name(BankCode("970499")) == "970499"


@pytest.mark.parametrize("number", ["1234", "0" * 19, "0912345678", "VND99zaq"])
def test_an_account_is_4_to_19_digits_or_letters(number: str) -> None:
    assert is_account(number)


@pytest.mark.parametrize("number", ["", "123", "0" * 20, "1234 5678", "12345-678", "１２３４", "đồng12", "1234\n"])
def test_anything_else_is_no_account(number: str) -> None:
    assert not is_account(number)
