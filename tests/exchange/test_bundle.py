"""Bundles: for one device, newer than what is held, by the district, or not at all."""

from __future__ import annotations

import dataclasses

import pytest

from kiosk.exchange import bundle, keys
from kiosk.exchange.envelope import Kind, pack, unpack
from kiosk.exchange.errors import BadBytes, ExchangeError, FaultKey
from kiosk.exchange.shapes import NOTHING_HELD, Held
from kiosk.payout import names as n
from tests.exchange import samples
from tests.exchange.parties import HELD, NOW, STAFF, District, Kit, pay_list

OLDER = Held(1, 3, 2)


def open_for(kit: Kit, data: bytes, district: District, newest: Held = OLDER) -> bundle.Bundle:
    return bundle.open_bundle(data, district.sign_key, kit.addressee, newest, kit.open)


def refused(kit: Kit, data: bytes, district: District, newest: Held = OLDER) -> FaultKey:
    with pytest.raises(ExchangeError) as caught:
        open_for(kit, data, district, newest)
    return caught.value.key


def test_the_device_it_is_for_reads_all_of_it(kit: Kit, district: District) -> None:
    opened = open_for(kit, district.bundle(kit.addressee), district)
    assert opened.header.held == HELD
    assert opened.public == district.public()
    assert opened.sealed.pay_list == pay_list(samples.AREA, 4, kit.device, kit.epoch)
    assert opened.sealed.operators == STAFF


def test_the_public_part_is_read_while_locked(kit: Kit, district: District) -> None:
    header, public = bundle.read_public(district.bundle(kit.addressee), district.sign_key)
    assert header.device == kit.device
    assert public.notices[0].text.startswith("Chi trả")
    assert public.certificates() == (bytes(range(256)) * 20,)


def test_the_people_are_not_in_the_clear(kit: Kit, district: District) -> None:
    data = district.bundle(kit.addressee)
    for secret in ("Trần", "001040000017", "Xóm Mới"):
        assert secret.encode() not in data


# -- must hold: refused, each with its own key ---------------------------------------------------------------------


def test_malformed_bundle_is_refused(kit: Kit, district: District) -> None:
    data = district.bundle(kit.addressee)
    assert refused(kit, b"TNS1" + data[4:], district) is FaultKey.UNKNOWN_KIND
    envelope = unpack(Kind.BUNDLE, data)
    header = bundle.bundle_header(kit.addressee, HELD, NOW)
    assert refused(kit, pack(Kind.BUNDLE, header, b"\0\0", district.sign), district) is FaultKey.TRUNCATED
    assert refused(kit, pack(Kind.BUNDLE, header, b"\xff" * 8, district.sign), district) is FaultKey.TRUNCATED
    assert refused(kit, pack(Kind.BUNDLE, header, b"\0\0\0\2x", district.sign), district) is FaultKey.TRUNCATED
    assert refused(kit, pack(Kind.BUNDLE, header, b"\0\0\0\1x", district.sign), district) is FaultKey.NOT_OPENED
    assert refused(kit, pack(Kind.BUNDLE, header, b"\0\0\0\0", district.sign), district) is FaultKey.NOT_OPENED
    odd = dataclasses.replace(header, held=Held(1, 5, -1))
    assert refused(kit, pack(Kind.BUNDLE, odd, envelope.body, district.sign), district) is FaultKey.MALFORMED


def test_truncated_bundle_is_refused(kit: Kit, district: District) -> None:
    data = district.bundle(kit.addressee)
    assert refused(kit, data[:60], district) is FaultKey.TRUNCATED
    assert refused(kit, data[:-1], district) is FaultKey.SWAPPED_CIPHERTEXT


def test_replayed_bundle_is_refused(kit: Kit, district: District) -> None:
    data = district.bundle(kit.addressee)
    opened = open_for(kit, data, district)
    assert refused(kit, data, district, opened.header.held) is FaultKey.REPLAYED


def test_foreign_signed_bundle_is_refused(kit: Kit, district: District) -> None:
    forged = District("a stranger").bundle(kit.addressee)
    assert refused(kit, forged, district) is FaultKey.FOREIGN_SIGNATURE


def test_older_bundle_is_refused(kit: Kit, district: District) -> None:
    old = district.bundle(kit.addressee, Held(1, 3, 1))
    assert refused(kit, old, district, HELD) is FaultKey.OLDER_VERSION


