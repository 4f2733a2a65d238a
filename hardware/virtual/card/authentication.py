"""Why: the chip's side of PACE, BAC, Chip and Active Authentication, with keys the reader never sees."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from hardware.card import bac, tlv
from hardware.card.errors import SecureMessagingError
from hardware.card.groups import EcGroup, Group, group_of, nonce_bytes, public_key_template
from hardware.card.mrz import parse_mrz
from hardware.card.pace import PASSWORD_CAN, PASSWORD_MRZ
from hardware.card.passwords import Mrz
from hardware.card.secure_messaging import SecureMessaging
from hardware.card.security_infos import Mapping
from hardware.card.symmetric import (
    KDF_PACE,
    SessionKeys,
    cbc_encrypt,
    kdf,
    pad,
    same,
    session_keys,
    token_mac,
    zero_iv,
)
from hardware.virtual.card.keys import EcSigner, RsaSigner, Signer
from hardware.virtual.card.lds import CardImage, PaceProfile, mrz_text

SHA256_TRAILER: Final = b"\x34\xcc"


def mrz_password(card: CardImage) -> Mrz:
    """What the card's printed zone opens it with."""
    zone = parse_mrz(mrz_text(card.persona))
    return Mrz(zone.document_number.ljust(9, "<"), zone.birth, zone.expiry)


def _secret_of(card: CardImage, reference: int) -> bytes | None:
    match reference:
        case x if x == PASSWORD_CAN:
            return card.persona.can.encode()
        case x if x == PASSWORD_MRZ:
            return mrz_password(card).secret
        case _:
            return None


@dataclass(slots=True)
class PaceChip:
    """One run of PACE; `session` stands once the reader has proven the password."""

    card: CardImage
    variant: PaceProfile
    secret: bytes
    group: Group[Any]
    session: SecureMessaging | None = None
    _nonce: bytes = b""
    _generator: Any = None
    _map_secret: int = 0
    _keys: SessionKeys | None = None
    _own: bytes = b""
    _peer: bytes = b""

    @classmethod
    def start(cls, card: CardImage, data: bytes) -> "PaceChip | None":
        """From MSE:Set AT; None if it asks for something this card does not do."""
        fields = {item.tag: item.value for item in tlv.walk(data)}
        secret = _secret_of(card, int.from_bytes(fields.get(0x83, b"")))
        wanted = int.from_bytes(fields[0x84]) if 0x84 in fields else None
        for variant in card.profile.pace:
            if tlv.encode_oid_value(variant.oid) == fields.get(0x80) and wanted in (None, variant.parameter_id):
                return None if secret is None else cls(card, variant, secret, group_of(variant.parameter_id))
        return None

    def step(self, items: tuple[tlv.Tlv, ...]) -> bytes | None:
        """One GENERAL AUTHENTICATE; None if the reader's token is wrong."""
        match items[0].tag if items else 0:
            case 0:
                return self._send_nonce()
            case 0x81:
                return self._map(items[0].value)
            case 0x83:
                return self._agree(items[0].value)
            case 0x85:
                return self._authenticate(items[0].value)
            case _:
                raise SecureMessagingError("an unknown step")

    def _send_nonce(self) -> bytes:
        suite = self.variant.suite
        size = nonce_bytes(suite) if self.variant.mapping is Mapping.INTEGRATED else 16
        self._nonce = secrets.token_bytes(size)
        sealed = cbc_encrypt(suite, kdf(self.secret, KDF_PACE, suite), zero_iv(suite), self._nonce)
        return tlv.encode(0x80, sealed)

    def _map(self, value: bytes) -> bytes:
        if self.variant.mapping is Mapping.INTEGRATED:
            self._generator = self.group.map_integrated(self._nonce, value, self.variant.suite)
            return tlv.encode(0x82)
        self._map_secret = self.group.secret()
        own = self.group.encode(self.group.raise_(self.group.base, self._map_secret))
        self._generator = self.group.map_generic(self._nonce, self._map_secret, self.group.decode(value))
        return tlv.encode(0x82, own)

    def _agree(self, value: bytes) -> bytes:
        if self._generator is None:
            raise SecureMessagingError("a step out of order")
        secret = self.group.secret()
        self._own, self._peer = self.group.encode(self.group.raise_(self._generator, secret)), value
        self._keys = session_keys(self.group.agree(secret, self.group.decode(value)), self.variant.suite)
        return tlv.encode(0x84, self._own)

    def _token(self, keys: SessionKeys, public: bytes) -> bytes:
        template = public_key_template(self.variant.oid, self.group.key_tag, public)
        return token_mac(keys.suite, bytes(keys.mac), template)

    def _authenticate(self, token: bytes) -> bytes | None:
        keys = self._keys
        if keys is None:
            raise SecureMessagingError("a step out of order")
        if not same(token, self._token(keys, self._own)):
            return None
        self.session = SecureMessaging(keys)
        return tlv.encode(0x86, self._token(keys, self._peer)) + self._mapping_data(keys)

    def _mapping_data(self, keys: SessionKeys) -> bytes:
        """PACE-CAM: the mapping secret divided by the static one (ICAO 9303-11 §4.4.3.5.1)."""
        if self.variant.mapping is not Mapping.CHIP_AUTHENTICATION or not isinstance(self.group, EcGroup):
            return b""
        curve = self.group.curve
        data = self._map_secret * pow(self.card.chip_secret, -1, curve.n) % curve.n
        iv = cbc_encrypt(keys.suite, bytes(keys.enc), zero_iv(keys.suite), b"\xff" * keys.suite.block)
        padded = pad(data.to_bytes(curve.size), keys.suite.block)
        return tlv.encode(0x8A, cbc_encrypt(keys.suite, bytes(keys.enc), iv, padded))


