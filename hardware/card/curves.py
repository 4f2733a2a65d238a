"""Why: PACE maps to generators no library names, and passport keys spell their curve out; both need the domain
parameters as numbers. The scalar multiplications stay inside `cryptography`; only single affine steps are ours.
"""

import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from hardware.card import tlv
from hardware.card.errors import MalformedCard, UnsupportedCard

EC_PUBLIC_KEY: Final = "1.2.840.10045.2.1"
PRIME_FIELD: Final = "1.2.840.10045.1.1"


@dataclass(frozen=True, slots=True)
class Point:
    """An affine point; never the point at infinity."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Short Weierstrass domain parameters with cofactor 1."""

    name: str
    oid: str
    library: ec.EllipticCurve
    p: int
    a: int
    b: int
    gx: int
    gy: int
    n: int

    @property
    def size(self) -> int:
        """Bytes of a field element."""
        return (self.p.bit_length() + 7) // 8

    @property
    def generator(self) -> Point:
        """The base point."""
        return Point(self.gx, self.gy)

    def holds(self, point: Point) -> bool:
        """Whether the point satisfies the curve's equation, with both coordinates reduced."""
        inside = 0 <= point.x < self.p and 0 <= point.y < self.p
        return inside and (point.y * point.y - point.x**3 - self.a * point.x - self.b) % self.p == 0

    def add(self, left: Point, right: Point) -> Point:
        """Affine addition; MalformedCard if the sum is the point at infinity."""
        if left.x != right.x:
            slope = (right.y - left.y) * pow(right.x - left.x, -1, self.p) % self.p
        elif left.y == right.y and left.y:
            slope = (3 * left.x * left.x + self.a) * pow(2 * left.y, -1, self.p) % self.p
        else:
            raise MalformedCard("a sum of points is infinity")
        x = (slope * slope - left.x - right.x) % self.p
        return Point(x, (slope * (left.x - x) - left.y) % self.p)

    def _x_of(self, scalar: int, point: Point) -> int:
        key = ec.derive_private_key(scalar, self.library)
        peer = ec.EllipticCurvePublicNumbers(point.x, point.y, self.library).public_key()
        return int.from_bytes(key.exchange(ec.ECDH(), peer))

    def shared(self, scalar: int, point: Point) -> bytes:
        """The x-coordinate of scalar · point, as long as the field."""
        return self._x_of(scalar, point).to_bytes(self.size)

    def multiply(self, scalar: int, point: Point) -> Point:
        """scalar · point for 1 < scalar < n - 1.

        Two key agreements give x(kP) and x((k+1)P); Okeya and Sakurai's formula gives y from those.
        """
        if point == self.generator:
            return point_of(ec.derive_private_key(scalar, self.library).public_key())
        x1, x2 = self._x_of(scalar, point), self._x_of(scalar + 1, point)
        y2 = 2 * self.b + (self.a + point.x * x1) * (point.x + x1) - x2 * (point.x - x1) ** 2
        return Point(x1, y2 * pow(2 * point.y, -1, self.p) % self.p)

    def random_scalar(self) -> int:
        """A secret that `multiply` can take."""
        return secrets.randbelow(self.n - 3) + 2

    def encode(self, point: Point) -> bytes:
        """Uncompressed octets (TR-03111 §3.2.1)."""
        return b"\x04" + point.x.to_bytes(self.size) + point.y.to_bytes(self.size)

    def decode(self, octets: bytes) -> Point:
        """A point of this curve from its uncompressed octets; MalformedCard otherwise."""
        if len(octets) != 1 + 2 * self.size or octets[0] != 4:
            raise MalformedCard("a point is not uncompressed or of the wrong length")
        point = Point(int.from_bytes(octets[1 : 1 + self.size]), int.from_bytes(octets[1 + self.size :]))
        if not self.holds(point):
            raise MalformedCard("a point is not on its curve")
        return point


def point_of(key: ec.EllipticCurvePublicKey) -> Point:
    """The point of a library key."""
    numbers = key.public_numbers()
    return Point(numbers.x, numbers.y)


