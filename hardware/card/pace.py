"""Why: Password Authenticated Connection Establishment (ICAO 9303-11 §4.4), the reader's side, in its three mappings.

One try only: whatever the card says to a wrong password is raised, never tried again here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from hardware.card import tlv
from hardware.card.apdu import GENERAL_AUTHENTICATE, MANAGE_SECURITY_ENVIRONMENT, Command, Response
from hardware.card.channel import Channel
from hardware.card.errors import CardRefused, MalformedCard, SecureMessagingError, UnsupportedCard, WrongPassword
from hardware.card.groups import EcGroup, Group, group_of, nonce_bytes, public_key_template
from hardware.card.passwords import Can, Password
from hardware.card.randomness import Randomness, SystemRandomness
from hardware.card.secure_messaging import SecureMessaging
from hardware.card.security_infos import Mapping, PaceInfo
from hardware.card.symmetric import (
    KDF_PACE,
    MAC_BYTES,
    SessionKeys,
    Suite,
    cbc_decrypt,
    cbc_encrypt,
    kdf,
    same,
    session_keys,
    token_mac,
    unpad,
    zero_iv,
)

E = TypeVar("E")

DO_DYNAMIC: Final = 0x7C
PASSWORD_MRZ: Final = 1
PASSWORD_CAN: Final = 2
BLOCKED: Final = frozenset({0x63C0, 0x6983, 0x6984})
REFUSALS: Final = frozenset({0x6300, 0x6982, 0x6983, 0x6984, 0x6985, 0x6988, 0x6A80, 0x6A88})


@dataclass(frozen=True, slots=True)
class ChipMapping:
    """What PACE-CAM leaves to be checked once EF.CardSecurity has been read and verified (§4.4.3.5)."""

    group: EcGroup
    mapping_key: bytes
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PaceResult:
    """A protected session, and the chip's mapping data if the mapping was CAM."""

    session: SecureMessaging
    chip_mapping: ChipMapping | None


_STRENGTH: Final = {Suite.DES3: 0, Suite.AES128: 1, Suite.AES192: 2, Suite.AES256: 3}
_PREFERENCE: Final = {Mapping.CHIP_AUTHENTICATION: 2, Mapping.GENERIC: 1, Mapping.INTEGRATED: 0}


def _supported(info: PaceInfo) -> bool:
    try:
        group = group_of(info.parameter_id)
    except UnsupportedCard:
        return False
    return isinstance(group, EcGroup) == info.elliptic


def choose(infos: Sequence[PaceInfo]) -> PaceInfo:
    """The card's best PACE variant that we can do; UnsupportedCard if there is none."""
    usable = [info for info in infos if _supported(info)]
    if not usable:
        raise UnsupportedCard("the card offers no PACE variant we can do")
    return max(usable, key=lambda info: (info.elliptic, _PREFERENCE[info.mapping], _STRENGTH[info.suite]))


def run(
    channel: Channel,
    info: PaceInfo,
    password: Password,
    *,
    ambiguous: bool = False,
    random: Randomness | None = None,
) -> PaceResult:
    """Open the chip. `ambiguous`: the card lists several parameter sets, so name ours.

    Raises WrongPassword (after one try), UnsupportedCard, MalformedCard, SecureMessagingError, CardRemoved.
    """
    source = random or SystemRandomness()
    group = group_of(info.parameter_id)
    if isinstance(group, EcGroup):
        return _Run(channel, info, group, source).go(password, ambiguous)
    return _Run(channel, info, group, source).go(password, ambiguous)


def dynamic_value(data: bytes, tag: int) -> bytes:
    """One value out of a dynamic authentication data object 7C."""
    for item in tlv.parse(data, DO_DYNAMIC, der=False).children():
        if item.tag == tag:
            return item.value
    raise MalformedCard(f"dynamic authentication data without {tag:02X}")


