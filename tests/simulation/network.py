"""The line between courier and district, below the courier's own code: cut, doubled, shuffled, stale, damaged."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from agent_sync import api
from agent_sync.errors import Unreachable
from agent_sync.wire import Answer
from tests.simulation.office import Office


@dataclass
class Line:
    """A `Wire` that does what networks do. ``bad`` is the chance of a fault for each request."""

    office: Office
    rng: Random
    faults: Counter[str]
    bad: float = 0.0
    up: bool = True
    genuine_refused: list[str] = field(default_factory=list)
    delivered: set[str] = field(default_factory=set)
    """SHA-256 of every segment that reached the district undamaged."""
    _old: dict[str, list[bytes]] = field(default_factory=dict)

    def _fault(self, *kinds: str) -> str:
        if not self.up:
            self.faults["network_cut"] += 1
            raise Unreachable("no signal")
        if self.rng.random() >= self.bad:
            return ""
        kind = self.rng.choice(kinds)
        self.faults[kind] += 1
        if kind == "network_cut":
            raise Unreachable("cut before it left")
        return kind

    def post(self, path: str, body: bytes, expected: tuple[int, ...]) -> Answer:
        """Segments or attachments on their way up."""
        fault = self._fault("network_cut", "lost_answer", "duplicate", "reorder", "gap", "damage")
        files = list(api.unpack(body))
        if fault == "damage":
            place = self.rng.randrange(len(files))
            at = self.rng.randrange(len(files[place]))
            files[place] = files[place][:at] + bytes([files[place][at] ^ 1]) + files[place][at + 1 :]
            return self._answer(self._take(path, files, damaged=place))
        if fault == "gap":
            kept = [each for each in files if self.rng.random() < 0.5]
            self._take(path, kept)
            raise Unreachable("cut in the middle")
        if fault == "duplicate":
            self._take(path, files)
        answers = self._shuffled(path, files) if fault == "reorder" else self._take(path, files)
        if fault == "lost_answer":
            raise Unreachable("cut before the answer")
        return self._answer(answers)

    def _shuffled(self, path: str, files: list[bytes]) -> list[api.FileAnswer]:
        """Each file by itself, in another order, as several processes behind one address would take them."""
        order = list(range(len(files)))
        self.rng.shuffle(order)
        taken = {each: self._take(path, [files[each]])[0] for each in order}
        return [taken[each] for each in range(len(files))]

    @staticmethod
    def _answer(answers: list[api.FileAnswer]) -> Answer:
        return Answer(200, json.dumps(api.IntakeAnswer(tuple(answers)).to_json()).encode())

    def _take(self, path: str, files: list[bytes], damaged: int = -1) -> list[api.FileAnswer]:
        kit, segments = path.split("/")[5], path.endswith("segments")
        answers = self.office.receive(kit, files, segments=segments)
        for place, (data, answer) in enumerate(zip(files, answers, strict=True)):
            if answer.outcome is api.FileOutcome.REFUSED and place != damaged:
                self.genuine_refused.append(f"{kit}: {answer.reason}")
            if segments and place != damaged:
                self.delivered.add(hashlib.sha256(data).hexdigest())
        return list(answers)

    def get(self, path: str, tag: str, expected: tuple[int, ...]) -> Answer:
        """Bundles and checkpoints on their way down."""
        fault = self._fault("network_cut", "stale")
        kit = path.split("/")[5]
        if path.endswith("bundle"):
            return self._bundle(kit, tag, path, fault)
        if path.endswith("orders"):
            files = self.office.orders(kit)
            return Answer(200, api.pack(files)) if files else Answer(204, b"")
        return Answer(200, self._stale(path, self.office.checkpoint(kit), fault))

    def _bundle(self, kit: str, tag: str, path: str, fault: str) -> Answer:
        data, newest = self.office.bundle(kit)
        if newest == tag and fault != "stale":
            return Answer(304, b"", newest)
        return Answer(200, self._stale(path, data, fault), newest if fault != "stale" else "")

    def _stale(self, path: str, data: bytes, fault: str) -> bytes:
        old = self._old.setdefault(path, [])
        if not old or old[-1] != data:
            old.append(data)
        return self.rng.choice(old) if fault == "stale" else data
