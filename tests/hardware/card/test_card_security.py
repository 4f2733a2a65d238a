"""PACE-CAM's proof: it passes only where file, signer, key and security object all are what they should be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hardware.card import tlv
from hardware.card.authenticity import Passive
from hardware.card.card_security import mapping_proof
from hardware.card.cms import parse_signed_data
from hardware.card.curves import BY_NAME
from hardware.card.groups import EcGroup
from hardware.card.pace import ChipMapping
from hardware.card.reading import Chain, Chip, Integrity
from hardware.card.trust import TrustStore
from hardware.virtual.card.issuer import CARD_SECURITY_OBJECT, Issuer, make_issuer, sign_content
from hardware.virtual.card.keys import rsa_signer, seeded_signer
from hardware.virtual.card.lds import chip_key_info
from tests.hardware.card.kit import ISSUER, SEED, TODAY, TRUST

CURVE = BY_NAME["brainpoolP256r1"]
STATIC, DRAWN = 0x1234567890ABCDEF1234567890ABCDEF, 0xFEDCBA0987654321FEDCBA0987654321
MAPPING = ChipMapping(
    EcGroup(CURVE),
    CURVE.encode(CURVE.multiply(DRAWN, CURVE.generator)),
    (DRAWN * pow(STATIC, -1, CURVE.n) % CURVE.n).to_bytes(CURVE.size),
)
INFOS = tlv.encode(tlv.SET, chip_key_info(CURVE, STATIC))
GOOD = ISSUER.card_security(INFOS)
SIGNER = parse_signed_data(GOOD).certificates[0]
SOUND = Passive(Integrity.PASSED, Chain.PASSED, SIGNER, frozenset({1, 2}))


def proof(
    data: bytes | None = GOOD, passive: Passive = SOUND, trust: TrustStore = TRUST, mapping: ChipMapping = MAPPING
) -> Chip:
    return mapping_proof(mapping, data, passive, trust, TODAY)


def other_signer() -> Issuer:
    return ISSUER.with_signer(seeded_signer(SEED, "another signer", "secp256r1"), serial=44)


def test_it_passes_where_everything_fits() -> None:
    assert proof() is Chip.PASSED
    assert proof(other_signer().card_security(INFOS)) is Chip.PASSED
    assert proof(trust=TrustStore()) is Chip.PASSED, "the signer is the security object's own"


@pytest.mark.parametrize("integrity", [Integrity.FAILED, Integrity.NOT_POSSIBLE])
def test_it_counts_only_under_a_valid_security_object(integrity: Integrity) -> None:
    assert proof(passive=replace(SOUND, integrity=integrity)) is Chip.NOT_POSSIBLE


def test_a_missing_or_broken_file_fails() -> None:
    for data in (None, b"", GOOD[:-1], GOOD[:-1] + bytes((GOOD[-1] ^ 1,)), b"\x30\x00"):
        assert proof(data) is Chip.FAILED


def test_an_algorithm_we_do_not_know_is_not_possible() -> None:
    old, new = (tlv.encode_oid(f"1.2.840.10045.4.3.{last}") for last in (2, 9))
    at = GOOD.rindex(old)
    assert proof(GOOD[:at] + new + GOOD[at + len(old) :]) is Chip.NOT_POSSIBLE


def test_a_strangers_file_fails() -> None:
    stranger = make_issuer(b"stranger")
    assert proof(stranger.card_security(INFOS)) is Chip.FAILED
    assert proof(other_signer().card_security(INFOS), trust=TrustStore()) is Chip.FAILED
    assert proof(other_signer().card_security(INFOS), replace(SOUND, signer=None), TrustStore()) is Chip.FAILED


def test_the_signer_must_have_been_good_when_it_signed() -> None:
    def under(first: datetime, last: datetime, signed_on: datetime | None) -> Chip:
        signer = seeded_signer(SEED, "another signer", "secp256r1")
        issuer = ISSUER.with_signer(signer, serial=44, days=(first, last))
        data = sign_content(CARD_SECURITY_OBJECT, INFOS, issuer.signer, issuer.signer_certificate, signed_on=signed_on)
        return proof(data)

    early, signing, later, now = (datetime(year, 3, 1, tzinfo=UTC) for year in (2021, 2022, 2023, 2030))
    assert under(early, later, signing) is Chip.PASSED
    assert under(early, signing - timedelta(days=1), signing) is Chip.FAILED
    assert under(early, later, None) is Chip.FAILED
    assert under(early, now, None) is Chip.PASSED


def test_an_rsa_key_maps_nothing() -> None:
    key = rsa_signer("cam").key_info
    info = tlv.encode(tlv.SEQUENCE, tlv.encode_oid("0.4.0.127.0.7.2.2.1.2"), key)
    assert proof(ISSUER.card_security(tlv.encode(tlv.SET, info))) is Chip.FAILED


def test_a_signer_whose_certificate_is_missing_fails() -> None:
    other = make_issuer(b"other").signer_certificate
    swapped = GOOD.replace(ISSUER.signer_certificate, other.replace(b"\x02\x02\x03\xe9", b"\x02\x02\x03\xea"))
    assert proof(swapped) is Chip.FAILED


def test_another_kind_of_content_fails() -> None:
    for kind in ("2.23.136.1.1.1", "2.23.136.1.1.2"):
        other = sign_content(kind, INFOS, ISSUER.signer, ISSUER.signer_certificate)
        assert proof(other) is Chip.FAILED
    assert proof(sign_content(CARD_SECURITY_OBJECT, INFOS, ISSUER.signer, ISSUER.signer_certificate)) is Chip.PASSED


def test_another_key_fails_and_one_of_several_suffices() -> None:
    wrong = chip_key_info(CURVE, STATIC + 1)
    elsewhere = chip_key_info(BY_NAME["secp256r1"], STATIC)
    right = chip_key_info(CURVE, STATIC)
    assert proof(ISSUER.card_security(tlv.encode(tlv.SET, wrong))) is Chip.FAILED
    assert proof(ISSUER.card_security(tlv.encode(tlv.SET, elsewhere))) is Chip.FAILED
    assert proof(ISSUER.card_security(tlv.encode(tlv.SET))) is Chip.FAILED
    assert proof(ISSUER.card_security(tlv.encode(tlv.SET, wrong, elsewhere, right))) is Chip.PASSED


@pytest.mark.parametrize("scalar", [0, 1, CURVE.n - 1, CURVE.n, CURVE.n + 2])
def test_chip_data_out_of_range_fails(scalar: int) -> None:
    data = scalar.to_bytes(CURVE.size)
    assert proof(mapping=replace(MAPPING, data=data)) is Chip.FAILED
