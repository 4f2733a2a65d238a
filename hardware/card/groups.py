"""Why: PACE runs the same four steps over elliptic curves and over prime fields; this is what differs between them.

Domain parameters of ICAO 9303-11 §9.5.1, mappings of §4.4.3.3, public key data objects of §9.4.
"""

import secrets
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from hardware.card import tlv
from hardware.card.curves import Curve, Point, standardized
from hardware.card.errors import MalformedCard
from hardware.card.symmetric import Suite, cbc_encrypt, zero_iv

E = TypeVar("E")


class Group(Protocol[E]):
    """A group in which discrete logarithms are hard; E is its element."""

    @property
    def key_tag(self) -> int:
        """Tag of a public key in a template 7F49 (§9.4)."""
        ...

    @property
    def base(self) -> E:
        """The standard generator."""
        ...

    def secret(self) -> int:
        """A fresh private key."""
        ...

    def raise_(self, generator: E, secret: int) -> E:
        """The public key of `secret` over `generator`."""
        ...

    def agree(self, secret: int, peer: E) -> bytes:
        """The shared secret (KA of §9.6)."""
        ...

    def encode(self, element: E) -> bytes:
        """Octets of a public key."""
        ...

    def decode(self, octets: bytes) -> E:
        """A public key from octets, checked to lie in the group; MalformedCard otherwise."""
        ...

    def map_generic(self, nonce: bytes, secret: int, peer: E) -> E:
        """§4.4.3.3.1: the new generator from the nonce and an anonymous agreement."""
        ...

    def map_integrated(self, nonce: bytes, reader_nonce: bytes, suite: Suite) -> E:
        """§4.4.3.3.2: the new generator hashed from both nonces."""
        ...


_ROUND: Final = {
    16: (bytes.fromhex("a668892a7c41e3ca739f40b057d85904"), bytes.fromhex("a4e136ac725f738b01c1f60217c188ad")),
    32: (
        bytes.fromhex("d463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676"),
        bytes.fromhex("54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517"),
    ),
}


def nonce_bytes(suite: Suite) -> int:
    """Length of the chip's nonce in integrated mapping: whole blocks, at least a key."""
    return 16 if suite in (Suite.DES3, Suite.AES128) else 32


def pseudo_random(nonce: bytes, reader_nonce: bytes, suite: Suite, modulus: int) -> int:
    """R_p(s, t) of §4.4.3.3.2: a number below `modulus`, as good as uniform."""
    if len(nonce) not in _ROUND or len(reader_nonce) != suite.key_bytes:
        raise MalformedCard("a nonce of the wrong length")
    c0, c1 = _ROUND[len(nonce)]
    key = cbc_encrypt(suite, reader_nonce, zero_iv(suite), nonce)
    out = b""
    while 8 * len(out) < modulus.bit_length() + 64:
        short = key[: suite.key_bytes]
        out += cbc_encrypt(suite, short, zero_iv(suite), c1)
        key = cbc_encrypt(suite, short, zero_iv(suite), c0)
    return int.from_bytes(out) % modulus


