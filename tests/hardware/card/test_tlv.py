"""The strict reader under everything: what it takes, what it refuses, and that it never does anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.card import tlv
from hardware.card.errors import MalformedCard


@given(st.sampled_from([0x02, 0x04, 0x30, 0x5F1F, 0x7F61, 0x87]), st.binary(max_size=70_000 // 100))
def test_what_is_written_is_read(tag: int, value: bytes) -> None:
    item = tlv.parse(tlv.encode(tag, value))
    assert (item.tag, item.value, item.raw) == (tag, value, tlv.encode(tag, value))


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_535, 65_536])
def test_lengths_of_every_form(size: int) -> None:
    assert tlv.parse(tlv.encode(4, bytes(size))).value == bytes(size)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "30",
        "3080",
        "30800000",
        "3001",
        "308100",
        "30817f" + "00" * 127,
        "30820001" + "00",
        "3084ffffffff",
        "308500000000" + "01",
        "3000ff",
        "1f",
        "1fff",
        "1fffffff01",
    ],
)
def test_what_is_refused(data: str) -> None:
    with pytest.raises(MalformedCard):
        tlv.parse(bytes.fromhex(data))


def test_card_files_may_have_longer_lengths_and_padding() -> None:
    assert tlv.parse_file(bytes.fromhex("61820002ABCD0000"), 0x61).value == b"\xab\xcd"
    with pytest.raises(MalformedCard):
        tlv.parse_file(bytes.fromhex("618200"), 0x61)


@given(st.binary(max_size=200))
def test_any_bytes_are_taken_apart_or_refused(data: bytes) -> None:
    for der in (True, False):
        try:
            items = list(tlv.walk(data, der=der))
        except MalformedCard:
            continue
        assert b"".join(item.raw for item in items) == data


@given(st.integers(min_value=0, max_value=1 << 4096))
def test_integers(value: int) -> None:
    assert tlv.integer(tlv.parse(tlv.encode_integer(value))) == value


@pytest.mark.parametrize("data", ["0200", "02020001", "0202ff80", "020200ff" + "00", "0401ff"])
def test_integers_in_other_forms_are_refused(data: str) -> None:
    with pytest.raises(MalformedCard):
        tlv.integer(tlv.parse(bytes.fromhex(data)))
    with pytest.raises(MalformedCard):
        tlv.natural(tlv.parse(bytes.fromhex("0201ff")))


@given(st.lists(st.integers(min_value=0, max_value=1 << 60), max_size=6), st.integers(0, 2), st.integers(0, 39))
def test_object_identifiers(rest: list[int], first: int, second: int) -> None:
    dotted = ".".join(str(arc) for arc in (first, second, *rest))
    assert tlv.oid(tlv.parse(tlv.encode_oid(dotted))) == dotted


@pytest.mark.parametrize("value", ["", "80", "2a80", "2a8001", "8001", "2a" + "81" * 64 + "01"])
def test_object_identifiers_that_are_refused(value: str) -> None:
    with pytest.raises(MalformedCard):
        tlv.decode_oid(bytes.fromhex(value))


def test_bit_strings_are_whole_octets() -> None:
    assert tlv.bits(tlv.parse(tlv.encode_bits(b"\x01\x02"))) == b"\x01\x02"
    for data in ("0300", "030101", "03020180"):
        with pytest.raises(MalformedCard):
            tlv.bits(tlv.parse(bytes.fromhex(data)))


def test_a_file_of_a_million_empty_objects_is_too_many() -> None:
    with pytest.raises(MalformedCard):
        list(tlv.walk(b"\x04\x00" * 20_000))
