"""The same way as in tests/agent_sync, as long as the plan asks for."""

from __future__ import annotations

from pathlib import Path

from tests.agent_sync.long_way import carry


def test_two_thousand_segments_none_lost_none_twice(tmp_path: Path) -> None:
    carry(tmp_path, segments=2_000, batch_files=10, at_least=5)
