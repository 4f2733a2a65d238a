"""No decoder of exchange or vault raises outside its tree, or takes much memory, whatever it is given."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.exchange import segment, transport
from kiosk.exchange.envelope import Kind, pack_sealed
from kiosk.exchange.errors import BadBytes, FaultKey
from tests.exchange.fuzz_targets import DAY, DISTRICT, KIT, Target, survives, targets

TARGETS = targets()
BY_NAME = {each.name: each for each in TARGETS}
named = pytest.mark.parametrize("name", BY_NAME)
TEXT_LIKE = [b"0", b"-1", b"null", b"true", b'""', b"{}", b"[]", b"1e9", b"9" * 30, b'"#32"', b"\xff", b"[" * 400]


@named
def test_every_seed_is_understood(name: str) -> None:
    target = BY_NAME[name]
    understood = [survives(target, seed) for seed in target.seeds]
    needs_a_key = {"segment header", "order header", "bundle public", "grant"}
    assert all(understood) or name in needs_a_key


@named
@given(st.binary(max_size=400))
def test_any_bytes(name: str, data: bytes) -> None:
    survives(BY_NAME[name], data)


@named
@given(st.data())
def test_good_files_damaged_anywhere(name: str, data: st.DataObject) -> None:
    survives(BY_NAME[name], damaged(BY_NAME[name], data))


def damaged(target: Target, data: st.DataObject) -> bytes:
    """A seed with some stretches cut out or replaced."""
    found = bytearray(data.draw(st.sampled_from(target.seeds)))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(found)))
        length = data.draw(st.integers(0, 12))
        found[start : start + length] = data.draw(st.sampled_from(TEXT_LIKE) | st.binary(max_size=8))
    return bytes(found)


@pytest.mark.parametrize("size", [10**6, 10**8, 2 * 10**9])
def test_a_bomb_takes_no_memory(size: int) -> None:
    """A few bytes that claim, or really hold, up to 2 GB are refused before anything is inflated."""
    header = segment.peek(KIT.segment(DAY, DISTRICT))
    data = pack_sealed(Kind.SEGMENT, header, bomb(size), DISTRICT.seal_key, KIT.sign)
    tracemalloc.start()
    try:
        with pytest.raises(BadBytes) as caught:
            segment.open_segment(data, KIT.sign_key, DISTRICT.open)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.key in {FaultKey.TOO_LARGE, FaultKey.MALFORMED}
    assert peak < 24 * 1024 * 1024


def bomb(size: int) -> bytes:
    """Zeros: a frame that states a huge size; the smallest one really holds it."""
    if size <= transport.MAX_PLAIN:
        return transport.compress(bytes(size))
    real = bytearray(transport.compress(bytes(70_000)))
    assert real[4] & 0xC0 == 0x80, "a content size of four bytes"
    real[5:9] = size.to_bytes(4, "little")
    return bytes(real)
