"""The one door for public keys and signatures: what is let in, and that no key passes under another's scheme."""

import itertools

import pytest
from cryptography.hazmat.primitives import hashes

from hardware.card import tlv
from hardware.card.curves import BY_NAME, EC_PUBLIC_KEY
from hardware.card.errors import MalformedCard, UnsupportedCard
from hardware.card.public_keys import (
    DH_KEY,
    DH_PUBLIC_NUMBER,
    ECDH_PUBLIC_KEY,
    MGF1,
    RSA_ENCRYPTION,
    RSA_PSS,
    STANDARDIZED,
    DhKey,
    EcKey,
    RsaKey,
    Signature,
    digest,
    hash_of,
    parse_public_key,
    parse_signature_algorithm,
    plain_to_der,
    verify,
)
from hardware.virtual.card.keys import RsaSigner, rsa_signer, seeded_signer
from tests.hardware.card.kit import SEED

SHA1_OID, SHA256_OID, SHA512_OID = "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.3"
BRAINPOOL = BY_NAME["brainpoolP256r1"]
CURVE_NAME = tlv.encode_oid(BRAINPOOL.oid)
EC = seeded_signer(SEED, "k", "brainpoolP256r1")
POINT = tlv.bits(tlv.parse(EC.key_info).children()[1])
RSA = rsa_signer("k", 2048)
P = (1 << 2047) | 1


def seq(*parts: bytes) -> bytes:
    return tlv.encode(tlv.SEQUENCE, *parts)


def number(value: int) -> bytes:
    return tlv.encode_integer(value)


def info(octets: bytes, oid: str, *parameters: bytes) -> bytes:
    return seq(seq(tlv.encode_oid(oid), *parameters), tlv.encode_bits(octets))


def rsa(n: int, e: int) -> bytes:
    return info(seq(number(n), number(e)), RSA_ENCRYPTION, b"\x05\x00")


def dh(p: int, g: int, value: int) -> bytes:
    return info(number(value), DH_KEY, seq(number(p), number(g)))


# --- keys ---------------------------------------------------------------------------------------------------------


