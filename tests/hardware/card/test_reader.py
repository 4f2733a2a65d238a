"""Whole reads: every kind of card, and every attack with the verdict that names it."""

from dataclasses import replace
from datetime import date

import pytest

from hardware.card import file_reader
from hardware.card.errors import (
    UnsupportedCard,
    WrongPassword,
)
from hardware.card.files import parse_dg1
from hardware.card.passwords import Can, Mrz
from hardware.card.reader import open_card
from hardware.card.reading import Access, Chip, Sex, Warn
from hardware.card.trust import TrustStore
from hardware.virtual.card.direct import DirectLink
from hardware.virtual.card.issuer import make_issuer
from hardware.virtual.card.lds import CardProfile, make_card, with_files
from hardware.virtual.card.personas import CARDS, PERSONAS, card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.card.variants import VARIANTS
from kiosk.commands.card import level_in
from tests.hardware.card.kit import ISSUER, TRUST, lay, lay_person, verdicts


@pytest.fixture(autouse=True)
def _fresh_sizes() -> None:
    file_reader.forget_sizes()


PROVEN = sorted(set(VARIANTS) - {"no-proof", "hides-dg14", "hides-dg15"})


@pytest.mark.parametrize("name", PROVEN)
def test_every_honest_kind_of_card_reads_at_level_a(name: str) -> None:
    laid = lay_person("ba-sau", VARIANTS[name])
    reading = laid.read()
    assert verdicts(reading) == ("passed", "passed", "passed")
    assert level_in(reading, TRUST) == "A"
    assert reading.files["DG2"] == laid.card.files["DG2"]
    assert reading.face is not None
    assert reading.face.data == PERSONAS["ba-sau"].photo
    assert reading.simulated


def test_a_cccd_says_who_its_holder_is() -> None:
    reading = lay_person("ba-sau").read()
    person = reading.person
    assert reading.access is Access.PACE_CAN
    assert (person.id_number, person.full_name) == ("099141000016", "Nguyễn Thị Sáu")
    assert (person.date_of_birth, person.sex) == (date(1941, 4, 12), Sex.FEMALE)
    assert (person.father_name, person.mother_name, person.spouse_name) == (
        "Nguyễn Văn Lành",
        "Lê Thị Dậu",
        "Võ Văn Mười",
    )
    assert person.date_of_expiry is None
    assert person.date_of_issue == date(2022, 3, 1)
    assert person.old_id_number == "099000016"
    assert reading.warnings == ()


@pytest.mark.parametrize("key", sorted(PERSONAS))
def test_every_persona_reads_without_a_warning(key: str) -> None:
    reading = lay_person(key).read()
    assert reading.person.full_name == PERSONAS[key].full_name
    assert reading.person.date_of_birth == PERSONAS[key].birth
    assert reading.warnings == ()


def test_a_full_read_stays_within_its_apdus() -> None:
    assert lay_person("ba-sau").read().apdus <= 28
    assert lay_person("ba-sau", VARIANTS["short-only"]).read().apdus <= 120


# --- attacks -----------------------------------------------------------------------------------------------------

ATTACKS = {
    "forged": ("passed", "failed", "passed"),
    "cloned": ("passed", "passed", "failed"),
    "altered": ("failed", "passed", "not_possible"),
}


@pytest.mark.parametrize("key", sorted(ATTACKS))
def test_attacks_get_the_verdict_that_names_them(key: str) -> None:
    reading = lay(CARDS[key](ISSUER)).read()
    assert verdicts(reading) == ATTACKS[key]
    assert level_in(reading, TRUST) == "C"


def test_a_foreign_root_is_unknown_and_never_genuine() -> None:
    stranger = make_issuer(b"another country's seed, 32 bytes!")
    stranger = replace(stranger, csca_name=stranger.csca_name.replace(b"Virtual CSCA", b"Foreign CSCA"))
    stranger = stranger.with_signer(stranger.signer, serial=7)
    reading = lay(make_card(stranger, PERSONAS["ong-tu"])).read()
    assert verdicts(reading) == ("passed", "unknown_issuer", "passed")
    assert level_in(reading, TRUST) == "C"
    observed = TrustStore(TRUST.cscas, TRUST.crls, frozenset({reading.signer_fingerprint or b""}))
    assert level_in(reading, observed) == "B"


def test_a_clone_with_an_observed_signer_is_still_level_c() -> None:
    reading = lay(CARDS["cloned"](ISSUER)).read()
    observed = TrustStore((), (), frozenset({reading.signer_fingerprint or b""}))
    again = lay(CARDS["cloned"](ISSUER)).read(observed)
    assert again.checks.chain == "unknown_issuer"
    assert level_in(again, observed) == "C"


