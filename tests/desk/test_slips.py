"""Papers beside the receipt: a slip for what was not handed over, the post's copy; and a receipt checked offline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hardware.virtual.card.field import Field
from hardware.virtual.printer.server import Server
from kiosk.exchange import keys
from kiosk.exchange.bundle import DeviceCard
from kiosk.exchange.claim import Claim, encode_claim
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.flow.effects_house import FindPayee
from kiosk.flow.values_house import ReceiptVerdict, SeenReceipt
from kiosk.payout.names import DeviceId, Epoch, Period, Sequence, Vnd
from tests.desk.area import Office
from tests.desk.test_payouts import SAU, SECOND_READER_PORT, authorised, complete, pcsc, printer, until_empty

__all__ = ["pcsc", "printer"]  # fixtures


def test_a_void_has_its_slip_and_the_post_keeps_a_copy_where_it_is_set_to(
    tmp_path: Path, printer: Server, pattern: Office
) -> None:
    office = Office(tmp_path / "device", printer.port, like=pattern, agent_copy=True)
    until_empty(office.settings.reader)
    office.station.start()
    office.work()
    out = tmp_path / "paper"
    with Field(SECOND_READER_PORT) as reader:
        offer, payout = authorised(office, reader, "ba-sau", SAU)
        void = office.ask(lambda o: ef.VoidPayout(o, payout, v.VoidReason.DISPUTED_SUM, None), ev.Voided)
        assert (void.result, void.number) == (v.PrintResult.PRINTED, "KIT7-1-7")
        assert len(list(out.glob("*.png"))) == 1
        reader.take()
        offer, payout = authorised(office, reader, "ba-sau", SAU)
        complete(office, offer, payout)
        assert office.ask(lambda o: ef.Print(o, payout, 0), ev.Printed).result is v.PrintResult.PRINTED
    assert len(list(out.glob("*.png"))) == 3
    office.desk.stop()
    office.station.stop()


def claim(device: str, *, practice: bool = True, epoch: int = 1) -> Claim:
    place = (DeviceId(device), Epoch(epoch), Sequence(9))
    return Claim(*place, Vnd(1_250_000), date(2026, 11, 22), (Period(2026, 11),), bytes(12), practice=practice)


def scanned(office: Office, code: bytes) -> SeenReceipt:
    return office.ask(lambda o: FindPayee(o, code.decode()), ev.ReceiptChecked).receipt


def test_a_receipt_held_before_the_scanner_is_checked_without_a_network(office: Office) -> None:
    office.work()
    books = office.desk._books
    assert books is not None
    assert books.public is not None
    other = keys.new_private()
    known = DeviceCard(DeviceId("KIOSK2"), keys.sign_public(other).hex())
    books.public = replace(books.public, devices=(known,))
    own, theirs = books.keys.sign, keys.signer(other)
    true = SeenReceipt(ReceiptVerdict.GENUINE, "KIT7-1-9", Vnd(1_250_000), "22/11/2026")
    assert scanned(office, encode_claim(claim("KIT7"), own, "HTTPS://A.EXAMPLE/")) == true
    assert scanned(office, encode_claim(claim("KIOSK2"), theirs)) == replace(true, number="KIOSK2-1-9")
    assert scanned(office, encode_claim(claim("KIT7"), theirs)).verdict is ReceiptVerdict.NOT_GENUINE
    assert scanned(office, encode_claim(claim("KIT8"), theirs)).verdict is ReceiptVerdict.UNKNOWN_DEVICE
    assert scanned(office, encode_claim(claim("KIT7", practice=False), own)).verdict is ReceiptVerdict.NO_MONEY


def test_a_receipt_of_a_kit_that_was_enrolled_again_is_checked_by_the_key_of_its_epoch(office: Office) -> None:
    office.work()
    books = office.desk._books
    assert books is not None
    assert books.public is not None
    first, then = keys.new_private(), keys.new_private()
    kit, old, new = DeviceId("KIOSK2"), keys.signer(first), keys.signer(then)
    cards = (DeviceCard(kit, keys.sign_public(then).hex()), DeviceCard(kit, "", 2))
    books.public = replace(books.public, devices=(*cards, DeviceCard(kit, keys.sign_public(first).hex(), 4)))

    def verdict(epoch: int, sign: keys.Signer) -> ReceiptVerdict | None:
        return scanned(office, encode_claim(claim("KIOSK2", epoch=epoch), sign)).verdict

    assert [verdict(epoch, old) for epoch in (3, 4)] == [ReceiptVerdict.GENUINE, ReceiptVerdict.NOT_GENUINE]
    assert [verdict(epoch, new) for epoch in (3, 4)] == [ReceiptVerdict.NOT_GENUINE, ReceiptVerdict.GENUINE]
    assert verdict(1, new) is ReceiptVerdict.UNKNOWN_DEVICE, "which key signed then is told no longer"


@pytest.mark.parametrize("code", ["TN1", "TN1AAAA", "https://example.invalid/TN1A1"])
def test_what_is_no_whole_code_is_said_to_be_untrue_or_is_looked_for_as_a_key(office: Office, code: str) -> None:
    office.work()
    answer = office.ask(lambda o: FindPayee(o, code), ev.ReceiptChecked, ev.PeopleFound)
    if isinstance(answer, ev.ReceiptChecked):
        assert answer.receipt == SeenReceipt(ReceiptVerdict.NOT_GENUINE)
    else:
        assert answer.homes == ()
