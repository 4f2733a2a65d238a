"""Active Authentication: it holds for this key, this challenge and the hash the card names, and for nothing else."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from hardware.card import tlv
from hardware.card.authenticity import has_long_signature, verify_active
from hardware.card.files import parse_dg15
from hardware.card.groups import DH_GROUPS
from hardware.card.public_keys import DhKey, parse_public_key
from hardware.virtual.card.keys import EcSigner, rsa_signer
from hardware.virtual.card.lds import CardProfile
from hardware.virtual.card.personas import card_of
from tests.hardware.card.active_kit import CHALLENGE, active_of
from tests.hardware.card.kit import ISSUER

CARD = card_of(ISSUER, "ong-tu")
DG15 = CARD.files["DG15"]


def dg14_naming(oid: str | None) -> bytes:
    """DG14 whose only info names an Active Authentication algorithm; without one, some other info."""
    kind = "2.23.136.1.1.5" if oid else "1.2.3"
    info = tlv.encode(tlv.SEQUENCE, tlv.encode_oid(kind), tlv.encode_integer(1), tlv.encode_oid(oid or "1.2.3"))
    return tlv.encode(0x6E, tlv.encode(tlv.SET, info))


def signed_with(algorithm: hashes.HashAlgorithm) -> bytes:
    assert isinstance(CARD.active_key, EcSigner)
    r, s = decode_dss_signature(CARD.active_key.private.sign(CHALLENGE, ec.ECDSA(algorithm)))
    return r.to_bytes(32) + s.to_bytes(32)


OLD = hashes.SHA1()  # noqa: S303 - Active Authentication is the one place where the standard still allows it
PLAIN = "0.4.0.127.0.7.1.1.4.1."


def test_the_hash_that_dg14_names_is_the_only_one() -> None:
    named = dg14_naming(f"{PLAIN}3")
    assert verify_active(DG15, CHALLENGE, signed_with(hashes.SHA256()), named)
    for other in (OLD, hashes.SHA224(), hashes.SHA384()):
        assert not verify_active(DG15, CHALLENGE, signed_with(other), named)
    assert verify_active(DG15, CHALLENGE, signed_with(OLD), dg14_naming(f"{PLAIN}1"))


@pytest.mark.parametrize("dg14", [None, dg14_naming(None), dg14_naming("1.2.3.4")], ids=["none", "no info", "unknown"])
def test_without_a_named_hash_those_no_longer_than_the_key_are_tried(dg14: bytes | None) -> None:
    for fitting in (OLD, hashes.SHA224(), hashes.SHA256()):
        assert verify_active(DG15, CHALLENGE, signed_with(fitting), dg14)
    for longer in (hashes.SHA384(), hashes.SHA512()):
        assert not verify_active(DG15, CHALLENGE, signed_with(longer), dg14)


def test_a_broken_dg14_verifies_nothing() -> None:
    assert not verify_active(DG15, CHALLENGE, active_of(CARD), b"\x6e\x01\x00")


def test_only_long_rsa_keys_have_long_signatures() -> None:
    def dg15_of(bits: int) -> bytes:
        return tlv.encode(0x6F, rsa_signer(f"long {bits}", bits).key_info)

    assert has_long_signature(dg15_of(2048))
    assert not has_long_signature(dg15_of(1024))
    assert not has_long_signature(DG15)
    assert not has_long_signature(b"\x6f\x00")


@pytest.mark.parametrize("profile", [CardProfile(), CardProfile(active="rsa")], ids=["ecdsa", "rsa"])
def test_active_authentication_holds_for_key_and_challenge_only(profile: CardProfile) -> None:
    card = card_of(ISSUER, "ba-khe", profile)
    response = active_of(card)
    dg15, dg14 = card.files["DG15"], card.files["DG14"]
    assert verify_active(dg15, CHALLENGE, response, dg14)
    assert verify_active(dg15, CHALLENGE, response, None)
    assert not verify_active(dg15, b"\x01" * 8, response, dg14)
    assert not verify_active(card_of(ISSUER, "ba-sau").files["DG15"], CHALLENGE, response, dg14)
    for at in (0, 1, len(response) // 2, len(response) - 1):
        broken = bytearray(response)
        broken[at] ^= 0x10
        assert not verify_active(dg15, CHALLENGE, bytes(broken), dg14)
    for wrong in (b"", response[:-1], response + b"\x00", b"\x00" + response):
        assert not verify_active(dg15, CHALLENGE, wrong, dg14)


@pytest.mark.parametrize("length", [0, 7, 9, 16])
def test_a_challenge_of_another_length_never_verifies(length: int) -> None:
    card = card_of(ISSUER, "ba-khe")
    challenge = bytes(length)
    assert not verify_active(card.files["DG15"], challenge, active_of(card, challenge), card.files["DG14"])


def test_a_key_that_is_no_key() -> None:
    for dg15 in (b"", b"\x6f\x00", b"\x6f\x02\x30\x00", CARD.files["DG1"]):
        assert not verify_active(dg15, CHALLENGE, active_of(CARD), None)


def test_a_key_that_only_agrees_signs_nothing() -> None:
    group = DH_GROUPS[1]
    parameters = tlv.encode(tlv.SEQUENCE, tlv.encode_integer(group.p), tlv.encode_integer(group.g))
    algorithm = tlv.encode(tlv.SEQUENCE, tlv.encode_oid("1.2.840.10046.2.1"), parameters)
    key = tlv.encode_bits(tlv.encode_integer(group.raise_(group.g, 12345)))
    dg15 = tlv.encode(0x6F, tlv.encode(tlv.SEQUENCE, algorithm, key))
    assert isinstance(parse_public_key(parse_dg15(dg15)), DhKey)
    assert not verify_active(dg15, CHALLENGE, active_of(CARD), None)
