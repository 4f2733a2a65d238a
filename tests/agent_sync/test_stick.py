"""The USB leg: the same sealed files by hand, both ways, as often as anybody likes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent_sync import courier_home, stick
from agent_sync.district import cli, usb, verify
from agent_sync.district.errors import BadInput
from agent_sync.errors import BadHome
from kiosk.exchange import bundle as xb
from kiosk.exchange import checkpoint as xc
from kiosk.exchange import segment as xs
from kiosk.exchange import spool
from kiosk.exchange.attachment import peek_attachment
from kiosk.exchange.shapes import NOTHING_HELD
from tests.agent_sync import live
from tests.agent_sync.field_kit import FieldKit, Seat


@pytest.fixture
def home(kit: FieldKit, tmp_path: Path) -> courier_home.CourierHome:
    box = live.spool_of(tmp_path / "kit")
    link = courier_home.Link("https://localhost:1", kit.area, kit.device, kit.epoch)
    return courier_home.CourierHome(tmp_path / "kit", box, link)


@pytest.fixture
def usb_stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def put(home: courier_home.CourierHome, kit: FieldKit) -> None:
    data = kit.seal()
    spool.Outbox(home.out).put_segment(data, xs.peek(data))
    for each in kit.attachments:
        spool.Outbox(home.out).put_attachment(each, peek_attachment(each).digest)


def hint(home: courier_home.CourierHome) -> dict[str, object]:
    told: dict[str, object] = json.loads(home.stick_hint.read_text())
    return told


def test_a_stick_that_cannot_be_written_is_said_to_have_failed(
    kit: FieldKit, home: courier_home.CourierHome, usb_stick: Path
) -> None:
    put(home, kit)
    folder = stick.place(usb_stick, kit.area, kit.device)
    folder.parent.mkdir(parents=True)
    folder.write_bytes(b"no folder")
    with pytest.raises(NotADirectoryError):
        stick.exchange(home, usb_stick)
    assert hint(home)["state"] == "failed"


def test_a_month_by_stick(seat: Seat, kit: FieldKit, home: courier_home.CourierHome, usb_stick: Path) -> None:
    kit.pay("ba-sau")
    kit.close_session()
    put(home, kit)
    assert stick.exchange(home, usb_stick) == stick.Carried(3, 3, 0, 0)
    assert hint(home) == {"state": "done", "sent": 3, "to_send": 3, "brought": 0, "to_bring": 0}
    done = usb.exchange(seat.home, seat.database, usb_stick)
    assert (done.devices, done.outcomes) == (1, {"accepted": 3})
    assert stick.exchange(home, usb_stick) == stick.Carried(0, 0, 2, 2)
    files = {each.kind: spool.read(each) for each in spool.Inbox(home.inbox).files()}
    to = xb.Addressee(kit.area, kit.device, kit.epoch, kit.seal_public)
    key = seat.home.keys.signing_public
    checkpoint = xc.read_checkpoint(files[spool.FileKind.CHECKPOINT], key, to)
    assert (checkpoint.next, checkpoint.head) == (len(kit.entries), kit.head)
    assert xb.open_bundle(files[spool.FileKind.BUNDLE], key, to, NOTHING_HELD, kit.open).sealed.pay_list.leases
    assert verify.verify(seat.home, seat.database).chip_witness_verified == 1


def test_a_stick_that_is_read_twice_changes_nothing(
    seat: Seat, kit: FieldKit, home: courier_home.CourierHome, usb_stick: Path
) -> None:
    kit.pay("ba-sau")
    put(home, kit)
    stick.exchange(home, usb_stick)
    usb.exchange(seat.home, seat.database, usb_stick)
    assert usb.exchange(seat.home, seat.database, usb_stick).outcomes == {"duplicate": 3}


def test_a_forged_stick_changes_nothing(
    seat: Seat, kit: FieldKit, home: courier_home.CourierHome, usb_stick: Path
) -> None:
    kit.pay("ba-sau")
    put(home, kit)
    stick.exchange(home, usb_stick)
    folder = stick.place(usb_stick, kit.area, kit.device) / "out"
    for each in folder.iterdir():
        data = bytearray(each.read_bytes())
        data[len(data) // 2] ^= 1
        each.write_bytes(data)
    (folder / "s-../../etc").parent.mkdir(parents=True, exist_ok=True)
    (folder / "s-000001-0000000000-0000000001-0000000000000000.tn").symlink_to("/etc/passwd")
    (usb_stick / "tannha" / kit.area / "nobody").mkdir()
    done = usb.exchange(seat.home, seat.database, usb_stick)
    assert done.outcomes == {"refused": 3, "unknown_device": 1}
    assert verify.verify(seat.home, seat.database).entries == 0


def test_the_command_and_an_empty_stick(
    seat: Seat, kit: FieldKit, home: courier_home.CourierHome, usb_stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BadInput):
        usb.exchange(seat.home, seat.database, usb_stick)
    with pytest.raises(BadHome):
        stick.exchange(home, usb_stick / "none")
    stick.exchange(home, usb_stick)
    assert cli.main(["stick", str(usb_stick), "--home", str(seat.home.folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"devices": 1, "outcomes": {}}
