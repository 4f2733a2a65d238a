"""How to be paid, by touch: a VietQR before the scanner, read back, signed; a slip in hand, the account at the office.

The scanner is a real serial line, the slip is read by OCR, the sealed files are opened with the district's own keys.
"""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from kiosk.exchange import keys, spool
from kiosk.exchange.attachment import AttachmentKind, open_attachment
from kiosk.flow import screens as sc
from kiosk.flow import screens_wish as sw
from kiosk.flow import values as v
from kiosk.payout import journal as j
from kiosk.payout.statements import StatementKind
from tests.hardware.test_vietqr import vietqr
from tests.journeys.conftest import Road, ScannerLine
from tests.journeys.test_house import at_house

ACCOUNT = "1903204567"


@pytest.fixture
def scanner(road: Road, scanner_line: ScannerLine) -> ScannerLine:
    """The device was switched on with a scanner."""
    road.office.settings = replace(road.office.settings, scanner=scanner_line.device)
    road.cut_power()
    return scanner_line


def at_district(road: Road) -> tuple[j.StatementTaken | None, dict[AttachmentKind, bytes]]:
    """What the district can read of it by now."""
    district = road.office.district
    facts = [each.fact for each in district.entries(road.office.settings)]
    files = spool.Outbox(road.office.settings.outbox).files()
    sealed = [spool.read(file) for file in files if file.kind is spool.FileKind.ATTACHMENT]
    opened = [open_attachment(each, keys.opener(district.seal)) for each in sealed]
    fact = next((each for each in facts if isinstance(each, j.StatementTaken)), None)
    named = () if fact is None else (fact.words, fact.signature)
    return fact, {each.kind: each.content for each in opened if each.digest in named}


def test_an_account_is_scanned_read_back_signed_and_read_at_the_district(road: Road, scanner: int) -> None:
    at_house(road)
    road.player.touch("request")
    road.player.touch("pick-method")
    road.player.see(sw.ChooseWay)
    road.player.touch("way-no_cash")
    road.player.touch("way-bank")
    road.player.see(sw.GiveAccount)
    scanner.reads(road, vietqr("970405", ACCOUNT), sw.GiveAccount, sw.ReadBack)
    assert road.player.see(sw.ReadBack).wish.number == ACCOUNT
    road.player.touch("right-number")
    road.player.see(sw.SignStatement)
    road.player.sign()
    road.player.touch("signed")
    assert road.player.see(sc.SlipOut).result is v.PrintResult.PRINTED
    road.player.touch("go-on")
    road.player.see(sc.AtHouse)

    road.player.until("the district's copy", lambda _: len(at_district(road)[1]) == 2)
    fact, contents = at_district(road)
    assert fact is not None
    assert (fact.about, fact.choice) == (StatementKind.METHOD, "bank")
    assert f"Agribank (970405)\nSố tài khoản: {ACCOUNT}" in contents[AttachmentKind.WORDS].decode()
    (paper,) = (road.folder / "paper").glob("*.png")
    command = ["tesseract", str(paper), "-", "-l", "vie"]
    read = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    assert "PHIẾU ĐĂNG KÝ" in read
    assert ACCOUNT[-4:] in read
    assert ACCOUNT not in "".join(read.split())
