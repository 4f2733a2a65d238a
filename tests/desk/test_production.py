"""A production device from the officer's QR to the first day, on a TPM: what practice may do, it may not."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent_sync.api import FileOutcome
from agent_sync.district import bundles, devices, verify
from agent_sync.district import cli as district_cli
from agent_sync.district import home as homes
from agent_sync.district.database import Database
from agent_sync.district.evidence import EvidenceIntake
from agent_sync.district.intake import Intake
from agent_sync.district.lists import sample
from hardware.virtual.card.field import Field
from hardware.virtual.card.issuer import Issuer, make_issuer
from hardware.virtual.card.personas import PERSONAS, card_of
from hardware.virtual.card.program import CardProgram
from hardware.virtual.pcscd import running_pcscd
from kiosk import cli
from kiosk.commands import enrol
from kiosk.commands.common import settings_of
from kiosk.desk import enrolled, enrolment
from kiosk.desk.desk import Desk, Equipment
from kiosk.desk.hours import Hours
from kiosk.devices.station import CardStation
from kiosk.exchange import enrolment as xe
from kiosk.exchange import spool
from kiosk.flow import effects as ef
from kiosk.flow import events as ev
from kiosk.flow import values as v
from kiosk.payout.names import DeviceId, Mode, OperatorId, RefusalKey, UnixSeconds
from kiosk.payout.rules import VIETNAM, local_day
from kiosk.vault import factors
from tests.desk.area import FLOAT, Recorder, until_empty
from tests.vault.chip import Chip

READER, READER_PORT = "Virtual PCD 00 01", 35964
PIN, LAN, DEVICE = "482913", OperatorId("lan"), "TUI07"


@dataclass
class Town:
    """A production district in its folder, a device in another, and a carrier between them."""

    folder: Path
    patch: pytest.MonkeyPatch
    heard: pytest.CaptureFixture[str]
    issuer: Issuer = field(default_factory=lambda: make_issuer(b"production"))

    def run(self, main: Any, *words: str, typed: str = "") -> tuple[int, str]:
        """One command with what is typed into it."""
        self.patch.setattr(sys, "stdin", io.StringIO(typed))
        code = main(list(words))
        said = self.heard.readouterr()
        return code, (said.out if code == 0 else said.err).strip()

    def district(self, *words: str) -> tuple[int, str]:
        return self.run(district_cli.main, *words, "--home", str(self.folder / "district"))

    def device(self, *words: str, typed: str = PIN) -> tuple[int, str]:
        return self.run(cli.main, *words, "--home", str(self.folder / "device"), typed=typed)

    def found(self) -> None:
        """The district's first morning: keys, staff, escrow holders, the month's list, the cards' issuer."""
        assert self.district("init", "--area", "tan-an", "--mode", "production")[0] == 0
        self.district("operator", "add", "--id", LAN, "--name", "Trần Thị Lan", "--role", "supervisor")
        holders = [self.run(cli.main, "escrow", "holder", "--out", str(self.folder / f"h{n}"))[1] for n in range(3)]
        assert self.district("escrow-holders", *(word for each in holders for word in ("--key", each)))[0] == 0
        month = f"{datetime.now(VIETNAM):%Y-%m}"
        self.run(sample.main, str(self.folder / "list.xlsx"), month)
        assert self.district("import-list", str(self.folder / "list.xlsx"), "--period", month)[0] == 0
        (self.folder / "csca.der").write_bytes(self.issuer.csca_certificate)
        self.district("trust", "import", str(self.folder / "csca.der"))

    def invite(self) -> str:
        """The officer's QR."""
        code, qr = self.district("device", "add", "--device", DEVICE, "--label", "Túi 7")
        assert code == 0
        return qr

    def begin(self, qr: str, *more: str) -> tuple[int, str]:
        who = ("--operator", LAN, "--name", "Trần Thị Lan", "--label", "Túi 7")
        return self.device("enrol", "begin", "--qr", qr, *who, *more)

    def opened(self) -> tuple[homes.Home, Database]:
        home = homes.load(self.folder / "district")
        return home, Database(home.settings.database)

    def carry_request(self, qr: str) -> bytes | None:
        """The courier's one job before the enrolment; the grant once there is one."""
        out = spool.Outbox(settings_of(self.folder / "device").outbox)
        request = next(spool.read(each) for each in out.files() if each.kind is spool.FileKind.ENROLMENT)
        home, database = self.opened()
        with database.write() as connection:
            grant = devices.receive_request(connection, home, xe.from_qr(qr).ticket, request)
        database.close()
        return grant

    def enrol(self) -> None:
        """From the QR to a device that may be signed in to."""
        qr = self.invite()
        code, fingerprint = self.begin(qr)
        assert code == 0, fingerprint
        assert self.carry_request(qr) is None
        assert self.district("device", "enrol", "--device", DEVICE)[0] == 3, "an officer compares the fingerprint"
        assert self.district("device", "enrol", "--device", DEVICE, "--fingerprint", "00 11")[0] == 2
        assert self.district("device", "enrol", "--device", DEVICE, "--fingerprint", fingerprint)[0] == 0
        grant = self.carry_request(qr)
        assert grant is not None
        spool.Inbox(settings_of(self.folder / "device").inbox).deliver(spool.FileKind.ENROLMENT, "grant", grant)
        assert self.device("enrol", "finish") == (0, f"{DEVICE} production")

    def bring_bundle(self) -> None:
        """Leases for the whole list, sealed for the device."""
        self.district("lease", "--device", DEVICE, "--period", f"{datetime.now(VIETNAM):%Y-%m}")
        home, database = self.opened()
        with database.write() as connection:
            data = bundles.current(connection, home, DeviceId(DEVICE)).data
        database.close()
        spool.Inbox(settings_of(self.folder / "device").inbox).deliver(spool.FileKind.BUNDLE, "00000001", data)

    def take_home(self) -> dict[str, Any]:
        """Everything that lies sealed goes to the district; what it can prove of it."""
        home, database = self.opened()
        for file in spool.Outbox(settings_of(self.folder / "device").outbox).files():
            if file.kind is spool.FileKind.ATTACHMENT:
                EvidenceIntake(home, database).receive(DeviceId(DEVICE), [spool.read(file)])
            elif file.kind is spool.FileKind.SEGMENT:
                (answer,) = Intake(home, database).receive(DeviceId(DEVICE), [spool.read(file)])
                assert answer.outcome is FileOutcome.ACCEPTED
        proven = verify.verify(home, database).to_json()
        database.close()
        return proven


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Town:
    (tmp_path / "device").mkdir()
    (tmp_path / "device" / "settings.toml").write_text(f'reader = "{READER}"\n')
    monkeypatch.setattr(enrol, "CALIBRATE_SECONDS", 0.02)  # a board may be fast; a test should be
    monkeypatch.setattr(factors, "OTP_PROGRAM", "no-such-program")
    monkeypatch.setattr(factors, "TPM_DEVICE", tmp_path / "no-tpm")
    made = Town(tmp_path, monkeypatch, capsys)
    made.found()
    return made


