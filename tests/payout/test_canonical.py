"""One value, one byte string: and nothing from outside gets past it as anything but a fault."""

from __future__ import annotations

import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.payout import canonical, journal
from kiosk.payout.paylist import PayList
from tests.payout.world import NOON, opened

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_canonical_bytes_come_back_the_same(value: canonical.Json) -> None:
    try:
        data = canonical.to_bytes(value)
    except UnicodeEncodeError:
        return  # a lone surrogate has no UTF-8 form
    assert canonical.from_bytes(data) == value


@given(json_values)
def test_decoding_any_json_is_an_entry_or_an_encoding_fault(value: canonical.Json) -> None:
    for cls in (journal.Entry, PayList):
        with pytest.raises(canonical.EncodingFault):
            canonical.decode(cls, value)


@given(st.binary(max_size=300))
def test_decoding_any_bytes_is_an_encoding_fault(data: bytes) -> None:
    with pytest.raises(canonical.EncodingFault):
        journal.decode(data)


@given(st.data())
def test_a_changed_byte_is_a_fault_or_another_hash(data: st.DataObject) -> None:
    entry = opened().entries[-1]
    raw = bytearray(journal.encode(entry))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        changed = journal.decode(bytes(raw))
    except canonical.EncodingFault:
        return
    assert changed.hash != entry.hash


@pytest.mark.parametrize(
    "data",
    [b"1.0", b"1e3", b"NaN", b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1,"a":1}', b"", b"\xff", b"[" * 5000, b'"\\u0061"'],
)
def test_everything_that_is_not_canonical_is_refused(data: bytes) -> None:
    with pytest.raises(canonical.EncodingFault):
        canonical.from_bytes(data)


def test_bounds_are_kept() -> None:
    with pytest.raises(canonical.EncodingFault):
        canonical.decode(journal.Witness, {"challenge": "x" * 5000, "response": "", "key": ""})
    with pytest.raises(canonical.EncodingFault):
        canonical.decode(journal.ClockSet, {"type": "clock_set", "operator": "o", "stated": 2**60})
    with pytest.raises(canonical.EncodingFault):
        canonical.decode(journal.ClockSet, {"type": "clock_set", "operator": "o", "stated": True})


def test_every_fact_has_a_tag_of_its_own() -> None:
    facts = typing.get_args(journal.Fact)
    assert len({fact.TAG for fact in facts}) == len(facts)


def test_a_float_has_no_canonical_form() -> None:
    with pytest.raises(TypeError):
        canonical.encode(typing.cast("object", float(NOON)))
