"""What the money rules are made of: values that nobody can change, and words that stay in journals for ever."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
import typing
from enum import StrEnum

import pytest

from kiosk import payout
from kiosk.payout import journal
from kiosk.payout.cash import Notes
from kiosk.payout.evidence import NO_CHIP, Chain, Chip, ChipChecks, IdentityEvidence, Integrity
from kiosk.payout.names import ConsentWay, Level, Method
from kiosk.payout.receipt import CopyKind
from tests.payout.world import GOOD, person

ROOMS = [importlib.import_module(f"kiosk.payout.{each.name}") for each in pkgutil.iter_modules(payout.__path__)]
NAMED = [each for room in ROOMS for each in vars(room).values() if isinstance(each, type)]
KINDS = sorted({each for each in NAMED if dataclasses.is_dataclass(each)}, key=lambda each: each.__qualname__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__qualname__)
def test_every_value_of_the_domain_is_frozen_and_has_slots(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(kind)


WORDS = sorted(
    {each for each in NAMED if issubclass(each, StrEnum) and each is not StrEnum}, key=lambda each: each.__name__
)


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_every_word_is_its_name_and_stays_so_in_journals_for_ever(kind: type[StrEnum]) -> None:
    assert [each.value for each in kind] == [each.name if kind is Level else each.name.lower() for each in kind]


def test_every_fact_is_tagged_by_its_name() -> None:
    tagged = {each.__name__: each.TAG for each in KINDS if hasattr(each, "TAG")}
    assert tagged == {name: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() for name in tagged}
    assert len(tagged) == len(typing.get_args(journal.Fact))


def test_what_is_left_out_says_nothing_but_what_stands_here() -> None:
    left_out = {
        f"{kind.__name__}.{each.name}": each.default
        for kind in KINDS
        for each in dataclasses.fields(kind)
        if each.default is not dataclasses.MISSING and each.default and each.default != Notes()
    }
    assert left_out == {
        "Entitlement.method": Method.CASH,
        "EpochOpened.own_head": "0" * 64,
        "Notes.counts": (0,) * 9,
        "Override.way": ConsentWay.TELEPHONE,
        "PayoutReceipt.copy": CopyKind.ORIGINAL,
        "Policy.address_cu_from_age": 80,
        "Policy.lease_grace_seconds": 2 * 86_400,
        "Policy.max_days_without_checkpoint": 14,
        "Policy.window_first_day": 1,
        "Policy.window_last_day": 31,
        "Recipient.language": "vi",
    }


def test_evidence_claims_nothing_that_was_not_said() -> None:
    bare = IdentityEvidence(person(1).number, "Nguyễn Thị Sáu", None, GOOD)
    said = (bare.face_confirmed, bare.active_authentication, bare.signer_observed, bare.key_pinned, bare.simulated)
    assert (*said, bare.key_revoked) == (False,) * 6
    assert (bare.card_expires, bare.attachment) == (None, None)


def test_without_a_chip_no_check_was_possible() -> None:
    assert ChipChecks(Integrity.NOT_POSSIBLE, Chain.NOT_POSSIBLE, Chip.NOT_POSSIBLE) == NO_CHIP