@pytest.fixture
def chip(tmp_path: Path, town: Town) -> Iterator[Chip]:
    """The board's TPM."""
    made = Chip(tmp_path / "tpm")
    made.start()
    town.patch.setattr(factors, "TPM_DEVICE", made.folder)
    town.patch.setattr(factors, "TPM_TCTI", made.tcti)
    yield made
    made.stop()


def test_a_board_without_a_chip_is_not_enrolled_in_production(town: Town) -> None:
    code, said = town.begin(town.invite())
    assert (code, said) == (2, "tannha: production needs a TPM 2.0 or the Raspberry Pi's OTP key")
    assert not (town.folder / "device" / "slots" / "vault.json").exists()


def test_production_takes_no_shortcut_in_key_stretching(town: Town, chip: Chip) -> None:
    code, said = town.begin(town.invite(), "--quick")
    assert code == 3
    assert "--quick is for practice" in said


@pytest.fixture
def at_work(town: Town, chip: Chip) -> Iterator[tuple[Desk, Recorder, Field]]:
    """The enrolled device: signed in through its TPM, session open, a virtual card reader before it."""
    town.enrol()
    town.bring_bundle()
    settings = settings_of(town.folder / "device")
    with running_pcscd():
        until_empty(READER)
        recorder = Recorder()
        station = CardStation(recorder, READER)
        now = UnixSeconds(int(datetime.now(UTC).timestamp()))
        hours = Hours(lambda: now, lambda: 0.0)
        desk = Desk(settings, enrolment.vault_of(settings, Mode.PRODUCTION), Equipment(station, None), hours, recorder)
        desk.start()
        station.start()
        with Field(READER_PORT) as reader:
            yield desk, recorder, reader
        desk.stop()
        station.stop()


