"""Why: RSA Active Authentication is ISO/IEC 9796-2 scheme 1, which no library offers; loose checks there were forged
in practice, so every byte of the recovered message is accounted for (ICAO 9303-11 §6.1.2.2).
"""

import hashlib
from typing import Final

from hardware.card.public_keys import RsaKey
from hardware.card.symmetric import same

_TRAILERS: Final = {
    b"\xbc": "sha1",
    b"\x33\xcc": "sha1",
    b"\x34\xcc": "sha256",
    b"\x35\xcc": "sha512",
    b"\x36\xcc": "sha384",
    b"\x38\xcc": "sha224",
}


def _trailer(message: bytes) -> tuple[int, str] | None:
    for trailer, algorithm in _TRAILERS.items():
        if message.endswith(trailer):
            return len(trailer), algorithm
    return None


def recovered_message_holds(key: RsaKey, challenge: bytes, response: bytes) -> bool:
    """Whether the response opens to 6A || M1 || H(M1 || challenge) || trailer, filling the modulus exactly."""
    value = int.from_bytes(response)
    if len(response) != key.size or value >= key.n:
        return False
    opened = pow(value, key.e, key.n)
    # §6.1.2.2 allows the smaller of s and n - s; the right one ends in C.
    if opened & 0xF != 0xC:
        opened = key.n - opened
    message = opened.to_bytes(key.size)
    return _holds(message, key.n.bit_length(), challenge)


def _holds(message: bytes, bits: int, challenge: bytes) -> bool:
    """Partial recovery: the message is as long as the modulus allows, its header is 6A without padding."""
    found = _trailer(message)
    if found is None or bits % 8 or message[0] != 0x6A:
        return False
    trailer, algorithm = found
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size
    body, claimed = message[1 : -trailer - size], message[-trailer - size : -trailer]
    if not body or len(claimed) != size:
        return False
    expected = hashlib.new(algorithm, body + challenge, usedforsecurity=False).digest()
    return same(expected, claimed)