def test_an_elliptic_key_by_its_three_names() -> None:
    key = parse_public_key(EC.key_info)
    assert isinstance(key, EcKey)
    assert parse_public_key(info(POINT, EC_PUBLIC_KEY, CURVE_NAME)) == key
    assert parse_public_key(info(POINT, ECDH_PUBLIC_KEY, CURVE_NAME)) == key
    assert parse_public_key(info(POINT, STANDARDIZED, number(13))) == key
    assert parse_public_key(info(POINT[1:], EC_PUBLIC_KEY, CURVE_NAME)) == key


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (seq(seq(tlv.encode_oid(EC_PUBLIC_KEY), CURVE_NAME)), MalformedCard),
        (seq(seq(tlv.encode_oid(RSA_ENCRYPTION)), tlv.encode_bits(b""), number(1)), MalformedCard),
        (seq(seq(), tlv.encode_bits(POINT)), MalformedCard),
        (info(POINT, EC_PUBLIC_KEY), UnsupportedCard),
        (info(POINT, EC_PUBLIC_KEY, CURVE_NAME, CURVE_NAME), UnsupportedCard),
        (info(POINT, STANDARDIZED), UnsupportedCard),
        (info(POINT, STANDARDIZED, number(13), number(13)), UnsupportedCard),
        (info(number(5), DH_KEY), UnsupportedCard),
        (info(number(5), DH_KEY, seq(number(P), number(2)), number(1)), UnsupportedCard),
        (info(number(5), "1.2.3.4", seq(number(P), number(2))), UnsupportedCard),
        (info(POINT + b"\x00", EC_PUBLIC_KEY, CURVE_NAME), MalformedCard),
        (info(seq(number(P)), RSA_ENCRYPTION), MalformedCard),
        (info(seq(number(P), number(3), number(3)), RSA_ENCRYPTION), MalformedCard),
        (info(number(5), DH_KEY, seq(number(P))), MalformedCard),
    ],
)
def test_what_is_no_key(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_public_key(data)


@pytest.mark.parametrize(
    ("n", "e"),
    [
        ((1 << 1022) | 1, 3),
        ((1 << 8192) | 1, 3),
        (1 << 2047, 65_537),
        (P, 1),
        (P, 4),
        (P, 65_536),
        (P, (1 << 64) + 1),
    ],
)
def test_rsa_keys_out_of_bounds(n: int, e: int) -> None:
    with pytest.raises(UnsupportedCard):
        parse_public_key(rsa(n, e))


@pytest.mark.parametrize(("n", "e"), [((1 << 1023) | 1, 3), ((1 << 8191) | 1, 65_537), (P, (1 << 64) - 1), (P, 5)])
def test_rsa_keys_within(n: int, e: int) -> None:
    assert parse_public_key(rsa(n, e)) == RsaKey(n, e)


def test_the_size_of_a_modulus_is_in_whole_bytes() -> None:
    assert [RsaKey((1 << bits) | 1, 3).size for bits in (1022, 1023, 1024, 1031, 1032)] == [128, 128, 129, 129, 130]


@pytest.mark.parametrize(
    ("p", "g", "value"),
    [
        ((1 << 1022) | 1, 2, 5),
        ((1 << 4096) | 1, 2, 5),
        (P, 1, 5),
        (P, P - 1, 5),
        (P, P, 5),
        (P, 2, 0),
        (P, 2, 1),
        (P, 2, P - 1),
        (P, 2, P + 1),
    ],
)
def test_dh_keys_out_of_bounds(p: int, g: int, value: int) -> None:
    with pytest.raises(UnsupportedCard):
        parse_public_key(dh(p, g, value))


@pytest.mark.parametrize(
    ("p", "g", "value"),
    [(P, 2, 2), (P, P - 2, P - 2), ((1 << 1023) | 1, 2, 5), ((1 << 4095) | 1, 3, 7)],
)
def test_dh_keys_within(p: int, g: int, value: int) -> None:
    assert parse_public_key(dh(p, g, value)) == DhKey(p, g, value)
    with_order = info(number(value), DH_PUBLIC_NUMBER, seq(number(p), number(g), number(p >> 1)))
    assert parse_public_key(with_order) == DhKey(p, g, value)


# --- signature algorithms -----------------------------------------------------------------------------------------


def how(oid: str, *parameters: bytes, hint: type[hashes.HashAlgorithm] | None = None) -> Signature:
    return parse_signature_algorithm(tlv.parse(seq(tlv.encode_oid(oid), *parameters)), hint)


def hash_name(oid: str) -> bytes:
    return seq(tlv.encode_oid(oid))


def pss(
    main: str = SHA256_OID, mask: bytes | None = None, salt: int | None = 32, trailer: int | None = None
) -> tuple[bytes, ...]:
    fields = [tlv.encode(0xA0, hash_name(main))]
    fields.append(tlv.encode(0xA1, mask or seq(tlv.encode_oid(MGF1), hash_name(SHA512_OID))))
    fields += [] if salt is None else [tlv.encode(0xA2, number(salt))]
    fields += [] if trailer is None else [tlv.encode(0xA3, number(trailer))]
    return (seq(*fields),)


def test_schemes_by_their_names() -> None:
    assert how("1.2.840.113549.1.1.11") == Signature("pkcs1", hashes.SHA256)
    assert how("1.2.840.10045.4.3.4") == Signature("ecdsa", hashes.SHA512)
    assert how("0.4.0.127.0.7.1.1.4.1.3") == Signature("ecdsa plain", hashes.SHA256)
    assert how(RSA_ENCRYPTION, hint=hashes.SHA384) == Signature("pkcs1", hashes.SHA384)
    assert how(EC_PUBLIC_KEY, hint=hashes.SHA384) == Signature("ecdsa", hashes.SHA384)
    assert how(RSA_PSS, *pss()) == Signature("pss", hashes.SHA256, 32, hashes.SHA512)
    assert how(RSA_PSS, *pss(salt=None)) == Signature("pss", hashes.SHA256, 20, hashes.SHA512)
    assert how(RSA_PSS, *pss(salt=512, trailer=1)) == Signature("pss", hashes.SHA256, 512, hashes.SHA512)
    only_hash = seq(tlv.encode(0xA0, hash_name(SHA256_OID)))
    assert how(RSA_PSS, only_hash) == Signature("pss", hashes.SHA256, 20, hashes.SHA1)


@pytest.mark.parametrize(
    ("oid", "parameters", "hint"),
    [
        ("1.2.840.113549.1.1.5", (), None),
        ("1.2.840.10045.4.1", (), None),
        (RSA_ENCRYPTION, (), hashes.SHA1),
        (RSA_ENCRYPTION, (), None),
        (EC_PUBLIC_KEY, (), None),
        ("1.2.3.4", pss(), hashes.SHA256),
        (RSA_PSS, (), hashes.SHA256),
        (RSA_PSS, (seq(),), hashes.SHA256),
        (RSA_PSS, (seq(tlv.encode(0xA1, seq(tlv.encode_oid(MGF1), hash_name(SHA256_OID)))),), None),
        (RSA_PSS, pss(main=SHA1_OID), None),
        (RSA_PSS, pss(main="1.2.3.4"), None),
        (RSA_PSS, pss(salt=513), None),
        (RSA_PSS, pss(trailer=2), None),
        (RSA_PSS, pss(trailer=0), None),
        (RSA_PSS, pss(mask=seq(tlv.encode_oid("1.2.3.4"), hash_name(SHA256_OID))), None),
        (RSA_PSS, pss(mask=seq(tlv.encode_oid(MGF1))), None),
        (RSA_PSS, pss(mask=seq(tlv.encode_oid(MGF1), hash_name(SHA256_OID), hash_name(SHA256_OID))), None),
    ],
)
def test_schemes_that_are_not_supported(
    oid: str, parameters: tuple[bytes, ...], hint: type[hashes.HashAlgorithm] | None
) -> None:
    with pytest.raises(UnsupportedCard):
        how(oid, *parameters, hint=hint)


def test_nameless_algorithms_are_malformed() -> None:
    with pytest.raises(MalformedCard):
        parse_signature_algorithm(tlv.parse(seq()))
    with pytest.raises(MalformedCard):
        how(RSA_PSS, seq(tlv.encode(0xA0, seq())))


def test_hashes_by_name() -> None:
    assert hash_of(SHA512_OID) is hashes.SHA512
    assert digest(hashes.SHA256, b"abc").hex().startswith("ba7816bf8f01cfea")
    with pytest.raises(UnsupportedCard):
        hash_of("1.2.3.4")


# --- verifying ----------------------------------------------------------------------------------------------------

MESSAGE = b"what was signed"
PLAIN = EC.sign(MESSAGE)
PSS = RsaSigner(RSA.private_der, "sha256", pss=True)
KEYS = {"ec": parse_public_key(EC.key_info), "rsa": parse_public_key(RSA.key_info), "dh": DhKey(P, 2, 5)}
HOWS = {
    "ecdsa": Signature("ecdsa", hashes.SHA256),
    "ecdsa plain": Signature("ecdsa plain", hashes.SHA256),
    "pkcs1": Signature("pkcs1", hashes.SHA256),
    "pss": parse_signature_algorithm(tlv.parse(PSS.algorithm)),
    "pss without mask": Signature("pss", hashes.SHA256, 32),
    "something else": Signature("something else", hashes.SHA256, 32, hashes.SHA256),
}


def _plain(der: bytes) -> bytes:
    r, s = (tlv.integer(part) for part in tlv.parse(der).children())
    return r.to_bytes(BRAINPOOL.size) + s.to_bytes(BRAINPOOL.size)


SIGNATURES = {
    "ecdsa": PLAIN,
    "ecdsa plain": _plain(PLAIN),
    "pkcs1": RSA.sign(MESSAGE),
    "pss": PSS.sign(MESSAGE),
    "nothing": b"",
}
RIGHT = {
    ("ec", "ecdsa", "ecdsa"),
    ("ec", "ecdsa plain", "ecdsa plain"),
    ("rsa", "pkcs1", "pkcs1"),
    ("rsa", "pss", "pss"),
}


@pytest.mark.parametrize(("key", "scheme", "signature"), sorted(itertools.product(KEYS, HOWS, SIGNATURES)))
def test_a_signature_holds_under_its_own_key_and_scheme_only(key: str, scheme: str, signature: str) -> None:
    held = verify(KEYS[key], HOWS[scheme], MESSAGE, SIGNATURES[signature])
    assert held is ((key, scheme, signature) in RIGHT)
    assert not verify(KEYS[key], HOWS[scheme], MESSAGE + b"!", SIGNATURES[signature])


def test_a_plain_signature_has_its_curves_length() -> None:
    plain = SIGNATURES["ecdsa plain"]
    assert plain_to_der(BRAINPOOL, plain) is not None
    for wrong in (plain[:-1], plain + b"\x00", plain + bytes(2), b""):
        assert plain_to_der(BRAINPOOL, wrong) is None
