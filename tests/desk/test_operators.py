"""`tannha operator` on an enrolled device: who is let in, who gets back in, and what the district hears of it."""

from __future__ import annotations

import io
import sys
from dataclasses import replace

import pytest

from agent_sync.district.key_acts import KeyActs
from kiosk import cli
from kiosk.exchange import spool
from kiosk.exchange.attachment import AttachmentKind, open_attachment
from kiosk.exchange.keys import opener
from kiosk.flow import events as ev
from kiosk.payout import canonical
from kiosk.payout import journal as j
from kiosk.payout.key_facts import KeyChange, KeysChanged
from tests.desk.area import MINH, OPERATOR, PIN, Office

MINH_PIN, NEW_PIN = "593021", "604173"


class Terminal:
    """Types PINs into a command and hears what it says."""

    def __init__(self, office: Office, patch: pytest.MonkeyPatch, heard: pytest.CaptureFixture[str]) -> None:
        self._office, self._patch, self._heard = office, patch, heard

    def __call__(self, step: str, *words: str, pins: tuple[str, ...] = (PIN,)) -> tuple[int, str]:
        self._patch.setattr(sys, "stdin", io.StringIO("\n".join(pins)))
        by = () if step == "list" else ("--by", OPERATOR)
        code = cli.main(["operator", step, *words, *by, "--home", str(self._office.settings.home)])
        said = self._heard.readouterr()
        return code, (said.out + said.err).strip()


@pytest.fixture
def terminal(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """An enrolled device with its bundle in force and nobody signed in."""
    assert isinstance(office.sign_in(), ev.SignedIn)
    office.lock()
    return Terminal(office, monkeypatch, capsys)


def changes(office: Office) -> list[tuple[j.Entry, KeysChanged]]:
    """Every change of keys after the enrolment that the district got, after one round of mail."""
    assert isinstance(office.sign_in(), ev.SignedIn)
    office.sync()
    entries = office.district.entries(office.settings)
    return [(each, each.fact) for each in entries if isinstance(each.fact, KeysChanged)][1:]


def test_a_supervisor_lets_in_a_listed_colleague(office: Office, terminal: Terminal) -> None:
    code, said = terminal("add", MINH, pins=(PIN, MINH_PIN))
    assert (code, said) == (0, "minh (Phạm Văn Minh, agent) may sign in")
    assert isinstance(office.sign_in(MINH_PIN, MINH), ev.SignedIn)
    office.lock()
    facts = [fact for _, fact in changes(office)]
    assert [(each.change, each.operator, each.by) for each in facts] == [(KeyChange.OPERATOR_ADDED, MINH, OPERATOR)]


def test_nobody_is_let_in_whom_the_district_does_not_list(terminal: Terminal) -> None:
    code, said = terminal("add", "stranger", pins=(PIN, MINH_PIN))
    assert code == 3
    assert "the district does not list stranger" in said


def test_a_forgotten_pin_is_set_anew_and_five_wrong_ones_are_forgiven(office: Office, terminal: Terminal) -> None:
    terminal("add", MINH, pins=(PIN, MINH_PIN))
    for _ in range(5):
        office.sign_in("111222", MINH)
    assert office.sign_in(MINH_PIN, MINH) == ev.SignInRefused(ev_number(office), 0)
    assert "minh\tagent\tlocked" in terminal("list")[1]
    assert terminal("forgive", MINH) == (0, "minh may try again")
    assert isinstance(office.sign_in(MINH_PIN, MINH), ev.SignedIn)
    office.lock()
    assert terminal("reset", MINH, pins=(PIN, NEW_PIN)) == (0, "minh has a new PIN")
    assert isinstance(office.sign_in(NEW_PIN, MINH), ev.SignedIn)
    office.lock()
    found = changes(office)
    added, reset = (fact for _, fact in found if fact.public_key)
    assert [fact.change for _, fact in found] == ["operator_added", "slot_locked", "tries_forgiven", "pin_reset"]
    assert (found[1][1].operator, found[1][1].by) == (MINH, OPERATOR)
    assert added.public_key != reset.public_key


def ev_number(office: Office) -> object:
    """The number of the operation that was asked for last."""
    return office.recorder.seen[-1].operation  # type: ignore[union-attr]


def test_every_act_is_signed_by_the_one_who_did_it(office: Office, terminal: Terminal) -> None:
    terminal("add", MINH, pins=(PIN, MINH_PIN))
    terminal("remove", MINH)
    found = changes(office)
    assert [fact.change for _, fact in found] == ["operator_added", "operator_removed"]
    acts = KeyActs()
    assert [acts.see(each) for each in office.district.entries(office.settings)] == [""] * (found[-1][0].sequence + 1)
    forged = replace(found[0][0], fact=replace(found[0][1], by=MINH))
    assert acts.see(forged) == "operator_added by minh, whom nobody let in"


def test_codes_go_to_the_district_and_nowhere_else(office: Office, terminal: Terminal) -> None:
    code, said = terminal("codes", "--count", "2")
    assert (code, said) == (0, "2 codes are made and go to the district with the next sync")
    assert terminal("list")[1].endswith("one-time codes left: 1, 2")
    ((_, fact),) = changes(office)
    sealed = [each for each in spool.Outbox(office.settings.outbox).files() if each.kind is spool.FileKind.ATTACHMENT]
    item = open_attachment(spool.read(sealed[0]), opener(office.district.seal))
    codes = canonical.from_bytes(item.content)
    assert (fact.change, fact.sealed, item.kind) == (KeyChange.CODES_MADE, item.digest, AttachmentKind.CODES)
    assert isinstance(codes, list)
    assert [str(each)[0] for each in codes] == ["1", "2"]
    assert {len(str(each)) for each in codes} == {13}


@pytest.mark.parametrize(
    ("step", "words", "pins", "code", "said"),
    [
        ("add", ("minh",), ("000000", MINH_PIN), 3, "wrong pin, 4 tries left"),
        ("add", ("minh",), (PIN, "123456"), 2, "this PIN cannot be used: too simple"),
        ("add", (OPERATOR,), (PIN, MINH_PIN), 3, "this operator has a slot"),
        ("reset", ("nobody",), (PIN, MINH_PIN), 2, "slot-nobody.json is missing"),
        ("remove", (OPERATOR,), (PIN,), 3, "nobody removes the own slot"),
        ("codes", ("--count", "10"), (PIN,), 3, "1 to 9 codes at a time"),
    ],
)
def test_what_is_refused(
    terminal: Terminal, step: str, words: tuple[str, ...], pins: tuple[str, ...], code: int, said: str
) -> None:
    assert terminal(step, *words, pins=pins) == (code, f"tannha: {said}")


def test_while_somebody_works_at_the_screen_no_slot_is_changed(office: Office, terminal: Terminal) -> None:
    office.sign_in()
    assert terminal("add", MINH, pins=(PIN, MINH_PIN)) == (
        1,
        "tannha: somebody is signed in at the screen: lock it first",
    )
    assert [each.operator for each in office.vault.slots()] == [OPERATOR]
