"""The desk's own fixtures, for the long runs."""

from tests.desk.conftest import device, office, pattern, there

__all__ = ["device", "office", "pattern", "there"]
