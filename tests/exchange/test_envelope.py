"""The outer form: its bounds to the byte, and one tag for each kind."""

from __future__ import annotations

import struct

import pytest

from kiosk.exchange.envelope import MAX_HEADER, Kind, checked, pack, unpack
from kiosk.exchange.errors import ExchangeError, FaultKey
from kiosk.exchange.shapes import Held
from tests.exchange.parties import District

DISTRICT = District()
FILE = pack(Kind.CHECKPOINT, Held(1, 2, 3), b"body", DISTRICT.sign)
FIXED = 4 + 4 + 32 + 64


def key(data: bytes, limit: int = 1 << 20) -> FaultKey | None:
    try:
        unpack(Kind.CHECKPOINT, data, limit)
    except ExchangeError as error:
        return error.key
    return None


def test_a_file_has_its_parts() -> None:
    found = unpack(Kind.CHECKPOINT, FILE)
    assert (found.body, found.header) == (b"body", b'{"incarnation":1,"revocation_serial":3,"version":2}')
    assert checked(found, DISTRICT.sign_key) is found
    assert len(FILE) == FIXED + len(found.header) + 4


def test_a_file_of_exactly_the_limit_is_read() -> None:
    assert key(FILE, len(FILE)) is None
    assert key(FILE, len(FILE) - 1) is FaultKey.TOO_LARGE


def test_the_shortest_file_is_one_with_nothing_in_it() -> None:
    empty = b"TNC1" + bytes(FIXED - 4)
    assert key(empty) is None
    assert key(empty[:-1]) is FaultKey.TRUNCATED


def test_a_header_of_exactly_the_bound_is_read() -> None:
    def claiming(length: int, there: int) -> bytes:
        return b"TNC1" + struct.pack(">I", length) + bytes(there) + bytes(FIXED - 8)

    assert key(claiming(MAX_HEADER, MAX_HEADER)) is None
    assert key(claiming(MAX_HEADER + 1, MAX_HEADER + 1)) is FaultKey.TOO_LARGE
    assert key(claiming(100, 99)) is FaultKey.TRUNCATED
    assert key(claiming(2**32 - 1, 100)) is FaultKey.TOO_LARGE


@pytest.mark.parametrize("kind", Kind)
def test_a_signature_of_one_kind_is_none_of_another(kind: Kind) -> None:
    data = pack(kind, Held(1, 2, 3), b"body", DISTRICT.sign)
    for other in Kind:
        relabelled = unpack(other, other.value + data[4:])
        if other is kind:
            checked(relabelled, DISTRICT.sign_key)
        else:
            with pytest.raises(ExchangeError) as caught:
                checked(relabelled, DISTRICT.sign_key)
            assert caught.value.key is FaultKey.FOREIGN_SIGNATURE
