"""The verdicts: what makes each of them, tried one thing at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from hardware.card import tlv
from hardware.card.authenticity import (
    Passive,
    bound_proof,
    chain_of,
    check_witness,
    chip_verdict,
    level_of,
    passive_authentication,
)
from hardware.card.certificates import AUTHORITY_KEY_ID, BASIC_CONSTRAINTS, parse_certificate
from hardware.card.files import parse_sod
from hardware.card.reading import Chain, Checks, Chip, Integrity, Level, Warn
from hardware.card.trust import TrustStore
from hardware.virtual.card.issuer import Issuer, lds_object, make_issuer, sign_content
from hardware.virtual.card.keys import RsaSigner, Signer, rsa_signer, seeded_signer
from hardware.virtual.card.lds import CardImage, CardProfile, make_card
from hardware.virtual.card.personas import PERSONAS, card_of
from tests.hardware.card.active_kit import CHALLENGE, active_of
from tests.hardware.card.kit import ISSUER, SEED, TODAY, TRUST

CARD = card_of(ISSUER, "ong-tu")


def groups_of(card: CardImage) -> dict[int, bytes]:
    return {int(name[2:]): data for name, data in card.files.items() if name.startswith("DG")}


def judge(card: CardImage, trust: TrustStore = TRUST, at: date = TODAY, issued: date | None = None) -> Passive:
    return passive_authentication(card.files.get("SOD"), groups_of(card), trust, at, issued=issued)


def signed_by(issuer: Issuer, signer: Signer, serial: int, **days: tuple[datetime, datetime]) -> CardImage:
    return make_card(issuer.with_signer(signer, serial=serial, **days), PERSONAS["ong-tu"])


SIGNERS: dict[str, Signer] = {
    "ecdsa brainpoolP256r1": seeded_signer(SEED, "s", "brainpoolP256r1", "sha256"),
    "ecdsa brainpoolP384r1 sha224": seeded_signer(SEED, "s", "brainpoolP384r1", "sha224"),
    "ecdsa brainpoolP512r1 sha512": seeded_signer(SEED, "s", "brainpoolP512r1", "sha512"),
    "ecdsa P-256": seeded_signer(SEED, "s", "secp256r1", "sha256"),
    "ecdsa P-384": seeded_signer(SEED, "s", "secp384r1", "sha384"),
    "ecdsa P-521": seeded_signer(SEED, "s", "secp521r1", "sha512"),
    "ecdsa with the curve spelled out": seeded_signer(SEED, "s", "brainpoolP512r1", "sha512", explicit=True),
    "rsa": rsa_signer("s", 2048),
    "rsa sha512": RsaSigner(rsa_signer("s", 2048).private_der, "sha512"),
    "rsa pss": RsaSigner(rsa_signer("s", 2048).private_der, "sha256", pss=True),
    "rsa pss sha512": RsaSigner(rsa_signer("s", 2048).private_der, "sha512", pss=True),
}


@pytest.mark.parametrize("name", sorted(SIGNERS))
def test_signers_of_every_kind_pass(name: str) -> None:
    passive = judge(signed_by(ISSUER, SIGNERS[name], 2001))
    assert (passive.integrity, passive.chain) == (Integrity.PASSED, Chain.PASSED)
    assert passive.warnings == ()


@pytest.mark.parametrize("name", sorted(SIGNERS))
def test_roots_of_every_kind_pass(name: str) -> None:
    issuer = make_issuer(SEED, csca=SIGNERS[name])
    trust = TrustStore.of([issuer.csca_certificate], [issuer.crl()])
    passive = judge(make_card(issuer, PERSONAS["ong-tu"]), trust)
    assert (passive.integrity, passive.chain) == (Integrity.PASSED, Chain.PASSED)


@pytest.mark.parametrize("name", sorted(SIGNERS))
def test_one_bit_of_a_signature_decides(name: str) -> None:
    card = signed_by(ISSUER, SIGNERS[name], 2001)
    signature = parse_sod(card.files["SOD"]).signed.signers[0].signature
    broken = bytearray(card.files["SOD"])
    broken[broken.rindex(signature) + len(signature) - 3] ^= 1
    passive = passive_authentication(bytes(broken), groups_of(card), TRUST, TODAY)
    assert passive.integrity is Integrity.FAILED


def utc(year: int, month: int = 1, day: int = 1) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def test_an_expired_signer_is_told_by_when_it_signed() -> None:
    signer = seeded_signer(SEED, "old", "secp256r1")
    expired = signed_by(ISSUER, signer, 5, days=(utc(2021, 2), utc(2022, 2)))
    assert judge(expired).chain is Chain.EXPIRED
    retired = signed_by(ISSUER, signer, 6, days=(utc(2021, 2), utc(2022, 6)))
    assert judge(retired).chain is Chain.PASSED
    early = signed_by(ISSUER, signer, 7, days=(utc(2022, 6), utc(2030)))
    assert judge(early).chain is Chain.EXPIRED


def test_without_a_signing_time_the_day_of_issue_stands_in() -> None:
    signer = seeded_signer(SEED, "old", "secp256r1")
    issuer = ISSUER.with_signer(signer, serial=5, days=(utc(2021, 2), utc(2022, 6)))
    card = make_card(issuer, PERSONAS["ong-tu"])
    untimed = replace(card, files={**card.files, "SOD": issuer.sod(groups_of(card), signed_on=None)})
    assert judge(untimed, issued=date(2022, 3, 1)).chain is Chain.PASSED
    assert judge(untimed, issued=date(2022, 7, 1)).chain is Chain.EXPIRED
    unknown = judge(untimed)
    assert unknown.chain is Chain.EXPIRED
    assert Warn.SIGNING_TIME_UNKNOWN in unknown.warnings


def test_a_signing_time_in_the_future_does_not_help_an_expired_signer() -> None:
    signer = seeded_signer(SEED, "late", "secp256r1")
    issuer = ISSUER.with_signer(signer, serial=8, days=(utc(2030), utc(2034)))
    card = make_card(issuer, PERSONAS["ong-tu"])
    later = replace(card, files={**card.files, "SOD": issuer.sod(groups_of(card), signed_on=utc(2031))})
    passive = judge(later)
    assert passive.chain is Chain.EXPIRED
    assert Warn.SIGNED_IN_FUTURE in passive.warnings
    untimed = replace(card, files={**card.files, "SOD": issuer.sod(groups_of(card), signed_on=None)})
    assert judge(untimed, issued=date(2031, 1, 1)).chain is Chain.EXPIRED


def test_a_root_must_have_been_good_when_it_issued_the_signer() -> None:
    young = ISSUER.with_signer(ISSUER.signer, serial=9, days=(utc(2020), utc(2036)))
    assert judge(make_card(young, PERSONAS["ong-tu"])).chain is Chain.EXPIRED


def test_one_root_that_was_good_then_is_enough() -> None:
    root = TRUST.cscas[0]
    retired = replace(root, not_after=utc(2021, 3))
    assert judge(CARD, TrustStore((retired,))).chain is Chain.EXPIRED
    assert judge(CARD, TrustStore((retired, root))).chain is Chain.PASSED


@pytest.mark.parametrize("name", [BASIC_CONSTRAINTS, AUTHORITY_KEY_ID])
def test_a_signer_with_a_broken_extension_fails(name: str) -> None:
    signer = replace(parse_certificate(ISSUER.signer_certificate), extensions=((name, b"\xff"),))
    assert chain_of(signer, TRUST, utc(2022, 3)) is Chain.FAILED


def test_a_revoked_signer() -> None:
    trust = TrustStore.of([ISSUER.csca_certificate], [ISSUER.crl((1001,))])
    assert judge(CARD, trust).chain is Chain.REVOKED
    other = TrustStore.of([ISSUER.csca_certificate], [ISSUER.crl((1002,))])
    assert judge(CARD, other).chain is Chain.PASSED


def test_an_old_revocation_list_is_told() -> None:
    trust = TrustStore.of([ISSUER.csca_certificate], [ISSUER.crl((), utc(2025))])
    assert Warn.CRL_OLD in judge(CARD, trust).warnings
    assert Warn.CRL_OLD not in judge(CARD).warnings


def test_without_roots_everybody_is_unknown() -> None:
    passive = judge(CARD, TrustStore())
    assert (passive.integrity, passive.chain) == (Integrity.PASSED, Chain.UNKNOWN_ISSUER)


def test_a_root_of_the_same_name_but_another_key_fails() -> None:
    other = make_issuer(b"same name, other key")
    trust = TrustStore.of([other.csca_certificate])
    assert judge(CARD, trust).chain is Chain.FAILED


def test_a_root_does_not_sign_cards_itself() -> None:
    lone = replace(ISSUER, signer=ISSUER.csca, signer_certificate=ISSUER.csca_certificate)
    passive = judge(make_card(lone, PERSONAS["ong-tu"]))
    assert passive.chain is Chain.FAILED


def test_another_persons_group_under_a_valid_sod_fails() -> None:
    other = card_of(ISSUER, "ba-sau")
    for number in (1, 2, 13, 14, 15):
        mixed = {**groups_of(CARD), number: groups_of(other)[number]}
        assert passive_authentication(CARD.files["SOD"], mixed, TRUST, TODAY).integrity is Integrity.FAILED


def test_a_group_the_sod_does_not_know_fails() -> None:
    extra = {**groups_of(CARD), 11: b"\x6b\x00"}
    assert passive_authentication(CARD.files["SOD"], extra, TRUST, TODAY).integrity is Integrity.FAILED


@pytest.mark.parametrize("missing", [1, 2])
def test_without_zone_or_face_integrity_is_not_possible(missing: int) -> None:
    fewer = {number: data for number, data in groups_of(CARD).items() if number != missing}
    passive = passive_authentication(CARD.files["SOD"], fewer, TRUST, TODAY)
    assert passive.integrity is Integrity.NOT_POSSIBLE
    assert not passive.binds(15)


def test_no_sod_and_broken_sods() -> None:
    assert passive_authentication(None, groups_of(CARD), TRUST, TODAY) == Passive(
        Integrity.NOT_POSSIBLE, Chain.NOT_POSSIBLE
    )
    for broken in (b"", b"\x77\x00", CARD.files["SOD"][:-1], CARD.files["SOD"][4:]):
        passive = passive_authentication(broken, groups_of(CARD), TRUST, TODAY)
        assert passive.integrity is Integrity.FAILED
        assert passive.chain is Chain.NOT_POSSIBLE


def test_a_signature_over_another_kind_of_content_is_no_sod() -> None:
    content = lds_object(groups_of(CARD), "sha256")
    other = sign_content("2.23.136.1.1.2", content, ISSUER.signer, ISSUER.signer_certificate)
    passive = passive_authentication(tlv.encode(0x77, other), groups_of(CARD), TRUST, TODAY)
    assert passive.integrity is Integrity.FAILED


def test_a_sod_without_its_signers_certificate_is_not_possible() -> None:
    other = make_issuer(b"other")
    content = lds_object(groups_of(CARD), "sha256")
    named = sign_content("2.23.136.1.1.1", content, ISSUER.signer, ISSUER.signer_certificate)
    swapped = named.replace(
        ISSUER.signer_certificate, other.signer_certificate.replace(b"\x02\x02\x03\xe9", b"\x02\x02\x03\xea")
    )
    passive = passive_authentication(tlv.encode(0x77, swapped), groups_of(CARD), TRUST, TODAY)
    assert (passive.integrity, passive.chain) == (Integrity.NOT_POSSIBLE, Chain.NOT_POSSIBLE)
    assert passive.signer_fingerprint is None


def signed_lds(content: bytes) -> bytes:
    return tlv.encode(0x77, sign_content("2.23.136.1.1.1", content, ISSUER.signer, ISSUER.signer_certificate))


def oid_changed(data: bytes, old: str, new: str) -> bytes:
    """The last occurrence of one name replaced by another of its length."""
    before, after = tlv.encode_oid(old), tlv.encode_oid(new)
    assert len(before) == len(after)
    at = data.rindex(before)
    return data[:at] + after + data[at + len(before) :]


def judged(sod: bytes) -> tuple[Integrity, Chain]:
    passive = passive_authentication(sod, groups_of(CARD), TRUST, TODAY)
    return passive.integrity, passive.chain


def test_algorithms_we_do_not_know_are_not_possible_and_never_a_pass() -> None:
    content = lds_object(groups_of(CARD), "sha256")
    unknown = oid_changed(content, "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.9")
    assert judged(signed_lds(unknown)) == (Integrity.NOT_POSSIBLE, Chain.NOT_POSSIBLE)
    sod = signed_lds(content)
    assert judged(sod) == (Integrity.PASSED, Chain.PASSED)
    assert judged(oid_changed(sod, "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.9"))[0] is Integrity.NOT_POSSIBLE


def test_signed_attributes_must_be_there_once_and_fit() -> None:
    sod = CARD.files["SOD"]
    time, digest, kind = ("1.2.840.113549.1.9.5", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.3")
    assert judged(oid_changed(sod, time, digest))[0] is Integrity.FAILED
    assert judged(oid_changed(sod, digest, "1.2.840.113549.1.9.9"))[0] is Integrity.FAILED
    assert judged(oid_changed(sod, kind, "1.2.840.113549.1.9.9"))[0] is Integrity.FAILED
    assert judged(oid_changed(sod, "2.23.136.1.1.1", "2.23.136.1.1.2"))[0] is Integrity.FAILED


def test_a_key_that_is_none_in_the_signers_certificate_fails() -> None:
    key = ISSUER.signer.key_info
    broken = CARD.files["SOD"].replace(key, key[:-1] + bytes((key[-1] ^ 1,)))
    assert judged(broken) == (Integrity.FAILED, Chain.FAILED)


def test_a_root_we_cannot_use_does_not_stand_in_the_way_of_one_we_can() -> None:
    root = TRUST.cscas[0]
    useless = replace(root, key_info=b"\x30\x00")
    assert judge(CARD, TrustStore((useless, root))).chain is Chain.PASSED
    assert judge(CARD, TrustStore((useless,))).chain is Chain.NOT_POSSIBLE
    assert judge(CARD, TrustStore((replace(root, key_info=ISSUER.signer.key_info),))).chain is Chain.FAILED


def test_a_sod_over_sha1_is_not_possible() -> None:
    content = lds_object(groups_of(CARD), "sha1")
    signed = sign_content("2.23.136.1.1.1", content, ISSUER.signer, ISSUER.signer_certificate)
    passive = passive_authentication(tlv.encode(0x77, signed), groups_of(CARD), TRUST, TODAY)
    assert passive.integrity is Integrity.NOT_POSSIBLE


# --- verdict tables ----------------------------------------


def test_the_chip_verdict_passes_only_where_a_proof_did_and_none_failed() -> None:
    for both in product(Chip, Chip):
        verdict = chip_verdict(*both)
        assert (verdict is Chip.PASSED) == (Chip.PASSED in both and Chip.FAILED not in both)
        assert (verdict is Chip.FAILED) == (Chip.FAILED in both)
        assert (verdict is Chip.NOT_SUPPORTED) == (set(both) == {Chip.NOT_SUPPORTED})


def test_a_proof_counts_only_under_a_valid_sod() -> None:
    for proof, integrity, present, listed in product(Chip, Integrity, (True, False), (frozenset(), frozenset({15}))):
        passive = Passive(integrity, Chain.PASSED, listed=listed)
        verdict = bound_proof(proof, 15, passive, present=present)
        valid = integrity is Integrity.PASSED and 15 in listed
        assert (verdict is Chip.PASSED) == (proof is Chip.PASSED and valid and present)
        if valid and not present:
            assert verdict is Chip.FAILED
        if proof is Chip.FAILED and not valid:
            assert verdict in (Chip.FAILED, Chip.NOT_SUPPORTED)


def test_levels_as_the_plan_has_them() -> None:
    for integrity, chain, chip, active, observed, pinned in product(
        Integrity, Chain, Chip, Chip, (True, False), (True, False)
    ):
        level = level_of(Checks(integrity, chain, chip), active, signer_observed=observed, aa_key_pinned=pinned)
        sound = integrity is Integrity.PASSED and chip is Chip.PASSED
        if sound and chain is Chain.PASSED:
            assert level is Level.A
        elif sound and chain is Chain.UNKNOWN_ISSUER and active is Chip.PASSED and (observed or pinned):
            assert level is Level.B
        else:
            assert level is Level.C


# --- the witness ----------------------------------------


def witness_files(card: CardImage, *names: str) -> dict[str, bytes]:
    return {name: card.files[name] for name in ("SOD", "DG1", "DG15", *names)}


@pytest.mark.parametrize("profile", [CardProfile(), CardProfile(active="rsa")], ids=["ecdsa", "rsa"])
def test_a_witness_is_verified_from_three_files(profile: CardProfile) -> None:
    card = card_of(ISSUER, "ong-tu", profile)
    number = card.persona.id_number
    check = check_witness(witness_files(card), CHALLENGE, active_of(card), number, TRUST, TODAY)
    assert check.holds
    assert check.chain is Chain.PASSED
    assert check_witness(witness_files(card, "DG14"), CHALLENGE, active_of(card), number, TRUST, TODAY).holds


def test_a_witness_fails_for_whatever_does_not_belong() -> None:
    number, response = CARD.persona.id_number, active_of(CARD)
    good = witness_files(CARD)
    other = card_of(ISSUER, "ba-sau")
    assert not check_witness(good, CHALLENGE, response, other.persona.id_number, TRUST, TODAY).same_number
    assert not check_witness(good, b"\x07" * 8, response, number, TRUST, TODAY).signature
    assert not check_witness(good, CHALLENGE, active_of(other), number, TRUST, TODAY).holds
    for name in ("SOD", "DG1", "DG15"):
        swapped = {**good, name: other.files[name]}
        assert not check_witness(swapped, CHALLENGE, response, number, TRUST, TODAY).holds
        fewer = {key: data for key, data in good.items() if key != name}
        assert not check_witness(fewer, CHALLENGE, response, number, TRUST, TODAY).holds


def test_a_witness_without_a_zone_has_no_number() -> None:
    for zone in (None, b"", b"\x61\x00"):
        files = {name: data for name, data in witness_files(CARD).items() if name != "DG1"}
        files |= {} if zone is None else {"DG1": zone}
        check = check_witness(files, CHALLENGE, active_of(CARD), CARD.persona.id_number, TRUST, TODAY)
        assert not check.same_number


def test_a_witness_with_a_dg14_of_another_card_does_not_hold() -> None:
    files = witness_files(CARD) | {"DG14": card_of(ISSUER, "ba-sau").files["DG14"]}
    check = check_witness(files, CHALLENGE, active_of(CARD), CARD.persona.id_number, TRUST, TODAY)
    assert check.integrity is Integrity.FAILED
    assert not check.holds


def test_a_security_object_binds_what_it_lists() -> None:
    passive = judge(CARD)
    assert passive.binds(15)
    assert not passive.binds(3)


def test_a_witness_with_a_key_of_its_own_is_not_bound() -> None:
    other = card_of(ISSUER, "ba-sau")
    mixed = {**witness_files(CARD), "DG15": other.files["DG15"]}
    check = check_witness(mixed, CHALLENGE, active_of(other), CARD.persona.id_number, TRUST, TODAY)
    assert check.integrity is Integrity.FAILED
    assert not check.signature


def test_crl_age_counts_from_today() -> None:
    fresh = TrustStore.of([ISSUER.csca_certificate], [ISSUER.crl((), utc(2026, 11, 20))])
    assert judge(CARD, fresh, TODAY + timedelta(days=90)).warnings == ()
    assert Warn.CRL_OLD in judge(CARD, fresh, TODAY + timedelta(days=120)).warnings
