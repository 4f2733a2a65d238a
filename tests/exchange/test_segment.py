"""Segments: what goes in comes out, and whatever was touched on the way is refused by name."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.exchange import keys, segment, transport
from kiosk.exchange.envelope import Kind, pack, pack_sealed, unpack
from kiosk.exchange.errors import BadBytes, ExchangeError, FaultKey, NotForUs, NotTrusted, OutOfOrder
from kiosk.payout import canonical
from kiosk.payout import journal as j
from kiosk.payout import names as n
from kiosk.payout.journal import Entry
from tests.exchange import samples
from tests.exchange.parties import HELD, NOW, District, Kit

DAY = samples.day(12)


def refused(data: bytes, kit: Kit, district: District) -> FaultKey:
    with pytest.raises(ExchangeError) as caught:
        segment.open_segment(data, kit.sign_key, district.open)
    return caught.value.key


def test_what_was_sealed_is_opened_whole(kit: Kit, district: District) -> None:
    assert segment.open_segment(kit.segment(DAY, district), kit.sign_key, district.open) == tuple(DAY)


def test_a_segment_may_start_anywhere_in_the_chain(kit: Kit, district: District) -> None:
    data = kit.segment(DAY[5:9], district)
    header = segment.verify_segment(data, kit.sign_key, samples.AREA)
    assert (header.first, header.last, header.previous_hash) == (5, 8, DAY[4].hash)
    assert segment.open_segment(data, kit.sign_key, district.open) == tuple(DAY[5:9])


def test_the_header_tells_what_the_district_must_know_unopened(kit: Kit, district: District) -> None:
    header = segment.peek(kit.segment(DAY, district))
    assert (header.area, header.device, header.epoch) == (samples.AREA, "k07", 3)
    assert (header.head_hash, header.held, header.time) == (DAY[-1].hash, HELD, NOW)
    assert header.recipient == keys.key_id(district.seal_key)


def test_a_payout_takes_at_most_260_bytes_sealed(kit: Kit, district: District) -> None:
    """200 payouts of three entries each, ECDSA witness, evidence and strokes by digest."""
    assert len(kit.segment(samples.day(200), district)) / 200 <= 260


def test_facts_that_do_not_follow_the_usual_form_survive(kit: Kit, district: District) -> None:
    """Texts that look like packed digests, a payout of another epoch, an authorisation of another device."""
    writer = samples.Writer()
    for note in ("#", "##8", "#32", "0" * 64, "abc", "ab" * 8, "ab" * 7, '"#4"', ',"#8",', "Bà Tư — vắng"):
        writer.add(visit(note))
    writer.add(j.ReceiptPrinted(n.PayoutId("k07-2-15"), 1, n.PrintResult.UNKNOWN))
    writer.add(j.ReceiptPrinted(n.PayoutId("k07-3-9999"), 1, n.PrintResult.UNKNOWN))
    writer.add(j.ReceiptPrinted(n.PayoutId("k07-3-007"), 1, n.PrintResult.UNKNOWN), proven=False)
    foreign = next(each.fact for each in DAY if isinstance(each.fact, j.PayoutAuthorised))
    writer.add(dataclasses.replace(foreign, device=n.DeviceId("k99"), epoch=n.Epoch(9), previous_head=j.GENESIS))
    data = kit.segment(writer.entries, district)
    assert segment.open_segment(data, kit.sign_key, district.open) == tuple(writer.entries)


@given(st.lists(st.text(max_size=80), min_size=1, max_size=6), st.data())
def test_any_text_survives(texts: list[str], data: st.DataObject) -> None:
    writer = samples.Writer()
    for text in texts:
        writer.at += data.draw(st.integers(-100, 100))
        writer.add(visit(text.encode("utf-8", "ignore").decode()))
    packed, head = transport.squeeze(writer.entries)
    assert transport.expand(packed, samples.DEVICE, samples.EPOCH, n.Sequence(0), j.GENESIS) == tuple(writer.entries)
    assert head == writer.head


def visit(note: str) -> j.VisitUnpaid:
    return j.VisitUnpaid(
        n.SessionId("s1"), n.OperatorId("lan"), n.PersonId("p1"), n.UnpaidReason.ABSENT, (n.EntitlementId("e1"),), note
    )


# -- must hold: refused, each with its own key ---------------------------------------------------------------------


def test_malformed_segment_is_refused(kit: Kit, district: District) -> None:
    data = kit.segment(DAY, district)
    assert refused(b"XXXX" + data[4:], kit, district) is FaultKey.UNKNOWN_KIND
    assert refused(sign_header(kit, {"area": 1}), kit, district) is FaultKey.MALFORMED


def test_a_suite_that_is_not_pinned_is_refused(kit: Kit, district: District) -> None:
    header = canonical.encode(segment.peek(kit.segment(DAY, district)))
    assert isinstance(header, dict)
    assert refused(sign_header(kit, header | {"suite": "none"}), kit, district) is FaultKey.UNKNOWN_SUITE


def test_truncated_segment_is_refused(kit: Kit, district: District) -> None:
    data = kit.segment(DAY, district)
    assert refused(data[:50], kit, district) is FaultKey.TRUNCATED
    assert refused(data[:-1], kit, district) is FaultKey.SWAPPED_CIPHERTEXT


def test_oversized_segment_is_refused(kit: Kit, district: District) -> None:
    assert refused(bytes(segment.MAX_SEGMENT + 1), kit, district) is FaultKey.TOO_LARGE


def test_foreign_signed_segment_is_refused(kit: Kit, other_kit: Kit, district: District) -> None:
    assert refused(other_kit.segment(DAY, district), kit, district) is FaultKey.FOREIGN_SIGNATURE


def test_ciphertext_swapped_under_a_valid_header_is_refused(kit: Kit, district: District) -> None:
    mine, later = kit.segment(DAY, district), kit.segment(DAY[:3], district)
    body = len(unpack(Kind.SEGMENT, mine).body)
    assert refused(mine[:-body] + unpack(Kind.SEGMENT, later).body, kit, district) is FaultKey.SWAPPED_CIPHERTEXT


def test_a_changed_header_is_refused(kit: Kit, district: District) -> None:
    data = kit.segment(DAY, district).replace(b'"epoch":3', b'"epoch":4')
    assert refused(data, kit, district) is FaultKey.FOREIGN_SIGNATURE


def test_segment_for_another_area_is_refused(kit: Kit, district: District) -> None:
    data = kit.segment(DAY, district, n.AreaId("another-area"))
    with pytest.raises(NotForUs) as caught:
        segment.verify_segment(data, kit.sign_key, samples.AREA)
    assert caught.value.key is FaultKey.WRONG_AREA


def test_a_seal_cannot_be_moved_under_another_header(kit: Kit, district: District) -> None:
    """Even the signer cannot: `info` binds the header, so the ciphertext does not open."""
    data = unpack(Kind.SEGMENT, kit.segment(DAY, district))
    header = dataclasses.replace(segment.peek(kit.segment(DAY, district)), time=n.UnixSeconds(NOW + 1))
    assert refused(pack(Kind.SEGMENT, header, data.body, kit.sign), kit, district) is FaultKey.NOT_OPENED


def test_a_segment_for_an_older_district_key_does_not_open(kit: Kit, district: District) -> None:
    data = kit.segment(DAY, District("last month"))
    assert refused(data, kit, district) is FaultKey.NOT_OPENED


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"last": 50}, FaultKey.GAP),
        ({"last": 20}, FaultKey.GAP),
        ({"head_hash": "0" * 64}, FaultKey.BROKEN_CHAIN),
        ({"previous_hash": "1" * 64}, FaultKey.BROKEN_CHAIN),
        ({"head_hash": "x"}, FaultKey.MALFORMED),
        ({"first": 9, "last": 3}, FaultKey.MALFORMED),
        ({"last": 10_000}, FaultKey.MALFORMED),
    ],
)
def test_a_lying_header_of_the_device_itself_is_refused(
    kit: Kit, district: District, change: dict[str, Any], key: FaultKey
) -> None:
    header = dataclasses.replace(segment.peek(kit.segment(DAY, district)), **change)
    plain, _ = transport.squeeze(DAY)
    data = pack_sealed(Kind.SEGMENT, header, plain, district.seal_key, kit.sign)
    assert refused(data, kit, district) is key


@pytest.mark.parametrize("lie", ["null", "default", "extra", "float", "bomb", "column", "mark"])
def test_a_lying_content_of_the_device_itself_is_refused(kit: Kit, district: District, lie: str) -> None:
    header = segment.peek(kit.segment(DAY, district))
    data = pack_sealed(Kind.SEGMENT, header, crooked(lie), district.seal_key, kit.sign)
    assert refused(data, kit, district) in {FaultKey.MALFORMED, FaultKey.TOO_LARGE, FaultKey.TRUNCATED}


def crooked(lie: str) -> bytes:
    plain, _ = transport.squeeze(DAY)
    raw = transport.decompress(plain, transport.MAX_PLAIN)
    length = int.from_bytes(raw[:4], "big")
    text, column = raw[4 : 4 + length], raw[4 + length :]
    match lie:
        case "null":
            text = text.replace(b'"given":', b'"cannot_sign":null,"given":', 1)
        case "default":
            text = text.replace(b'"carried_paid":[],', b"", 1)
        case "extra":
            text = text.replace(b'"copy":0', b'"copy":0,"surprise":1', 1)
        case "float":
            text = text.replace(b'"at":', b'"at":1.5,"at2":', 1)
        case "bomb":
            text = b" " * (transport.MAX_PLAIN + 1)
        case "column":
            column += b"\0"
        case _:
            text = text.replace(b'"#32"', b'"#99999"', 1)
    assert raw != len(text).to_bytes(4, "big") + text + column
    return transport.compress(len(text).to_bytes(4, "big") + text + column)


def sign_header(kit: Kit, header: dict[str, Any]) -> bytes:
    text = canonical.to_bytes(header)
    digest = hashlib.sha256(b"").digest()
    signature = kit.sign(Kind.SEGMENT.tag + text + digest)
    return b"TNS1" + len(text).to_bytes(4, "big") + text + digest + signature


# -- the sealing side ----------------------------------------------------------------------------------------------


def broken(entries: list[Entry]) -> list[list[Entry]]:
    return [
        [],
        [entries[0], entries[2]],
        [entries[0], dataclasses.replace(entries[1], previous=j.GENESIS)],
        [entries[0], dataclasses.replace(entries[1], epoch=n.Epoch(4))],
    ]


def test_entries_that_do_not_follow_one_another_are_not_sealed(kit: Kit, district: District) -> None:
    keys_seen = []
    for entries in broken(DAY):
        with pytest.raises(OutOfOrder) as caught:
            kit.segment(entries, district)
        keys_seen.append(caught.value.key)
    assert keys_seen == [FaultKey.GAP, FaultKey.GAP, FaultKey.BROKEN_CHAIN, FaultKey.WRONG_EPOCH]


def test_sealing_to_something_that_is_no_key_is_refused(kit: Kit) -> None:
    with pytest.raises(BadBytes):
        segment.seal(DAY, area=samples.AREA, held=HELD, time=NOW, district_key=b"short", sign=kit.sign)


def test_a_verified_header_needs_no_opening_key(kit: Kit, other_kit: Kit, district: District) -> None:
    data = kit.segment(DAY, district)
    assert segment.verify_segment(data, kit.sign_key) == segment.peek(data)
    with pytest.raises(NotTrusted):
        segment.verify_segment(data, other_kit.sign_key)