class _Run(Generic[E]):
    def __init__(self, channel: Channel, info: PaceInfo, group: Group[E], random: Randomness) -> None:
        self._channel = channel
        self._info = info
        self._group: Group[E] = group
        self._random = random
        self._mapping_key = b""

    def go(self, password: Password, ambiguous: bool) -> PaceResult:
        self._set_template(password, ambiguous)
        nonce = self._nonce(password)
        generator = self._map(nonce)
        keys, own, peer = self._agree(generator)
        answer = self._authenticate(keys, own, peer)
        return PaceResult(SecureMessaging(keys), self._chip_mapping(keys, answer))

    def _set_template(self, password: Password, ambiguous: bool) -> None:
        reference = PASSWORD_CAN if isinstance(password, Can) else PASSWORD_MRZ
        data = tlv.encode(0x80, tlv.encode_oid_value(self._info.oid)) + tlv.encode(0x83, bytes((reference,)))
        if ambiguous:
            data += tlv.encode(0x84, bytes((self._info.parameter_id,)))
        response = self._channel.send(Command(MANAGE_SECURITY_ENVIRONMENT, 0xC1, 0xA4, data))
        if response.sw in BLOCKED:
            raise WrongPassword("the card has no tries left", 0)
        # 63Cx only tells that x tries are left: the run goes on.
        if not response.ok and response.sw >> 4 != 0x63C:
            raise CardRefused(MANAGE_SECURITY_ENVIRONMENT, response.sw)

    def _step(self, tag: int, value: bytes, *, last: bool = False) -> Response:
        body = tlv.encode(tag, value) if tag else b""
        command = Command(GENERAL_AUTHENTICATE, 0, 0, tlv.encode(DO_DYNAMIC, body), 256, cla=0x00 if last else 0x10)
        return self._channel.send(command)

    def _ask(self, tag: int, value: bytes, wanted: int) -> bytes:
        response = self._step(tag, value)
        if not response.ok:
            raise CardRefused(GENERAL_AUTHENTICATE, response.sw)
        return dynamic_value(response.data, wanted) if wanted else b""

    def _nonce(self, password: Password) -> bytes:
        suite = self._info.suite
        sealed = self._ask(0, b"", 0x80)
        if len(sealed) not in (16, 32):
            raise MalformedCard("a nonce of the wrong length")
        return cbc_decrypt(suite, kdf(password.secret, KDF_PACE, suite), zero_iv(suite), sealed)

    def _map(self, nonce: bytes) -> E:
        if self._info.mapping is Mapping.INTEGRATED:
            return self._map_integrated(nonce)
        secret = self._random.secret(self._group.secret)
        own = self._group.encode(self._group.raise_(self._group.base, secret))
        self._mapping_key = self._ask(0x81, own, 0x82)
        if same(own, self._mapping_key):
            raise SecureMessagingError("the card returned our own mapping key")
        return self._group.map_generic(nonce, secret, self._group.decode(self._mapping_key))

    def _map_integrated(self, nonce: bytes) -> E:
        suite = self._info.suite
        if len(nonce) != nonce_bytes(suite):
            raise MalformedCard("a nonce of the wrong length")
        ours = self._random.bytes(suite.key_bytes)
        self._ask(0x81, ours, 0)
        return self._group.map_integrated(nonce, ours, suite)

    def _agree(self, generator: E) -> tuple[SessionKeys, bytes, bytes]:
        secret = self._random.secret(self._group.secret)
        own = self._group.encode(self._group.raise_(generator, secret))
        peer = self._ask(0x83, own, 0x84)
        if same(own, peer):
            raise SecureMessagingError("the card returned our own key")
        shared = self._group.agree(secret, self._group.decode(peer))
        return session_keys(shared, self._info.suite), own, peer

    def _token(self, keys: SessionKeys, public: bytes) -> bytes:
        template = public_key_template(self._info.oid, self._group.key_tag, public)
        return token_mac(keys.suite, bytes(keys.mac), template)

    def _authenticate(self, keys: SessionKeys, own: bytes, peer: bytes) -> bytes:
        response = self._step(0x85, self._token(keys, peer), last=True)
        if not response.ok:
            raise _refusal(response.sw)
        token = dynamic_value(response.data, 0x86)
        if len(token) != MAC_BYTES or not same(token, self._token(keys, own)):
            raise SecureMessagingError("the card's authentication token is wrong")
        return response.data

    def _chip_mapping(self, keys: SessionKeys, answer: bytes) -> ChipMapping | None:
        group: object = self._group
        if self._info.mapping is not Mapping.CHIP_AUTHENTICATION or not isinstance(group, EcGroup):
            return None
        sealed = dynamic_value(answer, 0x8A)
        iv = cbc_encrypt(keys.suite, bytes(keys.enc), zero_iv(keys.suite), b"\xff" * keys.suite.block)
        data = unpad(cbc_decrypt(keys.suite, bytes(keys.enc), iv, sealed))
        return ChipMapping(group, self._mapping_key, data)


def _refusal(sw: int) -> WrongPassword | CardRefused:
    if sw >> 4 == 0x63C:
        return WrongPassword("the card does not open with this password", sw & 0xF)
    if sw in REFUSALS:
        return WrongPassword("the card does not open with this password")
    return CardRefused(GENERAL_AUTHENTICATE, sw)


def chip_mapping_holds(mapping: ChipMapping, static_key: bytes) -> bool:
    """§4.4.3.5.2: whether the mapping key came from the static private key behind `static_key` (an encoded point)."""
    curve = mapping.group.curve
    scalar = int.from_bytes(mapping.data)
    if not 2 <= scalar <= curve.n - 2:
        return False
    return curve.encode(curve.multiply(scalar, curve.decode(static_key))) == mapping.mapping_key
