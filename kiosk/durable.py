"""One way to write a file so that a power cut leaves the old one or the whole new one.

Written aside, flushed to the disk, renamed, and the folder flushed too. Callers turn OSError into
their own tree.
"""

from __future__ import annotations

import os
from pathlib import Path

PART = ".part"


def write_whole(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace ``path`` by ``data``; durable on return. Raises OSError, and leaves no half file then."""
    part = path.with_name(path.name + PART)
    try:
        _write_synced(part, data, mode)
        part.replace(path)
        sync_folder(path.parent)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def remove(path: Path) -> None:
    """Remove ``path`` if it is there; durable on return. Raises OSError."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename or removal in ``folder`` durable. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_bounded(path: Path, limit: int) -> bytes | None:
    """At most ``limit`` bytes of a file; None when there are more. Raises OSError."""
    with path.open("rb") as stream:
        data = stream.read(limit + 1)
    return None if len(data) > limit else data


def _write_synced(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
