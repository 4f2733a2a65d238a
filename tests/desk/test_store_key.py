"""The store key's own life: another one on order, one brought back by two of three holders, and what is shredded."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent_sync.district.key_acts import KeyActs
from kiosk import cli
from kiosk.commands import doctor, escrow
from kiosk.exchange import spool
from kiosk.exchange.attachment import AttachmentKind, open_attachment
from kiosk.exchange.keys import opener
from kiosk.flow import events as ev
from kiosk.payout.key_facts import KeysChanged
from kiosk.vault import rotation
from kiosk.vault.errors import VaultDisk
from kiosk.vault.slots import Vault
from tests.desk.area import OPERATOR, PIN, Office

NEW_PIN = "604173"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """One `tannha` command with what is typed into it: its exit code and what it said."""

    monkeypatch.setattr(escrow, "CALIBRATE_SECONDS", 0.02)  # a board may be fast; a test should be

    def command(*words: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = cli.main(list(words))
        said = capsys.readouterr()
        return code, (said.out + said.err).strip()

    return command


@pytest.fixture
def holders(tmp_path: Path, run: Run) -> tuple[str, ...]:
    """Public keys of three holders, whose private ones lie in h0, h1, h2."""
    return tuple(run("escrow", "holder", "--out", str(tmp_path / f"h{n}"))[1] for n in range(3))


@pytest.fixture
def escrowed(tmp_path: Path, holders: tuple[str, ...]) -> Iterator[Office]:
    """A device whose district has named escrow holders."""
    opened = Office(tmp_path / "device", escrow=holders)
    yield opened
    opened.desk.stop()


def home(office: Office) -> tuple[str, str]:
    return "--home", str(office.settings.home)


def sealed(office: Office, kind: AttachmentKind) -> list[bytes]:
    """What the device sealed for the district, of one kind."""
    found = [each for each in spool.Outbox(office.settings.outbox).files() if each.kind is spool.FileKind.ATTACHMENT]
    items = [open_attachment(spool.read(each), opener(office.district.seal)) for each in found]
    return [each.content for each in items if each.kind is kind]


def acts(office: Office) -> list[str]:
    """Every change of keys, each proven to be signed by who is said to have made it."""
    office.sync()
    entries, seen = office.district.entries(office.settings), KeyActs()
    assert [seen.see(each) for each in entries] == [""] * len(entries)
    return [each.fact.change for each in entries if isinstance(each.fact, KeysChanged)]


def test_a_rotation_ends_every_other_way_in_and_keeps_the_day(escrowed: Office, run: Run) -> None:
    escrowed.sign_in()
    escrowed.lock()
    assert run("operator", "codes", "--by", OPERATOR, *home(escrowed), typed=PIN)[0] == 0
    code, said = run("operator", "rotate", "--by", OPERATOR, *home(escrowed), typed=PIN)
    assert (code, said) == (0, "the store key is new; add the other operators and make codes again")
    assert escrowed.vault.rescue_numbers() == ()
    assert isinstance(escrowed.sign_in(), ev.SignedIn)
    assert acts(escrowed) == ["operator_added", "escrow_sealed", "codes_made", "store_key_rotated", "escrow_sealed"]
    assert len(set(sealed(escrowed, AttachmentKind.ESCROW))) == 2


def test_a_rotation_that_was_cut_is_said_by_the_doctor_and_finished(
    office: Office, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.sign_in()
    office.lock()

    def no_disk(*_: object) -> None:
        raise VaultDisk("no room")

    with monkeypatch.context() as cut:
        cut.setattr(Vault, "rewrap", no_disk)
        assert run("operator", "rotate", "--by", OPERATOR, *home(office), typed=PIN) == (2, "tannha: no room")
    assert isinstance(office.sign_in(), ev.Failed), "nobody works on a store between two keys"
    assert doctor.escrow(office.settings).state == "a change of the store key was cut short"
    assert run("operator", "rotate", "--by", OPERATOR, *home(office), typed=PIN)[0] == 0
    assert not (office.settings.slots / rotation.PENDING).exists()
    assert isinstance(office.sign_in(), ev.SignedIn)
    assert acts(office) == ["operator_added", "store_key_rotated"]


def test_a_rotation_cut_at_its_very_end_is_finished_with_the_new_key(office: Office, run: Run) -> None:
    assert run("operator", "rotate", "--by", OPERATOR, *home(office), typed=PIN)[0] == 0
    by = office.vault.unlock(OPERATOR, PIN)
    assert not hasattr(by, "key")
    mark = rotation._mark(bytes(by.store_key))  # type: ignore[union-attr]
    (office.settings.slots / rotation.PENDING).write_bytes(bytes(12 + 32 + 16) + mark)
    assert run("operator", "rotate", "--by", OPERATOR, *home(office), typed=PIN)[0] == 0
    assert isinstance(office.sign_in(), ev.SignedIn)


def test_nothing_is_begun_while_somebody_is_signed_in(office: Office, run: Run) -> None:
    office.sign_in()
    code, said = run("operator", "rotate", "--by", OPERATOR, *home(office), typed=PIN)
    assert (code, said) == (1, "tannha: somebody is signed in at the screen: lock it first")
    assert not (office.settings.slots / rotation.PENDING).exists()


def test_a_new_board_adopts_the_store_with_two_holders(escrowed: Office, run: Run, tmp_path: Path) -> None:
    """The board died with its factor: the disk is put into another one, and two holders open the store key."""
    escrowed.sign_in()
    escrowed.sync()
    escrowed.desk.stop()
    (tmp_path / "escrow").write_bytes(sealed(escrowed, AttachmentKind.ESCROW)[0])
    (escrowed.settings.slots / "factor.bin").unlink()
    step = ("escrow", "open", str(tmp_path / "escrow"), "--key")
    assert run(*step, str(tmp_path / "h2"), "--out", str(tmp_path / "no"))[0] == 2, "the third holds no outer seal"
    assert run(*step, str(tmp_path / "h0"), "--out", str(tmp_path / "half"))[0] == 0
    half = ("--half", str(tmp_path / "half"), "--out", str(tmp_path / "key"))
    assert run(*step, str(tmp_path / "h0"), *half)[0] == 2, "one holder is not two"
    assert run(*step, str(tmp_path / "h2"), *half)[0] == 0
    adopt = ("escrow", "adopt", "--key", str(tmp_path / "key"), "--operator", OPERATOR, *home(escrowed))
    assert run(*adopt, typed=NEW_PIN)[0] == 0
    assert not (tmp_path / "key").exists()
    escrowed.start()
    assert isinstance(escrowed.sign_in(NEW_PIN), ev.SignedIn)
    assert acts(escrowed) == ["operator_added", "escrow_sealed", "escrow_opened", "escrow_sealed"]


def test_holders_who_are_named_later_get_the_key_at_the_next_sign_in_and_once(
    office: Office, holders: tuple[str, ...]
) -> None:
    office.sign_in()
    office.district.send_bundle(office.settings, version=2, escrow_keys=holders)  # type: ignore[arg-type]
    office.sync()
    for _ in range(2):
        office.lock()
        assert isinstance(office.sign_in(), ev.SignedIn)
    assert acts(office) == ["operator_added", "escrow_sealed"]
    assert len(sealed(office, AttachmentKind.ESCROW)) == 1
    assert doctor.escrow(office.settings).health is not doctor.Health.BAD
    odd = (*holders[:2], "0" * 64)
    office.district.send_bundle(office.settings, version=3, escrow_keys=odd)  # type: ignore[arg-type]
    office.sync()
    office.lock()
    assert isinstance(office.sign_in(), ev.SignedIn), "a key that nobody can use locks nobody out"


def test_another_store_key_changes_nothing(office: Office, run: Run, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(bytes(32))
    adopt = ("escrow", "adopt", "--key", str(tmp_path / "key"), "--operator", OPERATOR, *home(office))
    assert run(*adopt, typed=NEW_PIN)[0] == 2
    assert isinstance(office.sign_in(), ev.SignedIn)


def test_the_doctor_says_what_is_missing(escrowed: Office, office: Office, run: Run) -> None:
    assert doctor.escrow(office.settings).state == "the store key is in nobody's keeping"
    assert doctor.escrow(escrowed.settings).health is not doctor.Health.BAD
    assert doctor.codes(office.settings).advice == "tannha operator codes"
    run("operator", "codes", "--by", OPERATOR, *home(office), typed=PIN)
    assert run("operator", "escrow", "--by", OPERATOR, *home(office), typed=PIN)[0] == 3, "no holders are named"
    assert doctor.codes(office.settings).state == "5 one-time codes are left"
