"""Vault files are small canonical JSON, written whole: read bounded, by declared types only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from kiosk import durable
from kiosk.payout import canonical
from kiosk.vault.errors import DamagedVault, VaultDisk

T = TypeVar("T")
MAX_VAULT_FILE = 16_384


def write(path: Path, value: object) -> None:
    """Replace ``path`` durably by a dataclass in canonical form. Raises VaultDisk."""
    write_bytes(path, canonical.to_bytes(canonical.encode(value)))


def write_bytes(path: Path, data: bytes) -> None:
    """Replace ``path`` durably. Raises VaultDisk."""
    with _disk():
        durable.write_whole(path, data)


def read(path: Path, cls: type[T]) -> T:
    """A value of ``cls``. Raises DamagedVault, VaultDisk."""
    try:
        return canonical.decode(cls, canonical.from_bytes(read_bytes(path)))
    except canonical.EncodingFault as error:
        raise DamagedVault(f"{path.name} is damaged") from error


def read_bytes(path: Path) -> bytes:
    """A small file. Raises DamagedVault when it is missing or too large, VaultDisk."""
    try:
        with _disk():
            data = durable.read_bounded(path, MAX_VAULT_FILE)
    except VaultDisk as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise DamagedVault(f"{path.name} is missing") from error
        raise
    if data is None:
        raise DamagedVault(f"{path.name} is too large")
    return data


def remove(path: Path) -> None:
    """Remove a file durably. Raises VaultDisk."""
    with _disk():
        durable.remove(path)


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise VaultDisk(error.strerror or "disk") from error
