"""What lets many worlds share one process's work: statements compiled once, and rarer hunts for garbage.

Each store and each district opens an engine of its own and would compile the same two hundred statements
again; a kit in the field opens one a day. Nothing that the product does is left out.
"""

from __future__ import annotations

import gc
from typing import Any

import sqlalchemy
from sqlalchemy import Engine

_FIRST: dict[bool, Engine] = {}
"""The first engine of each kind, a kit's or the district's: the others borrow its dialect and statements."""


def create_engine(url: str, **options: Any) -> Engine:
    """SQLAlchemy's own, and what an earlier engine of this kind has compiled."""
    made = sqlalchemy.create_engine(url, **options)
    first = _FIRST.setdefault("creator" in options, made)
    if first is not made:
        made.dialect = first.dialect
        made._compiled_cache = first._compiled_cache
    return made


def settle_down() -> None:
    """In a process of its own: everything imported so far is no garbage and is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000_000, 5, 5)
