"""A few worlds in every test run; hundreds by `make sim`, planted defects in tests/deep/simulation."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.world import World, make_templates, run


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The districts that worlds start from."""
    folder = tmp_path_factory.mktemp("worlds")
    make_templates(folder)
    return folder


@pytest.mark.parametrize("seed", [1, 3])
def test_a_world_breaks_no_rule(templates: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr("tests.simulation.world.STEPS", 75)
    outcome = run(seed, templates)
    assert outcome.violations == [], "\n".join(outcome.story[-30:])
    assert outcome.payouts > 20
    assert outcome.reached["session_closed"] > 1


def test_the_same_seed_is_the_same_world(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.simulation.world.STEPS", 25)
    first, again = run(3, templates), run(3, templates)
    assert first.story == again.story
    assert (first.payouts, first.faults, first.reached) == (again.payouts, again.faults, again.reached)


def test_a_world_that_breaks_a_rule_tells_its_story(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "_check", lambda self, _name: self.truth.say("M0", "made up"))
    outcome = run(4, templates)
    assert outcome.violations == ["seed 4: M0: made up"]
    assert len(outcome.story) >= 1
