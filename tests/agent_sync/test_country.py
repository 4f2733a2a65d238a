"""The village that all measurements use, and what they put a clock on: they must not rot between two long runs."""

from __future__ import annotations

from pathlib import Path

from agent_sync.district import verify
from agent_sync.district.intake import Intake
from tests.agent_sync import databases
from tests.agent_sync.country import village
from tests.bench import stages


def test_a_village_is_paid_and_verifies(tmp_path: Path) -> None:
    place = village(tmp_path / "village", 6, databases.fresh(tmp_path))
    sealed = list(place.days(6, 3))
    answers = Intake(place.seat.home, place.seat.database).receive(place.kit.device, sealed)
    assert [each.outcome.value for each in answers] == ["accepted"] * 2
    found = verify.verify(place.seat.home, place.seat.database)
    assert (found.problems, found.cases, found.completed) == ([], 0, 6)
    place.seat.database.close()


def test_the_stages_that_are_clocked_are_there() -> None:
    assert all(callable(getattr(owner, function)) for _, owner, function in stages.STAGES)
