"""Courier and district as they run: TLS, enrolment through the spool, files both ways, a district that goes away."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_sync import cli, courier_home, enrol
from agent_sync.courier import Courier
from agent_sync.district import checkpoints, devices, trusts, verify, witness
from agent_sync.district.errors import Unknown
from agent_sync.errors import NotTrusted, Unreachable
from agent_sync.wire import HttpsWire
from kiosk.demo.bad_line import BadLine
from kiosk.exchange import bundle as xb
from kiosk.exchange import checkpoint as xc
from kiosk.exchange import enrolment as xe
from kiosk.exchange import segment as xs
from kiosk.exchange import spool
from kiosk.exchange.attachment import peek_attachment
from kiosk.exchange.shapes import NOTHING_HELD
from kiosk.payout.names import DeviceId, Epoch
from tests.agent_sync import live
from tests.agent_sync.field_kit import FieldKit, Seat, new_district


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[live.Server]:
    """One district for all of this file: every test enrols a device of its own."""
    folder = tmp_path_factory.mktemp("live")
    seat = new_district(folder / "district")
    seat.load_sample(folder)
    with live.serving(seat) as running:
        yield running
    seat.database.close()


def join(server: live.Server, home: Path, name: str) -> FieldKit:
    """Enrol over the network, the officer confirming from the other side."""
    seat, box = server.seat, live.spool_of(home)
    kit = FieldKit(seat.home.area, DeviceId(name), seat.home.settings.mode)
    with seat.database.write() as connection:
        qr = devices.invite(connection, seat.home, kit.device, "Túi số 1", "home_visit")
    invitation = xe.from_qr(qr)
    request = xe.request_enrolment(invitation, kit.sign_public, kit.seal_public, "Túi số 1")
    spool.Outbox(box / "out").put_enrolment(request, invitation.ticket)
    officer = threading.Thread(target=confirm, args=(seat, kit, xe.peek_request(request).fingerprint()))
    officer.start()
    assert cli.main(["enrol", qr, "--home", str(home), "--wait", "90"]) == 0
    officer.join()
    placed = [each for each in spool.Inbox(box / "in").files() if each.kind is spool.FileKind.ENROLMENT]
    kit.grant = xe.check_grant(spool.read(placed[0]), request, invitation)
    spool.Inbox(box / "in").consume(placed[0])
    return kit


def confirm(seat: Seat, kit: FieldKit, fingerprint: str) -> None:
    end = time.monotonic() + live.START_S
    while time.monotonic() < end:
        try:
            with seat.database.write() as connection:
                devices.confirm(connection, seat.home, kit.device, fingerprint)
        except Unknown:
            time.sleep(0.05)
        else:
            return


def outfit(server: live.Server, kit: FieldKit, tmp_path: Path) -> None:
    path = tmp_path / "csca.der"
    path.write_bytes(kit.issuer.csca_certificate)
    with server.seat.database.write() as connection:
        trusts.add(connection, server.seat.home, path)
    server.seat.lease(kit)


def put(home: Path, kit: FieldKit) -> None:
    box = spool.Outbox(home / "spool" / "out")
    data = kit.seal()
    box.put_segment(data, xs.peek(data))
    for each in kit.attachments:
        box.put_attachment(each, xa_digest(each))


def xa_digest(data: bytes) -> str:
    return peek_attachment(data).digest


def arrived(home: Path, kit: FieldKit, kind: spool.FileKind) -> bytes:
    files = [each for each in spool.Inbox(home / "spool" / "in").files() if each.kind is kind]
    assert len(files) == 1
    return spool.read(files[0])


def test_a_kit_joins_works_and_is_in_step(server: live.Server, tmp_path: Path) -> None:
    home = tmp_path / "kit"
    kit = join(server, home, "kit-a")
    outfit(server, kit, tmp_path)
    assert cli.main(["once", "--home", str(home)]) == 0
    to = xb.Addressee(kit.area, kit.device, kit.epoch, kit.seal_public)
    key = bytes.fromhex(kit.grant.sign_key) if kit.grant else b""
    opened = xb.open_bundle(arrived(home, kit, spool.FileKind.BUNDLE), key, to, NOTHING_HELD, kit.open)
    kit.pay_list = opened.sealed.pay_list
    assert opened.public.certificates() == (kit.issuer.csca_certificate,)
    kit.begin()
    kit.pay("ba-sau")
    kit.pay("ong-tu")
    kit.close_session()
    put(home, kit)
    assert cli.main(["once", "--home", str(home)]) == 0
    checkpoint = xc.read_checkpoint(arrived(home, kit, spool.FileKind.CHECKPOINT), key, to)
    assert (checkpoint.next, checkpoint.head) == (len(kit.entries), kit.head)
    assert len(list((home / "spool" / "out").glob("s-*"))) == 1, "the courier never deletes"
    status = json.loads((home / "spool" / "status.json").read_text())
    assert (status["waiting"], status["fault"]) == (0, "")
    assert abs(status["last_contact"] - time.time()) < 30
    while witness.check_pending(server.seat.database, kit.area):
        pass
    found = verify.verify(server.seat.home, server.seat.database)
    assert (found.problems, found.completed, found.chip_witness_verified) == ([], 2, 2)


def test_a_district_that_is_away_costs_nothing_but_time(server: live.Server, tmp_path: Path) -> None:
    home = tmp_path / "kit"
    kit = join(server, home, "kit-b")
    kit.begin()
    kit.close_session()
    put(home, kit)
    server.kill()
    assert cli.main(["once", "--home", str(home)]) == 1
    status = json.loads((home / "spool" / "status.json").read_text())
    assert (status["fault"], status["waiting"]) == ("unreachable", 1)
    server.process = live.start(server.seat, server.port).process
    assert cli.main(["once", "--home", str(home)]) == 0
    with server.seat.database.read() as connection:
        data = checkpoints.current(connection, server.seat.home, kit.device, Epoch(1))
    to = xb.Addressee(kit.area, kit.device, kit.epoch, kit.seal_public)
    assert xc.read_checkpoint(data, server.seat.home.keys.signing_public, to).next == len(kit.entries)


def test_only_the_areas_own_ca_is_believed(server: live.Server, tmp_path: Path) -> None:
    home = tmp_path / "kit"
    join(server, home, "kit-c")
    loaded = courier_home.load(home)
    stranger = new_district(tmp_path / "other")
    wire = HttpsWire(loaded.link.url, stranger.home.ca_certificate, loaded.client)
    with pytest.raises(NotTrusted):
        Courier(loaded, wire).download()
    wire.close()
    stranger.database.close()


def test_the_second_process_can_demand_a_client_certificate(server: live.Server, tmp_path: Path) -> None:
    home = tmp_path / "kit"
    join(server, home, "kit-d")
    loaded = courier_home.load(home)
    assert loaded.client is not None
    port = live.free_port()
    gate = live.subprocess.Popen(
        [live.sys.executable, "-m", "agent_sync.district.cli", "serve", "--home", str(server.seat.home.folder),
         "--port", str(port), "--require-client-certificate"]
    )  # fmt: skip
    url = f"https://localhost:{port}"
    with_key, without = HttpsWire(url, loaded.ca, loaded.client), HttpsWire(url, loaded.ca, None)
    end = time.monotonic() + live.START_S
    while True:
        try:
            assert with_key.get("/v1/health", "", (200,)).status == 200
            break
        except Unreachable:
            assert time.monotonic() < end
            time.sleep(0.05)
    with pytest.raises((NotTrusted, Unreachable)):
        without.get("/v1/health", "", (200,))
    gate.terminate()
    gate.wait(15)
    with_key.close()
    without.close()


def test_an_unchanged_bundle_is_not_fetched_twice(server: live.Server, tmp_path: Path) -> None:
    home = tmp_path / "kit"
    kit = join(server, home, "kit-e")
    outfit(server, kit, tmp_path)
    loaded = courier_home.load(home)
    courier = Courier(loaded, HttpsWire(loaded.link.url, loaded.ca, loaded.client))
    assert courier.download() == 2
    assert courier.download() == 1
    with server.seat.database.read() as connection:
        assert checkpoints.current(connection, server.seat.home, kit.device, Epoch(1))


def test_a_grant_that_was_touched_is_not_believed(tmp_path: Path) -> None:
    invitation = xe.Invitation(
        ("https://localhost:1",),
        "a",
        "practice",
        "0" * 32,
        "0" * 64,
        0,  # type: ignore[arg-type]
    )
    with pytest.raises(Unreachable):
        enrol.enrol(tmp_path, live.spool_of(tmp_path), xe.to_qr(invitation), enrol.Patience(0.0))


def test_a_line_that_breaks_in_the_handshake_is_no_stranger(tmp_path: Path, server: live.Server) -> None:
    """Whoever reads the status must not hear of a foreign district when the signal is weak."""
    line = BadLine(live.free_port(), seed=1)  # nobody listens behind it: it closes what it accepted
    wire = HttpsWire(f"https://localhost:{line.port}", server.seat.home.ca_certificate, None)
    with pytest.raises(Unreachable):
        wire.get("/v1/health", "", (200,))
    wire.close()
    line.close()
