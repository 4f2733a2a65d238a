"""Signed objects, taken apart field by field: what is read, what is refused, and which certificate a signer means."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes

from hardware.card import tlv
from hardware.card.certificates import parse_certificate
from hardware.card.cms import (
    CONTENT_TYPE,
    MAX_SIGNERS,
    MESSAGE_DIGEST,
    SIGNED_DATA,
    SignedData,
    parse_signed_data,
    signature_holds,
    signing_time,
)
from hardware.card.errors import MalformedCard, UnsupportedCard
from hardware.virtual.card.issuer import LDS_OBJECT, sign_content
from tests.hardware.card.kit import ISSUER

CONTENT = b"what the signer vouches for"
WHOLE = sign_content(LDS_OBJECT, CONTENT, ISSUER.signer, ISSUER.signer_certificate)
CERTIFICATE = parse_certificate(ISSUER.signer_certificate)
ROOT = parse_certificate(ISSUER.csca_certificate)
FIELDS = [item.raw for item in tlv.parse(tlv.parse(WHOLE).children()[1].value).children()]
SIGNER = [item.raw for item in tlv.parse(FIELDS[4]).children()[0].children()]


def seq(*parts: bytes) -> bytes:
    return tlv.encode(tlv.SEQUENCE, *parts)


def signed(*fields: bytes, oid: str = SIGNED_DATA) -> bytes:
    return seq(tlv.encode_oid(oid), tlv.encode(0xA0, seq(*fields)))


def with_signers(*signers: bytes) -> bytes:
    return signed(*FIELDS[:4], tlv.encode(tlv.SET, *signers))


def with_attributes(*attributes: bytes) -> SignedData:
    """Signed anew over these attributes: only what they say can be wrong."""
    body = b"".join(attributes)
    signature = tlv.encode(tlv.OCTET_STRING, ISSUER.signer.sign(tlv.encode(tlv.SET, body)))
    return parse_signed_data(with_signers(seq(*SIGNER[:3], tlv.encode(0xA0, body), SIGNER[4], signature)))


def attribute(oid: str, *values: bytes) -> bytes:
    return seq(tlv.encode_oid(oid), tlv.encode(tlv.SET, *values))


def holds(data: SignedData) -> bool:
    return signature_holds(data, data.signers[0], CERTIFICATE)


def test_it_is_read_as_it_was_signed() -> None:
    data = parse_signed_data(WHOLE)
    assert (data.content_type, data.content, data.certificates) == (LDS_OBJECT, CONTENT, (CERTIFICATE,))
    assert data.signers[0].digest is hashes.SHA256
    assert signing_time(data.signers[0]) == datetime(2022, 3, 1, 8, 0, tzinfo=UTC)
    assert holds(data)


KIND_AND_CONTENT = [item.raw for item in tlv.parse(FIELDS[2]).children()]
NAME_AND_SERIAL = [item.raw for item in tlv.parse(SIGNER[1]).children()]
NULL = b"\x05\x00"


@pytest.mark.parametrize(
    "data",
    [
        signed(*FIELDS, oid="1.2.840.113549.1.7.1"),
        seq(tlv.encode_oid(SIGNED_DATA)),
        seq(tlv.encode_oid(SIGNED_DATA), tlv.encode(0xA0, seq(*FIELDS)), NULL),
        signed(*FIELDS[:2], FIELDS[4]),
        signed(*FIELDS[:3]),
        signed(*FIELDS[:2]),
        with_signers(),
        with_signers(*[seq(*SIGNER)] * (MAX_SIGNERS + 1)),
        signed(*FIELDS[:2], seq(KIND_AND_CONTENT[0]), *FIELDS[3:]),
        signed(*FIELDS[:2], seq(*KIND_AND_CONTENT, NULL), *FIELDS[3:]),
        with_signers(seq(*SIGNER[:3])),
        with_signers(seq(*SIGNER[:4])),
        with_signers(seq(*SIGNER[:5])),
        with_signers(seq(*SIGNER[:2], seq(), *SIGNER[3:])),
        with_signers(seq(SIGNER[0], seq(), *SIGNER[2:])),
        with_signers(seq(SIGNER[0], seq(NAME_AND_SERIAL[0]), *SIGNER[2:])),
        with_signers(seq(SIGNER[0], seq(*NAME_AND_SERIAL, NULL), *SIGNER[2:])),
        with_signers(seq(SIGNER[0], tlv.encode(0x81, b"key"), *SIGNER[2:])),
    ],
)
def test_what_is_not_of_its_form(data: bytes) -> None:
    with pytest.raises(MalformedCard):
        parse_signed_data(data)


def test_optional_parts_may_be_missing_or_of_another_kind() -> None:
    bare = parse_signed_data(signed(*FIELDS[:3], FIELDS[4]))
    assert (bare.certificates, len(bare.signers)) == ((), 1)
    other = parse_signed_data(signed(*FIELDS[:4], tlv.encode(0xA1, b"\x05\x00"), FIELDS[4]))
    assert other.certificates == (CERTIFICATE,)
    assert len(parse_signed_data(with_signers(*[seq(*SIGNER)] * MAX_SIGNERS)).signers) == MAX_SIGNERS


def test_without_signed_attributes_the_content_itself_is_signed() -> None:
    signature = tlv.encode(tlv.OCTET_STRING, ISSUER.signer.sign(CONTENT))
    data = parse_signed_data(with_signers(seq(*SIGNER[:3], SIGNER[4], signature)))
    assert data.signers[0].attributes is None
    assert signing_time(data.signers[0]) is None
    assert holds(data)
    assert not holds(replace(data, content=CONTENT + b"!"))


# --- which certificate --------------------------------------------------------------------------------------------


def meant(**changes: object) -> object:
    data = parse_signed_data(WHOLE)
    both = replace(data, certificates=(ROOT, CERTIFICATE))
    return both.certificate_of(replace(data.signers[0], **changes))  # type: ignore[arg-type]


def test_a_signer_is_found_by_issuer_and_serial_or_by_key() -> None:
    assert meant() == CERTIFICATE
    assert meant(serial=CERTIFICATE.serial + 1) is None
    assert meant(issuer=tlv.encode(tlv.SEQUENCE)) is None
    assert meant(issuer=None) is None
    assert meant(issuer=None, serial=None) is None
    assert meant(issuer=None, serial=None, key_id=CERTIFICATE.subject_key_id) == CERTIFICATE
    assert meant(issuer=None, serial=None, key_id=b"another key") is None
    assert meant(key_id=b"another key") is None


def test_a_signer_may_be_named_by_its_key() -> None:
    key = CERTIFICATE.subject_key_id
    assert key is not None
    data = parse_signed_data(with_signers(seq(SIGNER[0], tlv.encode(0x80, key), *SIGNER[2:])))
    signer = data.signers[0]
    assert (signer.issuer, signer.serial, signer.key_id) == (None, None, key)
    assert data.certificate_of(signer) == CERTIFICATE


# --- what the attributes say --------------------------------------------------------------------------------------


def _hashed(content: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(content)
    return tlv.encode(tlv.OCTET_STRING, digest.finalize())


KIND = attribute(CONTENT_TYPE, tlv.encode_oid(LDS_OBJECT))
HASH = attribute(MESSAGE_DIGEST, _hashed(CONTENT))


def test_attributes_must_name_this_content_and_its_kind() -> None:
    assert holds(with_attributes(KIND, HASH))
    assert not holds(with_attributes(KIND))
    assert not holds(with_attributes(HASH))
    assert not holds(with_attributes(KIND, attribute(MESSAGE_DIGEST, _hashed(b"something else"))))
    assert not holds(with_attributes(attribute(CONTENT_TYPE, tlv.encode_oid("1.2.3.4")), HASH))


@pytest.mark.parametrize(
    "attributes",
    [
        (KIND, HASH, HASH),
        (KIND, HASH, attribute("1.2.3.4")),
        (KIND, HASH, attribute("1.2.3.4", b"\x05\x00", b"\x05\x00")),
        (KIND, HASH, seq(tlv.encode_oid("1.2.3.4"))),
        (KIND, HASH, seq(tlv.encode_oid("1.2.3.4"), tlv.encode(tlv.SET, b"\x05\x00"), b"\x05\x00")),
    ],
)
def test_attributes_that_are_not_of_their_form(attributes: tuple[bytes, ...]) -> None:
    with pytest.raises(MalformedCard):
        holds(with_attributes(*attributes))


def test_sha1_is_not_enough_for_a_signed_object() -> None:
    data = parse_signed_data(WHOLE)
    with pytest.raises(UnsupportedCard):
        signature_holds(data, replace(data.signers[0], digest=hashes.SHA1), CERTIFICATE)
    bare = tlv.encode(tlv.OCTET_STRING, ISSUER.signer.sign(CONTENT))
    unattributed = parse_signed_data(with_signers(seq(*SIGNER[:3], SIGNER[4], bare)))
    with pytest.raises(UnsupportedCard):
        signature_holds(unattributed, replace(unattributed.signers[0], digest=hashes.SHA1), CERTIFICATE)