def test_bundle_of_the_same_version_with_other_revocations_is_refused(kit: Kit, district: District) -> None:
    """One version, one content: the district raises the version whenever anything changes."""
    assert refused(kit, district.bundle(kit.addressee, Held(1, 4, 3)), district, HELD) is FaultKey.OLDER_VERSION


def test_bundle_of_an_older_incarnation_is_refused(kit: Kit, district: District) -> None:
    assert refused(kit, district.bundle(kit.addressee), district, Held(2, 1, 0)) is FaultKey.OLDER_INCARNATION


def test_bundle_that_forgets_revocations_is_refused(kit: Kit, district: District) -> None:
    fewer = district.bundle(kit.addressee, Held(1, 5, 1))
    assert refused(kit, fewer, district, HELD) is FaultKey.OLDER_REVOCATION


def test_a_restored_district_may_start_over_with_versions(kit: Kit, district: District) -> None:
    data = district.bundle(kit.addressee, Held(2, 1, 0))
    assert open_for(kit, data, district, HELD).header.held == Held(2, 1, 0)


def test_bundle_for_another_device_resealed_to_this_one_is_refused(
    kit: Kit, other_kit: Kit, district: District
) -> None:
    """Somebody who has A's bundle cannot make it B's, whichever piece is exchanged."""
    for_other = district.bundle(other_kit.addressee)
    assert refused(kit, for_other, district) is FaultKey.WRONG_DEVICE
    plain = keys.unseal(other_kit.open, *sealed_of(for_other))
    resealed = keys.seal_to(kit.seal_key, plain, info_for(kit))
    face = unpack(Kind.BUNDLE, for_other).body[: -len(sealed_of(for_other)[0])]
    mine = district.bundle(kit.addressee)
    body = unpack(Kind.BUNDLE, mine).body
    assert refused(kit, mine[: -len(body)] + face + resealed, district) is FaultKey.SWAPPED_CIPHERTEXT
    relabelled = for_other.replace(b'"device":"k08"', b'"device":"k07"')
    assert refused(kit, relabelled, district) is FaultKey.FOREIGN_SIGNATURE


def test_bundle_for_the_same_name_but_another_key_is_refused(kit: Kit, district: District) -> None:
    stolen_name = Kit("k07-copy", 9)
    to = dataclasses.replace(stolen_name.addressee, device=kit.device)
    assert refused(kit, district.bundle(to), district) is FaultKey.WRONG_DEVICE


def test_bundle_for_another_area_or_epoch_is_refused(kit: Kit, district: District) -> None:
    elsewhere = dataclasses.replace(kit.addressee, area=n.AreaId("elsewhere"))
    assert refused(kit, district.bundle(elsewhere), district) is FaultKey.WRONG_AREA
    mixed = district.bundle(kit.addressee, area=n.AreaId("elsewhere"))
    assert refused(kit, mixed, district) is FaultKey.WRONG_AREA
    later = dataclasses.replace(kit.addressee, epoch=n.Epoch(4))
    assert refused(kit, district.bundle(later), district) is FaultKey.WRONG_EPOCH


def test_ciphertext_swapped_under_a_valid_bundle_header_is_refused(kit: Kit, district: District) -> None:
    old, new = district.bundle(kit.addressee, OLDER), district.bundle(kit.addressee)
    swapped = new[: -len(unpack(Kind.BUNDLE, new).body)] + unpack(Kind.BUNDLE, old).body
    assert refused(kit, swapped, district) is FaultKey.SWAPPED_CIPHERTEXT


def test_the_public_part_of_a_stranger_is_not_shown(kit: Kit, district: District) -> None:
    with pytest.raises(ExchangeError) as caught:
        bundle.read_public(District("a stranger").bundle(kit.addressee), district.sign_key)
    assert caught.value.key is FaultKey.FOREIGN_SIGNATURE


def test_the_first_bundle_is_newer_than_nothing(kit: Kit, district: District) -> None:
    assert open_for(kit, district.bundle(kit.addressee), district, NOTHING_HELD).header.held == HELD


def test_pieces_of_a_certificate_are_read_in_one_spelling_only() -> None:
    with pytest.raises(BadBytes):
        bundle.from_pieces(("not base64!",))
    with pytest.raises(BadBytes):
        bundle.from_pieces(("AB",))


def sealed_of(data: bytes) -> tuple[bytes, bytes]:
    envelope = unpack(Kind.BUNDLE, data)
    length = int.from_bytes(envelope.body[:4], "big")
    return envelope.body[4 + length :], envelope.info


def info_for(kit: Kit) -> bytes:
    return unpack(Kind.BUNDLE, District().bundle(kit.addressee)).info
