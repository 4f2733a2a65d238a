"""Why: fuzzing and property tests need thousands of reads; here the card hangs on the driver's seam without pcscd."""

from typing import Final

from hardware.card.errors import CardRemoved
from hardware.virtual.card.vpcd import Card, TakenAway

NAME: Final = "Virtual PCD direct"


class DirectLink:
    """A CardLink straight into a card program."""

    def __init__(self, card: Card, reader_name: str = NAME) -> None:
        self._card = card
        self._reader_name = reader_name
        self._there = True
        card.power()

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._card.atr

    @property
    def reader_name(self) -> str:
        """The name given."""
        return self._reader_name

    def transmit(self, apdu: bytes) -> bytes:
        """One command. Raises CardRemoved."""
        if not self._there:
            raise CardRemoved("the card was taken away")
        try:
            return self._card.process(apdu)
        except TakenAway as error:
            self._there = False
            raise CardRemoved("the card was taken away") from error

    def reset(self) -> None:
        """Power the card anew. Raises CardRemoved."""
        if not self._there:
            raise CardRemoved("the card was taken away")
        self._card.power()

    def present(self) -> bool:
        """Whether it still lies there."""
        return self._there

    def close(self) -> None:
        """Take it away."""
        self._there = False
