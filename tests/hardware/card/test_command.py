"""`tannha card`, through the real service: the plan's JSON, one line for every error, and the trust folder."""

import argparse
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hardware.card.pcsc import CardWatch, PcscLink
from hardware.virtual.card.faults import FAULTS, FaultyCard
from hardware.virtual.card.field import Field
from hardware.virtual.card.issuer import make_issuer, name
from hardware.virtual.card.keys import seeded_signer
from hardware.virtual.card.lds import CardImage, dg13, make_card, mrz_text
from hardware.virtual.card.personas import CARDS, PERSONAS, card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.card.variants import VARIANTS
from kiosk.commands import card as command
from tests.hardware.card.kit import ISSUER, SEED

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


def lay(field: Field, reader: str, program: CardProgram | FaultyCard) -> None:
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


# --- the whole table: what each kind of card comes to ----------------------------------------------------------------

FOREIGN = replace(make_issuer(b"another country", label="foreign"), csca_name=name("Foreign CSCA")).with_signer(
    seeded_signer(b"another country", "signer", "secp256r1"), serial=7
)
EXPIRED = ISSUER.with_signer(
    seeded_signer(SEED, "old", "secp256r1"),
    serial=5,
    days=(datetime(2021, 2, 1, tzinfo=UTC), datetime(2022, 2, 1, tzinfo=UTC)),
)
REVOKED_SERIAL = 4711
REVOKED = ISSUER.with_signer(seeded_signer(SEED, "lost", "secp256r1"), serial=REVOKED_SERIAL)
TU = PERSONAS["ong-tu"]


def _kind(variant: str) -> CardImage:
    return card_of(ISSUER, TU.key, VARIANTS[variant])


def two_numbers() -> CardImage:
    """An issuer's slip: DG13 carries another number than the zone, and both are signed."""
    card = make_card(ISSUER, TU)
    other = dg13(replace(TU, id_number="099038000017"))
    files = {**card.files, "DG13": other}
    groups = {int(name[2:]): data for name, data in files.items() if name.startswith("DG")}
    return replace(card, files={**files, "SOD": ISSUER.sod(groups)})


CARDS_READ: dict[str, tuple[Callable[[], CardImage], tuple[str, str, str], str, set[str]]] = {
    "good": (lambda: card_of(ISSUER, "con-lan"), ("passed", "passed", "passed"), "A", set()),
    "lifetime": (lambda: card_of(ISSUER, "ba-sau"), ("passed", "passed", "passed"), "A", set()),
    "rsa-aa": (lambda: _kind("rsa-aa"), ("passed", "passed", "passed"), "A", set()),
    "bac-only": (lambda: _kind("bac-only"), ("passed", "passed", "passed"), "A", set()),
    "short-reads": (lambda: _kind("short-reads"), ("passed", "passed", "passed"), "A", set()),
    "short-only": (lambda: _kind("short-only"), ("passed", "passed", "passed"), "A", set()),
    "forged photo": (lambda: CARDS["altered"](ISSUER), ("failed", "passed", "not_possible"), "C", set()),
    "forged root of the same name": (lambda: CARDS["forged"](ISSUER), ("passed", "failed", "passed"), "C", set()),
    "foreign root": (lambda: make_card(FOREIGN, TU), ("passed", "unknown_issuer", "passed"), "C", set()),
    "expired signer": (lambda: make_card(EXPIRED, TU), ("passed", "expired", "passed"), "C", set()),
    "revoked signer": (lambda: make_card(REVOKED, TU), ("passed", "revoked", "passed"), "C", set()),
    "cloned keys": (lambda: CARDS["cloned"](ISSUER), ("passed", "passed", "failed"), "C", {"session_renewed"}),
    "hidden DG15": (lambda: _kind("hides-dg15"), ("passed", "passed", "failed"), "C", {"file_hidden"}),
    "hidden DG14": (lambda: _kind("hides-dg14"), ("passed", "passed", "failed"), "C", {"file_hidden"}),
    "no proof": (lambda: _kind("no-proof"), ("passed", "passed", "not_supported"), "C", set()),
    "two numbers": (two_numbers, ("passed", "passed", "passed"), "C", {"number_differs"}),
}
"""Card, the three verdicts (integrity, chain, chip), level, warnings."""


@pytest.mark.parametrize("kind", CARDS_READ)
def test_every_kind_of_card_gets_the_verdict_that_names_it(
    kind: str, reader: str, field: Field, trust: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (trust / "csca.crl").write_bytes(ISSUER.crl((REVOKED_SERIAL,)))
    make, checks, level, warnings = CARDS_READ[kind]
    card = make()
    lay(field, reader, CardProgram(card))
    key = ("--id", card.persona.id_number) if card.profile.pace else ("--mrz", mrz_text(card.persona))
    code, answer = read(capsys, "--reader", reader, "--trust", str(trust), *key)
    assert code == 0
    assert tuple(answer["checks"][each] for each in ("integrity", "chain", "chip")) == checks
    assert (answer["level"], set(answer["warnings"])) == (level, warnings)
    assert (answer["person"]["date_of_expiry"] is None) == (card.persona.expiry is None)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("tampered-mac", "secure_messaging"),
        ("tampered-data", "secure_messaging"),
        ("stripped", "secure_messaging"),
        ("replayed", "secure_messaging"),
        ("removed", "card_removed"),
        ("endless", "malformed_card"),
        ("garbage", "not_an_emrtd"),
    ],
)
def test_every_fault_on_the_way_ends_in_one_key_and_no_verdict(
    fault: str, error: str, reader: str, field: Field, trust: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(field, reader, FaultyCard(CardProgram(card_of(ISSUER, TU.key)), FAULTS[fault]))
    code, answer = read(capsys, "--reader", reader, "--trust", str(trust), "--id", TU.id_number)
    assert (code, answer["error"]) == (2, error)
    assert set(answer) == {"error", "message"}
    assert not re.search(TU.id_number, answer["message"])


def test_a_wrong_number_costs_one_try_and_says_how_many_are_left(
    reader: str, field: Field, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(field, reader, CardProgram(_kind("counts-tries")))
    code, answer = read(capsys, "--reader", reader, "--can", "999999")
    assert (code, answer["error"]) == (2, "wrong_password")
    assert answer["message"].endswith("tries left: 2")
    code, good = read(capsys, "--reader", reader, "--id", TU.id_number)
    assert (code, good["checks"]["integrity"]) == (0, "passed")


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