def encode_to_point(curve: Curve, t: int) -> Point:
    """The point encoding of ICAO 9303-11 Appendix B.2, for p = 3 mod 4 and cofactor 1."""
    p, a, b = curve.p, curve.a, curve.b
    alpha = -t * t % p
    x2 = -b * pow(a, -1, p) * (1 + pow(alpha + alpha * alpha, -1, p)) % p
    h2 = (pow(x2, 3, p) + a * x2 + b) % p
    root = pow(h2, p - 1 - (p + 1) // 4, p)
    if root * root * h2 % p == 1:
        return Point(x2, root * h2 % p)
    return Point(alpha * x2 % p, root * pow(t, 3, p) * h2 % p)


@dataclass(frozen=True, slots=True)
class EcGroup:
    """Points of a curve."""

    curve: Curve

    @property
    def key_tag(self) -> int:
        """Tag 86."""
        return 0x86

    @property
    def base(self) -> Point:
        """The curve's base point."""
        return self.curve.generator

    def secret(self) -> int:
        """A fresh private key."""
        return self.curve.random_scalar()

    def raise_(self, generator: Point, secret: int) -> Point:
        """secret · generator."""
        return self.curve.multiply(secret, generator)

    def agree(self, secret: int, peer: Point) -> bytes:
        """The x-coordinate of secret · peer."""
        return self.curve.shared(secret, peer)

    def encode(self, element: Point) -> bytes:
        """Uncompressed octets."""
        return self.curve.encode(element)

    def decode(self, octets: bytes) -> Point:
        """A point of the curve."""
        return self.curve.decode(octets)

    def map_generic(self, nonce: bytes, secret: int, peer: Point) -> Point:
        """s · G + H."""
        scalar = int.from_bytes(nonce) % self.curve.n
        if not 2 <= scalar <= self.curve.n - 2:
            raise MalformedCard("a nonce maps to no generator")
        shared = self.curve.multiply(secret, peer)
        return self.curve.add(self.curve.multiply(scalar, self.base), shared)

    def map_integrated(self, nonce: bytes, reader_nonce: bytes, suite: Suite) -> Point:
        """The point encoding of R_p(s, t)."""
        t = pseudo_random(nonce, reader_nonce, suite, self.curve.p)
        if t in (0, 1, self.curve.p - 1) or self.curve.p % 4 != 3:
            raise MalformedCard("nonces that map to no point")
        return encode_to_point(self.curve, t)


@dataclass(frozen=True, slots=True)
class DhGroup:
    """The subgroup of order q in the integers modulo p (RFC 5114)."""

    name: str
    p: int
    g: int
    q: int

    @property
    def key_tag(self) -> int:
        """Tag 84."""
        return 0x84

    @property
    def size(self) -> int:
        """Bytes of an element."""
        return (self.p.bit_length() + 7) // 8

    @property
    def base(self) -> int:
        """The standard generator."""
        return self.g

    def secret(self) -> int:
        """A fresh private key."""
        return secrets.randbelow(self.q - 2) + 2

    def raise_(self, generator: int, secret: int) -> int:
        """generator to the power of secret."""
        return pow(generator, secret, self.p)

    def agree(self, secret: int, peer: int) -> bytes:
        """peer to the power of secret, as long as p."""
        return pow(peer, secret, self.p).to_bytes(self.size)

    def encode(self, element: int) -> bytes:
        """Octets as long as p."""
        return element.to_bytes(self.size)

    def decode(self, octets: bytes) -> int:
        """An element of the subgroup; the trivial one is refused."""
        value = int.from_bytes(octets)
        if len(octets) > self.size or not 1 < value < self.p - 1 or pow(value, self.q, self.p) != 1:
            raise MalformedCard("a public key is not in its group")
        return value

    def map_generic(self, nonce: bytes, secret: int, peer: int) -> int:
        """g^s · h."""
        return pow(self.g, int.from_bytes(nonce), self.p) * pow(peer, secret, self.p) % self.p

    def map_integrated(self, nonce: bytes, reader_nonce: bytes, suite: Suite) -> int:
        """R_p(s, t) to the power of the cofactor."""
        t = pseudo_random(nonce, reader_nonce, suite, self.p)
        mapped = pow(t, (self.p - 1) // self.q, self.p)
        if mapped in (0, 1):
            raise MalformedCard("nonces that map to no generator")
        return mapped


DH_GROUPS: Final = (
    DhGroup(
        "modp1024-160",
        p=int(
            "B10B8F96A080E01DDE92DE5EAE5D54EC52C99FBCFB06A3C69A6A9DCA52D23B616073E28675A23D189838EF1E2EE652C0"
            "13ECB4AEA906112324975C3CD49B83BFACCBDD7D90C4BD7098488E9C219A73724EFFD6FAE5644738FAA31A4FF55BCCC0"
            "A151AF5F0DC8B4BD45BF37DF365C1A65E68CFDA76D4DA708DF1FB2BC2E4A4371",
            16,
        ),
        g=int(
            "A4D1CBD5C3FD34126765A442EFB99905F8104DD258AC507FD6406CFF14266D31266FEA1E5C41564B777E690F5504F213"
            "160217B4B01B886A5E91547F9E2749F4D7FBD7D3B9A92EE1909D0D2263F80A76A6A24C087A091F531DBF0A0169B6A28A"
            "D662A4D18E73AFA32D779D5918D08BC8858F4DCEF97C2A24855E6EEB22B3B2E5",
            16,
        ),
        q=0xF518AA8781A8DF278ABA4E7D64B7CB9D49462353,
    ),
    DhGroup(
        "modp2048-224",
        p=int(
            "AD107E1E9123A9D0D660FAA79559C51FA20D64E5683B9FD1B54B1597B61D0A75E6FA141DF95A56DBAF9A3C407BA1DF15"
            "EB3D688A309C180E1DE6B85A1274A0A66D3F8152AD6AC2129037C9EDEFDA4DF8D91E8FEF55B7394B7AD5B7D0B6C12207"
            "C9F98D11ED34DBF6C6BA0B2C8BBC27BE6A00E0A0B9C49708B3BF8A317091883681286130BC8985DB1602E714415D9330"
            "278273C7DE31EFDC7310F7121FD5A07415987D9ADC0A486DCDF93ACC44328387315D75E198C641A480CD86A1B9E587E8"
            "BE60E69CC928B2B9C52172E413042E9B23F10B0E16E79763C9B53DCF4BA80A29E3FB73C16B8E75B97EF363E2FFA31F71"
            "CF9DE5384E71B81C0AC4DFFE0C10E64F",
            16,
        ),
        g=int(
            "AC4032EF4F2D9AE39DF30B5C8FFDAC506CDEBE7B89998CAF74866A08CFE4FFE3A6824A4E10B9A6F0DD921F01A70C4AFA"
            "AB739D7700C29F52C57DB17C620A8652BE5E9001A8D66AD7C17669101999024AF4D027275AC1348BB8A762D0521BC98A"
            "E247150422EA1ED409939D54DA7460CDB5F6C6B250717CBEF180EB34118E98D119529A45D6F834566E3025E316A330EF"
            "BB77A86F0C1AB15B051AE3D428C8F8ACB70A8137150B8EEB10E183EDD19963DDD9E263E4770589EF6AA21E7F5F2FF381"
            "B539CCE3409D13CD566AFBB48D6C019181E1BCFE94B30269EDFE72FE9B6AA4BD7B5A0F1C71CFFF4C19C418E1F6EC0179"
            "81BC087F2A7065B384B890D3191F2BFA",
            16,
        ),
        q=0x801C0D34C58D93FE997177101F80535A4738CEBCBF389A99B36371EB,
    ),
    DhGroup(
        "modp2048-256",
        p=int(
            "87A8E61DB4B6663CFFBBD19C651959998CEEF608660DD0F25D2CEED4435E3B00E00DF8F1D61957D4FAF7DF4561B2AA30"
            "16C3D91134096FAA3BF4296D830E9A7C209E0C6497517ABD5A8A9D306BCF67ED91F9E6725B4758C022E0B1EF4275BF7B"
            "6C5BFC11D45F9088B941F54EB1E59BB8BC39A0BF12307F5C4FDB70C581B23F76B63ACAE1CAA6B7902D52526735488A0E"
            "F13C6D9A51BFA4AB3AD8347796524D8EF6A167B5A41825D967E144E5140564251CCACB83E6B486F6B3CA3F7971506026"
            "C0B857F689962856DED4010ABD0BE621C3A3960A54E710C375F26375D7014103A4B54330C198AF126116D2276E11715F"
            "693877FAD7EF09CADB094AE91E1A1597",
            16,
        ),
        g=int(
            "3FB32C9B73134D0B2E77506660EDBD484CA7B18F21EF205407F4793A1A0BA12510DBC15077BE463FFF4FED4AAC0BB555"
            "BE3A6C1B0C6B47B1BC3773BF7E8C6F62901228F8C28CBB18A55AE31341000A650196F931C77A57F2DDF463E5E9EC144B"
            "777DE62AAAB8A8628AC376D282D6ED3864E67982428EBC831D14348F6F2F9193B5045AF2767164E1DFC967C1FB3F2E55"
            "A4BD1BFFE83B9C80D052B985D182EA0ADB2A3B7313D3FE14C8484B1E052588B9B7D2BBD2DF016199ECD06E1557CD0915"
            "B3353BBB64E0EC377FD028370DF92B52C7891428CDC67EB6184B523D1DB246C32F63078490F00EF8D647D148D4795451"
            "5E2327CFEF98C582664B4C0F6CC41659",
            16,
        ),
        q=0x8CF83642A709A097B447997640129DA299B1A47D1EB3750BA308B0FE64F5FBD3,
    ),
)


def group_of(parameter_id: int) -> EcGroup | DhGroup:
    """The group of a standardized domain parameter id; UnsupportedCard if we have none."""
    if 0 <= parameter_id < len(DH_GROUPS):
        return DH_GROUPS[parameter_id]
    return EcGroup(standardized(parameter_id))


def public_key_template(oid: str, key_tag: int, octets: bytes) -> bytes:
    """The data object 7F49 over which authentication tokens are computed (§4.4.3.4)."""
    return tlv.encode(0x7F49, tlv.encode_oid(oid), tlv.encode(key_tag, octets))