CURVES: Final = (
    Curve(
        "secp192r1",
        "1.2.840.10045.3.1.1",
        ec.SECP192R1(),
        p=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFFFFFFFFFF,
        a=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFFFFFFFFFC,
        b=0x64210519E59C80E70FA7E9AB72243049FEB8DEECC146B9B1,
        gx=0x188DA80EB03090F67CBF20EB43A18800F4FF0AFD82FF1012,
        gy=0x07192B95FFC8DA78631011ED6B24CDD573F977A11E794811,
        n=0xFFFFFFFFFFFFFFFFFFFFFFFF99DEF836146BC9B1B4D22831,
    ),
    Curve(
        "secp224r1",
        "1.3.132.0.33",
        ec.SECP224R1(),
        p=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF000000000000000000000001,
        a=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFE,
        b=0xB4050A850C04B3ABF54132565044B0B7D7BFD8BA270B39432355FFB4,
        gx=0xB70E0CBD6BB4BF7F321390B94A03C1D356C21122343280D6115C1D21,
        gy=0xBD376388B5F723FB4C22DFE6CD4375A05A07476444D5819985007E34,
        n=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFF16A2E0B8F03E13DD29455C5C2A3D,
    ),
    Curve(
        "secp256r1",
        "1.2.840.10045.3.1.7",
        ec.SECP256R1(),
        p=0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
        a=0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC,
        b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        gx=0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        gy=0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
        n=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    ),
    Curve(
        "secp384r1",
        "1.3.132.0.34",
        ec.SECP384R1(),
        p=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF,
        a=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFC,
        b=0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        gx=0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        gy=0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
        n=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    ),
    Curve(
        "secp521r1",
        "1.3.132.0.35",
        ec.SECP521R1(),
        p=int(
            "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
            16,
        ),
        a=int(
            "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC",
            16,
        ),
        b=int(
            "0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1"
            "BF073573DF883D2C34F1EF451FD46B503F00",
            16,
        ),
        gx=int(
            "00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FF"
            "A8DE3348B3C1856A429BF97E7E31C2E5BD66",
            16,
        ),
        gy=int(
            "011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD"
            "0761353C7086A272C24088BE94769FD16650",
            16,
        ),
        n=int(
            "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709"
            "A5D03BB5C9B8899C47AEBB6FB71E91386409",
            16,
        ),
    ),
    Curve(
        "brainpoolP256r1",
        "1.3.36.3.3.2.8.1.1.7",
        ec.BrainpoolP256R1(),
        p=0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
        a=0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
        b=0x26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6,
        gx=0x8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262,
        gy=0x547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997,
        n=0xA9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7,
    ),
    Curve(
        "brainpoolP384r1",
        "1.3.36.3.3.2.8.1.1.11",
        ec.BrainpoolP384R1(),
        p=0x8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53,
        a=0x7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826,
        b=0x04A8C7DD22CE28268B39B55416F0447C2FB77DE107DCD2A62E880EA53EEB62D57CB4390295DBC9943AB78696FA504C11,
        gx=0x1D1C64F068CF45FFA2A63A81B7C13F6B8847A3E77EF14FE3DB7FCAFE0CBD10E8E826E03436D646AAEF87B2E247D4AF1E,
        gy=0x8ABE1D7520F9C2A45CB1EB8E95CFD55262B70B29FEEC5864E19C054FF99129280E4646217791811142820341263C5315,
        n=0x8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7CF3AB6AF6B7FC3103B883202E9046565,
    ),
    Curve(
        "brainpoolP512r1",
        "1.3.36.3.3.2.8.1.1.13",
        ec.BrainpoolP512R1(),
        p=int(
            "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA703308717D4D9B009BC66842AECDA12AE6A380E6"
            "2881FF2F2D82C68528AA6056583A48F3",
            16,
        ),
        a=int(
            "7830A3318B603B89E2327145AC234CC594CBDD8D3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B5"
            "7F1117A72BF2C7B9E7C1AC4D77FC94CA",
            16,
        ),
        b=int(
            "3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CADC083E67"
            "984050B75EBAE5DD2809BD638016F723",
            16,
        ),
        gx=int(
            "81AEE4BDD82ED9645A21322E9C4C6A9385ED9F70B5D916C1B43B62EEF4D0098EFF3B1F78E2D0D48D50D1687B93B97D5F"
            "7C6D5047406A5E688B352209BCB9F822",
            16,
        ),
        gy=int(
            "7DDE385D566332ECC0EABFA9CF7822FDF209F70024A57B1AA000C55B881F8111B2DCDE494A5F485E5BCA4BD88A2763AE"
            "D1CA2B2FA8F0540678CD1E0F3AD80892",
            16,
        ),
        n=int(
            "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330870553E5C414CA92619418661197FAC1047"
            "1DB1D381085DDADDB58796829CA90069",
            16,
        ),
    ),
)

