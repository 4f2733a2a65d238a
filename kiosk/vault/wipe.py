"""Making a device forget: keys first, so that a wipe cut short has already done what matters.

The outbox is not touched. What lies there is sealed for the district and not yet acknowledged:
cash facts that nobody else has. It holds nothing that this device or a thief could read.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk import durable
from kiosk.vault.errors import VaultDisk


@dataclass(frozen=True, slots=True)
class Wiped:
    """How many files went, and which could not be removed."""

    removed: int
    left: tuple[str, ...]


def wipe(keys: Sequence[Path], data: Sequence[Path]) -> Wiped:
    """Destroy key files and folders, then data files and folders; missing ones are fine.

    Key files are overwritten before they are removed (flash may keep old pages: the device factor
    is what makes those useless). Raises VaultDisk only when a key could not be destroyed.
    """
    removed, left = 0, []
    for path in _files(keys):
        _destroy(path)
        removed += 1
    for path in _files(data):
        try:
            durable.remove(path)
            removed += 1
        except OSError:
            left.append(path.name)
    return Wiped(removed, tuple(left))


def _destroy(path: Path) -> None:
    try:
        with path.open("r+b") as stream:
            stream.write(secrets.token_bytes(path.stat().st_size))
            stream.flush()
            os.fsync(stream.fileno())
        durable.remove(path)
    except OSError as error:
        raise VaultDisk(f"{path.name} could not be destroyed") from error


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            yield from sorted(each for each in path.rglob("*") if each.is_file() and not each.is_symlink())
        elif path.is_file():
            yield path
