"""Roots, links, revocation and master lists: what is let in, and what is not."""

import base64
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from hardware.card import tlv
from hardware.card.authenticity import passive_authentication
from hardware.card.certificates import (
    parse_certificate,
    parse_crl,
    parse_time,
    unwrap_pem,
)
from hardware.card.errors import CardError, MalformedCard, TrustFault, UnsupportedCard
from hardware.card.public_keys import parse_public_key, parse_signature_algorithm, verify
from hardware.card.reading import Chain
from hardware.card.tlv import Tlv
from hardware.card.trust import MASTER_LIST, TrustStore, admissible, describe, open_master_list
from hardware.card.trust_folder import Imported, import_file
from hardware.virtual.card.issuer import (
    CSCA_DAYS,
    CertificatePlan,
    Issuer,
    make_certificate,
    make_crl,
    make_issuer,
    name,
    sign_content,
)
from hardware.virtual.card.keys import explicit_parameters, seeded_signer
from hardware.virtual.card.lds import make_card
from hardware.virtual.card.personas import PERSONAS
from tests.hardware.card.kit import ISSUER, SEED, TODAY

NEW_KEY = seeded_signer(SEED, "next csca", "brainpoolP512r1", "sha512")


def link_to(issuer: Issuer, *, ca: bool = True) -> bytes:
    """The next root's key, vouched for by the present one."""
    plan = CertificatePlan(77, name("Virtual CSCA 2"), issuer.csca_name, CSCA_DAYS, ca=ca)
    return make_certificate(plan, NEW_KEY, issuer.csca)


def next_issuer() -> Issuer:
    successor = replace(ISSUER, csca=NEW_KEY, csca_name=name("Virtual CSCA 2"))
    return successor.with_signer(seeded_signer(SEED, "next signer", "secp256r1"), serial=5)


def pem(label: str, der: bytes) -> bytes:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(der).decode()}-----END {label}-----\n".encode()


def chain_in(trust: TrustStore, issuer: Issuer) -> Chain:
    card = make_card(issuer, PERSONAS["ong-tu"])
    groups = {int(key[2:]): data for key, data in card.files.items() if key.startswith("DG")}
    return passive_authentication(card.files["SOD"], groups, trust, TODAY).chain


# --- our parser against the crypto library's -----------------------------


def test_a_spelled_out_curve_must_be_a_known_one_in_every_number() -> None:
    signer = seeded_signer(SEED, "explicit", "brainpoolP256r1", explicit=True)
    assert parse_public_key(signer.key_info) == parse_public_key(replace(signer, explicit=False).key_info)
    spelled = explicit_parameters(signer.curve)
    for changed in (
        replace(signer.curve, gx=signer.curve.gx + 1),
        replace(signer.curve, b=signer.curve.b + 1),
        replace(signer.curve, n=signer.curve.n + 2),
        replace(signer.curve, p=signer.curve.p + 2),
        replace(signer.curve, a=signer.curve.a + 1),
    ):
        other = signer.key_info.replace(spelled, explicit_parameters(changed))
        with pytest.raises(UnsupportedCard):
            parse_public_key(other)
    cofactor = signer.key_info.replace(spelled, spelled[:-1] + b"\x02")
    with pytest.raises(UnsupportedCard):
        parse_public_key(cofactor)


def test_a_point_off_its_curve_is_refused() -> None:
    info = bytearray(seeded_signer(SEED, "x", "secp256r1").key_info)
    info[-1] ^= 1
    with pytest.raises(MalformedCard):
        parse_public_key(bytes(info))


