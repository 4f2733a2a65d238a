"""The village that all measurements use, and what they put a clock on: they must not rot between two long runs."""

from __future__ import annotations

from pathlib import Path

from agent_sync.district import verify
from agent_sync.district.intake import Intake
from tests.agent_sync import databases
from tests.agent_sync.country import village
from tests.bench import scale_page, stages


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


def test_the_page_takes_new_figures_between_its_marks() -> None:
    row = {
        "name": "district: intake", "unit": "receipts/s", "ours": 1_234.0, "peer": 1_000.0, "peer_name": "bare",
        "ratio": 1.2, "goal": 0.5, "holds": True,
    }  # fmt: skip
    page = scale_page.PAGE.read_text(encoding="utf-8")
    told = scale_page.replaced(page, "bench", scale_page.bench_table([row, row | {"name": "paper: one"}]))
    assert "| intake | 1,234 receipts/s | 1,000 (bare) | 1.2 | at least 0.5 |" in told
    assert "paper: one" not in told
    assert told.count("\n## ") == page.count("\n## ")
    assert scale_page.replaced(page, "morning", ["nothing"]).count("\n### ") == page.count("\n### ")
