"""What a courier makes of its line: small bodies, two directions that never wait for one another, a line that flaps."""

from __future__ import annotations

import hashlib
import json
import random
import threading
from pathlib import Path

from agent_sync import api
from agent_sync import courier as couriers
from agent_sync.courier_home import CourierHome, Link
from agent_sync.errors import Unreachable
from agent_sync.wire import Answer

MANY = 150
OFTEN = 9
"""Times that the line is lost."""


class Line:
    """A district that takes everything over a line that works, or hangs on the way down, or comes and goes."""

    def __init__(self, stop: threading.Event, *, hangs: bool = False, flaps: bool = False) -> None:
        self.bodies: list[int] = []
        self.files: list[int] = []
        self.taken: set[str] = set()
        self.lost = 0
        self._stop, self._hangs, self._flaps = stop, hangs, flaps

    def post(self, path: str, body: bytes, expected: tuple[int, ...]) -> Answer:
        if self._flaps and len(self.bodies) == self.lost and self.lost < OFTEN:
            self.lost += 1
            raise Unreachable("from Wi-Fi to 4G")
        files = api.unpack(body)
        self.bodies.append(len(body))
        self.files.append(len(files))
        answers = tuple(api.FileAnswer(hashlib.sha256(each).hexdigest(), api.FileOutcome.ACCEPTED) for each in files)
        self.taken |= {each.digest for each in answers}
        if len(self.taken) == MANY:
            self._stop.set()
        return Answer(200, json.dumps(api.IntakeAnswer(answers).to_json()).encode())

    def get(self, path: str, tag: str, expected: tuple[int, ...]) -> Answer:
        if self._hangs:
            self._stop.wait()  # nothing comes down as long as the test lasts
        raise Unreachable("nothing comes down")


def courier_over(folder: Path, line: Line, size: int) -> couriers.Courier:
    """A courier with ``MANY`` segments in its spool, each of ``size`` bytes: it never looks into them."""
    for name in ("out", "in"):
        (folder / "spool" / name).mkdir(parents=True)
    for number in range(MANY):
        name = f"s-000001-{number:010d}-{number:010d}-{number:016x}.tn"
        (folder / "spool" / "out" / name).write_bytes(number.to_bytes(4, "big") * (size // 4))
    return couriers.Courier(CourierHome(folder, folder / "spool", Link("https://localhost:1", "a", "D1", 1)), line)


def test_a_body_is_bounded_in_files_and_in_bytes(tmp_path: Path) -> None:
    small, large = Line(threading.Event()), Line(threading.Event())
    assert courier_over(tmp_path / "small", small, 400).upload() == MANY
    assert courier_over(tmp_path / "large", large, 400_000).upload() == MANY
    assert max(small.files) == api.MAX_BATCH_FILES
    assert max(large.bodies) <= api.MAX_BATCH_BYTES
    assert len(large.bodies) > len(small.bodies)


def test_what_goes_up_never_waits_for_what_comes_down(tmp_path: Path) -> None:
    """A bundle that hangs on the line for ever keeps no receipt on the device."""
    stop = threading.Event()
    line = Line(stop, hangs=True)
    couriers.run(courier_over(tmp_path, line, 400), stop, random.Random(1))
    assert len(line.taken) == MANY


def test_a_line_that_flaps_loses_time_and_nothing_else(tmp_path: Path) -> None:
    """Lost before every single batch: what was carried ends the back-off, so that the pauses do not add up."""
    line = Line(threading.Event(), flaps=True)
    courier, backoff = courier_over(tmp_path, line, 400), couriers.Backoff(random.Random(1))
    courier.batch_files = 17
    failures = []
    while len(line.taken) < MANY:
        couriers.once(courier, courier.upload, backoff)
        failures.append(backoff.failures)
    assert (line.lost, max(failures)) == (OFTEN, 1)
    assert sum(line.files) == MANY, "nothing twice"
    assert courier.status.sent == MANY
