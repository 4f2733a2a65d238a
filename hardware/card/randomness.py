"""Why: protocols draw secrets; the standard's worked examples need to say which. This is the seam, nothing else."""

import secrets
from collections.abc import Callable
from typing import Protocol


class Randomness(Protocol):
    """Where a protocol run takes its secrets from."""

    def bytes(self, count: int) -> bytes:
        """`count` fresh octets."""
        ...

    def secret(self, draw: Callable[[], int]) -> int:
        """A private key; `draw` gives a fresh one of the group in use."""
        ...


class SystemRandomness:
    """The operating system's generator."""

    def bytes(self, count: int) -> bytes:
        """`count` fresh octets."""
        return secrets.token_bytes(count)

    def secret(self, draw: Callable[[], int]) -> int:
        """A fresh private key."""
        return draw()
