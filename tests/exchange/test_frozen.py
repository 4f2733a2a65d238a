"""What goes from one device to another cannot be changed once it was made or checked."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from enum import StrEnum

import pytest

from kiosk import exchange
from kiosk.payout.names import Level

ROOMS = [importlib.import_module(f"kiosk.exchange.{each.name}") for each in pkgutil.iter_modules(exchange.__path__)]
NAMED = {each for room in ROOMS for each in vars(room).values() if isinstance(each, type)}
# These are shorter or longer on the wire than their names: the vectors hold them.
OTHERWISE = {"FileKind", "Suite"}
# A reader's place in its bytes moves on.
READERS = {"kiosk.exchange.claim._Bytes"}
KINDS = sorted((each for each in NAMED if dataclasses.is_dataclass(each)), key=lambda each: each.__qualname__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__qualname__)
def test_every_value_of_the_exchange_is_frozen_and_has_slots(kind: type) -> None:
    assert "__slots__" in vars(kind)
    moves = f"{kind.__module__}.{kind.__qualname__}" in READERS
    assert kind.__dataclass_params__.frozen != moves  # type: ignore[attr-defined]


WORDS = {each for each in NAMED if issubclass(each, StrEnum) and each is not StrEnum and each.__name__ not in OTHERWISE}


@pytest.mark.parametrize("kind", sorted(WORDS, key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)
def test_every_word_is_its_name(kind: type[StrEnum]) -> None:
    assert [each.value for each in kind] == [each.name if kind is Level else each.name.lower() for each in kind]
