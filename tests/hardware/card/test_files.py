"""Files of the application, from bytes to values; and the bounds that a lying card runs into."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.card import tlv
from hardware.card.errors import CardError, MalformedCard
from hardware.card.files import (
    FILES,
    issue_date,
    parse_com,
    parse_dg1,
    parse_dg2,
    parse_dg7,
    parse_dg11,
    parse_dg12,
    parse_dg14,
    parse_dg15,
    parse_sod,
)
from hardware.card.security_infos import CCCD_CARD_ACCESS, Mapping, parse_security_infos
from hardware.card.symmetric import Suite
from hardware.virtual.card.lds import CardProfile, card_access, dg2
from hardware.virtual.card.personas import PERSONAS, card_of
from tests.hardware.card.kit import ISSUER

CARD = card_of(ISSUER, "ba-sau")
PHOTO = PERSONAS["ba-sau"].photo
J2K = bytes.fromhex("ff4fff51") + bytes(50)


def test_the_known_card_access_is_what_our_cards_carry() -> None:
    assert card_access(CardProfile()) == CCCD_CARD_ACCESS
    infos = parse_security_infos(CCCD_CARD_ACCESS)
    pace = infos.pace[0]
    assert (pace.mapping, pace.suite, pace.parameter_id) == (Mapping.GENERIC, Suite.AES128, 13)
    assert (infos.chip_auth[0].suite, infos.chip_auth[0].elliptic) == (Suite.AES128, True)


def test_unknown_protocols_are_left_alone() -> None:
    other = tlv.encode(tlv.SEQUENCE, tlv.encode_oid("1.2.3.4"), tlv.encode_integer(1))
    odd_pace = tlv.encode(tlv.SEQUENCE, tlv.encode_oid("0.4.0.127.0.7.2.2.4.9.9"), tlv.encode_integer(2))
    infos = parse_security_infos(tlv.encode(tlv.SET, other, odd_pace))
    assert infos.pace == infos.chip_auth == infos.chip_keys == ()


def test_faces() -> None:
    assert parse_dg2(dg2(PHOTO)).data == PHOTO
    assert parse_dg2(dg2(PHOTO)).mime == "image/jpeg"
    assert parse_dg2(dg2(J2K)).mime == "image/jp2"


def test_a_face_in_another_record_is_found_by_its_first_bytes() -> None:
    record = tlv.encode(0x7F60, tlv.encode(0x7F2E, b"\x65\x10 some newer record " + PHOTO))
    assert parse_dg2(tlv.encode(0x75, tlv.encode(0x7F61, b"\x02\x01\x01", record))).data == PHOTO


def face_file(record: bytes) -> bytes:
    template = tlv.encode(0x7F60, tlv.encode(0x5F2E, record))
    return tlv.encode(0x75, tlv.encode(0x7F61, b"\x02\x01\x01", template))


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"FAC\x00",
        b"FAC\x00010\x00" + (10**6).to_bytes(4) + b"\x00\x01" + bytes(60),
        b"FAC\x00010\x00" + (60).to_bytes(4) + b"\x00\x01" + (10**9).to_bytes(4) + bytes(60),
        b"FAC\x00010\x00" + (80).to_bytes(4) + b"\x00\x01" + (60).to_bytes(4) + b"\xff\xff" + bytes(60),
        b"FAC\x00010\x00" + (90).to_bytes(4) + b"\x00\x01" + (76).to_bytes(4) + bytes(72) + b"GIF89a",
        b"no image at all",
        b"\xff\xd8\xff" + bytes(200_001),
    ],
)
def test_what_is_no_face(record: bytes) -> None:
    with pytest.raises(MalformedCard):
        parse_dg2(face_file(record))


def test_signatures_and_details() -> None:
    images = parse_dg7(tlv.encode(0x67, tlv.encode(2, b"\x02"), tlv.encode(0x5F43, PHOTO), tlv.encode(0x5F43, J2K)))
    assert [image.mime for image in images] == ["image/jpeg", "image/jp2"]
    details = parse_dg11(tlv.encode(0x6B, tlv.encode(0x5C, b"\x5f\x0e"), tlv.encode(0x5F0E, "Sáu<\x1b".encode())))
    assert details.texts == {0x5F0E: "Sáu<"}
    assert "Sáu" not in repr(details)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("20220301", date(2022, 3, 1)), ("20220230", None), ("2022030", None), ("２０２２０３０１", None), ("", None)],
)
def test_the_day_of_issue_in_dg12(text: str, expected: date | None) -> None:
    assert issue_date(parse_dg12(tlv.encode(0x6C, tlv.encode(0x5F26, text.encode())))) == expected


def test_com_lists_tags() -> None:
    assert parse_com(CARD.files["COM"]) == {0x61, 0x75, 0x6D, 0x6E, 0x6F}
    with pytest.raises(MalformedCard):
        parse_com(b"\x60\x00")


@pytest.mark.parametrize(
    "data",
    [
        b"\x61\x00",
        tlv.encode(0x61, tlv.encode(0x5F1F, b"\xff" * 90)),
        tlv.encode(0x61, tlv.encode(0x5F1F, b"A" * 90), b"\x04\x00"),
        tlv.encode(0x61, tlv.encode(0x5F1F, b"A" * 91)),
    ],
)
def test_what_is_no_dg1(data: bytes) -> None:
    with pytest.raises(MalformedCard):
        parse_dg1(data)


def test_the_sod_lists_each_group_once() -> None:
    assert sorted(parse_sod(CARD.files["SOD"]).hashes) == [1, 2, 13, 14, 15]


PARSERS = (parse_dg1, parse_dg2, parse_dg7, parse_dg11, parse_dg12, parse_dg14, parse_dg15, parse_com, parse_sod)


@given(st.binary(max_size=120), st.sampled_from(sorted(FILES)))
def test_any_bytes_end_in_our_own_errors(data: bytes, name: str) -> None:
    for candidate in (data, tlv.encode(FILES[name].tag, data)):
        for parse in PARSERS:
            try:
                parse(candidate)
            except CardError as error:
                assert error.key in {"malformed_card", "unsupported_card"}  # noqa: PT017 - both are allowed


@given(st.data())
def test_any_changed_file_ends_in_our_own_errors(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["DG1", "DG13", "DG14", "DG15", "SOD", "COM"]))
    raw = bytearray(CARD.files[name])
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    del raw[data.draw(st.integers(1, len(raw))) :]
    for parse in PARSERS:
        try:
            parse(bytes(raw))
        except CardError as error:
            assert error.key in {"malformed_card", "unsupported_card"}  # noqa: PT017 - both are allowed
