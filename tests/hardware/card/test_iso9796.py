"""RSA Active Authentication byte by byte: everything that loose verifiers let through in practice is refused."""

import hashlib

import pytest

from hardware.card.iso9796 import _holds, recovered_message_holds
from hardware.card.public_keys import RsaKey
from hardware.virtual.card.authentication import ActiveSigner
from hardware.virtual.card.keys import rsa_signer

SIGNER = rsa_signer("iso9796", 2048)
NUMBERS = SIGNER.private.private_numbers()
KEY = RsaKey(NUMBERS.public_numbers.n, NUMBERS.public_numbers.e)
CHALLENGE = bytes.fromhex("f173589974bf40c6")


def opened_to(message: bytes) -> bytes:
    """The response that opens to this message."""
    return pow(int.from_bytes(message), NUMBERS.d, KEY.n).to_bytes(KEY.size)


def message(algorithm: str = "sha256", trailer: str = "34cc", head: str = "6a") -> bytes:
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size
    body = b"\x5a" * (KEY.size - 1 - size - len(trailer) // 2)
    digest = hashlib.new(algorithm, body + CHALLENGE, usedforsecurity=False).digest()
    return bytes.fromhex(head) + body + digest + bytes.fromhex(trailer)


HASHES = [
    ("sha1", "bc"),
    ("sha1", "33cc"),
    ("sha224", "38cc"),
    ("sha256", "34cc"),
    ("sha384", "36cc"),
    ("sha512", "35cc"),
]


@pytest.mark.parametrize(("algorithm", "trailer"), HASHES)
def test_every_hash_the_standard_names(algorithm: str, trailer: str) -> None:
    assert recovered_message_holds(KEY, CHALLENGE, opened_to(message(algorithm, trailer)))


@pytest.mark.parametrize(
    ("algorithm", "trailer", "head"),
    [
        ("sha256", "34cc", "6b"),
        ("sha256", "34cc", "4a"),
        ("sha256", "34cc", "7a"),
        ("sha256", "33cc", "6a"),
        ("sha1", "34cc", "6a"),
        ("sha256", "31cc", "6a"),
        ("sha256", "34bc", "6a"),
        ("sha256", "34dc", "6a"),
    ],
)
def test_another_header_trailer_or_hash_is_refused(algorithm: str, trailer: str, head: str) -> None:
    assert not recovered_message_holds(KEY, CHALLENGE, opened_to(message(algorithm, trailer, head)))


def test_the_smaller_of_the_two_roots_is_taken_too() -> None:
    response = int.from_bytes(opened_to(message()))
    assert recovered_message_holds(KEY, CHALLENGE, (KEY.n - response).to_bytes(KEY.size))


def test_a_response_is_below_the_modulus_and_as_long() -> None:
    room = (1 << 8 * KEY.size) - KEY.n
    response = next(
        value for value in (int.from_bytes(ActiveSigner(SIGNER).sign(CHALLENGE)) for _ in range(1000)) if value < room
    )
    assert recovered_message_holds(KEY, CHALLENGE, response.to_bytes(KEY.size))
    assert not recovered_message_holds(KEY, CHALLENGE, (response + KEY.n).to_bytes(KEY.size))
    assert not recovered_message_holds(KEY, CHALLENGE, response.to_bytes(KEY.size + 1))
    for value in (0, 1, KEY.n - 1):
        assert not recovered_message_holds(KEY, CHALLENGE, value.to_bytes(KEY.size))


def test_a_message_without_room_for_its_parts_is_refused() -> None:
    bare = hashlib.sha1(CHALLENGE, usedforsecurity=False).digest()
    assert not _holds(b"\x6a" + bare + b"\xbc", 176, CHALLENGE)
    assert _holds(
        b"\x6a\x01" + hashlib.sha1(b"\x01" + CHALLENGE, usedforsecurity=False).digest() + b"\xbc", 184, CHALLENGE
    )
    for short in (b"\x6a\xbc", b"\x6a\x01\x34\xcc", b"\x6a" + bytes(10) + b"\xbc"):
        assert not _holds(short, 8 * len(short), CHALLENGE)


@pytest.mark.parametrize("bits", [2041, 2047, 1025])
def test_a_modulus_that_is_not_whole_octets_is_refused(bits: int) -> None:
    assert _holds(message(), 2048, CHALLENGE)
    assert not _holds(message(), bits, CHALLENGE)
