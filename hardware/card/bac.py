"""Why: Basic Access Control (ICAO 9303-11 §4.3), for cards from before PACE."""

import hashlib
from typing import Final

from hardware.card.apdu import EXTERNAL_AUTHENTICATE, GET_CHALLENGE, Command
from hardware.card.channel import Channel
from hardware.card.errors import CardRefused, SecureMessagingError, WrongPassword
from hardware.card.passwords import Mrz
from hardware.card.randomness import Randomness, SystemRandomness
from hardware.card.secure_messaging import SecureMessaging
from hardware.card.symmetric import (
    KDF_ENC,
    KDF_MAC,
    Suite,
    cbc_decrypt,
    cbc_encrypt,
    kdf,
    mac_padded,
    pad,
    same,
    session_keys,
    zero_iv,
)

CHALLENGE: Final = 8
ANSWER: Final = 40
REFUSALS: Final = frozenset({0x6300, 0x6982, 0x6983, 0x6985, 0x6988, 0x6A80})


def access_keys(password: Mrz) -> tuple[bytes, bytes]:
    """K_enc and K_mac of §4.3.2, from the zone's information."""
    seed = hashlib.sha1(password.information, usedforsecurity=False).digest()[:16]
    return kdf(seed, KDF_ENC, Suite.DES3), kdf(seed, KDF_MAC, Suite.DES3)


def seal(enc: bytes, mac: bytes, plain: bytes) -> bytes:
    """Cryptogram and MAC of one side's message (§4.3.4.1)."""
    sealed = cbc_encrypt(Suite.DES3, enc, zero_iv(Suite.DES3), plain)
    return sealed + mac_padded(Suite.DES3, mac, pad(sealed, 8))


def unseal(enc: bytes, mac: bytes, message: bytes) -> bytes:
    """Undo `seal`; SecureMessagingError if it does not verify."""
    sealed, tag = message[:-8], message[-8:]
    if len(message) != ANSWER or not same(tag, mac_padded(Suite.DES3, mac, pad(sealed, 8))):
        raise SecureMessagingError("the card's answer to BAC does not verify")
    return cbc_decrypt(Suite.DES3, enc, zero_iv(Suite.DES3), sealed)


def run(channel: Channel, password: Mrz, *, random: Randomness | None = None) -> SecureMessaging:
    """Open the chip after its application was selected.

    Raises WrongPassword (after one try), SecureMessagingError, CardRefused, CardRemoved.
    """
    source = random or SystemRandomness()
    enc, mac = access_keys(password)
    theirs = channel.demand(Command(GET_CHALLENGE, 0, 0, le=CHALLENGE))
    if len(theirs) != CHALLENGE:
        raise SecureMessagingError("the card's challenge has the wrong length")
    ours, key = source.bytes(CHALLENGE), source.bytes(16)
    response = channel.send(Command(EXTERNAL_AUTHENTICATE, 0, 0, seal(enc, mac, ours + theirs + key), ANSWER))
    if not response.ok:
        raise _refusal(response.sw)
    plain = unseal(enc, mac, response.data)
    if not same(plain[:16], theirs + ours):
        raise SecureMessagingError("the card answered BAC with other challenges")
    return session(key, plain[16:], theirs, ours)


def session(ours: bytes, theirs: bytes, card_challenge: bytes, reader_challenge: bytes) -> SecureMessaging:
    """The session of §4.3.4.2: keys from both key halves, counter from both challenges."""
    seed = bytes(left ^ right for left, right in zip(ours, theirs, strict=True))
    counter = int.from_bytes(card_challenge[4:] + reader_challenge[4:])
    return SecureMessaging(session_keys(seed, Suite.DES3), counter)


def _refusal(sw: int) -> WrongPassword | CardRefused:
    if sw >> 4 == 0x63C:
        return WrongPassword("the card does not open with this MRZ", sw & 0xF)
    if sw in REFUSALS:
        return WrongPassword("the card does not open with this MRZ")
    return CardRefused(EXTERNAL_AUTHENTICATE, sw)
