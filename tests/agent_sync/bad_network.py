"""Requests that are lost, doubled, shuffled, damaged or never answered: the same way for the same seed.

`kiosk.demo.bad_line` works on the bytes below TLS, `FaultyWire` on whole requests, where TLS hides what goes wrong.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from agent_sync import api
from agent_sync.errors import Unreachable
from agent_sync.wire import Answer, HttpsWire


@dataclass
class FaultyWire:
    """A wire over which requests are lost, doubled and shuffled, and answers never come."""

    wire: HttpsWire
    rng: random.Random
    did: Counter[str] = field(default_factory=Counter)

    def post(self, path: str, body: bytes, expected: tuple[int, ...]) -> Answer:
        fault = self.rng.choice(("none", "none", "none", "lost", "unanswered", "doubled", "shuffled", "flipped"))
        self.did[fault] += 1
        if fault == "lost":
            raise Unreachable("lost")
        if fault == "doubled":
            self.wire.post(path, body, expected)
        if fault == "shuffled":
            files = list(api.unpack(body))
            self.rng.shuffle(files)
            body = api.pack(files)
        if fault == "flipped":
            body = _flipped(body, self.rng)
        answer = self.wire.post(path, body, expected)
        if fault == "unanswered":
            raise Unreachable("unanswered")
        return answer

    def get(self, path: str, tag: str, expected: tuple[int, ...]) -> Answer:
        if self.rng.random() < 0.2:
            self.did["lost"] += 1
            raise Unreachable("lost")
        return self.wire.get(path, tag, expected)


def _flipped(body: bytes, rng: random.Random) -> bytes:
    """One bit of one file is another one."""
    files = list(api.unpack(body))
    which = rng.randrange(len(files))
    at = rng.randrange(len(files[which]))
    files[which] = files[which][:at] + bytes([files[which][at] ^ 1]) + files[which][at + 1 :]
    return api.pack(files)
