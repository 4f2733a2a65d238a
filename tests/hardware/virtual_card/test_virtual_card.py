"""The virtual card keeps the standards' rules by itself, and is laid and taken through its control socket."""

import io
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from hardware.card.certificates import TEST_ISSUER, organizations, parse_certificate
from hardware.card.pcsc import CardWatch
from hardware.virtual.card.control import Desk, ask, main, serve
from hardware.virtual.card.field import Field
from hardware.virtual.card.issuer import load_issuer, load_or_make_issuer, make_issuer
from hardware.virtual.card.personas import CARDS, PERSONAS, card_of
from hardware.virtual.card.portraits import TARGET_BYTES
from hardware.virtual.card.program import CardProgram
from hardware.virtual.pcscd import running_pcscd

ISSUER = make_issuer(b"virtual card tests")
REQUIRED = {"ba-sau", "ong-tu", "me-hanh", "ong-danh", "con-lan", "ba-khe", "forged", "cloned"}


def card() -> CardProgram:
    return CardProgram(card_of(ISSUER, "ba-sau"))


def test_nothing_is_read_before_access() -> None:
    program = card()
    assert program.process(bytes.fromhex("00A4040C07A0000002471001")) == b"\x90\x00"
    for command in ("00B0810000", "00B09D0000", "00A4020C020101", "0088000008010203040506070800"):
        assert program.process(bytes.fromhex(command)) == b"\x69\x82"


def test_a_cccd_does_not_know_its_master_file() -> None:
    assert card().process(bytes.fromhex("00A4000C023F00")) == b"\x6d\x00"


@pytest.mark.parametrize("apdu", ["", "00", "00a4", "00a404000000", "00b000000001", "00a4040c0301"])
def test_broken_commands_get_a_status_word(apdu: str) -> None:
    assert card().process(bytes.fromhex(apdu)) == b"\x67\x00"


def test_protected_commands_need_a_session() -> None:
    assert card().process(bytes.fromhex("0CB000000D9701048E08ED6705417E96BA5500")) == b"\x68\x82"


def test_pace_steps_out_of_order_are_refused() -> None:
    program = card()
    assert program.process(bytes.fromhex("10860000027c0000")) == b"\x69\x85"
    start = bytes.fromhex("0022c1a40f800a04007f00070202040202830102")
    assert program.process(start) == b"\x90\x00"
    assert program.process(bytes.fromhex("008600000c7c0a8508000000000000000000")) == b"\x6a\x80"


def test_everybody_needed_is_there_and_nobody_is_real() -> None:
    assert set(CARDS) >= REQUIRED
    numbers = [persona.id_number for persona in PERSONAS.values()]
    assert len(set(numbers)) == len(numbers)
    assert all(number.startswith("099") and len(number) == 12 for number in numbers)
    cans = [persona.can for persona in PERSONAS.values()]
    assert len(set(cans)) == len(cans)


def test_portraits_are_distinct_pictures_of_a_cards_size() -> None:
    photos = [persona.photo for persona in PERSONAS.values()]
    assert len(set(photos)) == len(photos)
    for photo in photos:
        assert 0.85 * TARGET_BYTES < len(photo) <= TARGET_BYTES
        with Image.open(io.BytesIO(photo)) as image:
            assert image.size == (360, 480)


def test_the_issuer_is_marked_and_comes_back_from_its_folder(tmp_path: Path) -> None:
    issuer = load_or_make_issuer(tmp_path)
    assert load_issuer(tmp_path) == load_or_make_issuer(tmp_path) == issuer
    for raw in (issuer.csca_certificate, issuer.signer_certificate):
        assert TEST_ISSUER in organizations(parse_certificate(raw).subject)
    assert (tmp_path / "issuer.seed").stat().st_mode & 0o077 == 0
    assert (tmp_path / "trust" / "csca.der").read_bytes() == issuer.csca_certificate


# --- the control socket -------------------------------------------------


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk over a field that nobody serves."""
    with Field(port=1) as field:
        yield Desk(ISSUER, field)


def test_requests_that_are_none(desk: Desk) -> None:
    for line in (b"", b"x", b"[]", b"{}", b'{"do": "dance"}', b'{"do": ["lay"]}', b"\xff", b"1" * 5000):
        answer = desk.do(line)
        assert (answer["ok"], answer["error"]) == (False, "bad_request")
    for line in (b'{"do":"lay"}', b'{"do":"lay","persona":"x"}', b'{"do":"lay","persona":"ba-sau","fault":"x"}'):
        assert desk.do(line)["error"] == "unknown"
    assert desk.do(b'{"do":"lay","persona":"forged","variant":"cccd"}')["error"] == "unknown"


def test_without_a_reader_laying_is_refused(desk: Desk) -> None:
    assert desk.do(b'{"do":"lay","persona":"ba-sau"}')["error"] == "no_reader"


def test_the_list_names_everybody(desk: Desk) -> None:
    answer = desk.do(b'{"do":"list"}')
    assert {item["key"] for item in answer["personas"]} == set(CARDS)
    assert answer["lying"] is None


def test_clients_come_one_after_another(tmp_path: Path, desk: Desk) -> None:
    path = tmp_path / "control.sock"
    thread = threading.Thread(target=serve, args=(desk, path))
    thread.start()
    while not path.exists():
        thread.join(0.01)
    assert path.stat().st_mode & 0o077 == 0
    assert ask(path, do="take") == {"ok": True, "lying": None}
    with socket.socket(socket.AF_UNIX) as rude:
        rude.connect(str(path))
    assert ask(path, do="list")["ok"]
    assert ask(path, do="stop")["ok"]
    thread.join(10)
    assert not thread.is_alive()
    assert not path.exists()


def seen(watch: CardWatch, *, present: bool) -> bool:
    """Wait up to ten seconds for a card to come or go; a fresh service may first report the empty reader once more."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if watch.wait_for_change(0.5) is present:
            return True
    return False


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """A check that fails must not wait for ever for a program that nobody stops."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.kill()


def test_cards_are_laid_from_another_process(tmp_path: Path) -> None:
    with running_pcscd() as reader:
        watch = CardWatch(reader)
        if watch.wait_for_change(0):
            watch.wait_for_change(10)
        path = tmp_path / "control.sock"
        command = [sys.executable, "-m", "hardware.virtual.card", "--issuer", str(tmp_path / "issuer")]
        words = [*command, "--control", str(path), "--lay", "ba-sau"]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as process, ended(process):
            assert process.stdout is not None
            assert json.loads(process.stdout.readline()) == {"ok": True, "lying": "ba-sau"}
            assert seen(watch, present=True)
            while not path.exists():
                watch.wait_for_change(0.05)
            assert ask(path, do="take")["ok"]
            assert seen(watch, present=False)
            assert ask(path, do="lay", persona="me-hanh")["lying"] == "me-hanh"
            assert seen(watch, present=True)
            assert ask(path, do="stop")["ok"]
            assert process.wait(10) == 0
        watch.close()


def test_without_a_reader_the_command_ends_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "issuer"
    broken.mkdir()
    (broken / "issuer.seed").write_text("no hex", encoding="ascii")
    assert main(["--issuer", str(broken), "--control", str(tmp_path / "s")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
