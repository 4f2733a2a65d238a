"""One byte string for one value, the same on every machine and for ever.

Hashes, signatures and the chip's witness are made over these bytes, so there is exactly one
encoding: JSON with sorted keys, no white space, UTF-8, integers only, enums by value, absent
optional fields left out. Decoding is by declared types and refuses anything else.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

T = TypeVar("T")
Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

_JSON = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
)
"""Only trees come here: dataclasses, and what a JSON parser made."""


def _encoder() -> Callable[[Any], str]:
    """``_JSON.encode`` with its C part made once: it makes one anew for each value, which small values feel."""
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return _JSON.encode
    text = json.encoder.encode_basestring  # what ensure_ascii=False writes with
    whole = make(None, _JSON.default, text, None, ":", ",", True, False, False)
    return lambda value: "".join(whole(value, 0))


_ENCODE = _encoder()
_PLAIN = frozenset((str, int, bool, type(None)))

MAX_INT = 2**53 - 1
MIN_INT = -MAX_INT
MAX_TEXT = 4_000
MAX_ITEMS = 20_000


class EncodingFault(ValueError):
    """The bytes or the JSON are not a canonical value of the type that was asked for."""


def to_bytes(value: Json) -> bytes:
    """The canonical UTF-8 bytes of a JSON value."""
    return _ENCODE(value).encode("utf-8")


def from_bytes(data: bytes) -> Json:
    """Parse canonical bytes. Raises EncodingFault for anything that is not canonical."""
    try:
        value: Json = json.loads(data, parse_float=_no_float, parse_constant=_no_float)
        again = to_bytes(value)
    except (ValueError, RecursionError) as error:
        raise EncodingFault("not canonical JSON") from error
    if again != data:
        raise EncodingFault("JSON is not in canonical form")
    return value


def _no_float(text: str) -> Json:
    raise EncodingFault(f"a number that is not an integer: {text[:20]}")


def encode(value: object) -> Json:
    """A dataclass, enum, tuple or scalar as JSON. Dataclasses with a TAG carry it as ``type``."""
    kind = type(value)
    if kind in _PLAIN:
        return typing.cast(Json, value)
    if isinstance(value, tuple):
        return [item if type(item) in _PLAIN else encode(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if is_dataclass(kind):
        return _encode_dataclass(value, *_form(kind))
    raise TypeError(f"{kind.__name__} has no canonical form")


def _encode_dataclass(value: Any, tag: str | None, names: tuple[str, ...]) -> Json:
    body: dict[str, Json] = {} if tag is None else {"type": tag}
    for name in names:
        item = getattr(value, name)
        if item is not None:
            body[name] = item if type(item) in _PLAIN else encode(item)
    return body


@cache
def _form(cls: Any) -> tuple[str | None, tuple[str, ...]]:
    return getattr(cls, "TAG", None), tuple(field.name for field in fields(cls))


def decode(cls: type[T], value: Json) -> T:
    """Build ``cls`` from JSON by its declared types. Raises EncodingFault, nothing else."""
    try:
        return typing.cast(T, _decoder(typing.cast(Any, cls))(value))
    except EncodingFault:
        raise
    except (TypeError, ValueError, KeyError) as error:
        raise EncodingFault(f"not a {cls.__name__}: {error}") from error


@cache
def _decoder(hint: Any) -> Callable[[Json], Any]:
    hint = _plain(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return typing.cast(Callable[[Json], Any], {member.value: member for member in hint}.__getitem__)
    if hint in (str, int, bool):
        return {str: _text, int: _integer, bool: _boolean}[hint]
    if get_origin(hint) is tuple:
        return _tuple_decoder(get_args(hint)[0])
    if get_origin(hint) in (typing.Union, types.UnionType):
        return _union_decoder(get_args(hint))
    if is_dataclass(hint):
        return _dataclass_decoder(typing.cast(type, hint))
    raise TypeError(f"no decoder for {hint!r}")


def _plain(hint: Any) -> Any:
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    return hint


def _text(value: Json) -> str:
    if type(value) is not str or len(value) > MAX_TEXT:
        raise EncodingFault("expected a text of bounded length")
    return value


def _integer(value: Json) -> int:
    if type(value) is not int or not MIN_INT <= value <= MAX_INT:
        raise EncodingFault("expected an integer below 2^53")
    return value


def _boolean(value: Json) -> bool:
    if not isinstance(value, bool):
        raise EncodingFault("expected true or false")
    return value


def _tuple_decoder(item: Any) -> Callable[[Json], Any]:
    inner = _decoder(item)

    def read(value: Json) -> Any:
        if not isinstance(value, list) or len(value) > MAX_ITEMS:
            raise EncodingFault("expected a list of bounded length")
        return tuple(map(inner, value))

    return read


def _union_decoder(members: tuple[Any, ...]) -> Callable[[Json], Any]:
    """``X | None``, or a union of tagged dataclasses told apart by their ``type``."""
    real = [member for member in members if member is not type(None)]
    if len(real) == 1:
        inner = _decoder(real[0])
        return lambda value: None if value is None else inner(value)
    by_tag = {member.TAG: _decoder(member) for member in real}
    optional = len(real) < len(members)

    def read(value: Json) -> Any:
        if value is None and optional:
            return None
        if not isinstance(value, dict) or value.get("type") not in by_tag:
            raise EncodingFault("unknown type of value")
        return by_tag[typing.cast(str, value["type"])](value)

    return read


def _dataclass_decoder(cls: type) -> Callable[[Json], Any]:
    hints = typing.get_type_hints(cls)
    plan = tuple((f.name, _decoder(hints[f.name]), _when_absent(f, hints[f.name])) for f in fields(cls))
    tag = getattr(cls, "TAG", None)
    readers = tuple((name, reader) for name, reader, _ in plan)
    whole = len(readers) + (tag is not None)

    def read(value: Json) -> Any:
        if not isinstance(value, dict):
            raise EncodingFault(f"expected a {cls.__name__}")
        if tag is not None and value.get("type") != tag:
            raise EncodingFault(f"expected type {tag}")
        if len(value) == whole:  # nothing was left out: every name is there, or one of them is wrong
            return cls(*[reader(value[name]) for name, reader in readers])
        built, used = [], 0 if tag is None else 1
        for name, reader, absent in plan:
            if name in value:
                built.append(reader(value[name]))
                used += 1
            elif absent is MISSING:
                raise EncodingFault(f"wrong fields for {cls.__name__}")
            else:
                built.append(absent)
        if used != len(value):
            raise EncodingFault(f"wrong fields for {cls.__name__}")
        return cls(*built)

    return read


def _when_absent(field: Field[Any], hint: Any) -> Any:
    """What a field is when it was left out; MISSING when it must be there."""
    if field.default is MISSING and type(None) in get_args(_plain(hint)):
        return None
    return field.default
