"""The standing in rows: payouts one by one, the rest in one piece.

Payouts make up nearly all of a standing and hardly ever change once settled, so a snapshot
writes only those that are new or different. Written as compact JSON arrays in field order,
because 30,000 of them are read at sign-in. A snapshot is believed only by the very code that
made it (`FOLD`) and only above the journal entry whose hash it names.
"""

from __future__ import annotations

import hashlib
import json
import types
import typing
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin

from kiosk.payout import cash, code_facts, device_facts, epochs, journal, lease_facts, names, standing, states
from kiosk.payout.names import EntitlementId, LeaseId, PayoutId
from kiosk.payout.standing import PayoutState, Standing, Status


@cache
def fold() -> str:
    """Names the code that folds: a snapshot made by other code is rebuilt, never trusted."""
    digest = hashlib.sha256()
    for module in (cash, code_facts, device_facts, epochs, journal, lease_facts, names, standing, states):
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()


def payout_row(state: PayoutState) -> bytes:
    """One payout as a row."""
    return _dump(_pack(state))


def payouts(rows: Iterable[bytes]) -> dict[PayoutId, PayoutState]:
    """All rows in order of their positions, parsed in one go."""
    read = _reader(PayoutState)
    states: list[PayoutState] = [read(each) for each in json.loads(b"[" + b",".join(rows) + b"]")]
    return {state.id: state for state in states}


def rest(value: Standing) -> bytes:
    """Everything but the payouts, and what they do not tell of paid and spent."""
    paid, spent = _told_by(value.payouts)
    packed = {each.name: _pack(getattr(value, each.name)) for each in fields(value)}
    del packed["payouts"]
    packed["paid"] = [_minus(value.paid, paid), sorted(paid.keys() - value.paid.keys())]
    packed["spent"] = [sorted(value.spent - spent), sorted(spent - value.spent)]
    return _dump(packed)


def restore(body: bytes, states: dict[PayoutId, PayoutState]) -> Standing:
    """Put the two together again."""
    packed = json.loads(body)
    paid, spent = _told_by(states)
    more, fewer = packed.pop("paid")
    whole: dict[str, Any] = {"payouts": states}
    kept = {key: value for key, value in paid.items() if key not in set(fewer)}
    whole["paid"] = {**dict(more), **kept}
    more, fewer = packed.pop("spent")
    whole["spent"] = (spent | set(more)) - set(fewer)
    hints = typing.get_type_hints(Standing)
    whole.update({name: _reader(hints[name])(value) for name, value in packed.items()})
    return Standing(**whole)


def _told_by(states: dict[PayoutId, PayoutState]) -> tuple[dict[EntitlementId, PayoutId], set[LeaseId]]:
    """What most payouts say of M1, so that it need not be stored a second time."""
    paid: dict[EntitlementId, PayoutId] = {}
    spent: set[LeaseId] = set()
    for state in states.values():
        if state.status is Status.COMPLETED or state.status is Status.REVERSED:
            spent.update(line.lease for line in state.lines)
        if state.status is Status.COMPLETED:
            paid.update((line.entitlement, state.id) for line in state.lines)
    return paid, spent


def _minus(whole: dict[Any, Any], told: dict[Any, Any]) -> list[list[Any]]:
    return [[key, value] for key, value in whole.items() if told.get(key) != value]


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _pack(value: Any) -> Any:
    """Values of the standing as JSON; dataclasses as arrays in field order."""
    match value:
        case None | bool() | int() | str():
            return value
        case tuple():
            return [_pack(each) for each in value]
        case set():
            return sorted(value)
        case dict():
            return [[_pack(key), _pack(each)] for key, each in value.items()]
        case _ if is_dataclass(value):
            return [_pack(getattr(value, each.name)) for each in fields(value)]
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a snapshot")


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    """How to build a value of this declared type from its packed form."""
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    origin, arguments = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {each.value: each for each in hint}.__getitem__
    if is_dataclass(hint):
        return _dataclass_reader(hint)
    if origin is tuple:
        inner = _reader(arguments[0])
        return lambda value: tuple(map(inner, value))
    if origin in (typing.Union, types.UnionType):
        return _optional_reader(_reader(arguments[0]))
    return _container_reader(hint, origin, arguments)


def _optional_reader(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    if inner is _same:
        return _same
    return lambda value: None if value is None else inner(value)


def _container_reader(hint: Any, origin: Any, arguments: Any) -> Callable[[Any], Any]:
    if origin is set:
        return set
    if origin is dict:
        key, item = _reader(arguments[0]), _reader(arguments[1])
        return lambda value: {key(k): item(v) for k, v in value}
    if hint in (str, int, bool):
        return _same
    raise TypeError(f"{hint!r} has no place in a snapshot")


def _dataclass_reader(hint: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(hint)
    readers = [_reader(hints[each.name]) for each in fields(hint)]
    changing = [(place, read) for place, read in enumerate(readers) if read is not _same]

    def build(value: list[Any]) -> Any:
        for place, read in changing:
            value[place] = read(value[place])
        return hint(*value)

    return build


def _same(value: Any) -> Any:
    return value
