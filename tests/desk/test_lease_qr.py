"""Leases by QR between two desks: signed by the holder, one path with the digits, every misuse its own key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.virtual.card.field import Field
from kiosk.exchange import bundle as xb
from kiosk.exchange import keys, release
from kiosk.exchange.handover import Handover, encode_handover
from kiosk.flow import effects as fx
from kiosk.flow import effects_lease as ef
from kiosk.flow import events as ev
from kiosk.flow import events_lease as el
from kiosk.payout import journal as j
from kiosk.payout.names import DeviceId, Epoch, LeaseId, RefusalKey
from kiosk.payout.paylist import PayList, Policy
from tests.desk.area import AREA, DEVICE, FIRST, NOW, Office
from tests.desk.test_leases import HANH, HOLDER, OTHER, facts, give, no, offered, record
from tests.desk.test_payouts import complete, counter, lay, pcsc, printer, read
from tests.desk.test_payouts import offered as made

__all__ = ["counter", "pcsc", "printer"]
KEY, STRANGE = bytes(range(32)), bytes(32)
KNOWN = (
    xb.DeviceCard(HOLDER, keys.sign_public(KEY).hex()),
    xb.DeviceCard(OTHER, keys.sign_public(STRANGE).hex()),
)
CARD = "079041000317||Nguyễn Thị Hương Lành|14021941|Nữ|Ấp Trung Hòa|01052021"


def shown(code: str, lease: str = "far-1", key: bytes = KEY, **change: object) -> str:
    """What the holder's screen would show."""
    said = Handover(HOLDER, Epoch(3), LeaseId(lease), DEVICE, code)
    return encode_handover(replace(said, **change), keys.signer(key))  # type: ignore[arg-type]


def working(office: Office, *stand_ins: xb.StandIn) -> None:
    office.district.send_bundle(office.settings, 2, stand_ins=stand_ins, devices=KNOWN)
    office.work()


def scan(office: Office, text: str) -> el.LeaseGot | ev.Refused:
    return office.ask(lambda o: ef.ScanLease(o, text), el.LeaseGot, ev.Refused)


def tries(office: Office) -> list[tuple[RefusalKey, int]]:
    return [(each.key, each.tries) for each in facts(office) if isinstance(each, j.CodeRefused)]


def test_a_qr_of_the_holder_takes_over_once_and_nothing_else_does(office: Office) -> None:
    stand_in, code = offered(record())
    working(office, stand_in)
    assert no(scan(office, CARD)) is RefusalKey.LEASE_QR_NOT_GENUINE
    assert no(scan(office, shown(code, stand_in=OTHER))) is RefusalKey.NOT_THE_STAND_IN
    assert no(scan(office, shown(code, lease="far-2"))) is RefusalKey.NOT_THE_STAND_IN
    assert tries(office) == [], "nothing was tried so far"
    assert no(scan(office, shown(code, key=STRANGE))) is RefusalKey.LEASE_QR_NOT_GENUINE
    assert no(scan(office, shown(code, key=STRANGE, giver=OTHER))) is RefusalKey.LEASE_QR_NOT_GENUINE, "not its lease"
    assert no(scan(office, shown("000000000000"))) is RefusalKey.RELEASE_CODE_WRONG
    assert no(scan(office, shown(code, epoch=Epoch(2)))) is RefusalKey.LEASE_OTHER_EPOCH
    got = scan(office, shown(code))
    assert isinstance(got, el.LeaseGot)
    assert (got.row.recipient.full_name, got.row.total) == (HANH.full_name, 500_000)
    assert no(scan(office, shown(code))) is RefusalKey.RELEASE_CODE_USED
    assert tries(office) == [
        (RefusalKey.LEASE_QR_NOT_GENUINE, 1), (RefusalKey.LEASE_QR_NOT_GENUINE, 2), (RefusalKey.RELEASE_CODE_WRONG, 3),
        (RefusalKey.LEASE_OTHER_EPOCH, 4), (RefusalKey.RELEASE_CODE_USED, 1),
    ]  # fmt: skip


def test_false_qrs_lock_the_digits_too_and_an_ended_lease_is_not_taken_over(office: Office) -> None:
    stand_in, code = offered(record(expires_at=NOW - 1))
    working(office, stand_in)
    assert no(scan(office, shown(code))) is RefusalKey.LEASE_EXPIRED
    for _ in range(5):
        assert no(scan(office, shown(code, key=STRANGE))) is RefusalKey.LEASE_QR_NOT_GENUINE
    assert no(scan(office, shown(code))) is RefusalKey.RELEASE_CODE_LOCKED
    typed = office.ask(lambda o: ef.TakeLease(o, HANH.number, code), el.LeaseGot, ev.Refused)
    assert no(typed) is RefusalKey.RELEASE_CODE_LOCKED


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Office]:
    """The other device, enrolled with keys of its own."""
    other = Office(tmp_path / "holder", device=HOLDER)
    yield other
    other.desk.stop()


def test_from_one_screen_to_the_other_and_paid(holder: Office, counter: tuple[Office, Field]) -> None:
    office, reader = counter
    far = record()
    far = replace(far, lease=replace(far.lease, epoch=FIRST))
    secret = release.new_secret(far.lease.id, DEVICE)
    theirs = PayList(AREA, 2, (far.recipient,), (), (far.entitlement,), (far.lease,), Policy())
    holder.district.send_bundle(holder.settings, 2, theirs, lease_secrets=(secret,))
    holder.work()
    given = give(holder, HANH.id)
    assert isinstance(given, el.LeasesReleased)
    card = xb.DeviceCard(HOLDER, holder.district.device_sign.hex())
    mine = release.make_stand_in(secret, HOLDER, far)
    office.district.send_bundle(office.settings, 2, stand_ins=(mine,), devices=(card,))
    office.sync()
    assert isinstance(scan(office, given.codes[0].qr), el.LeaseGot)
    lay(office, reader, "me-hanh")
    answer = read(office, far.recipient.household, HANH.id)
    assert isinstance(answer, ev.CardRead)
    offer = made(office, answer.operation, HANH.id)
    assert isinstance(offer, ev.OfferMade)
    due = offer.offer
    done = office.ask(lambda o: fx.Authorise(o, answer.operation, HANH.id, due.total, due.hand_over), ev.Authorised)
    complete(office, due, done.payout)
    paid = [each for each in facts(office) if isinstance(each, j.PayoutAuthorised)]
    assert [line.lease for each in paid for line in each.lines] == [far.lease.id]


def test_what_a_device_shows_is_signed_for_its_stand_in_alone(office: Office) -> None:
    secret = release.new_secret(LeaseId("l1-ba-khe-11"), DeviceId("KIOSK2"))
    office.district.send_bundle(office.settings, 2, lease_secrets=(secret,), devices=KNOWN)
    office.work()
    given = give(office)
    assert isinstance(given, el.LeasesReleased)
    assert no(scan(office, given.codes[0].qr)) is RefusalKey.NOT_THE_STAND_IN
