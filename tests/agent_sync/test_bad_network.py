"""Courier and district with a bad line between them; two thousand segments go that way in tests/deep."""

from __future__ import annotations

import random
from pathlib import Path

from agent_sync.courier import Backoff
from tests.agent_sync.long_way import carry


def test_a_hundred_segments_none_lost_none_twice(tmp_path: Path) -> None:
    carry(tmp_path, segments=100, batch_files=3, at_least=1)


def test_a_pause_grows_has_jitter_and_ends() -> None:
    backoff = Backoff(random.Random(1))
    pauses = []
    for _ in range(20):
        backoff.failed()
        pauses.append(backoff.pause())
    assert pauses[0] <= 2.0
    assert max(pauses) <= 300.0
    assert pauses[-1] >= 150.0
    assert len(set(pauses)) == len(pauses)
    backoff.succeeded()
    assert backoff.failures == 0
