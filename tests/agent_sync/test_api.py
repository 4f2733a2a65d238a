"""The couriers' API under input that no courier sends: clear answers, no 5xx, nothing changed."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from agent_sync import api
from agent_sync.district import device_routes
from agent_sync.district.app import create_app
from agent_sync.district.database import Database
from agent_sync.district.schema import attachment, case_table, entry, poison, segment
from agent_sync.errors import BadAnswer
from kiosk.exchange import bundle as xb
from kiosk.exchange import checkpoint as xc
from kiosk.exchange import envelope
from kiosk.exchange import segment as xs
from kiosk.exchange.envelope import Kind
from kiosk.exchange.segment import MAX_SEGMENT
from tests.agent_sync.asgi_browser import Browser
from tests.agent_sync.field_kit import FieldKit, Seat

TABLES = (segment, entry, poison, attachment, case_table)


@pytest.fixture
def line(seat: Seat, kit: FieldKit) -> Iterator[Browser]:
    browser = Browser(create_app(seat.home, seat.database, witness_worker=False))
    yield browser
    browser.close()


def untouched(seat: Seat) -> bool:
    with seat.database.read() as connection:
        counts = [connection.execute(select(func.count()).select_from(each)).scalar() for each in TABLES]
    return counts == [0] * len(TABLES)


def segments_of(kit: FieldKit) -> str:
    return api.segments_path(kit.area, kit.device)


def test_the_api_is_described(line: Browser) -> None:
    paths = line.get("/v1/openapi.json").json()["paths"]
    assert {"/v1/health", "/v1/metrics", "/v1/areas/{area}/devices/{device}/segments"} <= paths.keys()
    assert not any("dang-nhap" in path for path in paths)


def test_metrics_count_files_and_cases(line: Browser, kit: FieldKit) -> None:
    kit.close_session(missing=1_000)
    assert line.post(segments_of(kit), content=api.pack([kit.seal()])).status_code == 200
    text = line.get("/v1/metrics").text
    assert 'tannha_files_total{kind="segment",outcome="accepted"} 1.0' in text
    assert "tannha_open_cases 1.0" in text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"\0", 400), (struct.pack(">I", 10) + b"short", 400), (b"\xff" * 40, 400),
        (struct.pack(">I", 0) * 65, 400),
    ],
)  # fmt: skip
def test_bodies_that_are_no_batch(line: Browser, seat: Seat, kit: FieldKit, body: bytes, status: int) -> None:
    assert line.post(segments_of(kit), content=body).status_code == status
    assert untouched(seat)


def test_an_oversized_body_is_answered_before_it_is_read(line: Browser, seat: Seat, kit: FieldKit) -> None:
    claimed = line.post(segments_of(kit), content=b"x" * (api.MAX_BATCH_BYTES + 1))
    assert (claimed.status_code, claimed.json()["error"]) == (413, "too_large")

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_000_000

    assert line.post(segments_of(kit), content=endless()).status_code == 413
    assert untouched(seat)


def test_a_trickling_body_is_cut_off(line: Browser, seat: Seat, kit: FieldKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_routes, "BODY_SECONDS", 0.05)

    async def trickle() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    answer = line.post(segments_of(kit), content=trickle())
    assert (answer.status_code, answer.json()["error"]) == (408, "too_slow")
    assert untouched(seat)


def test_a_bomb_in_a_segment_is_set_aside_unopened(line: Browser, seat: Seat, kit: FieldKit) -> None:
    """Signed by a real device, sealed to the real key, and unpacking to a gigabyte."""
    header = xs.peek(kit.seal())
    bomb = zstandard.ZstdCompressor(level=19).compress(b"\0" * 64 * 1024 * 1024)
    data = envelope.pack_sealed(Kind.SEGMENT, header, bomb, seat.home.keys.intake_public, kit.sign)
    answer = line.post(segments_of(kit), content=api.pack([data])).json()["files"][0]
    assert (answer["outcome"], answer["reason"]) == ("set_aside", "too_large")
    with seat.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(entry)).scalar() == 0


def test_a_segment_beyond_its_bound_is_refused(line: Browser, seat: Seat, kit: FieldKit) -> None:
    data = kit.seal() + b"\0" * MAX_SEGMENT
    answer = line.post(segments_of(kit), content=api.pack([data])).json()["files"][0]
    assert (answer["outcome"], answer["reason"]) == ("refused", "too_large")
    assert untouched(seat)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/areas/elsewhere/devices/kit-01/bundle", "/v1/areas/tan-an/devices/nobody/bundle",
        "/v1/areas/tan-an/devices/nobody/checkpoints/1", "/v1/areas/../devices/kit-01/bundle",
        "/v1/areas/tan-an/devices/kit-01/checkpoints/-1", "/v1/areas/tan-an/devices/kit-01/checkpoints/99999999999",
        "/v1/areas/tan-an/devices/%00/bundle", "/v1/nothing",
    ],
)  # fmt: skip
def test_questions_about_others_are_not_answered(line: Browser, path: str) -> None:
    assert 400 <= line.get(path).status_code < 500


def test_a_courier_that_never_asks_for_bundles_is_found_out(line: Browser, seat: Seat, kit: FieldKit) -> None:
    held = seat.bundle(kit).header.held
    with seat.database.write() as connection:
        connection.exec_driver_sql("UPDATE recipient SET note = 'đã chuyển nhà'")
    data = line.get(api.checkpoint_path(kit.area, kit.device, 1)).content
    to = xb.Addressee(kit.area, kit.device, kit.epoch, kit.seal_public)
    word = xc.read_checkpoint(data, seat.home.keys.signing_public, to)
    assert word.bundle_version == held.version + 1


def test_an_unknown_epoch_has_an_empty_checkpoint(line: Browser, seat: Seat, kit: FieldKit) -> None:
    data = line.get(api.checkpoint_path(kit.area, kit.device, 77)).content
    to = xb.Addressee(kit.area, kit.device, kit.epoch, kit.seal_public)
    assert xc.read_checkpoint(data, seat.home.keys.signing_public, to).next == 0


PATHS = st.sampled_from([
    "/v1/areas/tan-an/devices/kit-01/segments", "/v1/areas/tan-an/devices/kit-01/attachments",
    "/v1/areas/tan-an/enrolments/" + "0" * 32, "/v1/areas/tan-an/enrolments/" + "0" * 32 + "/certificate",
])  # fmt: skip
MAGIC = st.sampled_from([b"", b"TNS1", b"TNA1", b"TNB1", b"{}", b"-----BEGIN CERTIFICATE REQUEST-----"])
FILES = st.lists(st.builds(bytes.__add__, MAGIC, st.binary(max_size=300)), min_size=1, max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=PATHS, files=FILES, framed=st.booleans())
def test_no_body_makes_the_district_stumble(
    line: Browser, seat: Seat, path: str, files: list[bytes], framed: bool
) -> None:
    answer = line.post(path, content=api.pack(files) if framed else b"".join(files))
    assert answer.status_code < 500
    assert untouched(seat)


@given(files=st.lists(st.binary(max_size=200), min_size=1, max_size=api.MAX_BATCH_FILES))
def test_a_batch_comes_out_as_it_went_in(files: list[bytes]) -> None:
    assert api.unpack(api.pack(files)) == tuple(files)


@given(body=st.binary(max_size=400))
def test_a_batch_is_read_or_refused(body: bytes) -> None:
    try:
        files = api.unpack(body)
    except ValueError:
        return
    assert api.pack(files) == body


@given(text=st.one_of(st.binary(max_size=300), st.just(b'{"files":[{"digest":1,"outcome":"x","reason":2}]}')))
def test_an_answer_is_read_or_a_fault(text: bytes) -> None:
    try:
        answer = api.read_answer(text)
    except BadAnswer:
        return
    assert isinstance(answer, api.IntakeAnswer)


def test_the_database_being_away_is_said_so(seat: Seat, kit: FieldKit, tmp_path: Path) -> None:
    away = Database(f"sqlite:///{tmp_path / 'no' / 'such.db'}")
    line = Browser(create_app(seat.home, away, witness_worker=False))
    answer: httpx.Response = line.get(api.bundle_path(kit.area, kit.device))
    line.close()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
