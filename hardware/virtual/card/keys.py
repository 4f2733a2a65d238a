"""Why: a test issuer needs keys that come out the same from a seed, in every kind cards use; and it signs with them."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from hardware.card import tlv
from hardware.card.curves import BY_NAME, EC_PUBLIC_KEY, PRIME_FIELD, Curve, point_of

ECDSA_WITH: Final = {
    "sha224": "1.2.840.10045.4.3.1",
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}
RSA_WITH: Final = {"sha256": "1.2.840.113549.1.1.11", "sha512": "1.2.840.113549.1.1.13"}
HASH_OID: Final = {
    "sha1": "1.3.14.3.2.26",
    "sha224": "2.16.840.1.101.3.4.2.4",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
_HASHES: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


@dataclass(frozen=True, slots=True)
class EcSigner:
    """An ECDSA key; `explicit` spells the curve out in its certificate, as Vietnam's passport root does."""

    curve: Curve
    secret: int
    digest: str = "sha256"
    explicit: bool = False

    @property
    def private(self) -> ec.EllipticCurvePrivateKey:
        """The library's key."""
        return ec.derive_private_key(self.secret, self.curve.library)

    @property
    def key_info(self) -> bytes:
        """SubjectPublicKeyInfo."""
        parameters = explicit_parameters(self.curve) if self.explicit else tlv.encode_oid(self.curve.oid)
        algorithm = tlv.encode(tlv.SEQUENCE, tlv.encode_oid(EC_PUBLIC_KEY), parameters)
        octets = self.curve.encode(point_of(self.private.public_key()))
        return tlv.encode(tlv.SEQUENCE, algorithm, tlv.encode_bits(octets))

    @property
    def algorithm(self) -> bytes:
        """AlgorithmIdentifier of its signatures."""
        return tlv.encode(tlv.SEQUENCE, tlv.encode_oid(ECDSA_WITH[self.digest]))

    def sign(self, data: bytes) -> bytes:
        """A DER signature, the same every time."""
        return self.private.sign(data, ec.ECDSA(_HASHES[self.digest](), deterministic_signing=True))


@dataclass(frozen=True, slots=True)
class RsaSigner:
    """An RSA key, PKCS#1 v1.5 or PSS."""

    private_der: bytes
    digest: str = "sha256"
    pss: bool = False

    @property
    def private(self) -> rsa.RSAPrivateKey:
        """The library's key."""
        key = load_der_private_key(self.private_der, None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("not an RSA key")
        return key

    @property
    def key_info(self) -> bytes:
        """SubjectPublicKeyInfo."""
        return self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def algorithm(self) -> bytes:
        """AlgorithmIdentifier of its signatures."""
        if not self.pss:
            return tlv.encode(tlv.SEQUENCE, tlv.encode_oid(RSA_WITH[self.digest]), tlv.encode(tlv.NULL))
        name = tlv.encode(tlv.SEQUENCE, tlv.encode_oid(HASH_OID[self.digest]), tlv.encode(tlv.NULL))
        mask = tlv.encode(tlv.SEQUENCE, tlv.encode_oid("1.2.840.113549.1.1.8"), name)
        salt = tlv.encode_integer(_HASHES[self.digest]().digest_size)
        fields = tlv.encode(0xA0, name) + tlv.encode(0xA1, mask) + tlv.encode(0xA2, salt)
        return tlv.encode(tlv.SEQUENCE, tlv.encode_oid("1.2.840.113549.1.1.10"), tlv.encode(tlv.SEQUENCE, fields))

    def sign(self, data: bytes) -> bytes:
        """A signature."""
        algorithm = _HASHES[self.digest]()
        if self.pss:
            scheme = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
            return self.private.sign(data, scheme, algorithm)
        return self.private.sign(data, padding.PKCS1v15(), algorithm)


Signer = EcSigner | RsaSigner


def explicit_parameters(curve: Curve) -> bytes:
    """ECParameters that spell the curve out."""
    field = tlv.encode(tlv.SEQUENCE, tlv.encode_oid(PRIME_FIELD), tlv.encode_integer(curve.p))
    a, b = (tlv.encode(tlv.OCTET_STRING, value.to_bytes(curve.size)) for value in (curve.a % curve.p, curve.b))
    return tlv.encode(
        tlv.SEQUENCE,
        tlv.encode_integer(1),
        field,
        tlv.encode(tlv.SEQUENCE, a, b),
        tlv.encode(tlv.OCTET_STRING, curve.encode(curve.generator)),
        tlv.encode_integer(curve.n),
        tlv.encode_integer(1),
    )


def seeded_scalar(seed: bytes, label: str, curve: Curve) -> int:
    """A private key that depends on seed and label alone."""
    wide = hashlib.shake_256(seed + b"\x00" + label.encode()).digest(curve.size + 16)
    return int.from_bytes(wide) % (curve.n - 3) + 2


def seeded_signer(seed: bytes, label: str, curve: str, digest: str = "sha256", *, explicit: bool = False) -> EcSigner:
    """An ECDSA key from seed and label."""
    return EcSigner(BY_NAME[curve], seeded_scalar(seed, label, BY_NAME[curve]), digest, explicit)


@lru_cache(maxsize=32)
def rsa_signer(label: str, bits: int = 2048, digest: str = "sha256", *, pss: bool = False) -> RsaSigner:
    """An RSA key, made once a process: RSA keys do not come from seeds."""
    del label
    key = rsa.generate_private_key(65537, bits)
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return RsaSigner(der, digest, pss)