@dataclass(slots=True)
class BacChip:
    """One run of BAC."""

    card: CardImage
    session: SecureMessaging | None = None
    challenge: bytes = field(default_factory=lambda: secrets.token_bytes(8))

    def authenticate(self, message: bytes) -> bytes | None:
        """The answer to EXTERNAL AUTHENTICATE; None if the reader does not know the zone."""
        enc, mac = bac.access_keys(mrz_password(self.card))
        try:
            plain = bac.unseal(enc, mac, message)
        except SecureMessagingError:
            return None
        theirs, echoed, their_key = plain[:8], plain[8:16], plain[16:]
        if not same(echoed, self.challenge):
            return None
        key = secrets.token_bytes(16)
        self.session = bac.session(their_key, key, self.challenge, theirs)
        return bac.seal(enc, mac, self.challenge + theirs + key)


@dataclass(frozen=True, slots=True)
class ChipAgreement:
    """Chip Authentication with the card's static key."""

    card: CardImage

    @classmethod
    def start(cls, card: CardImage, data: bytes) -> "ChipAgreement | None":
        """From MSE:Set AT; None if the card does not do it."""
        fields = {item.tag: item.value for item in tlv.walk(data)}
        return cls.whole(card) if fields.get(0x84, b"\x01") == b"\x01" else None

    @classmethod
    def whole(cls, card: CardImage) -> "ChipAgreement | None":
        """For MSE:Set KAT."""
        return None if card.profile.chip_suite is None else cls(card)

    def session(self, peer: bytes) -> SecureMessaging:
        """The new session."""
        suite = self.card.profile.chip_suite
        if suite is None:
            raise SecureMessagingError("no Chip Authentication on this card")
        curve = self.card.chip_curve
        return SecureMessaging(session_keys(curve.shared(self.card.chip_secret, curve.decode(peer)), suite))


@dataclass(frozen=True, slots=True)
class ActiveSigner:
    """Active Authentication with the card's own key."""

    key: Signer

    def sign(self, challenge: bytes) -> bytes:
        """ECDSA plain, or ISO/IEC 9796-2 scheme 1 with SHA-256."""
        if isinstance(self.key, EcSigner):
            return self._ecdsa(self.key, challenge)
        return self._rsa(self.key, challenge)

    def _ecdsa(self, key: EcSigner, challenge: bytes) -> bytes:
        r, s = decode_dss_signature(key.private.sign(challenge, ec.ECDSA(hashes.SHA256())))
        half = key.curve.size
        return r.to_bytes(half) + s.to_bytes(half)

    def _rsa(self, key: RsaSigner, challenge: bytes) -> bytes:
        numbers = key.private.private_numbers()
        size = (numbers.public_numbers.n.bit_length() + 7) // 8
        filler = secrets.token_bytes(size - 1 - 32 - len(SHA256_TRAILER))
        digest = hashlib.sha256(filler + challenge).digest()
        message = int.from_bytes(b"\x6a" + filler + digest + SHA256_TRAILER)
        opened = pow(message, numbers.d, numbers.public_numbers.n)
        return opened.to_bytes(size)
