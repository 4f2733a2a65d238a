"""`tannha card`, through the real service: the plan's JSON, one line for every error, and the trust folder."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from hardware.card.pcsc import CardWatch, PcscLink
from hardware.virtual.card.field import Field
from hardware.virtual.card.lds import mrz_text
from hardware.virtual.card.personas import CARDS, PERSONAS, card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.card.variants import VARIANTS
from kiosk.commands import card as command
from tests.hardware.card.kit import ISSUER

PERSON_KEYS = {
    "id_number",
    "full_name",
    "date_of_birth",
    "sex",
    "nationality",
    "ethnicity",
    "religion",
    "place_of_origin",
    "place_of_residence",
    "personal_features",
    "date_of_issue",
    "date_of_expiry",
    "father_name",
    "mother_name",
    "spouse_name",
    "old_id_number",
}
KEYS = {"access", "apdus", "sent_bytes", "received_bytes", "seconds", "checks", "level", "person", "warnings"}


def run(*argv: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers(dest="command", required=True))
    return command.run(parser.parse_args(["card", *argv]))


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    """A folder with our issuer's root."""
    ISSUER.save(tmp_path)
    return tmp_path / "trust"


def lay(field: Field, reader: str, program: CardProgram) -> None:
    watch = CardWatch(reader)
    if watch.wait_for_change(0):
        watch.wait_for_change(10)
    field.lay(program)
    assert watch.wait_for_change(10) is True
    watch.close()


def read(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, dict[str, Any]]:
    code = run("--json", *argv)
    answer = json.loads(capsys.readouterr().out)
    assert isinstance(answer, dict)
    return code, answer


def test_a_read_as_the_plan_prints_it(
    reader: str, field: Field, trust: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    persona = PERSONAS["ba-sau"]
    lay(field, reader, CardProgram(card_of(ISSUER, persona.key)))
    photo = tmp_path / "face.jpg"
    common = ("--reader", reader, "--trust", str(trust))
    code, answer = read(capsys, *common, "--id", persona.id_number, "--photo", str(photo))
    assert code == 0
    assert set(answer) == KEYS | {"simulated"}
    assert set(answer["person"]) == PERSON_KEYS
    assert answer["checks"] == {"integrity": "passed", "chain": "passed", "chip": "passed"}
    assert (answer["access"], answer["level"], answer["warnings"]) == ("PACE-CAN", "A", [])
    assert answer["person"]["date_of_birth"] == "1941-04-12"
    assert answer["person"]["date_of_expiry"] is None
    assert photo.read_bytes() == persona.photo
    assert photo.stat().st_mode & 0o077 == 0
    code, by_zone = read(capsys, *common, "--mrz", mrz_text(persona))
    assert (code, by_zone["access"], by_zone["person"]) == (0, "PACE-MRZ", answer["person"])
    code, bare = read(capsys, "--reader", reader, "--can", persona.can)
    assert (bare["checks"]["chain"], bare["level"]) == ("unknown_issuer", "C")
    assert run("--reader", reader, "--can", persona.can) == 0
    assert "Nguyễn Thị Sáu" in capsys.readouterr().out
    code, wrong = read(capsys, "--reader", reader, "--can", "999999")
    assert (code, wrong["error"]) == (2, "wrong_password")
    with PcscLink(reader):
        code, busy = read(capsys, "--reader", reader, "--can", persona.can)
    assert (code, busy["error"]) == (2, "reader_busy")


@pytest.mark.parametrize("name", ["rsa-aa", "bac-only", "short-reads"])
def test_other_cards_at_level_a(
    name: str, reader: str, field: Field, trust: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    persona = PERSONAS["ong-tu"]
    lay(field, reader, CardProgram(card_of(ISSUER, persona.key, VARIANTS[name])))
    code, answer = read(capsys, "--reader", reader, "--trust", str(trust), "--mrz", mrz_text(persona))
    assert (code, answer["level"]) == (0, "A")


@pytest.mark.parametrize(("key", "check", "verdict"), [("forged", "chain", "failed"), ("cloned", "chip", "failed")])
def test_attacks_at_level_c(
    key: str, check: str, verdict: str, reader: str, field: Field, trust: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = CARDS[key](ISSUER)
    lay(field, reader, CardProgram(card))
    code, answer = read(capsys, "--reader", reader, "--trust", str(trust), "--can", card.persona.can)
    assert (code, answer["checks"][check], answer["level"]) == (0, verdict, "C")


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (("--can", "12345"), "bad_input"),
        (("--id", "12345678901"), "bad_input"),
        (("--mrz", "IDVNM"), "bad_input"),
        ((), "bad_input"),
        (("--reader", "no such reader", "--can", "123456"), "no_reader"),
        (("--can", "123456", "--trust", "/nonexistent"), "trust_fault"),
    ],
)
def test_errors_are_one_key_and_a_line(
    argv: tuple[str, ...], error: str, reader: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, answer = read(capsys, *argv)
    assert (code, answer["error"]) == (2, error)
    assert run(*argv) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"tannha: {error}: ")


def test_an_empty_reader(reader: str, field: Field, capsys: pytest.CaptureFixture[str]) -> None:
    watch = CardWatch(reader)
    if watch.wait_for_change(0):
        watch.wait_for_change(10)
    watch.close()
    assert read(capsys, "--reader", reader, "--can", "123456") == (
        2,
        {"error": "no_card", "message": "no card lies on the reader"},
    )


def test_the_trust_folder_is_filled_and_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, folder = tmp_path / "root.der", tmp_path / "trust"
    root.write_bytes(ISSUER.csca_certificate)
    assert run("trust", "import", str(root), "--into", str(folder)) == 0
    assert "1 certificates" in capsys.readouterr().out
    assert run("trust", "list", str(folder)) == 0
    assert "Virtual CSCA" in capsys.readouterr().out
    code, answer = read(capsys, "trust", "list", str(folder))
    assert (code, len(answer["roots"]), answer["observed"]) == (0, 1, 0)
    assert run("trust", "import", str(tmp_path / "missing"), "--into", str(folder)) == 2
    assert run("trust", "import", str(root), "--into", str(folder), "--accept-signer", "xyz") == 2
