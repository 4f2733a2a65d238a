"""The real PC/SC service with the virtual reader, started once for this folder."""

from collections.abc import Iterator

import pytest

from hardware.card import file_reader
from hardware.virtual.card.field import Field
from hardware.virtual.pcscd import running_pcscd


@pytest.fixture(scope="package")
def reader() -> Iterator[str]:
    """Name of the virtual reader."""
    with running_pcscd() as name:
        yield name


@pytest.fixture
def field(reader: str) -> Iterator[Field]:
    """The reader's field, empty before and after."""
    file_reader.forget_sizes()
    with Field() as empty:
        yield empty
