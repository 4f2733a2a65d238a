"""Backups say no more than they hold, and a restored district is a new life that grants nothing too early."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent_sync.district import backups, checkpoints, verify
from agent_sync.district import home as homes
from agent_sync.district.database import Database
from agent_sync.district.errors import BadInput, NotPermitted
from agent_sync.district.evidence import EvidenceIntake
from agent_sync.district.intake import Intake
from kiosk.exchange import bundle as xb
from kiosk.exchange import checkpoint as xc
from kiosk.payout import journal as j
from kiosk.payout.names import Digest, UnixSeconds
from tests.agent_sync.field_kit import FieldKit, Seat
from tests.postgres import fresh_database


def checkpoint(seat: Seat, kit: FieldKit) -> xc.Checkpoint:
    to = xb.Addressee(seat.home.area, kit.device, kit.epoch, kit.seal_public)
    with seat.database.read() as connection:
        data = checkpoints.current(connection, seat.home, kit.device, kit.epoch)
    return xc.read_checkpoint(data, seat.home.keys.signing_public, to)


def restored(seat: Seat, file: Path, folder: Path) -> Seat:
    backups.restore(file, folder, fresh_database())
    home = homes.load(folder)
    return Seat(home, Database(home.settings.database))


def test_backed_up_stops_at_an_attachment_that_has_not_come(seat: Seat, kit: FieldKit, tmp_path: Path) -> None:
    kit.pay("ba-sau")
    place = len(kit.entries) - 2
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    assert checkpoint(seat, kit).backed_up == 0
    backups.make(seat.home, seat.database, tmp_path / "one.tar")
    assert checkpoint(seat, kit).backed_up == place
    EvidenceIntake(seat.home, seat.database).receive(kit.device, kit.attachments)
    assert checkpoint(seat, kit).backed_up == place, "only a new backup may say more"
    backups.make(seat.home, seat.database, tmp_path / "two.tar")
    assert checkpoint(seat, kit).backed_up == len(kit.entries)


def test_last_nights_backup_comes_back_as_a_new_life(seat: Seat, kit: FieldKit, tmp_path: Path) -> None:
    kit.pay("ba-sau")
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal()])
    EvidenceIntake(seat.home, seat.database).receive(kit.device, kit.attachments)
    backups.make(seat.home, seat.database, tmp_path / "night.tar")
    in_backup = len(kit.entries)
    kit.pay("ba-khe")
    Intake(seat.home, seat.database).receive(kit.device, [kit.seal(in_backup)])

    again = restored(seat, tmp_path / "night.tar", tmp_path / "new")
    after = checkpoint(again, kit)
    assert (after.incarnation, after.next, after.backed_up) == (2, in_backup, 0)
    position = xc.Position(kit.epoch, kit.entries[-1].sequence, kit.entries[in_backup - 1].hash, 1)
    assert xc.judge(after, position) is xc.CheckpointVerdict.DISTRICT_RESTORED
    with pytest.raises(NotPermitted, match="kit-01"):
        again.lease(kit)

    Intake(again.home, again.database).receive(kit.device, [kit.seal(in_backup)])
    with pytest.raises(NotPermitted):
        again.lease(kit)
    first = len(kit.entries)
    kit.write(j.BundleAccepted(2, 5, 0, Digest("0" * 64)))
    Intake(again.home, again.database).receive(kit.device, [kit.seal(first)])
    assert again.lease(kit).granted == 0, "everything is leased or spent already"
    found = verify.verify(again.home, again.database)
    assert (found.problems, found.completed) == ([], 2)
    again.database.close()


def test_a_backup_overwrites_nothing_and_needs_an_empty_home(seat: Seat, tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    backups.make(seat.home, seat.database, file)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotPermitted):
        backups.make(seat.home, seat.database, file)
    with pytest.raises(NotPermitted):
        backups.restore(file, seat.home.folder, "")


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\0" * 10_240])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.tar"
    file.write_bytes(content)
    with pytest.raises(BadInput):
        backups.restore(file, tmp_path / "new", "")


def test_an_old_intake_key_still_opens_until_it_is_destroyed(seat: Seat, kit: FieldKit) -> None:
    kit.pay("ba-sau")
    old = kit.seal()
    homes.rotate_intake(seat.home)
    seat.home = homes.load(seat.home.folder)
    assert kit.grant is not None
    assert seat.home.keys.intake_public.hex() != kit.grant.seal_key
    assert [each.outcome.value for each in Intake(seat.home, seat.database).receive(kit.device, [old])] == ["accepted"]
    assert homes.destroy_old_intake(seat.home) == 1
    seat.home = homes.load(seat.home.folder)
    first = len(kit.entries)
    kit.close_session()
    late = Intake(seat.home, seat.database).receive(kit.device, [kit.seal(first)])
    assert [(each.outcome.value, each.reason) for each in late] == [("set_aside", "unknown_intake_key")]
    kit.grant = replace(kit.grant, seal_key=seat.home.keys.intake_public.hex())
    again = Intake(seat.home, seat.database).receive(kit.device, [kit.seal(first)])
    assert [each.outcome.value for each in again] == ["accepted"]
    assert UnixSeconds(kit.now)
