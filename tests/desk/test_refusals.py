"""Whatever comes from outside and does not hold: its own key, kept, and nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.desk import refusals
from kiosk.exchange import bundle as xb
from kiosk.exchange import keys, spool
from kiosk.exchange.shapes import Held
from kiosk.payout.names import AreaId, DeviceId, Epoch, Mode
from tests.desk.area import AREA, DEVICE, NOW, Office

OTHER = keys.new_private()


def bundle(office: Office, version: int = 2, **to: object) -> bytes:
    """A bundle of the district, for this device unless ``to`` says otherwise."""
    seal = to.pop("seal", office.district.device_seal)
    mode = to.pop("mode", Mode.PRACTICE)
    assert isinstance(seal, bytes)
    assert isinstance(mode, Mode)
    addressee = replace(xb.Addressee(AREA, DEVICE, Epoch(1), seal), **to)  # type: ignore[arg-type]
    books = office.desk._books
    assert books is not None
    assert books.public is not None
    assert books.sealed is not None
    header = xb.bundle_header(addressee, Held(1, version, 0), NOW)
    listed = replace(books.sealed, pay_list=replace(books.sealed.pay_list, version=version, area=addressee.area))
    public = replace(books.public, mode=mode)
    return xb.seal_bundle(public, listed, header, seal, keys.signer(office.district.sign))


def foreign(office: Office) -> bytes:
    mine, office.district.sign = office.district.sign, OTHER
    forged = bundle(office)
    office.district.sign = mine
    return forged


def swapped(office: Office) -> bytes:
    one, other = bundle(office), bundle(office)
    return one[:-200] + other[-200:]


REFUSED: dict[str, Callable[[Office], bytes]] = {
    "unknown_kind": lambda office: b"XXXX" + bundle(office)[4:],
    "truncated": lambda office: bundle(office)[:60],
    "foreign_signature": foreign,
    "replayed": lambda office: bundle(office, 1),
    "older_version": lambda office: bundle(office, 0),
    "wrong_device": lambda office: bundle(office, device=DeviceId("KIT8")),
    "wrong_area": lambda office: bundle(office, area=AreaId("A02")),
    "wrong_epoch": lambda office: bundle(office, epoch=Epoch(0)),
    "wrong_mode": lambda office: bundle(office, mode=Mode.PRODUCTION),
    "swapped_ciphertext": swapped,
}


def test_each_is_refused_with_its_own_key_kept_and_changes_nothing(office: Office) -> None:
    office.sign_in()
    books = office.desk._books
    assert books is not None
    office.sync()
    before = (books.standing, books.public, books.sealed, books.halted)
    for key, make in REFUSED.items():
        spool.Inbox(office.settings.inbox).deliver(spool.FileKind.BUNDLE, key.replace("_", "-"), make(office))
        office.sync()
        assert refusals.newest(books.store)[-1].key == key
        assert (books.standing, books.public, books.sealed, books.halted) == before, key
    assert [each.key for each in refusals.newest(books.store)] == list(REFUSED)
    assert spool.Inbox(office.settings.inbox).files() == ()


def test_a_flood_leaves_the_newest_hundred(office: Office) -> None:
    office.sign_in()
    books = office.desk._books
    assert books is not None
    inbox = spool.Inbox(office.settings.inbox)
    for number in range(refusals.MOST + 20):
        inbox.deliver(spool.FileKind.CHECKPOINT, f"{number:04d}", b"nonsense")
    office.sync()
    kept = refusals.newest(books.store)
    assert len(kept) == refusals.MOST
    assert kept[-1].name.startswith("c-0119")
