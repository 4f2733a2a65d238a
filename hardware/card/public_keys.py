"""Why: public keys in cards and certificates come in forms the crypto library refuses; one door lets them in, strictly.

SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) with named or spelled-out curves, and signatures over the original bytes.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from hardware.card import tlv
from hardware.card.curves import EC_PUBLIC_KEY, Curve, Point, curve_of, standardized
from hardware.card.errors import MalformedCard, UnsupportedCard

RSA_ENCRYPTION: Final = "1.2.840.113549.1.1.1"
RSA_PSS: Final = "1.2.840.113549.1.1.10"
MGF1: Final = "1.2.840.113549.1.1.8"
STANDARDIZED: Final = "0.4.0.127.0.7.1.2"
ECDH_PUBLIC_KEY: Final = "1.3.132.1.12"
DH_KEY: Final = "1.2.840.113549.1.3.1"
DH_PUBLIC_NUMBER: Final = "1.2.840.10046.2.1"
BSI_PLAIN: Final = "0.4.0.127.0.7.1.1.4.1."
"""TR-03111 §5.2.1.1: signatures as r || s instead of a SEQUENCE."""

RSA_BITS: Final = range(1024, 8193)

HASHES: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "1.3.14.3.2.26": hashes.SHA1,
    "2.16.840.1.101.3.4.2.4": hashes.SHA224,
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
}
_RSA_SIGNATURES: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "1.2.840.113549.1.1.5": hashes.SHA1,
    "1.2.840.113549.1.1.14": hashes.SHA224,
    "1.2.840.113549.1.1.11": hashes.SHA256,
    "1.2.840.113549.1.1.12": hashes.SHA384,
    "1.2.840.113549.1.1.13": hashes.SHA512,
}
ECDSA_SIGNATURES: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "1.2.840.10045.4.1": hashes.SHA1,
    "1.2.840.10045.4.3.1": hashes.SHA224,
    "1.2.840.10045.4.3.2": hashes.SHA256,
    "1.2.840.10045.4.3.3": hashes.SHA384,
    "1.2.840.10045.4.3.4": hashes.SHA512,
    "0.4.0.127.0.7.1.1.4.1.1": hashes.SHA1,
    "0.4.0.127.0.7.1.1.4.1.2": hashes.SHA224,
    "0.4.0.127.0.7.1.1.4.1.3": hashes.SHA256,
    "0.4.0.127.0.7.1.1.4.1.4": hashes.SHA384,
    "0.4.0.127.0.7.1.1.4.1.5": hashes.SHA512,
}


@dataclass(frozen=True, slots=True)
class EcKey:
    """A point on a known curve."""

    curve: Curve
    point: Point

    @property
    def library(self) -> ec.EllipticCurvePublicKey:
        """The same key for the crypto library."""
        return ec.EllipticCurvePublicNumbers(self.point.x, self.point.y, self.curve.library).public_key()


@dataclass(frozen=True, slots=True)
class RsaKey:
    """Modulus and exponent."""

    n: int
    e: int

    @property
    def size(self) -> int:
        """Bytes of the modulus."""
        return (self.n.bit_length() + 7) // 8

    @property
    def library(self) -> rsa.RSAPublicKey:
        """The same key for the crypto library."""
        return rsa.RSAPublicNumbers(self.e, self.n).public_key()


@dataclass(frozen=True, slots=True)
class DhKey:
    """A Diffie-Hellman public key with its own parameters (§9.4.3)."""

    p: int
    g: int
    value: int


PublicKey = EcKey | RsaKey | DhKey


def parse_public_key(info: bytes) -> PublicKey:
    """A SubjectPublicKeyInfo. Raises MalformedCard, UnsupportedCard."""
    parts = tlv.parse(info, tlv.SEQUENCE).children()
    if len(parts) != 2:
        raise MalformedCard("a public key is not of its form")
    algorithm = parts[0].expect(tlv.SEQUENCE).children()
    if not algorithm:
        raise MalformedCard("a public key without algorithm")
    octets = tlv.bits(parts[1])
    match tlv.oid(algorithm[0]):
        case oid if oid in (EC_PUBLIC_KEY, ECDH_PUBLIC_KEY) and len(algorithm) == 2:
            return _ec_key(curve_of(algorithm[1]), octets)
        case oid if oid == STANDARDIZED and len(algorithm) == 2:
            return _ec_key(standardized(tlv.natural(algorithm[1])), octets)
        case oid if oid in (RSA_ENCRYPTION, RSA_PSS):
            return _rsa_key(octets)
        case oid if oid in (DH_KEY, DH_PUBLIC_NUMBER) and len(algorithm) == 2:
            return _dh_key(algorithm[1], octets)
        case _:
            raise UnsupportedCard("a public key of an unknown kind")


def _ec_key(curve: Curve, octets: bytes) -> EcKey:
    if len(octets) == 2 * curve.size:
        # ICAO 9303-11's own example leaves the 04 out.
        octets = b"\x04" + octets
    return EcKey(curve, curve.decode(octets))


def _rsa_key(octets: bytes) -> RsaKey:
    parts = tlv.parse(octets, tlv.SEQUENCE).children()
    if len(parts) != 2:
        raise MalformedCard("an RSA key is not of its form")
    key = RsaKey(tlv.natural(parts[0]), tlv.natural(parts[1]))
    if key.n.bit_length() not in RSA_BITS or not key.n & 1 or not 3 <= key.e < 1 << 64 or not key.e & 1:
        raise UnsupportedCard("an RSA key outside the bounds")
    return key


def _dh_key(parameters: tlv.Tlv, octets: bytes) -> DhKey:
    parts = parameters.expect(tlv.SEQUENCE).children()
    if len(parts) < 2:
        raise MalformedCard("a DH key is not of its form")
    key = DhKey(tlv.natural(parts[0]), tlv.natural(parts[1]), tlv.natural(tlv.parse(octets, tlv.INTEGER)))
    if key.p.bit_length() not in range(1024, 4097) or not 1 < key.value < key.p - 1 or not 1 < key.g < key.p - 1:
        raise UnsupportedCard("a DH key outside the bounds")
    return key


@dataclass(frozen=True, slots=True)
class Signature:
    """How something was signed: "ecdsa", "ecdsa plain", "pkcs1" or "pss", and the hash."""

    scheme: str
    digest: type[hashes.HashAlgorithm]
    salt_length: int = 0
    mask_digest: type[hashes.HashAlgorithm] | None = None


def hash_of(oid: str) -> type[hashes.HashAlgorithm]:
    """The hash of that name; UnsupportedCard otherwise."""
    if oid not in HASHES:
        raise UnsupportedCard(f"hash {oid} is not supported")
    return HASHES[oid]


def digest(algorithm: type[hashes.HashAlgorithm], data: bytes) -> bytes:
    """The hash of `data`."""
    return hashlib.new(algorithm().name, data, usedforsecurity=False).digest()


def parse_signature_algorithm(item: tlv.Tlv, digest_hint: type[hashes.HashAlgorithm] | None = None) -> Signature:
    """An AlgorithmIdentifier of a signature; `digest_hint` where CMS names the hash apart.

    Raises MalformedCard, UnsupportedCard. SHA-1 is refused: it is fit for Active Authentication only.
    """
    parts = item.expect(tlv.SEQUENCE).children()
    if not parts:
        raise MalformedCard("a signature without algorithm")
    signature = _signature(tlv.oid(parts[0]), parts[1:], digest_hint)
    if signature.digest is hashes.SHA1:
        raise UnsupportedCard("a signature over SHA-1")
    return signature


def _signature(oid: str, parameters: tuple[tlv.Tlv, ...], hint: type[hashes.HashAlgorithm] | None) -> Signature:
    if oid in ECDSA_SIGNATURES:
        return Signature("ecdsa plain" if oid.startswith(BSI_PLAIN) else "ecdsa", ECDSA_SIGNATURES[oid])
    if oid in _RSA_SIGNATURES:
        return Signature("pkcs1", _RSA_SIGNATURES[oid])
    if oid == RSA_ENCRYPTION and hint is not None:
        return Signature("pkcs1", hint)
    if oid == EC_PUBLIC_KEY and hint is not None:
        return Signature("ecdsa", hint)
    if oid == RSA_PSS:
        return _pss(parameters)
    raise UnsupportedCard(f"signature algorithm {oid} is not supported")


def _pss(parameters: tuple[tlv.Tlv, ...]) -> Signature:
    """RSASSA-PSS-params (RFC 4055 §3.1)."""
    if not parameters:
        raise UnsupportedCard("PSS without parameters means SHA-1")
    fields = {item.tag: item.children() for item in parameters[0].expect(tlv.SEQUENCE).children()}
    main = _hash_name(fields[0xA0][0]) if fields.get(0xA0) else hashes.SHA1
    mask = _mask_name(fields[0xA1][0]) if fields.get(0xA1) else hashes.SHA1
    salt = tlv.natural(fields[0xA2][0]) if fields.get(0xA2) else 20
    if salt > 512 or (fields.get(0xA3) and tlv.natural(fields[0xA3][0]) != 1):
        raise UnsupportedCard("PSS with a strange salt or trailer")
    return Signature("pss", main, salt, mask)


def _hash_name(item: tlv.Tlv) -> type[hashes.HashAlgorithm]:
    parts = item.expect(tlv.SEQUENCE).children()
    if not parts:
        raise MalformedCard("a hash without name")
    return hash_of(tlv.oid(parts[0]))


def _mask_name(item: tlv.Tlv) -> type[hashes.HashAlgorithm]:
    parts = item.expect(tlv.SEQUENCE).children()
    if len(parts) != 2 or tlv.oid(parts[0]) != MGF1:
        raise UnsupportedCard("PSS with another mask than MGF1")
    return _hash_name(parts[1])


def verify(key: PublicKey, how: Signature, data: bytes, signature: bytes) -> bool:
    """Whether `signature` over `data` holds under `key`; False also where key and scheme do not belong together."""
    try:
        return _verify(key, how, data, signature)
    except InvalidSignature:
        return False


def _verify(key: PublicKey, how: Signature, data: bytes, signature: bytes) -> bool:
    if isinstance(key, EcKey) and how.scheme == "ecdsa":
        key.library.verify(signature, data, ec.ECDSA(how.digest()))
        return True
    if isinstance(key, EcKey) and how.scheme == "ecdsa plain":
        der = plain_to_der(key.curve, signature)
        return der is not None and _verify(key, Signature("ecdsa", how.digest), data, der)
    if isinstance(key, RsaKey) and how.scheme == "pkcs1":
        key.library.verify(signature, data, padding.PKCS1v15(), how.digest())
        return True
    if isinstance(key, RsaKey) and how.scheme == "pss" and how.mask_digest is not None:
        mask = padding.MGF1(how.mask_digest())
        key.library.verify(signature, data, padding.PSS(mask, how.salt_length), how.digest())
        return True
    return False


def plain_to_der(curve: Curve, signature: bytes) -> bytes | None:
    """A plain ECDSA signature r || s (TR-03111 §5.2.1) as DER; None unless it has exactly the curve's length."""
    half = (curve.n.bit_length() + 7) // 8
    if len(signature) != 2 * half:
        return None
    return encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
