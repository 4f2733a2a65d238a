"""Why: Chip Authentication v1 (ICAO 9303-11 §6.2): a fresh session that only the chip behind DG14's key can hold."""

from dataclasses import dataclass

from hardware.card import tlv
from hardware.card.apdu import GENERAL_AUTHENTICATE, MANAGE_SECURITY_ENVIRONMENT, Command
from hardware.card.channel import Channel
from hardware.card.errors import CardRefused, UnsupportedCard
from hardware.card.groups import DhGroup, EcGroup
from hardware.card.public_keys import DhKey, EcKey, parse_public_key
from hardware.card.randomness import Randomness, SystemRandomness
from hardware.card.secure_messaging import SecureMessaging
from hardware.card.security_infos import BSI, ChipAuthInfo, ChipKeyInfo, SecurityInfos
from hardware.card.symmetric import Suite, session_keys


@dataclass(frozen=True, slots=True)
class Choice:
    """The protocol and the key that belong together."""

    info: ChipAuthInfo
    key: ChipKeyInfo


def choose(infos: SecurityInfos) -> Choice | None:
    """The variant to run from DG14's infos, or None if the chip offers none.

    A key without a ChipAuthenticationInfo means 3DES (§9.2.5).
    """
    for key in infos.chip_keys:
        for info in sorted(infos.chip_auth, key=lambda item: item.suite.key_bytes, reverse=True):
            if info.elliptic == key.elliptic and info.key_id == key.key_id and info.version == 1:
                return Choice(info, key)
    for key in infos.chip_keys:
        if not infos.chip_auth:
            arc = 2 if key.elliptic else 1
            return Choice(ChipAuthInfo(f"{BSI}.2.2.3.{arc}.1", key.elliptic, Suite.DES3, 1, key.key_id), key)
    return None


def agree(key: EcKey | DhKey, random: Randomness) -> tuple[bytes, bytes]:
    """(our ephemeral public key, shared secret) against a static chip key."""
    if isinstance(key, EcKey):
        group = EcGroup(key.curve)
        secret = random.secret(group.secret)
        return group.encode(group.raise_(group.base, secret)), group.agree(secret, key.point)
    field = DhGroup("card", key.p, key.g, (key.p - 1) // 2)
    secret = random.secret(field.secret)
    return field.encode(field.raise_(field.base, secret)), field.agree(secret, key.value)


def run(channel: Channel, choice: Choice, *, random: Randomness | None = None) -> None:
    """Agree on a new session and switch the channel to it; that the chip is genuine shows with the next answer.

    Raises CardRefused, UnsupportedCard, MalformedCard, SecureMessagingError, CardRemoved.
    """
    key = parse_public_key(choice.key.key)
    if not isinstance(key, EcKey | DhKey):
        raise UnsupportedCard("Chip Authentication with a key that agrees on nothing")
    ours, secret = agree(key, random or SystemRandomness())
    if choice.info.suite is Suite.DES3:
        _set_kat(channel, choice, ours)
    else:
        _set_at(channel, choice, ours)
    channel.protect(SecureMessaging(session_keys(secret, choice.info.suite)))


def _key_reference(choice: Choice) -> bytes:
    if choice.key.key_id is None:
        return b""
    return tlv.encode(0x84, choice.key.key_id.to_bytes((choice.key.key_id.bit_length() + 7) // 8 or 1))


def _set_kat(channel: Channel, choice: Choice, ours: bytes) -> None:
    """§6.2.4.1: 3DES keys are agreed on by MSE:Set KAT alone."""
    data = tlv.encode(0x91, ours) + _key_reference(choice)
    channel.demand(Command(MANAGE_SECURITY_ENVIRONMENT, 0x41, 0xA6, data))


def _set_at(channel: Channel, choice: Choice, ours: bytes) -> None:
    """§6.2.4.2: MSE:Set AT, then GENERAL AUTHENTICATE."""
    data = tlv.encode(0x80, tlv.encode_oid_value(choice.info.oid)) + _key_reference(choice)
    channel.demand(Command(MANAGE_SECURITY_ENVIRONMENT, 0x41, 0xA4, data))
    body = tlv.encode(0x7C, tlv.encode(0x80, ours))
    response = channel.send(Command(GENERAL_AUTHENTICATE, 0, 0, body, 256))
    if not response.ok:
        raise CardRefused(GENERAL_AUTHENTICATE, response.sw)
