"""Our driver over the real pcscd and vpcd: readers, cards coming and going, whole reads, what is logged."""

import logging
import re
import threading
from collections.abc import Iterator

import pytest

from hardware.card.errors import CardRemoved, NoCard, NoReader, ReaderBusy
from hardware.card.passwords import Can
from hardware.card.pcsc import CardWatch, PcscLink, card_present, find_reader, list_readers, without_le
from hardware.card.reader import open_card
from hardware.virtual.card.authentication import mrz_password
from hardware.virtual.card.faults import Fault, FaultyCard, Plan
from hardware.virtual.card.field import Field
from hardware.virtual.card.lds import CardImage
from hardware.virtual.card.personas import PERSONAS, card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.card.variants import VARIANTS
from tests.hardware.card.kit import ISSUER, TODAY, TRUST, verdicts

WAIT_S = 10.0


@pytest.fixture
def watch(reader: str) -> Iterator[CardWatch]:
    """A watch that has seen the empty reader."""
    found = CardWatch(reader)
    if found.wait_for_change(0):
        assert found.wait_for_change(WAIT_S) is False
    yield found
    found.close()


def laid(field: Field, watch: CardWatch, card: CardImage | FaultyCard) -> None:
    field.lay(card if isinstance(card, FaultyCard) else CardProgram(card))
    assert watch.wait_for_change(WAIT_S) is True


def test_readers_are_found_by_name_or_part_of_it(reader: str) -> None:
    assert reader in list_readers()
    assert find_reader(reader) == reader
    assert find_reader("virtual pcd 00 00") == reader
    with pytest.raises(NoReader):
        find_reader("no such reader")


def test_cards_come_and_go(reader: str, field: Field, watch: CardWatch) -> None:
    assert watch.wait_for_change(0.01) is None
    for _ in range(3):
        laid(field, watch, card_of(ISSUER, "ba-sau"))
        assert card_present(reader)
        field.take()
        assert watch.wait_for_change(WAIT_S) is False
        assert not card_present(reader)


def test_an_empty_reader_has_no_card(reader: str, field: Field, watch: CardWatch) -> None:
    with pytest.raises(NoCard):
        PcscLink(reader)


@pytest.mark.parametrize(
    ("command", "sent"),
    [
        ("00b0810000", "00b0810000"),
        ("00a4040c07a0000002471001", "00a4040c07a0000002471001"),
        ("0088000008010203040506070800", "00880000080102030405060708"),
        ("0cb000000d9701048e08ed6705417e96ba5500", "0cb000000d9701048e08ed6705417e96ba55"),
        ("0084000008", "0084000008"),
    ],
)
def test_under_t0_a_command_with_data_leaves_le_out(command: str, sent: str) -> None:
    assert without_le(bytes.fromhex(command)).hex() == sent


def test_an_unknown_reader(reader: str) -> None:
    with pytest.raises(NoReader):
        PcscLink("no such reader")
    with pytest.raises(NoReader):
        card_present("no such reader")


def test_a_whole_read_through_the_service(reader: str, field: Field, watch: CardWatch) -> None:
    laid(field, watch, card_of(ISSUER, "ba-sau"))
    with PcscLink(reader) as link:
        reading = open_card(link, Can(PERSONAS["ba-sau"].can)).read(TRUST, TODAY)
    assert verdicts(reading) == ("passed", "passed", "passed")
    assert reading.simulated
    assert reading.reader_name == reader
    assert reading.apdus <= 28
    assert reading.received_bytes > 20_000


@pytest.mark.parametrize("name", ["short-only", "reads-160", "bac-only", "rsa-aa", "access-hidden", "pace-cam"])
def test_other_kinds_of_card_through_the_service(name: str, reader: str, field: Field, watch: CardWatch) -> None:
    card = card_of(ISSUER, "ong-tu", VARIANTS[name])
    laid(field, watch, card)
    with PcscLink(reader) as link:
        password = Can(card.persona.can) if card.profile.pace else mrz_password(card)
        reading = open_card(link, password).read(TRUST, TODAY)
    assert verdicts(reading) == ("passed", "passed", "passed")


def test_the_reader_is_busy_for_everybody_else(reader: str, field: Field, watch: CardWatch) -> None:
    laid(field, watch, card_of(ISSUER, "ba-sau"))
    with PcscLink(reader), pytest.raises(ReaderBusy):
        PcscLink(reader)
    with PcscLink(reader) as link:
        assert link.present()


@pytest.mark.parametrize("start", [1, 4, 8, 15, 26])
def test_a_card_taken_in_mid_read(start: int, reader: str, field: Field, watch: CardWatch) -> None:
    program = CardProgram(card_of(ISSUER, "ba-sau"))
    laid(field, watch, FaultyCard(program, Plan(Fault.REMOVED, start)))
    with PcscLink(reader) as link, pytest.raises(CardRemoved):
        open_card(link, Can(PERSONAS["ba-sau"].can)).read(TRUST, TODAY)
    field.take()
    assert watch.wait_for_change(WAIT_S) is False
    field.lay(program)
    assert watch.wait_for_change(WAIT_S) is True
    with PcscLink(reader) as link:
        again = open_card(link, Can(PERSONAS["ba-sau"].can)).read(TRUST, TODAY)
    assert verdicts(again) == ("passed", "passed", "passed")


def test_another_card_never_signs_in_the_first_ones_session(reader: str, field: Field, watch: CardWatch) -> None:
    laid(field, watch, card_of(ISSUER, "ong-tu"))
    with PcscLink(reader) as link:
        session = open_card(link, Can(PERSONAS["ong-tu"].can))
        session.read(TRUST, TODAY)
        assert session.still_there()
        field.take()
        assert watch.wait_for_change(WAIT_S) is False
        field.lay(CardProgram(card_of(ISSUER, "ong-tu")))
        assert watch.wait_for_change(WAIT_S) is True
        assert not session.still_there()
        with pytest.raises(CardRemoved):
            session.sign(bytes(8))


def test_a_waiting_watch_can_be_woken(reader: str, field: Field) -> None:
    found = CardWatch(reader)
    found.wait_for_change(0)
    seen: list[bool | None] = []
    thread = threading.Thread(target=lambda: seen.append(found.wait_for_change(WAIT_S)))
    thread.start()
    while thread.is_alive():
        found.cancel()
        thread.join(0.02)
    assert seen == [None]
    found.close()


def test_nothing_of_the_person_is_logged(
    reader: str, field: Field, watch: CardWatch, caplog: pytest.LogCaptureFixture
) -> None:
    persona = PERSONAS["ba-sau"]
    laid(field, watch, card_of(ISSUER, persona.key, VARIANTS["reads-256"]))
    with caplog.at_level(logging.DEBUG), PcscLink(reader) as link:
        session = open_card(link, Can(persona.can))
        session.read(TRUST, TODAY)
        session.sign(bytes(8))
    field.take()
    logged = caplog.text
    assert logged.count("INS ") > 100
    for secret in (persona.id_number, persona.can, persona.full_name, "Sáu", "SAU", "NGUYEN", "410412", persona.hamlet):
        assert secret not in logged
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("hardware.card")]
    form = re.compile(r"INS [0-9A-F]{2} sent \d+ received \d+ SW [0-9A-F]{4} in [\d.]+ ms")
    others = [line for line in lines if not form.fullmatch(line)]
    assert all(line.startswith(("opened by ", "opening the chip anew, reads of ")) for line in others)