BY_OID: Final = {curve.oid: curve for curve in CURVES}
BY_NAME: Final = {curve.name: curve for curve in CURVES}

STANDARDIZED: Final = {
    8: BY_NAME["secp192r1"],
    10: BY_NAME["secp224r1"],
    12: BY_NAME["secp256r1"],
    13: BY_NAME["brainpoolP256r1"],
    15: BY_NAME["secp384r1"],
    16: BY_NAME["brainpoolP384r1"],
    17: BY_NAME["brainpoolP512r1"],
    18: BY_NAME["secp521r1"],
}
"""ICAO 9303-11 §9.5.1. 9, 11 and 14 (brainpool 192, 224, 320) are missing: the library has no such curve."""


def standardized(parameter_id: int) -> Curve:
    """The curve of a standardized domain parameter id; UnsupportedCard if there is none."""
    if parameter_id not in STANDARDIZED:
        raise UnsupportedCard(f"domain parameters {parameter_id} are not supported")
    return STANDARDIZED[parameter_id]


def curve_of(parameters: tlv.Tlv) -> Curve:
    """The curve that ECParameters name or spell out (RFC 3279 §2.3.5, X9.62).

    Spelled-out parameters must equal a known curve in every number: p, a, b, G, n and, where given, h.
    """
    if parameters.tag == tlv.OID:
        name = tlv.oid(parameters)
        if name not in BY_OID:
            raise UnsupportedCard(f"curve {name} is not supported")
        return BY_OID[name]
    return _explicit(parameters.expect(tlv.SEQUENCE))


def _explicit(parameters: tlv.Tlv) -> Curve:
    parts = parameters.children()
    if len(parts) not in (5, 6) or tlv.integer(parts[0]) not in (1, 2, 3):
        raise MalformedCard("explicit curve parameters are not of their form")
    p = _field(parts[1])
    a, b = _coefficients(parts[2])
    n = tlv.natural(parts[4])
    for curve in CURVES:
        if (curve.p, curve.a, curve.b, curve.n) == (p, a, b, n):
            _same_rest(curve, parts)
            return curve
    raise UnsupportedCard("explicit curve parameters are of no known curve")


def _field(item: tlv.Tlv) -> int:
    parts = item.expect(tlv.SEQUENCE).children()
    if len(parts) != 2 or tlv.oid(parts[0]) != PRIME_FIELD:
        raise UnsupportedCard("explicit curve parameters over another field")
    return tlv.natural(parts[1])


def _coefficients(item: tlv.Tlv) -> tuple[int, int]:
    parts = item.expect(tlv.SEQUENCE).children()
    if len(parts) not in (2, 3):
        raise MalformedCard("explicit curve coefficients are not of their form")
    a, b = (int.from_bytes(part.expect(tlv.OCTET_STRING).value) for part in parts[:2])
    return a, b


def _same_rest(curve: Curve, parts: tuple[tlv.Tlv, ...]) -> None:
    generator = parts[3].expect(tlv.OCTET_STRING).value
    packed = bytes((2 + curve.gy % 2,)) + curve.gx.to_bytes(curve.size)
    if generator not in (curve.encode(curve.generator), packed):
        raise UnsupportedCard("explicit curve parameters with another base point")
    if len(parts) == 6 and tlv.natural(parts[5]) != 1:
        raise UnsupportedCard("explicit curve parameters with another cofactor")
