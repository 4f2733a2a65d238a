"""A wire that slips, tampers, pulls the card away or says little at a time; and what the reader does about it."""

from dataclasses import replace

import pytest

from hardware.card import file_reader
from hardware.card.authenticity import verify_active
from hardware.card.cms import parse_signed_data
from hardware.card.errors import (
    CardError,
    CardRemoved,
    MalformedCard,
    NotAnEmrtd,
    SecureMessagingError,
)
from hardware.card.passwords import Can, Mrz
from hardware.card.reader import open_card
from hardware.card.reading import Chip, Phase, Warn
from hardware.virtual.card.direct import DirectLink
from hardware.virtual.card.faults import FAULTS, Fault, FaultyCard, Plan
from hardware.virtual.card.issuer import make_issuer
from hardware.virtual.card.lds import clone_of, dg2, make_card, with_files
from hardware.virtual.card.personas import PERSONAS, card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.card.variants import VARIANTS
from kiosk.commands.card import level_in
from tests.hardware.card.kit import ISSUER, TODAY, TRUST, Laid, lay, lay_person, verdicts


@pytest.fixture(autouse=True)
def _fresh_sizes() -> None:
    file_reader.forget_sizes()


# --- a link that lies ------------------------------------------------------------------------------------------------


def faulty(plan: Plan, key: str = "ba-sau") -> Laid:
    card = card_of(ISSUER, key)
    return Laid(card, DirectLink(FaultyCard(CardProgram(card), plan)))


@pytest.mark.parametrize("name", ["tampered-mac", "tampered-data", "stripped", "replayed"])
def test_a_tampered_channel_is_refused(name: str) -> None:
    with pytest.raises(SecureMessagingError):
        faulty(FAULTS[name]).read()


@pytest.mark.parametrize("start", range(8, 27))
@pytest.mark.parametrize("fault", [Fault.TAMPERED_MAC, Fault.TAMPERED_DATA])
def test_one_slip_anywhere_is_got_over(start: int, fault: Fault) -> None:
    reading = faulty(Plan(fault, start, 1, protected_only=True)).read()
    assert verdicts(reading) == ("passed", "passed", "passed")


@pytest.mark.parametrize("name", ["garbage", "endless"])
def test_nonsense_ends_in_our_own_errors(name: str) -> None:
    with pytest.raises(CardError):
        faulty(FAULTS[name]).read()


def test_a_card_without_the_application() -> None:
    class Blank:
        atr = b"\x3b\x80\x80\x01\x01"

        def power(self) -> None:
            """Nothing to forget."""

        def process(self, apdu: bytes) -> bytes:
            return b"\x6a\x82"

    with pytest.raises(NotAnEmrtd):
        open_card(DirectLink(Blank()), Mrz("141000016", "410412", "991231"))
    with pytest.raises(CardError):
        open_card(DirectLink(Blank()), Can("000016"))


@pytest.mark.parametrize("start", range(1, 30))
def test_removal_at_any_point_gives_no_verdict_and_a_retry_succeeds(start: int) -> None:
    card = card_of(ISSUER, "ba-sau")
    program = CardProgram(card)
    laid = Laid(card, DirectLink(FaultyCard(program, Plan(Fault.REMOVED, start))))
    apdus = lay(card).read().apdus
    if start <= apdus:
        with pytest.raises(CardRemoved):
            laid.read()
        assert not laid.link.present()
    again = Laid(card, DirectLink(program)).read()
    assert verdicts(again) == ("passed", "passed", "passed")


# --- reading on ------------------------------------------------------------------------------------------------------


def test_what_was_learnt_about_a_kind_of_card_is_remembered() -> None:
    first = lay_person("ba-sau", VARIANTS["reads-160"]).read()
    second = lay_person("ong-tu", VARIANTS["reads-160"]).read()
    assert Warn.SMALLER_READS in first.warnings
    assert Warn.SMALLER_READS not in second.warnings
    assert second.apdus < first.apdus


def test_a_file_above_32_kb_is_read_by_odd_instructions() -> None:
    photo = b"\xff\xd8\xff" + bytes(range(256)) * 200
    card = make_card(ISSUER, replace(PERSONAS["ba-sau"], photo=photo))
    assert len(card.files["DG2"]) > 0x8000
    for profile in (card.profile, VARIANTS["short-only"], VARIANTS["reads-160"]):
        file_reader.forget_sizes()
        reading = lay(make_card(ISSUER, replace(PERSONAS["ba-sau"], photo=photo), profile)).read()
        assert reading.files["DG2"] == card.files["DG2"]
        assert verdicts(reading) == ("passed", "passed", "passed")


