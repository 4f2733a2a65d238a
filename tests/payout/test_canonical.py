"""One value, one byte string: and nothing from outside gets past it as anything but a fault."""

from __future__ import annotations

import json
import typing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.payout import canonical, journal
from kiosk.payout.names import Period
from kiosk.payout.paylist import PayList
from tests.payout.world import NOON, opened


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Bare:
    """A value without a tag, with every kind of field."""

    name: str
    note: str | None
    count: int = 7
    sure: bool = False
    many: tuple[int, ...] = ()
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True)
class One:
    TAG: ClassVar[str] = "one"
    value: int


@dataclass(frozen=True, slots=True)
class Two:
    TAG: ClassVar[str] = "two"
    value: str | None = "x"


@dataclass(frozen=True, slots=True)
class Either:
    must: One | Two
    may: One | Two | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """Without a tag, ``type`` is a field like any other."""

    type: str


@dataclass(frozen=True, slots=True)
class Inexact:
    value: float


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


def test_a_float_has_no_canonical_form() -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        canonical.encode(typing.cast("object", float(NOON)))
    with pytest.raises(canonical.EncodingFault, match="no decoder"):
        canonical.decode(Inexact, {"value": 1})


def test_the_bytes_are_the_same_without_the_c_part(monkeypatch: pytest.MonkeyPatch) -> None:
    value: canonical.Json = {"tiền": [1, "đồng", None, True], "a": {"c": '\n"', "b": -5}, "b": []}
    expected = '{"a":{"b":-5,"c":"\\n\\""},"b":[],"tiền":[1,"đồng",null,true]}'
    monkeypatch.setattr(json.encoder, "c_make_encoder", None)
    for encode in (canonical._ENCODE, canonical._encoder()):
        assert encode(value) == expected
        with pytest.raises(ValueError, match="not JSON compliant"):
            encode(float("nan"))
        with pytest.raises(TypeError, match="keys must be"):
            encode({b"a": 1})


def test_both_ends_of_every_bound_are_kept() -> None:
    def clock(stated: int) -> journal.ClockSet:
        return canonical.decode(journal.ClockSet, {"type": "clock_set", "operator": "o", "stated": stated})

    most = 2**53 - 1
    assert (clock(most).stated, clock(-most).stated) == (most, -most)
    for beyond in (most + 1, -most - 1):
        with pytest.raises(canonical.EncodingFault, match="integer below"):
            clock(beyond)

    def visit(note: str, entitlements: int) -> journal.VisitUnpaid:
        body: canonical.Json = {
            "type": "visit_unpaid", "session": "s", "operator": "o", "recipient": "r", "reason": "absent",
            "entitlements": ["e"] * entitlements, "note": note,
        }  # fmt: skip
        return canonical.decode(journal.VisitUnpaid, body)

    assert visit("x" * 4_000, 20_000).note == "x" * 4_000
    with pytest.raises(canonical.EncodingFault, match="bounded length"):
        visit("x" * 4_001, 0)
    with pytest.raises(canonical.EncodingFault, match="bounded length"):
        visit("", 20_001)


WHOLE: dict[str, canonical.Json] = {
    "name": "a", "note": "b", "count": 1, "sure": True, "many": [2, 3], "colour": "red",
}  # fmt: skip
ONE: canonical.Json = {"type": "one", "value": 1}


def test_plain_values_stand_for_themselves() -> None:
    assert [canonical.encode(each) for each in ("a", 5, True, None)] == ["a", 5, True, None]
    assert canonical.encode((("a", None), Colour.RED)) == [["a", None], "red"]


def test_what_is_left_out_is_as_declared() -> None:
    assert canonical.decode(Bare, WHOLE) == Bare("a", "b", 1, True, (2, 3))
    assert canonical.decode(Bare, {"name": "a"}) == Bare("a", None)
    assert canonical.decode(Bare, {"name": "a", "note": None, "sure": True}) == Bare("a", None, sure=True)
    assert canonical.decode(Two, {"type": "two"}) == Two("x")
    assert canonical.decode(Two, {"type": "two", "value": None}) == Two(None)
    assert canonical.decode(Either, {"must": ONE}) == Either(One(1))
    assert canonical.decode(Either, {"must": {"type": "two"}, "may": ONE}) == Either(Two(), One(1))
    assert canonical.decode(Either, {"must": ONE, "may": None}) == Either(One(1))
    assert canonical.decode(Typed, {"type": "one"}) == Typed("one")


REFUSED: list[tuple[type, list[canonical.Json], str]] = [
    (Bare, [[]], "expected a Bare"),
    (Bare, [{"note": "b", "count": 1}, {"name": "a", "other": 1}, {**WHOLE, "other": 1}], "wrong fields"),
    (Bare, [{"name": "a", "type": "bare"}], "wrong fields"),
    (Bare, [{"name": 1}, {"name": None}, {"name": ["a"]}, {"name": "a", "note": 5}], "expected a text"),
    (Bare, [{"name": "a", "count": "1"}, {"name": "a", "count": True}], "expected an integer"),
    (Bare, [{"name": "a", "many": [1, "2"]}], "expected an integer"),
    (Bare, [{"name": "a", "sure": 0}, {"name": "a", "sure": "true"}], "expected true or false"),
    (Bare, [{"name": "a", "many": ""}, {"name": "a", "many": {}}, {"name": "a", "many": 1}], "expected a list"),
    (Bare, [{"name": "a", "colour": "blue"}, {"name": "a", "colour": []}], "not a Bare"),
    (Bare, [{"names" if name == "name" else name: each for name, each in WHOLE.items()}], "not a Bare"),
    (Period, [{"year": 2026, "month": 13}], "not a Period"),
    (One, [7, [], "one", None], "expected a One"),
    (One, [{"type": "two", "value": 1}, {"value": 1}, {}], "expected type one"),
    (One, [{"type": "one"}], "wrong fields"),
    (Either, [{"must": "one"}, {"must": None}, {"must": {}}, {"must": {"type": "three"}}], "unknown type"),
    (Either, [{"must": ONE, "may": "one"}, {"must": ONE, "may": {}}, {"must": ONE, "may": 0}], "unknown type"),
]


@pytest.mark.parametrize(
    ("kind", "value", "why"), [(kind, each, why) for kind, found, why in REFUSED for each in found]
)
def test_a_value_of_another_form_is_refused(kind: type[Any], value: canonical.Json, why: str) -> None:
    with pytest.raises(canonical.EncodingFault, match=why):
        canonical.decode(kind, value)


def test_long_lists_are_written_in_one_piece() -> None:
    many: canonical.Json = [1] * 60_000
    assert canonical.to_bytes(many) == b"[" + b"1," * 59_999 + b"1]"
