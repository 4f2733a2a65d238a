"""What the money rules are made of: values that nobody can change, and words that stay in journals for ever."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil

import pytest

from kiosk import payout
from kiosk.payout.evidence import NO_CHIP, Chain, Chip, ChipChecks, IdentityEvidence, Integrity
from kiosk.payout.standing import Status
from tests.payout.world import GOOD, person

ROOMS = [importlib.import_module(f"kiosk.payout.{each.name}") for each in pkgutil.iter_modules(payout.__path__)]
NAMED = [each for room in ROOMS for each in vars(room).values() if isinstance(each, type)]
KINDS = sorted({each for each in NAMED if dataclasses.is_dataclass(each)}, key=lambda each: each.__qualname__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__qualname__)
def test_every_value_of_the_domain_is_frozen_and_has_slots(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(kind)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Integrity, "passed failed not_possible"),
        (Chain, "passed failed unknown_issuer revoked expired not_possible"),
        (Chip, "passed failed not_supported not_possible"),
        (Status, "open uncertain completed voided reversed"),
    ],
)
def test_the_words_of_a_verdict_are_those_already_written_in_journals(kind: type, words: str) -> None:
    assert [each.value for each in kind] == words.split()  # type: ignore[attr-defined]


def test_evidence_claims_nothing_that_was_not_said() -> None:
    bare = IdentityEvidence(person(1).number, "Nguyễn Thị Sáu", None, GOOD)
    said = (bare.face_confirmed, bare.active_authentication, bare.signer_observed, bare.key_pinned, bare.simulated)
    assert (*said, bare.key_revoked) == (False,) * 6
    assert (bare.card_expires, bare.attachment) == (None, None)


def test_without_a_chip_no_check_was_possible() -> None:
    assert ChipChecks(Integrity.NOT_POSSIBLE, Chain.NOT_POSSIBLE, Chip.NOT_POSSIBLE) == NO_CHIP