def test_a_lying_two_gigabyte_header_ends_at_once() -> None:
    lie = bytes.fromhex("847fffffff") + bytes(64)
    reading = lay(with_files(card_of(ISSUER, "ba-sau"), DG2=b"\x75" + lie)).read()
    assert reading.apdus < 24
    assert reading.face is None
    assert reading.checks.integrity == "not_possible"
    assert {Warn.FILE_MALFORMED, Warn.NO_FACE} <= set(reading.warnings)
    with pytest.raises(MalformedCard):
        lay(with_files(card_of(ISSUER, "ba-sau"), DG1=b"\x61" + lie)).read()


CLONES = {
    "cccd": ("failed", "failed"),
    "rsa-aa": ("failed", "failed"),
    "aa-only": ("failed", "not_supported"),
    "ca-only": ("not_supported", "failed"),
    "ca-3des": ("failed", "failed"),
    "pace-cam": ("not_supported", "failed"),
    "bac-only": ("failed", "failed"),
}


@pytest.mark.parametrize("name", sorted(CLONES))
def test_a_clone_of_every_kind_of_card_fails_its_proofs(name: str) -> None:
    reading = lay(clone_of(card_of(ISSUER, "ong-tu", VARIANTS[name]))).read()
    assert (reading.active.value, reading.chip_authentication.value) == CLONES[name]
    assert verdicts(reading) == ("passed", "passed", "failed")
    assert level_in(reading, TRUST) == "C"


def test_card_security_of_another_signer_is_not_believed() -> None:
    card = card_of(ISSUER, "ong-tu", VARIANTS["pace-cam"])
    stranger = make_issuer(b"a stranger with a card security of his own")
    forged = stranger.card_security(parse_signed_data(card.files["CardSecurity"]).content)
    for data in (forged, card.files["CardSecurity"][:-1] + b"\x00", card.files["SOD"][4:]):
        reading = lay(with_files(card, CardSecurity=data)).read()
        assert reading.chip_authentication is Chip.FAILED
        assert reading.checks.chip is Chip.FAILED
    bare = replace(card, files={name: data for name, data in card.files.items() if name != "CardSecurity"})
    assert lay(bare).read().checks.chip is Chip.FAILED


@pytest.mark.parametrize(
    ("atr", "extended"),
    [
        ("3b8780018073c821009000 5e", False),
        ("3b8780018073c821409000 1e", True),
        ("3b80800101", True),
        ("", True),
        ("3b", True),
        ("3bff", True),
        ("3b8f8001804f0ca000000306030001000000006a", True),
    ],
)
def test_what_an_atr_says_of_extended_length(atr: str, extended: bool) -> None:
    assert file_reader.allows_extended(bytes.fromhex(atr)) is extended


def test_a_jpeg_2000_portrait() -> None:
    photo = bytes.fromhex("0000000c6a5020200d0a870a") + bytes(4000)
    reading = lay(make_card(ISSUER, replace(PERSONAS["ba-sau"], photo=photo))).read()
    assert reading.face is not None
    assert (reading.face.mime, reading.face.data) == ("image/jp2", photo)


def test_progress_counts_up_through_the_phases() -> None:
    seen: list[tuple[Phase, int, int]] = []
    laid = lay_person("ba-sau")
    session = open_card(laid.link, laid.password, progress=lambda phase, done, total: seen.append((phase, done, total)))
    session.read(TRUST, TODAY)
    phases = [phase for phase, _, _ in seen]
    assert phases == sorted(phases)
    assert set(phases) == set(Phase)
    assert all(0 <= done <= total for _, done, total in seen)


def test_a_slip_while_signing_is_got_over_once() -> None:
    card = card_of(ISSUER, "ong-tu")
    apdus = lay(card).read().apdus
    slip = faulty(Plan(Fault.TAMPERED_MAC, apdus + 1, 1, protected_only=True), "ong-tu")
    session = slip.session()
    session.read(TRUST, TODAY)
    assert verify_active(card.files["DG15"], bytes(8), session.sign(bytes(8)), card.files["DG14"])
    broken = faulty(Plan(Fault.TAMPERED_MAC, apdus + 1, protected_only=True), "ong-tu").session()
    broken.read(TRUST, TODAY)
    with pytest.raises(SecureMessagingError):
        broken.sign(bytes(8))


def test_the_chip_signs_while_it_lies_there_and_not_after() -> None:
    laid = lay_person("ong-tu")
    session = laid.session()
    session.read(TRUST, TODAY)
    assert session.still_there()
    assert len(session.sign(b"\x01" * 8)) == 64
    with pytest.raises(ValueError):
        session.sign(b"\x01" * 7)
    session.close()
    assert not session.still_there()
    with pytest.raises(CardRemoved):
        session.sign(b"\x01" * 8)


def test_a_portrait_swapped_into_an_unsigned_copy_is_not_shown_as_good() -> None:
    other = dg2(PERSONAS["con-lan"].photo)
    reading = lay(with_files(card_of(ISSUER, "ong-tu"), DG2=other)).read()
    assert reading.checks.integrity == "failed"
