"""Why: the block ciphers, MACs and key derivations of ICAO 9303-11 §9.7 and §9.8, for all four suites in one place."""

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from hardware.card.errors import SecureMessagingError

KDF_ENC: Final = 1
KDF_MAC: Final = 2
KDF_PACE: Final = 3
MAC_BYTES: Final = 8


class Suite(StrEnum):
    """Block cipher and MAC of a session."""

    DES3 = "3DES"
    AES128 = "AES-128"
    AES192 = "AES-192"
    AES256 = "AES-256"

    @property
    def block(self) -> int:
        """Block length in bytes."""
        return 8 if self is Suite.DES3 else 16

    @property
    def key_bytes(self) -> int:
        """Key length in bytes (3DES: two keys)."""
        return {Suite.AES192: 24, Suite.AES256: 32}.get(self, 16)


@dataclass(slots=True)
class SessionKeys:
    """Encryption and MAC key of one session; bytearrays, so that they can be wiped."""

    suite: Suite
    enc: bytearray = field(repr=False)
    mac: bytearray = field(repr=False)

    def wipe(self) -> None:
        """Overwrite both keys."""
        for key in (self.enc, self.mac):
            key[:] = bytes(len(key))


def _parity(key: bytes) -> bytes:
    return bytes(byte & 0xFE | (byte.bit_count() - (byte & 1) + 1) % 2 for byte in key)


def kdf(secret: bytes, counter: int, suite: Suite) -> bytes:
    """ICAO 9303-11 §9.7.1: the key for `suite` from a shared secret and a counter."""
    seed = secret + counter.to_bytes(4)
    if suite is Suite.DES3:
        return _parity(hashlib.sha1(seed, usedforsecurity=False).digest()[:16])
    if suite is Suite.AES128:
        return hashlib.sha1(seed, usedforsecurity=False).digest()[:16]
    return hashlib.sha256(seed).digest()[: suite.key_bytes]


def session_keys(secret: bytes, suite: Suite) -> SessionKeys:
    """KS_enc and KS_mac from the shared secret of PACE, BAC or Chip Authentication."""
    return SessionKeys(suite, bytearray(kdf(secret, KDF_ENC, suite)), bytearray(kdf(secret, KDF_MAC, suite)))


def _algorithm(suite: Suite, key: bytes) -> BlockCipherAlgorithm:
    if suite is Suite.DES3:
        return TripleDES(bytes(key) + bytes(key[:8]))
    return AES(bytes(key))


def cbc_encrypt(suite: Suite, key: bytes, iv: bytes, data: bytes) -> bytes:
    """CBC without padding."""
    worker = Cipher(_algorithm(suite, key), modes.CBC(iv)).encryptor()
    return worker.update(data) + worker.finalize()


def cbc_decrypt(suite: Suite, key: bytes, iv: bytes, data: bytes) -> bytes:
    """CBC without padding; SecureMessagingError if the data is not whole blocks."""
    if len(data) % suite.block:
        raise SecureMessagingError("a cryptogram is not whole blocks")
    worker = Cipher(_algorithm(suite, key), modes.CBC(iv)).decryptor()
    return worker.update(data) + worker.finalize()


def zero_iv(suite: Suite) -> bytes:
    """An initial vector of zeros."""
    return bytes(suite.block)


def pad(data: bytes, block: int) -> bytes:
    """ISO/IEC 9797-1 padding method 2."""
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


def unpad(data: bytes) -> bytes:
    """Undo `pad`; SecureMessagingError if it is not there."""
    body = data.rstrip(b"\x00")
    if not body.endswith(b"\x80"):
        raise SecureMessagingError("padding is missing")
    return body[:-1]


def _retail_mac(key: bytes, padded: bytes) -> bytes:
    first, second = bytes(key[:8]), bytes(key[8:16])
    last = cbc_encrypt(Suite.DES3, first + first, bytes(8), padded)[-8:]
    inner = cbc_decrypt(Suite.DES3, second + second, bytes(8), last)
    return cbc_encrypt(Suite.DES3, first + first, bytes(8), inner)


def mac_padded(suite: Suite, key: bytes, padded: bytes) -> bytes:
    """8-byte MAC over data that was padded already (3DES: ISO 9797-1 algorithm 3; AES: CMAC)."""
    if suite is Suite.DES3:
        return _retail_mac(key, padded)
    worker = CMAC(AES(bytes(key)))
    worker.update(padded)
    return worker.finalize()[:MAC_BYTES]


def token_mac(suite: Suite, key: bytes, data: bytes) -> bytes:
    """8-byte MAC of an authentication token (§4.4.3.4): 3DES pads, CMAC needs none."""
    return mac_padded(suite, key, pad(data, 8) if suite is Suite.DES3 else data)


def same(left: bytes, right: bytes) -> bool:
    """Constant-time equality."""
    return hmac.compare_digest(left, right)