def test_the_first_day_of_a_production_device(town: Town, at_work: tuple[Desk, Recorder, Field]) -> None:
    """Sign-in on the TPM, a session; a simulated card pays nothing, and the district can prove what happened (M8)."""
    desk, recorder, reader = at_work
    desk.perform(ef.SignIn(v.OperationId(1), LAN, PIN))
    shift = recorder.wait(ev.SignedIn, ev.SignInRefused, ev.Failed)
    assert isinstance(shift, ev.SignedIn), shift
    desk.perform(ef.SetClock(v.OperationId(2), local_day(UnixSeconds(int(datetime.now(UTC).timestamp())))))
    desk.perform(ef.OpenSession(v.OperationId(3), FLOAT, "Quỹ bưu cục"))
    recorder.wait(ev.SessionOpened)
    row, key = next(
        (row, key) for row in shift.shift.rows for key, card in PERSONAS.items() if card.full_name in row.names
    )
    desk.perform(ef.LoadHousehold(v.OperationId(4), row.household))
    payee = recorder.wait(ev.HouseholdLoaded).household.payees[0].person
    reader.lay(CardProgram(card_of(town.issuer, key)))
    recorder.wait(ev.CardLaid)
    desk.perform(ef.ReadCard(v.OperationId(5), row.household, payee.id))
    answer = recorder.wait(ev.CardRead, ev.CardFailed, ev.Refused)
    if isinstance(answer, ev.CardRead):
        desk.perform(ef.MakeOffer(v.OperationId(6), v.OperationId(5), payee.id, face_confirmed=True))
        answer = recorder.wait(ev.OfferMade, ev.Refused)
    assert isinstance(answer, ev.Refused), answer
    assert answer.key is RefusalKey.SIMULATED_IN_PRODUCTION
    desk.perform(ef.SyncNow())
    desk.perform(ef.LockStore())
    desk.stop()
    proven = town.take_home()
    assert (proven["chain_verified"], proven["problems"], proven["payouts"]) == (True, [], 0)
    code, kept = town.district("device", "escrow", "--device", DEVICE, "--out", str(town.folder / "escrow"), "--json")
    assert code == 0
    assert json.loads(kept)["device"] == DEVICE
    device = enrolled.load(town.folder / "device" / "slots")
    assert (device.mode, len(device.escrow_keys), device.escrow_at > 0) == (Mode.PRODUCTION, 3, True)


def test_the_same_disk_beside_another_chip_stays_shut(town: Town, chip: Chip, tmp_path: Path) -> None:
    town.enrol()
    thief = Chip(tmp_path / "thief")
    thief.start()
    town.patch.setattr(factors, "TPM_TCTI", thief.tcti)
    code, said = town.device("operator", "codes", "--by", LAN)
    thief.stop()
    assert code == 2
    assert "this TPM did not make the slot" in said
