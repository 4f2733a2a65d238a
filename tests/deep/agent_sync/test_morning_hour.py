"""A country's morning in little: many devices, three stateless processes on one PostgreSQL, killed under the load."""

from __future__ import annotations

from pathlib import Path

from tests.bench.morning import Morning, play


def test_a_morning_with_kills_loses_and_doubles_nothing(tmp_path: Path, cluster: str) -> None:
    told = play(tmp_path, cluster, Morning(devices=60, visits=5, kills=3, couriers=8))
    assert told["lost"] == told["twice"] == 0
    assert told["entries_missing"] == 0
    assert told["problems"] == []
    assert told["kills"] == 3
    assert told["devices"] == 60
