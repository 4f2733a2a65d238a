"""The model is only worth something if it notices: each rule broken once, by hand."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

import pytest

from tests.simulation.__main__ import ENOUGH, FAULTS, REACHED, summary
from tests.simulation.scene import Outcome
from tests.simulation.truth import GENESIS, NOTES, TAG, Boot, Grant, Journal, Right, Truth

NOON = 1_793_494_800
FULL = [10] * len(NOTES)


class Pen:
    """Writes entries as plain JSON, right or wrong."""

    def __init__(self) -> None:
        self.truth = Truth()
        self.truth.journals["kit"] = Journal(leases={"l1", "l2"})
        self.truth.boots["kit"] = Boot(clock_proves=True)
        for number in (1, 2):
            self.truth.rights[f"e{number}"] = Right(
                f"e{number}", "p1", "pension", f"2026-1{number}", "monthly", 500_000, True
            )
            self.truth.grants[f"l{number}"] = Grant(f"l{number}", f"e{number}", "kit", 500_000, NOON + 9_000)
        self.at, self.last = NOON, GENESIS
        self.write("epoch_opened")
        self.write("session_opened", session="s", operator="o", opening=sum(n * 10 for n in NOTES), notes=FULL)

    def write(self, kind: str, **fields: Any) -> str:
        sequence = len(self.truth.journals["kit"].hashes)
        fact = {"type": kind, **fields}
        entry = {"sequence": sequence, "previous": self.last, "at": self.at, "time_proven": True, "fact": fact}
        body = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
        self.truth.entry("kit", body)
        self.last = hashlib.sha256(TAG + body).hexdigest()
        return f"kit-1-{sequence}"

    def authorise(self, number: int = 1, **changes: Any) -> str:
        line = {"entitlement": f"e{number}", "lease": f"l{number}", "amount": 500_000, "period": "2026-11"}
        line |= {key: value for key, value in changes.items() if key in line}
        name = f"kit-1-{len(self.truth.journals['kit'].hashes)}"
        fact = {"payout": name, "session": "s", "recipient": "p1", "total": line["amount"], "simulated": False}
        fact |= {key: value for key, value in changes.items() if key in fact}
        return self.write("payout_authorised", lines=[line], **fact)

    def complete(self, payout: str) -> None:
        one = [1, *[0] * (len(NOTES) - 1)]
        self.write("payout_completed", payout=payout, given=one, back=[0] * len(NOTES))


@pytest.fixture
def pen() -> Pen:
    made = Pen()
    assert made.truth.wrong == []
    return made


def test_an_honest_payout_is_right(pen: Pen) -> None:
    pen.complete(pen.authorise())
    pen.write(
        "session_closed", counted=sum(n * 10 for n in NOTES) - 500_000, notes=[9, *[10] * 8], variance=0, reason="none"
    )
    assert pen.truth.wrong == []
    assert pen.truth.reached["completed"] == pen.truth.reached["session_closed"] == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": 600_000}, "M7"),
        ({"total": 400_000}, "M7"),
        ({"lease": "l2"}, "another's lease"),
        ({"lease": "l9"}, "nobody listed or granted"),
        ({"recipient": "p2"}, "mixes people"),
    ],
)
def test_a_wrong_authorisation_is_seen(pen: Pen, changes: dict[str, Any], words: str) -> None:
    pen.authorise(**changes)
    assert any(words in each for each in pen.truth.wrong)


def test_a_second_payment_is_seen(pen: Pen) -> None:
    pen.complete(pen.authorise())
    pen.complete(pen.authorise())
    assert any("a second time" in each for each in pen.truth.wrong)
    assert any("paid 2 times" in each for each in pen.truth.wrong)


def test_a_payout_over_an_open_one_is_seen(pen: Pen) -> None:
    pen.authorise(1)
    pen.authorise(2)
    assert any("over a payout that is not settled" in each for each in pen.truth.wrong)


def test_an_expired_lease_an_old_clock_and_a_simulated_card_are_seen(pen: Pen) -> None:
    pen.truth.production = True
    pen.at = NOON + 9_001
    pen.authorise(simulated=True)
    pen.at = NOON
    pen.complete("kit-1-2")
    pen.authorise(2)
    said = " ".join(pen.truth.wrong)
    assert "expired lease" in said
    assert "M8" in said
    assert "below the floor" in said


def test_a_lost_promise_is_seen(pen: Pen) -> None:
    pen.complete(pen.authorise())
    pen.truth.promise("kit", "kit-1-2", pen.truth.journals["kit"].payouts["kit-1-2"].hash)
    del pen.truth.journals["kit"].payouts["kit-1-2"]
    pen.write("device_started")
    assert any("confirmed on the screen and is lost" in each for each in pen.truth.wrong)


def test_a_wrong_variance_and_a_close_over_an_open_payout_are_seen(pen: Pen) -> None:
    pen.authorise()
    pen.write("session_closed", counted=500_000, notes=[1, *[0] * 8], variance=1, reason="none")
    said = " ".join(pen.truth.wrong)
    assert "by our books" in said
    assert "not settled" in said


def test_a_gap_in_the_chain_is_seen(pen: Pen) -> None:
    pen.last = "ab" * 32
    pen.write("device_started")
    assert any("does not follow" in each for each in pen.truth.wrong)


def test_each_rollback_excuses_one_claim_more(pen: Pen) -> None:
    image, last = pen.truth.image("kit"), pen.last
    for _ in range(2):
        pen.complete(pen.authorise())
        pen.truth.roll_back("kit", image)
        pen.last = last
        pen.at += 60
    pen.complete(pen.authorise())
    assert pen.truth.wrong == []
    pen.truth.journals["kit"] = image  # nobody put an image back this time
    pen.last = last
    pen.at += 60
    pen.complete(pen.authorise())
    assert any("paid 4 times" in each for each in pen.truth.wrong)


def test_a_lease_is_taken_only_from_who_gave_it(pen: Pen) -> None:
    pen.write("lease_taken", lease="L1", holder="kit", operator="o")
    assert any("nobody gave it" in each for each in pen.truth.wrong)


def test_a_report_says_what_was_never_reached() -> None:
    quiet = [Outcome(seed) for seed in range(ENOUGH)]
    said = summary(quiet, 1.0)["violations"]
    assert isinstance(said, list)
    assert len(said) == len(FAULTS) + len(REACHED) + 1
    busy = [Outcome(seed, 100, Counter(FAULTS), Counter(REACHED)) for seed in range(ENOUGH)]
    assert summary(busy, 1.0)["violations"] == []