@pytest.mark.parametrize(
    ("tag", "value", "expected"),
    [
        (0x17, b"491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (0x17, b"500101000000Z", datetime(1950, 1, 1, tzinfo=UTC)),
        (0x18, b"20500101000000Z", datetime(2050, 1, 1, tzinfo=UTC)),
        (0x17, b"2601010000Z", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_times(tag: int, value: bytes, expected: datetime) -> None:
    assert parse_time(Tlv(tag, value, b"")) == expected


@pytest.mark.parametrize(
    "value", [b"", b"261301000000Z", b"260101000000", b"260101000000+0700", b"26\xc3\xa901000000Z"]
)
def test_times_that_are_none(value: bytes) -> None:
    with pytest.raises(MalformedCard):
        parse_time(Tlv(0x17, value, b""))


def test_signatures_in_the_plain_form_of_the_bsi() -> None:
    signer = seeded_signer(SEED, "plain", "brainpoolP256r1")
    der = signer.sign(b"message")
    r, s = decode_dss_signature(der)
    plain = r.to_bytes(32) + s.to_bytes(32)
    key = parse_public_key(signer.key_info)
    names = {"plain": "0.4.0.127.0.7.1.1.4.1.3", "der": "1.2.840.10045.4.3.2"}
    how = {
        name: parse_signature_algorithm(tlv.parse(tlv.encode(tlv.SEQUENCE, tlv.encode_oid(oid))))
        for name, oid in names.items()
    }
    assert verify(key, how["plain"], b"message", plain)
    assert verify(key, how["der"], b"message", der)
    for kind, signature in (("plain", der), ("der", plain), ("plain", plain[:-1]), ("plain", plain[::-1])):
        assert not verify(key, how[kind], b"message", signature)
    assert not verify(key, how["plain"], b"massage", plain)


# --- the store ----------------------------------------------------------------


def test_a_link_certificate_carries_trust_to_the_next_root() -> None:
    alone = TrustStore.of([ISSUER.csca_certificate])
    linked = TrustStore.of([link_to(ISSUER), ISSUER.csca_certificate])
    assert chain_in(alone, next_issuer()) is Chain.UNKNOWN_ISSUER
    assert chain_in(linked, next_issuer()) is Chain.PASSED
    assert chain_in(linked, ISSUER) is Chain.PASSED


def test_nobody_vouches_for_a_strangers_link_or_a_signer() -> None:
    stranger = make_issuer(b"stranger")
    for raw in (link_to(stranger), ISSUER.signer_certificate, link_to(ISSUER, ca=False)):
        with pytest.raises(TrustFault):
            TrustStore.of([ISSUER.csca_certificate, raw])


def test_a_self_issued_certificate_must_have_signed_itself() -> None:
    broken = bytearray(ISSUER.csca_certificate)
    broken[-1] ^= 1
    with pytest.raises(TrustFault):
        TrustStore.of([bytes(broken)])


def test_a_revocation_list_must_be_signed_by_a_root() -> None:
    stranger = make_issuer(b"stranger")
    with pytest.raises(TrustFault):
        TrustStore.of([ISSUER.csca_certificate], [stranger.crl((1001,))])
    with pytest.raises(TrustFault):
        TrustStore.of([], [ISSUER.crl()])


def test_the_fingerprint_of_a_store_depends_on_its_content_only() -> None:
    one = TrustStore.of([ISSUER.csca_certificate, link_to(ISSUER)], [ISSUER.crl()])
    two = TrustStore.of([link_to(ISSUER), ISSUER.csca_certificate], [ISSUER.crl()])
    assert one.fingerprint == two.fingerprint
    assert one.fingerprint != TrustStore.of([ISSUER.csca_certificate]).fingerprint


def test_only_a_certificate_of_its_own_name_is_a_root() -> None:
    plan = CertificatePlan(3, name("Subject"), name("Issuer"), CSCA_DAYS, ca=True)
    with pytest.raises(TrustFault):
        TrustStore.of([make_certificate(plan, NEW_KEY, NEW_KEY)])


def test_a_root_speaks_for_its_own_name_only() -> None:
    elsewhere = make_crl(name("Another CSCA"), ISSUER.csca, (1001,))
    with pytest.raises(TrustFault):
        TrustStore.of([ISSUER.csca_certificate], [elsewhere])
    signer = parse_certificate(ISSUER.signer_certificate)
    assert not TrustStore(crls=(parse_crl(elsewhere),)).revoked(signer)
    assert TrustStore(crls=(parse_crl(ISSUER.crl((1001,))),)).revoked(signer)


def test_candidates_share_the_name_or_the_key() -> None:
    signer, root = parse_certificate(ISSUER.signer_certificate), parse_certificate(ISSUER.csca_certificate)
    renamed, nameless = replace(root, subject=name("Renamed")), replace(root, extensions=())
    assert TrustStore((renamed, nameless)).candidates(signer) == (renamed, nameless)
    stranger = replace(renamed, extensions=())
    assert TrustStore((stranger,)).candidates(signer) == ()
    assert TrustStore((stranger,)).candidates(replace(signer, extensions=())) == ()


def test_a_root_is_described_by_the_start_of_its_fingerprint() -> None:
    root = parse_certificate(ISSUER.csca_certificate)
    assert describe(root).split("  ")[:2] == [root.fingerprint.hex()[:16], "2021-01-01..2041-01-01"]


# --- master lists ---------------------------------------------------------------


def other_roots() -> tuple[bytes, ...]:
    return tuple(make_issuer(f"country {number}".encode()).csca_certificate for number in range(3))


def test_a_master_list_under_a_trusted_root() -> None:
    anchors = TrustStore.of([ISSUER.csca_certificate])
    listed = open_master_list(ISSUER.master_list((*other_roots(), b"\x30\x03\x02\x01\x01")), anchors)
    assert (len(listed.certificates), listed.unusable) == (3, 1)
    assert len(admissible(listed.certificates, anchors)) == 3


def test_a_master_list_of_an_unknown_signer_needs_its_fingerprint() -> None:
    data = ISSUER.master_list(other_roots())
    with pytest.raises(TrustFault):
        open_master_list(data, TrustStore())
    signer = parse_certificate(ISSUER.signer_certificate).fingerprint
    assert len(open_master_list(data, TrustStore(), signer).certificates) == 3
    with pytest.raises(TrustFault):
        open_master_list(data, TrustStore(), bytes(32))


def test_a_changed_master_list_is_refused() -> None:
    data = bytearray(ISSUER.master_list(other_roots()))
    data[200] ^= 1
    with pytest.raises(TrustFault):
        open_master_list(bytes(data), TrustStore.of([ISSUER.csca_certificate]))


def test_a_revoked_list_signer_is_refused() -> None:
    anchors = TrustStore.of([ISSUER.csca_certificate], [ISSUER.crl((1001,))])
    with pytest.raises(TrustFault):
        open_master_list(ISSUER.master_list(other_roots()), anchors)


def test_a_card_file_is_no_master_list() -> None:
    card = make_card(ISSUER, PERSONAS["ong-tu"])
    with pytest.raises(TrustFault):
        open_master_list(card.files["SOD"][4:], TrustStore.of([ISSUER.csca_certificate]))


def test_a_master_list_of_another_form_is_refused() -> None:
    anchors = TrustStore.of([ISSUER.csca_certificate])
    version, roots = tlv.encode_integer(0), tlv.encode(tlv.SET, *other_roots())

    def listing(kind: str, *parts: bytes) -> bytes:
        content = tlv.encode(tlv.SEQUENCE, *parts)
        return sign_content(kind, content, ISSUER.signer, ISSUER.signer_certificate)

    assert len(open_master_list(listing(MASTER_LIST, version, roots), anchors).certificates) == 3
    for kind, parts in (("2.23.136.1.1.1", (version, roots)), (MASTER_LIST, (version,))):
        with pytest.raises(TrustFault):
            open_master_list(listing(kind, *parts), anchors)
    with pytest.raises(TrustFault):
        open_master_list(listing(MASTER_LIST, version, roots, roots), anchors)


def test_a_master_list_without_its_signers_certificate_is_refused() -> None:
    whole = tlv.parse(ISSUER.master_list(other_roots())).children()
    fields = [item.raw for item in tlv.parse(whole[1].value).children() if item.tag != 0xA0]
    bare = tlv.encode(tlv.SEQUENCE, whole[0].raw, tlv.encode(0xA0, tlv.encode(tlv.SEQUENCE, *fields)))
    with pytest.raises(TrustFault):
        open_master_list(bare, TrustStore.of([ISSUER.csca_certificate]))


# --- the folder -------------------------------------------------------------------


def write(folder: Path, label: str, data: bytes) -> Path:
    path = folder / label
    path.write_bytes(data)
    return path


def test_files_of_every_kind_are_let_in_once(tmp_path: Path) -> None:
    trust = tmp_path / "trust"
    root = write(tmp_path, "root.cer", ISSUER.csca_certificate)
    assert import_file(trust, root) == Imported(certificates=1)
    with pytest.raises(TrustFault):
        import_file(trust, root)
    assert import_file(trust, write(tmp_path, "link.pem", pem("CERTIFICATE", link_to(ISSUER)))).certificates == 1
    assert import_file(trust, write(tmp_path, "a.crl", ISSUER.crl())).crls == 1
    assert import_file(trust, write(tmp_path, "b.pem", pem("X509 CRL", ISSUER.crl((3,))))).crls == 1
    listed = import_file(trust, write(tmp_path, "list.ml", ISSUER.master_list((*other_roots(), b"\x30\x00"))))
    assert listed == Imported(certificates=3, left_out=1)
    store = TrustStore.load(trust)
    assert (len(store.cscas), len(store.crls)) == (5, 2)
    assert all("Virtual CSCA" in describe(root) for root in store.cscas)


def test_what_nobody_vouches_for_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    trust = tmp_path / "trust"
    import_file(trust, write(tmp_path, "root.der", ISSUER.csca_certificate))
    before = sorted(path.name for path in trust.iterdir())
    stranger = make_issuer(b"stranger")
    for data in (link_to(stranger), stranger.crl(), stranger.master_list(other_roots()), b"", b"text", b"\x30\x80"):
        with pytest.raises(TrustFault):
            import_file(trust, write(tmp_path, "bad.der", data))
    with pytest.raises(TrustFault):
        import_file(trust, tmp_path / "missing.der")
    assert sorted(path.name for path in trust.iterdir()) == before


def test_observed_signers_are_named_by_fingerprint(tmp_path: Path) -> None:
    ISSUER.save(tmp_path)
    trust = tmp_path / "trust"
    fingerprint = parse_certificate(ISSUER.signer_certificate).fingerprint
    (trust / f"{fingerprint.hex()}.observed").touch()
    assert TrustStore.load(trust).observed_signers == frozenset({fingerprint})
    for name_of_none in ("abc", "ab" * 31, "ab" * 33):
        (trust / f"{name_of_none}.observed").touch()
        with pytest.raises(TrustFault):
            TrustStore.load(trust)
        (trust / f"{name_of_none}.observed").unlink()


def test_a_revocation_list_may_lie_there_as_text(tmp_path: Path) -> None:
    ISSUER.save(tmp_path)
    (tmp_path / "trust" / "more.pem").write_bytes(pem("X509 CRL", ISSUER.crl((3,))))
    assert {crl.revoked for crl in TrustStore.load(tmp_path / "trust").crls} == {frozenset(), frozenset({3})}


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(TrustFault):
        TrustStore.load(tmp_path / "nowhere")


def test_pem_that_is_no_base64(tmp_path: Path) -> None:
    with pytest.raises(TrustFault):
        unwrap_pem(b"-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n")
    assert unwrap_pem(b"-----BEGIN nothing") == []


@given(st.data())
def test_any_changed_certificate_is_refused_or_still_a_certificate(data: st.DataObject) -> None:
    raw = bytearray(ISSUER.signer_certificate)
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    root = parse_certificate(ISSUER.csca_certificate)
    try:
        held = parse_certificate(bytes(raw)).signed_by(root)
    except CardError:
        return
    assert not held or bytes(raw) == ISSUER.signer_certificate


def test_the_same_seed_makes_the_same_issuer() -> None:
    assert make_issuer(SEED) == make_issuer(SEED)
    assert make_issuer() != make_issuer()
    assert date(2021, 1, 1) == CSCA_DAYS[0].date()
