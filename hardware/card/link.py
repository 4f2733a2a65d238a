"""Why: the one seam between this package and a reader. The driver and tests of the driver's pure half implement it."""

from typing import Protocol


class CardLink(Protocol):
    """A card that lies in a reader."""

    @property
    def atr(self) -> bytes:
        """Answer to reset, as the reader built it."""
        ...

    @property
    def reader_name(self) -> str:
        """The reader's PC/SC name."""
        ...

    def transmit(self, apdu: bytes) -> bytes:
        """Send one command APDU; the answer's data with its two status bytes.

        Raises CardRemoved, ReaderFault.
        """
        ...

    def reset(self) -> None:
        """Start the card anew, forgetting every session; raises CardRemoved, ReaderFault."""
        ...

    def present(self) -> bool:
        """Whether this very card still lies there, without sending it anything."""
        ...

    def close(self) -> None:
        """Let go of the card."""
        ...