@pytest.mark.parametrize(
    ("name", "active", "chip"), [("hides-dg15", "failed", "passed"), ("hides-dg14", "passed", "failed")]
)
def test_hiding_a_key_the_sod_lists_is_no_pass(name: str, active: str, chip: str) -> None:
    reading = lay_person("ba-sau", VARIANTS[name]).read()
    assert (reading.active.value, reading.chip_authentication.value) == (active, chip)
    assert reading.checks.chip is Chip.FAILED
    assert Warn.FILE_HIDDEN in reading.warnings


def test_a_card_without_any_proof_is_not_supported_and_level_c() -> None:
    reading = lay_person("ba-sau", VARIANTS["no-proof"]).read()
    assert verdicts(reading) == ("passed", "passed", "not_supported")
    assert level_in(reading, TRUST) == "C"


def test_a_card_without_sod_proves_nothing() -> None:
    card = card_of(ISSUER, "ba-sau")
    bare = replace(card, files={name: data for name, data in card.files.items() if name != "SOD"})
    reading = lay(bare).read()
    assert verdicts(reading) == ("not_possible", "not_possible", "not_possible")
    assert reading.person.full_name == "Nguyễn Thị Sáu"


@pytest.mark.parametrize("name", ["DG1", "DG2", "DG13", "DG14", "DG15"])
def test_one_changed_bit_in_any_group_fails_integrity(name: str) -> None:
    card = card_of(ISSUER, "ba-sau")
    data = bytearray(card.files[name])
    at = data.index(b"NGUYEN") if name == "DG1" else len(data) - 5
    data[at] ^= 1
    reading = lay(with_files(card, **{name: bytes(data)})).read()
    assert reading.checks.integrity == "failed"
    assert reading.checks.chip != "passed"
    assert level_in(reading, TRUST) == "C"


def test_a_group_the_sod_does_not_list_is_never_read() -> None:
    profile = CardProfile(active=None, chip_suite=None)
    plain = card_of(ISSUER, "ba-sau", profile)
    other = card_of(ISSUER, "ong-tu")
    slipped_in = replace(with_files(plain, DG15=other.files["DG15"]), active_key=other.active_key)
    reading = lay(slipped_in).read()
    assert reading.checks.chip == "not_supported"
    assert reading.aa_key_fingerprint is None


def test_a_hidden_face_leaves_no_level() -> None:
    reading = lay_person("ba-sau", CardProfile(hidden=frozenset({2}))).read()
    assert reading.face is None
    assert reading.checks.integrity == "not_possible"
    assert Warn.NO_FACE in reading.warnings


# --- passwords -----------------------------------------------------------------------------------------------------


def test_a_wrong_can_is_tried_once() -> None:
    laid = lay_person("ba-sau", VARIANTS["counts-tries"])
    with pytest.raises(WrongPassword) as caught:
        open_card(laid.link, Can("000001"))
    assert caught.value.tries_left == 2
    assert caught.value.key == "wrong_password"


def test_a_wrong_can_without_a_counter_tells_no_number() -> None:
    with pytest.raises(WrongPassword) as caught:
        open_card(lay_person("ba-sau").link, Can("000001"))
    assert caught.value.tries_left is None


def test_a_blocked_card_says_so() -> None:
    program = CardProgram(card_of(ISSUER, "ba-sau", VARIANTS["counts-tries"]))
    for _ in range(3):
        with pytest.raises(WrongPassword):
            open_card(DirectLink(program), Can("000001"))
    with pytest.raises(WrongPassword):
        open_card(DirectLink(program), Can(PERSONAS["ba-sau"].can))


def test_the_zone_opens_it_too() -> None:
    laid = lay_person("ba-sau")
    session = open_card(laid.link, Mrz("141000016", "410412", "991231"))
    assert session.opened.access is Access.PACE_MRZ


def test_a_wrong_zone_under_bac() -> None:
    with pytest.raises(WrongPassword):
        open_card(lay_person("ba-sau", VARIANTS["bac-only"]).link, Mrz("141000016", "410412", "991230"))


def test_a_bac_card_needs_a_zone() -> None:
    with pytest.raises(UnsupportedCard):
        open_card(lay_person("ba-sau", VARIANTS["bac-only"]).link, Can("000016"))


@pytest.mark.parametrize("text", ["", "12345", "1234567", "12345a", "１２３４５６", "-12345"])
def test_a_can_is_six_digits(text: str) -> None:
    with pytest.raises(ValueError):
        Can(text)


def test_secrets_stay_out_of_reprs() -> None:
    laid = lay_person("ba-sau")
    reading = laid.read()
    zone = parse_dg1(reading.files["DG1"])
    for value in (Can("000016"), Mrz("141000016", "410412", "991231"), reading, reading.person, zone):
        assert "000016" not in repr(value)
        assert "Sáu" not in repr(value)
