"""Certificates and revocation lists, field by field: what is read, what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from hardware.card import tlv
from hardware.card.certificates import (
    AUTHORITY_KEY_ID,
    BASIC_CONSTRAINTS,
    MAX_BYTES,
    MAX_CRL_BYTES,
    MAX_EXTENSIONS,
    ORGANIZATION,
    SUBJECT_KEY_ID,
    Certificate,
    countries,
    name_parts,
    organizations,
    parse_certificate,
    parse_crl,
    parse_time,
    same_name,
    unwrap_pem,
    verified_issuer,
)
from hardware.card.errors import MalformedCard, TrustFault
from hardware.card.tlv import Tlv
from hardware.virtual.card.issuer import make_issuer, name
from hardware.virtual.card.keys import rsa_signer, seeded_signer
from tests.hardware.card.kit import ISSUER, SEED

RAW = ISSUER.signer_certificate
CERTIFICATE = parse_certificate(RAW)
ROOT = parse_certificate(ISSUER.csca_certificate)
OUTER = [item.raw for item in tlv.parse(RAW).children()]
FIELDS = [item.raw for item in tlv.parse(OUTER[0]).children()]
VALIDITY = [item.raw for item in tlv.parse(FIELDS[4]).children()]
CRL = ISSUER.crl((1, 2))
CRL_OUTER = [item.raw for item in tlv.parse(CRL).children()]
CRL_FIELDS = [item.raw for item in tlv.parse(CRL_OUTER[0]).children()]
NULL = b"\x05\x00"
MORE = tlv.encode_integer(1)


def seq(*parts: bytes) -> bytes:
    return tlv.encode(tlv.SEQUENCE, *parts)


def with_fields(*fields: bytes, algorithm: bytes = OUTER[1]) -> bytes:
    return seq(seq(*fields), algorithm, OUTER[2])


def extension(*parts: bytes) -> bytes:
    return seq(tlv.encode_oid("1.2.3.4"), *parts)


def with_extensions(*extensions: bytes) -> bytes:
    return with_fields(*FIELDS[:7], tlv.encode(0xA3, seq(*extensions)))


VALUE = tlv.encode(tlv.OCTET_STRING, b"x")


@pytest.mark.parametrize(
    "data",
    [
        seq(*OUTER[:2]),
        seq(*OUTER, NULL),
        with_fields(),
        with_fields(FIELDS[0]),
        with_fields(*FIELDS[:6]),
        with_fields(*FIELDS[1:6]),
        with_fields(*FIELDS, algorithm=seq(tlv.encode_oid("1.2.840.10045.4.3.4"))),
        with_fields(*FIELDS[:4], seq(VALIDITY[0]), *FIELDS[5:]),
        with_fields(*FIELDS[:4], seq(*VALIDITY, VALIDITY[1]), *FIELDS[5:]),
        with_extensions(*[extension(VALUE)] * (MAX_EXTENSIONS + 1)),
        with_extensions(seq(tlv.encode_oid("1.2.3.4"))),
        with_extensions(seq()),
        with_extensions(extension(b"\x01\x01\xff", VALUE, VALUE)),
        with_extensions(extension(NULL)),
        with_extensions(extension(tlv.encode(tlv.OCTET_STRING, bytes(MAX_BYTES)))),
    ],
)
def test_what_is_no_certificate(data: bytes) -> None:
    with pytest.raises(MalformedCard):
        parse_certificate(data)


def test_optional_fields_may_be_missing_or_of_another_kind() -> None:
    assert parse_certificate(with_fields(*FIELDS[1:])).serial == CERTIFICATE.serial
    plain = parse_certificate(with_fields(*FIELDS[:7]))
    assert (plain.serial, plain.subject, plain.extensions) == (CERTIFICATE.serial, CERTIFICATE.subject, ())
    between = parse_certificate(with_fields(*FIELDS[:7], tlv.encode(0x81, b"\x00unique"), FIELDS[7]))
    assert between.extensions == CERTIFICATE.extensions
    many = parse_certificate(with_extensions(*[extension(b"\x01\x01\xff", VALUE)] * MAX_EXTENSIONS))
    assert len(many.extensions) == MAX_EXTENSIONS
    assert many.extension("1.2.3.4") == b"x"


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (tlv.UTC_TIME, b"20260101000000Z"),
        (tlv.UTC_TIME, b"260101000000"),
        (tlv.GENERALIZED_TIME, b"2601010000Z"),
        (tlv.GENERALIZED_TIME, b"20260101000000"),
        (tlv.GENERALIZED_TIME, b"20260101000000.5Z"),
        (tlv.UTF8, b"20260101000000Z"),
        (tlv.UTF8, b"260101000000Z"),
        (tlv.GENERALIZED_TIME, b"20261301000000Z"),
    ],
)
def test_times_of_another_form(tag: int, value: bytes) -> None:
    with pytest.raises(MalformedCard):
        parse_time(Tlv(tag, value, b""))


def test_years_around_the_turn_of_a_short_time() -> None:
    assert parse_time(Tlv(tlv.UTC_TIME, b"4912312359Z", b"")).year == 2049
    assert parse_time(Tlv(tlv.UTC_TIME, b"5001010000Z", b"")).year == 1950
    assert parse_time(Tlv(tlv.GENERALIZED_TIME, b"202601010203Z", b"")) == datetime(2026, 1, 1, 2, 3, tzinfo=UTC)


# --- what a certificate says of itself ----------------------------------------------------------------------------


def saying(oid: str, value: bytes) -> Certificate:
    return replace(CERTIFICATE, extensions=((oid, value),))


@pytest.mark.parametrize(
    ("value", "ca"),
    [
        (seq(b"\x01\x01\xff"), True),
        (seq(b"\x01\x01\xff", tlv.encode_integer(0)), True),
        (seq(), False),
        (seq(b"\x01\x01\x00"), False),
        (seq(tlv.encode_integer(255)), False),
        (seq(tlv.encode(tlv.OCTET_STRING, b"\xff")), False),
    ],
)
def test_only_one_word_makes_an_authority(value: bytes, ca: bool) -> None:
    assert saying(BASIC_CONSTRAINTS, value).is_ca is ca
    assert replace(CERTIFICATE, extensions=()).is_ca is False


def test_key_identifiers() -> None:
    assert saying(SUBJECT_KEY_ID, VALUE).subject_key_id == b"x"
    assert replace(CERTIFICATE, extensions=()).subject_key_id is None
    assert replace(CERTIFICATE, extensions=()).authority_key_id is None
    named = seq(tlv.encode(0xA1, NULL), tlv.encode(0x80, b"key"), tlv.encode(0x82, b"serial"))
    assert saying(AUTHORITY_KEY_ID, named).authority_key_id == b"key"
    assert saying(AUTHORITY_KEY_ID, seq(tlv.encode(0x81, b"key"))).authority_key_id is None
    assert CERTIFICATE.authority_key_id == ROOT.subject_key_id


def test_both_ends_of_a_validity_belong_to_it() -> None:
    second = timedelta(seconds=1)
    assert CERTIFICATE.valid_on(CERTIFICATE.not_before)
    assert CERTIFICATE.valid_on(CERTIFICATE.not_after)
    assert not CERTIFICATE.valid_on(CERTIFICATE.not_before - second)
    assert not CERTIFICATE.valid_on(CERTIFICATE.not_after + second)


def test_the_test_issuer_is_known_by_either_name() -> None:
    other = name("Somebody", organization="A ministry")
    ours = name("Somebody")
    assert replace(CERTIFICATE, issuer=ours, subject=other).is_test_issuer
    assert replace(CERTIFICATE, issuer=other, subject=ours).is_test_issuer
    assert not replace(CERTIFICATE, issuer=other, subject=other).is_test_issuer


def test_a_country_is_the_same_in_either_case() -> None:
    assert countries(name("Somebody")) == {"VN"}
    assert countries(name("Somebody").replace(b"VN", b"vn")) == {"VN"}
    assert countries(tlv.encode(tlv.SEQUENCE)) == frozenset()


def test_another_key_never_signed_it() -> None:
    assert CERTIFICATE.signed_by(ROOT)
    assert not CERTIFICATE.signed_by(CERTIFICATE)
    assert not replace(CERTIFICATE, tbs=CERTIFICATE.tbs + b"!").signed_by(ROOT)
    crl = parse_crl(CRL)
    assert crl.signed_by(ROOT)
    assert not crl.signed_by(CERTIFICATE)
    assert not replace(crl, tbs=crl.tbs + b"!").signed_by(ROOT)


# --- names --------------------------------------------------------------------------------------------------------


def named(tag: int, text: bytes, oid: str = ORGANIZATION, *more: bytes) -> bytes:
    return seq(tlv.encode(tlv.SET, seq(tlv.encode_oid(oid), tlv.encode(tag, text), *more)))


def test_names_in_other_alphabets_and_forms() -> None:
    assert organizations(named(0x1E, "Bộ Công an".encode("utf-16-be"))) == ("Bộ Công an",)
    assert organizations(named(tlv.UTF8, b"A", "2.5.4.3")) == ()
    assert same_name(named(tlv.UTF8, b"Issuer  One"), named(tlv.PRINTABLE, b"ISSUER ONE"))
    assert not same_name(named(tlv.UTF8, b"Issuer"), named(tlv.UTF8, b"Issuer", "2.5.4.3"))
    assert not same_name(named(tlv.UTF8, b"Issuer"), seq())
    assert same_name(name("Virtual CSCA"), name("virtual  csca"))
    assert not same_name(name("Virtual CSCA"), name("Virtual CSCB"))
    assert same_name(b"not a name", b"not a name"), "the same bytes are the same name"
    assert name_parts(named(tlv.OCTET_STRING, b"\x01")) == ((ORGANIZATION, "040101"),)
    for broken in (named(tlv.UTF8, b"A", ORGANIZATION, NULL), seq(tlv.encode(tlv.SET, seq(tlv.encode_oid("2.5.4.3"))))):
        with pytest.raises(MalformedCard):
            name_parts(broken)


# --- revocation lists ---------------------------------------------------------------------------------------------


def crl_of(*fields: bytes, algorithm: bytes = CRL_OUTER[1]) -> bytes:
    return seq(seq(*fields), algorithm, CRL_OUTER[2])


HEAD = CRL_FIELDS[:4]
TIME = CRL_FIELDS[3]
ENTRY = seq(tlv.encode_integer(9), TIME)


@pytest.mark.parametrize(
    "data",
    [
        seq(*CRL_OUTER[:2]),
        seq(*CRL_OUTER, NULL),
        crl_of(),
        crl_of(*HEAD[:3]),
        crl_of(*HEAD[1:3]),
        crl_of(*HEAD, algorithm=seq(tlv.encode_oid("1.2.840.10045.4.3.2"))),
        crl_of(*HEAD, seq(seq())),
        crl_of(*HEAD, seq(NULL)),
        crl_of(*HEAD, tlv.encode(0xA0, bytes(MAX_CRL_BYTES))),
    ],
)
def test_what_is_no_revocation_list(data: bytes) -> None:
    with pytest.raises(MalformedCard):
        parse_crl(data)


def test_a_revocation_list_with_and_without_its_optional_parts() -> None:
    assert HEAD[0] == MORE
    bare = parse_crl(crl_of(*HEAD))
    assert (bare.next_update, bare.revoked) == (None, frozenset())
    assert parse_crl(crl_of(*HEAD[1:])).this_update == bare.this_update
    timed = parse_crl(crl_of(*HEAD, TIME, seq(ENTRY)))
    assert (timed.next_update, timed.revoked) == (bare.this_update, frozenset({9}))
    general = tlv.encode(tlv.GENERALIZED_TIME, b"20270101000000Z")
    assert parse_crl(crl_of(*HEAD, general)).next_update == datetime(2027, 1, 1, tzinfo=UTC)
    extended = parse_crl(crl_of(*HEAD, seq(ENTRY), tlv.encode(0xA0, seq())))
    assert extended.revoked == frozenset({9})
    assert parse_crl(crl_of(*HEAD, tlv.encode(0xA0, seq(ENTRY)))).revoked == frozenset()


def test_pem_blocks_by_their_labels() -> None:
    crl = b"\n-----BEGIN X509 CRL-----\nAAEC\n-----END X509 CRL-----\n"
    other = b"noise\n-----BEGIN A B-----\nAw==\n-----END A B-----"
    assert unwrap_pem(crl + other) == [("X509 CRL", b"\x00\x01\x02"), ("A B", b"\x03")]
    assert unwrap_pem(crl + other.replace(b"A B", b"AB")) == [("X509 CRL", b"\x00\x01\x02")]
    assert unwrap_pem(b"\x30\x00") == [("", b"\x30\x00")]
    with pytest.raises(TrustFault):
        unwrap_pem(b"-----BEGIN CERTIFICATE-----\nAA==AA==\n-----END CERTIFICATE-----")


# --- our parser against the crypto library's ----------------------------------------------------------------------


@pytest.mark.parametrize("signer", [ISSUER.csca, rsa_signer("x"), seeded_signer(SEED, "p", "secp384r1", "sha384")])
def test_certificates_read_like_the_library_reads_them(signer: object) -> None:
    issuer = make_issuer(SEED, csca=signer)  # type: ignore[arg-type]
    for raw in (issuer.csca_certificate, issuer.signer_certificate):
        ours, theirs = parse_certificate(raw), x509.load_der_x509_certificate(raw)
        assert ours.serial == theirs.serial_number
        assert ours.issuer == theirs.issuer.public_bytes()
        assert ours.subject == theirs.subject.public_bytes()
        assert (ours.not_before, ours.not_after) == (theirs.not_valid_before_utc, theirs.not_valid_after_utc)
        assert ours.tbs == theirs.tbs_certificate_bytes
        assert ours.signature == theirs.signature
        key_id = theirs.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
        assert ours.subject_key_id == key_id
    root = x509.load_der_x509_certificate(issuer.csca_certificate)
    x509.load_der_x509_certificate(issuer.signer_certificate).verify_directly_issued_by(root)
    crl = x509.load_der_x509_crl(issuer.crl((5, 6)))
    assert crl.is_signature_valid(root.public_key())  # type: ignore[arg-type]
    assert {item.serial_number for item in crl} == parse_crl(issuer.crl((5, 6))).revoked == {5, 6}


def test_verified_issuer_skips_keys_it_cannot_use() -> None:
    certificate = parse_certificate(ISSUER.signer_certificate)
    root = parse_certificate(ISSUER.csca_certificate)
    useless = replace(root, key_info=b"\x30\x00")
    assert verified_issuer(certificate, (useless, root)) == root
    assert verified_issuer(certificate, (useless,)) is None
